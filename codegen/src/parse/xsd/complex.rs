//! `xs:complexType` (Structures 3.4), its content and particles (3.7 to 3.9).

use super::super::node::Node;
use super::super::rule::{Group, Rule, check};
use super::super::{Walk, value};
use super::{Context, attributes, local_element, simple, type_name};
use crate::diag::Span;
use crate::model::{ComplexType, Content, Derivation, Particle, QName, Term};

const PARTICLES: &[&str] = &["group", "all", "choice", "sequence"];

const COMPLEX_TYPE: Rule = Rule {
    required: &[],
    optional: &["name", "abstract", "mixed", "block", "final"],
    children: &[
        Group::One(&["annotation"]),
        Group::One(&["simpleContent", "complexContent", "group", "all", "choice", "sequence"]),
        Group::Many(&["attribute", "attributeGroup"]),
        Group::One(&["anyAttribute"]),
    ],
    extensions: &[],
};
const CONTENT: Rule = Rule {
    required: &[],
    optional: &["mixed"],
    children: &[Group::One(&["annotation"]), Group::One(&["restriction", "extension"])],
    extensions: &[],
};
const COMPLEX_DERIVATION: Rule = Rule {
    required: &["base"],
    optional: &[],
    children: &[
        Group::One(&["annotation"]),
        Group::One(PARTICLES),
        Group::Many(&["attribute", "attributeGroup"]),
        Group::One(&["anyAttribute"]),
    ],
    extensions: &[],
};
const SIMPLE_DERIVATION: Rule = Rule {
    required: &["base"],
    optional: &[],
    children: &[
        Group::One(&["annotation"]),
        Group::One(&["simpleType"]),
        Group::Many(simple::FACETS),
        Group::Many(&["attribute", "attributeGroup"]),
        Group::One(&["anyAttribute"]),
    ],
    extensions: &[],
};
const GLOBAL_GROUP: Rule = Rule {
    required: &["name"],
    optional: &[],
    children: &[Group::One(&["annotation"]), Group::One(&["all", "choice", "sequence"])],
    extensions: &[],
};
const GROUP: Rule = Rule {
    required: &["ref"],
    optional: &["minOccurs", "maxOccurs"],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};
const MODEL_GROUP: Rule = Rule {
    required: &[],
    optional: &["minOccurs", "maxOccurs"],
    children: &[Group::One(&["annotation"]), Group::Many(&["element", "group", "choice", "sequence", "any"])],
    extensions: &[],
};
const ALL: Rule = Rule {
    required: &[],
    optional: &["minOccurs", "maxOccurs"],
    children: &[Group::One(&["annotation"]), Group::Many(&["element"])],
    extensions: &[],
};
const ANY: Rule = Rule {
    required: &[],
    optional: &["namespace", "processContents", "minOccurs", "maxOccurs"],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};

/// Reads a complex type.
pub(super) fn complex_type(node: Node<'_>, context: &Context, global: bool, walk: &mut Walk<'_>) -> ComplexType {
    let children = check(node, &COMPLEX_TYPE, walk);
    let (name, span) = type_name(node, context, global, walk);
    let mut mixed = value::boolean(node.attribute("mixed"), walk).unwrap_or(false);
    let holder = children.iter().find(|child| matches!(child.local(), "simpleContent" | "complexContent"));
    let (mut derivation, mut content, mut inner) = (Derivation::None, None, children.clone());
    if let Some(holder) = holder {
        mixed |= value::boolean(holder.attribute("mixed"), walk).unwrap_or(false);
        let is_simple = holder.local() == "simpleContent";
        match check(*holder, &CONTENT, walk).first() {
            Some(child) => {
                inner = check(*child, if is_simple { &SIMPLE_DERIVATION } else { &COMPLEX_DERIVATION }, walk);
                if let Some((base, at)) = child.attribute("base").and_then(|base| context.reference(base, walk)) {
                    derivation = match child.local() {
                        "extension" => Derivation::Extension(base, at),
                        _ => Derivation::Restriction(base, at),
                    };
                }
                if is_simple {
                    let type_ = inner.iter().find(|child| child.local() == "simpleType");
                    let type_ = type_.map(|type_| Box::new(simple::simple_type(*type_, context, false, walk)));
                    content = Some(Content::Simple { type_, facets: simple::facets(&inner, walk) });
                }
            }
            None => {
                let message = format!("`{}` has no `{}`", holder.written(), holder.beside("extension"));
                walk.error(holder.span(), message);
            }
        }
    }
    let content = content.unwrap_or_else(|| {
        let particle = inner.iter().find(|child| PARTICLES.contains(&child.local()));
        particle.and_then(|particle| self::particle(*particle, context, walk)).map_or(Content::Empty, Content::Particle)
    });
    let (attributes, any_attribute) = attributes::uses(&inner, context, walk);
    let is_abstract = value::boolean(node.attribute("abstract"), walk).unwrap_or(false);
    ComplexType { name, span, docs: node.docs(), is_abstract, mixed, derivation, content, attributes, any_attribute }
}

/// Reads a global model group.
pub(super) fn global_group(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) {
    let children = check(node, &GLOBAL_GROUP, walk);
    let particle = match children.first() {
        Some(child) => particle(*child, context, walk),
        None => {
            walk.error(node.span(), format!("`{}` has no `{}`", node.written(), node.beside("sequence")));
            None
        }
    };
    let (Some((name, span)), Some(particle)) = (value::name(node, walk), particle) else { return };
    let name = context.global(name);
    if walk.define("group", &name, span) {
        walk.definitions.schema.groups.insert(name, particle);
    }
}

fn particle(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) -> Option<Particle> {
    let occurs = value::occurs(node, walk);
    let term = match node.local() {
        "element" => match local_element(node, context, walk)? {
            Ok(element) => Term::Element(Box::new(element)),
            Err((name, span)) => Term::ElementRef(name, span),
        },
        "group" => {
            check(node, &GROUP, walk);
            let (name, span): (QName, Span) = context.reference(node.attribute("ref")?, walk)?;
            Term::GroupRef(name, span)
        }
        "any" => {
            check(node, &ANY, walk);
            Term::Any(attributes::wildcard(node))
        }
        "all" => Term::All(particles(node, &ALL, context, walk)),
        "choice" => Term::Choice(particles(node, &MODEL_GROUP, context, walk)),
        _ => Term::Sequence(particles(node, &MODEL_GROUP, context, walk)),
    };
    Some(Particle { occurs, term, span: node.span() })
}

fn particles(node: Node<'_>, rule: &Rule, context: &Context, walk: &mut Walk<'_>) -> Vec<Particle> {
    let children = check(node, rule, walk);
    children.into_iter().filter_map(|child| particle(child, context, walk)).collect()
}
