//! A field as a value of its column's type, or as one that does not fit.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::IgnoredAny;

use crate::bulk::Kind;
use crate::bulk::rows::{Field, value};

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// `null`, or nothing at all where the column holds no text.
    Null,
    Text(&'a str),
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Date(Date),
    /// To the microsecond.
    Moment(Timestamp),
    /// JSON as it came; it may have line feeds between its tokens.
    Json(&'a str),
    /// What is not of the column's type, or no text at all.
    Misfit,
}

impl<'a> Cell<'a> {
    pub(super) fn new(kind: Kind, field: Field<'a>) -> Self {
        if field.is_null() {
            return Self::Null;
        }
        let Some(text) = field.text() else { return Self::Misfit };
        if text.is_empty() && kind != Kind::Text {
            return Self::Null;
        }
        let cell = match kind {
            Kind::Text => Some(Self::Text(text)),
            Kind::Boolean => value::boolean(text).map(Self::Boolean),
            Kind::Integer => value::integer(text).and_then(|number| number.try_into().ok()).map(Self::Integer),
            Kind::Float => value::exact_float(text).map(Self::Float),
            Kind::Date => value::date(text).map(Self::Date),
            Kind::DateTime => value::moment(text).filter(is_microseconds).map(Self::Moment),
            Kind::Json => serde_json::from_str::<IgnoredAny>(text).ok().map(|_| Self::Json(text)),
        };
        cell.unwrap_or(Self::Misfit)
    }
}

fn is_microseconds(moment: &Timestamp) -> bool {
    moment.subsec_nanosecond() % 1_000 == 0
}

/// What a column of a kind takes, for messages.
pub(super) const fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text in UTF-8",
        Kind::Boolean => "`true`, `false`, `1` or `0`",
        Kind::Integer => "an integer of 64 bits",
        Kind::Float => "a number that a double holds",
        Kind::Date => "a date",
        Kind::DateTime => "a date and time with an offset, to the microsecond",
        Kind::Json => "JSON",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::Format;
    use crate::bulk::rows::Reader;

    fn check(kind: Kind, text: &[u8], expected: Cell<'_>) {
        let file = [b"x,y\n,", text, b"\n"].concat();
        let mut reader = Reader::new(&*file, Format::Csv).unwrap();
        let record = reader.read().unwrap().unwrap();
        assert_eq!(Cell::new(kind, record.get("y").unwrap()), expected, "{kind:?} {:?}", String::from_utf8_lossy(text));
    }

    #[test]
    fn each_kind_takes_its_own() {
        check(Kind::Text, b"12", Cell::Text("12"));
        check(Kind::Boolean, b"TRUE", Cell::Boolean(true));
        check(Kind::Integer, b"12.0", Cell::Integer(12));
        check(Kind::Float, b"12.5", Cell::Float(12.5));
        check(Kind::Date, b"2022-02-13", Cell::Date(jiff::civil::date(2022, 2, 13)));
        let moment = Timestamp::from_microsecond(1_644_761_180_000_001).unwrap();
        check(Kind::DateTime, b"2022-02-13T14:06:20.000001+0000", Cell::Moment(moment));
        check(Kind::Json, b"\"{\"\"a\"\":1}\"", Cell::Json(r#"{"a":1}"#));
    }

    #[test]
    fn nothing_is_null_except_of_text() {
        use Kind::{Boolean, Date, DateTime, Float, Integer, Json};
        for kind in [Boolean, Integer, Float, Date, DateTime, Json] {
            check(kind, b"", Cell::Null);
            check(kind, b"\"\"", Cell::Null);
            check(kind, b"null", Cell::Null);
            if kind != Json {
                check(kind, b"\"null\"", Cell::Misfit);
            }
        }
        check(Kind::Text, b"", Cell::Text(""));
        check(Kind::Text, b"null", Cell::Null);
        check(Kind::Text, b"\"null\"", Cell::Text("null"));
    }

    #[test]
    fn what_does_not_fit_is_a_misfit() {
        check(Kind::Text, b"\xFF", Cell::Misfit);
        check(Kind::Integer, b"12.5", Cell::Misfit);
        check(Kind::Integer, b"9223372036854775808", Cell::Misfit);
        check(Kind::Float, b"0.1234567890123456789", Cell::Misfit);
        check(Kind::DateTime, b"2022-02-13T14:06:20", Cell::Misfit);
        check(Kind::DateTime, b"2022-02-13T14:06:20.0000001Z", Cell::Misfit);
        check(Kind::Json, b"{", Cell::Misfit);
    }
}
