//! What a run tells while it works: steps of windows, states of jobs, bytes, and where all of it stands. Never a row, a token or a secret.

use std::time::Duration;

use jiff::Timestamp;

use super::ledger::{Ending, Orphan, Step};
use super::{Status, TimeRange};

/// Told what a run does, as it happens. Every function of an [`Event`] is one.
///
/// It is called between steps and must not block. A step is told when it is on disk and before it is acted on.
pub trait Progress: Send + Sync {
    /// Something happened.
    fn on(&self, event: &Event<'_>);
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

/// Something that happened to a window.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The plan's name.
    pub plan: &'a str,
    /// The window's number within the plan, from 0.
    pub window: u32,
    /// Its range, unless the plan has none.
    pub range: Option<TimeRange>,
    /// What happened.
    pub what: What<'a>,
    /// Where the run stands.
    pub totals: &'a Totals,
}

/// What happened to a window.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum What<'a> {
    /// It came to a step, and the ledger says so.
    Step(Step),
    /// The service told the state of its job.
    Job(&'a Status),
    /// Bytes of its file are on disk.
    Bytes {
        /// So many.
        have: u64,
        /// Of so many, where the job told.
        of: Option<u64>,
    },
    /// It waits.
    Waiting {
        /// For this.
        reason: Reason,
        /// Until then at the earliest.
        until: Timestamp,
    },
    /// Its job came to nothing; another one is made.
    Again(&'a Ending),
    /// A job may have been made without our knowing its id.
    Orphan(&'a Orphan),
    /// The service does not have the filter updatedAt; the plan goes on with createdAt.
    FellBack,
}

/// What a window waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Its end, and the lag after it.
    Lag,
    /// A place in the subscription's queue.
    Slot,
    /// Bytes: the day's are spent, or what is left of them is not expected to be enough.
    Bytes,
    /// Calls: the day's are spent.
    Calls,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Totals {
    /// Windows of all plans of this run, those that earlier runs finished left out.
    pub windows: usize,
    /// Of these, finished.
    pub finished: usize,
    /// Of these, with a job that is queued.
    pub queued: usize,
    /// Of these, with a job that runs.
    pub running: usize,
    /// Bytes of files that are on disk, with what earlier runs had left of them.
    pub bytes: u64,
    /// Rows written by this run.
    pub rows: u64,
    /// The time since the run began.
    pub elapsed: Duration,
}

impl Totals {
    /// Bytes a second, over the whole run.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.bytes as f64 / seconds } else { 0.0 }
    }

    /// How long the rest takes if windows go on finishing as they have. `None` until one has finished.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let left = self.windows.saturating_sub(self.finished);
        let each = self.elapsed.checked_div(u32::try_from(self.finished).ok()?)?;
        each.checked_mul(u32::try_from(left).ok()?)
    }

    /// When the run ends if windows go on finishing as they have.
    #[must_use]
    pub fn estimated_end(&self, now: Timestamp) -> Option<Timestamp> {
        now.checked_add(self.remaining()?).ok()
    }
}

impl Progress for Quiet {
    fn on(&self, _: &Event<'_>) {}
}

impl<F: Fn(&Event<'_>) + Send + Sync> Progress for F {
    fn on(&self, event: &Event<'_>) {
        self(event);
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Lag => "its end and the lag after it",
            Self::Slot => "a place in the queue",
            Self::Bytes => "the day's bytes",
            Self::Calls => "the day's calls",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_estimated_from_what_is_finished() {
        let mut totals = Totals { windows: 10, elapsed: Duration::from_secs(60), bytes: 600, ..Totals::default() };
        assert_eq!(totals.remaining(), None);
        totals.finished = 4;
        assert_eq!(totals.remaining(), Some(Duration::from_secs(90)));
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(totals.estimated_end(now), Some("2026-01-01T00:01:30Z".parse().unwrap()));
        assert!((totals.rate() - 10.0).abs() < 1e-9);
        assert!(Totals::default().rate() == 0.0);
    }
}
