//! Names that are taken: who comes later gets a number.

use std::collections::BTreeSet;

/// The names of a module's types.
#[derive(Debug, Default)]
pub(super) struct Taken {
    types: BTreeSet<String>,
}

impl Taken {
    /// The name of a type, with a number behind it where it is taken.
    pub(super) fn type_(&mut self, name: String) -> String {
        free(&mut self.types, name, "")
    }

    /// The names so far.
    pub(super) fn types(&self) -> &BTreeSet<String> {
        &self.types
    }
}

/// `name`, or the first of `name2`, `name3` … that is free, with `separator` before the number. A number never joins another.
pub(super) fn free(taken: &mut BTreeSet<String>, name: String, separator: &str) -> String {
    let separator = if name.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { separator };
    let mut free = name.clone();
    // What keeps a name from being a keyword is not needed before a number.
    let stem = name.strip_suffix('_').unwrap_or(&name);
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{stem}{separator}{number}");
        number += 1;
    }
    free
}
