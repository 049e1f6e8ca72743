//! Unions: an enum over a type and those derived from it, and how it is read and written.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::named;
use super::{namespace, qname};
use crate::ir;

/// The enum, for `types.rs`.
pub(super) fn union_(item: &ir::Union) -> TokenStream {
    let docs = named(&item.docs, &item.xml.local).outer();
    let name = &item.name;
    let variants = item.members.iter().map(variant);
    let conversions = item.members.iter().map(|member| conversion(item, member));
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }

        #(#conversions)*
    }
}

fn variant(member: &ir::Member) -> TokenStream {
    let docs = named(&member.docs, &member.xml.local).outer();
    let name = &member.name;
    let value = if member.boxed { quote!(Box<#name>) } else { quote!(#name) };
    quote! {
        #docs
        #name(#value),
    }
}

fn conversion(item: &ir::Union, member: &ir::Member) -> TokenStream {
    let union_ = &item.name;
    let name = &member.name;
    let value = if member.boxed { quote!(Box::new(value)) } else { quote!(value) };
    quote! {
        impl From<#name> for #union_ {
            fn from(value: #name) -> Self {
                Self::#name(#value)
            }
        }
    }
}

/// The implementations, for `xml.rs`.
pub(super) fn xml(module: &ir::Module, item: &ir::Union) -> TokenStream {
    let name = &item.name;
    let reads = item.members.iter().map(|member| read(module, member));
    let untyped = untyped(item);
    let names = item.members.iter().map(|member| &member.xml.local);
    let attributes = item.members.iter().enumerate().map(|(index, member)| attributes(module, item, index, member));
    let members = item.members.iter().map(|member| &member.name);
    quote! {
        impl ReadXml for #name {
            fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
                const MEMBERS: &[&str] = &[#(#names),*];
                match reader.type_name()? {
                    #(#reads)*
                    Some(_) => Err(reader.wrong_type(MEMBERS)),
                    None => #untyped,
                }
            }
        }

        impl WriteXml for #name {
            fn write_attributes(&self, writer: &mut Writer) -> Result<(), WriteError> {
                match self {
                    #(#attributes)*
                }
            }

            fn write_content(&self, writer: &mut Writer) -> Result<(), WriteError> {
                match self {
                    #(Self::#members(value) => value.write_content(writer),)*
                }
            }
        }
    }
}

fn read(module: &ir::Module, member: &ir::Member) -> TokenStream {
    let name = &member.name;
    let namespace = namespace(module, &member.xml);
    let local = &member.xml.local;
    quote!(Some((#namespace, #local)) => reader.value().map(Self::#name),)
}

/// What an element without `xsi:type` holds.
fn untyped(item: &ir::Union) -> TokenStream {
    match item.default.and_then(|index| item.members.get(index)) {
        Some(member) => {
            let name = &member.name;
            quote!(reader.value().map(Self::#name))
        }
        None => {
            let name = &item.xml.local;
            quote!(Err(reader.abstract_type(#name, MEMBERS)))
        }
    }
}

fn attributes(module: &ir::Module, item: &ir::Union, index: usize, member: &ir::Member) -> TokenStream {
    let name = &member.name;
    let qname = qname(module, &member.xml);
    if item.default == Some(index) {
        return quote!(Self::#name(value) => value.write_attributes(writer),);
    }
    quote! {
        Self::#name(value) => {
            writer.type_name(#qname);
            value.write_attributes(writer)
        }
    }
}
