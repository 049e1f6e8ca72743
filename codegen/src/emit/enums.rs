//! `enums.rs`: the schema's enumerations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code, schema_type};
use super::types;
use crate::ir;

/// The file.
pub(super) fn file(module: &ir::Module) -> TokenStream {
    let docs = Docs::default()
        .paragraph(
            "The schema's enumerations. Each keeps a value that it does not know, and writes it back as it came.",
        )
        .inner();
    let enums = module.enums.iter().map(enum_);
    quote! {
        #docs
        #(#enums)*
    }
}

fn enum_(item: &ir::Enum) -> TokenStream {
    let docs = schema_type(&item.docs, item.xml.as_ref()).outer();
    let name = &item.name;
    let unknown = &item.unknown;
    let schema_name = item.xml.as_ref().map_or_else(|| name.to_string(), |xml| xml.local.clone());
    let base = (item.base != ir::Builtin::String).then(|| types::builtin_(item.base));
    let base = base.map(|base| quote!(, #base));
    let variants = item.variants.iter().map(variant);
    let names: Vec<_> = item.variants.iter().map(|variant| &variant.name).collect();
    let values: Vec<_> = item.variants.iter().map(|variant| &variant.value).collect();
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the schema does not list, as it came.
            #unknown(String),
        }

        impl #name {
            /// The value as it stands in messages.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #values,)*
                    Self::#unknown(value) => value,
                }
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#names,)*
                    _ => Self::#unknown(value.to_owned()),
                }
            }
        }

        runtime::enumeration!(#name, #schema_name #base);
    }
}

fn variant(variant: &ir::Variant) -> TokenStream {
    let docs = Docs::schema(&variant.docs).paragraph(format!("{}.", code(&variant.value))).outer();
    let name = &variant.name;
    quote! {
        #docs
        #name,
    }
}
