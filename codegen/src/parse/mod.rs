//! From the text of the input files to the model: WSDL 1.1 and XML Schema 1.0.
//!
//! Input files enter, [`Definitions`] leave, and a diagnostic for everything that is wrong or not supported. Every document that the root
//! imports is read once, from the input files alone. Names are resolved to namespaces, not to components: whether what a name
//! points at exists is for [`lower`](crate::lower) to say. Never reads a disk or a network, and never skips without a diagnostic.

mod binding;
mod document;
mod imports;
mod location;
mod node;
mod rule;
#[cfg(test)]
mod tests;
mod value;
mod wsdl;
mod xsd;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span};
use crate::model::{Definitions, QName};

/// Reads the WSDL in file `root` with all that it imports, and the `schemas`, locations that stand elsewhere, that are read as if it
/// held them.
///
/// What is wrong goes to `diagnostics`; what is returned then lacks it and should not be used further.
#[must_use]
pub fn parse(sources: &Sources, root: u32, schemas: &[(String, Span)], diagnostics: &mut Diagnostics) -> Definitions {
    let mut walk = Walk {
        sources,
        diagnostics,
        definitions: Definitions::default(),
        waiting: VecDeque::new(),
        read: BTreeSet::new(),
        namespaces: BTreeSet::new(),
        missing: Vec::new(),
        defined: BTreeMap::new(),
    };
    imports::follow(root, schemas, &mut walk);
    walk.definitions
}

/// What has been found on the way through the documents.
struct Walk<'a> {
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    definitions: Definitions,
    /// Documents asked for and not yet read.
    waiting: VecDeque<imports::Visit>,
    /// Documents read. One without a namespace of its own is read once for each namespace that includes it.
    read: BTreeSet<(u32, String)>,
    /// The target namespaces of all schemas read.
    namespaces: BTreeSet<String>,
    /// Imported schemas that no input file holds.
    missing: Vec<imports::Missing>,
    /// Where each global component was first defined, by its kind and name.
    defined: BTreeMap<(&'static str, QName), Span>,
}

impl Walk<'_> {
    /// Reports `message` at `span`.
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(span, message));
    }

    /// Remembers a global component. Reports one that is already there, and says whether it is new.
    fn define(&mut self, kind: &'static str, name: &QName, span: Span) -> bool {
        match self.defined.get(&(kind, name.clone())) {
            Some(&first) => {
                self.duplicate(kind, &name.local, span, first);
                false
            }
            None => {
                self.defined.insert((kind, name.clone()), span);
                true
            }
        }
    }

    /// Remembers a name within one component, as [`define`](Self::define) does globally.
    fn define_in(&mut self, seen: &mut BTreeMap<QName, Span>, kind: &str, name: QName, span: Span) -> bool {
        match seen.get(&name) {
            Some(&first) => {
                self.duplicate(kind, &name.local, span, first);
                false
            }
            None => {
                seen.insert(name, span);
                true
            }
        }
    }

    fn duplicate(&mut self, kind: &str, name: &str, span: Span, first: Span) {
        self.diagnostics
            .push(Diagnostic::new(span, format!("duplicate {kind} `{name}`")).note_at("first defined", first));
    }
}
