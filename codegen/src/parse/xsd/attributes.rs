//! `xs:attribute`, `xs:attributeGroup` and `xs:anyAttribute` (Structures 3.2, 3.6, 3.10).

use super::super::node::{Attr, Node};
use super::super::rule::{Group, Rule, check, exclude};
use super::super::{Walk, value};
use super::{Context, FORMS, Seen, type_ref};
use crate::model::{Attribute, AttributeTerm, AttributeUse, Use, Wildcard};

const GLOBAL: Rule = Rule {
    required: &["name"],
    optional: &["type", "default", "fixed"],
    children: &[Group::One(&["annotation"]), Group::One(&["simpleType"])],
    extensions: &[],
};
const LOCAL: Rule = Rule {
    required: &[],
    optional: &["name", "ref", "type", "use", "default", "fixed", "form"],
    children: &[Group::One(&["annotation"]), Group::One(&["simpleType"])],
    extensions: &[],
};
const GLOBAL_GROUP: Rule = Rule {
    required: &["name"],
    optional: &[],
    children: &[
        Group::One(&["annotation"]),
        Group::Many(&["attribute", "attributeGroup"]),
        Group::One(&["anyAttribute"]),
    ],
    extensions: &[],
};
const GROUP: Rule = Rule {
    required: &["ref"],
    optional: &[],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};
const ANY: Rule = Rule {
    required: &[],
    optional: &["namespace", "processContents"],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};
const USES: [(&str, Use); 3] =
    [("optional", Use::Optional), ("required", Use::Required), ("prohibited", Use::Prohibited)];

/// Reads a global attribute.
pub(super) fn global(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) {
    let children = check(node, &GLOBAL, walk);
    let Some((name, span)) = value::name(node, walk) else { return };
    let name = context.global(name);
    let type_ = type_ref(node, &children, context, walk);
    if walk.define("attribute", &name, span) {
        let attribute = attribute(node, Attribute { name: name.clone(), span, docs: node.docs(), type_, default: None, fixed: None });
        walk.definitions.schema.attributes.insert(name, attribute);
    }
}

/// Reads a global attribute group.
pub(super) fn global_group(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) {
    let children = check(node, &GLOBAL_GROUP, walk);
    let (uses, any) = uses(&children, context, walk);
    if let Some(any) = any {
        walk.error(any.span, format!("`{}` is not supported yet", node.beside("anyAttribute")));
    }
    let Some((name, span)) = value::name(node, walk) else { return };
    let name = context.global(name);
    if walk.define("attributeGroup", &name, span) {
        walk.definitions.schema.attribute_groups.insert(name, uses);
    }
}

/// The attributes among the children of a type or group.
pub(super) fn uses(
    children: &[Node<'_>],
    context: &Context,
    walk: &mut Walk<'_>,
) -> (Vec<AttributeUse>, Option<Wildcard>) {
    let (mut uses, mut any, mut seen) = (Vec::new(), None, Seen::new());
    for child in children {
        match child.local() {
            "attribute" => uses.extend(local(*child, context, &mut seen, walk)),
            "attributeGroup" => {
                check(*child, &GROUP, walk);
                if let Some((name, span)) = child.attribute("ref").and_then(|name| context.reference(name, walk)) {
                    let term = AttributeTerm::GroupRef(name, span);
                    uses.push(AttributeUse { use_: Use::Optional, term, span: child.span() });
                }
            }
            "anyAttribute" => {
                check(*child, &ANY, walk);
                any = Some(wildcard(*child));
            }
            _ => {}
        }
    }
    (uses, any)
}

/// A wildcard for elements or attributes.
pub(super) fn wildcard(node: Node<'_>) -> Wildcard {
    let namespace = node.attribute("namespace").map_or("##any", Attr::value).to_owned();
    Wildcard { span: node.span(), namespace }
}

fn local(node: Node<'_>, context: &Context, seen: &mut Seen, walk: &mut Walk<'_>) -> Option<AttributeUse> {
    let children = check(node, &LOCAL, walk);
    let use_ = value::word(node.attribute("use"), &USES, walk).unwrap_or(Use::Optional);
    let span = node.span();
    if let Some(reference) = node.attribute("ref") {
        exclude(node, "ref", &["name", "type", "form"], walk);
        let (name, at) = context.reference(reference, walk)?;
        return Some(AttributeUse { use_, term: AttributeTerm::Ref(name, at), span });
    }
    let Some((name, at)) = value::name(node, walk) else {
        walk.error(span, format!("missing attribute `name` on `{}`", node.written()));
        return None;
    };
    let qualified = value::word(node.attribute("form"), &FORMS, walk).unwrap_or(context.attributes_qualified);
    let name = context.local(name, qualified);
    let type_ = type_ref(node, &children, context, walk);
    let declared = Attribute { name: name.clone(), span: at, docs: node.docs(), type_, default: None, fixed: None };
    walk.define_in(seen, "attribute", name, at)
        .then(|| AttributeUse { use_, term: AttributeTerm::Local(attribute(node, declared)), span })
}

fn attribute(node: Node<'_>, attribute: Attribute) -> Attribute {
    let text = |attribute: Attr<'_>| (attribute.raw().to_owned(), attribute.span());
    Attribute {
        default: node.attribute("default").map(text),
        fixed: node.attribute("fixed").map(text),
        ..attribute
    }
}
