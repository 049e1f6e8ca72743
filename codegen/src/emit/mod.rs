//! The IR to tokens: one function for each of its nodes, one `quote!` shaped like the result.
//!
//! An [`ir::Module`] enters, the [`File`]s of its module in the generated crate leave. Never decides: names, types and order come as they are
//! printed. Never fails, and writes no layout: that is [`output`](crate::output)'s.

mod docs;
mod elements;
mod enums;
mod json;
mod module;
mod operations;
mod paging;
mod rules;
mod service;
mod setters;
mod structs;
mod types;
mod unions;
mod uses;
mod versions;
mod xml;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir;

pub use versions::versions;

/// A file of a generated module.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name in the module's folder: `types.rs`.
    pub path: &'static str,
    /// Its items, after its own documentation.
    pub tokens: TokenStream,
}

/// The files of one module, without those that would be empty.
#[must_use]
pub fn emit(module: &ir::Module) -> Vec<File> {
    let has_types = !module.types.is_empty();
    let has_values = module.types.iter().any(|item| !matches!(item, ir::TypeItem::Alias(_)));
    let port = module.port.as_ref().filter(|port| !port.operations.is_empty());
    let service = module.service.as_ref().filter(|_| port.is_some());
    [
        Some(File { path: "mod.rs", tokens: module::file(module, port, service, has_values) }),
        (!module.elements.is_empty()).then(|| File { path: "elements.rs", tokens: elements::file(module) }),
        (!module.enums.is_empty()).then(|| File { path: "enums.rs", tokens: enums::file(module) }),
        has_types.then(|| File { path: "types.rs", tokens: structs::file(module) }),
        has_values.then(|| File { path: "xml.rs", tokens: xml::file(module) }),
        has_values.then(|| File { path: "json.rs", tokens: json::file(module) }),
        port.map(|port| File { path: "operations.rs", tokens: operations::file(module, port) }),
        service.map(|service| File { path: "service.rs", tokens: service::file(module, service) }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The constant of the name's namespace, or the empty string.
fn namespace(module: &ir::Module, name: &ir::XmlName) -> TokenStream {
    match name.namespace.and_then(|index| module.namespaces.get(index)) {
        Some(namespace) => {
            let constant = &namespace.constant;
            quote!(#constant)
        }
        None => quote!(""),
    }
}

/// The name as it is written in documents.
fn qname(module: &ir::Module, name: &ir::XmlName) -> String {
    match name.namespace.and_then(|index| module.namespaces.get(index)) {
        Some(namespace) => format!("{}:{}", namespace.prefix, name.local),
        None => name.local.clone(),
    }
}

/// A number without a suffix.
fn number(number: u32) -> Literal {
    Literal::u32_unsuffixed(number)
}

/// `None` or `Some(5)`.
fn optional_number(value: Option<u32>) -> TokenStream {
    match value.map(number) {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
