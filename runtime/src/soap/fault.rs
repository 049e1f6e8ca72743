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
    /// The text that stands in the detail beside its elements, its words with one space between; empty where there is none.
    pub detail_text: String,
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
        Self {
            code: FaultCode::soap(code),
            string: string.into(),
            actor: None,
            detail: Vec::new(),
            detail_text: String::new(),
        }
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

/// Read leniently: whatever else is wrong with it, that it is a fault should not be lost. Its parts are unqualified by the rules, and some services
/// qualify them all the same; one that is missing or nil counts as empty, other elements are skipped.
impl ReadXml for Fault {
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut fault =
            Self { code: FaultCode { namespace: String::new(), local: String::new() }, ..Self::new("", String::new()) };
        while let Some(name) = reader.next_child()? {
            match name {
                ("" | ENVELOPE, "faultcode") => {
                    let (namespace, local) = reader.qname_text()?;
                    fault.code = FaultCode { namespace, local };
                }
                ("" | ENVELOPE, "faultstring") => fault.string = reader.text()?,
                ("" | ENVELOPE, "faultactor") => fault.actor = Some(reader.text()?),
                ("" | ENVELOPE, "detail") => detail(&mut fault, reader)?,
                _ => reader.skip()?,
            }
            reader.close();
        }
        Ok(fault)
    }
}

fn detail(fault: &mut Fault, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let mut text = String::new();
    while reader.next_child_after_text(&mut text)?.is_some() {
        fault.detail.push(reader.fragment()?);
        text.push(' ');
    }
    for word in text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !fault.detail_text.is_empty() {
            fault.detail_text.push(' ');
        }
        fault.detail_text.push_str(word);
    }
    Ok(())
}
