//! `xs:attribute` and `xs:attributeGroup` (Structures 3.2 and 3.6), global and where they are used, and `xs:anyAttribute`.
//!
//! Attribute declarations enter, the model's leave. Never merges what a group holds into its user.

use std::collections::BTreeMap;

use super::super::node::{Attr, Node};
use super::super::rule::{self, Group, Rule};
use super::super::{Walk, value};
use super::{ANNOTATED, Scope, element, global_name, is_new, local_name, particle, reference, text};
use crate::diag::Span;
use crate::model::{Attribute, AttributeTerm, AttributeUse, QName, Use, Wildcard};

const CHILDREN: &[Group] = &[Group::One(&["annotation"]), Group::One(&["simpleType"])];

/// Reads a global attribute.
pub(super) fn global(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) {
    const RULE: Rule =
        Rule { required: &["name"], optional: &["type", "default", "fixed"], children: CHILDREN, extensions: &[] };
    let children = rule::check(node, &RULE, walk);
    let (name, span) = global_name(node, scope, walk);
    let attribute = declaration(node, &children, (name.clone(), span), scope, walk);
    if is_new("attribute", &name, span, walk) {
        walk.definitions.schema.attributes.insert(name, attribute);
    }
}

/// Reads a global attribute group.
pub(super) fn define_group(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[
            Group::One(&["annotation"]),
            Group::Many(&["attribute", "attributeGroup"]),
            Group::One(&["anyAttribute"]),
        ],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let (name, span) = global_name(node, scope, walk);
    let (attributes, any) = uses(&children, scope, walk);
    if let Some(any) = any {
        walk.error(any.span, format!("`{}` in `{}` is not supported yet", node.beside("anyAttribute"), node.written()));
    }
    if is_new("attribute group", &name, span, walk) {
        walk.definitions.schema.attribute_groups.insert(name, attributes);
    }
}

/// Reads the attributes among the children of a type or group.
pub(super) fn uses(children: &[Node<'_>], scope: &Scope, walk: &mut Walk<'_>) -> (Vec<AttributeUse>, Option<Wildcard>) {
    let (mut uses, mut any) = (Vec::new(), None);
    let mut seen = BTreeMap::new();
    for &child in children {
        match child.local() {
            "attribute" => uses.extend(local(child, &mut seen, scope, walk)),
            "attributeGroup" => uses.extend(use_group(child, scope, walk)),
            "anyAttribute" => any = Some(wildcard(child, walk)),
            _ => {}
        }
    }
    (uses, any)
}

fn local(node: Node<'_>, seen: &mut BTreeMap<QName, Span>, scope: &Scope, walk: &mut Walk<'_>) -> Option<AttributeUse> {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["name", "ref", "type", "default", "fixed", "form", "use"],
        children: CHILDREN,
        extensions: &[],
    };
    const USES: [(&str, Use); 3] =
        [("optional", Use::Optional), ("required", Use::Required), ("prohibited", Use::Prohibited)];
    let children = rule::check(node, &RULE, walk);
    let use_ = value::word(node.attribute("use"), &USES, walk).unwrap_or(Use::Optional);
    if let Some(default) = node.attribute("default").filter(|_| use_ != Use::Optional) {
        let words = node.attribute("use").map_or("", Attr::value);
        walk.error(default.name_span(), format!("`{}` has both `default` and `use=\"{words}\"`", node.written()));
    }
    let term = if let Some(target) = node.attribute("ref") {
        rule::exclude(node, "ref", &["name", "type", "form"], walk);
        // The model keeps no value of its own for a reference.
        for attribute in ["default", "fixed"].iter().filter_map(|name| node.attribute(name)) {
            walk.error(attribute.name_span(), format!("`{}` beside `ref` is not supported yet", attribute.written()));
        }
        if let Some(child) = children.first() {
            walk.error(child.span(), rule::both(node, "ref", child.written()));
        }
        let (name, span) = reference(target, scope, walk)?;
        walk.define_in(seen, "attribute", name.clone(), span);
        AttributeTerm::Ref(name, span)
    } else {
        if node.attribute("name").is_none() {
            walk.error(node.span(), format!("missing attribute `name` or `ref` on `{}`", node.written()));
        }
        let (name, span) = local_name(node, scope.qualified_attributes, scope, walk);
        if !name.local.is_empty() {
            walk.define_in(seen, "attribute", name.clone(), span);
        }
        AttributeTerm::Local(declaration(node, &children, (name, span), scope, walk))
    };
    Some(AttributeUse { use_, term, span: node.span() })
}

fn use_group(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Option<AttributeUse> {
    const RULE: Rule = Rule { required: &["ref"], optional: &[], children: ANNOTATED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let (name, span) = reference(node.attribute("ref")?, scope, walk)?;
    Some(AttributeUse { use_: Use::Optional, term: AttributeTerm::GroupRef(name, span), span: node.span() })
}

fn declaration(
    node: Node<'_>,
    children: &[Node<'_>],
    (name, span): (QName, Span),
    scope: &Scope,
    walk: &mut Walk<'_>,
) -> Attribute {
    rule::exclude(node, "default", &["fixed"], walk);
    Attribute {
        name,
        span,
        docs: node.docs(),
        type_: element::type_ref(node, node.attribute("type"), children, scope, walk),
        default: text(node.attribute("default")),
        fixed: text(node.attribute("fixed")),
    }
}

fn wildcard(node: Node<'_>, walk: &mut Walk<'_>) -> Wildcard {
    const RULE: Rule =
        Rule { required: &[], optional: &["namespace", "processContents"], children: ANNOTATED, extensions: &[] };
    rule::check(node, &RULE, walk);
    particle::wildcard(node, walk)
}
