//! Simple types: values that are text.

use std::borrow::Cow;

use super::{WriteError, Writer};

/// A simple type (XML Schema Part 2): a value with a text.
///
/// [`simple_type!`](crate::simple_type) makes one readable and writable.
pub trait SimpleType: Sized {
    /// The schema type's name, for messages: `xs:int`.
    const NAME: &'static str;

    /// Whether the empty text is a value. Where it is not, an optional element that is empty counts as absent.
    const HAS_EMPTY_LITERAL: bool;

    /// Whether every text is a value, so that one that is owned can be moved in.
    const TAKES_ANY_TEXT: bool = false;

    /// Reads the whole text of an element or attribute. Types whose white space is collapsed do that themselves (Part 2, section 4.3.6).
    ///
    /// # Errors
    ///
    /// What was expected instead, in words.
    fn parse(text: Cow<'_, str>) -> Result<Self, String>;

    /// The text to write, before it is escaped.
    fn lexical(&self) -> Cow<'_, str>;

    /// Writes the text. Types that need neither an allocation nor escaping do better than this default.
    ///
    /// # Errors
    ///
    /// A character that XML does not allow.
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.text_str(&self.lexical())
    }
}

/// Implements [`ReadXml`](crate::xml::ReadXml), [`WriteXml`](crate::xml::WriteXml) and [`WriteAttribute`](crate::xml::WriteAttribute) for types
/// that are [`SimpleType`]s.
#[macro_export]
macro_rules! simple_type {
    ($($type_:ty),+ $(,)?) => {$(
        impl $crate::xml::ReadXml for $type_ {
            fn read_xml(reader: &mut $crate::xml::Reader<'_>) -> ::core::result::Result<Self, $crate::xml::ReadError> {
                reader.simple()
            }

            fn read_optional(
                reader: &mut $crate::xml::Reader<'_>,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::xml::ReadError> {
                reader.optional_simple()
            }
        }

        impl $crate::xml::WriteXml for $type_ {
            fn write_content(
                &self,
                writer: &mut $crate::xml::Writer,
            ) -> ::core::result::Result<(), $crate::xml::WriteError> {
                $crate::xml::SimpleType::write(self, writer)
            }
        }

        impl $crate::xml::WriteAttribute for $type_ {
            fn write_attribute(
                &self,
                name: &'static str,
                writer: &mut $crate::xml::Writer,
            ) -> ::core::result::Result<(), $crate::xml::WriteError> {
                writer.attribute_str(name, &$crate::xml::SimpleType::lexical(self))
            }
        }
    )+};
}
