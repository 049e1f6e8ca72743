//! From one document to the next: `wsdl:import`, `xs:import`, `xs:include`.
//!
//! The root file enters; every document it leads to is read, each once. A document that no input file holds is a diagnostic at the location
//! that names it. Never reads what a document says beside its root element.

use std::collections::BTreeMap;

use super::node::{Attr, Node, WSDL};
use super::rule::{self, Rule};
use super::{Walk, document, location, wsdl, xsd};
use crate::diag::{Diagnostic, Span};
use crate::model::XS;

/// A document that another one asked for.
pub(super) struct Visit {
    file: u32,
    reason: Reason,
    /// The location that asked for it.
    at: Span,
}

/// Why a document is read.
enum Reason {
    /// It is the one to generate from.
    Root,
    /// `wsdl:import`, with the namespace it must have and where that is said.
    Wsdl(Option<(String, Span)>),
    /// `xs:import`, with the namespace it must have, if any, and where that is said.
    Import(String, Span),
    /// `xs:include` into this namespace.
    Include(String),
    /// The service's facts name it.
    Facts,
}

/// An imported schema that no input file holds.
pub(super) struct Missing {
    namespace: String,
    report: Diagnostic,
}

/// Reads the file `root`, the `schemas` that the service's facts name, and all that they lead to.
pub(super) fn follow(root: u32, schemas: &[(String, Span)], walk: &mut Walk<'_>) {
    let sources = walk.sources;
    let mut documents = BTreeMap::new();
    walk.waiting.push_back(Visit { file: root, reason: Reason::Root, at: Span { file: root, start: 0, end: 0 } });
    for (value, span) in schemas {
        match location::find(walk.sources, span.file, value) {
            Ok(file) => walk.waiting.push_back(Visit { file, reason: Reason::Facts, at: *span }),
            Err(_) => walk.error(*span, format!("`{value}` is not among the input files")),
        }
    }
    while let Some(visit) = walk.waiting.pop_front() {
        walk.definitions.files.insert(visit.file);
        let read = documents.entry(visit.file).or_insert_with(|| document::read(sources, visit.file, walk.diagnostics));
        if let Some(document) = read {
            arrive(Node::new(document.root_element(), visit.file), &visit, walk);
        }
    }
    // A location is a hint only (Structures 4.3.2): a schema that is inline, or came from another location, will do.
    for missing in std::mem::take(&mut walk.missing) {
        if !walk.namespaces.contains(&missing.namespace) {
            walk.diagnostics.push(missing.report);
        }
    }
}

fn arrive(root: Node<'_>, visit: &Visit, walk: &mut Walk<'_>) {
    let target = root.attribute("targetNamespace").map_or("", Attr::value);
    let (is_wsdl, is_schema) = (root.is(WSDL, "definitions"), root.is(XS, "schema"));
    match &visit.reason {
        Reason::Root if is_wsdl => {}
        Reason::Root => return wrong_root(root, walk),
        // WSDL 1.1, 2.1.1 imports a bare schema in its own example.
        Reason::Wsdl(namespace) if is_wsdl || is_schema => {
            if let Some((namespace, at)) = namespace {
                same_namespace(root, target, namespace, *at, walk);
            }
        }
        Reason::Wsdl(_) => return wrong_import(root, visit.at, "neither a WSDL nor a schema", walk),
        Reason::Import(namespace, at) if is_schema => same_namespace(root, target, namespace, *at, walk),
        Reason::Include(into) if is_schema => {
            if root.attribute("targetNamespace").is_some() {
                same_namespace(root, target, into, visit.at, walk);
            }
        }
        Reason::Facts if is_schema => {}
        Reason::Import(..) | Reason::Include(_) | Reason::Facts => {
            return wrong_import(root, visit.at, "not a schema", walk);
        }
    }
    // A schema without a namespace of its own takes that of the schema that includes it (Structures 4.2.1).
    let namespace = match &visit.reason {
        Reason::Include(into) if target.is_empty() => into,
        _ => target,
    };
    if !walk.read.insert((root.file(), namespace.to_owned())) {
        return;
    }
    if is_wsdl {
        wsdl::definitions(root, matches!(visit.reason, Reason::Root), walk);
    } else {
        xsd::schema(root, namespace, walk);
    }
}

fn wrong_root(root: Node<'_>, walk: &mut Walk<'_>) {
    let message = format!("expected the root element `wsdl:definitions`, found `{}`", root.written());
    let namespace = match root.namespace() {
        "" => "it is in no namespace".to_owned(),
        namespace => format!("its namespace is `{namespace}`"),
    };
    walk.diagnostics
        .push(Diagnostic::new(root.span(), message).note(format!("{namespace}, that of WSDL 1.1 is `{WSDL}`")));
}

fn wrong_import(root: Node<'_>, at: Span, what: &str, walk: &mut Walk<'_>) {
    let message = format!("`{}` is {what}", walk.sources.path(root.file()));
    let note = format!("its root element is `{}`", root.written());
    walk.diagnostics.push(Diagnostic::new(at, message).note_at(note, root.span()));
}

fn same_namespace(root: Node<'_>, target: &str, expected: &str, at: Span, walk: &mut Walk<'_>) {
    if target == expected {
        return;
    }
    let has =
        if target.is_empty() { "no target namespace".to_owned() } else { format!("the target namespace `{target}`") };
    let should = if expected.is_empty() { "none".to_owned() } else { format!("`{expected}`") };
    let message = format!("`{}` has {has}, not {should}", walk.sources.path(root.file()));
    let there = rule::value_span(root.attribute("targetNamespace"), root);
    walk.diagnostics.push(Diagnostic::new(at, message).note_at("the imported document says so", there));
}

/// `wsdl:import` (WSDL 1.1, 2.1.1).
pub(super) fn wsdl_import(node: Node<'_>, walk: &mut Walk<'_>) {
    const RULE: Rule =
        Rule { required: &["namespace", "location"], optional: &[], children: wsdl::DOCUMENTED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let Some(location) = node.attribute("location") else {
        return;
    };
    let namespace = node.attribute("namespace").map(|namespace| (namespace.value().to_owned(), namespace.span()));
    match find(location, walk) {
        Ok(file) => walk.waiting.push_back(Visit { file, reason: Reason::Wsdl(namespace), at: location.span() }),
        Err(report) => walk.diagnostics.push(report),
    }
}

/// `xs:import` (Structures 4.2.3) in a schema of the namespace `target`.
pub(super) fn import(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule =
        Rule { required: &[], optional: &["namespace", "schemaLocation"], children: xsd::ANNOTATED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let attribute = node.attribute("namespace");
    let namespace = attribute.map_or("", Attr::value);
    let at = rule::value_span(attribute, node);
    if namespace == target {
        let report = Diagnostic::new(at, format!("`{}` of the schema's own namespace", node.written()));
        walk.diagnostics.push(report.help(format!("`{}` adds what has the same namespace", node.beside("include"))));
        return;
    }
    // The types of XML Schema are built in; some documents import them all the same.
    let Some(location) = node.attribute("schemaLocation").filter(|_| namespace != XS) else {
        return;
    };
    match find(location, walk) {
        Ok(file) => {
            let reason = Reason::Import(namespace.to_owned(), at);
            walk.waiting.push_back(Visit { file, reason, at: location.span() });
        }
        Err(report) => walk.missing.push(Missing { namespace: namespace.to_owned(), report }),
    }
}

/// `xs:include` (Structures 4.2.1) in a schema of the namespace `target`.
pub(super) fn include(node: Node<'_>, target: &str, walk: &mut Walk<'_>) {
    const RULE: Rule = Rule { required: &["schemaLocation"], optional: &[], children: xsd::ANNOTATED, extensions: &[] };
    rule::check(node, &RULE, walk);
    let Some(location) = node.attribute("schemaLocation") else {
        return;
    };
    match find(location, walk) {
        Ok(file) => {
            let reason = Reason::Include(target.to_owned());
            walk.waiting.push_back(Visit { file, reason, at: location.span() });
        }
        Err(report) => walk.diagnostics.push(report),
    }
}

fn find(location: Attr<'_>, walk: &Walk<'_>) -> Result<u32, Diagnostic> {
    location::find(walk.sources, location.node.file(), location.value()).map_err(|path| {
        let report = Diagnostic::new(location.span(), format!("`{}` is not among the input files", location.value()));
        if path == location.value() { report } else { report.note(format!("looked for `{path}`")) }
    })
}
