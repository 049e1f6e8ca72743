//! Windows over any range.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::window::reached;
use crate::bulk::{LONGEST_RANGE, TimeRange};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn window(start: &str, end: &str) -> TimeRange {
    TimeRange::new(at(start), at(end)).unwrap()
}

/// What holds for the windows of any range: they meet end to start, cover it and nothing else, and the service takes each.
fn check(range: TimeRange, longest: i64) {
    let cut = range.windows(longest);
    let expected = cut.len();
    let windows: Vec<TimeRange> = cut.collect();
    assert_eq!(windows.len(), expected);
    assert_eq!(windows[0].start(), range.start());
    assert_eq!(windows[windows.len() - 1].end(), range.end());
    for pair in windows.windows(2) {
        assert_eq!(pair[0].end(), pair[1].start());
    }
    for window in &windows {
        assert!(window.seconds() < 31 * 86_400);
        assert!(window.seconds() <= longest.max(1));
        assert_eq!(window.start().subsec_nanosecond(), 0);
        assert_eq!(window.end().subsec_nanosecond(), 0);
        assert!(window.start() < window.end() || range.start() == range.end());
    }
}

/// Any moment, at any nanosecond.
fn moment() -> impl Strategy<Value = Timestamp> {
    // The last year that a range of six years can begin in.
    let latest = at("9993-01-01T00:00:00Z");
    (Timestamp::MIN.as_nanosecond()..=latest.as_nanosecond())
        .prop_map(|nanosecond| Timestamp::from_nanosecond(nanosecond).unwrap())
}

proptest! {
    #[test]
    fn windows_meet_and_cover_the_range(start in moment(), seconds in 0_i64..200_000_000, nanos in 0_i32..1_000_000_000, longest in 40_000_i64..4_000_000) {
        let end = start + SignedDuration::new(seconds, nanos);
        let range = TimeRange::new(start, end).unwrap();
        prop_assert!(range.start() <= start);
        prop_assert!(start.duration_since(range.start()) < SignedDuration::from_secs(1));
        prop_assert!(range.end() >= end && range.end().duration_since(end) < SignedDuration::from_secs(1));
        check(range, longest);
    }

    #[test]
    fn windows_of_any_length(seconds in 0_i64..5_000, longest in -1_i64..100) {
        let start = at("2026-03-08T07:59:30Z");
        check(TimeRange::new(start, start + SignedDuration::from_secs(seconds)).unwrap(), longest);
    }

    /// Local days around the changes to and from daylight saving time: a day of 23 or 25 hours is cut as one of so many seconds.
    #[test]
    fn windows_over_daylight_saving(zone in prop::sample::select(vec!["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe"]), day in 1_i8..=28, month in 1_i8..=12, days in 1_i64..400, longest in 3_600_i64..3_000_000) {
        let zone = TimeZone::get(zone).unwrap();
        let start = DateTime::new(2026, month, day, 0, 0, 0, 0).unwrap().to_zoned_datetime(zone).unwrap();
        let end = start.checked_add(jiff::Span::new().days(days)).unwrap();
        let range = TimeRange::new(start.timestamp(), end.timestamp()).unwrap();
        prop_assert_eq!(range.seconds(), end.timestamp().duration_since(start.timestamp()).as_secs());
        check(range, longest);
    }

    /// What is missing and what is taken cover the range together, and what is missing overlaps nothing that is taken.
    #[test]
    fn what_is_taken_is_not_planned_again(start in 0_i64..50, length in 0_i64..50, taken in prop::collection::vec((0_i64..120, 0_i64..20), 0..6)) {
        let second = |second| Timestamp::from_second(second).unwrap();
        let range = TimeRange::new(second(start), second(start + length)).unwrap();
        let taken: Vec<_> = taken.iter().map(|(start, length)| TimeRange::new(second(*start), second(start + length)).unwrap()).collect();
        let missing = range.without(taken.clone());
        // In halves of a second, so that the inside of a window has a point.
        let covers = |windows: &[TimeRange], half: i64| windows.iter().any(|w| w.start().as_second() * 2 <= half && half <= w.end().as_second() * 2);
        for half in range.start().as_second() * 2..=range.end().as_second() * 2 {
            prop_assert!(covers(&taken, half) || covers(&missing, half), "{half}");
            prop_assert!(half % 2 == 0 || !(covers(&taken, half) && covers(&missing, half)), "{half}");
        }
        for piece in &missing {
            prop_assert!(range.start() <= piece.start() && piece.end() <= range.end());
        }
    }
}

#[test]
fn the_longest_window_is_one_second_short_of_31_days() {
    let start = at("2026-01-01T00:00:00Z");
    let longest = SignedDuration::from_secs(LONGEST_RANGE);
    let one = TimeRange::new(start, start + longest).unwrap();
    assert_eq!(one.windows(i64::MAX).collect::<Vec<_>>(), [one]);
    let two = TimeRange::new(start, start + longest + SignedDuration::from_secs(1)).unwrap();
    let last = window("2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z");
    assert_eq!(two.windows(i64::MAX).collect::<Vec<_>>(), [one, last]);
    // One moment is a window, too.
    let moment = TimeRange::new(start, start).unwrap();
    assert_eq!(moment.windows(i64::MAX).collect::<Vec<_>>(), [moment]);
    let last = Timestamp::from_second(Timestamp::MAX.as_second()).unwrap();
    check(TimeRange::new(Timestamp::MIN, last).unwrap(), LONGEST_RANGE);
}

#[test]
fn what_is_not_past_is_clipped() {
    let range = window("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    assert_eq!(range.clip(at("2026-01-02T00:00:00Z")), (Some(range), false));
    let clipped = window("2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z");
    assert_eq!(range.clip(at("2026-01-01T23:59:59.999Z")), (Some(clipped), true));
    assert_eq!(range.clip(at("2026-01-01T00:00:00Z")), (None, true));
}

#[test]
fn the_cursor_ends_the_unbroken_run() {
    let start = at("2026-01-01T00:00:00Z");
    let days = |from, to| window(&format!("2026-01-{from:02}T00:00:00Z"), &format!("2026-01-{to:02}T00:00:00Z"));
    assert_eq!(reached(start, []), start);
    assert_eq!(reached(start, [days(2, 3)]), start);
    assert_eq!(reached(start, [days(2, 3), days(1, 2), days(4, 5)]), at("2026-01-03T00:00:00Z"));
}
