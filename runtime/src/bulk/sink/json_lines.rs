//! JSON Lines: a JSON object a row, by the names of the columns.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::cell::Cell;
use super::error::WriteError;
use super::table::{MISFITS, Rows, STARTED_AT, Target};

/// Writes rows as JSON objects, each on a line of its own.
pub(super) struct JsonRows {
    path: PathBuf,
    file: BufWriter<File>,
    /// `"name":` of each column, as it stands in a row; `{` or `,` before it.
    names: Vec<Vec<u8>>,
    /// What follows the columns: when the job started, and the name of the column of misfits.
    end: Vec<u8>,
    line: Vec<u8>,
}

impl JsonRows {
    pub(super) fn new(target: Target<'_>) -> Self {
        let mut names = Vec::new();
        for (index, column) in target.schema.columns.iter().enumerate() {
            let mut name = vec![if index == 0 { b'{' } else { b',' }];
            text(&mut name, &column.name);
            name.push(b':');
            names.push(name);
        }
        let mut end = Vec::new();
        end.extend_from_slice(format!(",\"{STARTED_AT}\":").as_bytes());
        match target.started_at {
            Some(moment) => text(&mut end, &moment.to_string()),
            None => end.extend_from_slice(b"null"),
        }
        end.extend_from_slice(format!(",\"{MISFITS}\":").as_bytes());
        Self {
            path: target.path.to_owned(),
            file: BufWriter::with_capacity(1 << 16, target.file),
            names,
            end,
            line: Vec::new(),
        }
    }

    fn error(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
        WriteError::io(path, "write")
    }
}

impl Rows for JsonRows {
    fn cell(&mut self, column: usize, cell: Cell<'_>) {
        let line = &mut self.line;
        line.extend_from_slice(self.names.get(column).map(Vec::as_slice).unwrap_or_default());
        // Writing to memory does not fail.
        let _ = match cell {
            Cell::Null | Cell::Misfit => line.write_all(b"null"),
            Cell::Text(value) => {
                text(line, value);
                Ok(())
            }
            Cell::Boolean(value) => write!(line, "{value}"),
            Cell::Integer(value) => write!(line, "{value}"),
            Cell::Float(value) => serde_json::to_writer(line, &value).map_err(io::Error::from),
            Cell::Date(value) => write!(line, "\"{value}\""),
            Cell::Moment(value) => write!(line, "\"{value}\""),
            Cell::Json(value) => {
                // In JSON, these stand between tokens only.
                line.extend(value.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
                Ok(())
            }
        };
    }

    fn end_row(&mut self, misfits: Option<&str>) -> Result<(), WriteError> {
        self.line.extend_from_slice(&self.end);
        self.line.extend_from_slice(misfits.unwrap_or("null").as_bytes());
        self.line.extend_from_slice(b"}\n");
        self.file.write_all(&self.line).map_err(Self::error(&self.path))?;
        self.line.clear();
        Ok(())
    }

    fn finish(self) -> Result<File, WriteError> {
        self.file.into_inner().map_err(|error| Self::error(&self.path)(error.into_error()))
    }
}

/// A text as JSON.
fn text(to: &mut Vec<u8>, text: &str) {
    // Writing to memory does not fail, and a text has a JSON.
    let _ = serde_json::to_writer(to, text);
}
