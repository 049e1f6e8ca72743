//! `xs:simpleType` (Structures 3.14) and its facets (Datatypes 4.3).

use super::super::node::{Attr, Node};
use super::super::rule::{Group, Rule, both, check};
use super::super::{Walk, value};
use super::{Context, type_name};
use crate::model::{Facet, FacetKind, SimpleType, Type, TypeRef, Variety};

pub(super) const FACETS: &[&str] = &[
    "enumeration",
    "fractionDigits",
    "length",
    "maxExclusive",
    "maxInclusive",
    "maxLength",
    "minExclusive",
    "minInclusive",
    "minLength",
    "pattern",
    "totalDigits",
    "whiteSpace",
];

const SIMPLE_TYPE: Rule = Rule {
    required: &[],
    optional: &["name", "final"],
    children: &[Group::One(&["annotation"]), Group::One(&["restriction", "list", "union"])],
    extensions: &[],
};
const RESTRICTION: Rule = Rule {
    required: &[],
    optional: &["base"],
    children: &[Group::One(&["annotation"]), Group::One(&["simpleType"]), Group::Many(FACETS)],
    extensions: &[],
};
const LIST: Rule = Rule {
    required: &[],
    optional: &["itemType"],
    children: &[Group::One(&["annotation"]), Group::One(&["simpleType"])],
    extensions: &[],
};
const UNION: Rule = Rule {
    required: &[],
    optional: &["memberTypes"],
    children: &[Group::One(&["annotation"]), Group::Many(&["simpleType"])],
    extensions: &[],
};
const FACET: Rule = Rule {
    required: &["value"],
    optional: &["fixed"],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};

/// Reads a simple type.
pub(super) fn simple_type(node: Node<'_>, context: &Context, global: bool, walk: &mut Walk<'_>) -> SimpleType {
    let children = check(node, &SIMPLE_TYPE, walk);
    let (name, span) = type_name(node, context, global, walk);
    let variety = match children.first() {
        Some(child) => variety(*child, context, walk),
        None => {
            walk.error(node.span(), format!("`{}` has no `{}`", node.written(), node.beside("restriction")));
            Variety::Restriction { base: TypeRef::Ur(node.span()), facets: Vec::new() }
        }
    };
    SimpleType { name, span, docs: node.docs(), variety }
}

fn variety(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) -> Variety {
    match node.local() {
        "restriction" => {
            let children = check(node, &RESTRICTION, walk);
            let base = one_type(node, "base", &children, context, walk);
            Variety::Restriction { base, facets: facets(&children, walk) }
        }
        "list" => {
            let children = check(node, &LIST, walk);
            Variety::List { item: one_type(node, "itemType", &children, context, walk) }
        }
        _ => {
            let children = check(node, &UNION, walk);
            let mut members = Vec::new();
            if let Some(names) = node.attribute("memberTypes") {
                for (name, span) in names.items() {
                    let name = value::resolve(names, name, span, walk);
                    members.extend(name.map(|name| TypeRef::Named(context.adopt(name), span)));
                }
            }
            let inner = children.iter().map(|child| simple_type(*child, context, false, walk));
            members.extend(inner.map(|type_| TypeRef::Anonymous(Box::new(Type::Simple(type_)))));
            Variety::Union { members }
        }
    }
}

/// The one type that an attribute names or a child defines.
fn one_type(
    node: Node<'_>,
    attribute: &str,
    children: &[Node<'_>],
    context: &Context,
    walk: &mut Walk<'_>,
) -> TypeRef {
    let inner = children.iter().find(|child| child.local() == "simpleType");
    match (node.attribute(attribute), inner) {
        (Some(name), None) => match context.reference(name, walk) {
            Some((name, span)) => TypeRef::Named(name, span),
            None => TypeRef::Ur(name.span()),
        },
        (None, Some(inner)) => TypeRef::Anonymous(Box::new(Type::Simple(simple_type(*inner, context, false, walk)))),
        (Some(_), Some(inner)) => {
            walk.error(inner.span(), both(node, attribute, inner.written()));
            TypeRef::Ur(node.span())
        }
        (None, None) => {
            walk.error(node.span(), format!("missing attribute `{attribute}` on `{}`", node.written()));
            TypeRef::Ur(node.span())
        }
    }
}

/// The facets among the children of a restriction.
pub(super) fn facets(children: &[Node<'_>], walk: &mut Walk<'_>) -> Vec<Facet> {
    let mut facets = Vec::new();
    for child in children {
        let Some(kind) = kind(child.local()) else { continue };
        check(*child, &FACET, walk);
        if let Some(value) = child.attribute("value") {
            // White space is part of a pattern and of an enumeration's value.
            let text = match kind {
                FacetKind::Enumeration | FacetKind::Pattern => Attr::raw(value),
                _ => Attr::value(value),
            };
            facets.push(Facet { kind, value: text.to_owned(), docs: child.docs(), span: value.span() });
        }
    }
    facets
}

fn kind(local: &str) -> Option<FacetKind> {
    Some(match local {
        "enumeration" => FacetKind::Enumeration,
        "fractionDigits" => FacetKind::FractionDigits,
        "length" => FacetKind::Length,
        "maxExclusive" => FacetKind::MaxExclusive,
        "maxInclusive" => FacetKind::MaxInclusive,
        "maxLength" => FacetKind::MaxLength,
        "minExclusive" => FacetKind::MinExclusive,
        "minInclusive" => FacetKind::MinInclusive,
        "minLength" => FacetKind::MinLength,
        "pattern" => FacetKind::Pattern,
        "totalDigits" => FacetKind::TotalDigits,
        "whiteSpace" => FacetKind::WhiteSpace,
        _ => return None,
    })
}
