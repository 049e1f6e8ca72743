//! Records of an export file: bytes enter, records leave that borrow from one buffer.
//!
//! A file is CSV as RFC 4180 has it, or the same with tabs, semicolons or spaces between the fields. What the RFC leaves open is decided here
//! so that nothing is lost and nothing is guessed:
//!
//! - The first record is the header. A byte order mark before it is no part of it.
//! - A record ends at a line feed outside of quotes. The carriage return before it belongs to the line's end only if the header ends that way
//!   too or the field is quoted; all others are text. NUL, U+2028 and the rest are text as well.
//! - A quote opens a quoted field only where the field begins; elsewhere it is text. After the closing quote the field must end.
//! - A bare `null` is null; `"null"` in quotes is text; an empty field is an empty text: read as an `Option` of a number, it is an error, not
//!   `None`.
//! - An empty line is a record of one empty field where the header has one column, and nothing elsewhere.
//! - A record with more or fewer fields than the header is an error, and so is a file that ends inside of quotes.
//!
//! Memory is bounded by the longest record and its limit, never by the file. This module opens no file and knows nothing of types; what a text
//! means as a number or a time is asked of it by name.

mod attributes;
mod counter;
mod de;
mod error;
mod header;
mod reader;
mod record;
mod splitter;
pub(crate) mod value;

pub use attributes::Attributes;
pub use counter::RecordCounter;
pub use error::{RowError, RowErrorKind};
pub use header::Header;
pub use reader::{GREATEST_RECORD, Reader, Typed};
pub use record::{Field, Fields, Record};

#[cfg(test)]
mod tests;
