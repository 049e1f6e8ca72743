//! The components of WSDL 1.1 (section 2) with its SOAP binding (section 3).

use std::collections::{BTreeMap, BTreeSet};

use super::{QName, Schema};
use crate::diag::Span;

/// Everything one WSDL says, with all that it imports.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    /// The input files it was read from, by their index, itself among them.
    pub files: BTreeSet<u32>,
    /// Its namespace.
    pub target_namespace: String,
    /// The prefixes that the root document declares, sorted by prefix; the default namespace has an empty one.
    pub prefixes: BTreeMap<String, String>,
    /// The root's documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// The schemas of `wsdl:types` and all they import.
    pub schema: Schema,
    /// `wsdl:message`.
    pub messages: BTreeMap<QName, Message>,
    /// `wsdl:portType`.
    pub port_types: BTreeMap<QName, PortType>,
    /// `wsdl:binding`.
    pub bindings: BTreeMap<QName, Binding>,
    /// `wsdl:service`, in document order.
    pub services: Vec<Service>,
}

/// A name that points at another component, and where it stands.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The component's name.
    pub name: QName,
    /// The attribute's value.
    pub span: Span,
}

/// `wsdl:message` (2.3).
#[derive(Clone, Debug)]
pub struct Message {
    /// The `name` attribute's value.
    pub span: Span,
    /// In document order.
    pub parts: Vec<Part>,
}

/// `wsdl:part`.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The `name` attribute's value.
    pub span: Span,
    /// What it holds.
    pub content: PartContent,
}

/// What a message part refers to.
#[derive(Clone, Debug)]
pub enum PartContent {
    /// A global element: document style.
    Element(Reference),
    /// A type: RPC style.
    Type(Reference),
}

/// `wsdl:portType` (2.4).
#[derive(Clone, Debug)]
pub struct PortType {
    /// The `name` attribute's value.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// In document order.
    pub operations: Vec<PortOperation>,
}

/// `wsdl:operation` of a port type.
#[derive(Clone, Debug)]
pub struct PortOperation {
    /// Its name.
    pub name: String,
    /// The `name` attribute's value.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// The input message; absent for a notification.
    pub input: Option<Reference>,
    /// The output message; absent for a one-way operation.
    pub output: Option<Reference>,
    /// The fault messages with their names.
    pub faults: Vec<(String, Reference)>,
}

/// `wsdl:binding` (2.5).
#[derive(Clone, Debug)]
pub struct Binding {
    /// The `name` attribute's value.
    pub span: Span,
    /// What it binds.
    pub port_type: Reference,
    /// To what.
    pub protocol: Protocol,
    /// In document order; empty unless the protocol is SOAP 1.1.
    pub operations: Vec<BindingOperation>,
}

/// What a binding binds to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// SOAP 1.1 with this transport URI and default style.
    Soap11 {
        /// `http://schemas.xmlsoap.org/soap/http` for HTTP.
        transport: String,
        /// What operations that name no style have.
        style: Style,
    },
    /// SOAP 1.2.
    Soap12,
    /// HTTP GET or POST without SOAP.
    Http,
    /// No binding extension that is known.
    Unknown,
}

/// The `style` of a SOAP binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Parts are elements of the body.
    Document,
    /// Parts are wrapped in an element named as the operation.
    Rpc,
}

/// The `use` of a SOAP body or header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As the schema says.
    Literal,
    /// SOAP section 5 encoding.
    Encoded,
}

/// `wsdl:operation` of a binding.
#[derive(Clone, Debug)]
pub struct BindingOperation {
    /// Its name.
    pub name: String,
    /// The `name` attribute's value.
    pub span: Span,
    /// `soap:operation soapAction`, empty where not given.
    pub soap_action: String,
    /// Its own style, or the binding's.
    pub style: Style,
    /// How the input travels.
    pub input: Option<BoundMessage>,
    /// How the output travels.
    pub output: Option<BoundMessage>,
}

/// `wsdl:input` or `wsdl:output` of a binding's operation.
#[derive(Clone, Debug)]
pub struct BoundMessage {
    /// The start tag.
    pub span: Span,
    /// `soap:body`.
    pub body: Option<Body>,
    /// `soap:header`, in document order.
    pub headers: Vec<Header>,
}

/// `soap:body` (3.5).
#[derive(Clone, Debug)]
pub struct Body {
    /// The start tag.
    pub span: Span,
    /// Its `use`.
    pub encoding: Encoding,
    /// The parts it holds; `None` is all.
    pub parts: Option<Vec<String>>,
    /// The namespace of an RPC wrapper.
    pub namespace: Option<String>,
}

/// `soap:header` (3.7).
#[derive(Clone, Debug)]
pub struct Header {
    /// The message the part is of.
    pub message: Reference,
    /// The part's name.
    pub part: String,
    /// The `part` attribute's value.
    pub span: Span,
    /// Its `use`.
    pub encoding: Encoding,
}

/// `wsdl:service` (2.7).
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The `name` attribute's value.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// In document order.
    pub ports: Vec<Port>,
}

/// `wsdl:port` (2.6).
#[derive(Clone, Debug)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// The `name` attribute's value.
    pub span: Span,
    /// The binding it offers.
    pub binding: Reference,
}
