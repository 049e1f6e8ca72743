//! The bytes of a job's file. Enter a table, bytes of a test's own, or a seed for a file of any size; leave any range of the file, its size,
//! its number of records and its checksum.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::generated::Generated;
use super::request::{Export, Format};
use super::select::Table;
use super::style::{Empty, Style};
use super::value::write_text;

/// A finished file.
#[derive(Clone, Debug)]
pub struct File {
    content: Content,
    records: u64,
}

#[derive(Clone, Debug)]
enum Content {
    Whole { bytes: Bytes, sha256: [u8; 32] },
    Generated(Arc<Generated>),
}

impl File {
    /// A file of these bytes, of which the service believes that they hold so many records.
    pub fn new(bytes: impl Into<Bytes>, records: u64) -> Self {
        let bytes = bytes.into();
        let sha256 = Sha256::digest(&bytes).into();
        Self { content: Content::Whole { bytes, sha256 }, records }
    }

    pub(super) fn generated(generated: Arc<Generated>) -> Self {
        Self { records: generated.records(), content: Content::Generated(generated) }
    }

    /// The generated file whose checksum is still being computed.
    pub(super) fn unhashed(&self) -> Option<Arc<Generated>> {
        match &self.content {
            Content::Generated(generated) if !generated.is_hashed() => Some(generated.clone()),
            _ => None,
        }
    }

    pub(super) fn of_table(table: &Table, export: &Export, style: &Style) -> Self {
        if table.rows.is_empty() && style.empty != Empty::Header {
            return Self::new(Bytes::new(), 0);
        }
        let delimiter = delimiter(export.format, style);
        let mut bytes = Vec::new();
        if style.byte_order_mark {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        header(&mut bytes, &table.header, delimiter, style);
        for row in &table.rows {
            for (value, index) in row.iter().zip(0..) {
                if index > 0 {
                    bytes.push(delimiter);
                }
                value.write(&mut bytes, delimiter, row.len() == 1, style);
            }
            bytes.extend_from_slice(style.line_end.as_bytes());
        }
        if !style.last_line_end {
            bytes.truncate(bytes.len() - style.line_end.len());
        }
        Self::new(bytes, table.rows.len() as u64)
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Whole { bytes, .. } => bytes.len() as u64,
            Content::Generated(generated) => generated.size(),
        }
    }

    /// Its number of records, the header not counted.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// The SHA-256 of its bytes. Waits where a generated file is not read through yet: do not call it in an async function then.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        match &self.content {
            Content::Whole { sha256, .. } => *sha256,
            Content::Generated(generated) => generated.sha256(),
        }
    }

    /// Its bytes from `at` on: at least one, and no more than one block of a generated file; none at its end.
    #[must_use]
    pub fn read(&self, at: u64) -> Bytes {
        match &self.content {
            Content::Whole { bytes, .. } => {
                let at = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                bytes.slice(at..)
            }
            Content::Generated(generated) => generated.read(at),
        }
    }

    /// A range of its bytes, in memory. What lies behind its end is left out.
    #[must_use]
    pub fn bytes(&self, range: Range<u64>) -> Bytes {
        let end = range.end.min(self.size());
        let mut found = Vec::new();
        let mut at = range.start;
        while at < end {
            let chunk = self.read(at);
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX).min(chunk.len());
            found.extend_from_slice(chunk.get(..wanted).unwrap_or_default());
            at += wanted as u64;
        }
        found.into()
    }

    /// `sha256:` and 64 digits, as answers state it.
    #[must_use]
    pub fn checksum(&self) -> String {
        self.sha256().iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }
}

pub(super) const fn delimiter(format: Format, style: &Style) -> u8 {
    match format {
        Format::Csv => b',',
        Format::Tsv => b'\t',
        Format::Ssv => style.ssv,
    }
}

pub(super) fn header(to: &mut Vec<u8>, names: &[String], delimiter: u8, style: &Style) {
    for (name, index) in names.iter().zip(0..) {
        if index > 0 {
            to.push(delimiter);
        }
        write_text(to, name, delimiter, names.len() == 1, style);
    }
    to.extend_from_slice(style.line_end.as_bytes());
}
