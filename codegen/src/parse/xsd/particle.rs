//! Particles (Structures 3.8 to 3.10): `xs:sequence`, `xs:choice`, `xs:all`, `xs:group`, `xs:any`, and elements among them.
//!
//! A particle's element enters, the model's particle leaves. Recurses as deep as the document is nested, which is limited when it is read.
//! Never expands a group.

use super::super::node::{Attr, Node};
use super::super::rule::{self, Group, Rule};
use super::super::{Walk, value};
use super::{ANNOTATED, Scope, element, global_name, is_new, reference};
use crate::model::{Occurs, Particle, Term, Wildcard};

/// The elements that are particles of a type's content.
pub(super) const MODELS: &[&str] = &["sequence", "choice", "all", "group"];

const OCCURS: &[&str] = &["minOccurs", "maxOccurs"];

/// Reads a particle; `None` after a diagnostic.
pub(super) fn particle(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Option<Particle> {
    let term = match node.local() {
        "element" => element::local(node, scope, walk)?,
        "group" => use_group(node, scope, walk)?,
        "any" => any(node, walk),
        "all" => Term::All(all(node, scope, walk)),
        "choice" => Term::Choice(list(node, scope, walk)),
        _ => Term::Sequence(list(node, scope, walk)),
    };
    Some(Particle { occurs: value::occurs(node, walk), term, span: node.span() })
}

/// Reads a global group.
pub(super) fn define_group(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[Group::One(&["annotation"]), Group::One(&["sequence", "choice", "all"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let (name, span) = global_name(node, scope, walk);
    if children.is_empty() {
        let [sequence, choice, all] = ["sequence", "choice", "all"].map(|local| node.beside(local));
        walk.error(node.span(), format!("`{}` holds no `{sequence}`, `{choice}` or `{all}`", node.written()));
    }
    let content = children.first().and_then(|&child| particle(child, scope, walk));
    if is_new("group", &name, span, walk) {
        // Without content, which has been reported, it is still a group that others may name.
        let empty = || Particle { occurs: Occurs::ONCE, term: Term::Sequence(Vec::new()), span };
        walk.definitions.schema.groups.insert(name, content.unwrap_or_else(empty));
    }
}

fn list(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Vec<Particle> {
    const RULE: Rule = Rule {
        required: &[],
        optional: OCCURS,
        children: &[Group::One(&["annotation"]), Group::Many(&["element", "group", "choice", "sequence", "any"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    children.into_iter().filter_map(|child| particle(child, scope, walk)).collect()
}

/// `xs:all` and its elements stand at most once each (Structures 3.8.6).
fn all(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Vec<Particle> {
    const RULE: Rule = Rule {
        required: &[],
        optional: OCCURS,
        children: &[Group::One(&["annotation"]), Group::Many(&["element"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    for particle in children.iter().chain([&node]) {
        if let Some(max) = particle.attribute("maxOccurs").filter(|max| !matches!(max.value(), "0" | "1")) {
            let message = format!("bad value `{}` for `maxOccurs`: expected `1` in `{}`", max.value(), node.written());
            walk.error(max.span(), message);
        }
    }
    children.into_iter().filter_map(|child| particle(child, scope, walk)).collect()
}

fn use_group(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Option<Term> {
    const RULE: Rule = Rule { required: &["ref"], optional: OCCURS, children: ANNOTATED, extensions: &[] };
    rule::check(node, &RULE, walk);
    reference(node.attribute("ref")?, scope, walk).map(|(name, span)| Term::GroupRef(name, span))
}

fn any(node: Node<'_>, walk: &mut Walk<'_>) -> Term {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["namespace", "processContents", "minOccurs", "maxOccurs"],
        children: ANNOTATED,
        extensions: &[],
    };
    rule::check(node, &RULE, walk);
    Term::Any(wildcard(node, walk))
}

/// What `xs:any` and `xs:anyAttribute` have in common.
pub(super) fn wildcard(node: Node<'_>, walk: &mut Walk<'_>) -> Wildcard {
    value::word(node.attribute("processContents"), &[("strict", ()), ("lax", ()), ("skip", ())], walk);
    let namespace = node.attribute("namespace");
    if let Some(namespace) = namespace {
        let items = namespace.items();
        let alone = items.len() == 1;
        let wrong = |item: &str| match item {
            "##any" | "##other" => !alone,
            "##targetNamespace" | "##local" => false,
            _ => item.starts_with("##"),
        };
        for (item, span) in items.into_iter().filter(|(item, _)| wrong(item)) {
            let expected = "expected `##any`, `##other`, or a list of namespaces, `##targetNamespace`, `##local`";
            walk.error(span, format!("bad value `{item}` for `namespace`: {expected}"));
        }
    }
    Wildcard { span: node.span(), namespace: namespace.map_or("##any", Attr::value).to_owned() }
}
