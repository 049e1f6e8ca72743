//! What Rust will say: structs, enums and operations with their final names, types and order.
//!
//! Enters from [`lower`](crate::lower), leaves to [`emit`](crate::emit). Everything is decided here: emitting only prints.
//! [`Module`]'s `Display` is the readable form that golden tests compare.

use proc_macro2::Ident;

mod text;

/// Documentation: the schema's paragraphs, without the line that names the XML name (the emitter adds it).
pub type Docs = Vec<String>;

/// One version of one service: a module of the generated crate.
#[derive(Clone, Debug)]
pub struct Module {
    /// `v3_1`.
    pub name: Ident,
    /// The document's path as the caller named it, for the header comment.
    pub source: String,
    /// From the WSDL's root.
    pub docs: Docs,
    /// Every namespace that a message may name, with the prefix it is written with; the target namespace first.
    pub namespaces: Vec<Namespace>,
    /// Sorted by name.
    pub enums: Vec<Enum>,
    /// Structs, unions and aliases, sorted by name.
    pub types: Vec<TypeItem>,
    /// Global elements, sorted by name.
    pub elements: Vec<Element>,
    /// The port, where the document has one.
    pub port: Option<Port>,
    /// What is known of the service beside its WSDL.
    pub service: Option<Service>,
}

/// A namespace as messages declare it.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// `ns1`.
    pub prefix: String,
    /// The URI.
    pub uri: String,
    /// `NS1`: the constant that holds the URI.
    pub constant: Ident,
}

/// An element's or attribute's name in documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlName {
    /// Index in [`Module::namespaces`]; `None` is no namespace.
    pub namespace: Option<usize>,
    /// The local name.
    pub local: String,
}

/// An enumeration of strings.
#[derive(Clone, Debug)]
pub struct Enum {
    /// The Rust name.
    pub name: Ident,
    /// The schema type's name, where it has one.
    pub xml: Option<XmlName>,
    /// From the schema.
    pub docs: Docs,
    /// In document order.
    pub variants: Vec<Variant>,
    /// The variant for values the schema does not list: `Unknown`, or `Unknown_` where that is taken.
    pub unknown: Ident,
    /// What it restricts: one of the three types of text, which differ in white space.
    pub base: Builtin,
}

/// One value of an enumeration.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The Rust name.
    pub name: Ident,
    /// The value in documents.
    pub value: String,
    /// From the schema.
    pub docs: Docs,
}

/// An item of `types.rs`.
#[derive(Clone, Debug)]
pub enum TypeItem {
    /// A complex type.
    Struct(Struct),
    /// A type with derived types, as it is used.
    Union(Union),
    /// A simple type that is only a name for another.
    Alias(Alias),
}

impl TypeItem {
    /// The item's Rust name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        match self {
            Self::Struct(item) => &item.name,
            Self::Union(item) => &item.name,
            Self::Alias(item) => &item.name,
        }
    }
}

/// A complex type with all that it inherits.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The Rust name.
    pub name: Ident,
    /// The schema type's name; `None` where anonymous.
    pub xml: Option<XmlName>,
    /// From the schema.
    pub docs: Docs,
    /// In wire order: attributes first, then text or elements, inherited ones before own.
    pub fields: Vec<Field>,
    /// Whether `Default` can be derived: nothing is required.
    pub default: bool,
    /// Whether it is a wrapper: exactly one field, a repeated element.
    pub list: bool,
}

/// A struct's field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The Rust name.
    pub name: Ident,
    /// The name in documents; for text, an empty one.
    pub xml: XmlName,
    /// From the schema.
    pub docs: Docs,
    /// What it stands for in documents.
    pub kind: FieldKind,
    /// The type of one value.
    pub type_: Type,
    /// How often, and whether nil.
    pub occurrence: Occurrence,
    /// Whether the value is behind a `Box`, because the type would contain itself.
    pub boxed: bool,
    /// Whether `Debug` hides the value.
    pub secret: bool,
}

/// What a field stands for in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// An element.
    Element,
    /// An attribute: only `Required` or `Optional`.
    Attribute,
    /// The element's own text (simple content): only `Required`.
    Text,
}

/// How a field occurs; each has its Rust type around `T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// `T`.
    Required,
    /// `Option<T>`.
    Optional,
    /// `Nillable<T>`: there, but maybe nil.
    Nillable,
    /// `OptNillable<T>`: absent, nil or a value.
    OptNillable,
    /// `Vec<T>`, or `Vec<Nillable<T>>`.
    Repeated {
        /// At least.
        min: u32,
        /// At most; `None` is unbounded.
        max: Option<u32>,
        /// Whether items may be nil.
        nillable: bool,
    },
}

/// The type of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// One of XML Schema's own.
    Builtin(Builtin),
    /// An [`Enum`] of this module.
    Enum(Ident),
    /// A [`Struct`] that is not a wrapper.
    Struct(Ident),
    /// A [`Struct`] that is a wrapper.
    List(Ident),
    /// A [`Union`].
    Union(Ident),
    /// An [`Alias`] and the built-in behind it.
    Alias(Ident, Builtin),
}

/// Rust types for XML Schema's own simple types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `String`: `xs:string`, and unions.
    String,
    /// `runtime::value::NormalizedString`.
    NormalizedString,
    /// `runtime::value::Token`: `xs:token` and all derived from it, `xs:anyURI`, lists.
    Token,
    /// `bool`.
    Boolean,
    /// `i8`.
    Byte,
    /// `i16`.
    Short,
    /// `i32`.
    Int,
    /// `i64`.
    Long,
    /// `u8`.
    UnsignedByte,
    /// `u16`.
    UnsignedShort,
    /// `u32`.
    UnsignedInt,
    /// `u64`.
    UnsignedLong,
    /// `runtime::value::Integer`.
    Integer,
    /// `runtime::value::NonNegativeInteger`.
    NonNegativeInteger,
    /// `runtime::value::PositiveInteger`.
    PositiveInteger,
    /// `runtime::value::NonPositiveInteger`.
    NonPositiveInteger,
    /// `runtime::value::NegativeInteger`.
    NegativeInteger,
    /// `runtime::value::Decimal`.
    Decimal,
    /// `f32`.
    Float,
    /// `f64`.
    Double,
    /// `runtime::value::DateTime`.
    DateTime,
    /// `runtime::value::Date`.
    Date,
    /// `runtime::value::Time`.
    Time,
    /// `runtime::value::Base64Binary`.
    Base64Binary,
    /// `runtime::value::HexBinary`.
    HexBinary,
    /// `runtime::value::AnySimple`: text and type.
    AnySimple,
}

/// An enum over a type and those derived from it, told apart by `xsi:type`.
#[derive(Clone, Debug)]
pub struct Union {
    /// The Rust name.
    pub name: Ident,
    /// The declared type's name.
    pub xml: XmlName,
    /// From the declared type.
    pub docs: Docs,
    /// Sorted by name, without abstract ones.
    pub members: Vec<Member>,
    /// Index of the member that an element without `xsi:type` holds; `None` where the declared type is abstract.
    pub default: Option<usize>,
}

/// One type of a union.
#[derive(Clone, Debug)]
pub struct Member {
    /// The variant's name, which is the struct's.
    pub name: Ident,
    /// The type's name, written as `xsi:type`.
    pub xml: XmlName,
    /// Whether it is boxed in the variant.
    pub boxed: bool,
    /// From the member type.
    pub docs: Docs,
}

/// `pub type Name = Builtin`.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The Rust name.
    pub name: Ident,
    /// The schema type's name.
    pub xml: Option<XmlName>,
    /// From the schema, with its facets in words.
    pub docs: Docs,
    /// What it names.
    pub target: Builtin,
}

/// A global element: a typed constant.
#[derive(Clone, Debug)]
pub struct Element {
    /// `PARAMS_GET_LEAD`.
    pub constant: Ident,
    /// The name in documents.
    pub xml: XmlName,
    /// From the schema.
    pub docs: Docs,
    /// Its type.
    pub type_: Type,
}

/// A port type with its SOAP 1.1 binding.
#[derive(Clone, Debug)]
pub struct Port {
    /// `MktowsPort`.
    pub name: Ident,
    /// The port type's name.
    pub xml: String,
    /// From the port type.
    pub docs: Docs,
    /// Sorted by name.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `GetLead`: the marker type.
    pub name: Ident,
    /// `get_lead`: the port's method.
    pub method: Ident,
    /// `getLead`.
    pub xml: String,
    /// From the port type.
    pub docs: Docs,
    /// The SOAPAction header's value, without quotes.
    pub soap_action: String,
    /// Index in [`Module::elements`].
    pub request: usize,
    /// Index in [`Module::elements`].
    pub response: usize,
    /// The header blocks of the request.
    pub headers: Vec<HeaderBlock>,
    /// Whether it only reads.
    pub reads: bool,
    /// Most items or greatest value a request field takes, sorted by path.
    pub limits: Vec<Limit>,
    /// How it pages, where it does.
    pub paging: Option<Paging>,
    /// What a request must hold beside its schema.
    pub rules: Vec<Rule>,
    /// How a long list goes in several calls, where it does.
    pub batch: Option<Batch>,
}

/// A rule between fields of one element of a request.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it says.
    pub kind: RuleKind,
    /// Path of the element, XML names from the request's root; empty for the root itself.
    pub at: String,
    /// The way to it.
    pub hops: Vec<Hop>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// What a rule says of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Exactly one is given.
    OneOf,
    /// At least one is given.
    AnyOf,
    /// At most one is given.
    AtMostOne,
    /// All are given, or none.
    Together,
    /// With the first, all others are given.
    Requires,
    /// From the first to the second it is no longer than so many days; both are moments.
    WithinDays(u32),
}

/// One field on the way to a value, where any of them may be absent, repeated or one of several types.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The field.
    pub field: Ident,
    /// How it occurs there.
    pub occurrence: Occurrence,
    /// Whether it is boxed.
    pub boxed: bool,
    /// The member of a union that the way goes on in.
    pub member: Option<Narrow>,
}

/// A member of a union.
#[derive(Clone, Debug)]
pub struct Narrow {
    /// The union.
    pub union: Ident,
    /// Its member.
    pub member: Ident,
    /// Whether it is boxed in the variant.
    pub boxed: bool,
    /// Whether the union has no other.
    pub only: bool,
}

/// How a long list goes in several calls.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `sync_multiple_leads_batches`: the port's method for a list of any length.
    pub method: Ident,
    /// The greatest number of items in a call.
    pub max: u32,
    /// The type of one item.
    pub item: Type,
    /// The repeated field, from the request's root; all on the way is required.
    pub items: Vec<Step>,
    /// The type of one status.
    pub status: Type,
    /// The repeated field, from the response's root.
    pub statuses: Vec<Step>,
}

/// A header block of a request.
#[derive(Clone, Debug)]
pub struct HeaderBlock {
    /// Index in [`Module::elements`].
    pub element: usize,
    /// Whether the request must carry it.
    pub required: bool,
}

/// A limit of the service on one field of a request.
#[derive(Clone, Debug)]
pub struct Limit {
    /// `leadRecordList/leadRecord`, XML names from the request's root.
    pub path: String,
    /// The greatest count or value.
    pub max: u32,
    /// What is counted.
    pub kind: LimitKind,
    /// Every way to it.
    pub ways: Vec<Vec<Hop>>,
}

/// What a limit limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// How often the element may stand.
    Items,
    /// The number in it.
    Value,
}

/// How pages follow each other.
#[derive(Clone, Debug)]
pub struct Paging {
    /// `get_lead_stream`: the port's method for all pages.
    pub method: Ident,
    /// The type of a position.
    pub position: Type,
    /// Where the next request takes it, from the request's root.
    pub request: Vec<Step>,
    /// Where the response gives it, from the response's root.
    pub response: Vec<Step>,
    /// The field that tells the last page, from the response's root.
    pub end: Vec<Step>,
    /// What it holds on the last page.
    pub end_value: EndValue,
    /// The type of one item.
    pub item: Type,
    /// The repeated field, from the response's root.
    pub items: Vec<Step>,
}

/// One field on a path.
#[derive(Clone, Debug)]
pub struct Step {
    /// The field.
    pub field: Ident,
    /// How it occurs there.
    pub occurrence: Occurrence,
}

/// What is known of a service beside its WSDL: how its requests are signed, what its faults mean.
#[derive(Clone, Debug)]
pub struct Service {
    /// `MktMktowsApiService`: the marker type.
    pub name: Ident,
    /// The service's name in the WSDL, or the port type's.
    pub xml: String,
    /// How requests are signed.
    pub signature: Option<Signature>,
    /// What faults mean.
    pub faults: Option<Faults>,
}

/// The header block that says who calls. Nothing but its three fields is required.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Index in [`Module::elements`].
    pub element: usize,
    /// The block's type.
    pub type_: Ident,
    /// `unsigned`: what makes a block that is to be signed.
    pub new: Ident,
    /// The field for the id of the user.
    pub user: Ident,
    /// The field for the signature.
    pub signature: Ident,
    /// The field for the time.
    pub timestamp: Ident,
}

/// The element of a fault's detail that says what the fault means.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Index in [`Module::elements`].
    pub element: usize,
    /// The element's type.
    pub type_: Ident,
    /// The required field that holds the code.
    pub code: Ident,
    /// The enumeration of codes.
    pub codes: Ident,
    /// The codes of each kind, as variants.
    pub kinds: Vec<(Kind, Vec<Ident>)>,
}

/// What a fault is about, by its name in the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind(pub Ident);

/// The value that ends paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndValue {
    /// A count or flag.
    Number(i64),
    /// A boolean.
    Bool(bool),
}
