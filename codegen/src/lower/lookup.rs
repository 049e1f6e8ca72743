//! References to components: found, or a diagnostic that names the nearest thing there is.

use std::collections::BTreeMap;

use super::Lowering;
use crate::diag::{Diagnostic, Span};
use crate::model::{Definitions, QName};

/// After so many diagnostics nobody looks for help: it takes a look at every name there is.
const MAX_HELP: usize = 20;

/// A name for people: with the prefix that the root document gives its namespace, else `{namespace}local`.
pub(super) fn show(definitions: &Definitions, name: &QName) -> String {
    let prefix = definitions.prefixes.iter().find(|(prefix, uri)| **uri == name.namespace && !prefix.is_empty());
    match prefix {
        Some((prefix, _)) => format!("{prefix}:{}", name.local),
        None => name.to_string(),
    }
}

impl<'d> Lowering<'d, '_> {
    /// The component `name` of `all`, or a diagnostic at `span`.
    pub(super) fn find<T>(
        &mut self,
        what: &str,
        all: &'d BTreeMap<QName, T>,
        name: &QName,
        span: Span,
        place: impl Fn(&T) -> Span,
    ) -> Option<(&'d QName, &'d T)> {
        let found = all.get_key_value(name);
        if found.is_none() {
            let mut diagnostic = Diagnostic::new(span, format!("unknown {what} `{}`", self.show(name)));
            if let Some((note, place)) = &self.used_by {
                diagnostic = diagnostic.note_at(note, *place);
            }
            if self.diagnostics.len() < MAX_HELP
                && let Some((nearest, component)) = nearest(name, all)
            {
                diagnostic = diagnostic.help_at(format!("`{}` is defined", self.show(nearest)), place(component));
            }
            self.diagnostics.push(diagnostic);
        }
        found
    }
}

/// The name that is most like the one wanted, if it is like it at all.
fn nearest<'d, T>(wanted: &QName, all: &'d BTreeMap<QName, T>) -> Option<(&'d QName, &'d T)> {
    let limit = wanted.local.chars().count() / 3 + 1;
    let near = all.iter().map(|(name, component)| (distance(&wanted.local, &name.local), name, component));
    near.filter(|(distance, ..)| *distance <= limit)
        .min_by_key(|(distance, name, _)| (*distance, name.namespace != wanted.namespace, *name))
        .map(|(_, name, component)| (name, component))
}

/// How many characters must change, come or go to make one text the other.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, character) in one.chars().enumerate() {
        let mut diagonal = at;
        row[0] = at + 1;
        for (column, wanted) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
