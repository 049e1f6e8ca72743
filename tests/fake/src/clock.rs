//! What time it is in the fake: the machine's time, or one that a test sets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::clock::BoxFuture;

use crate::lock;

/// The fake's clock. Clones share it: what one sets, all see.
///
/// The age of signatures, limits, days and the states of jobs go by it. Delays of a script do not: they pass in the machine's time.
///
/// ```
/// use std::time::Duration;
/// use fake::Clock;
///
/// let clock = Clock::at("2026-03-01T12:00:00Z".parse()?);
/// let same = clock.clone();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(same.now().to_string(), "2026-03-01T12:01:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Time>>);

/// A moment that stands still, or the machine's time; and what was added to it.
#[derive(Clone, Copy, Debug, Default)]
struct Time {
    stands_at: Option<Timestamp>,
    ahead: SignedDuration,
}

impl Clock {
    /// The machine's time.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `now` until it is told otherwise.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Time { stands_at: Some(now), ahead: SignedDuration::ZERO })))
    }

    /// Stops the clock at `now`.
    pub fn set(&self, now: Timestamp) {
        *lock(&self.0) = Time { stands_at: Some(now), ahead: SignedDuration::ZERO };
    }

    /// Puts the clock forward; one that goes by the machine's time keeps running, so much ahead.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let mut time = lock(&self.0);
        time.ahead = time.ahead.saturating_add(by);
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let time = *lock(&self.0);
        let now = time.stands_at.unwrap_or_else(Timestamp::now);
        now.checked_add(time.ahead).unwrap_or(Timestamp::MAX)
    }

    /// The service's day: a date in US Central time. Daily quotas are new when it changes.
    #[must_use]
    pub fn day(&self) -> Date {
        day(self.now())
    }
}

/// The clock of clients, too, so that nobody waits: a sleeper puts it forward to the time it sleeps for.
impl runtime::clock::Clock for Clock {
    fn now(&self) -> Timestamp {
        self.now()
    }

    fn elapsed(&self) -> Duration {
        self.now().duration_since(Timestamp::UNIX_EPOCH).unsigned_abs()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        let until = self.now().checked_add(duration).unwrap_or(Timestamp::MAX);
        Box::pin(async move {
            // Whoever else has something to do comes first.
            tokio::time::sleep(Duration::from_millis(1)).await;
            let rest = until.duration_since(self.now());
            self.advance(Duration::try_from(rest).unwrap_or_default());
        })
    }
}

/// The service's day that `moment` lies in.
#[must_use]
pub fn day(moment: Timestamp) -> Date {
    let central = TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC);
    moment.to_zoned_datetime(central).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_us_central() {
        let clock = Clock::at("2026-03-08T05:59:59Z".parse().unwrap());
        let day = clock.day();
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.day(), day.tomorrow().unwrap());
        // The day on which daylight saving begins has 23 hours.
        clock.advance(Duration::from_secs(23 * 3_600));
        assert_eq!(clock.day().to_string(), "2026-03-09");
    }

    #[test]
    fn a_running_clock_can_be_ahead() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(3_600));
        assert!(clock.now() > Timestamp::now() + SignedDuration::from_mins(59));
    }
}
