//! Sinks that make a folder one table: the downloaded file of a window enters, a file of the window leaves, typed by the plan's schema.
//!
//! A folder has a file a window, always of the same name, and what else lies there begins with a dot: downloads until their rows are written,
//! files that are being written, and the keys by which duplicates are told. Engines such as DataFusion, DuckDB, Polars and Spark read the folder
//! as one table. Files appear whole, by a rename after everything was synced; a window that is written again replaces its file.
//!
//! Every file has the schema's columns and two more, [`STARTED_AT`] and [`MISFITS`]. How texts become values says [`Kind`];
//! in a column that holds no text, an empty field is null. `attributes` stays JSON as it came, in either of its shapes.

mod cell;
mod error;
mod json_lines;
mod keys;
#[cfg(feature = "parquet")]
mod parquet_rows;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use error::WriteError;
pub use table::{MISFITS, STARTED_AT};

use super::Kind;
use super::ledger::Counts;
use super::run::{Sink, SinkError, SinkWindow};
use json_lines::JsonRows;
use table::Table;

/// What becomes of a value that does not fit its column's type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Misfits {
    /// It is logged, without the value, and kept in the column [`MISFITS`]; its own column holds null.
    #[default]
    Keep,
    /// The window is not written. The error tells row, column and value.
    Stop,
}

/// Writes JSON Lines: a file a window, an object a row by the names of the columns. Nulls are `null`, `attributes` and other JSON stand as JSON,
/// dates and moments are texts, moments in UTC.
#[derive(Debug)]
pub struct JsonLines {
    table: Table,
    as_text: bool,
}

/// Writes Parquet: a file a window.
///
/// Text and JSON are `STRING`, integers `INT64`, floats `DOUBLE`, dates `DATE`, moments `TIMESTAMP` in microseconds of UTC; every column may hold
/// nulls. A file of activities says in its metadata, as JSON under `activityTypes`, what each type has in `attributes`.
#[cfg(feature = "parquet")]
#[derive(Debug)]
pub struct Parquet {
    table: Table,
}

impl JsonLines {
    /// Files go into this folder, which is made if it is not there, and are called `<plan>-<number>-<range>.jsonl`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be made, or keys that cannot be opened: for one, because another sink has the folder. Plans can share a sink in an
    /// [`Arc`](std::sync::Arc).
    pub fn new(folder: impl AsRef<Path>) -> Result<Self, WriteError> {
        Ok(Self { table: Table::open(folder.as_ref())?, as_text: false })
    }

    /// What becomes of a value that does not fit its column's type. It is kept, unless this says otherwise.
    #[must_use]
    pub fn misfits(mut self, misfits: Misfits) -> Self {
        self.table.misfits = misfits;
        self
    }

    /// Writes every value as the text that came, save nulls and JSON.
    #[must_use]
    pub fn as_text(mut self) -> Self {
        self.as_text = true;
        self
    }
}

impl Sink for JsonLines {
    fn download_path(&self, window: &SinkWindow) -> PathBuf {
        self.table.download_path(window)
    }

    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError> {
        let kind = |kind| match kind {
            Kind::Json => Kind::Json,
            _ if self.as_text => Kind::Text,
            kind => kind,
        };
        Ok(self.table.write(window, file, "jsonl", kind, |target| Ok(JsonRows::new(target)))?)
    }

    fn clean(&self, window: &SinkWindow) -> Result<(), SinkError> {
        Ok(self.table.clean(window)?)
    }
}

#[cfg(feature = "parquet")]
impl Parquet {
    /// Files go into this folder, which is made if it is not there, and are called `<plan>-<number>-<range>.parquet`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be made, or keys that cannot be opened: for one, because another sink has the folder. Plans can share a sink in an
    /// [`Arc`](std::sync::Arc).
    pub fn new(folder: impl AsRef<Path>) -> Result<Self, WriteError> {
        Ok(Self { table: Table::open(folder.as_ref())? })
    }

    /// What becomes of a value that does not fit its column's type. It is kept, unless this says otherwise.
    #[must_use]
    pub fn misfits(mut self, misfits: Misfits) -> Self {
        self.table.misfits = misfits;
        self
    }
}

#[cfg(feature = "parquet")]
impl Sink for Parquet {
    fn download_path(&self, window: &SinkWindow) -> PathBuf {
        self.table.download_path(window)
    }

    fn write(&self, window: &SinkWindow, file: &Path) -> Result<Counts, SinkError> {
        Ok(self.table.write(window, file, "parquet", |kind| kind, parquet_rows::ParquetRows::new)?)
    }

    fn clean(&self, window: &SinkWindow) -> Result<(), SinkError> {
        Ok(self.table.clean(window)?)
    }
}
