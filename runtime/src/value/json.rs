//! JSON through serde, for what the macros of this crate expand to; not for use by hand.
//!
//! Values enter any serde serializer, and leave any self-describing deserializer, without derives: an object for a struct, an object with one
//! entry, the type's name, for a union. Nil is `null`, what is absent has no key, an empty repeated field has none either. Unknown keys are
//! ignored; keys that stand twice and `null` where nil is not allowed are errors. Errors quote no more than the ends of a long value.

use std::fmt;
use std::marker::PhantomData;

pub use serde;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::simple::Float;
use super::{AnySimple, AnyTypeName, Nillable, OptNillable};

mod macros;

/// A value as it stands in JSON: as serde has it, unless a type knows better.
pub trait JsonValue: Serialize + for<'de> Deserialize<'de> {
    /// Writes the value.
    fn serialize_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }

    /// Reads a value.
    fn deserialize_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

macro_rules! as_serde_has_it {
    ($($type_:ty),+) => { $(impl JsonValue for $type_ {})+ };
}

as_serde_has_it!(String, bool, i8, i16, i32, i64, u8, u16, u32, u64, AnySimple);

/// A reference that serializes as [`JsonValue`] says.
struct AsJson<'v, T>(&'v T);

impl<T: JsonValue> Serialize for AsJson<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize_json(serializer)
    }
}

/// A value that is deserialized as [`JsonValue`] says.
struct FromJson<T>(T);

impl<'de, T: JsonValue> Deserialize<'de> for FromJson<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_json(deserializer).map(Self).map_err(cut)
    }
}

/// The error, of a long message only the beginning and the end: between them stands what was found, which may be of any length.
fn cut<E: serde::de::Error>(error: E) -> E {
    const BEGINNING: usize = 64;
    const END: usize = 192;
    let message = error.to_string();
    let beginning = message.char_indices().nth(BEGINNING);
    let end = message.char_indices().nth_back(END - 1);
    match (beginning, end) {
        (Some((beginning, _)), Some((end, _))) if beginning < end => {
            E::custom(format_args!("{}…{}", &message[..beginning], &message[end..]))
        }
        _ => error,
    }
}

impl<T: JsonValue> JsonValue for Box<T> {
    fn serialize_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::serialize_json(self, serializer)
    }

    fn deserialize_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_json(deserializer).map(Self::new)
    }
}

impl<T: JsonValue> JsonValue for Vec<T> {
    fn serialize_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(AsJson))
    }

    fn deserialize_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<FromJson<T>>::deserialize(deserializer)?;
        Ok(items.into_iter().map(|item| item.0).collect())
    }
}

/// Nil is `null`.
impl<T: JsonValue> Serialize for Nillable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nil => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(&AsJson(value)),
        }
    }
}

/// `null` is nil.
impl<'de, T: JsonValue> Deserialize<'de> for Nillable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<FromJson<T>>::deserialize(deserializer)?;
        Ok(value.map_or(Self::Nil, |value| Self::Value(value.0)))
    }
}

impl<T: JsonValue> JsonValue for Nillable<T> {}

/// Nil is `null`. What is absent has no JSON and must be skipped, with `skip_serializing_if = "OptNillable::is_absent"`.
impl<T: JsonValue> Serialize for OptNillable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => Err(S::Error::custom("an absent value has no JSON; skip its field")),
            Self::Nil => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(&AsJson(value)),
        }
    }
}

/// `null` is nil. A missing key is absent where the field has `#[serde(default)]`.
impl<'de, T: JsonValue> Deserialize<'de> for OptNillable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nillable::deserialize(deserializer).map(Self::from)
    }
}

/// JSON has no infinities and no NaN: they are strings, as XML Schema writes them.
macro_rules! floats {
    ($($type_:ident, $serialize:ident, $from_f64:expr);+) => {$(
        impl JsonValue for $type_ {
            fn serialize_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.special() {
                    Some(text) => serializer.serialize_str(text),
                    None => serializer.$serialize(*self),
                }
            }

            fn deserialize_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(FloatVisitor { from_f64: $from_f64 })
            }
        }
    )+};
}

floats!(f64, serialize_f64, |value| value; f32, serialize_f32, |value| value as f32);

struct FloatVisitor<F> {
    from_f64: fn(f64) -> F,
}

impl<F: Float> Visitor<'_> for FloatVisitor<F> {
    type Value = F;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"INF\", \"-INF\" or \"NaN\"")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<F, E> {
        Ok((self.from_f64)(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<F, E> {
        Ok((self.from_f64)(value as f64))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<F, E> {
        Ok((self.from_f64)(value as f64))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<F, E> {
        F::from_special(value).ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}

/// Reads a value that is text; `name` is its type's, for messages.
pub fn text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
    parse: fn(&str) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor { name, parse }).map_err(cut)
}

struct TextVisitor<T> {
    name: &'static str,
    parse: fn(&str) -> Result<T, &'static str>,
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a string with {}", self.name)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<T, E> {
        (self.parse)(value).map_err(|expected| E::invalid_value(Unexpected::Str(value), &expected))
    }
}

/// Makes a type with `FromStr` and `Display` a JSON string.
macro_rules! text_value {
    ($type_:ident, $name:literal) => {
        impl ::serde::Serialize for $type_ {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type_ {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::value::json::text(deserializer, $name, |text| {
                    text.parse().map_err(|error: $crate::value::ValueError| error.expected())
                })
            }
        }

        impl $crate::value::json::JsonValue for $type_ {}
    };
}
pub(super) use text_value;

const TYPE_KEY: &str = "$type";
const TEXT_KEY: &str = "$text";

/// A string where no type is said, else an object with the keys `$type`, `{namespace}local`, and `$text`.
impl Serialize for AnySimple {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(name) = &self.type_name else {
            return serializer.serialize_str(&self.text);
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(TYPE_KEY, &format_args!("{name}"))?;
        map.serialize_entry(TEXT_KEY, &self.text)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for AnySimple {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnySimpleVisitor)
    }
}

struct AnySimpleVisitor;

impl<'de> Visitor<'de> for AnySimpleVisitor {
    type Value = AnySimple;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or an object with `$type` and `$text`")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<AnySimple, E> {
        Ok(AnySimple::untyped(value))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<AnySimple, E> {
        Ok(AnySimple::untyped(value))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<AnySimple, M::Error> {
        let mut map = Reading { map };
        let mut type_name: Option<String> = None;
        let mut text = None;
        while let Some(key) = map.key(&[TYPE_KEY, TEXT_KEY])? {
            match key {
                Some(TYPE_KEY) => map.value(TYPE_KEY, &mut type_name)?,
                Some(TEXT_KEY) => map.value(TEXT_KEY, &mut text)?,
                _ => map.skip()?,
            }
        }
        let type_name = required::<_, M::Error>(type_name, TYPE_KEY)?;
        let (namespace, local) = match type_name.strip_prefix('{') {
            Some(name) => name.rsplit_once('}').ok_or_else(|| {
                M::Error::invalid_value(Unexpected::Str(&type_name), &"`{namespace}local` or `local`")
            })?,
            None => ("", &*type_name),
        };
        Ok(AnySimple { text: required(text, TEXT_KEY)?, type_name: Some(AnyTypeName::new(namespace, local)) })
    }
}

/// A type that is an object in JSON.
pub trait JsonObject: Sized {
    /// Its name, for messages.
    const NAME: &'static str;

    /// Reads the entries.
    fn from_entries<'de, M: MapAccess<'de>>(map: Reading<M>) -> Result<Self, M::Error>;
}

/// Reads an object.
pub fn object<'de, T: JsonObject, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData)).map_err(cut)
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: JsonObject> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object, {}", T::NAME)
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
        T::from_entries(Reading { map })
    }
}

/// An object that is being read.
#[derive(Debug)]
pub struct Reading<M> {
    map: M,
}

impl<'de, M: MapAccess<'de>> Reading<M> {
    /// The next key if it is one of `keys`, `Some(None)` if it is another, `None` at the object's end.
    pub fn key(&mut self, keys: &'static [&'static str]) -> Result<Option<Option<&'static str>>, M::Error> {
        self.map.next_key_seed(Key(keys))
    }

    /// Reads the value of `key`, which must not have come before.
    pub fn value<T: JsonValue>(&mut self, key: &'static str, slot: &mut Option<T>) -> Result<(), M::Error> {
        if slot.is_some() {
            return Err(M::Error::duplicate_field(key));
        }
        let FromJson(value) = self.map.next_value()?;
        *slot = Some(value);
        Ok(())
    }

    /// Passes over the value of a key that is not known.
    pub fn skip(&mut self) -> Result<(), M::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    /// The key of an object that has no other.
    pub fn only_key(&mut self) -> Result<String, M::Error> {
        self.map.next_key()?.ok_or_else(|| M::Error::invalid_length(0, &"one entry"))
    }

    /// Reads the value of an object that has no other.
    pub fn only_value<T: JsonValue>(mut self) -> Result<T, M::Error> {
        let FromJson(value) = self.map.next_value()?;
        match self.map.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(M::Error::invalid_length(2, &"one entry")),
        }
    }
}

/// Finds a key among those that are known.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().copied().find(|key| *key == value))
    }
}

/// What a required field's key gave.
pub fn required<T, E: serde::de::Error>(slot: Option<T>, key: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(key))
}

/// What an optional field's key gave.
pub fn optional<T, E>(slot: Option<T>, _: &'static str) -> Result<Option<T>, E> {
    Ok(slot)
}

/// What a nillable field's key gave.
pub fn nillable<T, E: serde::de::Error>(slot: Option<Nillable<T>>, key: &'static str) -> Result<Nillable<T>, E> {
    required(slot, key)
}

/// What an optional nillable field's key gave.
pub fn opt_nillable<T, E>(slot: Option<Nillable<T>>, _: &'static str) -> Result<OptNillable<T>, E> {
    Ok(slot.map_or(OptNillable::Absent, OptNillable::from))
}

/// What a repeated field's key gave.
pub fn repeated<T, E>(slot: Option<Vec<T>>, _: &'static str) -> Result<Vec<T>, E> {
    Ok(slot.unwrap_or_default())
}

/// An object that is being written.
#[derive(Debug)]
pub struct Writing<M> {
    map: M,
}

impl<M: SerializeMap> Writing<M> {
    /// An object without entries so far.
    pub fn new<S: Serializer<SerializeMap = M>>(serializer: S) -> Result<Self, S::Error> {
        // How many entries there will be depends on the fields.
        Ok(Self { map: serializer.serialize_map(None)? })
    }

    /// Writes a required field, or any other that has a value.
    pub fn required<T: JsonValue>(mut self, key: &'static str, value: &T) -> Result<Self, M::Error> {
        self.map.serialize_entry(key, &AsJson(value))?;
        Ok(self)
    }

    /// Writes an optional field.
    pub fn optional<T: JsonValue>(self, key: &'static str, value: &Option<T>) -> Result<Self, M::Error> {
        match value {
            Some(value) => self.required(key, value),
            None => Ok(self),
        }
    }

    /// Writes a nillable field.
    pub fn nillable<T: JsonValue>(self, key: &'static str, value: &Nillable<T>) -> Result<Self, M::Error> {
        self.required(key, value)
    }

    /// Writes an optional nillable field.
    pub fn opt_nillable<T: JsonValue>(mut self, key: &'static str, value: &OptNillable<T>) -> Result<Self, M::Error> {
        if !value.is_absent() {
            self.map.serialize_entry(key, value)?;
        }
        Ok(self)
    }

    /// Writes a repeated field.
    pub fn repeated<T: JsonValue>(self, key: &'static str, items: &Vec<T>) -> Result<Self, M::Error> {
        if items.is_empty() { Ok(self) } else { self.required(key, items) }
    }

    /// Ends the object.
    pub fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{AnySimple, Date, Nillable, OptNillable};

    #[derive(Debug, PartialEq)]
    struct Record {
        id: i32,
        day: OptNillable<Date>,
        score: Option<f64>,
        tag: Vec<String>,
        value: Option<AnySimple>,
        key: Option<Key>,
    }
    crate::json_struct!(Record {
        required id: "id",
        opt_nillable day: "day",
        optional score: "score",
        repeated tag: "tag",
        optional value: "value",
        optional key: "key",
    });

    #[derive(Debug, PartialEq)]
    enum Key {
        Record(Box<Record>),
    }
    crate::json_union!(Key { Record: "Record" });

    fn error(json: &str) -> String {
        serde_json::from_str::<Record>(json).unwrap_err().to_string()
    }

    #[test]
    fn errors_say_what_was_found_and_expected() {
        for (json, message) in [
            (r#"{}"#, "missing field `id` at line 1 column 2"),
            (r#"{"id":1,"id":2}"#, "duplicate field `id` at line 1 column 12"),
            (r#"{"id":null}"#, "invalid type: null, expected i32 at line 1 column 10"),
            (
                r#"{"id":1,"day":"2010-02-30"}"#,
                "invalid value: string \"2010-02-30\", expected a day that the month has at line 1 column 26",
            ),
            (r#"{"id":1,"key":{"Other":{}}}"#, "unknown variant `Other`, expected `Record` at line 1 column 22"),
        ] {
            assert_eq!(error(json), message, "{json}");
        }
    }

    #[test]
    fn long_values_are_cut() {
        let long = "é".repeat(100_000);
        for json in [
            format!(r#"{{"id":"{long}"}}"#),
            format!(r#"{{"id":1,"day":"{long}"}}"#),
            format!(r#"{{"id":1,"score":"{long}"}}"#),
            format!(r#"{{"id":1,"tag":"{long}"}}"#),
            format!(r#"{{"id":1,"key":"{long}"}}"#),
            format!(r#"{{"id":1,"key":{{"{long}":{{}}}}}}"#),
            format!(r#"{{"id":1,"key":{{"Record":{{"id":"{long}"}}}}}}"#),
            format!(r#"{{"id":1,"value":{{"$type":"{{{long}","$text":""}}}}"#),
            format!(r#""{long}""#),
        ] {
            let message = error(&json);
            assert_eq!(message.matches('…').count(), 1, "{message}");
            assert!(message.chars().count() < 300, "{message}");
            assert!(message.contains("expected ") && message.contains(" at line 1 column "), "{message}");
        }
        let message = serde_json::from_str::<Date>(&format!("\"{long}\"")).unwrap_err().to_string();
        assert!(message.chars().count() < 300, "{message}");
        assert!(message.contains("é\", expected a year of four digits or more at line 1 column "), "{message}");
        // A value that fits is quoted whole, and nil is no error.
        assert!(error(&format!(r#"{{"id":"{}"}}"#, &long[..200])).contains(&long[..200]));
        assert_eq!(serde_json::from_str::<Nillable<Date>>("null").unwrap(), Nillable::Nil);
    }
}
