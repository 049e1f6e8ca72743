//! `versions.rs`: the list of versions, each a module behind its feature.

use std::borrow::Borrow;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::{Docs, code};

/// The file: of each version its module's name, what it is, and the document it comes from.
#[must_use]
pub fn versions<'a>(versions: impl IntoIterator<Item = (impl Borrow<Ident>, impl AsRef<str>, &'a str)>) -> TokenStream {
    versions.into_iter().map(|(name, title, source)| version(name.borrow(), title.as_ref(), source)).collect()
}

fn version(name: &Ident, title: &str, source: &str) -> TokenStream {
    let docs = Docs::schema(&[format!("{title}.")]).paragraph(format!("From {}.", code(source))).outer();
    let feature = name.to_string();
    // The list is a module of its own, and the folders stand beside it.
    let path = format!("{name}/mod.rs");
    quote! {
        #docs
        #[cfg(feature = #feature)]
        #[path = #path]
        #[rustfmt::skip]
        pub mod #name;
    }
}
