//! The dry run: what a plan would do, without a call.

use std::fmt;

use super::{Clipped, Estimate, Plan, spent_today};
use crate::bulk::TimeRange;
use crate::bulk::ledger::{Ledger, Step};
use crate::bulk::run::RunError;

/// What running a plan would do. Its `Display` is a table of the windows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forecast {
    /// The plan's name.
    pub plan: String,
    /// The windows that are not finished, in order.
    pub windows: Vec<Expected>,
    /// The windows that the ledger has as finished.
    pub finished: usize,
    /// Whether the range is shorter than asked for.
    pub clipped: Option<Clipped>,
    /// The bytes that are expected in all; `None` where no earlier job tells.
    pub bytes: Option<u64>,
    /// The days of the service that the jobs need, today included, if nobody else exports; `None` where no earlier job tells.
    pub days: Option<u32>,
}

/// A window of a [`Forecast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expected {
    /// Its range, unless the plan has none.
    pub range: Option<TimeRange>,
    /// How far it is.
    pub step: Step,
    /// The bytes of its file: known where its job is completed, or else expected.
    pub bytes: Option<u64>,
    /// The day on which its bytes fit: 0 is today.
    pub day: Option<u32>,
}

impl Plan {
    /// What running the plan would do, where the subscription may export `daily_bytes` a day (often [`DAILY_BYTES`](super::DAILY_BYTES)). Sizes
    /// are judged by the ledger's completed jobs of the same request. Nothing is called, nothing is written.
    ///
    /// # Errors
    ///
    /// The ledger cannot be read or has the plan's name with another request; too many windows.
    pub fn forecast(&self, ledger: &Ledger, daily_bytes: u64) -> Result<Forecast, RunError> {
        let name = self.name();
        let estimate = Estimate::of(ledger, self.request())?;
        let now = self.client().clock().now();
        let plan = self.as_of(now);
        let spent = spent_today(ledger, now)?;
        let records = ledger.windows(&name)?;
        self.check_recorded(ledger)?;
        let recorded: Vec<_> = records.iter().map(|record| record.range).collect();
        let mut windows: Vec<Expected> = records
            .iter()
            .filter(|record| !record.is_finished())
            .map(|record| {
                let known = record.job().and_then(|job| job.info.size).filter(|_| record.step >= Step::Completed);
                let bytes = known.or_else(|| estimate.bytes(record.range));
                Expected { range: record.range, step: record.step, bytes, day: None }
            })
            .collect();
        windows.extend(plan.missing(&recorded)?.into_iter().map(|range| Expected {
            range,
            step: Step::Planned,
            bytes: estimate.bytes(range),
            day: None,
        }));
        windows.sort_by_key(|window| window.range.map(|range| range.start()));
        spread(&mut windows, spent, daily_bytes);
        Ok(Forecast {
            plan: name,
            finished: records.len() - records.iter().filter(|record| !record.is_finished()).count(),
            clipped: plan.clipped(),
            bytes: windows.iter().map(|window| window.bytes).sum(),
            days: windows.iter().map(|window| window.day).try_fold(0, |days, day| Some(days.max(day? + 1))),
            windows,
        })
    }
}

/// Gives each window the day on which its bytes fit. A job that is larger than a whole day's bytes runs on a day of its own: the service lets
/// it end.
fn spread(windows: &mut [Expected], spent: u64, daily: u64) {
    let (mut day, mut left) = (0, daily.saturating_sub(spent));
    for window in windows {
        let Some(bytes) = window.bytes else { return };
        if window.step < Step::Completed {
            if bytes > left && left < daily {
                day += 1;
                left = daily;
            }
            left = left.saturating_sub(bytes);
        }
        window.day = Some(day);
    }
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: windows to export: {}, finished: {}", self.plan, self.windows.len(), self.finished)?;
        if let Some(Clipped { asked, to }) = self.clipped {
            match to {
                Some(to) => writeln!(f, "  the end {asked} is not past for long enough: {to} in its place")?,
                None => writeln!(f, "  the whole range up to {asked} is not past for long enough")?,
            }
        }
        for window in &self.windows {
            match window.range {
                Some(range) => write!(f, "  {range}")?,
                None => f.write_str("  all")?,
            }
            match window.bytes {
                Some(bytes) => write!(f, "  {:.1} MB", bytes as f64 / 1e6)?,
                None => f.write_str("  size not known")?,
            }
            match window.day {
                Some(0) => f.write_str("  today")?,
                Some(1) => f.write_str("  tomorrow")?,
                Some(day) => write!(f, "  in {day} days")?,
                None => {}
            }
            if window.step > Step::Planned {
                write!(f, "  ({:?})", window.step)?;
            }
            writeln!(f)?;
        }
        match (self.bytes, self.days) {
            (Some(bytes), Some(days)) => writeln!(f, "  in all {:.1} MB, days needed: {days}", bytes as f64 / 1e6),
            _ => writeln!(f, "  in all: not known before a first job has ended"),
        }
    }
}
