//! What generated code calls for each field: the occurrences of the schema, over values that read themselves.
//!
//! Each of these reads the child that [`Reader::next_child`] has just opened, and closes it.

use std::borrow::Cow;

use super::builtin::is_derived;
use super::read_error::{ReadErrorKind, excerpt, expanded};
use super::text::is_space;
use super::{ReadError, ReadXml, Reader, SimpleType, XS};
use crate::value::{Nillable, OptNillable};

impl Reader<'_> {
    /// An element that stands once.
    ///
    /// # Errors
    ///
    /// A second one, `xsi:nil`, and content that `T` does not allow.
    #[inline]
    pub fn required<T: ReadXml>(&mut self, slot: &mut Option<T>) -> Result<(), ReadError> {
        self.refuse_duplicate(slot.is_some())?;
        self.refuse_nil()?;
        *slot = Some(self.child()?);
        Ok(())
    }

    /// An element that may stand once. Empty counts as absent where `T` has no empty literal.
    ///
    /// # Errors
    ///
    /// As [`required`](Self::required).
    #[inline]
    pub fn optional<T: ReadXml>(&mut self, slot: &mut Option<T>) -> Result<(), ReadError> {
        self.refuse_duplicate(slot.is_some())?;
        self.refuse_nil()?;
        self.check_type::<T>()?;
        *slot = T::read_optional(self)?;
        self.close();
        Ok(())
    }

    /// An element that stands once and may be nil.
    ///
    /// # Errors
    ///
    /// A second one, nil with content, and content that `T` does not allow.
    #[inline]
    pub fn nillable<T: ReadXml>(&mut self, slot: &mut Option<Nillable<T>>) -> Result<(), ReadError> {
        self.refuse_duplicate(slot.is_some())?;
        *slot = Some(self.nillable_child()?);
        Ok(())
    }

    /// An element that may stand once and may be nil. Empty counts as absent where `T` has no empty literal.
    ///
    /// # Errors
    ///
    /// As [`nillable`](Self::nillable).
    #[inline]
    pub fn optional_nillable<T: ReadXml>(&mut self, slot: &mut OptNillable<T>) -> Result<(), ReadError> {
        self.refuse_duplicate(!slot.is_absent())?;
        *slot = if self.is_nil()? {
            self.nil_content()?;
            OptNillable::Nil
        } else {
            self.check_type::<T>()?;
            T::read_optional(self)?.map_or(OptNillable::Absent, OptNillable::Value)
        };
        self.close();
        Ok(())
    }

    /// An element that may stand many times.
    ///
    /// # Errors
    ///
    /// `xsi:nil`, and content that `T` does not allow.
    #[inline]
    pub fn repeated<T: ReadXml>(&mut self, items: &mut Vec<T>) -> Result<(), ReadError> {
        self.set_index(items.len() + 1);
        self.refuse_nil()?;
        items.push(self.child()?);
        Ok(())
    }

    /// An element that may stand many times, each nil or not.
    ///
    /// # Errors
    ///
    /// Nil with content, and content that `T` does not allow.
    #[inline]
    pub fn repeated_nillable<T: ReadXml>(&mut self, items: &mut Vec<Nillable<T>>) -> Result<(), ReadError> {
        self.set_index(items.len() + 1);
        items.push(self.nillable_child()?);
        Ok(())
    }

    /// An element that the type does not have: skipped with all that is in it.
    ///
    /// # Errors
    ///
    /// To a strict reader it is an error; and what is skipped must be well-formed.
    pub fn unknown(&mut self) -> Result<(), ReadError> {
        if self.is_strict() {
            return Err(self.error(ReadErrorKind::Unknown { found: excerpt(&expanded(self.name())) }));
        }
        self.skip()?;
        self.close();
        Ok(())
    }

    /// The current element as a value; it stays open. For a type that stands for others.
    ///
    /// # Errors
    ///
    /// An `xsi:type` that names another type, and content that `T` does not allow.
    #[inline]
    pub fn value<T: ReadXml>(&mut self) -> Result<T, ReadError> {
        self.check_type::<T>()?;
        T::read_xml(self)
    }

    /// The text of the current element as a value; it stays open. For simple content.
    ///
    /// # Errors
    ///
    /// Elements, and text that is no value of `T`.
    pub fn text<T: SimpleType>(&mut self) -> Result<T, ReadError> {
        let text = self.content_text()?;
        self.parse(text)
    }

    /// The current element as a value of a simple type; it stays open.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text), and an `xsi:type` of XML Schema's own that is neither `T`'s nor derived from it. Simple types of other namespaces
    /// are bound as the built-in that they restrict, and have no name here: they are taken at their word.
    #[inline]
    pub fn simple<T: SimpleType>(&mut self) -> Result<T, ReadError> {
        self.check_simple_type::<T>()?;
        self.text()
    }

    /// As [`simple`](Self::simple), but nothing where the text is empty and `T` has no empty literal.
    ///
    /// # Errors
    ///
    /// As [`simple`](Self::simple).
    #[inline]
    pub fn optional_simple<T: SimpleType>(&mut self) -> Result<Option<T>, ReadError> {
        self.check_simple_type::<T>()?;
        let text = self.content_text()?;
        if !T::HAS_EMPTY_LITERAL && text.bytes().all(is_space) {
            return Ok(None);
        }
        self.parse(text).map(Some)
    }

    /// What the schema requires of what was read.
    ///
    /// # Errors
    ///
    /// There is none.
    #[inline]
    pub fn need<T>(&self, value: Option<T>, name: &'static str) -> Result<T, ReadError> {
        match value {
            Some(value) => Ok(value),
            None => Err(self.missing(name)),
        }
    }

    #[cold]
    pub(crate) fn missing(&self, name: &'static str) -> ReadError {
        self.error(ReadErrorKind::Missing { name })
    }

    /// The items of a repeated field whose number is limited.
    ///
    /// # Errors
    ///
    /// Fewer than `min` or more than `max`.
    pub fn occurs<T>(
        &self,
        items: Vec<T>,
        name: &'static str,
        min: usize,
        max: Option<usize>,
    ) -> Result<Vec<T>, ReadError> {
        let found = items.len();
        if found < min || max.is_some_and(|max| found > max) {
            return Err(self.error(ReadErrorKind::Occurs { name, found, min, max }));
        }
        Ok(items)
    }

    /// The error for an `xsi:type` that the element `expected` types does not allow.
    #[must_use]
    pub fn wrong_type(&self, expected: &[&'static str]) -> ReadError {
        match self.type_name() {
            Ok(found) => self.error(ReadErrorKind::WrongType {
                found: excerpt(&expanded(found.unwrap_or_default())),
                expected: expected.to_vec(),
            }),
            Err(error) => error,
        }
    }

    /// The error for an element of the abstract type `name` without an `xsi:type`.
    #[must_use]
    pub fn abstract_type(&self, name: &'static str, expected: &[&'static str]) -> ReadError {
        self.error(ReadErrorKind::Abstract { name, expected: expected.to_vec() })
    }

    /// Reads the current element and closes it.
    #[inline]
    pub(crate) fn child<T: ReadXml>(&mut self) -> Result<T, ReadError> {
        let value = self.value()?;
        self.close();
        Ok(value)
    }

    pub(super) fn parse<T: SimpleType>(&self, text: Cow<'_, str>) -> Result<T, ReadError> {
        // A string moves its text into the value, and never fails: only the others need it again for a message.
        match text {
            Cow::Borrowed(text) => {
                T::parse(Cow::Borrowed(text)).map_err(|expected| self.wrong_value::<T>(text, &expected))
            }
            Cow::Owned(text) if T::TAKES_ANY_TEXT => {
                T::parse(Cow::Owned(text)).map_err(|expected| self.wrong_value::<T>("", &expected))
            }
            Cow::Owned(text) => {
                T::parse(Cow::Borrowed(&text)).map_err(|expected| self.wrong_value::<T>(&text, &expected))
            }
        }
    }

    #[cold]
    fn wrong_value<T: SimpleType>(&self, text: &str, expected: &str) -> ReadError {
        self.error(ReadErrorKind::Value { found: excerpt(text), expected: format!("{}: {expected}", T::NAME) })
    }

    fn nillable_child<T: ReadXml>(&mut self) -> Result<Nillable<T>, ReadError> {
        if self.is_nil()? {
            self.nil_content()?;
            self.close();
            return Ok(Nillable::Nil);
        }
        self.child().map(Nillable::Value)
    }

    /// Reads the end of an element that is nil: it must be empty (XML Schema Part 1, section 3.3.4, Element Locally Valid 3.2.1).
    fn nil_content(&mut self) -> Result<(), ReadError> {
        match self.next_child() {
            Ok(None) => Ok(()),
            Ok(Some(_)) => {
                self.close();
                Err(self.error(ReadErrorKind::NilContent))
            }
            Err(error) if matches!(error.kind(), ReadErrorKind::Text { .. }) => {
                Err(self.error(ReadErrorKind::NilContent))
            }
            Err(error) => Err(error),
        }
    }

    #[inline]
    fn check_type<T: ReadXml>(&self) -> Result<(), ReadError> {
        if let Some(expected) = T::TYPE
            && let Some(found) = self.type_name()?
            && !expected.matches(found)
        {
            return Err(self.wrong_type(&[expected.local]));
        }
        Ok(())
    }

    #[inline]
    fn check_simple_type<T: SimpleType>(&self) -> Result<(), ReadError> {
        match self.type_name()? {
            Some((XS, found)) if !is_derived(found, T::NAME) => Err(self.wrong_type(&[T::NAME])),
            _ => Ok(()),
        }
    }

    #[inline]
    fn refuse_nil(&self) -> Result<(), ReadError> {
        if self.is_nil()? {
            return Err(self.error(ReadErrorKind::NotNillable));
        }
        Ok(())
    }

    #[inline]
    fn refuse_duplicate(&self, seen: bool) -> Result<(), ReadError> {
        if seen {
            return Err(self.error(ReadErrorKind::Duplicate));
        }
        Ok(())
    }
}
