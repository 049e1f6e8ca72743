//! `new` and the chainable setters of structs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::docs::{Docs, plain_name};
use super::types;
use crate::ir::{Field, Occurrence, Struct};

/// The constructor: its parameters are what the schema requires.
pub(super) fn new(item: &Struct) -> TokenStream {
    let required: Vec<_> = item.fields.iter().filter(|field| is_parameter(item, field)).collect();
    if required.is_empty() {
        return quote! {
            /// A value with nothing in it: nothing is required.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let docs = Docs::default().paragraph(if item.list {
        "A list of these items."
    } else {
        "A value with all that is required."
    });
    let docs = docs.outer();
    let expect = (required.len() > 7)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the schema requires them all")]));
    let parameters = required.iter().map(|field| parameter(field, &field.name));
    let fields = item.fields.iter().map(|field| if is_parameter(item, field) { given(field) } else { absent(field) });
    quote! {
        #docs
        #expect
        #[must_use]
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#fields),* }
        }
    }
}

/// The setters of all that `new` does not take.
pub(super) fn setters(item: &Struct) -> impl Iterator<Item = TokenStream> {
    item.fields.iter().filter(|field| !is_parameter(item, field)).map(setter)
}

fn setter(field: &Field) -> TokenStream {
    let name = &field.name;
    let plain = plain_name(name);
    let docs = Docs::default()
        .paragraph(format!("Sets [`{plain}`](field@Self::{plain})."))
        .text(field.docs.get(..1).unwrap_or_default())
        .outer();
    let value = Ident::new(if is_repeated(field) { "values" } else { "value" }, Span::call_site());
    let parameter = parameter(field, &value);
    let converted = converted(field, &value);
    quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, #parameter) -> Self {
            self.#name = #converted;
            self
        }
    }
}

fn is_parameter(item: &Struct, field: &Field) -> bool {
    item.list
        || match field.occurrence {
            Occurrence::Required | Occurrence::Nillable => true,
            Occurrence::Optional | Occurrence::OptNillable => false,
            Occurrence::Repeated { min, .. } => min > 0,
        }
}

fn is_repeated(field: &Field) -> bool {
    matches!(field.occurrence, Occurrence::Repeated { .. })
}

fn parameter(field: &Field, name: &Ident) -> TokenStream {
    let type_ = types::type_(&field.type_);
    match field.occurrence {
        Occurrence::Required | Occurrence::Optional if types::is_plain(&field.type_) => quote!(#name: #type_),
        Occurrence::Required | Occurrence::Optional => quote!(#name: impl Into<#type_>),
        Occurrence::Nillable => quote!(#name: impl Into<Nillable<#type_>>),
        Occurrence::OptNillable => quote!(#name: impl Into<OptNillable<#type_>>),
        Occurrence::Repeated { nillable: false, .. } => quote!(#name: impl IntoIterator<Item = impl Into<#type_>>),
        Occurrence::Repeated { nillable: true, .. } => {
            quote!(#name: impl IntoIterator<Item = impl Into<Nillable<#type_>>>)
        }
    }
}

fn given(field: &Field) -> TokenStream {
    let name = &field.name;
    match field.occurrence {
        Occurrence::Required if types::is_plain(&field.type_) && !field.boxed => quote!(#name),
        _ => {
            let converted = converted(field, name);
            quote!(#name: #converted)
        }
    }
}

fn absent(field: &Field) -> TokenStream {
    let name = &field.name;
    match field.occurrence {
        Occurrence::OptNillable => quote!(#name: OptNillable::Absent),
        Occurrence::Repeated { .. } => quote!(#name: Vec::new()),
        Occurrence::Required | Occurrence::Optional | Occurrence::Nillable => quote!(#name: None),
    }
}

/// The parameter `value` as the field holds it.
fn converted(field: &Field, value: &Ident) -> TokenStream {
    let one = if types::is_plain(&field.type_) { quote!(#value) } else { quote!(#value.into()) };
    match (field.occurrence, field.boxed) {
        (Occurrence::Required, false) => one,
        (Occurrence::Required, true) => quote!(Box::new(#one)),
        (Occurrence::Optional, false) => quote!(Some(#one)),
        (Occurrence::Optional, true) => quote!(Some(Box::new(#one))),
        (Occurrence::Nillable | Occurrence::OptNillable, false) => quote!(#value.into()),
        (Occurrence::Nillable | Occurrence::OptNillable, true) => quote!(#value.into().map(Box::new)),
        (Occurrence::Repeated { .. }, false) => quote!(#value.into_iter().map(Into::into).collect()),
        (Occurrence::Repeated { nillable: false, .. }, true) => {
            quote!(#value.into_iter().map(|item| Box::new(item.into())).collect())
        }
        (Occurrence::Repeated { nillable: true, .. }, true) => {
            quote!(#value.into_iter().map(|item| item.into().map(Box::new)).collect())
        }
    }
}
