//! `mod.rs`: the module's documentation, what it is made of, and its namespaces.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use crate::ir;

/// The file; `has_json` says whether there is anything that is read and written.
pub(super) fn file(module: &ir::Module, has_json: bool) -> TokenStream {
    let docs = docs(module).inner();
    let json = has_json.then(|| {
        quote! {
            #[cfg(feature = "serde")]
            mod json;
        }
    });
    let xml = has_json.then(|| {
        quote!(
            mod xml;
        )
    });
    let enums = (!module.enums.is_empty()).then(|| {
        (
            quote!(
                mod enums;
            ),
            quote!(
                pub use enums::*;
            ),
        )
    });
    let elements = (!module.elements.is_empty()).then(|| {
        (
            quote!(
                mod elements;
            ),
            quote!(
                pub use elements::*;
            ),
        )
    });
    let types = (!module.types.is_empty()).then(|| {
        (
            quote!(
                mod types;
            ),
            quote!(
                pub use types::*;
            ),
        )
    });
    let operations = module.port.as_ref().map(|port| {
        let name = &port.name;
        (
            quote!(
                pub mod operations;
            ),
            quote!(pub use operations::#name;),
        )
    });
    let (elements_mod, elements) = elements.unzip();
    let (enums_mod, enums) = enums.unzip();
    let (operations_mod, operations) = operations.unzip();
    let (types_mod, types) = types.unzip();
    let constants = module.namespaces.iter().map(constant);
    let namespaces = module.namespaces.iter().map(namespace);
    quote! {
        #docs
        #elements_mod
        #enums_mod
        #json
        #operations_mod
        #types_mod
        #xml

        #elements
        #enums
        #operations
        #types

        use runtime::xml::Namespace;

        #(#constants)*

        /// Every namespace that a message may name, with the prefix it is written with.
        pub static NAMESPACES: &[Namespace] = &[#(#namespaces),*];
    }
}

fn docs(module: &ir::Module) -> Docs {
    let port = module
        .port
        .as_ref()
        .map(|port| format!("[`{}`] has a method for each operation; [`operations`] has them as types.", port.name));
    let types = (!module.types.is_empty()).then(|| {
        "Structs are the types of messages, made with `new` from what is required and chained setters for the rest."
            .to_owned()
    });
    let enums = (!module.enums.is_empty())
        .then(|| "Enums with a variant for unknown values are the schema's enumerations.".to_owned());
    let unions = module.types.iter().any(|item| matches!(item, ir::TypeItem::Union(_)));
    let unions = unions.then(|| "The other enums stand for a type and those derived from it.".to_owned());
    let elements = module.elements.first().map(|element| {
        format!(
            "Constants such as [`{}`] are the elements that messages and header blocks begin with.",
            element.constant
        )
    });
    Docs::schema(&module.docs)
        .list(port.into_iter().chain(types).chain(enums).chain(unions).chain(elements))
        .paragraph(format!("From {}.", code(&module.source)))
}

fn constant(namespace: &ir::Namespace) -> TokenStream {
    let docs = Docs::default()
        .paragraph(format!(
            "The namespace {}, written with the prefix {}.",
            code(&namespace.uri),
            code(&namespace.prefix)
        ))
        .outer();
    let constant = &namespace.constant;
    let uri = &namespace.uri;
    quote! {
        #docs
        pub const #constant: &str = #uri;
    }
}

fn namespace(namespace: &ir::Namespace) -> TokenStream {
    let prefix = &namespace.prefix;
    let constant = &namespace.constant;
    quote!(Namespace { prefix: #prefix, uri: #constant })
}
