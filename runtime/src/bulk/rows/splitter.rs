//! The splitter: finds the end of a record and the bounds of its fields, and takes the doubled quotes out in place.
//!
//! It is handed a growing buffer that begins where the record begins, and goes on where it stopped: each byte is looked at once however the
//! file comes in chunks.

use memchr::memchr2;

use super::error::RowErrorKind;

/// How a file is written: what its header shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What stands between fields; a line feed where nothing does.
    pub(super) delimiter: u8,
    /// Whether lines end with CR LF rather than LF. Not known before the header's end.
    pub(super) crlf: Option<bool>,
}

/// Where a field's text lies, counted from the record's first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// What a call of [`Splitter::split`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The record goes on beyond the buffer.
    More,
    /// A record of so many bytes, its line's end included.
    Record(usize),
    /// The file ended before another record.
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A field begins.
    Start,
    /// Inside a field without quotes.
    Bare,
    /// Inside of quotes.
    Quoted,
    /// After a quote inside of quotes: doubled, or the closing one.
    Quote,
    /// After the closing quote and a carriage return.
    Return,
}

#[derive(Clone, Debug)]
pub(super) struct Splitter {
    dialect: Dialect,
    state: State,
    fields: Vec<Bounds>,
    /// What is looked at next.
    at: usize,
    /// Where the field's text begins.
    start: usize,
    /// Where the field's text goes on being written once a doubled quote was taken out; `at` at most.
    out: usize,
    /// Line feeds in the record so far.
    lines: u64,
}

impl Splitter {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, state: State::Start, fields: Vec::new(), at: 0, start: 0, out: 0, lines: 0 }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The bounds of the record that was found last.
    pub(super) fn fields(&self) -> &[Bounds] {
        &self.fields
    }

    /// The line feeds of the record so far.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// To be called before each record.
    pub(super) fn begin(&mut self) {
        self.state = State::Start;
        self.fields.clear();
        (self.at, self.start, self.out, self.lines) = (0, 0, 0, 0);
    }

    /// Goes on in `buffer`, which holds the record from its first byte on and may have grown since the last call. `end` says that the file ends
    /// with the buffer.
    pub(super) fn split(&mut self, buffer: &mut [u8], end: bool) -> Result<Step, RowErrorKind> {
        loop {
            let more = match self.state {
                State::Start => match buffer.get(self.at) {
                    None => true,
                    Some(b'"') => {
                        self.at += 1;
                        (self.start, self.out, self.state) = (self.at, self.at, State::Quoted);
                        false
                    }
                    Some(_) => {
                        (self.start, self.state) = (self.at, State::Bare);
                        false
                    }
                },
                State::Bare => match memchr2(self.dialect.delimiter, b'\n', &buffer[self.at..]) {
                    None => {
                        self.at = buffer.len();
                        true
                    }
                    Some(found) => {
                        self.at += found;
                        if buffer[self.at] == b'\n' {
                            return Ok(self.line(buffer));
                        }
                        self.field(self.start, self.at, false);
                        false
                    }
                },
                State::Quoted => self.quoted(buffer),
                State::Quote => match buffer.get(self.at) {
                    None => true,
                    Some(b'"') => {
                        // Before `at`, since the quote that was found first lies between.
                        buffer[self.out] = b'"';
                        self.out += 1;
                        self.at += 1;
                        self.state = State::Quoted;
                        false
                    }
                    Some(b'\n') => {
                        self.dialect.crlf.get_or_insert(false);
                        return Ok(self.last(self.start, self.out, true));
                    }
                    Some(b'\r') => {
                        self.at += 1;
                        self.state = State::Return;
                        false
                    }
                    Some(byte) if *byte == self.dialect.delimiter => {
                        self.field(self.start, self.out, true);
                        false
                    }
                    Some(_) => return Err(RowErrorKind::AfterQuote),
                },
                State::Return => match buffer.get(self.at) {
                    None => true,
                    Some(b'\n') => {
                        self.dialect.crlf.get_or_insert(true);
                        return Ok(self.last(self.start, self.out, true));
                    }
                    Some(_) => return Err(RowErrorKind::AfterQuote),
                },
            };
            if more {
                return if end { self.end(buffer) } else { Ok(Step::More) };
            }
        }
    }

    /// Text of a quoted field up to the next quote. Whether there is none in the buffer.
    fn quoted(&mut self, buffer: &mut [u8]) -> bool {
        let from = self.at;
        loop {
            let Some(found) = memchr2(b'"', b'\n', &buffer[self.at..]) else {
                self.at = buffer.len();
                self.keep(buffer, from, self.at);
                return true;
            };
            self.at += found + 1;
            if buffer[self.at - 1] == b'"' {
                self.keep(buffer, from, self.at - 1);
                self.state = State::Quote;
                return false;
            }
            self.lines += 1;
        }
    }

    /// Moves text to where the field is written.
    fn keep(&mut self, buffer: &mut [u8], from: usize, to: usize) {
        if self.out < from {
            buffer.copy_within(from..to, self.out);
        }
        self.out += to - from;
    }

    /// A bare field ends at the line feed at `at`, and the record with it.
    fn line(&mut self, buffer: &[u8]) -> Step {
        let crlf = self.at > self.start && buffer[self.at - 1] == b'\r';
        let stripped = crlf && *self.dialect.crlf.get_or_insert(crlf);
        self.dialect.crlf.get_or_insert(false);
        self.last(self.start, self.at - usize::from(stripped), false)
    }

    /// The record's last field, ending with the line feed at `at`.
    fn last(&mut self, start: usize, end: usize, quoted: bool) -> Step {
        self.lines += 1;
        self.field(start, end, quoted);
        Step::Record(self.at)
    }

    /// A field that ends with the byte at `at`.
    fn field(&mut self, start: usize, end: usize, quoted: bool) {
        self.fields.push(Bounds { start, end, quoted });
        self.at += 1;
        self.state = State::Start;
    }

    /// The file ends with the buffer.
    fn end(&mut self, buffer: &[u8]) -> Result<Step, RowErrorKind> {
        let (start, end, quoted) = match self.state {
            State::Start if self.fields.is_empty() => return Ok(Step::End),
            State::Start => (self.at, self.at, false),
            State::Bare => {
                let crlf = self.dialect.crlf == Some(true) && buffer[self.start..].ends_with(b"\r");
                (self.start, buffer.len() - usize::from(crlf), false)
            }
            State::Quoted => return Err(RowErrorKind::Truncated),
            State::Quote | State::Return => (self.start, self.out, true),
        };
        self.fields.push(Bounds { start, end, quoted });
        Ok(Step::Record(buffer.len()))
    }
}
