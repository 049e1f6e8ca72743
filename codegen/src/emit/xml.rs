//! `xml.rs`: how the types are read and written.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::docs::Docs;
use super::uses::Uses;
use super::{namespace, number, optional_number, qname, unions};
use crate::ir::{self, FieldKind, Occurrence};

/// The file.
pub(super) fn file(module: &ir::Module) -> TokenStream {
    let docs = Docs::default().paragraph("How the types are read from XML and written to it.").inner();
    let items = module.types.iter().filter_map(|type_| item(module, type_));
    let uses = uses(module);
    let (runtime, namespaces) = (uses.runtime(), uses.namespaces(module, &[]));
    quote! {
        #docs
        #runtime
        use super::types::*;
        #namespaces
        #(#items)*
    }
}

fn uses(module: &ir::Module) -> Uses<'_> {
    let mut uses = Uses::default();
    uses.xml(&["ReadError", "ReadXml", "Reader", "WriteError", "WriteXml", "Writer"]);
    for item in &module.types {
        match item {
            ir::TypeItem::Struct(item) => {
                if let Some(xml) = &item.xml {
                    uses.xml(&["Name", "TypeName"]);
                    uses.name(xml);
                }
                for field in &item.fields {
                    uses.name(&field.xml);
                    if field.occurrence == Occurrence::OptNillable {
                        uses.occurrence(field.occurrence);
                    }
                }
            }
            ir::TypeItem::Union(item) => item.members.iter().for_each(|member| uses.name(&member.xml)),
            ir::TypeItem::Alias(_) => {}
        }
    }
    uses
}

fn item(module: &ir::Module, item: &ir::TypeItem) -> Option<TokenStream> {
    match item {
        ir::TypeItem::Struct(item) => Some(struct_(module, item)),
        ir::TypeItem::Union(item) => Some(unions::xml(module, item)),
        ir::TypeItem::Alias(_) => None,
    }
}

fn struct_(module: &ir::Module, item: &ir::Struct) -> TokenStream {
    let name = &item.name;
    let type_name = item.xml.as_ref().map(|xml| type_name(module, xml));
    let read = read(module, item);
    let attributes = write_attributes(module, item);
    let content = write_content(module, item);
    quote! {
        impl ReadXml for #name {
            #type_name
            fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
                #read
            }
        }

        impl WriteXml for #name {
            #attributes
            #content
        }
    }
}

fn type_name(module: &ir::Module, xml: &ir::XmlName) -> TokenStream {
    let namespace = namespace(module, xml);
    let local = &xml.local;
    quote!(const TYPE: Option<TypeName> = Some(Name::new(#namespace, #local));)
}

fn read(module: &ir::Module, item: &ir::Struct) -> TokenStream {
    let slots = item.fields.iter().filter_map(|field| slot(module, field));
    let children = (!has_text(item)).then(|| children(module, item));
    let fields = item.fields.iter().map(field);
    quote! {
        #(#slots)*
        #children
        Ok(Self { #(#fields),* })
    }
}

fn slot(module: &ir::Module, field: &ir::Field) -> Option<TokenStream> {
    let slot = slot_name(field);
    match (field.kind, field.occurrence) {
        (FieldKind::Text, _) => None,
        (FieldKind::Attribute, _) => {
            let namespace = namespace(module, &field.xml);
            let local = &field.xml.local;
            Some(quote!(let #slot = reader.attribute(#namespace, #local)?;))
        }
        (FieldKind::Element, Occurrence::Repeated { .. }) => Some(quote!(let mut #slot = Vec::new();)),
        (FieldKind::Element, Occurrence::OptNillable) => Some(quote!(let mut #slot = OptNillable::Absent;)),
        (FieldKind::Element, _) => Some(quote!(let mut #slot = None;)),
    }
}

fn children(module: &ir::Module, item: &ir::Struct) -> TokenStream {
    let mut elements = elements(item).map(|field| child(module, field)).peekable();
    if elements.peek().is_none() {
        return quote! {
            while reader.next_child()?.is_some() {
                reader.unknown()?;
            }
        };
    }
    quote! {
        loop {
            match reader.next_child()? {
                #(#elements)*
                Some(_) => reader.unknown()?,
                None => break,
            }
        }
    }
}

fn child(module: &ir::Module, field: &ir::Field) -> TokenStream {
    let namespace = namespace(module, &field.xml);
    let local = &field.xml.local;
    let slot = slot_name(field);
    let method = match field.occurrence {
        Occurrence::Required => quote!(required),
        Occurrence::Optional => quote!(optional),
        Occurrence::Nillable => quote!(nillable),
        Occurrence::OptNillable => quote!(optional_nillable),
        Occurrence::Repeated { nillable: false, .. } => quote!(repeated),
        Occurrence::Repeated { nillable: true, .. } => quote!(repeated_nillable),
    };
    quote!(Some((#namespace, #local)) => reader.#method(&mut #slot)?,)
}

fn field(field: &ir::Field) -> TokenStream {
    let name = &field.name;
    let slot = slot_name(field);
    let local = &field.xml.local;
    match (field.kind, field.occurrence) {
        (FieldKind::Text, _) => quote!(#name: reader.text()?),
        (FieldKind::Attribute, Occurrence::Required) => quote!(#name: reader.need_attribute(#slot, #local)?),
        (FieldKind::Element, Occurrence::Required | Occurrence::Nillable) => quote!(#name: reader.need(#slot, #local)?),
        (FieldKind::Element, Occurrence::Repeated { min, max, .. }) if (min, max) != (0, None) => {
            let (min, max) = (number(min), optional_number(max));
            quote!(#name: reader.occurs(#slot, #local, #min, #max)?)
        }
        _ if slot == *name => quote!(#name),
        _ => quote!(#name: #slot),
    }
}

fn write_attributes(module: &ir::Module, item: &ir::Struct) -> Option<TokenStream> {
    let mut attributes = item.fields.iter().filter(|field| field.kind == FieldKind::Attribute).peekable();
    attributes.peek()?;
    let writes = attributes.map(|field| {
        let qname = qname(module, &field.xml);
        let name = &field.name;
        quote!(writer.attribute(#qname, &self.#name)?;)
    });
    Some(quote! {
        fn write_attributes(&self, writer: &mut Writer) -> Result<(), WriteError> {
            #(#writes)*
            Ok(())
        }
    })
}

fn write_content(module: &ir::Module, item: &ir::Struct) -> TokenStream {
    if let Some(text) = item.fields.iter().find(|field| field.kind == FieldKind::Text) {
        let name = &text.name;
        return quote! {
            fn write_content(&self, writer: &mut Writer) -> Result<(), WriteError> {
                writer.text(&self.#name)
            }
        };
    }
    let mut writes = elements(item).map(|field| write(module, field)).peekable();
    let writer = if writes.peek().is_some() { quote!(writer) } else { quote!(_) };
    quote! {
        fn write_content(&self, #writer: &mut Writer) -> Result<(), WriteError> {
            #(#writes)*
            Ok(())
        }
    }
}

fn write(module: &ir::Module, field: &ir::Field) -> TokenStream {
    let qname = qname(module, &field.xml);
    let local = &field.xml.local;
    let name = &field.name;
    let occurs = match field.occurrence {
        Occurrence::Repeated { min, max, .. } if (min, max) != (0, None) => {
            let (min, max) = (number(min), optional_number(max));
            Some(quote!(writer.occurs(#local, self.#name.len(), #min, #max)?;))
        }
        _ => None,
    };
    quote! {
        #occurs
        writer.element(#qname, &self.#name)?;
    }
}

fn elements(item: &ir::Struct) -> impl Iterator<Item = &ir::Field> {
    item.fields.iter().filter(|field| field.kind == FieldKind::Element)
}

fn has_text(item: &ir::Struct) -> bool {
    item.fields.iter().any(|field| field.kind == FieldKind::Text)
}

/// The variable that a field is read into: `reader` is taken.
fn slot_name(field: &ir::Field) -> Ident {
    let name = field.name.to_string();
    if name.trim_end_matches('_') == "reader" {
        return Ident::new(&format!("{name}_"), Span::call_site());
    }
    field.name.clone()
}
