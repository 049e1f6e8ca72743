//! `xs:simpleType` (Structures 3.14) and the facets of Datatypes 4.3.
//!
//! A simple type's element enters, the model's type leaves. Never holds a facet against its base.

use super::super::node::Node;
use super::super::rule::{self, Group, Rule};
use super::super::{Walk, value};
use super::{ANNOTATED, Scope, adopted, element, methods};
use crate::diag::Span;
use crate::model::{Facet, FacetKind, QName, SimpleType, Type, TypeRef, Variety};

/// The names of all facets.
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

const ANNOTATION: Group = Group::One(&["annotation"]);

/// Reads a simple type; an anonymous one has no name.
pub(super) fn simple_type(
    node: Node<'_>,
    name: Option<(QName, Span)>,
    scope: &Scope,
    walk: &mut Walk<'_>,
) -> SimpleType {
    const CHILDREN: &[Group] = &[ANNOTATION, Group::One(&["restriction", "list", "union"])];
    const GLOBAL: Rule = Rule { required: &["name"], optional: &["final"], children: CHILDREN, extensions: &[] };
    const LOCAL: Rule = Rule { required: &[], optional: &[], children: CHILDREN, extensions: &[] };
    let children = rule::check(node, if name.is_some() { &GLOBAL } else { &LOCAL }, walk);
    let final_ = methods(node.attribute("final"), &["restriction", "list", "union"], scope.final_, walk);
    let variety = match children.first() {
        Some(&child) => match child.local() {
            "list" => list(child, scope, walk),
            "union" => union(child, scope, walk),
            _ => restriction(child, scope, walk),
        },
        None => {
            let [restriction, list, union] = ["restriction", "list", "union"].map(|local| node.beside(local));
            walk.error(node.span(), format!("`{}` holds no `{restriction}`, `{list}` or `{union}`", node.written()));
            Variety::Restriction { base: TypeRef::Ur(node.span()), facets: Vec::new() }
        }
    };
    let (name, span) = name.map_or((None, node.span()), |(name, span)| (Some(name), span));
    SimpleType { name, span, docs: node.docs(), final_, variety }
}

fn restriction(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Variety {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["base"],
        children: &[ANNOTATION, Group::One(&["simpleType"]), Group::Many(FACETS)],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let base = one_type(node, "base", &children, scope, walk);
    Variety::Restriction { base, facets: facets(&children, walk) }
}

fn list(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Variety {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["itemType"],
        children: &[ANNOTATION, Group::One(&["simpleType"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    Variety::List { item: one_type(node, "itemType", &children, scope, walk) }
}

/// The type that the attribute `name` gives, or the one child.
fn one_type(node: Node<'_>, name: &str, children: &[Node<'_>], scope: &Scope, walk: &mut Walk<'_>) -> TypeRef {
    if node.attribute(name).is_none() && !children.iter().any(|child| child.local() == "simpleType") {
        let type_ = node.beside("simpleType");
        walk.error(node.span(), format!("`{}` has neither `{name}` nor `{type_}`", node.written()));
    }
    element::type_ref(node, node.attribute(name), children, scope, walk)
}

fn union(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Variety {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["memberTypes"],
        children: &[ANNOTATION, Group::Many(&["simpleType"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let named: Vec<_> = node.attribute("memberTypes").into_iter().flat_map(|named| named.items()).collect();
    if named.is_empty() && children.is_empty() {
        let type_ = node.beside("simpleType");
        walk.error(node.span(), format!("`{}` has neither `memberTypes` nor `{type_}`", node.written()));
    }
    let mut members = Vec::new();
    if let Some(attribute) = node.attribute("memberTypes") {
        for (item, span) in named {
            let name = value::resolve(attribute, item, span, walk);
            members.extend(name.map(|name| TypeRef::Named(adopted(name, scope), span)));
        }
    }
    for child in children {
        members.push(TypeRef::Anonymous(Box::new(Type::Simple(simple_type(child, None, scope, walk)))));
    }
    Variety::Union { members }
}

/// Reads the facets among the children of a restriction.
pub(super) fn facets(children: &[Node<'_>], walk: &mut Walk<'_>) -> Vec<Facet> {
    children.iter().filter_map(|&child| facet(child, walk)).collect()
}

fn facet(node: Node<'_>, walk: &mut Walk<'_>) -> Option<Facet> {
    const FIXABLE: Rule = Rule { required: &["value"], optional: &["fixed"], children: ANNOTATED, extensions: &[] };
    const PLAIN: Rule = Rule { required: &["value"], optional: &[], children: ANNOTATED, extensions: &[] };
    let kind = kind(node.local())?;
    let listed = matches!(kind, FacetKind::Enumeration | FacetKind::Pattern);
    rule::check(node, if listed { &PLAIN } else { &FIXABLE }, walk);
    value::boolean(node.attribute("fixed"), walk);
    let attribute = node.attribute("value")?;
    // White space around a value belongs to it where the base keeps it.
    let value = if listed { attribute.raw() } else { attribute.value() };
    let counts = matches!(
        kind,
        FacetKind::FractionDigits
            | FacetKind::Length
            | FacetKind::MaxLength
            | FacetKind::MinLength
            | FacetKind::TotalDigits
    );
    let digits = value.strip_prefix('+').unwrap_or(value);
    if counts && (digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit())) {
        value::bad(attribute, "a whole number", walk);
    }
    if kind == FacetKind::WhiteSpace {
        value::word(Some(attribute), &[("preserve", ()), ("replace", ()), ("collapse", ())], walk);
    }
    Some(Facet { kind, value: value.to_owned(), docs: node.docs(), span: attribute.span() })
}

fn kind(name: &str) -> Option<FacetKind> {
    Some(match name {
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
