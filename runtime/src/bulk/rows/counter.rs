//! The counter: a file's bytes enter in chunks of any size, the number of its records leaves. No record is kept.

use std::fmt;

use memchr::memchr2;

use super::error::{RowError, RowErrorKind};
use super::header::{Found, Header};
use super::reader::GREATEST_RECORD;
use super::splitter::Dialect;
use crate::bulk::Format;

/// Counts the records of a file while it passes by, the header left out: the number that [`Reader`](super::Reader) would read.
///
/// ```
/// use runtime::bulk::Format;
/// use runtime::bulk::rows::RecordCounter;
///
/// let mut counter = RecordCounter::new(Format::Csv);
/// for chunk in ["id,no", "te\n1,\"two\nli", "nes\"\n2,null"] {
///     counter.push(chunk.as_bytes())?;
/// }
/// assert_eq!(counter.finish()?, 2);
/// # Ok::<(), runtime::bulk::rows::RowError>(())
/// ```
#[derive(Clone)]
pub struct RecordCounter {
    format: Format,
    limit: usize,
    state: State,
}

#[derive(Clone)]
enum State {
    /// The file so far, within the header.
    Head(Vec<u8>),
    Body(Body),
}

/// Records after the header.
#[derive(Clone, Debug)]
struct Body {
    dialect: Dialect,
    /// Whether a line with nothing on it is a record.
    blank_counts: bool,
    place: Place,
    /// The last byte outside of quotes; a line feed where a record begins.
    before: u8,
    /// The bytes of the record so far; only 0, 1 and more are told apart.
    length: usize,
    records: u64,
    /// The line that is being read, and the one on which its record began.
    line: u64,
    record_line: u64,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Outside,
    /// Inside of quotes.
    Quotes,
    /// After a quote inside of quotes.
    Quote,
}

impl RecordCounter {
    /// A counter at the beginning of a file.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self { format, limit: GREATEST_RECORD, state: State::Head(Vec::new()) }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    ///
    /// A header that is broken or longer than [`GREATEST_RECORD`].
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), RowError> {
        match &mut self.state {
            State::Body(body) => body.push(chunk),
            State::Head(head) => {
                head.extend_from_slice(chunk);
                match Header::find(head, false, self.format)? {
                    Some(found) => self.state = State::Body(Body::new(&found, head)),
                    None if head.len() > self.limit => {
                        return Err(RowError::new(1, None, RowErrorKind::TooLong { limit: self.limit }));
                    }
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// The number of records, at the file's end.
    ///
    /// # Errors
    ///
    /// A file that ends inside of quotes, or a header that is broken.
    pub fn finish(self) -> Result<u64, RowError> {
        match self.state {
            State::Body(body) => body.finish(),
            State::Head(head) => Header::find(&head, true, self.format).map(|_| 0),
        }
    }
}

/// Shows no record.
impl fmt::Debug for RecordCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let records = match &self.state {
            State::Head(_) => 0,
            State::Body(body) => body.records,
        };
        f.debug_struct("RecordCounter").field("records", &records).finish_non_exhaustive()
    }
}

impl Body {
    /// Begins after the header that was found in `head`.
    fn new(found: &Found, head: &[u8]) -> Self {
        let mut body = Self {
            dialect: found.dialect,
            blank_counts: found.header.len() == 1,
            place: Place::Outside,
            before: b'\n',
            length: 0,
            records: 0,
            line: 1 + found.lines,
            record_line: 1 + found.lines,
        };
        body.push(head.get(found.length..).unwrap_or_default());
        body
    }

    fn push(&mut self, mut chunk: &[u8]) {
        while let Some(&first) = chunk.first() {
            match self.place {
                Place::Outside => {
                    let Some(at) = memchr2(b'\n', b'"', chunk) else {
                        self.before = chunk.last().copied().unwrap_or(self.before);
                        self.length = self.length.saturating_add(chunk.len());
                        return;
                    };
                    let (text, rest) = chunk.split_at(at);
                    self.before = text.last().copied().unwrap_or(self.before);
                    self.length = self.length.saturating_add(at);
                    if rest.first() == Some(&b'\n') {
                        self.record();
                        self.line += 1;
                        (self.before, self.length, self.record_line) = (b'\n', 0, self.line);
                    } else {
                        let opens = self.before == self.dialect.delimiter || self.before == b'\n';
                        self.place = if opens { Place::Quotes } else { Place::Outside };
                        (self.before, self.length) = (b'"', self.length.saturating_add(1));
                    }
                    chunk = rest.get(1..).unwrap_or_default();
                }
                Place::Quotes => {
                    let Some(at) = memchr2(b'\n', b'"', chunk) else { return };
                    match chunk.get(at) {
                        Some(b'\n') => self.line += 1,
                        _ => self.place = Place::Quote,
                    }
                    chunk = chunk.get(at + 1..).unwrap_or_default();
                }
                Place::Quote if first == b'"' => {
                    self.place = Place::Quotes;
                    chunk = chunk.get(1..).unwrap_or_default();
                }
                // No field begins after a closing quote: `before` is a quote.
                Place::Quote => self.place = Place::Outside,
            }
        }
    }

    /// A record ends here, unless it is a line with nothing on it.
    fn record(&mut self) {
        let is_blank = match self.length {
            0 => true,
            1 => self.before == b'\r' && self.dialect.crlf == Some(true),
            _ => false,
        };
        self.records += u64::from(!is_blank || self.blank_counts);
    }

    fn finish(mut self) -> Result<u64, RowError> {
        if matches!(self.place, Place::Quotes) {
            return Err(RowError::new(self.record_line, None, RowErrorKind::Truncated));
        }
        if self.length > 0 {
            self.record();
        }
        Ok(self.records)
    }
}
