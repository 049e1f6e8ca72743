//! `use` items: exactly those that a file's tokens need.
//!
//! Tokens enter, `use` items leave. Whatever generated code takes from elsewhere is a type, trait or constant, so that no field or method can
//! be mistaken for one. Never looks behind a name: that no two of them are the same is [`lower`](crate::lower)'s to see to.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::ir;

const SOAP: &[&str] = &["Client", "Effect", "HeaderBlock", "IntoRequest", "Limit", "Operation", "Paged", "Visitor"];

const VALUE: &[&str] = &[
    "AnySimple",
    "Base64Binary",
    "Date",
    "DateTime",
    "Decimal",
    "HexBinary",
    "Integer",
    "Nillable",
    "OptNillable",
    "Time",
];

const XML: &[&str] =
    &["Element", "Name", "ReadError", "ReadXml", "Reader", "TypeName", "WriteError", "WriteXml", "Writer"];

/// What a file takes from where.
pub(super) struct Uses {
    found: BTreeSet<Ident>,
}

impl Uses {
    /// What `tokens` name.
    pub(super) fn new(tokens: &[TokenStream]) -> Self {
        let mut found = BTreeSet::new();
        let mut waiting = tokens.to_vec();
        while let Some(tokens) = waiting.pop() {
            for token in tokens {
                match token {
                    TokenTree::Group(group) => waiting.push(group.stream()),
                    TokenTree::Ident(ident) => drop(found.insert(ident)),
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
        }
        Self { found }
    }

    /// From the runtime.
    pub(super) fn runtime(&self) -> TokenStream {
        let known = |names: &[&str]| names.iter().map(|name| Ident::new(name, Span::call_site())).collect::<Vec<_>>();
        let soap = self.from(quote!(runtime::soap), &known(SOAP));
        let value = self.from(quote!(runtime::value), &known(VALUE));
        let xml = self.from(quote!(runtime::xml), &known(XML));
        quote!(#soap #value #xml)
    }

    /// Enumerations of the module.
    pub(super) fn enums(&self, module: &ir::Module) -> Option<TokenStream> {
        self.from(quote!(super::enums), module.enums.iter().map(|item| &item.name))
    }

    /// Structs, unions and aliases of the module.
    pub(super) fn types(&self, module: &ir::Module) -> Option<TokenStream> {
        self.from(quote!(super::types), module.types.iter().map(ir::TypeItem::name))
    }

    /// The module's files, where names are given with them.
    pub(super) fn modules(&self) -> Option<TokenStream> {
        let names = ["elements", "enums", "types"].map(|name| Ident::new(name, Span::call_site()));
        self.from(quote!(super), &names)
    }

    /// Constants of namespaces.
    pub(super) fn namespaces(&self, module: &ir::Module) -> Option<TokenStream> {
        let all = Ident::new("NAMESPACES", Span::call_site());
        self.from(quote!(super), module.namespaces.iter().map(|namespace| &namespace.constant).chain([&all]))
    }

    fn from<'a>(&self, path: TokenStream, names: impl IntoIterator<Item = &'a Ident>) -> Option<TokenStream> {
        let used: BTreeSet<&Ident> = names.into_iter().filter(|name| self.found.contains(*name)).collect();
        (!used.is_empty()).then(|| {
            let used = used.into_iter();
            quote!(use #path::{#(#used),*};)
        })
    }
}
