//! Dates and times from and to jiff's types.
//!
//! Into XML Schema's types everything converts. Out of them, a value must lie in jiff's range, the years -9999 to 9999, and digits of a
//! second's fraction after the ninth are cut off. jiff counts a year 0 and XML Schema does not: the year before 1 is 0 there and -1 here.

use ::jiff::civil;
use ::jiff::{Timestamp, ZonedDateTime};

use super::parts::{Clock, Day, Offset, astronomical};
use super::{Date, DateTime, Nillable, OptNillable, Time, ValueError};

const NO_OFFSET: ValueError = ValueError::new("an offset from UTC, such as the `Z` in `2010-02-28T09:30:00Z`");
const OUT_OF_RANGE: ValueError = ValueError::new("a date and time between the years -9999 and 9999");
const DATE_OUT_OF_RANGE: ValueError = ValueError::new("a date between the years -9999 and 9999");
const TIME_OUT_OF_RANGE: ValueError = ValueError::new("a time of day");

fn day(date: civil::Date) -> Day {
    let year = i32::from(date.year());
    // All parts are in range, and positive but for the year.
    Day {
        year: if year <= 0 { year - 1 } else { year },
        month: date.month().cast_unsigned(),
        day: date.day().cast_unsigned(),
    }
}

fn clock(time: civil::Time) -> Clock {
    Clock::from_parts(
        time.hour().cast_unsigned(),
        time.minute().cast_unsigned(),
        time.second().cast_unsigned(),
        time.subsec_nanosecond().cast_unsigned(),
    )
}

fn civil_date(day: Day) -> Option<civil::Date> {
    let year = i16::try_from(astronomical(day.year)).ok()?;
    civil::Date::new(year, day.month.cast_signed(), day.day.cast_signed()).ok()
}

fn civil_time(clock: Clock) -> Option<civil::Time> {
    civil::Time::new(
        clock.hour.cast_signed() % 24,
        clock.minute.cast_signed(),
        clock.second.cast_signed(),
        clock.nanosecond().cast_signed(),
    )
    .ok()
}

/// Without an offset.
impl From<civil::DateTime> for DateTime {
    fn from(value: civil::DateTime) -> Self {
        Self { day: day(value.date()), clock: clock(value.time()), offset: None }
    }
}

/// In UTC, with `Z`.
///
/// ```
/// use runtime::value::DateTime;
///
/// let timestamp: jiff::Timestamp = "2010-02-28T10:30:00.5+01:00".parse().unwrap();
/// assert_eq!(DateTime::from(timestamp).to_string(), "2010-02-28T09:30:00.5Z");
/// ```
impl From<Timestamp> for DateTime {
    fn from(value: Timestamp) -> Self {
        Self { offset: Some(Offset::Z), ..::jiff::tz::Offset::UTC.to_datetime(value).into() }
    }
}

/// With the zone's offset at that time. Where it is no whole number of minutes up to 14 hours, as XML Schema demands, it is the nearest that
/// is, at the same moment.
impl From<&ZonedDateTime> for DateTime {
    fn from(value: &ZonedDateTime) -> Self {
        let offset = Offset::from_seconds(value.offset().seconds());
        // 14 hours are in jiff's range, so there is always such an offset.
        match ::jiff::tz::Offset::from_seconds(i32::from(offset.minutes()) * 60) {
            Ok(zone) => Self { offset: Some(offset), ..zone.to_datetime(value.timestamp()).into() },
            Err(_) => value.timestamp().into(),
        }
    }
}

/// As from a reference.
impl From<ZonedDateTime> for DateTime {
    fn from(value: ZonedDateTime) -> Self {
        Self::from(&value)
    }
}

/// The moment. Fails without an offset, and out of jiff's range.
///
/// ```
/// use jiff::Timestamp;
/// use runtime::value::DateTime;
///
/// let with_offset: DateTime = "2010-02-28T10:30:00+01:00".parse().unwrap();
/// assert_eq!(Timestamp::try_from(with_offset).unwrap().to_string(), "2010-02-28T09:30:00Z");
///
/// let without: DateTime = "2010-02-28T10:30:00".parse().unwrap();
/// let error = Timestamp::try_from(without).unwrap_err();
/// assert_eq!(error.to_string(), "expected an offset from UTC, such as the `Z` in `2010-02-28T09:30:00Z`");
/// ```
impl TryFrom<DateTime> for Timestamp {
    type Error = ValueError;

    fn try_from(value: DateTime) -> Result<Self, ValueError> {
        let (seconds, nanoseconds) = value.moment().since_epoch().ok_or(NO_OFFSET)?;
        Self::new(seconds, nanoseconds).map_err(|_| OUT_OF_RANGE)
    }
}

/// The date and time as they are written, without the offset; 24:00:00 is the next day's 00:00:00. Fails out of jiff's range.
impl TryFrom<DateTime> for civil::DateTime {
    type Error = ValueError;

    fn try_from(value: DateTime) -> Result<Self, ValueError> {
        let date = civil_date(value.day).ok_or(OUT_OF_RANGE)?;
        let time = civil_time(value.clock).ok_or(OUT_OF_RANGE)?;
        let date = if value.hour() == 24 { date.tomorrow().map_err(|_| OUT_OF_RANGE)? } else { date };
        Ok(Self::from_parts(date, time))
    }
}

/// Without an offset.
impl From<civil::Date> for Date {
    fn from(value: civil::Date) -> Self {
        Self { day: day(value), offset: None }
    }
}

/// The day as it is written, without the offset. Fails out of jiff's range.
impl TryFrom<Date> for civil::Date {
    type Error = ValueError;

    fn try_from(value: Date) -> Result<Self, ValueError> {
        civil_date(value.day).ok_or(DATE_OUT_OF_RANGE)
    }
}

/// Without an offset.
impl From<civil::Time> for Time {
    fn from(value: civil::Time) -> Self {
        Self { clock: clock(value), offset: None }
    }
}

/// The time as it is written, without the offset; 24:00:00 is 00:00:00. Never fails in practice.
impl TryFrom<Time> for civil::Time {
    type Error = ValueError;

    fn try_from(value: Time) -> Result<Self, ValueError> {
        civil_time(value.clock).ok_or(TIME_OUT_OF_RANGE)
    }
}

/// Lets jiff's values go straight into setters of fields that may be nil or absent.
macro_rules! into_fields {
    ($($from:ty => $type_:ty),+ $(,)?) => {$(
        impl From<$from> for Nillable<$type_> {
            fn from(value: $from) -> Self {
                Self::Value(value.into())
            }
        }

        impl From<$from> for OptNillable<$type_> {
            fn from(value: $from) -> Self {
                Self::Value(value.into())
            }
        }
    )+};
}

into_fields! {
    Timestamp => DateTime,
    ZonedDateTime => DateTime,
    &ZonedDateTime => DateTime,
    civil::DateTime => DateTime,
    civil::Date => Date,
    civil::Time => Time,
}

#[cfg(test)]
mod tests {
    use ::jiff::tz::{self, TimeZone};
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> DateTime {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn into_a_timestamp() {
        for (text, expected) in [
            ("2010-02-28T09:30:00Z", "2010-02-28T09:30:00Z"),
            ("2010-02-28T09:30:00.25-06:30", "2010-02-28T16:00:00.25Z"),
            ("2010-02-28T24:00:00Z", "2010-03-01T00:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
            ("1969-12-31T23:59:59.9999999999Z", "1969-12-31T23:59:59.999999999Z"),
            ("-0001-03-01T00:00:00Z", "0000-03-01T00:00:00Z"),
            ("-0045-03-15T12:00:00Z", "-000044-03-15T12:00:00Z"),
        ] {
            assert_eq!(Timestamp::try_from(parse(text)).unwrap().to_string(), expected, "{text}");
        }
        for text in ["10000-01-01T00:00:00Z", "-10001-01-01T00:00:00Z", "2147483647-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::try_from(parse(text)), Err(OUT_OF_RANGE), "{text}");
        }
    }

    #[test]
    fn into_civil_types() {
        let civil = |text| civil::DateTime::try_from(parse(text)).map(|value| value.to_string());
        assert_eq!(civil("2010-02-28T09:30:00-06:00").unwrap(), "2010-02-28T09:30:00");
        assert_eq!(civil("2010-12-31T24:00:00").unwrap(), "2011-01-01T00:00:00");
        assert_eq!(civil("9999-12-31T24:00:00"), Err(OUT_OF_RANGE));
        assert_eq!(civil("10000-01-01T00:00:00"), Err(OUT_OF_RANGE));
        let date: Date = "-10001-01-01".parse().unwrap();
        assert_eq!(civil::Date::try_from(date), Err(DATE_OUT_OF_RANGE));
        let time: Time = "24:00:00".parse().unwrap();
        assert_eq!(civil::Time::try_from(time), Ok(civil::time(0, 0, 0, 0)));
    }

    #[test]
    fn from_zoned() {
        let timestamp: Timestamp = "2010-02-28T09:30:00Z".parse().unwrap();
        for (seconds, expected) in [
            (0, "2010-02-28T09:30:00+00:00"),
            (-6 * 3600, "2010-02-28T03:30:00-06:00"),
            (5 * 3600 + 1800, "2010-02-28T15:00:00+05:30"),
            (3208, "2010-02-28T10:23:00+00:53"),
            (-20, "2010-02-28T09:30:00+00:00"),
            (20 * 3600, "2010-02-28T23:30:00+14:00"),
        ] {
            let offset = tz::Offset::from_seconds(seconds).unwrap();
            let zoned = timestamp.to_zoned_datetime(TimeZone::fixed(offset));
            let value = DateTime::from(&zoned);
            assert_eq!(value.to_string(), expected);
            assert_eq!(Timestamp::try_from(value), Ok(timestamp));
            assert_eq!(DateTime::from(zoned), value);
        }
    }

    #[test]
    fn jiffs_limits_convert() {
        for timestamp in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Timestamp::try_from(DateTime::from(timestamp)), Ok(timestamp));
            let zoned = timestamp.to_zoned_datetime(TimeZone::fixed(tz::Offset::MIN));
            assert_eq!(Timestamp::try_from(DateTime::from(zoned)), Ok(timestamp));
        }
        for value in [civil::DateTime::MIN, civil::DateTime::MAX] {
            assert_eq!(civil::DateTime::try_from(DateTime::from(value)), Ok(value));
        }
    }

    #[test]
    fn into_fields() {
        let timestamp = Timestamp::UNIX_EPOCH;
        let field = OptNillable::<DateTime>::from(timestamp);
        assert_eq!(field, OptNillable::Value(timestamp.into()));
        assert_eq!(
            Nillable::<Date>::from(civil::date(2010, 2, 28)).value().map(ToString::to_string).as_deref(),
            Some("2010-02-28")
        );
    }

    proptest! {
        #[test]
        fn timestamps_come_back(second in -377_705_023_201_i64..=253_402_207_199, nanosecond in 0..1_000_000_000) {
            let timestamp = Timestamp::new(second, nanosecond).unwrap();
            let value = DateTime::from(timestamp);
            prop_assert_eq!(parse(&value.to_string()), value);
            prop_assert_eq!(Timestamp::try_from(value), Ok(timestamp));
        }

        #[test]
        fn civil_values_come_back(second in -377_705_023_201_i64..=253_402_207_199, nanosecond in 0..1_000_000_000) {
            let civil = tz::Offset::UTC.to_datetime(Timestamp::new(second, nanosecond).unwrap());
            prop_assert_eq!(civil::DateTime::try_from(DateTime::from(civil)), Ok(civil));
            prop_assert_eq!(civil::Date::try_from(Date::from(civil.date())), Ok(civil.date()));
            prop_assert_eq!(civil::Time::try_from(Time::from(civil.time())), Ok(civil.time()));
        }
    }
}
