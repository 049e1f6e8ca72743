//! `xs:schema` (XML Schema Part 1): its global components and how their names are qualified.
//!
//! A schema's root enters, its components go into the walk's definitions.

mod attributes;
mod complex;
mod simple;

use std::collections::BTreeMap;

use super::node::{Attr, Node};
use super::rule::{Group, Rule, both, check, exclude};
use super::{Walk, imports, value};
use crate::diag::Span;
use crate::model::{Element, QName, Type, TypeRef, XS};

const SCHEMA: Rule = Rule {
    required: &[],
    optional: &[
        "targetNamespace",
        "version",
        "elementFormDefault",
        "attributeFormDefault",
        "blockDefault",
        "finalDefault",
    ],
    children: &[Group::Many(&[
        "annotation",
        "include",
        "import",
        "simpleType",
        "complexType",
        "group",
        "attributeGroup",
        "element",
        "attribute",
    ])],
    extensions: &[],
};
const IMPORT: Rule = Rule {
    required: &[],
    optional: &["namespace", "schemaLocation"],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};
const INCLUDE: Rule = Rule {
    required: &["schemaLocation"],
    optional: &[],
    children: &[Group::One(&["annotation"])],
    extensions: &[],
};
const ELEMENT_CHILDREN: &[Group] = &[
    Group::One(&["annotation"]),
    Group::One(&["simpleType", "complexType"]),
    // Identity constraints say which values may go together, not what an element holds.
    Group::Many(&["unique", "key", "keyref"]),
];
const GLOBAL_ELEMENT: Rule = Rule {
    required: &["name"],
    optional: &["type", "nillable", "abstract", "substitutionGroup", "default", "fixed", "block", "final"],
    children: ELEMENT_CHILDREN,
    extensions: &[],
};
const LOCAL_ELEMENT: Rule = Rule {
    required: &[],
    optional: &["name", "ref", "type", "minOccurs", "maxOccurs", "nillable", "default", "fixed", "block", "form"],
    children: ELEMENT_CHILDREN,
    extensions: &[],
};

const FORMS: [(&str, bool); 2] = [("qualified", true), ("unqualified", false)];

/// What holds for all names of one schema document.
struct Context {
    /// Its target namespace, its includer's where it has none.
    target: String,
    /// Whether it was included without a namespace of its own, so that names without a prefix are in the includer's.
    chameleon: bool,
    elements_qualified: bool,
    attributes_qualified: bool,
}

impl Context {
    fn global(&self, name: &str) -> QName {
        QName::new(self.target.clone(), name)
    }

    fn local(&self, name: &str, qualified: bool) -> QName {
        QName::new(if qualified { self.target.clone() } else { String::new() }, name)
    }

    /// The name of another component.
    fn reference(&self, attribute: Attr<'_>, walk: &mut Walk<'_>) -> Option<(QName, Span)> {
        value::qname(attribute, walk).map(|(name, span)| (self.adopt(name), span))
    }

    fn adopt(&self, name: QName) -> QName {
        if self.chameleon && name.namespace.is_empty() { self.global(&name.local) } else { name }
    }
}

/// Reads a schema's root element. `includer` is the namespace of the schema that includes it.
pub(super) fn schema(node: Node<'_>, includer: Option<&str>, walk: &mut Walk<'_>) {
    if !node.is(XS, "schema") {
        let message = format!("found `{}`, expected the root element `schema` of an XML Schema", node.written());
        walk.error(node.span(), message);
        return;
    }
    let own = node.attribute("targetNamespace").map(Attr::value);
    let context = Context {
        target: own.or(includer).unwrap_or("").to_owned(),
        chameleon: own.is_none() && includer.is_some(),
        elements_qualified: value::word(node.attribute("elementFormDefault"), &FORMS, walk).unwrap_or(false),
        attributes_qualified: value::word(node.attribute("attributeFormDefault"), &FORMS, walk).unwrap_or(false),
    };
    walk.namespaces.insert(context.target.clone());
    for child in check(node, &SCHEMA, walk) {
        match child.local() {
            "import" => {
                check(child, &IMPORT, walk);
                imports::import(child, walk);
            }
            "include" => {
                check(child, &INCLUDE, walk);
                imports::include(child, &context.target, walk);
            }
            "element" => global_element(child, &context, walk),
            "attribute" => attributes::global(child, &context, walk),
            "attributeGroup" => attributes::global_group(child, &context, walk),
            "group" => complex::global_group(child, &context, walk),
            "simpleType" => {
                let type_ = simple::simple_type(child, &context, true, walk);
                define_type(type_.name.clone(), type_.span, Type::Simple(type_), walk);
            }
            _ => {
                let type_ = complex::complex_type(child, &context, true, walk);
                define_type(type_.name.clone(), type_.span, Type::Complex(type_), walk);
            }
        }
    }
}

fn define_type(name: Option<QName>, span: Span, type_: Type, walk: &mut Walk<'_>) {
    if let Some(name) = name
        && walk.define("type", &name, span)
    {
        walk.definitions.schema.types.insert(name, type_);
    }
}

fn global_element(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) {
    let children = check(node, &GLOBAL_ELEMENT, walk);
    let Some((name, span)) = value::name(node, walk) else { return };
    let element = element(node, &children, (context.global(name), span), context, walk);
    if walk.define("element", &element.name, span) {
        walk.definitions.schema.elements.insert(element.name.clone(), element);
    }
}

/// A local element, or the global one that it refers to.
fn local_element(node: Node<'_>, context: &Context, walk: &mut Walk<'_>) -> Option<Result<Element, (QName, Span)>> {
    let children = check(node, &LOCAL_ELEMENT, walk);
    if let Some(reference) = node.attribute("ref") {
        exclude(node, "ref", &["name", "type", "nillable", "default", "fixed", "form"], walk);
        return context.reference(reference, walk).map(Err);
    }
    let Some((name, span)) = value::name(node, walk) else {
        walk.error(node.span(), format!("missing attribute `name` on `{}`", node.written()));
        return None;
    };
    let qualified = value::word(node.attribute("form"), &FORMS, walk).unwrap_or(context.elements_qualified);
    Some(Ok(element(node, &children, (context.local(name, qualified), span), context, walk)))
}

fn element(
    node: Node<'_>,
    children: &[Node<'_>],
    (name, span): (QName, Span),
    context: &Context,
    walk: &mut Walk<'_>,
) -> Element {
    exclude(node, "default", &["fixed"], walk);
    let text = |attribute: Attr<'_>| (attribute.raw().to_owned(), attribute.span());
    Element {
        name,
        span,
        docs: node.docs(),
        type_: type_ref(node, children, context, walk),
        nillable: value::boolean(node.attribute("nillable"), walk).unwrap_or(false),
        is_abstract: value::boolean(node.attribute("abstract"), walk).unwrap_or(false),
        substitution_group: node.attribute("substitutionGroup").and_then(|head| context.reference(head, walk)),
        default: node.attribute("default").map(text),
        fixed: node.attribute("fixed").map(text),
    }
}

/// The type of an element or attribute: named, anonymous, or neither.
fn type_ref(node: Node<'_>, children: &[Node<'_>], context: &Context, walk: &mut Walk<'_>) -> TypeRef {
    let anonymous = children.iter().find(|child| matches!(child.local(), "simpleType" | "complexType"));
    if let Some(type_) = node.attribute("type") {
        if let Some(anonymous) = anonymous {
            walk.error(anonymous.span(), both(node, "type", anonymous.written()));
        }
        return match context.reference(type_, walk) {
            Some((name, span)) => TypeRef::Named(name, span),
            None => TypeRef::Ur(type_.span()),
        };
    }
    match anonymous {
        Some(child) if child.local() == "simpleType" => {
            TypeRef::Anonymous(Box::new(Type::Simple(simple::simple_type(*child, context, false, walk))))
        }
        Some(child) => TypeRef::Anonymous(Box::new(Type::Complex(complex::complex_type(*child, context, false, walk)))),
        None => TypeRef::Ur(node.span()),
    }
}

/// The name of a global type; an anonymous one must have none.
fn type_name(node: Node<'_>, context: &Context, global: bool, walk: &mut Walk<'_>) -> (Option<QName>, Span) {
    let name = value::name(node, walk);
    match (name, global) {
        (Some((name, span)), true) => (Some(context.global(name)), span),
        (None, true) => {
            walk.error(node.span(), format!("missing attribute `name` on `{}`", node.written()));
            (None, node.span())
        }
        (Some((_, span)), false) => {
            walk.error(span, format!("`{}` inside another component may not have a name", node.written()));
            (None, node.span())
        }
        (None, false) => (None, node.span()),
    }
}

/// Names already taken within one component.
type Seen = BTreeMap<QName, Span>;
