//! A range of time in whole seconds, as filters take it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bulk::Error;

/// The greatest number of seconds from the start to the end of a filter: both ends are inclusive, so 31 days lie in it.
pub const LONGEST_RANGE: i64 = 31 * 86_400 - 1;

/// A closed range of time: both its ends belong to it. In whole seconds, since filters take no fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    start: Timestamp,
    end: Timestamp,
}

impl TimeRange {
    /// The range from `start`, rounded down to a whole second, to `end`, rounded up to one.
    ///
    /// # Errors
    ///
    /// A range that ends before it starts, or after the year 9999.
    pub fn new(start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Result<Self, Error> {
        let (start, end) = (start.into(), end.into());
        if end < start {
            return Err(Error::refused(format!("a range must not end before it starts: {start} to {end}")));
        }
        // `as_second` cuts towards zero, which is up before 1970 and down after.
        let down = start.as_second() - i64::from(start.subsec_nanosecond() < 0);
        let up = end.as_second() + i64::from(end.subsec_nanosecond() > 0);
        match (Timestamp::from_second(down), Timestamp::from_second(up)) {
            (Ok(start), Ok(end)) => Ok(Self { start, end }),
            _ => Err(Error::refused(format!("a range must lie within the years of the calendar: {start} to {end}"))),
        }
    }

    /// The range between two whole seconds that are in order.
    pub(in crate::bulk) const fn between(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Its first second.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.start
    }

    /// Its last second.
    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// The seconds from its start to its end.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.end.as_second() - self.start.as_second()
    }

    /// Whether one job can cover it.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.end < self.start || self.start.subsec_nanosecond() != 0 || self.end.subsec_nanosecond() != 0 {
            return Err(Error::refused(format!(
                "a range must be in whole seconds and not end before it starts: {self}"
            )));
        }
        if self.seconds() > LONGEST_RANGE {
            return Err(Error::refused(format!(
                "a filter covers at most 31 days: {self} has {} seconds from start to end, {} too many",
                self.seconds(),
                self.seconds() - LONGEST_RANGE
            )));
        }
        Ok(())
    }

    pub(super) fn body(&self) -> Value {
        json!({ "startAt": self.start.to_string(), "endAt": self.end.to_string() })
    }
}

impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: &str, end: &str) -> Result<TimeRange, Error> {
        TimeRange::new(start.parse::<Timestamp>().unwrap(), end.parse::<Timestamp>().unwrap())
    }

    #[test]
    fn ends_are_rounded_outwards_to_whole_seconds() {
        for (start, end, expected) in [
            ("2026-01-01T00:00:00.9Z", "2026-01-02T00:00:00.1Z", "2026-01-01T00:00:00Z to 2026-01-02T00:00:01Z"),
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z to 2026-01-01T00:00:00Z"),
            ("1969-12-31T23:59:58.5Z", "1969-12-31T23:59:58.5Z", "1969-12-31T23:59:58Z to 1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(range(start, end).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn at_most_31_days() {
        let longest = range("2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z").unwrap();
        assert_eq!(longest.seconds(), LONGEST_RANGE);
        longest.check().unwrap();
        let longer = range("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").unwrap();
        assert_eq!(
            longer.check().unwrap_err().to_string(),
            "refused: a filter covers at most 31 days: 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z has 2678400 seconds \
             from start to end, 1 too many"
        );
    }

    #[test]
    fn an_end_before_the_start_is_refused() {
        let error = range("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z").unwrap_err();
        assert_eq!(
            error.to_string(),
            "refused: a range must not end before it starts: 2026-01-01T00:00:01Z to 2026-01-01T00:00:00Z"
        );
        assert!(TimeRange::new(Timestamp::UNIX_EPOCH, Timestamp::MAX).is_err());
    }
}
