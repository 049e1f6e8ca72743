//! A folder that is one table: a file a window. The downloaded file of a window enters, its rows leave one value at a time, duplicates left out.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Misfits;
use super::cell::{Cell, expected};
use super::error::WriteError;
use super::keys::{Keys, WindowId, WindowKeys};
use crate::bulk::folder;
use crate::bulk::ledger::Counts;
use crate::bulk::rows::{Field, Header, Reader, Record, RowError, RowErrorKind};
use crate::bulk::run::SinkWindow;
use crate::bulk::{Column, Kind, Schema};

/// The column that every file has beside those of the schema: when the window's job started. Of several states of a record, the one with the
/// latest is the newest.
pub const STARTED_AT: &str = "exportStartedAt";

/// The column that every file has beside those of the schema: the values of the row that do not fit their columns' types, as a JSON object of
/// texts by column; null where all do. What is not in UTF-8 is an object with one member, `base64`.
pub const MISFITS: &str = "exportMisfits";

/// So many misfits of a window are logged one by one.
const LOGGED: u64 = 20;

/// So many rows are read before it is asked whether the run is gone.
const ROWS_AT_ONCE: u64 = 1_024;

/// A folder that is one table. Names that begin with a dot are not of it, as engines have it.
#[derive(Debug)]
pub(super) struct Table {
    folder: PathBuf,
    pub(super) misfits: Misfits,
    keys: Keys,
}

/// Writes the file of a window. The values of a row come in the order of the schema's columns.
pub(super) trait Rows {
    /// A value.
    fn cell(&mut self, column: usize, cell: Cell<'_>);
    /// The row is over; `misfits` is the JSON of the values that did not fit, which came as null.
    fn end_row(&mut self, misfits: Option<&str>) -> Result<(), WriteError>;
    /// All rows are there. The file, with everything written to it.
    fn finish(self) -> Result<File, WriteError>;
}

/// What a writer of rows begins with.
pub(super) struct Target<'a> {
    pub(super) file: File,
    pub(super) path: &'a Path,
    pub(super) schema: &'a Schema,
    pub(super) started_at: Option<Timestamp>,
}

impl Table {
    /// Makes the folder, and opens its keys.
    pub(super) fn open(folder: &Path) -> Result<Self, WriteError> {
        folder::make(folder).map_err(WriteError::io(folder, "make the folder"))?;
        let keys = Keys::open(&folder.join(".keys.redb"))?;
        Ok(Self { folder: folder.to_owned(), misfits: Misfits::default(), keys })
    }

    /// Where a window is downloaded to.
    pub(super) fn download_path(&self, window: &SinkWindow) -> PathBuf {
        self.folder.join(format!(".{}", name(window, window.record.request.format().extension())))
    }

    /// Writes a window's file from the one that was downloaded, `raw`: under another name first, which is left neither by success nor by failure, and by a crash only until the next
    /// time. `kind` says what a column of a kind is written as.
    pub(super) fn write<R: Rows>(
        &self,
        window: &SinkWindow,
        raw: &Path,
        extension: &str,
        kind: impl Fn(Kind) -> Kind,
        begin: impl FnOnce(Target<'_>) -> Result<R, WriteError>,
    ) -> Result<Counts, WriteError> {
        let schema = &window.record.schema;
        let input = File::open(raw).map_err(WriteError::io(raw, "open"))?;
        let mut reader = Reader::new(input, window.record.request.format()).map_err(WriteError::rows(raw))?;
        let columns = columns(reader.header(), schema, kind).map_err(|wrong| wrong.at(raw))?;
        let target = self.folder.join(name(window, extension));
        let path = self.folder.join(format!(".{}.tmp", name(window, extension)));
        let header = reader.header().clone();
        let started_at = window.job.started_at;
        let write = |keys: Option<&mut WindowKeys<'_>>| {
            let file = File::create(&path).map_err(WriteError::io(&path, "create"))?;
            let rows = begin(Target { file, path: &path, schema, started_at })?;
            let (file, counts) = self.copy(window, raw, &mut reader, &columns, keys, rows)?;
            file.sync_all().map_err(WriteError::io(&path, "sync"))?;
            drop(file);
            fs::rename(&path, &target).map_err(WriteError::io(&target, "rename to"))?;
            folder::sync_of(&target).map_err(WriteError::io(&self.folder, "sync"))?;
            Ok(counts)
        };
        let id = WindowId {
            plan: &window.plan,
            number: window.number,
            range: window.range,
            started_at,
            finished: window.finished(),
        };
        let written = self.keys.window(&id, schema, &header, write);
        if written.is_err() {
            // Whatever it was, the error beneath says more than that a file could not be removed.
            let _ = fs::remove_file(&path);
        }
        written
    }

    /// Removes what a window was downloaded to.
    pub(super) fn clean(&self, window: &SinkWindow) -> Result<(), WriteError> {
        let path = self.download_path(window);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::io(&path, "remove")(error)),
            _ => Ok(()),
        }
    }

    /// Every row that is no duplicate, value by value.
    fn copy<R: Rows>(
        &self,
        window: &SinkWindow,
        raw: &Path,
        reader: &mut Reader<File>,
        columns: &[(usize, Kind)],
        mut keys: Option<&mut WindowKeys<'_>>,
        mut rows: R,
    ) -> Result<(File, Counts), WriteError> {
        let mut counts = Counts::default();
        while let Some(record) = reader.read().map_err(WriteError::rows(raw))? {
            if counts.read.is_multiple_of(ROWS_AT_ONCE) && window.is_stopped() {
                return Err(WriteError::Stopped);
            }
            counts.read += 1;
            if let Some(keys) = &mut keys
                && !keys.is_new(&record)?
            {
                counts.duplicates += 1;
                continue;
            }
            let mut misfits = Map::new();
            for (index, &(place, kind)) in columns.iter().enumerate() {
                let Some(field) = record.field(place) else { continue };
                let cell = match Cell::new(kind, field) {
                    Cell::Misfit => {
                        let name = &window.record.schema.columns[index].name;
                        self.misfit(window, &record, name, kind, field, counts.misfits)
                            .map_err(WriteError::rows(raw))?;
                        misfits.insert(name.clone(), as_json(field));
                        Cell::Null
                    }
                    cell => cell,
                };
                rows.cell(index, cell);
            }
            counts.misfits += u64::from(!misfits.is_empty());
            let misfits = (!misfits.is_empty()).then(|| Value::Object(misfits).to_string());
            rows.end_row(misfits.as_deref())?;
            counts.written += 1;
        }
        if counts.misfits > LOGGED {
            tracing::warn!(plan = &*window.plan, window = window.number, rows = counts.misfits, "values do not fit");
        }
        Ok((rows.finish()?, counts))
    }

    /// Tells of a value that does not fit, or stops at it. The log does not show it: it may be personal data.
    fn misfit(
        &self,
        window: &SinkWindow,
        record: &Record<'_>,
        column: &str,
        kind: Kind,
        field: Field<'_>,
        before: u64,
    ) -> Result<(), RowError> {
        if self.misfits == Misfits::Stop {
            let found = String::from_utf8_lossy(field.bytes());
            return Err(record.error(Some(column), RowErrorKind::value(&found, expected(kind))));
        }
        if before < LOGGED {
            tracing::warn!(
                plan = &*window.plan,
                window = window.number,
                row = record.number(),
                line = record.line(),
                column,
                expected = expected(kind),
                "a value does not fit"
            );
        }
        Ok(())
    }
}

/// The name of a window's file. It begins with a letter: engines pass over names that begin with `.` or `_`.
fn name(window: &SinkWindow, extension: &str) -> String {
    let before = if window.plan.starts_with(|c: char| c.is_ascii_alphabetic()) { "" } else { "plan-" };
    format!("{before}{}-{}.{extension}", window.plan, window.file_stem())
}

/// Columns that are not those of the schema.
#[derive(Debug, PartialEq)]
struct WrongColumns {
    unknown: Option<String>,
    missing: Option<String>,
}

impl WrongColumns {
    fn at(self, path: &Path) -> WriteError {
        WriteError::Columns { path: path.to_owned(), unknown: self.unknown, missing: self.missing }
    }
}

/// Where each column of the schema lies in the file, and what it is written as. A file without a byte has no columns, and no rows.
fn columns(header: &Header, schema: &Schema, kind: impl Fn(Kind) -> Kind) -> Result<Vec<(usize, Kind)>, WrongColumns> {
    if header.is_empty() {
        return Ok(Vec::new());
    }
    // The second column of a name is not where the name is found.
    let is_known = |(index, name): &(usize, &str)| {
        header.position(name) == Some(*index) && schema.columns.iter().any(|column| column.name == **name)
    };
    let unknown = header.names().enumerate().find(|column| !is_known(column)).map(|(_, name)| name.to_owned());
    let missing = schema.columns.iter().find(|column| header.position(&column.name).is_none());
    if unknown.is_some() || missing.is_some() {
        return Err(WrongColumns { unknown, missing: missing.map(|column| column.name.clone()) });
    }
    let place = |column: &Column| Some((header.position(&column.name)?, kind(column.kind)));
    Ok(schema.columns.iter().filter_map(place).collect())
}

/// A value that does not fit, as it came.
fn as_json(field: Field<'_>) -> Value {
    match field.text() {
        Some(text) => text.into(),
        None => json!({ "base64": STANDARD.encode(field.bytes()) }),
    }
}
