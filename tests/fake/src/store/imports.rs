//! Imports into lists: they take their time.

use std::time::Duration;

use generated::v3_1::ImportToListStatusEnum;
use jiff::{SignedDuration, Timestamp};

use super::Store;

/// An import into a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The program.
    pub program: String,
    /// The list.
    pub list: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// How it ends.
    pub ending: ImportToListStatusEnum,
    /// Rows that became or changed leads.
    pub imported: usize,
    /// Rows that could not.
    pub failed: usize,
    /// Rows that name no lead, where only known ones are wanted.
    pub ignored: usize,
    /// When its status was last asked for.
    pub asked: Option<Timestamp>,
}

impl Store {
    /// How long imports take from now on; 30 seconds at first.
    pub fn set_import_time(&mut self, time: Duration) {
        self.import_time = time;
    }

    /// The imports so far, to look at or to decide how they end.
    pub fn imports_mut(&mut self) -> &mut [Import] {
        &mut self.imports
    }

    pub(crate) fn add_import(&mut self, program: String, list: String, [imported, failed, ignored]: [usize; 3]) {
        let started = self.now();
        let time = SignedDuration::try_from(self.import_time).unwrap_or(SignedDuration::MAX);
        let ends = started.checked_add(time).unwrap_or(Timestamp::MAX);
        let ending = ImportToListStatusEnum::Complete;
        self.imports.push(Import { program, list, started, ends, ending, imported, failed, ignored, asked: None });
    }
}
