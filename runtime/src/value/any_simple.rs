//! `xs:anySimpleType`: text that says itself what it is.

use std::fmt;

use crate::xml::{ReadError, ReadXml, Reader, SimpleType, WriteError, WriteXml, Writer, XS};

/// A value of any simple type: its text, and the type that `xsi:type` names where it does (Datatypes, section 3.2.1).
///
/// ```
/// use runtime::value::AnySimple;
///
/// let value = AnySimple::int(5);
/// assert_eq!(value.text, "5");
/// assert_eq!(value.type_name.as_ref().map(|name| &*name.local), Some("int"));
/// assert_eq!(value.parse::<i32>(), Ok(5));
///
/// let untyped = AnySimple::from("5");
/// assert_eq!(untyped.type_name, None);
/// assert_ne!(untyped, value);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AnySimple {
    /// The value as it is written.
    pub text: String,
    /// The type of the value; `None` where there is no `xsi:type`.
    pub type_name: Option<AnyTypeName>,
}

/// The name of a schema type, as an `xsi:type` gave it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnyTypeName {
    /// The namespace's URI, empty for none.
    pub namespace: String,
    /// The local part.
    pub local: String,
}

impl AnyTypeName {
    /// `local` in `namespace`.
    #[must_use]
    pub fn new(namespace: impl Into<String>, local: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), local: local.into() }
    }
}

impl AnySimple {
    /// An `xs:string`.
    #[must_use]
    pub fn string(value: impl Into<String>) -> Self {
        Self { text: value.into(), type_name: Some(AnyTypeName::new(XS, "string")) }
    }

    /// An `xs:int`.
    #[must_use]
    pub fn int(value: i32) -> Self {
        Self::of("int", &value)
    }

    /// An `xs:boolean`.
    #[must_use]
    pub fn boolean(value: bool) -> Self {
        Self::of("boolean", &value)
    }

    /// An `xs:dateTime`.
    #[must_use]
    pub fn date_time(value: impl Into<super::DateTime>) -> Self {
        Self::of("dateTime", &value.into())
    }

    /// The text with no type said.
    #[must_use]
    pub fn untyped(value: impl Into<String>) -> Self {
        Self { text: value.into(), type_name: None }
    }

    fn of(local: &str, value: &impl SimpleType) -> Self {
        Self { text: value.lexical().into_owned(), type_name: Some(AnyTypeName::new(XS, local)) }
    }

    /// The text as a value of `T`, whatever type is said.
    ///
    /// # Errors
    ///
    /// What was expected instead, in words.
    pub fn parse<T: SimpleType>(&self) -> Result<T, String> {
        T::parse(self.text.as_str().into())
    }
}

/// `{namespace}local`, or the local part alone where there is no namespace.
impl fmt::Display for AnyTypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.namespace.is_empty() {
            write!(f, "{{{}}}", self.namespace)?;
        }
        f.write_str(&self.local)
    }
}

/// With no type said.
impl From<&str> for AnySimple {
    fn from(value: &str) -> Self {
        Self::untyped(value)
    }
}

/// With no type said.
impl From<String> for AnySimple {
    fn from(value: String) -> Self {
        Self::untyped(value)
    }
}

impl super::Text for AnySimple {}

impl ReadXml for AnySimple {
    fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let type_name = reader.type_name()?.map(|(namespace, local)| AnyTypeName::new(namespace, local));
        Ok(Self { text: reader.text()?, type_name })
    }
}

impl WriteXml for AnySimple {
    fn write_attributes(&self, writer: &mut Writer) -> Result<(), WriteError> {
        match &self.type_name {
            Some(name) => writer.type_name_in(&name.namespace, &name.local),
            None => Ok(()),
        }
    }

    fn write_content(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.text_str(&self.text)
    }
}
