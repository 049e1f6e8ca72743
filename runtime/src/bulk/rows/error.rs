//! What was wrong with a file of records, and where.

use std::fmt;
use std::io;

/// A record could not be read: the place and what is wrong there.
///
/// Shown as ``line 42, column `email`: what is wrong``. Lines are counted from 1 by their line feeds; a record has the line on which it begins.
/// What is quoted from the file is cut to 64 characters; it may be personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RowError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    line: u64,
    column: Option<String>,
    kind: RowErrorKind,
}

/// What is wrong with a file of records.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowErrorKind {
    /// The file does not read.
    Io {
        /// The kind of the system's error.
        kind: io::ErrorKind,
        /// Its text.
        message: String,
    },
    /// The file ends inside of quotes.
    Truncated,
    /// Text between a closing quote and the end of its field.
    AfterQuote,
    /// A record with more or fewer fields than the header has.
    Ragged {
        /// How many fields it has.
        found: usize,
        /// How many columns the header has.
        expected: usize,
    },
    /// A record longer than the reader was told to take.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A column that was asked for and is not in the header.
    MissingColumn,
    /// Bytes that are not in UTF-8.
    Encoding,
    /// A value that is not of the wanted type.
    Value {
        /// The value, or `null`.
        found: String,
        /// What was wanted.
        expected: String,
    },
    /// What else a type has to say against the record.
    Message(String),
}

impl RowError {
    pub(super) fn new(line: u64, column: Option<&str>, kind: RowErrorKind) -> Self {
        Self(Box::new(Inner { line, column: column.map(str::to_owned), kind }))
    }

    /// The same with the line, and the column if it has none yet.
    pub(super) fn at(mut self, line: u64, column: Option<&str>) -> Self {
        self.0.line = line;
        if self.0.column.is_none() {
            self.0.column = column.map(str::to_owned);
        }
        self
    }

    /// The line on which the record begins, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.0.line
    }

    /// The name of the column, where one is to blame.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &RowErrorKind {
        &self.0.kind
    }
}

impl RowErrorKind {
    /// A value's error, with the beginning of the value.
    pub(in crate::bulk) fn value(found: &str, expected: impl Into<String>) -> Self {
        const LIMIT: usize = 64;
        let found = match found.char_indices().nth(LIMIT) {
            Some((end, _)) => format!("{}…", &found[..end]),
            None => found.to_owned(),
        };
        Self::Value { found, expected: expected.into() }
    }
}

impl From<&io::Error> for RowErrorKind {
    fn from(error: &io::Error) -> Self {
        Self::Io { kind: error.kind(), message: error.to_string() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.0.line)?;
        if let Some(column) = &self.0.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.0.kind)
    }
}

impl fmt::Debug for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for RowError {}

impl fmt::Display for RowErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { message, .. } => write!(f, "the file does not read: {message}"),
            Self::Truncated => f.write_str("the file ends inside of quotes"),
            Self::AfterQuote => f.write_str("found text after a closing quote, expected the end of the field"),
            Self::Ragged { found, expected } => write!(f, "found {found} fields, expected {expected} as in the header"),
            Self::TooLong { limit } => write!(f, "the record is longer than {limit} bytes"),
            Self::MissingColumn => f.write_str("the column is not in the header"),
            Self::Encoding => f.write_str("found bytes that are not in UTF-8"),
            Self::Value { found, expected } => write!(f, "found `{found}`, expected {expected}"),
            Self::Message(message) => f.write_str(message),
        }
    }
}
