//! Typed XML, out and in: what generated code implements ([`WriteXml`], [`ReadXml`]) and what drives it ([`Writer`], [`Reader`]).
//!
//! Values enter and bytes leave, or the other way round, in one pass: no tree, no reflection, no copy but the strings that are kept.
//! Nothing in here knows of SOAP or of any service.

mod attributes;
mod builtin;
mod content;
mod document;
mod escape;
mod fields;
mod fragment;
mod input;
mod markup;
mod name;
mod read_error;
mod reader;
mod scope;
mod simple;
mod text;
mod write_error;
mod writer;

pub use document::{read, read_with, write};
pub use fragment::Fragment;
pub use name::{Element, Name, Namespace, TypeName};
pub(crate) use read_error::excerpt;
pub use read_error::{ReadError, ReadErrorKind};
pub use reader::{ReadOptions, Reader};
pub use simple::SimpleType;
pub use write_error::{WriteError, WriteErrorKind};
pub use writer::{WriteAttribute, WriteField, Writer};

/// The namespace of `xsi:type` and `xsi:nil` (XML Schema Part 1, section 2.6).
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The namespace of XML Schema's own types.
pub const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// A value that can be read from an element.
pub trait ReadXml: Sized {
    /// The schema type's name: an `xsi:type` that names another is an error. `None` leaves `xsi:type` alone.
    const TYPE: Option<TypeName> = None;

    /// Reads the current element's attributes and content, up to and with its end tag.
    ///
    /// # Errors
    ///
    /// Anything in the element that the type does not allow, with its place.
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError>;

    /// As [`read_xml`](Self::read_xml), for an element that may be left out: one that is there but empty counts as absent where the type has
    /// no empty literal.
    ///
    /// # Errors
    ///
    /// As [`read_xml`](Self::read_xml).
    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
        Self::read_xml(reader).map(Some)
    }
}

/// A value that can be written into an element.
pub trait WriteXml {
    /// Writes the attributes of the element's start tag.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    fn write_attributes(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let _ = writer;
        Ok(())
    }

    /// Writes what stands between the element's tags.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow, or a number of elements that the schema does not.
    fn write_content(&self, writer: &mut Writer) -> Result<(), WriteError>;
}

impl<T: ReadXml> ReadXml for Box<T> {
    const TYPE: Option<TypeName> = T::TYPE;

    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        T::read_xml(reader).map(Box::new)
    }

    fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Self>, ReadError> {
        Ok(T::read_optional(reader)?.map(Box::new))
    }
}

impl<T: WriteXml> WriteXml for Box<T> {
    fn write_attributes(&self, writer: &mut Writer) -> Result<(), WriteError> {
        T::write_attributes(self, writer)
    }

    fn write_content(&self, writer: &mut Writer) -> Result<(), WriteError> {
        T::write_content(self, writer)
    }
}
