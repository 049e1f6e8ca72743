//! What the fake allows a subscription, and the gate that holds callers to it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::{clock, lock};

/// The limits of the subscription: for SOAP and REST together, identity apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) calls: usize,
    pub(crate) window: Duration,
    pub(crate) at_once: usize,
    pub(crate) daily: usize,
}

/// 100 calls in 20 seconds, 10 at once, 10,000 a day.
impl Default for Limits {
    fn default() -> Self {
        Self { calls: 100, window: Duration::from_secs(20), at_once: 10, daily: 10_000 }
    }
}

impl Limits {
    /// No limits at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { calls: usize::MAX, window: Duration::ZERO, at_once: usize::MAX, daily: usize::MAX }
    }

    /// At most `calls` in any span of `window`.
    #[must_use]
    pub const fn calls(mut self, calls: usize, window: Duration) -> Self {
        self.calls = calls;
        self.window = window;
        self
    }

    /// At most `calls` at once.
    #[must_use]
    pub const fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls;
        self
    }

    /// At most `calls` a day; a day begins at midnight US Central time.
    #[must_use]
    pub const fn daily(mut self, calls: usize) -> Self {
        self.daily = calls;
        self
    }
}

/// The limit that a call was refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exceeded {
    /// Too many calls in the window: SOAP fault 20023, REST error 606.
    Rate,
    /// Too many calls at once: SOAP fault 20024, REST error 615.
    AtOnce,
    /// The day's calls are used up: SOAP fault 20015, REST error 607.
    Daily,
}

/// Lets calls in as the limits allow. Calls that it refuses count for nothing.
#[derive(Debug)]
pub(crate) struct Gate(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    limits: Limits,
    /// When the calls of the last window were let in, oldest first.
    recent: VecDeque<Timestamp>,
    inside: usize,
    day: Option<Date>,
    today: usize,
}

/// A call that was let in; ends when dropped.
#[derive(Debug)]
pub(crate) struct Inside(Arc<Gate>);

impl Gate {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        let counts = Counts { limits, recent: VecDeque::new(), inside: 0, day: None, today: 0 };
        Arc::new(Self(Mutex::new(counts)))
    }

    /// Other limits from now on; what was counted stays.
    pub(crate) fn set(&self, limits: Limits) {
        lock(&self.0).limits = limits;
    }

    pub(crate) fn enter(self: &Arc<Self>, now: Timestamp) -> Result<Inside, Exceeded> {
        let mut counts = lock(&self.0);
        let Limits { calls, window, at_once, daily } = counts.limits;
        let day = clock::day(now);
        if counts.day != Some(day) {
            counts.day = Some(day);
            counts.today = 0;
        }
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        while counts.recent.front().is_some_and(|at| now.duration_since(*at) >= window) {
            counts.recent.pop_front();
        }
        if counts.today >= daily {
            return Err(Exceeded::Daily);
        }
        if counts.recent.len() >= calls {
            return Err(Exceeded::Rate);
        }
        if counts.inside >= at_once {
            return Err(Exceeded::AtOnce);
        }
        counts.today += 1;
        counts.inside += 1;
        counts.recent.push_back(now);
        Ok(Inside(self.clone()))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        lock(&self.0.0).inside -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        "2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
    }

    #[test]
    fn the_window_slides() {
        let gate = Gate::new(Limits::none().calls(2, Duration::from_secs(20)));
        gate.enter(at(0)).unwrap();
        gate.enter(at(19)).unwrap();
        assert_eq!(gate.enter(at(19)).unwrap_err(), Exceeded::Rate);
        gate.enter(at(20)).unwrap();
        assert_eq!(gate.enter(at(38)).unwrap_err(), Exceeded::Rate);
        gate.enter(at(39)).unwrap();
    }

    #[test]
    fn so_many_at_once() {
        let gate = Gate::new(Limits::none().at_once(1));
        let inside = gate.enter(at(0)).unwrap();
        assert_eq!(gate.enter(at(0)).unwrap_err(), Exceeded::AtOnce);
        drop(inside);
        gate.enter(at(0)).unwrap();
    }

    #[test]
    fn a_day_has_so_many() {
        let gate = Gate::new(Limits::none().daily(1));
        gate.enter(at(0)).unwrap();
        assert_eq!(gate.enter(at(1)).unwrap_err(), Exceeded::Daily);
        // Midnight US Central is 06:00 UTC in winter.
        assert_eq!(gate.enter(at(18 * 3_600 - 1)).unwrap_err(), Exceeded::Daily);
        gate.enter(at(18 * 3_600)).unwrap();
    }
}
