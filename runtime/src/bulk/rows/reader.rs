//! The reader: a source of bytes enters, records leave one after another.

use std::fmt;
use std::io::{self, Read};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::error::{RowError, RowErrorKind};
use super::header::{Found, Header};
use super::record::Record;
use super::splitter::{Splitter, Step};
use crate::bulk::Format;

/// The greatest length of a record in bytes unless told otherwise: 16 MiB.
pub const GREATEST_RECORD: usize = 16 << 20;

/// The buffer to begin with.
const BUFFER: usize = 64 << 10;

/// Reads the records of an export file.
///
/// Records borrow from the reader's buffer, so each must be done with before the next is read. After an error that hides where the next record
/// begins, every further call says the same error; after a record that only has the wrong number of fields, reading can go on.
///
/// ```
/// use runtime::bulk::Format;
/// use runtime::bulk::rows::Reader;
///
/// let file = "id,email\n1,\"a, b\"\n2,null\n3,\"null\"\n";
/// let mut reader = Reader::new(file.as_bytes(), Format::Csv)?;
/// let mut emails = Vec::new();
/// while let Some(record) = reader.read()? {
///     emails.push(record.text("email")?.map(str::to_owned));
/// }
/// assert_eq!(emails, [Some("a, b".to_owned()), None, Some("null".to_owned())]);
/// # Ok::<(), runtime::bulk::rows::RowError>(())
/// ```
pub struct Reader<R> {
    input: R,
    header: Header,
    splitter: Splitter,
    pub(super) buffer: Vec<u8>,
    /// Where the present record begins in the buffer.
    start: usize,
    /// Up to where the buffer holds the file.
    filled: usize,
    /// Whether the input came to its end.
    ended: bool,
    limit: usize,
    /// The line on which the present record begins.
    line: u64,
    records: u64,
    failed: Option<RowError>,
}

impl<R: Read> Reader<R> {
    /// Reads the header. Records may have up to [`GREATEST_RECORD`] bytes.
    ///
    /// # Errors
    ///
    /// An input that does not read, or a header that is broken, is not in UTF-8 or is too long.
    pub fn new(input: R, format: Format) -> Result<Self, RowError> {
        Self::with_limit(input, format, GREATEST_RECORD)
    }

    /// The same with another limit on the length of a record in bytes, its line's end included.
    ///
    /// # Errors
    ///
    /// See [`new`](Self::new).
    pub fn with_limit(mut input: R, format: Format, greatest_record: usize) -> Result<Self, RowError> {
        let mut buffer = vec![0; BUFFER.min(greatest_record.max(1))];
        let mut filled = 0;
        let mut ended = false;
        let found = loop {
            let bytes = buffer.get(..filled).unwrap_or_default();
            match Header::find(bytes, ended, format)? {
                Some(found) => break found,
                // Not reached: a whole file has a header or an error.
                None if ended => return Err(RowError::new(1, None, RowErrorKind::Truncated)),
                None => {}
            }
            grow(&mut buffer, filled, greatest_record).map_err(|kind| RowError::new(1, None, kind))?;
            ended = fill(&mut input, &mut buffer, &mut filled).map_err(|kind| RowError::new(1, None, kind))?;
        };
        let Found { header, dialect, length, lines } = found;
        if length > greatest_record {
            return Err(RowError::new(1, None, RowErrorKind::TooLong { limit: greatest_record }));
        }
        Ok(Self {
            input,
            header,
            splitter: Splitter::new(dialect),
            buffer,
            start: length,
            filled,
            ended,
            limit: greatest_record,
            line: 1 + lines,
            records: 0,
            failed: None,
        })
    }

    /// The file's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many records were read so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The next record, or `None` at the file's end.
    ///
    /// # Errors
    ///
    /// An input that does not read, a record that is broken, cut off, too long or has not as many fields as the header.
    pub fn read(&mut self) -> Result<Option<Record<'_>>, RowError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let (start, line) = loop {
            let step = self.step().map_err(|kind| {
                let error = RowError::new(self.line, None, kind);
                self.failed.insert(error).clone()
            })?;
            let Some(length) = step else { return Ok(None) };
            let (start, line) = (self.start, self.line);
            self.start += length;
            self.line += self.splitter.lines();
            let found = self.splitter.fields().len();
            if found == self.header.len() {
                break (start, line);
            }
            let is_blank = matches!(self.splitter.fields(), [field] if !field.quoted && field.start == field.end);
            if !is_blank {
                let kind = RowErrorKind::Ragged { found, expected: self.header.len() };
                return Err(RowError::new(line, None, kind));
            }
        };
        self.records += 1;
        let bytes = self.buffer.get(start..self.start).unwrap_or_default();
        Ok(Some(Record::new(&self.header, bytes, self.splitter.fields(), line, self.records)))
    }

    /// The records as values of a type, by serde. See [`Record::deserialize`].
    #[must_use]
    pub fn typed<T: DeserializeOwned>(self) -> Typed<R, T> {
        Typed { reader: self, value: PhantomData }
    }

    /// The length of the next record, which begins at `start`.
    fn step(&mut self) -> Result<Option<usize>, RowErrorKind> {
        self.splitter.begin();
        loop {
            let record = self.buffer.get_mut(self.start..self.filled).unwrap_or_default();
            match self.splitter.split(record, self.ended)? {
                Step::Record(length) if length > self.limit => {
                    return Err(RowErrorKind::TooLong { limit: self.limit });
                }
                Step::Record(length) => return Ok(Some(length)),
                Step::End => return Ok(None),
                Step::More => {}
            }
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.filled, 0);
                self.filled -= self.start;
                self.start = 0;
            }
            grow(&mut self.buffer, self.filled, self.limit)?;
            self.ended = fill(&mut self.input, &mut self.buffer, &mut self.filled)?;
        }
    }
}

/// Shows no record.
impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("header", &self.header)
            .field("line", &self.line)
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

/// Makes room for more of a record that fills the buffer.
fn grow(buffer: &mut Vec<u8>, filled: usize, limit: usize) -> Result<(), RowErrorKind> {
    if filled < buffer.len() {
        return Ok(());
    }
    if filled > limit {
        return Err(RowErrorKind::TooLong { limit });
    }
    // One byte more than the limit tells a record at the limit from a longer one.
    buffer.resize((filled * 2).max(1).min(limit.saturating_add(1)), 0);
    Ok(())
}

/// Reads once. Whether the input came to its end.
fn fill(input: &mut impl Read, buffer: &mut [u8], filled: &mut usize) -> Result<bool, RowErrorKind> {
    loop {
        match input.read(buffer.get_mut(*filled..).unwrap_or_default()) {
            Ok(count) => {
                *filled += count;
                return Ok(count == 0);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(RowErrorKind::from(&error)),
        }
    }
}

/// The records of a [`Reader`] as values of a type. After an error that hides where the next record begins, it says that error forever.
#[derive(Debug)]
pub struct Typed<R, T> {
    reader: Reader<R>,
    value: PhantomData<fn() -> T>,
}

impl<R: Read, T: DeserializeOwned> Iterator for Typed<R, T> {
    type Item = Result<T, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.read().and_then(|record| record.map(|record| record.deserialize()).transpose()).transpose()
    }
}
