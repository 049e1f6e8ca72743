//! `xs:complexType` (Structures 3.4): derivation, content, attributes.
//!
//! A complex type's element enters, the model's type leaves. Never adds what is inherited.

use super::super::node::Node;
use super::super::rule::{self, Group, Rule};
use super::super::{Walk, value};
use super::{Scope, attribute, methods, particle, reference, simple};
use crate::diag::Span;
use crate::model::{AttributeUse, ComplexType, Content, Derivation, QName, Wildcard};

const ANNOTATION: Group = Group::One(&["annotation"]);
const ATTRIBUTES: Group = Group::Many(&["attribute", "attributeGroup"]);
const ANY_ATTRIBUTE: Group = Group::One(&["anyAttribute"]);

/// What a type says of its content, by itself or within `xs:complexContent` or `xs:simpleContent`.
struct Body {
    derivation: Derivation,
    content: Content,
    attributes: Vec<AttributeUse>,
    any_attribute: Option<Wildcard>,
}

/// Reads a complex type; an anonymous one has no name.
pub(super) fn complex_type(
    node: Node<'_>,
    name: Option<(QName, Span)>,
    scope: &Scope,
    walk: &mut Walk<'_>,
) -> ComplexType {
    const CHILDREN: &[Group] = &[
        ANNOTATION,
        Group::One(&["simpleContent", "complexContent", "sequence", "choice", "all", "group"]),
        ATTRIBUTES,
        ANY_ATTRIBUTE,
    ];
    const GLOBAL: Rule = Rule {
        required: &["name"],
        optional: &["mixed", "abstract", "block", "final"],
        children: CHILDREN,
        extensions: &[],
    };
    const LOCAL: Rule = Rule { required: &[], optional: &["mixed"], children: CHILDREN, extensions: &[] };
    let children = rule::check(node, if name.is_some() { &GLOBAL } else { &LOCAL }, walk);
    let words = ["extension", "restriction"];
    let (block, final_) = match name {
        Some(_) => (
            methods(node.attribute("block"), &words, scope.block, walk),
            methods(node.attribute("final"), &words, scope.final_, walk),
        ),
        None => Default::default(),
    };
    let outer = children.iter().copied().find(|child| matches!(child.local(), "simpleContent" | "complexContent"));
    let mut mixed = value::boolean(node.attribute("mixed"), walk).unwrap_or(false);
    if let Some(outer) = outer.filter(|outer| outer.local() == "complexContent") {
        // The inner one counts (Structures 3.4.2).
        mixed = value::boolean(outer.attribute("mixed"), walk).unwrap_or(mixed);
    }
    let body = match outer {
        None => plain(&children, scope, walk),
        Some(outer) => {
            // Attributes of a derived type stand in the derivation.
            let attributes =
                children.iter().find(|child| matches!(child.local(), "attribute" | "attributeGroup" | "anyAttribute"));
            if let Some(attribute) = attributes {
                let message = format!("`{}` may not stand after `{}`", attribute.written(), outer.written());
                walk.error(attribute.span(), format!("{message} in `{}`", node.written()));
            }
            derived(outer, scope, walk)
        }
    };
    let (name, span) = name.map_or((None, node.span()), |(name, span)| (Some(name), span));
    ComplexType {
        name,
        span,
        docs: node.docs(),
        is_abstract: value::boolean(node.attribute("abstract"), walk).unwrap_or(false),
        block,
        final_,
        mixed,
        derivation: body.derivation,
        content: body.content,
        attributes: body.attributes,
        any_attribute: body.any_attribute,
    }
}

/// Content and attributes among the children of a type or of its derivation.
fn plain(children: &[Node<'_>], scope: &Scope, walk: &mut Walk<'_>) -> Body {
    let model = children.iter().copied().find(|child| particle::MODELS.contains(&child.local()));
    let content = match model.and_then(|model| particle::particle(model, scope, walk)) {
        Some(particle) => Content::Particle(particle),
        None => Content::Empty,
    };
    let (attributes, any_attribute) = attribute::uses(children, scope, walk);
    Body { derivation: Derivation::None, content, attributes, any_attribute }
}

/// Reads `xs:complexContent` or `xs:simpleContent`.
fn derived(outer: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Body {
    const CHILDREN: &[Group] = &[ANNOTATION, Group::One(&["extension", "restriction"])];
    const COMPLEX: Rule = Rule { required: &[], optional: &["mixed"], children: CHILDREN, extensions: &[] };
    const SIMPLE: Rule = Rule { required: &[], optional: &[], children: CHILDREN, extensions: &[] };
    let is_simple = outer.local() == "simpleContent";
    let children = rule::check(outer, if is_simple { &SIMPLE } else { &COMPLEX }, walk);
    let Some(&inner) = children.first() else {
        let [extension, restriction] = ["extension", "restriction"].map(|local| outer.beside(local));
        walk.error(outer.span(), format!("`{}` holds no `{extension}` or `{restriction}`", outer.written()));
        return plain(&[], scope, walk);
    };
    let is_extension = inner.local() == "extension";
    let children = rule::check(inner, derivation_rule(is_simple, is_extension), walk);
    let base = inner.attribute("base").and_then(|base| reference(base, scope, walk));
    let derivation = match base {
        None => Derivation::None,
        Some((name, span)) if is_extension => Derivation::Extension(name, span),
        Some((name, span)) => Derivation::Restriction(name, span),
    };
    let mut body = plain(&children, scope, walk);
    if is_simple {
        let type_ = children.iter().copied().find(|child| child.local() == "simpleType");
        let type_ = type_.map(|type_| Box::new(simple::simple_type(type_, None, scope, walk)));
        body.content = Content::Simple { type_, facets: simple::facets(&children, walk) };
    }
    Body { derivation, ..body }
}

fn derivation_rule(is_simple: bool, is_extension: bool) -> &'static Rule {
    const fn derivation(children: &'static [Group]) -> Rule {
        Rule { required: &["base"], optional: &[], children, extensions: &[] }
    }
    const COMPLEX: Rule = derivation(&[ANNOTATION, Group::One(particle::MODELS), ATTRIBUTES, ANY_ATTRIBUTE]);
    const SIMPLE_EXTENSION: Rule = derivation(&[ANNOTATION, ATTRIBUTES, ANY_ATTRIBUTE]);
    const SIMPLE_RESTRICTION: Rule =
        derivation(&[ANNOTATION, Group::One(&["simpleType"]), Group::Many(simple::FACETS), ATTRIBUTES, ANY_ATTRIBUTE]);
    match (is_simple, is_extension) {
        (false, _) => &COMPLEX,
        (true, true) => &SIMPLE_EXTENSION,
        (true, false) => &SIMPLE_RESTRICTION,
    }
}
