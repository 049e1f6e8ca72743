//! The service's day: it begins at midnight US Central time, daylight saving included.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// When the service's day that `now` lies in began.
#[must_use]
pub fn day_start(now: Timestamp) -> Timestamp {
    start_of(date(now)).unwrap_or(now)
}

/// When the service's next day begins and its daily quotas are new: the first midnight US Central time after `now`.
#[must_use]
pub fn next_reset(now: Timestamp) -> Timestamp {
    date(now).tomorrow().ok().and_then(start_of).unwrap_or(Timestamp::MAX)
}

fn date(now: Timestamp) -> Date {
    now.to_zoned_datetime(central()).date()
}

fn start_of(date: Date) -> Option<Timestamp> {
    date.to_zoned_datetime(central()).ok().map(|start| start.timestamp())
}

/// By the machine's table of time zones, or else by the one that is compiled in.
fn central() -> TimeZone {
    TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC)
}
