//! `xs:schema` (Structures 3.15): its global components into [`Schema`](crate::model::Schema).
//!
//! A schema's element enters, inline or a document's root; the components go to the definitions. Identity constraints are passed over,
//! since they say nothing about content. Never looks up a component that another names.

mod attribute;
mod complex;
mod element;
mod particle;
mod simple;

use super::node::{Attr, Node};
use super::rule::{self, Group, Rule};
use super::{Walk, imports, value};
use crate::diag::Span;
use crate::model::{Methods, QName, Type};

/// The children of an element that may hold nothing but an annotation.
pub(super) const ANNOTATED: &[Group] = &[Group::One(&["annotation"])];

const FORMS: [(&str, bool); 2] = [("qualified", true), ("unqualified", false)];

/// What a schema says for all that is in it.
struct Scope {
    /// The target namespace, empty for none.
    target: String,
    /// Whether it takes its namespace from the schema that includes it: names in no namespace then are in that one too.
    chameleon: bool,
    /// Whether local elements are in the target namespace unless they say otherwise.
    qualified_elements: bool,
    /// Whether local attributes are in the target namespace unless they say otherwise.
    qualified_attributes: bool,
    /// What components block that do not say.
    block: Methods,
    /// What components are final for that do not say.
    final_: Methods,
}

/// Reads a schema. `namespace` is its target namespace, or that of the schema that includes it.
pub(super) fn schema(node: Node<'_>, namespace: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &[],
        optional: &[
            "targetNamespace",
            "version",
            "elementFormDefault",
            "attributeFormDefault",
            "blockDefault",
            "finalDefault",
        ],
        children: &[
            Group::Many(&["annotation", "include", "import"]),
            Group::Many(&[
                "annotation",
                "element",
                "complexType",
                "simpleType",
                "group",
                "attribute",
                "attributeGroup",
            ]),
        ],
        extensions: &[],
    };
    if let Some(target) = node.attribute("targetNamespace").filter(|target| target.value().is_empty()) {
        value::bad(target, "a namespace, or no attribute where there is none", walk);
    }
    let none = Methods::default();
    let block = methods(node.attribute("blockDefault"), &["extension", "restriction", "substitution"], none, walk);
    let final_ = methods(node.attribute("finalDefault"), &["extension", "restriction", "list", "union"], none, walk);
    let scope = Scope {
        block,
        final_,
        target: namespace.to_owned(),
        chameleon: node.attribute("targetNamespace").is_none() && !namespace.is_empty(),
        qualified_elements: value::word(node.attribute("elementFormDefault"), &FORMS, walk) == Some(true),
        qualified_attributes: value::word(node.attribute("attributeFormDefault"), &FORMS, walk) == Some(true),
    };
    walk.namespaces.insert(namespace.to_owned());
    for child in rule::check(node, &RULE, walk) {
        match child.local() {
            "include" => imports::include(child, &scope.target, walk),
            "import" => imports::import(child, &scope.target, walk),
            "element" => element::global(child, &scope, walk),
            "complexType" => {
                let (name, span) = global_name(child, &scope, walk);
                let type_ = complex::complex_type(child, Some((name.clone(), span)), &scope, walk);
                define_type(name, span, Type::Complex(type_), walk);
            }
            "simpleType" => {
                let (name, span) = global_name(child, &scope, walk);
                let type_ = simple::simple_type(child, Some((name.clone(), span)), &scope, walk);
                define_type(name, span, Type::Simple(type_), walk);
            }
            "group" => particle::define_group(child, &scope, walk),
            "attribute" => attribute::global(child, &scope, walk),
            _ => attribute::define_group(child, &scope, walk),
        }
    }
}

/// The name of a global component and its place. One that is missing has been reported by its rule, and is empty.
fn global_name(node: Node<'_>, scope: &Scope, walk: &mut Walk<'_>) -> (QName, Span) {
    match value::name(node, walk) {
        Some((name, span)) => (QName::new(&*scope.target, name), span),
        None => (QName::new(&*scope.target, ""), node.span()),
    }
}

/// Whether a component has a name, and is the first of its kind that has it.
fn is_new(kind: &'static str, name: &QName, span: Span, walk: &mut Walk<'_>) -> bool {
    !name.local.is_empty() && walk.define(kind, name, span)
}

fn define_type(name: QName, span: Span, type_: Type, walk: &mut Walk<'_>) {
    if is_new("type", &name, span, walk) {
        walk.definitions.schema.types.insert(name, type_);
    }
}

/// A name that points at a component, and its place.
fn reference(attribute: Attr<'_>, scope: &Scope, walk: &mut Walk<'_>) -> Option<(QName, Span)> {
    value::qname(attribute, walk).map(|(name, span)| (adopted(name, scope), span))
}

/// A name as the schema means it: one in no namespace follows the schema into the namespace that includes it.
fn adopted(name: QName, scope: &Scope) -> QName {
    if scope.chameleon && name.namespace.is_empty() { QName::new(&*scope.target, name.local) } else { name }
}

/// The name of a local element or attribute: qualified or not as its `form` or the schema says.
fn local_name(node: Node<'_>, qualified: bool, scope: &Scope, walk: &mut Walk<'_>) -> (QName, Span) {
    let qualified = value::word(node.attribute("form"), &FORMS, walk).unwrap_or(qualified);
    let (name, span) = value::name(node, walk).unwrap_or(("", node.span()));
    (QName::new(if qualified { &*scope.target } else { "" }, name), span)
}

/// An attribute's value as it is, and its place.
fn text(attribute: Option<Attr<'_>>) -> Option<(String, Span)> {
    attribute.map(|attribute| (attribute.raw().to_owned(), attribute.span()))
}

/// The methods that `block` or `final` lists, of those that `words` names; or the schema's default for it, as far as it is for these.
fn methods(attribute: Option<Attr<'_>>, words: &[&str], default: Methods, walk: &mut Walk<'_>) -> Methods {
    let Some(attribute) = attribute else { return named(|word| words.contains(&word) && has(default, word)) };
    let items = attribute.items();
    let all = attribute.value() == "#all";
    if !all && !items.iter().all(|(item, _)| words.contains(item)) {
        let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        value::bad(attribute, &format!("`#all` or a list of {}", words.join(", ")), walk);
    }
    named(|word| words.contains(&word) && (all || items.iter().any(|(item, _)| *item == word)))
}

fn named(is: impl Fn(&str) -> bool) -> Methods {
    let [extension, restriction] = ["extension", "restriction"].map(&is);
    Methods { extension, restriction, list: is("list"), union: is("union"), substitution: is("substitution") }
}

fn has(methods: Methods, word: &str) -> bool {
    match word {
        "extension" => methods.extension,
        "restriction" => methods.restriction,
        "list" => methods.list,
        "union" => methods.union,
        _ => methods.substitution,
    }
}
