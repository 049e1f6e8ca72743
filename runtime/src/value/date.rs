//! `xs:date`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::ValueError;
use super::parts::{Cursor, Day, Moment, Offset, fmt_offset};
use super::simple::text_type;

/// A day, with an offset from UTC or without one: `xs:date` (Datatypes, section 3.2.9).
///
/// What is parsed is kept to the letter, as a [`DateTime`](super::DateTime) keeps it: equality and hashes go by what is written.
///
/// With the feature `jiff`, it converts from and to a `jiff::civil::Date`.
///
/// ```
/// use runtime::value::Date;
///
/// let date: Date = "2012-02-29Z".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (2012, 2, 29));
/// assert_eq!(date.offset_minutes(), Some(0));
/// assert_eq!(date.to_string(), "2012-02-29Z");
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    pub(super) day: Day,
    pub(super) offset: Option<Offset>,
}

impl Date {
    /// The year; never 0.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.day.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.day.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day.day
    }

    /// The offset from UTC in minutes, -840 to 840, positive to the east; `None` where none is written.
    #[must_use]
    pub fn offset_minutes(self) -> Option<i16> {
        self.offset.map(Offset::minutes)
    }

    /// The order of the two days' first moments (Datatypes, sections 3.2.9 and 3.2.7.4).
    ///
    /// `None` where one has an offset and the other has not and they are so near that the missing offset decides.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let moment = |date: Self| Moment::new(date.day, None, date.offset);
        moment(self).compare(moment(other))
    }
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut cursor = Cursor::new(text);
        let day = Day::parse(&mut cursor)?;
        let offset = Offset::parse_end(&mut cursor)?;
        Ok(Self { day, offset })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.day.fmt(f)?;
        fmt_offset(self.offset, f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

text_type!(Date, "xs:date");

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use proptest::prelude::*;

    use super::*;
    use crate::value::parts::strategy;

    fn parse(text: &str) -> Date {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn errors_name_the_part() {
        for (text, message) in [
            ("2011-02-29", "a day that the month has"),
            ("2011-02-28T00:00:00", "`Z` or an offset such as `+01:00`"),
            ("2011-02-28-", "an offset from -14:00 to +14:00"),
        ] {
            assert_eq!(text.parse::<Date>().map_err(|error| error.expected()), Err(message), "{text}");
        }
    }

    #[test]
    fn order_of_days() {
        assert_eq!(parse("2011-02-28").compare(parse("2011-03-01")), Some(Less));
        assert_eq!(parse("2011-02-28-12:00").compare(parse("2011-03-01+12:00")), Some(Equal));
        assert_eq!(parse("2011-02-28Z").compare(parse("2011-03-01")), Some(Less));
        assert_eq!(parse("2011-02-28Z").compare(parse("2011-02-28")), None);
    }

    proptest! {
        #[test]
        fn shown_as_parsed(day in strategy::day(), offset in strategy::offset()) {
            let text = format!("{day}{offset}");
            prop_assert_eq!(parse(&text).to_string(), &text[..]);
        }
    }
}
