//! `wsdl:definitions` (WSDL 1.1, section 2): messages, port types, services; types and bindings are read by their own modules.
//!
//! A document's root element enters, the components go to the definitions. Never looks up a component that another names.

use std::collections::BTreeMap;

use super::node::{Attr, Node};
use super::rule::{self, Group, Rule};
use super::{Walk, binding, imports, value, xsd};
use crate::diag::{Diagnostic, Span};
use crate::model::{Message, Part, PartContent, Port, PortOperation, PortType, QName, Reference, Service, XS};

/// The children of an element that may hold nothing but documentation.
pub(super) const DOCUMENTED: &[Group] = &[Group::Many(&["documentation"])];

/// Reads a document; `is_root` where it is the one to generate from and not an imported one.
pub(super) fn definitions(node: Node<'_>, is_root: bool, walk: &mut Walk<'_>) {
    // WSDL 1.1 shows an order, and its own schema leaves it open.
    const RULE: Rule = Rule {
        required: &[],
        optional: &["name", "targetNamespace"],
        children: &[Group::Many(&["documentation", "import", "types", "message", "portType", "binding", "service"])],
        extensions: &[],
    };
    let target = node.attribute("targetNamespace").map_or("", Attr::value);
    if is_root {
        walk.definitions.target_namespace = target.to_owned();
        walk.definitions.prefixes = node.prefixes().collect();
        walk.definitions.docs = node.docs();
    }
    for child in rule::check(node, &RULE, walk) {
        match child.local() {
            "import" => imports::wsdl_import(child, walk),
            "types" => types(child, walk),
            "message" => message(child, target, walk),
            "portType" => port_type(child, target, walk),
            "binding" => binding::binding(child, target, walk),
            _ => service(child, target, walk),
        }
    }
}

/// `wsdl:types` (2.2): schemas, each for itself.
fn types(node: Node<'_>, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule { required: &[], optional: &[], children: DOCUMENTED, extensions: &[XS] };
    for child in rule::check(node, &RULE, walk) {
        if child.local() == "schema" {
            let namespace = child.attribute("targetNamespace").map_or("", Attr::value);
            xsd::schema(child, namespace, walk);
        } else {
            walk.error(child.span(), format!("`{}` may not stand in `{}`", child.written(), node.written()));
        }
    }
    // Drafts of XML Schema had namespaces of their own, and other type systems are extensions: what they define would be missed.
    for other in node.children().filter(|child| child.local() == "schema" && child.namespace() != XS) {
        let report = Diagnostic::new(other.span(), format!("`{}` is not supported yet", other.written()));
        let note = format!("its namespace is `{}`, that of XML Schema 1.0 is `{XS}`", other.namespace());
        walk.diagnostics.push(report.note(note));
    }
}

/// `wsdl:message` (2.3).
fn message(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[Group::Many(&["documentation", "part"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let mut seen = BTreeMap::new();
    let parts = children.into_iter().filter_map(|child| part(child, &mut seen, walk)).collect();
    let Some((name, span)) = global_name(node, "message", target, walk) else {
        return;
    };
    walk.definitions.messages.insert(name, Message { span, parts });
}

fn part(node: Node<'_>, seen: &mut BTreeMap<QName, Span>, walk: &mut Walk<'_>) -> Option<Part> {
    const RULE: Rule =
        Rule { required: &["name"], optional: &["element", "type"], children: DOCUMENTED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let (name, span) = name_in(node, "part", seen, walk)?;
    let content = match (node.attribute("element"), node.attribute("type")) {
        (Some(element), None) => reference(element, walk).map(PartContent::Element),
        (None, Some(type_)) => reference(type_, walk).map(PartContent::Type),
        (None, None) => {
            walk.error(node.span(), format!("part `{name}` has neither `element` nor `type`"));
            None
        }
        (Some(_), Some(type_)) => {
            walk.error(type_.name_span(), format!("part `{name}` has both `element` and `type`"));
            None
        }
    };
    Some(Part { name, span, content: content? })
}

/// `wsdl:portType` (2.4).
fn port_type(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[Group::Many(&["documentation", "operation"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut operations = Vec::new();
    for child in children {
        let Some(operation) = operation(child, walk) else {
            continue;
        };
        match child.attribute("name").and_then(|name| seen.insert(name.value(), name.span())) {
            // WSDL 1.1 allows it (2.4.5), told apart by the names of input and output.
            Some(first) => {
                let message = format!("overloaded operation `{}` is not supported yet", operation.name);
                walk.diagnostics.push(Diagnostic::new(operation.span, message).note_at("first defined", first));
            }
            None => operations.push(operation),
        }
    }
    let Some((name, span)) = global_name(node, "port type", target, walk) else {
        return;
    };
    walk.definitions.port_types.insert(name, PortType { span, docs: node.docs(), operations });
}

fn operation(node: Node<'_>, walk: &mut Walk<'_>) -> Option<PortOperation> {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &["parameterOrder"],
        children: &[Group::Many(&["documentation", "input", "output", "fault"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let name = value::name(node, walk);
    let (input, output) = (only("input", &children, walk), only("output", &children, walk));
    if let (Some(input), Some(output)) = (input, output) {
        let first = children.iter().find(|child| matches!(child.local(), "input" | "output"));
        if first.is_some_and(|first| first.local() == "output") {
            let message = format!("`{}` before `{}` is not supported yet", output.written(), input.written());
            walk.diagnostics.push(
                Diagnostic::new(output.span(), message)
                    .note("in this order the service asks and the client answers (WSDL 1.1, 2.4.3)"),
            );
        }
    }
    if input.is_none() && output.is_none() {
        let [input, output] = ["input", "output"].map(|local| node.beside(local));
        walk.error(node.span(), format!("`{}` has neither `{input}` nor `{output}`", node.written()));
    }
    let [input, output] = [input, output].map(|direction| direction.and_then(|direction| message_of(direction, walk)));
    let mut seen = BTreeMap::new();
    let faults = children.iter().filter(|child| child.local() == "fault");
    let faults = faults.filter_map(|&child| fault(child, &mut seen, walk)).collect();
    let (name, span) = name?;
    Some(PortOperation { name: name.to_owned(), span, docs: node.docs(), input, output, faults })
}

fn message_of(node: Node<'_>, walk: &mut Walk<'_>) -> Option<Reference> {
    const RULE: Rule = Rule { required: &["message"], optional: &["name"], children: DOCUMENTED, extensions: &[] };
    rule::check(node, &RULE, walk);
    value::name(node, walk);
    reference(node.attribute("message")?, walk)
}

fn fault(node: Node<'_>, seen: &mut BTreeMap<QName, Span>, walk: &mut Walk<'_>) -> Option<(String, Reference)> {
    const RULE: Rule = Rule { required: &["name", "message"], optional: &[], children: DOCUMENTED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let name = name_in(node, "fault", seen, walk);
    let message = reference(node.attribute("message")?, walk);
    Some((name?.0, message?))
}

/// `wsdl:service` (2.7).
fn service(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[Group::Many(&["documentation", "port"])],
        extensions: &[],
    };
    let children = rule::check(node, &RULE, walk);
    let mut seen = BTreeMap::new();
    let ports = children.into_iter().filter_map(|child| port(child, &mut seen, walk)).collect();
    let Some((name, span)) = global_name(node, "service", target, walk) else {
        return;
    };
    walk.definitions.services.push(Service { name: name.local, span, docs: node.docs(), ports });
}

/// `wsdl:port` (2.6). Its address is passed over with the other extensions: where a service runs is for the program that calls it.
fn port(node: Node<'_>, seen: &mut BTreeMap<QName, Span>, walk: &mut Walk<'_>) -> Option<Port> {
    const RULE: Rule =
        Rule { required: &["name", "binding"], optional: &[], children: DOCUMENTED, extensions: binding::PROTOCOLS };
    rule::check(node, &RULE, walk);
    let name = name_in(node, "port", seen, walk);
    let binding = reference(node.attribute("binding")?, walk);
    let (name, span) = name?;
    Some(Port { name, span, binding: binding? })
}

/// The first child of this name; a second one is reported.
pub(super) fn only<'a>(local: &str, children: &[Node<'a>], walk: &mut Walk<'_>) -> Option<Node<'a>> {
    let mut all = children.iter().copied().filter(|child| child.local() == local);
    let first = all.next()?;
    for other in all {
        let report = Diagnostic::new(other.span(), format!("second `{}`", other.written()));
        walk.diagnostics.push(report.note_at("the first", first.span()));
    }
    Some(first)
}

/// A name that points at another component.
pub(super) fn reference(attribute: Attr<'_>, walk: &mut Walk<'_>) -> Option<Reference> {
    value::qname(attribute, walk).map(|(name, span)| Reference { name, span })
}

/// The name of a component in the target namespace; `None` where it has none or is not the first of its kind that has it.
pub(super) fn global_name(
    node: Node<'_>,
    kind: &'static str,
    target: &str,
    walk: &mut Walk<'_>,
) -> Option<(QName, Span)> {
    let (name, span) = value::name(node, walk)?;
    let name = QName::new(target, name);
    walk.define(kind, &name, span).then_some((name, span))
}

/// The name of something within a component; one that is there already is reported.
fn name_in(
    node: Node<'_>,
    kind: &str,
    seen: &mut BTreeMap<QName, Span>,
    walk: &mut Walk<'_>,
) -> Option<(String, Span)> {
    let (name, span) = value::name(node, walk)?;
    walk.define_in(seen, kind, QName::new("", name), span).then(|| (name.to_owned(), span))
}
