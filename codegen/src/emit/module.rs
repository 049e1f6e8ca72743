//! `mod.rs`: the module's documentation, what it is made of, and its namespaces.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::docs::{Docs, code};
use crate::ir;

/// The file; `has_values` says whether there is anything that is read and written.
pub(super) fn file(
    module: &ir::Module,
    port: Option<&ir::Port>,
    service: Option<&ir::Service>,
    has_values: bool,
) -> TokenStream {
    let docs = docs(module, port).inner();
    let (elements_mod, elements) = reexported("elements", !module.elements.is_empty());
    let (enums_mod, enums) = reexported("enums", !module.enums.is_empty());
    let (types_mod, types) = reexported("types", !module.types.is_empty());
    let json_mod = has_values.then(|| {
        let json = private("json");
        quote! {
            #[cfg(feature = "serde")]
            #json
        }
    });
    let xml_mod = has_values.then(|| private("xml"));
    let operations_mod = port.map(|_| {
        let operations = private("operations");
        quote!(pub #operations)
    });
    let operations = port.map(|port| {
        let name = &port.name;
        quote!(pub use operations::#name;)
    });
    let (service_mod, service) = (
        service.map(|_| private("service")),
        service.map(|service| {
            let name = &service.name;
            quote!(pub use service::#name;)
        }),
    );
    let constants = module.namespaces.iter().map(constant);
    let namespaces = module.namespaces.iter().map(namespace);
    quote! {
        #docs
        #elements_mod
        #enums_mod
        #json_mod
        #operations_mod
        #service_mod
        #types_mod
        #xml_mod

        #elements
        #enums
        #operations
        #service
        #types

        use runtime::xml::Namespace;

        #(#constants)*

        /// Every namespace that a message may name, with the prefix it is written with.
        pub static NAMESPACES: &[Namespace] = &[#(#namespaces),*];
    }
}

/// A file of the module.
fn private(name: &str) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(mod #name;)
}

/// A file whose items are the module's own, where there is such a file.
fn reexported(name: &str, present: bool) -> (Option<TokenStream>, Option<TokenStream>) {
    let ident = Ident::new(name, Span::call_site());
    (present.then(|| private(name)), present.then(|| quote!(pub use #ident::*;)))
}

fn docs(module: &ir::Module, port: Option<&ir::Port>) -> Docs {
    let unions = module.types.iter().any(|item| matches!(item, ir::TypeItem::Union(_)));
    let port = port
        .map(|port| format!("[`{}`] has a method for each operation; [`operations`] has them as types.", port.name));
    let elements = module.elements.first().map(|element| {
        format!(
            "Constants such as [`{}`] are the elements that messages and header blocks begin with.",
            element.constant
        )
    });
    let rest = [
        (
            !module.types.is_empty(),
            "Structs are made with `new` from what is required, and chained setters for the rest.",
        ),
        (!module.enums.is_empty(), "Enums with a variant for unknown values are the schema's enumerations."),
        (unions, "The other enums stand for a type and those derived from it."),
    ];
    let rest = rest.into_iter().filter(|(present, _)| *present).map(|(_, text)| text.to_owned());
    Docs::schema(&module.docs)
        .list(port.into_iter().chain(rest).chain(elements))
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
