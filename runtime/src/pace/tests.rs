//! The pace by a clock that stands still between steps.

use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp;

use super::window::{Wait, Window};
use super::{BudgetSpent, Limits, Pace, day_start, next_reset};

fn limits(calls: u32, at_once: u32) -> Limits {
    let number = |number| NonZeroU32::new(number).unwrap();
    Limits::default().calls(number(calls), Duration::from_secs(20)).at_once(number(at_once))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_call_counts_until_a_window_after_it_ended() {
    let mut window = Window::new(&limits(2, 10));
    let now = at("2026-03-01T12:00:00Z");
    let begin = |window: &mut Window, second| window.begin(Duration::from_secs(second), now).unwrap();
    assert_eq!(begin(&mut window, 0), Wait::None);
    assert_eq!(begin(&mut window, 0), Wait::None);
    assert_eq!(begin(&mut window, 100), Wait::ForEnd);
    window.end(Duration::from_secs(100), true);
    assert_eq!(begin(&mut window, 110), Wait::For(Duration::from_millis(10_001)));
    assert_eq!(begin(&mut window, 121), Wait::None);
    // The other one is under way still.
    assert_eq!(begin(&mut window, 500), Wait::ForEnd);
}

#[test]
fn no_window_is_too_long() {
    let mut window = Window::new(&Limits::default().calls(NonZeroU32::MIN, Duration::MAX));
    let now = at("2026-03-01T12:00:00Z");
    assert_eq!(window.begin(Duration::from_secs(1), now), Ok(Wait::None));
    window.end(Duration::from_secs(1), true);
    assert_eq!(window.begin(Duration::ZERO, now), Ok(Wait::For(Duration::MAX)));
}

#[test]
fn where_it_is_crowded_half_as_many_calls_are_under_way() {
    let mut window = Window::new(&limits(100, 3));
    let now = at("2026-03-01T12:00:00Z");
    let begin = |window: &mut Window, second| window.begin(Duration::from_secs(second), now).unwrap();
    window.crowd(Duration::from_secs(5), Duration::from_secs(60));
    assert_eq!(begin(&mut window, 5), Wait::None);
    assert_eq!(begin(&mut window, 5), Wait::None);
    assert_eq!(begin(&mut window, 64), Wait::ForEnd);
    window.end(Duration::from_secs(64), true);
    assert_eq!(begin(&mut window, 64), Wait::None);
    assert_eq!(begin(&mut window, 65), Wait::None);
}

#[test]
fn a_call_that_was_not_sent_counts_for_nothing() {
    let mut window = Window::new(&limits(1, 1).daily(1));
    let now = at("2026-03-01T12:00:00Z");
    assert_eq!(window.begin(Duration::ZERO, now), Ok(Wait::None));
    window.end(Duration::ZERO, false);
    assert_eq!(window.begin(Duration::ZERO, now), Ok(Wait::None));
    let spent = BudgetSpent { budget: 1, until: at("2026-03-02T06:00:00Z") };
    assert_eq!(window.begin(Duration::ZERO, now), Err(spent));
    window.end(Duration::ZERO, true);
    assert_eq!(window.begin(Duration::from_secs(90_000), at("2026-03-02T06:00:00Z")), Ok(Wait::None));
}

#[test]
fn a_call_that_was_refused_for_its_pace_holds_up_all() {
    let mut window = Window::new(&limits(2, 10));
    let second = Duration::from_secs;
    assert_eq!(window.closed(second(5)), None);
    window.close(second(5), second(20));
    window.close(second(6), second(1));
    assert_eq!(window.closed(second(6)), Some(second(19)));
    assert_eq!(window.closed(second(25)), None);
}

#[test]
fn the_day_begins_at_midnight_us_central() {
    // Standard time, daylight saving time, and the days on which they change.
    for (now, start, reset) in [
        ("2026-01-15T05:59:59Z", "2026-01-14T06:00:00Z", "2026-01-15T06:00:00Z"),
        ("2026-01-15T06:00:00Z", "2026-01-15T06:00:00Z", "2026-01-16T06:00:00Z"),
        ("2026-07-15T12:00:00Z", "2026-07-15T05:00:00Z", "2026-07-16T05:00:00Z"),
        ("2026-03-08T12:00:00Z", "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z"),
        ("2026-11-01T12:00:00Z", "2026-11-01T05:00:00Z", "2026-11-02T06:00:00Z"),
    ] {
        assert_eq!(day_start(at(now)), at(start), "{now}");
        assert_eq!(next_reset(at(now)), at(reset), "{now}");
    }
}

#[tokio::test(start_paused = true)]
async fn at_most_so_many_at_once_and_in_any_window() {
    let pace = Pace::new(limits(5, 3));
    let mut tasks = Vec::new();
    let received = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    for _ in 0..20 {
        let (pace, received) = (pace.clone(), received.clone());
        tasks.push(tokio::spawn(async move {
            let _permit = pace.acquire().await.unwrap();
            assert!(pace.under_way() <= 3);
            tokio::time::sleep(Duration::from_secs(3)).await;
            received.lock().unwrap().push(tokio::time::Instant::now());
            tokio::time::sleep(Duration::from_secs(3)).await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut received = received.lock().unwrap().clone();
    received.sort();
    for span in received.windows(6) {
        assert!(span[5] - span[0] > Duration::from_secs(20));
    }
    assert_eq!(pace.under_way(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_leaves_nothing_behind() {
    let pace = Pace::new(limits(1, 2));
    drop(pace.acquire().await.unwrap());
    let waiting = tokio::time::timeout(Duration::from_secs(1), pace.acquire()).await;
    assert!(waiting.is_err());
    assert_eq!(pace.under_way(), 0);
    drop(pace.acquire().await.unwrap());
}
