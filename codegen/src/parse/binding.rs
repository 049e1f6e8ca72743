//! `wsdl:binding` (WSDL 1.1, 2.5) with the SOAP binding (section 3).
//!
//! A binding's element enters, the model's binding leaves. Other protocols are told apart and not read further: the model says which one a
//! binding has. Never compares a binding with its port type.

use std::collections::BTreeMap;

use super::node::Node;
use super::rule::{self, Group, Rule};
use super::wsdl::{DOCUMENTED, global_name, only, reference};
use super::{Walk, value};
use crate::diag::{Diagnostic, Span};
use crate::model::{Binding, BindingOperation, Body, BoundMessage, Encoding, Header, Protocol, Style};

const SOAP11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const SOAP12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";
const HTTP: &str = "http://schemas.xmlsoap.org/wsdl/http/";
const MIME: &str = "http://schemas.xmlsoap.org/wsdl/mime/";

/// The namespaces of the binding extensions that are known.
pub(super) const PROTOCOLS: &[&str] = &[SOAP11, SOAP12, HTTP];

const STYLES: [(&str, Style); 2] = [("document", Style::Document), ("rpc", Style::Rpc)];
const ENCODINGS: [(&str, Encoding); 2] = [("literal", Encoding::Literal), ("encoded", Encoding::Encoded)];

/// Reads a binding of a document with this target namespace.
pub(super) fn binding(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule {
        required: &["name", "type"],
        optional: &[],
        children: &[Group::Many(&["documentation", "operation"])],
        extensions: PROTOCOLS,
    };
    let children = rule::check(node, &RULE, walk);
    let mut protocols = children.iter().copied().filter(|child| PROTOCOLS.contains(&child.namespace()));
    let extension = protocols.next();
    for other in protocols {
        let report =
            Diagnostic::new(other.span(), format!("second protocol `{}` in `{}`", other.written(), node.written()));
        walk.diagnostics.push(match extension {
            Some(first) => report.note_at(format!("the first is `{}`", first.written()), first.span()),
            None => report,
        });
    }
    let protocol = extension.map_or(Protocol::Unknown, |extension| protocol(extension, walk));
    let operations = match &protocol {
        Protocol::Soap11 { style, .. } => {
            let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
            let mut operations = Vec::new();
            for child in children.iter().filter(|child| child.local() == "operation") {
                let Some(operation) = operation(*child, *style, walk) else {
                    continue;
                };
                match child.attribute("name").and_then(|name| seen.insert(name.value(), name.span())) {
                    Some(first) => {
                        let message = format!("overloaded operation `{}` is not supported yet", operation.name);
                        walk.diagnostics.push(Diagnostic::new(operation.span, message).note_at("first defined", first));
                    }
                    None => operations.push(operation),
                }
            }
            operations
        }
        _ => Vec::new(),
    };
    let name = global_name(node, "binding", target, walk);
    let port_type = node.attribute("type").and_then(|port_type| reference(port_type, walk));
    if let (Some((name, span)), Some(port_type)) = (name, port_type) {
        walk.definitions.bindings.insert(name, Binding { span, port_type, protocol, operations });
    }
}

fn protocol(extension: Node<'_>, walk: &mut Walk<'_>) -> Protocol {
    const RULE: Rule = Rule { required: &["transport"], optional: &["style"], children: &[], extensions: &[] };
    match extension.namespace() {
        SOAP12 => Protocol::Soap12,
        HTTP => Protocol::Http,
        _ if extension.local() == "binding" => {
            rule::check(extension, &RULE, walk);
            let transport = extension.attribute("transport").map_or("", |transport| transport.value()).to_owned();
            let style = value::word(extension.attribute("style"), &STYLES, walk).unwrap_or(Style::Document);
            Protocol::Soap11 { transport, style }
        }
        _ => {
            walk.error(extension.span(), format!("`{}` may not stand in a binding", extension.written()));
            Protocol::Unknown
        }
    }
}

fn operation(node: Node<'_>, style: Style, walk: &mut Walk<'_>) -> Option<BindingOperation> {
    const RULE: Rule = Rule {
        required: &["name"],
        optional: &[],
        children: &[Group::Many(&["documentation", "input", "output", "fault"])],
        extensions: &[SOAP11],
    };
    const SOAP: Rule = Rule { required: &[], optional: &["soapAction", "style"], children: &[], extensions: &[] };
    let children = rule::check(node, &RULE, walk);
    let (soap, children): (Vec<_>, Vec<_>) = children.into_iter().partition(|child| child.namespace() == SOAP11);
    let soap = soap_children(node, soap, &["operation"], walk);
    let extension = only("operation", &soap, walk);
    if let Some(extension) = extension {
        rule::check(extension, &SOAP, walk);
    }
    let attribute = |name: &str| extension.and_then(|extension| extension.attribute(name));
    let soap_action = attribute("soapAction").map_or("", |action| action.value()).to_owned();
    let style = value::word(attribute("style"), &STYLES, walk).unwrap_or(style);
    let [input, output] =
        ["input", "output"].map(|local| only(local, &children, walk).map(|child| bound_message(child, walk)));
    children.iter().filter(|child| child.local() == "fault").for_each(|&child| fault(child, walk));
    let (name, span) = value::name(node, walk)?;
    Some(BindingOperation { name: name.to_owned(), span, soap_action, style, input, output })
}

fn bound_message(node: Node<'_>, walk: &mut Walk<'_>) -> BoundMessage {
    const RULE: Rule = Rule { required: &[], optional: &["name"], children: DOCUMENTED, extensions: &[SOAP11, MIME] };
    let (mime, soap): (Vec<_>, Vec<_>) =
        rule::check(node, &RULE, walk).into_iter().partition(|child| child.namespace() == MIME);
    for attachment in mime {
        rule::unsupported(attachment, walk);
    }
    let soap = soap_children(node, soap, &["body", "header"], walk);
    let body = only("body", &soap, walk).map(|child| body(child, walk));
    let headers =
        soap.iter().filter(|child| child.local() == "header").filter_map(|&child| header(child, walk)).collect();
    BoundMessage { span: node.span(), body, headers }
}

/// `soap:body` (3.5). Without `use` it is literal, as WS-I Basic Profile 1.1, R2707 has it.
fn body(node: Node<'_>, walk: &mut Walk<'_>) -> Body {
    const RULE: Rule = Rule {
        required: &[],
        optional: &["parts", "use", "encodingStyle", "namespace"],
        children: &[],
        extensions: &[],
    };
    rule::check(node, &RULE, walk);
    let parts =
        node.attribute("parts").map(|parts| parts.items().into_iter().map(|(part, _)| part.to_owned()).collect());
    let namespace = node.attribute("namespace").map(|namespace| namespace.value().to_owned());
    Body { span: node.span(), encoding: encoding(node, walk), parts, namespace }
}

/// `soap:header` (3.7).
fn header(node: Node<'_>, walk: &mut Walk<'_>) -> Option<Header> {
    const RULE: Rule = Rule {
        required: &["message", "part"],
        optional: &["use", "encodingStyle", "namespace"],
        children: &[Group::Many(&["headerfault"])],
        extensions: &[],
    };
    const HEADER_FAULT: Rule = Rule { children: &[], ..RULE };
    // Faults of a header block are not in the model: they come as any fault does.
    for fault in rule::check(node, &RULE, walk) {
        rule::check(fault, &HEADER_FAULT, walk);
        fault.attribute("message").and_then(|message| reference(message, walk));
        encoding(fault, walk);
    }
    let encoding = encoding(node, walk);
    let message = node.attribute("message").and_then(|message| reference(message, walk));
    let part = node.attribute("part")?;
    Some(Header { message: message?, part: part.value().to_owned(), span: part.span(), encoding })
}

/// `wsdl:fault` of a binding (2.5) with `soap:fault` (3.6): checked only, since a fault's detail comes as its message says.
fn fault(node: Node<'_>, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule { required: &["name"], optional: &[], children: DOCUMENTED, extensions: &[SOAP11] };
    const SOAP: Rule =
        Rule { required: &["name"], optional: &["use", "encodingStyle", "namespace"], children: &[], extensions: &[] };
    let soap = rule::check(node, &RULE, walk);
    let soap = soap_children(node, soap, &["fault"], walk);
    if let Some(extension) = only("fault", &soap, walk) {
        rule::check(extension, &SOAP, walk);
        encoding(extension, walk);
    }
}

fn encoding(node: Node<'_>, walk: &mut Walk<'_>) -> Encoding {
    value::word(node.attribute("use"), &ENCODINGS, walk).unwrap_or(Encoding::Literal)
}

/// The children of the SOAP binding that may stand here; the others are reported.
fn soap_children<'a>(parent: Node<'a>, children: Vec<Node<'a>>, names: &[&str], walk: &mut Walk<'_>) -> Vec<Node<'a>> {
    let (known, unknown): (Vec<_>, Vec<_>) = children.into_iter().partition(|child| names.contains(&child.local()));
    for child in unknown {
        walk.error(child.span(), format!("`{}` may not stand in `{}`", child.written(), parent.written()));
    }
    known
}
