//! `xs:time`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::ValueError;
use super::parts::{Clock, Cursor, Day, Moment, Offset, fmt_offset};
use super::simple::text_type;

/// A time of day, with an offset from UTC or without one: `xs:time` (Datatypes, section 3.2.8).
///
/// What is parsed is kept to the letter, as a [`DateTime`](super::DateTime) keeps it: equality and hashes go by what is written.
///
/// With the feature `jiff`, it converts from and to a `jiff::civil::Time`.
///
/// ```
/// use runtime::value::Time;
///
/// let time: Time = "09:30:00.25+01:00".parse()?;
/// assert_eq!((time.hour(), time.minute(), time.second()), (9, 30, 0));
/// assert_eq!(time.subsec_nanosecond(), 250_000_000);
/// assert_eq!(time.to_string(), "09:30:00.25+01:00");
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    pub(super) clock: Clock,
    pub(super) offset: Option<Offset>,
}

impl Time {
    /// The hour, 0 to 24. Hour 24 is midnight, as hour 0 is.
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

    /// The order of the two times on one day (Datatypes, sections 3.2.8 and 3.2.7.4).
    ///
    /// `None` where one has an offset and the other has not and they are so near that the missing offset decides.
    #[must_use]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let moment = |time: Self| {
            // Hour 24 is the first moment of the same day, for there is no other.
            let clock = (time.clock.hour < 24).then_some(time.clock);
            Moment::new(Day { year: 1970, month: 1, day: 1 }, clock, time.offset)
        };
        moment(self).compare(moment(other))
    }
}

impl FromStr for Time {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let mut cursor = Cursor::new(text);
        let clock = Clock::parse(&mut cursor)?;
        let offset = Offset::parse_end(&mut cursor)?;
        Ok(Self { clock, offset })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clock.fmt(f)?;
        fmt_offset(self.offset, f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

text_type!(Time, "xs:time");

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use proptest::prelude::*;

    use super::*;
    use crate::value::parts::strategy;

    fn parse(text: &str) -> Time {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn errors_name_the_part() {
        for (text, message) in [
            ("9:30:00", "an hour from 00 to 24"),
            ("09:30", "`:` after the minute"),
            ("09:30:00 ", "`Z` or an offset such as `+01:00`"),
        ] {
            assert_eq!(text.parse::<Time>().map_err(|error| error.expected()), Err(message), "{text}");
        }
    }

    #[test]
    fn order_of_times() {
        assert_eq!(parse("09:30:00").compare(parse("09:30:00.1")), Some(Less));
        assert_eq!(parse("24:00:00").compare(parse("00:00:00")), Some(Equal));
        assert_eq!(parse("09:30:00Z").compare(parse("09:30:00+01:00")), Some(Greater));
        assert_eq!(parse("09:30:00Z").compare(parse("09:30:00")), None);
    }

    proptest! {
        #[test]
        fn shown_as_parsed(clock in strategy::clock(), offset in strategy::offset()) {
            let text = format!("{clock}{offset}");
            prop_assert_eq!(parse(&text).to_string(), &text[..]);
        }
    }
}
