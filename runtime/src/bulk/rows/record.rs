//! A record and its fields, borrowed from the reader's buffer.

use serde::Deserialize;

use super::de::RecordDeserializer;
use super::error::{RowError, RowErrorKind};
use super::header::Header;
use super::splitter::Bounds;

/// One record. It has as many fields as the header has names.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    header: &'a Header,
    bytes: &'a [u8],
    fields: &'a [Bounds],
    line: u64,
    number: u64,
}

/// One field of a record: its text without the quotes around it, doubled quotes made single.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    bytes: &'a [u8],
    quoted: bool,
}

/// The fields of a record in order, with the names of their columns.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    record: Record<'a>,
    next: usize,
}

impl<'a> Record<'a> {
    pub(super) fn new(header: &'a Header, bytes: &'a [u8], fields: &'a [Bounds], line: u64, number: u64) -> Self {
        Self { header, bytes, fields, line, number }
    }

    /// The file's header.
    #[must_use]
    pub fn header(&self) -> &'a Header {
        self.header
    }

    /// The line on which the record begins, counted from 1 for the header's.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The record's number, counted from 1 for the first after the header.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// A field by its place, counted from 0.
    #[must_use]
    pub fn field(&self, index: usize) -> Option<Field<'a>> {
        let bounds = self.fields.get(index)?;
        Some(Field { bytes: self.bytes.get(bounds.start..bounds.end)?, quoted: bounds.quoted })
    }

    /// A field by its column's name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Field<'a>> {
        self.field(self.header.position(name)?)
    }

    /// The fields in order.
    #[must_use]
    pub fn fields(&self) -> Fields<'a> {
        Fields { record: *self, next: 0 }
    }

    /// The text of a column, `None` where it is null.
    ///
    /// # Errors
    ///
    /// No column of this name, or a text that is not in UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, RowError> {
        let Some(field) = self.get(name) else { return Err(self.error(Some(name), RowErrorKind::MissingColumn)) };
        if field.is_null() {
            return Ok(None);
        }
        field.text().map(Some).ok_or_else(|| self.error(Some(name), RowErrorKind::Encoding))
    }

    /// The record as a value of a type, by serde.
    ///
    /// A struct or map takes its values by the names of the columns, a tuple by their order; columns that a struct does not know are passed over.
    /// Null is `None`, and an error where the type is no `Option`. Integers may come with decimals that are zero (`12.0`); booleans are `true`,
    /// `false`, `1` and `0`. A struct, map or sequence inside of the record is read from the field's text as JSON; see also
    /// [`Attributes`](super::Attributes).
    ///
    /// ```
    /// use runtime::bulk::Format;
    /// use runtime::bulk::rows::Reader;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct Lead<'a> {
    ///     id: u64,
    ///     first_name: Option<&'a str>,
    /// }
    ///
    /// let mut reader = Reader::new("id,firstName\n7,Ada\n".as_bytes(), Format::Csv)?;
    /// let record = reader.read()?.expect("a record");
    /// let lead: Lead<'_> = record.deserialize()?;
    /// assert_eq!((lead.id, lead.first_name), (7, Some("Ada")));
    /// # Ok::<(), runtime::bulk::rows::RowError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A value that is not of its type, with line, column and value.
    pub fn deserialize<T: Deserialize<'a>>(&self) -> Result<T, RowError> {
        T::deserialize(RecordDeserializer::new(*self)).map_err(|error| error.at(self.line, None))
    }

    /// An error in this record.
    pub(in crate::bulk) fn error(&self, column: Option<&str>, kind: RowErrorKind) -> RowError {
        RowError::new(self.line, column, kind)
    }
}

impl<'a> Field<'a> {
    /// The bytes.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The text, `None` where it is not in UTF-8. Null is `null` here.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes).ok()
    }

    /// Whether it stood in quotes.
    #[must_use]
    pub fn is_quoted(self) -> bool {
        self.quoted
    }

    /// Whether it is null: `null` without quotes.
    #[must_use]
    pub fn is_null(self) -> bool {
        !self.quoted && self.bytes == b"null"
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, Field<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let item = (self.record.header.name(self.next)?, self.record.field(self.next)?);
        self.next += 1;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.record.fields.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Fields<'_> {}
