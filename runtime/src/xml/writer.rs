//! The writer: one growing buffer, filled from front to back.

use std::fmt;

use super::escape;
use super::write_error::WriteErrorKind;
use super::{Namespace, SimpleType, WriteError, WriteXml, XSI};
use crate::value::{Nillable, OptNillable};

/// Writes one document. Names go out as generated code states them; the root declares all their prefixes.
pub struct Writer {
    out: String,
    namespaces: &'static [Namespace],
}

/// Shows the length only: the document may be secret or personal.
impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({} bytes)", self.out.len())
    }
}

impl Writer {
    /// An empty document whose names use the prefixes of `namespaces`.
    #[must_use]
    pub fn new(namespaces: &'static [Namespace]) -> Self {
        Self { out: String::with_capacity(1024), namespaces }
    }

    /// The document.
    #[must_use]
    pub fn into_string(self) -> String {
        self.out
    }

    /// Writes the XML declaration.
    pub(crate) fn declaration(&mut self) {
        self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// Writes the root element, which declares every namespace.
    pub(crate) fn root<T: WriteXml>(&mut self, qname: &'static str, value: &T) -> Result<(), WriteError> {
        self.start_root(qname, &[]);
        value.write_attributes(self).map_err(|error| error.within(qname, 0))?;
        self.out.push('>');
        value.write_content(self).map_err(|error| error.within(qname, 0))?;
        self.end(qname);
        Ok(())
    }

    /// Writes a start tag up to where attributes go, with the declarations of `more`, of all namespaces and of `xsi`.
    pub(crate) fn start_root(&mut self, qname: &str, more: &[Namespace]) {
        self.out.push('<');
        self.out.push_str(qname);
        for namespace in more.iter().chain(self.namespaces).chain(&[Namespace { prefix: "xsi", uri: XSI }]) {
            self.declare(namespace.prefix, namespace.uri);
        }
    }

    /// Declares a namespace in the start tag that is being written; an empty prefix stands for the default namespace.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) {
        self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
        self.out.push_str(prefix);
        self.out.push_str("=\"");
        // It comes from a document or a schema that was read as XML: nothing in it is forbidden.
        let _ = escape::attribute(&mut self.out, uri);
        self.out.push('"');
    }

    /// Appends what needs no escaping: tags and text of the program's own.
    pub(crate) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn end(&mut self, qname: &str) {
        self.out.push_str("</");
        self.out.push_str(qname);
        self.out.push('>');
    }

    /// Writes a field as elements named `qname`: none, one or many, as it occurs.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    #[inline]
    pub fn element<F: WriteField>(&mut self, qname: &'static str, field: &F) -> Result<(), WriteError> {
        field.write_field(qname, self)
    }

    /// Writes one element; `index` is its number in a repeated field, else 0.
    #[inline]
    fn one<T: WriteXml>(&mut self, qname: &'static str, index: usize, value: &T) -> Result<(), WriteError> {
        self.out.push('<');
        self.out.push_str(qname);
        if let Err(error) = value.write_attributes(self) {
            return Err(error.within(qname, index));
        }
        self.out.push('>');
        if let Err(error) = value.write_content(self) {
            return Err(error.within(qname, index));
        }
        self.end(qname);
        Ok(())
    }

    fn nil(&mut self, qname: &str) {
        self.out.push('<');
        self.out.push_str(qname);
        self.out.push_str(" xsi:nil=\"true\"/>");
    }

    /// Writes an attribute, where there is a value.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    pub fn attribute<A: WriteAttribute>(&mut self, qname: &'static str, value: &A) -> Result<(), WriteError> {
        value.write_attribute(qname, self)
    }

    /// Writes an attribute with this text.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    pub fn attribute_str(&mut self, qname: &'static str, value: &str) -> Result<(), WriteError> {
        self.out.push(' ');
        self.out.push_str(qname);
        self.out.push_str("=\"");
        escape::attribute(&mut self.out, value)
            .map_err(|character| WriteError::new(WriteErrorKind::Character { character }))?;
        self.out.push('"');
        Ok(())
    }

    /// Writes the `xsi:type` of a type whose name with its prefix is known.
    pub fn type_name(&mut self, qname: &'static str) {
        self.out.push_str(" xsi:type=\"");
        self.out.push_str(qname);
        self.out.push('"');
    }

    /// Writes the `xsi:type` of any type, and declares its namespace if the document does not.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    pub fn type_name_in(&mut self, namespace: &str, local: &str) -> Result<(), WriteError> {
        if namespace.is_empty() {
            return self.attribute_str("xsi:type", local);
        }
        let prefix = match self.namespaces.iter().find(|known| known.uri == namespace) {
            Some(known) => known.prefix,
            None => {
                self.attribute_str("xmlns:type", namespace)?;
                "type"
            }
        };
        self.out.push_str(" xsi:type=\"");
        self.out.push_str(prefix);
        self.out.push(':');
        escape::attribute(&mut self.out, local)
            .map_err(|character| WriteError::new(WriteErrorKind::Character { character }))?;
        self.out.push('"');
        Ok(())
    }

    /// Writes a value as text: simple content.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    pub fn text<T: SimpleType>(&mut self, value: &T) -> Result<(), WriteError> {
        value.write(self)
    }

    /// Writes text.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    #[inline]
    pub fn text_str(&mut self, text: &str) -> Result<(), WriteError> {
        escape::text(&mut self.out, text).map_err(|character| WriteError::new(WriteErrorKind::Character { character }))
    }

    /// Writes the text of a number, date or the like, which holds nothing to escape.
    #[inline]
    pub fn raw_ascii(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Checks how many items a repeated field has.
    ///
    /// # Errors
    ///
    /// Fewer than `min` or more than `max`.
    pub fn occurs(
        &mut self,
        name: &'static str,
        found: usize,
        min: usize,
        max: Option<usize>,
    ) -> Result<(), WriteError> {
        if found < min || max.is_some_and(|max| found > max) {
            return Err(WriteError::new(WriteErrorKind::Occurs { name, found, min, max }));
        }
        Ok(())
    }
}

/// Numbers, dates and the like write themselves here with `write!`; what they write must need no escaping.
impl std::fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.out.push_str(text);
        Ok(())
    }
}

/// A field of a struct, whatever its occurrence.
pub trait WriteField {
    /// Writes the elements it stands for.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError>;
}

impl<T: WriteXml> WriteField for T {
    #[inline]
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        writer.one(qname, 0, self)
    }
}

impl<T: WriteXml> WriteField for Option<T> {
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        self.as_ref().map_or(Ok(()), |value| writer.one(qname, 0, value))
    }
}

impl<T: WriteXml> WriteField for Nillable<T> {
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        match self {
            Self::Nil => writer.nil(qname),
            Self::Value(value) => writer.one(qname, 0, value)?,
        }
        Ok(())
    }
}

impl<T: WriteXml> WriteField for OptNillable<T> {
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        match self {
            Self::Absent => {}
            Self::Nil => writer.nil(qname),
            Self::Value(value) => writer.one(qname, 0, value)?,
        }
        Ok(())
    }
}

impl<T: WriteXml> WriteField for Vec<T> {
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        self.iter().enumerate().try_for_each(|(index, value)| writer.one(qname, index + 1, value))
    }
}

impl<T: WriteXml> WriteField for Vec<Nillable<T>> {
    fn write_field(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        for (index, item) in self.iter().enumerate() {
            match item {
                Nillable::Nil => writer.nil(qname),
                Nillable::Value(value) => writer.one(qname, index + 1, value)?,
            }
        }
        Ok(())
    }
}

/// A field that stands for an attribute.
pub trait WriteAttribute {
    /// Writes the attribute, where there is a value.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    fn write_attribute(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError>;
}

impl<A: WriteAttribute> WriteAttribute for Option<A> {
    fn write_attribute(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        self.as_ref().map_or(Ok(()), |value| value.write_attribute(qname, writer))
    }
}
