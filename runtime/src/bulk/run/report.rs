//! What a run did.

use std::fmt;

use jiff::Timestamp;

use crate::bulk::ledger::{Counts, Ending, JobRecord, Orphan, Step};
use crate::bulk::plan::Clipped;
use crate::bulk::{Object, TimeRange};

/// What a run did, plan by plan. Its `Display` is a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The plans, as they were given.
    pub plans: Vec<PlanReport>,
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanReport {
    /// Its name.
    pub name: String,
    /// Its object.
    pub object: Object,
    /// Whether the range was shorter than asked for.
    pub clipped: Option<Clipped>,
    /// Whether createdAt stood in for updatedAt, which the subscription does not have (1035): changes of older records are not exported.
    pub fell_back: bool,
    /// Whether no column tells one record from another (`id` of leads, `marketoGUID` of activities and custom objects, `leadId` and
    /// `programId` of program members): rows that come twice because windows meet are then all kept.
    pub without_key: bool,
    /// Where the unbroken run of finished windows ends: where the next range begins. `None` where the plan has no range.
    pub cursor: Option<Timestamp>,
    /// All its windows in the ledger, in order.
    pub windows: Vec<WindowReport>,
}

/// What became of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WindowReport {
    /// Its number within the plan, in the order of planning.
    pub number: u32,
    /// Its range, unless the plan has none.
    pub range: Option<TimeRange>,
    /// How far it is.
    pub step: Step,
    /// Whether an earlier run had finished it.
    pub earlier: bool,
    /// Its jobs, oldest first; those with an ending came to nothing and were created anew.
    pub jobs: Vec<JobRecord>,
    /// Jobs that may have been made without our knowing their id.
    pub orphans: Vec<Orphan>,
    /// What came of its rows, once it is finished.
    pub rows: Option<Counts>,
    /// Why it is not finished, where that is an error.
    pub failed: Option<String>,
}

impl Report {
    /// The report of the plan with a name.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<&PlanReport> {
        self.plans.iter().find(|plan| plan.name == name)
    }

    /// The cursor of the only plan with a range, or the earliest of several: what lies before it is exported.
    #[must_use]
    pub fn cursor(&self) -> Option<Timestamp> {
        self.plans.iter().filter_map(|plan| plan.cursor).min()
    }

    /// All windows of all plans.
    pub fn windows(&self) -> impl Iterator<Item = &WindowReport> {
        self.plans.iter().flat_map(|plan| &plan.windows)
    }
}

impl WindowReport {
    /// Jobs that came to nothing.
    pub fn recreated(&self) -> impl Iterator<Item = &JobRecord> {
        self.jobs.iter().filter(|job| job.ending.is_some())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plans.iter().try_for_each(|plan| plan.fmt(f))
    }
}

impl fmt::Display for PlanReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(cursor) = self.cursor {
            write!(f, ": exported up to {cursor}")?;
        }
        writeln!(f)?;
        match self.clipped {
            Some(Clipped { asked, to: Some(to) }) => {
                writeln!(f, "  the end {asked} is not past for long enough: {to} in its place")?;
            }
            Some(Clipped { asked, to: None }) => {
                writeln!(f, "  the whole range up to {asked} is not past for long enough")?;
            }
            None => {}
        }
        if self.fell_back {
            writeln!(f, "  by createdAt: the subscription does not have the filter updatedAt")?;
        }
        if self.without_key {
            writeln!(f, "  no column tells records apart: rows that come twice because windows meet are kept")?;
        }
        self.windows.iter().filter(|window| !window.earlier).try_for_each(|window| window.fmt(f))?;
        match self.windows.iter().filter(|window| window.earlier).count() {
            0 => Ok(()),
            earlier => writeln!(f, "  finished by earlier runs: {earlier}"),
        }
    }
}

impl fmt::Display for WindowReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.range {
            Some(range) => write!(f, "  {range}")?,
            None => f.write_str("  all")?,
        }
        match self.rows {
            Some(Counts { written, duplicates, misfits, .. }) => {
                write!(f, ": rows: {written}")?;
                if duplicates > 0 {
                    write!(f, ", dropped duplicates: {duplicates}")?;
                }
                if misfits > 0 {
                    write!(f, ", with values that do not fit: {misfits}")?;
                }
            }
            None => write!(f, ": {:?}", self.step)?,
        }
        for job in &self.jobs {
            write!(f, "; job {}", job.info.id)?;
            match &job.ending {
                Some(Ending::Failed { message: Some(message) }) => write!(f, " failed: {message}")?,
                Some(Ending::Failed { message: None }) => f.write_str(" failed")?,
                Some(Ending::Expired) => f.write_str(" expired")?,
                Some(Ending::Cancelled) => f.write_str(" was cancelled")?,
                Some(Ending::Refused { message: Some(message) }) => write!(f, " was not enqueued: {message}")?,
                Some(Ending::Refused { message: None }) => f.write_str(" was not enqueued")?,
                None => {}
            }
        }
        if !self.orphans.is_empty() {
            write!(f, "; suspected orphans: {}", self.orphans.len())?;
        }
        match &self.failed {
            Some(error) => writeln!(f, "; {error}"),
            None => writeln!(f),
        }
    }
}
