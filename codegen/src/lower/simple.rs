//! Simple types: enumerations of text become enums, all others are names for a built-in.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::Lowering;
use super::fields::reference_span;
use super::taken::free;
use crate::diag::Span;
use crate::ir::{self, Builtin};
use crate::model::{Facet, FacetKind, QName, SimpleType, Type, TypeRef, Variety, XS};
use crate::names;

/// How many simple types may derive from each other in a row.
const MAX_DERIVATIONS: usize = 64;

/// White space as XML has it.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// A simple type down to the built-in.
pub(super) struct Resolved<'d> {
    pub(super) builtin: Builtin,
    /// The facets of each restriction on the way, the outermost first.
    facets: Vec<&'d [Facet]>,
}

impl<'d> Lowering<'d, '_> {
    /// The built-in behind one of XML Schema's own types.
    pub(super) fn builtin(&mut self, name: &QName, span: Span) -> Option<Builtin> {
        let builtin = match name.local.as_str() {
            "string" => Builtin::String,
            "normalizedString" => Builtin::NormalizedString,
            "token" | "language" | "Name" | "NCName" | "NMTOKEN" | "NMTOKENS" | "ID" | "IDREF" | "IDREFS"
            | "ENTITY" | "ENTITIES" | "anyURI" => Builtin::Token,
            "boolean" => Builtin::Boolean,
            "byte" => Builtin::Byte,
            "short" => Builtin::Short,
            "int" => Builtin::Int,
            "long" => Builtin::Long,
            "unsignedByte" => Builtin::UnsignedByte,
            "unsignedShort" => Builtin::UnsignedShort,
            "unsignedInt" => Builtin::UnsignedInt,
            "unsignedLong" => Builtin::UnsignedLong,
            "integer" => Builtin::Integer,
            "nonNegativeInteger" => Builtin::NonNegativeInteger,
            "positiveInteger" => Builtin::PositiveInteger,
            "nonPositiveInteger" => Builtin::NonPositiveInteger,
            "negativeInteger" => Builtin::NegativeInteger,
            "decimal" => Builtin::Decimal,
            "float" => Builtin::Float,
            "double" => Builtin::Double,
            "dateTime" => Builtin::DateTime,
            "date" => Builtin::Date,
            "time" => Builtin::Time,
            "base64Binary" => Builtin::Base64Binary,
            "hexBinary" => Builtin::HexBinary,
            "anySimpleType" => {
                self.any_simple = true;
                Builtin::AnySimple
            }
            "anyType" | "QName" | "NOTATION" | "duration" | "gYear" | "gYearMonth" | "gMonth" | "gMonthDay"
            | "gDay" => {
                self.unsupported(span, &format!("the type `{}`", self.show(name)));
                return None;
            }
            _ => {
                self.error(span, format!("XML Schema has no type `{}`", name.local));
                return None;
            }
        };
        Some(builtin)
    }

    /// The built-in and facets behind the base of a restriction.
    pub(super) fn resolve_simple(&mut self, type_: &'d TypeRef) -> Option<Resolved<'d>> {
        let mut facets = Vec::new();
        let mut next = type_;
        let mut seen = BTreeSet::new();
        for _ in 0..MAX_DERIVATIONS {
            let simple: &'d SimpleType = match next {
                TypeRef::Named(name, span) if name.namespace == XS => {
                    return Some(Resolved { builtin: self.builtin(name, *span)?, facets });
                }
                TypeRef::Named(name, span) => {
                    if !seen.insert(name) {
                        self.error(reference_span(type_), "the type derives from itself");
                        return None;
                    }
                    match self.find("type", &self.definitions.schema.types, name, *span, place)?.1 {
                        Type::Simple(simple) => {
                            if simple.final_.restriction {
                                self.refuse_final(name, "restriction", *span, simple.span);
                            }
                            simple
                        }
                        Type::Complex(_) => {
                            self.error(
                                *span,
                                format!("`{}` is a complex type, expected a simple one", self.show(name)),
                            );
                            return None;
                        }
                    }
                }
                TypeRef::Anonymous(type_) => match &**type_ {
                    Type::Simple(simple) => simple,
                    Type::Complex(complex) => {
                        self.error(complex.span, "found a complex type, expected a simple one");
                        return None;
                    }
                },
                TypeRef::Ur(_) => {
                    self.any_simple = true;
                    return Some(Resolved { builtin: Builtin::AnySimple, facets });
                }
            };
            match &simple.variety {
                Variety::Restriction { base, facets: own } => {
                    facets.push(own.as_slice());
                    next = base;
                }
                // Its own definition says what is wrong with its members.
                Variety::List { .. } => return Some(Resolved { builtin: Builtin::Token, facets }),
                Variety::Union { .. } => return Some(Resolved { builtin: Builtin::String, facets }),
            }
        }
        self.error(reference_span(type_), format!("more than {MAX_DERIVATIONS} types derive from each other"));
        None
    }

    /// The built-in and facets behind a simple type. Lists and unions are text: of a list the white space between items does not count.
    fn resolved(&mut self, simple: &'d SimpleType) -> Option<Resolved<'d>> {
        match &simple.variety {
            Variety::Restriction { base, facets } => {
                let mut resolved = self.resolve_simple(base)?;
                resolved.facets.insert(0, facets);
                resolved.builtin = resolved.white_space();
                Some(resolved)
            }
            Variety::List { item } => {
                self.check_member(item, "list")?;
                Some(Resolved { builtin: Builtin::Token, facets: Vec::new() })
            }
            Variety::Union { members } => {
                // All are looked at: each may be wrong by itself.
                let checked: Vec<_> = members.iter().map(|member| self.check_member(member, "union")).collect();
                checked.into_iter().collect::<Option<()>>()?;
                Some(Resolved { builtin: Builtin::String, facets: Vec::new() })
            }
        }
    }

    /// Whether the type of a list's items, or one of a union's, is a simple type that there is.
    fn check_member(&mut self, type_: &'d TypeRef, method: &str) -> Option<()> {
        match type_ {
            TypeRef::Named(name, span) if name.namespace == XS => self.builtin(name, *span).map(|_| ()),
            TypeRef::Named(name, span) => {
                match self.find("type", &self.definitions.schema.types, name, *span, place)? {
                    (_, Type::Simple(simple)) => {
                        let is_final = if method == "list" { simple.final_.list } else { simple.final_.union };
                        if is_final {
                            self.refuse_final(name, method, *span, simple.span);
                        }
                        Some(())
                    }
                    (_, Type::Complex(_)) => {
                        self.error(*span, format!("`{}` is a complex type, expected a simple one", self.show(name)));
                        None
                    }
                }
            }
            TypeRef::Anonymous(type_) => match &**type_ {
                Type::Simple(simple) => self.resolved(simple).map(|_| ()),
                Type::Complex(_) => None,
            },
            TypeRef::Ur(_) => Some(()),
        }
    }

    /// What fields of a simple type hold whose item has this name: it is made where the type is defined, which says what is wrong with it.
    pub(super) fn simple_kind(&mut self, simple: &'d SimpleType, name: Ident) -> Option<ir::Type> {
        let resolved = self.resolved(simple)?;
        Some(match resolved.is_enumeration() {
            true => ir::Type::Enum(name),
            false => ir::Type::Alias(name, resolved.builtin),
        })
    }

    /// Makes the item of a simple type that is called `name` in Rust, and answers what fields of it hold.
    pub(super) fn simple_item(&mut self, simple: &'d SimpleType, name: Ident) -> Option<ir::Type> {
        let resolved = self.resolved(simple)?;
        self.places.insert(name.to_string(), simple.span);
        let xml = simple.name.as_ref().map(|name| self.xml_name(name));
        if resolved.is_enumeration() {
            let item = self.enumeration(name.clone(), xml, simple, &resolved);
            self.enums.push(item);
            return Some(ir::Type::Enum(name));
        }
        let mut docs = simple.docs.clone();
        docs.extend(match &simple.variety {
            Variety::Restriction { .. } => in_words(&resolved.facets),
            Variety::List { .. } => Some("A list: items with spaces between.".to_owned()),
            Variety::Union { .. } => Some("A union: a value of one of several types, as text.".to_owned()),
        });
        let target = resolved.builtin;
        self.types.push(ir::TypeItem::Alias(ir::Alias { name: name.clone(), xml, docs, target }));
        Some(ir::Type::Alias(name, target))
    }

    fn enumeration(
        &mut self,
        name: Ident,
        xml: Option<ir::XmlName>,
        simple: &SimpleType,
        resolved: &Resolved<'d>,
    ) -> ir::Enum {
        let mut taken = BTreeSet::new();
        let mut values = BTreeSet::new();
        let mut variants = Vec::new();
        for facet in resolved.values() {
            // As it is compared with what is read.
            let value = match resolved.builtin {
                Builtin::Token => {
                    facet.value.split(SPACES).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
                }
                Builtin::NormalizedString => facet.value.replace(SPACES, " "),
                _ => facet.value.clone(),
            };
            if values.insert(value.clone()) {
                let readable = self.readable(&value);
                let name = names::ident(&free(&mut taken, names::variant(&readable), ""));
                variants.push(ir::Variant { name, value, docs: facet.docs.clone() });
            }
        }
        let unknown =
            names::ident(&if taken.contains("Unknown") { "Unknown_".to_owned() } else { "Unknown".to_owned() });
        ir::Enum { name, xml, docs: simple.docs.clone(), variants, unknown, base: resolved.builtin }
    }
}

impl<'d> Resolved<'d> {
    fn is_enumeration(&self) -> bool {
        let is_text = matches!(self.builtin, Builtin::String | Builtin::NormalizedString | Builtin::Token);
        is_text && self.values().next().is_some()
    }

    /// The built-in with the `whiteSpace` that the facets say (Datatypes, section 4.3.6): it only ever gets narrower.
    fn white_space(&self) -> Builtin {
        let says = |value: &str| {
            self.facets
                .iter()
                .copied()
                .flatten()
                .any(|facet| facet.kind == FacetKind::WhiteSpace && facet.value == value)
        };
        match self.builtin {
            Builtin::String | Builtin::NormalizedString if says("collapse") => Builtin::Token,
            Builtin::String if says("replace") => Builtin::NormalizedString,
            builtin => builtin,
        }
    }

    /// The values that are left: a restriction of an enumeration takes some away.
    fn values(&self) -> impl Iterator<Item = &'d Facet> {
        let listed = |facet: &&Facet| facet.kind == FacetKind::Enumeration;
        let last = self.facets.iter().find(|facets| facets.iter().any(|facet| listed(&facet)));
        last.copied().unwrap_or_default().iter().filter(listed)
    }
}

/// Where a type is defined.
pub(super) fn place(type_: &Type) -> Span {
    match type_ {
        Type::Simple(simple) => simple.span,
        Type::Complex(complex) => complex.span,
    }
}

/// What facets say, as a paragraph.
pub(super) fn in_words(facets: &[&[Facet]]) -> Option<String> {
    let mut words = Vec::new();
    let mut seen = BTreeSet::new();
    for facet in facets.iter().copied().flatten() {
        let value = format!("`{}`", facet.value);
        let text = match facet.kind {
            FacetKind::Enumeration => format!("may be {value}"),
            FacetKind::FractionDigits => format!("at most {value} digits after the point"),
            FacetKind::Length => format!("length {value}"),
            FacetKind::MaxExclusive => format!("less than {value}"),
            FacetKind::MaxInclusive => format!("at most {value}"),
            FacetKind::MaxLength => format!("length at most {value}"),
            FacetKind::MinExclusive => format!("greater than {value}"),
            FacetKind::MinInclusive => format!("at least {value}"),
            FacetKind::MinLength => format!("length at least {value}"),
            FacetKind::Pattern => format!("matches {value}"),
            FacetKind::TotalDigits => format!("at most {value} digits"),
            FacetKind::WhiteSpace => continue,
        };
        // The narrower bound comes first; that of the base says nothing more.
        let bound = !matches!(facet.kind, FacetKind::Enumeration | FacetKind::Pattern);
        if !bound || seen.insert(facet.kind as u8) {
            words.push(text);
        }
    }
    (!words.is_empty()).then(|| format!("The schema's limits: {}.", words.join(", ")))
}
