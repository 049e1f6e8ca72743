//! `json.rs`: how the types stand in JSON.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::Docs;
use crate::ir::{self, FieldKind, Occurrence};

/// The file.
pub(super) fn file(module: &ir::Module) -> TokenStream {
    let docs = Docs::default()
        .paragraph("How the types stand in JSON: XML names as keys, `@` before those of attributes, `$text` for text.")
        .inner();
    let items = module.types.iter().filter_map(|item| self::item(item, &module.namespaces));
    quote! {
        #docs
        use super::types::*;
        #(#items)*
    }
}

fn item(item: &ir::TypeItem, namespaces: &[ir::Namespace]) -> Option<TokenStream> {
    match item {
        ir::TypeItem::Struct(item) => Some(struct_(item, namespaces)),
        ir::TypeItem::Union(item) => Some(union_(item, namespaces)),
        ir::TypeItem::Alias(_) => None,
    }
}

fn struct_(item: &ir::Struct, namespaces: &[ir::Namespace]) -> TokenStream {
    let name = &item.name;
    let fields = item.fields.iter().map(|field| {
        let alike = item.fields.iter().filter(|other| other.kind == field.kind).map(|other| &other.xml);
        self::field(field, &key(&field.xml, alike, namespaces))
    });
    quote!(runtime::json_struct!(#name { #(#fields),* });)
}

fn field(field: &ir::Field, key: &str) -> TokenStream {
    let name = &field.name;
    let occurrence = match field.occurrence {
        Occurrence::Required => quote!(required),
        Occurrence::Optional => quote!(optional),
        Occurrence::Nillable => quote!(nillable),
        Occurrence::OptNillable => quote!(opt_nillable),
        Occurrence::Repeated { .. } => quote!(repeated),
    };
    let key = match field.kind {
        FieldKind::Element => key.to_owned(),
        FieldKind::Attribute => format!("@{key}"),
        FieldKind::Text => "$text".to_owned(),
    };
    quote!(#occurrence #name: #key)
}

fn union_(item: &ir::Union, namespaces: &[ir::Namespace]) -> TokenStream {
    let name = &item.name;
    let members: Vec<&Ident> = item.members.iter().map(|member| &member.name).collect();
    let keys = item.members.iter().map(|member| {
        let all = item.members.iter().map(|other| &other.xml);
        key(&member.xml, all, namespaces)
    });
    quote!(runtime::json_union!(#name { #(#members: #keys),* });)
}

/// The local name, or `{namespace}local` where `alike` has the local name in another namespace, too.
fn key<'n>(
    name: &ir::XmlName,
    mut alike: impl Iterator<Item = &'n ir::XmlName>,
    namespaces: &[ir::Namespace],
) -> String {
    let is_shared = alike.any(|other| other.local == name.local && other.namespace != name.namespace);
    match name.namespace.and_then(|index| namespaces.get(index)).filter(|_| is_shared) {
        Some(namespace) => format!("{{{}}}{}", namespace.uri, name.local),
        None => name.local.clone(),
    }
}
