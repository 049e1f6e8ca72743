//! What `xs:dateTime`, `xs:date` and `xs:time` are put together from: a day, a time of day and an offset from UTC.
//!
//! Text enters and parts leave; shown, a part is that text again. Order between moments is decided here too (Datatypes, section 3.2.7.4).

use std::cmp::Ordering;
use std::fmt;

use super::ValueError;

const ATTOSECONDS: i128 = 1_000_000_000_000_000_000;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;
/// The greatest offset from UTC.
const MAX_OFFSET_MINUTES: u16 = 14 * 60;
/// How many digits of a second's fraction are kept: down to attoseconds.
const MAX_FRACTION_DIGITS: usize = 18;

/// What has not been read yet.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    rest: &'t [u8],
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { rest: text.as_bytes() }
    }

    /// Passes over `byte`, where that is next.
    fn take(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub(super) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), ValueError> {
        if self.take(byte) { Ok(()) } else { Err(ValueError::new(expected)) }
    }

    /// All the digits that follow.
    fn digits(&mut self) -> &'t [u8] {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        digits
    }

    /// Two digits that are a number in a range.
    fn two_digits(&mut self, min: u8, max: u8, expected: &'static str) -> Result<u8, ValueError> {
        match self.rest {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
                self.rest = rest;
                let number = (tens - b'0') * 10 + (ones - b'0');
                if (min..=max).contains(&number) { Ok(number) } else { Err(ValueError::new(expected)) }
            }
            _ => Err(ValueError::new(expected)),
        }
    }
}

/// The number that a few digits are.
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// A day of the proleptic Gregorian calendar, its year as it is written: there is no year 0, and -1 is the one before 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Day {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl Day {
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, ValueError> {
        let negative = cursor.take(b'-');
        let digits = cursor.digits();
        if digits.len() < 4 {
            return Err(ValueError::new("a year of four digits or more"));
        }
        if digits.len() > 4 && digits[0] == b'0' {
            return Err(ValueError::new("a year without zeros in front of its four or more digits"));
        }
        // Ten digits are more than any `i32` has.
        let year = number(&digits[..digits.len().min(11)]).cast_signed();
        if year == 0 {
            return Err(ValueError::new("a year other than 0000"));
        }
        let year = i32::try_from(if negative { -year } else { year })
            .map_err(|_| ValueError::new("a year from -2147483648 to 2147483647"))?;
        cursor.expect(b'-', "`-` after the year")?;
        let month = cursor.two_digits(1, 12, "a month from 01 to 12")?;
        cursor.expect(b'-', "`-` after the month")?;
        let day = cursor.two_digits(1, days_in_month(year, month), "a day that the month has")?;
        Ok(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    fn since_epoch(self) -> i64 {
        // Years of 1st March to end of February, in eras of 400: a leap day is a year's last, and all eras are alike.
        let month = i64::from(self.month);
        let year = astronomical(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

/// The year counted with a year 0, as calendars are computed.
pub(super) fn astronomical(year: i32) -> i64 {
    let year = i64::from(year);
    if year < 0 { year + 1 } else { year }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    let year = astronomical(year);
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time of day, its fraction of a second as it is written; 24:00:00 is a time of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// How many digits the fraction has; with none there is no decimal point.
    digits: u8,
    /// The digits as a number.
    fraction: u64,
}

impl Clock {
    /// A time of day from its parts, which must be in range; nanoseconds lose the zeros at their end.
    #[cfg(feature = "jiff")]
    pub(super) fn from_parts(hour: u8, minute: u8, second: u8, nanosecond: u32) -> Self {
        let mut fraction = u64::from(nanosecond);
        let mut digits = 9;
        while digits > 0 && fraction.is_multiple_of(10) {
            fraction /= 10;
            digits -= 1;
        }
        Self { hour, minute, second, digits, fraction }
    }

    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, ValueError> {
        let hour = cursor.two_digits(0, 24, "an hour from 00 to 24")?;
        cursor.expect(b':', "`:` after the hour")?;
        let minute = cursor.two_digits(0, 59, "a minute from 00 to 59")?;
        cursor.expect(b':', "`:` after the minute")?;
        let second = cursor.two_digits(0, 59, "a second from 00 to 59")?;
        let mut fraction = &[][..];
        if cursor.take(b'.') {
            fraction = cursor.digits();
            if fraction.is_empty() {
                return Err(ValueError::new("digits after the decimal point"));
            }
            if fraction.len() > MAX_FRACTION_DIGITS {
                return Err(ValueError::new("at most 18 digits after the decimal point"));
            }
        }
        // At most MAX_FRACTION_DIGITS, so that both fit.
        let clock = Self { hour, minute, second, digits: fraction.len() as u8, fraction: number(fraction) };
        if hour == 24 && (minute, second, clock.fraction) != (0, 0, 0) {
            return Err(ValueError::new("no minutes and seconds after the hour 24"));
        }
        Ok(clock)
    }

    fn attoseconds(self) -> i128 {
        let seconds = (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        let scale = 10_i128.pow(MAX_FRACTION_DIGITS as u32 - u32::from(self.digits));
        i128::from(seconds) * ATTOSECONDS + i128::from(self.fraction) * scale
    }

    /// The fraction in nanoseconds; what is smaller is cut off.
    pub(super) fn nanosecond(self) -> u32 {
        let nanosecond = match u32::from(self.digits) {
            digits @ 0..=9 => self.fraction * 10_u64.pow(9 - digits),
            digits => self.fraction / 10_u64.pow(digits - 9),
        };
        // Below 10^9, as the fraction is below 10^digits.
        nanosecond as u32
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        match self.digits {
            0 => Ok(()),
            digits => write!(f, ".{:0width$}", self.fraction, width = usize::from(digits)),
        }
    }
}

/// An offset from UTC as it is written: `Z`, `+00:00` and `-00:00` are three ways to say the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Offset {
    Z,
    /// `+hh:mm`, in minutes.
    Plus(u16),
    /// `-hh:mm`, in minutes.
    Minus(u16),
}

impl Offset {
    /// The offset that the rest of the text is; none where nothing is left.
    pub(super) fn parse_end(cursor: &mut Cursor<'_>) -> Result<Option<Self>, ValueError> {
        const EXPECTED: &str = "`Z` or an offset such as `+01:00`";
        const RANGE: &str = "an offset from -14:00 to +14:00";
        let make = match cursor.rest {
            [] => return Ok(None),
            b"Z" => return Ok(Some(Self::Z)),
            [b'+', ..] => Self::Plus,
            [b'-', ..] => Self::Minus,
            _ => return Err(ValueError::new(EXPECTED)),
        };
        cursor.rest = &cursor.rest[1..];
        let hours = cursor.two_digits(0, 14, RANGE)?;
        cursor.expect(b':', EXPECTED)?;
        let minutes = cursor.two_digits(0, 59, RANGE)?;
        let minutes = u16::from(hours) * 60 + u16::from(minutes);
        if minutes > MAX_OFFSET_MINUTES {
            return Err(ValueError::new(RANGE));
        }
        if !cursor.rest.is_empty() {
            return Err(ValueError::new("nothing after the offset"));
        }
        Ok(Some(make(minutes)))
    }

    /// The offset nearest to this many seconds.
    #[cfg(feature = "jiff")]
    pub(super) fn from_seconds(seconds: i32) -> Self {
        // Rounding the magnitude treats both signs alike; at most MAX_OFFSET_MINUTES, so it fits.
        let minutes = ((seconds.unsigned_abs() + 30) / 60).min(u32::from(MAX_OFFSET_MINUTES)) as u16;
        if seconds < 0 && minutes > 0 { Self::Minus(minutes) } else { Self::Plus(minutes) }
    }

    pub(super) fn minutes(self) -> i16 {
        // At most MAX_OFFSET_MINUTES.
        match self {
            Self::Z => 0,
            Self::Plus(minutes) => minutes.cast_signed(),
            Self::Minus(minutes) => -minutes.cast_signed(),
        }
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Z => f.write_str("Z"),
            Self::Plus(minutes) => write!(f, "+{:02}:{:02}", minutes / 60, minutes % 60),
            Self::Minus(minutes) => write!(f, "-{:02}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

/// Shows an offset where there is one.
pub(super) fn fmt_offset(offset: Option<Offset>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    offset.map_or(Ok(()), |offset| fmt::Display::fmt(&offset, f))
}

/// A point in time, with an offset from UTC or in a place that is not said.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Attoseconds since 1970-01-01T00:00:00 on the clock that shows it.
    local: i128,
    offset: Option<Offset>,
}

impl Moment {
    /// `day` at `clock`, or at its beginning.
    pub(super) fn new(day: Day, clock: Option<Clock>, offset: Option<Offset>) -> Self {
        let midnight = i128::from(day.since_epoch() * SECONDS_A_DAY) * ATTOSECONDS;
        Self { local: midnight + clock.map_or(0, Clock::attoseconds), offset }
    }

    /// Attoseconds since 1970-01-01T00:00:00Z, were the clock at this offset.
    fn at(self, minutes: i16) -> i128 {
        self.local - i128::from(minutes) * 60 * ATTOSECONDS
    }

    /// Seconds since 1970-01-01T00:00:00Z and nanoseconds after them, what is smaller cut off; needs an offset.
    pub(super) fn since_epoch(self) -> Option<(i64, i32)> {
        let attoseconds = self.at(self.offset?.minutes());
        let seconds = i64::try_from(attoseconds.div_euclid(ATTOSECONDS)).ok()?;
        let nanoseconds = i32::try_from(attoseconds.rem_euclid(ATTOSECONDS) / 1_000_000_000).ok()?;
        Some((seconds, nanoseconds))
    }

    /// The order of two moments; none where it depends on the offset that one of them lacks.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self.offset, other.offset) {
            (Some(offset), Some(other_offset)) => {
                Some(self.at(offset.minutes()).cmp(&other.at(other_offset.minutes())))
            }
            (None, None) => Some(self.local.cmp(&other.local)),
            (Some(offset), None) => compare_to_floating(self.at(offset.minutes()), other),
            (None, Some(offset)) => compare_to_floating(other.at(offset.minutes()), self).map(Ordering::reverse),
        }
    }
}

/// The order of a known moment and one that may be anywhere between its earliest and latest offset.
fn compare_to_floating(known: i128, floating: Moment) -> Option<Ordering> {
    let max = MAX_OFFSET_MINUTES.cast_signed();
    if known < floating.at(max) {
        Some(Ordering::Less)
    } else if known > floating.at(-max) {
        Some(Ordering::Greater)
    } else {
        None
    }
}

#[cfg(test)]
pub(super) mod strategy {
    //! Random texts that are valid, spelled out from the rules rather than from the code above.

    use proptest::prelude::*;

    pub(in crate::value) fn day() -> impl Strategy<Value = String> {
        let year = prop_oneof![
            4 => (1_900_i64..2_100).boxed(),
            1 => (1_i64..=9_999).boxed(),
            1 => (1_i64..=i64::from(i32::MAX)).boxed(),
        ];
        (year, any::<bool>(), 1_u8..=12, 1_u8..=31).prop_map(|(year, negative, month, day)| {
            let astronomical = if negative { 1 - year } else { year };
            let leap = astronomical % 4 == 0 && (astronomical % 100 != 0 || astronomical % 400 == 0);
            let last = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::from(month) - 1];
            format!("{}{year:04}-{month:02}-{:02}", if negative { "-" } else { "" }, day.min(last))
        })
    }

    pub(in crate::value) fn clock() -> impl Strategy<Value = String> {
        prop_oneof![
            6 => "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,18})?",
            1 => "24:00:00(\\.0{1,18})?",
        ]
    }

    pub(in crate::value) fn offset() -> impl Strategy<Value = String> {
        "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_since_epoch() {
        for (year, month, day, days) in [
            (1970, 1, 1, 0),
            (1969, 12, 31, -1),
            (2000, 2, 29, 11_016),
            (2000, 3, 1, 11_017),
            (2100, 3, 1, 47_541),
            (1, 1, 1, -719_162),
            (-1, 12, 31, -719_163),
            (-1, 1, 1, -719_528),
        ] {
            assert_eq!(Day { year, month, day }.since_epoch(), days, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = Day { year: -403, month: 1, day: 1 }.since_epoch();
        for year in (-403..=403).filter(|year| *year != 0) {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(Day { year, month, day }.since_epoch(), expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
    }
}
