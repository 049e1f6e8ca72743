//! The header: the names of the columns, and how the file is written.

use std::collections::HashMap;

use super::error::{RowError, RowErrorKind};
use super::splitter::{Dialect, Splitter, Step};
use crate::bulk::Format;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The names of a file's columns, in order. A file without a byte has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

/// A header that was found: itself, how the file is written, how many bytes it takes and how many lines.
pub(super) struct Found {
    pub(super) header: Header,
    pub(super) dialect: Dialect,
    pub(super) length: usize,
    pub(super) lines: u64,
}

impl Header {
    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no column: only where the file has no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The name of a column, counted from 0.
    #[must_use]
    pub fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).map(String::as_str)
    }

    /// Where a column stands, counted from 0; the first one of several that have the name. Names are compared to the letter.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Finds the header in the beginning of a file; `end` says that this is the whole file. `None` where it goes on beyond the bytes.
    ///
    /// Of the delimiters that the format may have, the first that the header has outside of quotes is the file's.
    pub(super) fn find(bytes: &[u8], end: bool, format: Format) -> Result<Option<Found>, RowError> {
        if !end && BYTE_ORDER_MARK.starts_with(bytes) {
            return Ok(None);
        }
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        if !end && !text.contains(&b'\n') {
            return Ok(None);
        }
        let mark = bytes.len() - text.len();
        let delimiters = delimiters(format);
        for (index, &delimiter) in delimiters.iter().enumerate() {
            let is_last = index + 1 == delimiters.len();
            let mut line = text.to_vec();
            let mut splitter = Splitter::new(Dialect { delimiter, crlf: None });
            let length = match splitter.split(&mut line, end) {
                Ok(Step::More) => return Ok(None),
                Ok(Step::End) => 0,
                // Only the right delimiter ends a field after its closing quote.
                Err(RowErrorKind::AfterQuote) if !is_last => continue,
                Err(kind) => return Err(RowError::new(1, None, kind)),
                Ok(Step::Record(length)) => length,
            };
            let alone = splitter.fields().len() <= 1 && delimiters.len() > 1;
            if alone && !is_last {
                continue;
            }
            let mut dialect = splitter.dialect();
            if alone {
                // One column: nothing stands between fields.
                dialect.delimiter = b'\n';
            }
            let names = splitter.fields().iter().map(|field| line.get(field.start..field.end).unwrap_or_default());
            let header = Self::new(names)?;
            return Ok(Some(Found { header, dialect, length: mark + length, lines: splitter.lines() }));
        }
        Ok(None)
    }

    fn new<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Result<Self, RowError> {
        let mut header = Self::default();
        for (index, field) in fields.enumerate() {
            let Ok(name) = std::str::from_utf8(field) else {
                let shown = String::from_utf8_lossy(field);
                return Err(RowError::new(1, Some(&shown), RowErrorKind::Encoding));
            };
            header.places.entry(name.to_owned()).or_insert(index);
            header.names.push(name.to_owned());
        }
        Ok(header)
    }
}

/// What may stand between two fields, in the order in which the header is tried.
const fn delimiters(format: Format) -> &'static [u8] {
    match format {
        Format::Csv => b",",
        Format::Tsv => b"\t",
        Format::Ssv => b"; ",
    }
}
