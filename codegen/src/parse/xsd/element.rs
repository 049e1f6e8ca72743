//! `xs:element` (Structures 3.3), global and local.
//!
//! An element declaration enters, the model's leaves. Never decides what a substitution group's head or a missing type means.

use super::super::node::{Attr, Node};
use super::super::rule::{self, Group, Rule};
use super::super::{Walk, value};
use super::{Scope, complex, global_name, is_new, local_name, methods, reference, simple, text};
use crate::diag::Span;
use crate::model::{Element, QName, Term, Type, TypeRef};

// Identity constraints say which values may repeat, not what a document holds.
const CHILDREN: &[Group] = &[
    Group::One(&["annotation"]),
    Group::One(&["simpleType", "complexType"]),
    Group::Many(&["unique", "key", "keyref"]),
];

/// Reads a global element.
pub(super) fn global(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &["type", "nillable", "default", "fixed", "abstract", "substitutionGroup", "block", "final"],
        children: CHILDREN,
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    // It restricts which elements may follow in its substitution group, not what documents hold.
    methods(node.attribute("final"), &["extension", "restriction"], scope.final_, walk);
    let (name, span) = global_name(node, scope, walk);
    let element = Element {
        is_abstract: value::boolean(node.attribute("abstract"), walk).unwrap_or(false),
        substitution_group: node.attribute("substitutionGroup").and_then(|head| reference(head, scope, walk)),
        ..declaration(node, &children, (name.clone(), span), scope, walk)
    };
    if is_new("element", &name, span, walk) {
        walk.definitions.schema.elements.insert(name, element);
    }
}

/// Reads an element within a model group: a declaration or a reference; `None` after a diagnostic.
pub(super) fn local(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Option<Term> {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["name", "ref", "type", "nillable", "default", "fixed", "form", "block", "minOccurs", "maxOccurs"],
        children: CHILDREN,
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    if let Some(target) = node.attribute("ref") {
        rule::exclude(node, "ref", &["name", "type", "nillable", "default", "fixed", "form", "block"], walk);
        if let Some(child) = children.first() {
            walk.error(child.span(), rule::both(node, "ref", child.written()));
        }
        return reference(target, scope, walk).map(|(name, span)| Term::ElementRef(name, span));
    }
    if node.attribute("name").is_none() {
        walk.error(node.span(), format!("missing attribute `name` or `ref` on `{}`", node.written()));
    }
    let name = local_name(node, scope.qualified_elements, scope, walk);
    Some(Term::Element(Box::new(declaration(node, &children, name, scope, walk))))
}

/// What global and local declarations have in common.
fn declaration(
    node: Node<'_>,
    children: &[Node<'_>],
    (name, span): (QName, Span),
    scope: &Scope,
    walk: &mut Walk<'_>,
) -> Element {
    let block = methods(node.attribute("block"), &["extension", "restriction", "substitution"], scope.block, walk);
    rule::exclude(node, "default", &["fixed"], walk);
    Element {
        name,
        span,
        docs: node.docs(),
        type_: type_ref(node, node.attribute("type"), children, scope, walk),
        nillable: value::boolean(node.attribute("nillable"), walk).unwrap_or(false),
        is_abstract: false,
        block,
        substitution_group: None,
        default: text(node.attribute("default")),
        fixed: text(node.attribute("fixed")),
    }
}

/// The type that an attribute names, or that is defined among the children.
pub(super) fn type_ref(
    node: Node<'_>,
    named: Option<Attr<'_>>,
    children: &[Node<'_>],
    scope: &Scope,
    walk: &mut Walk<'_>,
) -> TypeRef {
    let anonymous = children.iter().find(|child| matches!(child.local(), "simpleType" | "complexType"));
    let anonymous = anonymous.map(|&child| match child.local() {
        "simpleType" => (child, Type::Simple(simple::simple_type(child, None, scope, walk))),
        _ => (child, Type::Complex(complex::complex_type(child, None, scope, walk))),
    });
    if let (Some(named), Some((child, _))) = (named, &anonymous) {
        walk.error(child.span(), rule::both(node, named.local(), child.written()));
    }
    match (named.map(|named| reference(named, scope, walk)), anonymous) {
        (Some(Some((name, span))), _) => TypeRef::Named(name, span),
        (_, Some((_, type_))) => TypeRef::Anonymous(Box::new(type_)),
        _ => TypeRef::Ur(node.span()),
    }
}
