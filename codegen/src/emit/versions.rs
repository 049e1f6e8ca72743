//! `versions.rs`: the list of versions, each a module behind its feature.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The file with the modules of these names.
#[must_use]
pub fn versions<'a>(names: impl IntoIterator<Item = &'a Ident>) -> TokenStream {
    names.into_iter().map(version).collect()
}

/// Without documentation: the module has its own, whose links would then be looked up here.
fn version(name: &Ident) -> TokenStream {
    let feature = name.to_string();
    // The list is a module of its own, and the folders stand beside it.
    let path = format!("{name}/mod.rs");
    quote! {
        #[cfg(feature = #feature)]
        #[path = #path]
        #[rustfmt::skip]
        pub mod #name;
    }
}
