//! `types.rs`: structs, unions and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code, named, schema_type};
use super::uses::Uses;
use super::{setters, types, unions};
use crate::ir;

/// The file.
pub(super) fn file(module: &ir::Module) -> TokenStream {
    let docs = Docs::default().paragraph("The types of messages, with their fields in the order of the wire.").inner();
    let items = module.types.iter().map(item);
    let uses = uses(module);
    let (runtime, files) = (uses.runtime(), uses.files());
    quote! {
        #docs
        #runtime
        #files
        #(#items)*
    }
}

fn uses(module: &ir::Module) -> Uses<'_> {
    let mut uses = Uses::default();
    for item in &module.types {
        match item {
            ir::TypeItem::Struct(item) => item.fields.iter().for_each(|field| uses.field(field)),
            ir::TypeItem::Union(_) => {}
            ir::TypeItem::Alias(item) => uses.builtin(item.target),
        }
    }
    uses.without_types()
}

fn item(item: &ir::TypeItem) -> TokenStream {
    match item {
        ir::TypeItem::Struct(item) => struct_(item),
        ir::TypeItem::Union(item) => unions::union_(item),
        ir::TypeItem::Alias(item) => alias(item),
    }
}

fn struct_(item: &ir::Struct) -> TokenStream {
    let docs = schema_type(&item.docs, item.xml.as_ref()).outer();
    let name = &item.name;
    let default = item.default.then(|| quote!(Default,));
    let fields = item.fields.iter().map(field);
    let new = setters::new(item);
    let setters = setters::setters(item);
    let has_secret = item.fields.iter().any(|field| field.secret);
    let debug = (!has_secret).then(|| quote!(Debug,));
    let hiding = has_secret.then(|| hiding(item));
    let list = item.fields.first().filter(|_| item.list).map(|field| list(item, field));
    quote! {
        #docs
        #[derive(Clone, #debug #default PartialEq)]
        pub struct #name {
            #(#fields)*
        }

        impl #name {
            #new
            #(#setters)*
        }

        #list
        #hiding
    }
}

/// `Debug` without the values of secret fields.
fn hiding(item: &ir::Struct) -> TokenStream {
    let name = &item.name;
    let fields = item.fields.iter().map(|field| {
        let name = &field.name;
        if field.secret { quote!(hidden #name) } else { quote!(shown #name) }
    });
    quote!(runtime::debug_struct!(#name { #(#fields),* });)
}

fn field(field: &ir::Field) -> TokenStream {
    let docs = field_docs(field).outer();
    let name = &field.name;
    let type_ = types::field(field);
    quote! {
        #docs
        pub #name: #type_,
    }
}

fn field_docs(field: &ir::Field) -> Docs {
    match field.kind {
        ir::FieldKind::Element => named(&field.docs, &field.xml.local),
        ir::FieldKind::Attribute => {
            Docs::schema(&field.docs).paragraph(format!("XML name: {}, an attribute.", code(&field.xml.local)))
        }
        ir::FieldKind::Text => Docs::schema(&field.docs).paragraph("The element's text."),
    }
}

fn list(item: &ir::Struct, field: &ir::Field) -> TokenStream {
    let name = &item.name;
    let field_name = &field.name;
    let item = types::item(field);
    quote!(runtime::list!(#name { #field_name: #item });)
}

fn alias(item: &ir::Alias) -> TokenStream {
    let docs = schema_type(&item.docs, item.xml.as_ref()).outer();
    let name = &item.name;
    let target = types::builtin_(item.target);
    quote! {
        #docs
        pub type #name = #target;
    }
}
