//! Faults (SOAP 1.1, section 4.4).

use std::fmt;

use super::{ENVELOPE, ErrorKind};
use crate::xml::{Element, Fragment, ReadError, ReadOptions, ReadXml, Reader, WriteError, WriteXml};

/// What a service answers instead of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Whose fault it is.
    pub code: FaultCode,
    /// The explanation for people.
    pub string: String,
    /// The node that caused it, where it says so.
    pub actor: Option<String>,
    /// What the service says beyond, each element as it came.
    pub detail: Vec<Fragment>,
}

/// A fault code: a qualified name (SOAP 1.1, section 4.4.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FaultCode {
    /// The namespace; SOAP's own for the four codes that SOAP defines. Empty where the code has no prefix that is declared.
    pub namespace: String,
    /// `Client`, `Server`, `VersionMismatch`, `MustUnderstand` or one of the service's own.
    pub local: String,
}

impl FaultCode {
    /// A code that SOAP itself defines.
    pub fn soap(local: impl Into<String>) -> Self {
        Self { namespace: ENVELOPE.to_owned(), local: local.into() }
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.local)
    }
}

impl Fault {
    /// A fault with one of SOAP's own codes and nothing beyond its explanation.
    pub fn new(code: impl Into<String>, string: impl Into<String>) -> Self {
        Self { code: FaultCode::soap(code), string: string.into(), actor: None, detail: Vec::new() }
    }

    /// The fault with `value` as one more element of its detail.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow, or a number of elements that the schema does not.
    pub fn with_detail<T: WriteXml>(mut self, element: &Element<T>, value: &T) -> Result<Self, WriteError> {
        self.detail.push(Fragment::new(element, value)?);
        Ok(self)
    }

    /// What the fault means by SOAP's own codes (section 4.4.1): `Client` and what extends it, such as `Client.Authentication`, blames the
    /// request, as `VersionMismatch` and `MustUnderstand` do; all others the service.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.code.local.split('.').next() {
            Some("Client" | "VersionMismatch" | "MustUnderstand") => ErrorKind::Client,
            _ => ErrorKind::Server,
        }
    }

    /// The number that the explanation begins with, as some services put their codes there: `20103` of `20103 - Lead not found`.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        let text = self.string.trim_start();
        let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
        (end > 0).then_some(&text[..end])
    }

    /// The detail `element`, where there is one.
    ///
    /// # Errors
    ///
    /// Content that its type does not allow; offsets count from the detail's first byte.
    pub fn detail<T: ReadXml>(&self, element: &Element<T>) -> Result<Option<T>, ReadError> {
        let detail = self.detail.iter().find(|detail| detail.is(element));
        detail.map(|detail| detail.read(element, ReadOptions::default())).transpose()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fault {}: {}", self.code, self.string)
    }
}

impl std::error::Error for Fault {}

impl ReadXml for Fault {
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (mut code, mut string, mut actor, mut detail) = (None, None, None, None);
        while let Some(name) = reader.next_child()? {
            match name {
                // Unqualified by the rules; some services qualify them all the same.
                ("" | ENVELOPE, "faultcode") => reader.required(&mut code)?,
                ("" | ENVELOPE, "faultstring") => reader.required(&mut string)?,
                ("" | ENVELOPE, "faultactor") => reader.optional(&mut actor)?,
                ("" | ENVELOPE, "detail") => reader.optional(&mut detail)?,
                _ => reader.unknown()?,
            }
        }
        Ok(Self {
            code: reader.need(code, "faultcode")?,
            string: reader.need(string, "faultstring")?,
            actor,
            detail: detail.map_or_else(Vec::new, |Detail(entries)| entries),
        })
    }
}

impl ReadXml for FaultCode {
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let (namespace, local) = reader.qname_text()?;
        Ok(Self { namespace, local })
    }
}

struct Detail(Vec<Fragment>);

impl ReadXml for Detail {
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut entries = Vec::new();
        // Some services put mere text there; it says nothing that can be relied on.
        while reader.next_child_or_text()?.is_some() {
            entries.push(reader.fragment()?);
        }
        Ok(Self(entries))
    }
}
