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
    let items = module.types.iter().filter_map(item);
    quote! {
        #docs
        use super::types::*;
        #(#items)*
    }
}

fn item(item: &ir::TypeItem) -> Option<TokenStream> {
    match item {
        ir::TypeItem::Struct(item) => Some(struct_(item)),
        ir::TypeItem::Union(item) => Some(union_(item)),
        ir::TypeItem::Alias(_) => None,
    }
}

fn struct_(item: &ir::Struct) -> TokenStream {
    let name = &item.name;
    let fields = item.fields.iter().map(field);
    quote!(runtime::json_struct!(#name { #(#fields),* });)
}

fn field(field: &ir::Field) -> TokenStream {
    let name = &field.name;
    let occurrence = match field.occurrence {
        Occurrence::Required => quote!(required),
        Occurrence::Optional => quote!(optional),
        Occurrence::Nillable => quote!(nillable),
        Occurrence::OptNillable => quote!(opt_nillable),
        Occurrence::Repeated { .. } => quote!(repeated),
    };
    let key = match field.kind {
        FieldKind::Element => field.xml.local.clone(),
        FieldKind::Attribute => format!("@{}", field.xml.local),
        FieldKind::Text => "$text".to_owned(),
    };
    quote!(#occurrence #name: #key)
}

fn union_(item: &ir::Union) -> TokenStream {
    let name = &item.name;
    let members: Vec<&Ident> = item.members.iter().map(|member| &member.name).collect();
    let keys = item.members.iter().map(|member| &member.xml.local);
    quote!(runtime::json_union!(#name { #(#members: #keys),* });)
}
