//! From document to document: what the root names, and what those name in turn.
//!
//! The root enters, every document it needs is read once. What no input file holds is reported at the end, unless another schema supplies its
//! namespace. Recursion is only as deep as one document.

use super::document;
use super::node::{Attr, Node};
use super::{Walk, location, wsdl, xsd};
use crate::diag::Span;

/// A document to read.
pub(super) struct Visit {
    file: u32,
    what: What,
}

#[derive(Clone)]
enum What {
    Root,
    Definitions,
    /// A schema; one that is included takes this namespace where it has none of its own.
    Schema(Option<String>),
}

/// A schema that no input file holds.
pub(super) struct Missing {
    namespace: String,
    path: String,
    span: Span,
}

/// Reads the file `root` and all that it needs.
pub(super) fn follow(root: u32, walk: &mut Walk<'_>) {
    walk.waiting.push_back(Visit { file: root, what: What::Root });
    while let Some(visit) = walk.waiting.pop_front() {
        let key = match &visit.what {
            What::Schema(Some(namespace)) => namespace.clone(),
            _ => String::new(),
        };
        if !walk.read.insert((visit.file, key)) {
            continue;
        }
        let Some(document) = document::read(walk.sources, visit.file, walk.diagnostics) else { continue };
        let node = Node::new(document.root_element(), visit.file);
        match visit.what {
            What::Root => wsdl::definitions(node, true, walk),
            What::Definitions => wsdl::definitions(node, false, walk),
            What::Schema(namespace) => xsd::schema(node, namespace.as_deref(), walk),
        }
    }
    for Missing { namespace, path, span } in std::mem::take(&mut walk.missing) {
        if !walk.namespaces.contains(&namespace) {
            walk.error(span, format!("`{path}` is not among the input files"));
        }
    }
}

/// Asks for the WSDL or schema that a `wsdl:import` names.
pub(super) fn definitions(node: Node<'_>, walk: &mut Walk<'_>) {
    if let Some(location) = node.attribute("location") {
        // A WSDL may import a schema directly (WS-I Basic Profile forbids it, services do it).
        let what = if location.value().ends_with(".xsd") { What::Schema(None) } else { What::Definitions };
        ask(node, location, what, walk);
    }
}

/// Asks for the schema that an `xs:import` names. Without a location it must come from elsewhere.
pub(super) fn import(node: Node<'_>, walk: &mut Walk<'_>) {
    if let Some(location) = node.attribute("schemaLocation") {
        ask(node, location, What::Schema(None), walk);
    }
}

/// Asks for the schema that an `xs:include` names, which takes the includer's namespace if it has none.
pub(super) fn include(node: Node<'_>, namespace: &str, walk: &mut Walk<'_>) {
    if let Some(location) = node.attribute("schemaLocation") {
        ask(node, location, What::Schema(Some(namespace.to_owned())), walk);
    }
}

fn ask(node: Node<'_>, location: Attr<'_>, what: What, walk: &mut Walk<'_>) {
    match location::find(walk.sources, node.file(), location.value()) {
        Ok(file) => walk.waiting.push_back(Visit { file, what }),
        Err(path) => {
            let namespace = node.attribute("namespace").map_or("", Attr::value).to_owned();
            walk.missing.push(Missing { namespace, path, span: location.span() });
        }
    }
}
