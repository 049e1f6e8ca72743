//! The components of XML Schema 1.0 (Structures, section 3), as the documents declare them.

use std::collections::BTreeMap;

use super::QName;
use crate::diag::Span;

/// All global components of all schema documents read, by name.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Global elements.
    pub elements: BTreeMap<QName, Element>,
    /// Global simple and complex types, which share one symbol space.
    pub types: BTreeMap<QName, Type>,
    /// Model groups, `xs:group`.
    pub groups: BTreeMap<QName, Particle>,
    /// Global attributes.
    pub attributes: BTreeMap<QName, Attribute>,
    /// Attribute groups.
    pub attribute_groups: BTreeMap<QName, Vec<AttributeUse>>,
}

/// A type definition.
#[derive(Clone, Debug)]
pub enum Type {
    /// `xs:simpleType`.
    Simple(SimpleType),
    /// `xs:complexType`.
    Complex(ComplexType),
}

/// A type where it is used: by name, or defined on the spot.
#[derive(Clone, Debug)]
pub enum TypeRef {
    /// A name and where it stands. Not yet looked up: it may be one of XML Schema's own, or nowhere defined.
    Named(QName, Span),
    /// An anonymous definition.
    Anonymous(Box<Type>),
    /// Neither was given: `xs:anyType` (elements) or `xs:anySimpleType` (attributes).
    Ur(Span),
}

/// `xs:simpleType` (Structures 3.14).
#[derive(Clone, Debug)]
pub struct SimpleType {
    /// Absent where anonymous.
    pub name: Option<QName>,
    /// The `name` attribute's value, or the start tag where anonymous.
    pub span: Span,
    /// The text of `xs:annotation/xs:documentation`, one paragraph a string.
    pub docs: Vec<String>,
    /// How no other may be derived from it: `final`.
    pub final_: Methods,
    /// How it is derived.
    pub variety: Variety,
}

/// Ways of derivation, and substitution: what `block` and `final` list (Structures 3.3.2, 3.4.2, 3.14.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the specification names it")]
pub struct Methods {
    pub extension: bool,
    pub restriction: bool,
    pub list: bool,
    pub union: bool,
    pub substitution: bool,
}

/// How a simple type comes from others.
#[derive(Clone, Debug)]
pub enum Variety {
    /// A base narrowed by facets.
    Restriction {
        /// What is narrowed.
        base: TypeRef,
        /// In document order.
        facets: Vec<Facet>,
    },
    /// White-space separated items.
    List {
        /// The type of each item.
        item: TypeRef,
    },
    /// One of several types.
    Union {
        /// In document order.
        members: Vec<TypeRef>,
    },
}

/// A constraining facet (Datatypes 4.3).
#[derive(Clone, Debug)]
pub struct Facet {
    /// Which.
    pub kind: FacetKind,
    /// Its `value`.
    pub value: String,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// The value.
    pub span: Span,
}

/// The facets of Datatypes 4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the specification names it")]
pub enum FacetKind {
    Enumeration,
    FractionDigits,
    Length,
    MaxExclusive,
    MaxInclusive,
    MaxLength,
    MinExclusive,
    MinInclusive,
    MinLength,
    Pattern,
    TotalDigits,
    WhiteSpace,
}

/// `xs:complexType` (Structures 3.4).
#[derive(Clone, Debug)]
pub struct ComplexType {
    /// Absent where anonymous.
    pub name: Option<QName>,
    /// The `name` attribute's value, or the start tag where anonymous.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// Whether only derived types may stand in documents.
    pub is_abstract: bool,
    /// Which derived types may not stand for it in documents: `block`.
    pub block: Methods,
    /// How no other may be derived from it: `final`.
    pub final_: Methods,
    /// Whether text may stand between the elements.
    pub mixed: bool,
    /// What it derives from.
    pub derivation: Derivation,
    /// What it holds, without what it inherits.
    pub content: Content,
    /// Its attributes, without those it inherits.
    pub attributes: Vec<AttributeUse>,
    /// `xs:anyAttribute`.
    pub any_attribute: Option<Wildcard>,
}

/// A complex type's base.
#[derive(Clone, Debug)]
pub enum Derivation {
    /// None was named.
    None,
    /// `xs:extension`.
    Extension(QName, Span),
    /// `xs:restriction`.
    Restriction(QName, Span),
}

/// What a complex type holds beside attributes.
#[derive(Clone, Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// Elements.
    Particle(Particle),
    /// Text: `xs:simpleContent`, whose base is in the derivation; facets and an anonymous type only with a restriction.
    Simple {
        /// The type given inside an `xs:restriction`.
        type_: Option<Box<SimpleType>>,
        /// The facets given inside an `xs:restriction`.
        facets: Vec<Facet>,
    },
}

/// A term with its occurrence (Structures 3.9).
#[derive(Clone, Debug)]
pub struct Particle {
    /// How often.
    pub occurs: Occurs,
    /// What.
    pub term: Term,
    /// The start tag.
    pub span: Span,
}

/// `minOccurs` and `maxOccurs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurs {
    /// At least.
    pub min: u32,
    /// At most; `None` is `unbounded`.
    pub max: Option<u32>,
}

impl Occurs {
    /// Exactly once, the default.
    pub const ONCE: Self = Self { min: 1, max: Some(1) };
}

/// What a particle repeats.
#[derive(Clone, Debug)]
pub enum Term {
    /// A local element.
    Element(Box<Element>),
    /// `xs:element ref`.
    ElementRef(QName, Span),
    /// `xs:group ref`.
    GroupRef(QName, Span),
    /// In this order.
    Sequence(Vec<Particle>),
    /// One of these.
    Choice(Vec<Particle>),
    /// Each at most once, in any order.
    All(Vec<Particle>),
    /// `xs:any`.
    Any(Wildcard),
}

/// `xs:element`, global or local (Structures 3.3).
#[derive(Clone, Debug)]
pub struct Element {
    /// With the namespace it has in documents: none for a local one that is unqualified.
    pub name: QName,
    /// The `name` attribute's value.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// Its type.
    pub type_: TypeRef,
    /// Whether `xsi:nil` may say that it has no value.
    pub nillable: bool,
    /// Whether only members of its substitution group may stand in documents.
    pub is_abstract: bool,
    /// Which derived types and substitutes may not stand for it in documents: `block`.
    pub block: Methods,
    /// The head it may stand in for.
    pub substitution_group: Option<(QName, Span)>,
    /// `default`, where given.
    pub default: Option<(String, Span)>,
    /// `fixed`, where given.
    pub fixed: Option<(String, Span)>,
}

/// `xs:attribute`, global or local (Structures 3.2).
#[derive(Clone, Debug)]
pub struct Attribute {
    /// With the namespace it has in documents: none for a local one that is unqualified.
    pub name: QName,
    /// The `name` attribute's value.
    pub span: Span,
    /// Its documentation, one paragraph a string.
    pub docs: Vec<String>,
    /// Its simple type.
    pub type_: TypeRef,
    /// `default`, where given.
    pub default: Option<(String, Span)>,
    /// `fixed`, where given.
    pub fixed: Option<(String, Span)>,
}

/// An attribute where a complex type or attribute group uses it (Structures 3.2.2).
#[derive(Clone, Debug)]
pub struct AttributeUse {
    /// Whether it must, may or must not be there.
    pub use_: Use,
    /// What is used.
    pub term: AttributeTerm,
    /// The start tag.
    pub span: Span,
}

/// What an attribute use stands for.
#[derive(Clone, Debug)]
pub enum AttributeTerm {
    /// Declared on the spot.
    Local(Attribute),
    /// `xs:attribute ref`.
    Ref(QName, Span),
    /// `xs:attributeGroup ref`.
    GroupRef(QName, Span),
}

/// The `use` of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// May be there, the default.
    Optional,
    /// Must be there.
    Required,
    /// Must not be there: takes away what a base had.
    Prohibited,
}

/// `xs:any` and `xs:anyAttribute` (Structures 3.10).
#[derive(Clone, Debug)]
pub struct Wildcard {
    /// The start tag.
    pub span: Span,
    /// The `namespace` attribute, `##any` by default.
    pub namespace: String,
}
