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
}

/// `name`, or the first of `name2`, `name3` … that is free, with `separator` before the number.
pub(super) fn free(taken: &mut BTreeSet<String>, name: String, separator: &str) -> String {
    let mut free = name.clone();
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{name}{separator}{number}");
        number += 1;
    }
    free
}
