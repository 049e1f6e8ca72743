//! `use` items: exactly those that a file needs.
//!
//! What a file names enters, node by node of the IR, and `use` items leave. Never looks behind a name: that no two of them are the same is
//! [`lower`](crate::lower)'s to see to.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::types::runtime_name;
use crate::ir::{Builtin, Field, Module, Occurrence, Type, XmlName};

/// What a file takes from elsewhere.
#[derive(Default)]
pub(super) struct Uses<'a> {
    soap: BTreeSet<&'static str>,
    value: BTreeSet<&'static str>,
    xml: BTreeSet<&'static str>,
    enums: BTreeSet<&'a Ident>,
    types: BTreeSet<&'a Ident>,
    namespaces: BTreeSet<usize>,
}

impl<'a> Uses<'a> {
    /// Names of `runtime::soap`.
    pub(super) fn soap(&mut self, names: &[&'static str]) {
        self.soap.extend(names);
    }

    /// Names of `runtime::xml`.
    pub(super) fn xml(&mut self, names: &[&'static str]) {
        self.xml.extend(names);
    }

    /// The type of one value.
    pub(super) fn type_(&mut self, type_: &'a Type) {
        match type_ {
            Type::Builtin(builtin) => self.builtin(*builtin),
            Type::Enum(name) => self.enums.extend([name]),
            Type::Struct(name) | Type::List(name) | Type::Union(name) | Type::Alias(name, _) => {
                self.types.extend([name])
            }
        }
    }

    /// An enumeration.
    pub(super) fn enum_(&mut self, name: &'a Ident) {
        self.enums.extend([name]);
    }

    /// One of XML Schema's own types.
    pub(super) fn builtin(&mut self, builtin: Builtin) {
        self.value.extend(runtime_name(builtin));
    }

    /// What stands around the values of a field.
    pub(super) fn occurrence(&mut self, occurrence: Occurrence) {
        self.value.extend(match occurrence {
            Occurrence::Nillable | Occurrence::Repeated { nillable: true, .. } => Some("Nillable"),
            Occurrence::OptNillable => Some("OptNillable"),
            Occurrence::Required | Occurrence::Optional | Occurrence::Repeated { nillable: false, .. } => None,
        });
    }

    /// A field's type.
    pub(super) fn field(&mut self, field: &'a Field) {
        self.type_(&field.type_);
        self.occurrence(field.occurrence);
    }

    /// The namespace of a name.
    pub(super) fn name(&mut self, name: &XmlName) {
        self.namespaces.extend(name.namespace);
    }

    /// Without the types of the module: for the file that defines them.
    pub(super) fn without_types(mut self) -> Self {
        self.types.clear();
        self
    }

    /// From the runtime.
    pub(super) fn runtime(&self) -> TokenStream {
        let soap = from(quote!(runtime::soap), idents(&self.soap));
        let value = from(quote!(runtime::value), idents(&self.value));
        let xml = from(quote!(runtime::xml), idents(&self.xml));
        quote!(#soap #value #xml)
    }

    /// From the module's other files, each by its name.
    pub(super) fn files(&self) -> TokenStream {
        let enums = from(quote!(super::enums), self.enums.iter().copied().cloned());
        let types = from(quote!(super::types), self.types.iter().copied().cloned());
        quote!(#enums #types)
    }

    /// The module's other files themselves, where names are given with them.
    pub(super) fn file_names(&self) -> Option<TokenStream> {
        let enums = (!self.enums.is_empty()).then_some("enums");
        let types = (!self.types.is_empty()).then_some("types");
        from(quote!(super), idents(["elements"].iter().chain(&enums).chain(&types)))
    }

    /// The constants of namespaces, and `more` beside them.
    pub(super) fn namespaces(&self, module: &Module, more: &[&'static str]) -> Option<TokenStream> {
        let used = self.namespaces.iter().filter_map(|index| module.namespaces.get(*index));
        from(quote!(super), idents(more).chain(used.map(|namespace| namespace.constant.clone())))
    }
}

fn idents<'n>(names: impl IntoIterator<Item = &'n &'static str>) -> impl Iterator<Item = Ident> {
    names.into_iter().map(|name| Ident::new(name, Span::call_site()))
}

fn from(path: TokenStream, names: impl Iterator<Item = Ident>) -> Option<TokenStream> {
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| quote!(use #path::{#(#names),*};))
}
