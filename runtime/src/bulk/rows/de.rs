//! Serde over a record: names of columns are keys, fields are values.

use std::fmt;

use serde::de::value::{BorrowedBytesDeserializer, BorrowedStrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::{RowError, RowErrorKind};
use super::record::{Field, Fields, Record};
use super::value;

impl de::Error for RowError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(0, None, RowErrorKind::Message(message.to_string()))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(0, Some(field), RowErrorKind::MissingColumn)
    }
}

/// A record as a map by column or as a sequence.
pub(super) struct RecordDeserializer<'de> {
    record: Record<'de>,
}

impl<'de> RecordDeserializer<'de> {
    pub(super) fn new(record: Record<'de>) -> Self {
        Self { record }
    }
}

impl<'de> Deserializer<'de> for RecordDeserializer<'de> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_map(Columns::new(self.record))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_seq(Columns::new(self.record))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct map struct enum identifier
    }
}

/// The columns of a record, one after another.
struct Columns<'de> {
    record: Record<'de>,
    fields: Fields<'de>,
    value: Option<FieldDeserializer<'de>>,
}

impl<'de> Columns<'de> {
    fn new(record: Record<'de>) -> Self {
        Self { record, fields: record.fields(), value: None }
    }

    fn next(&mut self) -> Option<FieldDeserializer<'de>> {
        let (column, field) = self.fields.next()?;
        Some(FieldDeserializer { record: self.record, column, field })
    }
}

impl<'de> MapAccess<'de> for Columns<'de> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, RowError> {
        self.value = self.next();
        self.value.as_ref().map(|value| seed.deserialize(BorrowedStrDeserializer::new(value.column))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, RowError> {
        match self.value.take() {
            Some(value) => value.seed(seed),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len())
    }
}

impl<'de> SeqAccess<'de> for Columns<'de> {
    type Error = RowError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, RowError> {
        self.next().map(|value| value.seed(seed)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len())
    }
}

/// One field.
#[derive(Clone, Copy)]
struct FieldDeserializer<'de> {
    record: Record<'de>,
    column: &'de str,
    field: Field<'de>,
}

impl<'de> FieldDeserializer<'de> {
    fn seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, RowError> {
        seed.deserialize(self).map_err(|error| error.at(self.record.line(), Some(self.column)))
    }

    fn error(&self, kind: RowErrorKind) -> RowError {
        self.record.error(Some(self.column), kind)
    }

    /// The text, which is not null.
    fn text(&self, expected: &str) -> Result<&'de str, RowError> {
        if self.field.is_null() {
            return Err(self.error(RowErrorKind::value("null", expected)));
        }
        self.field.text().ok_or_else(|| self.error(RowErrorKind::Encoding))
    }

    /// What `parse` makes of the text.
    fn parse<T>(&self, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, RowError> {
        let text = self.text(expected)?;
        parse(text).ok_or_else(|| self.error(RowErrorKind::value(text, expected)))
    }

    fn integer<T: TryFrom<i128> + std::str::FromStr>(&self, bits: &str) -> Result<T, RowError> {
        self.parse(bits, |text| match text.parse() {
            Ok(value) => Some(value),
            Err(_) => value::integer(text).and_then(|value| T::try_from(value).ok()),
        })
    }

    /// A value made of others, which a field holds as JSON.
    fn json<T>(
        &self,
        visit: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::StrRead<'de>>) -> Result<T, serde_json::Error>,
    ) -> Result<T, RowError> {
        let text = self.text("JSON")?;
        let mut json = serde_json::Deserializer::from_str(text);
        visit(&mut json)
            .and_then(|value| json.end().map(|()| value))
            .map_err(|error| self.error(RowErrorKind::value(text, format!("JSON of the wanted shape ({error})"))))
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $expected:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            visitor.$visit(self.integer($expected)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for FieldDeserializer<'de> {
    type Error = RowError;

    integers! {
        deserialize_i8 visit_i8 "an integer of 8 bits"
        deserialize_i16 visit_i16 "an integer of 16 bits"
        deserialize_i32 visit_i32 "an integer of 32 bits"
        deserialize_i64 visit_i64 "an integer of 64 bits"
        deserialize_i128 visit_i128 "an integer of 128 bits"
        deserialize_u8 visit_u8 "an integer of 8 bits that is not negative"
        deserialize_u16 visit_u16 "an integer of 16 bits that is not negative"
        deserialize_u32 visit_u32 "an integer of 32 bits that is not negative"
        deserialize_u64 visit_u64 "an integer of 64 bits that is not negative"
        deserialize_u128 visit_u128 "an integer of 128 bits that is not negative"
    }

    /// Without a type to go by: null or a text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.field.is_null() { visitor.visit_unit() } else { self.deserialize_str(visitor) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_bool(self.parse("`true`, `false`, `1` or `0`", value::boolean)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_f64(self.parse("a number", value::float)?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        let text = self.text("a text")?;
        // The visitor's own words, and ours for the place and the value.
        visitor.visit_borrowed_str(text).map_err(|error: RowError| match error.kind() {
            RowErrorKind::Message(message) => {
                self.error(RowErrorKind::value(text, format!("another value ({message})")))
            }
            _ => error,
        })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.field.is_null() {
            return Err(self.error(RowErrorKind::value("null", "bytes")));
        }
        BorrowedBytesDeserializer::new(self.field.bytes()).deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.field.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.field.is_null() {
            return visitor.visit_unit();
        }
        let text = self.text("null")?;
        Err(self.error(RowErrorKind::value(text, "null")))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.json(|json| json.deserialize_seq(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, RowError> {
        self.json(|json| json.deserialize_tuple(length, visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.json(|json| json.deserialize_tuple_struct(name, length, visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.json(|json| json.deserialize_map(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.json(|json| json.deserialize_struct(name, fields, visitor))
    }

    /// A variant without content, by its name.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        let expected = format!("one of {}", variants.join(", "));
        let text = self.text(&expected)?;
        if !variants.contains(&text) {
            return Err(self.error(RowErrorKind::value(text, expected)));
        }
        visitor.visit_enum(text.into_deserializer())
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_unit()
    }
}
