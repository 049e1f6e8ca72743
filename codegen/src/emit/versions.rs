//! `versions.rs`: the list of versions, each a module behind its feature.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{Docs, code};

/// The file; each version is its module's name, its documentation's first line, and the document it comes from.
#[must_use]
pub fn versions<'a>(versions: impl IntoIterator<Item = (&'a Ident, &'a str, &'a str)>) -> TokenStream {
    versions.into_iter().map(|(name, title, source)| version(name, title, source)).collect()
}

fn version(name: &Ident, title: &str, source: &str) -> TokenStream {
    let docs = Docs::default().paragraph(format!("{title}, from {}.", code(source))).outer();
    let feature = name.to_string();
    quote! {
        #docs
        #[cfg(feature = #feature)]
        #[rustfmt::skip]
        pub mod #name;
    }
}
