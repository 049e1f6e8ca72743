//! What a WSDL 1.1 document and its XML Schemas say: qualified names, particles, derivation, spans.
//!
//! Enters from [`parse`](crate::parse), leaves to [`lower`](crate::lower). Knows no Rust names and decides nothing.

mod qname;
mod schema;
mod wsdl;

pub use qname::{QName, XS, XSI};
pub use schema::{
    Attribute, AttributeTerm, AttributeUse, ComplexType, Content, Derivation, Element, Facet, FacetKind, Methods,
    Occurs, Particle, Schema, SimpleType, Term, Type, TypeRef, Use, Variety, Wildcard,
};
pub use wsdl::{
    Binding, BindingOperation, Body, BoundMessage, Definitions, Encoding, Header, Message, Part, PartContent, Port,
    PortOperation, PortType, Protocol, Reference, Service, Style,
};
