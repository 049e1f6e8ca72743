//! `xs:dateTime`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::parts::{Clock, Cursor, Day, Moment, Offset, fmt_offset};
use super::simple::text_type;
use super::{Date, Time, ValueError};

/// A date and time, with an offset from UTC or without one: `xs:dateTime` (Datatypes, section 3.2.7).
///
/// What is parsed is kept to the letter and shown again as it came: the digits of a second's fraction, whether UTC is `Z`, `+00:00` or
/// `-00:00`, and 24:00:00 for the end of a day. Equality and hashes go by what is written, so `2010-02-28T09:30:00Z` and
/// `2010-02-28T10:30:00+01:00` are not equal; [`compare`](Self::compare) goes by the moment that is meant. There is no year 0, and the year
/// -1 is the one before 1. Years have the range of `i32`, fractions up to 18 digits.
///
/// With the feature `jiff`, a `jiff::Timestamp`, `jiff::ZonedDateTime` or `jiff::civil::DateTime` converts into a `DateTime`, and a `DateTime` into
/// a `jiff::Timestamp` or `jiff::civil::DateTime` where it is in their range.
///
/// ```
/// use runtime::value::DateTime;
///
/// let text = "2010-02-28T09:30:00.50-06:00";
/// let date_time: DateTime = text.parse()?;
/// assert_eq!((date_time.year(), date_time.month(), date_time.day()), (2010, 2, 28));
/// assert_eq!(date_time.subsec_nanosecond(), 500_000_000);
/// assert_eq!(date_time.offset_minutes(), Some(-360));
/// assert_eq!(date_time.to_string(), text);
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    pub(super) day: Day,
    pub(super) clock: Clock,
    pub(super) offset: Option<Offset>,
}

impl DateTime {
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

    /// The hour, 0 to 24. Hour 24 is the first moment of the next day.
    #[must_use]
    pub const fn hour(self) -> u8 {
        self.clock.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u8 {
        self.clock.minute
    }

    /// The second, 0 to 59.
    #[must_use]
    pub const fn second(self) -> u8 {
        self.clock.second
    }

    /// The second's fraction in nanoseconds; what is smaller is cut off.
    #[must_use]
    pub fn subsec_nanosecond(self) -> u32 {
        self.clock.nanosecond()
    }

    /// The offset from UTC in minutes, -840 to 840, positive to the east; `None` where none is written.
    #[must_use]
    pub fn offset_minutes(self) -> Option<i16> {
        self.offset.map(Offset::minutes)
    }

    /// The date, with the offset.
    #[must_use]
    pub const fn date(self) -> Date {
        Date { day: self.day, offset: self.offset }
    }

    /// The time of day, with the offset.
    #[must_use]
    pub const fn time(self) -> Time {
        Time { clock: self.clock, offset: self.offset }
    }

    /// The order of the two moments (Datatypes, section 3.2.7.4).
    ///
    /// `None` where one has an offset and the other has not and they are so near that the missing offset decides.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// use runtime::value::DateTime;
    ///
    /// let utc: DateTime = "2010-02-28T09:30:00Z".parse()?;
    /// assert_eq!(utc.compare("2010-02-28T10:30:00+01:00".parse()?), Some(Ordering::Equal));
    /// assert_eq!(utc.compare("2010-03-02T00:00:00".parse()?), Some(Ordering::Less));
    /// assert_eq!(utc.compare("2010-02-28T12:00:00".parse()?), None);
    /// # Ok::<(), runtime::value::ValueError>(())
    /// ```
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        self.moment().compare(other.moment())
    }

    /// Seconds since 1970-01-01T00:00:00Z, a fraction cut off; `None` where there is no offset.
    #[must_use]
    pub fn unix_seconds(self) -> Option<i64> {
        self.moment().since_epoch().map(|(seconds, _)| seconds)
    }

    pub(super) fn moment(self) -> Moment {
        Moment::new(self.day, Some(self.clock), self.offset)
    }
}

impl FromStr for DateTime {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut cursor = Cursor::new(text);
        let day = Day::parse(&mut cursor)?;
        cursor.expect(b'T', "`T` after the date")?;
        let clock = Clock::parse(&mut cursor)?;
        let offset = Offset::parse_end(&mut cursor)?;
        Ok(Self { day, clock, offset })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.day, self.clock)?;
        fmt_offset(self.offset, f)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

text_type!(DateTime, "xs:dateTime");

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{self, Equal, Greater, Less};

    use proptest::prelude::*;

    use super::*;
    use crate::value::parts::strategy;

    fn parse(text: &str) -> DateTime {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn expected(text: &str) -> &'static str {
        match text.parse::<DateTime>() {
            Ok(_) => panic!("{text} is no date and time"),
            Err(error) => error.expected(),
        }
    }

    #[test]
    fn parts() {
        let value = parse("-12010-12-31T23:59:58.000000001999999999+14:00");
        assert_eq!((value.year(), value.month(), value.day()), (-12010, 12, 31));
        assert_eq!((value.hour(), value.minute(), value.second()), (23, 59, 58));
        assert_eq!(value.subsec_nanosecond(), 1);
        assert_eq!(value.offset_minutes(), Some(840));
        assert_eq!(value.date().to_string(), "-12010-12-31+14:00");
        assert_eq!(value.time().to_string(), "23:59:58.000000001999999999+14:00");
        assert_eq!(parse("2010-01-01T00:00:00.5").subsec_nanosecond(), 500_000_000);
        assert_eq!(parse("2010-01-01T00:00:00").subsec_nanosecond(), 0);
        assert_eq!(parse("2010-01-01T00:00:00").offset_minutes(), None);
        assert_eq!(parse("2010-01-01T00:00:00-00:30").offset_minutes(), Some(-30));
        assert_eq!(parse("2010-01-01T00:00:00Z").offset_minutes(), Some(0));
    }

    #[test]
    fn the_letter_is_kept() {
        for text in [
            "2010-02-28T09:30:00",
            "2010-02-28T09:30:00Z",
            "2010-02-28T09:30:00+00:00",
            "2010-02-28T09:30:00-00:00",
            "2010-02-28T09:30:00.0",
            "2010-02-28T09:30:00.500",
            "2010-02-28T09:30:00.000000000000000001",
            "2010-02-28T09:30:00.999999999999999999",
            "2010-02-28T24:00:00",
            "2010-02-28T24:00:00.000Z",
            "0001-01-01T00:00:00",
            "-0001-02-29T00:00:00",
            "2147483647-12-31T00:00:00",
            "-2147483648-01-01T00:00:00",
        ] {
            assert_eq!(parse(text).to_string(), text);
            assert_eq!(format!("{:?}", parse(text)), text);
        }
        assert_ne!(parse("2010-02-28T09:30:00Z"), parse("2010-02-28T09:30:00+00:00"));
        assert_ne!(parse("2010-02-28T09:30:00.5Z"), parse("2010-02-28T09:30:00.50Z"));
    }

    #[test]
    fn errors_name_the_part() {
        for (text, message) in [
            ("", "a year of four digits or more"),
            ("+2010-02-28T09:30:00", "a year of four digits or more"),
            ("10-02-28T09:30:00", "a year of four digits or more"),
            ("02010-02-28T09:30:00", "a year without zeros in front of its four or more digits"),
            ("0000-02-28T09:30:00", "a year other than 0000"),
            ("-0000-02-28T09:30:00", "a year other than 0000"),
            ("2147483648-02-28T09:30:00", "a year from -2147483648 to 2147483647"),
            ("99999999999999999999-02-28T09:30:00", "a year from -2147483648 to 2147483647"),
            ("2010/02/28T09:30:00", "`-` after the year"),
            ("2010-2-28T09:30:00", "a month from 01 to 12"),
            ("2010-00-28T09:30:00", "a month from 01 to 12"),
            ("2010-13-28T09:30:00", "a month from 01 to 12"),
            ("2010-0228T09:30:00", "`-` after the month"),
            ("2010-02-29T09:30:00", "a day that the month has"),
            ("1900-02-29T09:30:00", "a day that the month has"),
            ("2010-04-31T09:30:00", "a day that the month has"),
            ("2010-04-00T09:30:00", "a day that the month has"),
            ("2010-02-28", "`T` after the date"),
            ("2010-02-28 09:30:00", "`T` after the date"),
            ("2010-02-28t09:30:00", "`T` after the date"),
            ("2010-02-28T25:00:00", "an hour from 00 to 24"),
            ("2010-02-28T24:00:01", "no minutes and seconds after the hour 24"),
            ("2010-02-28T24:30:00", "no minutes and seconds after the hour 24"),
            ("2010-02-28T24:00:00.01", "no minutes and seconds after the hour 24"),
            ("2010-02-28T0930", "`:` after the hour"),
            ("2010-02-28T09:60:00", "a minute from 00 to 59"),
            ("2010-02-28T09:30", "`:` after the minute"),
            ("2010-02-28T09:30:60", "a second from 00 to 59"),
            ("2010-02-28T09:30:00.", "digits after the decimal point"),
            ("2010-02-28T09:30:00.1234567890123456789", "at most 18 digits after the decimal point"),
            ("2010-02-28T09:30:00z", "`Z` or an offset such as `+01:00`"),
            ("2010-02-28T09:30:00 Z", "`Z` or an offset such as `+01:00`"),
            ("2010-02-28T09:30:00ZZ", "`Z` or an offset such as `+01:00`"),
            ("2010-02-28T09:30:00+0100", "`Z` or an offset such as `+01:00`"),
            ("2010-02-28T09:30:00+1:00", "an offset from -14:00 to +14:00"),
            ("2010-02-28T09:30:00+14:01", "an offset from -14:00 to +14:00"),
            ("2010-02-28T09:30:00-15:00", "an offset from -14:00 to +14:00"),
            ("2010-02-28T09:30:00+01:60", "an offset from -14:00 to +14:00"),
            ("2010-02-28T09:30:00+01:00Z", "nothing after the offset"),
            ("２010-02-28T09:30:00", "a year of four digits or more"),
        ] {
            assert_eq!(expected(text), message, "{text}");
        }
    }

    #[test]
    fn order_of_moments() {
        // The table of section 3.2.7.4, and the corners around it.
        let cases: &[(&str, &str, Option<Ordering>)] = &[
            ("2000-01-15T00:00:00", "2000-02-15T00:00:00", Some(Less)),
            ("2000-01-15T12:00:00", "2000-01-16T12:00:00Z", Some(Less)),
            ("2000-01-01T12:00:00", "1999-12-31T23:00:00Z", None),
            ("2000-01-16T12:00:00", "2000-01-16T12:00:00Z", None),
            ("2000-01-16T00:00:00", "2000-01-16T12:00:00Z", None),
            ("2000-01-16T00:00:00Z", "2000-01-16T14:00:00", None),
            ("2000-01-16T00:00:00Z", "2000-01-16T14:00:00.000000000000000001", Some(Less)),
            ("2000-01-16T00:00:00Z", "2000-01-15T09:59:59", Some(Greater)),
            ("2000-01-16T00:00:00Z", "2000-01-15T10:00:00", None),
            ("2000-01-15T24:00:00Z", "2000-01-16T00:00:00.0+00:00", Some(Equal)),
            ("1999-12-31T24:00:00", "2000-01-01T00:00:00", Some(Equal)),
            ("2000-01-01T00:00:00+14:00", "1999-12-31T00:00:00-10:00", Some(Equal)),
            ("-0001-12-31T24:00:00Z", "0001-01-01T00:00:00Z", Some(Equal)),
            ("2000-01-01T00:00:00.1Z", "2000-01-01T00:00:00.09Z", Some(Greater)),
            ("2147483647-12-31T24:00:00-14:00", "-2147483648-01-01T00:00:00+14:00", Some(Greater)),
        ];
        for (left, right, order) in cases {
            assert_eq!(parse(left).compare(parse(right)), *order, "{left} {right}");
            assert_eq!(parse(right).compare(parse(left)), order.map(Ordering::reverse), "{right} {left}");
        }
    }

    proptest! {
        #[test]
        fn shown_as_parsed(day in strategy::day(), clock in strategy::clock(), offset in strategy::offset()) {
            let text = format!("{day}T{clock}{offset}");
            prop_assert_eq!(parse(&text).to_string(), &text[..]);
            prop_assert_eq!(parse(&text).compare(parse(&text)), Some(Equal));
        }

        #[test]
        fn near_misses_are_shown_as_parsed_or_refused(
            text in "-?[0-9]{3,6}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,20})?(Z|[+-][01][0-9]:[0-6][0-9])?",
        ) {
            if let Ok(value) = text.parse::<DateTime>() {
                prop_assert_eq!(value.to_string(), text);
            }
        }

        #[test]
        fn any_text_is_shown_as_parsed_or_refused(text in ".{0,40}") {
            if let Ok(value) = text.parse::<DateTime>() {
                prop_assert_eq!(value.to_string(), text);
            }
        }
    }
}
