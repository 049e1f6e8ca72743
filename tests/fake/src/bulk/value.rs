//! What a cell holds and how a file spells it: enters a value, leaves bytes. Knows nothing of records or jobs.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::style::{Attributes, Style};

/// What one field of a record holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value: a bare `null` in the file.
    Null,
    /// A text: quoted where it must be. The text `null` is quoted or not as [`Style::quote_null`] says.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number. Whole ones keep a decimal, `3.0`.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A moment: whole seconds and `Z`, rounded down.
    DateTime(Timestamp),
    /// The attributes of an activity: an object or an array in JSON, as [`Style::attributes`] says.
    Attributes(Vec<(String, serde_json::Value)>),
    /// These bytes to the letter, unquoted: what no service should send.
    Raw(Vec<u8>),
}

impl Value {
    /// The text of the cell before it is quoted; `None` where there is no value.
    #[must_use]
    pub fn text(&self, style: &Style) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Float(number) => Some(format!("{number:?}")),
            Self::Boolean(flag) => Some(flag.to_string()),
            Self::DateTime(moment) => Some(seconds(*moment)),
            Self::Attributes(pairs) => Some(attributes(pairs, style.attributes)),
            Self::Raw(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        }
    }

    /// Writes the cell. `alone` says that it is the only one of its row, where an empty text must not make an empty line.
    pub(super) fn write(&self, to: &mut Vec<u8>, delimiter: u8, alone: bool, style: &Style) {
        match self {
            Self::Raw(bytes) => to.extend_from_slice(bytes),
            _ => match self.text(style) {
                None => to.extend_from_slice(b"null"),
                Some(text) => write_text(to, &text, delimiter, alone, style),
            },
        }
    }
}

/// Writes a text, quoted where it holds the delimiter, a quote or a line end, begins or ends with a space, or may be read as missing.
pub(super) fn write_text(to: &mut Vec<u8>, text: &str, delimiter: u8, alone: bool, style: &Style) {
    let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    let quoted = style.quote_all
        || text.bytes().any(special)
        || text.starts_with(' ')
        || text.ends_with(' ')
        || (alone && text.is_empty())
        || (style.quote_null && text == "null");
    if !quoted {
        return to.extend_from_slice(text.as_bytes());
    }
    to.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            to.push(b'"');
        }
        to.push(byte);
    }
    to.push(b'"');
}

/// The moment in whole seconds, rounded down.
pub(super) fn floor(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_nanosecond().div_euclid(1_000_000_000);
    i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or(moment)
}

/// `2026-03-01T00:00:00Z`.
pub(super) fn seconds(moment: Timestamp) -> String {
    floor(moment).to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn attributes(pairs: &[(String, serde_json::Value)], shape: Attributes) -> String {
    let json = match shape {
        Attributes::Object => serde_json::Value::Object(pairs.iter().cloned().collect()),
        Attributes::Array => {
            pairs.iter().map(|(name, value)| serde_json::json!({ "name": name, "value": value })).collect()
        }
    };
    json.to_string()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::DateTime(moment)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
