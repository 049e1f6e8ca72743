//! The model to the ir: look-ups, occurrence, derivation, boxing, collisions, order.
//!
//! [`Definitions`] and the service's [`Facts`] enter, an [`ir::Module`] leaves. All decisions are taken here: what is emitted after this only prints.
//! Nothing is skipped: what has no place in the ir becomes a diagnostic, and then the module is not to be used.

mod attributes;
mod boxing;
mod derivation;
mod facts;
mod fields;
mod items;
mod lookup;
mod operations;
mod rules;
mod service;
mod simple;
mod taken;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::Ident;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir;
use crate::model::{ComplexType, Definitions, QName, Type, XS};
use crate::names;
use crate::service::{Facts, Matched};
use derivation::Family;
use taken::Taken;

/// The namespace of `xml:lang` (Namespaces in XML 1.0, section 3).
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Lowers one version of a service: `definitions` as the module `module`, read from the document `source`.
///
/// Entries of `facts` that match something here are noted in `matched`. What is wrong or not supported goes to `diagnostics`; the module counts
/// only if nothing did.
pub fn lower(
    definitions: &Definitions,
    facts: &Facts,
    matched: &mut Matched,
    module: &str,
    source: &str,
    diagnostics: &mut Diagnostics,
) -> ir::Module {
    let mut lowering = Lowering {
        definitions,
        facts,
        matched,
        diagnostics,
        namespaces: namespaces(definitions),
        family: Family::default(),
        names: BTreeMap::new(),
        unions: BTreeMap::new(),
        taken: Taken::default(),
        enums: Vec::new(),
        types: Vec::new(),
        used: BTreeSet::new(),
        places: BTreeMap::new(),
        anonymous: HashMap::new(),
        waiting: Vec::new(),
        used_by: None,
        any_simple: false,
    };
    lowering.check_names();
    lowering.family = derivation::family(definitions, lowering.diagnostics);
    lowering.name_types();
    // Elements first: what stands in several types without a name is named after its element.
    let mut elements = lowering.elements();
    lowering.global_types();
    lowering.anonymous_types();
    lowering.check_groups();
    lowering.unions();
    lowering.types.sort_by_key(|item| item.name().to_string());
    lowering.enums.sort_by_key(|item| item.name.to_string());
    elements.sort_by_key(|element| element.constant.to_string());
    boxing::boxes(&mut lowering.types, &lowering.places, lowering.diagnostics);
    let port = operations::port(&mut lowering, &elements);
    let service = port.as_ref().and_then(|port| service::service(&mut lowering, &elements, port));
    let mut namespaces: Vec<_> =
        lowering.namespaces.iter().enumerate().map(|(index, uri)| namespace(index, uri)).collect();
    if lowering.any_simple {
        // Values of any simple type name XML Schema's own types.
        let constant = names::ident("XS");
        namespaces.push(ir::Namespace { prefix: "xs".to_owned(), uri: XS.to_owned(), constant });
    }
    ir::Module {
        name: names::ident(module),
        source: source.to_owned(),
        docs: definitions.docs.clone(),
        namespaces,
        enums: lowering.enums,
        types: lowering.types,
        elements,
        port,
        service,
    }
}

/// What is known while a version is lowered.
struct Lowering<'d, 'w> {
    definitions: &'d Definitions,
    facts: &'d Facts,
    matched: &'w mut Matched,
    diagnostics: &'w mut Diagnostics,
    /// URIs, the target namespace first.
    namespaces: Vec<String>,
    family: Family<'d>,
    /// The Rust names of the named types.
    names: BTreeMap<&'d QName, Ident>,
    /// The Rust names of the unions, by the type they stand for.
    unions: BTreeMap<&'d QName, Ident>,
    taken: Taken,
    enums: Vec<ir::Enum>,
    types: Vec<ir::TypeItem>,
    /// The types that something is declared with.
    used: BTreeSet<&'d QName>,
    /// Where each item is defined, by its Rust name.
    places: BTreeMap<String, Span>,
    /// What the types without a name became, by their place in the model.
    anonymous: HashMap<*const Type, Option<ir::Type>>,
    /// Those whose fields are to be looked at, with their Rust names.
    waiting: Vec<(&'d ComplexType, Ident)>,
    /// The type whose fields are looked at, as a diagnostic notes it.
    used_by: Option<(String, Span)>,
    any_simple: bool,
}

impl<'d> Lowering<'d, '_> {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(span, message));
    }

    fn unsupported(&mut self, span: Span, what: &str) {
        self.error(span, format!("{what} is not supported yet"));
    }

    /// A name for people: with the prefix that the root document gives its namespace.
    fn show(&self, name: &QName) -> String {
        lookup::show(self.definitions, name)
    }

    /// Refuses readable names that would come out different from how they are written.
    fn check_names(&mut self) {
        for entry in self.facts.names.values() {
            let name = names::variant(&entry.value);
            if name.trim_end_matches('_') != entry.value {
                self.error(entry.span, format!("the name `{}` would become `{name}`", entry.value));
            }
        }
    }

    /// The name that the facts give something, or the name itself.
    fn readable(&mut self, name: &str) -> String {
        match self.facts.names.get(name) {
            Some(entry) => {
                self.matched.note(entry.span);
                entry.value.clone()
            }
            None => name.to_owned(),
        }
    }

    fn xml_name(&self, name: &QName) -> ir::XmlName {
        let namespace = self.namespaces.iter().position(|uri| *uri == name.namespace && !uri.is_empty());
        ir::XmlName { namespace, local: name.local.clone() }
    }

    /// Gives every named type and every union its Rust name, in an order that does not depend on how they are used.
    fn name_types(&mut self) {
        let definitions = self.definitions;
        let mut all: Vec<_> = definitions.schema.types.keys().collect();
        all.sort_by_key(|name| (name.namespace != definitions.target_namespace, *name));
        for name in &all {
            let readable = self.readable(&name.local);
            let ident = names::ident(&self.taken.type_(names::type_(&readable)));
            self.names.insert(name, ident);
        }
        for name in all {
            if !self.family.has_union(name) {
                continue;
            }
            let ident = match (self.family.is_abstract(name), self.names.get(name)) {
                (true, Some(ident)) => ident.clone(),
                (_, Some(ident)) => names::ident(&self.taken.type_(format!("Any{ident}"))),
                (_, None) => continue,
            };
            self.unions.insert(name, ident);
        }
    }
}

/// The namespaces that messages may name: that of the document, then the others sorted.
fn namespaces(definitions: &Definitions) -> Vec<String> {
    let schema = &definitions.schema;
    let names = schema.elements.keys().chain(schema.types.keys()).chain(schema.groups.keys());
    let names = names.chain(schema.attributes.keys()).chain(schema.attribute_groups.keys());
    let others: BTreeSet<_> = names.map(|name| name.namespace.as_str()).collect();
    let others = others.into_iter().filter(|uri| *uri != definitions.target_namespace);
    // No namespace has no prefix.
    let all = std::iter::once(definitions.target_namespace.as_str()).chain(others).filter(|uri| !uri.is_empty());
    all.map(str::to_owned).collect()
}

fn namespace(index: usize, uri: &str) -> ir::Namespace {
    let number = index + 1;
    // That of XML itself has the one prefix that it may have.
    let prefix = if uri == XML { "xml".to_owned() } else { format!("ns{number}") };
    ir::Namespace { prefix, uri: uri.to_owned(), constant: names::ident(&format!("NS{number}")) }
}
