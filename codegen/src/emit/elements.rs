//! `elements.rs`: the global elements, as typed constants.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, named};
use super::types::type_;
use super::uses::Uses;
use super::{namespace, qname};
use crate::ir;

/// The file.
pub(super) fn file(module: &ir::Module) -> TokenStream {
    let docs = Docs::default().paragraph("The global elements: what a message or a header block begins with.").inner();
    let elements = module.elements.iter().map(|item| element(module, item));
    let uses = uses(module);
    let (runtime, files, namespaces) = (uses.runtime(), uses.files(), uses.namespaces(module, &["NAMESPACES"]));
    quote! {
        #docs
        #runtime
        #files
        #namespaces
        #(#elements)*
    }
}

fn uses(module: &ir::Module) -> Uses<'_> {
    let mut uses = Uses::default();
    uses.xml(&["Element"]);
    for element in &module.elements {
        uses.type_(&element.type_);
        uses.name(&element.xml);
    }
    uses
}

fn element(module: &ir::Module, element: &ir::Element) -> TokenStream {
    let docs = named(&element.docs, &element.xml.local).outer();
    let constant = &element.constant;
    let type_ = type_(&element.type_);
    let namespace = namespace(module, &element.xml);
    let local = &element.xml.local;
    let qname = qname(module, &element.xml);
    quote! {
        #docs
        pub const #constant: Element<#type_> = Element::new(NAMESPACES, #namespace, #local, #qname);
    }
}
