//! What the ledger remembers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bulk::{CreateRequest, JobInfo, Schema, TimeRange};

/// A plan, as it was when it was first run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanRecord {
    /// The service that it exports from: host, port and path of the base URL. Absent in ledgers of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What its jobs are created with, save the range: that one is of the first run.
    pub request: CreateRequest,
    /// The service refused the filter `updatedAt` (1035), and the caller allowed `createdAt` in its place.
    #[serde(default)]
    pub fell_back: bool,
    /// The columns and their types, as the service described them when the plan was made.
    pub schema: Schema,
    /// When it was first run.
    pub made_at: Timestamp,
}

/// One window of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowRecord {
    /// The range, unless the plan has none.
    pub range: Option<TimeRange>,
    /// How far it is.
    pub step: Step,
    /// When it came there.
    pub since: Timestamp,
    /// The jobs made for it, oldest first. The last one counts, unless it has an ending or the step is before [`Step::Created`].
    #[serde(default)]
    pub jobs: Vec<JobRecord>,
    /// Jobs that may have been made without our knowing their id.
    #[serde(default)]
    pub orphans: Vec<Orphan>,
    /// What came of its rows, from [`Step::Sunk`] on.
    #[serde(default)]
    pub rows: Option<Counts>,
}

/// How far a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Step {
    /// Nothing is done yet, or its last job came to nothing.
    Planned,
    /// A job is being created. Found after a crash, whether there is one is not known: it is noted as a suspected orphan, and another one is
    /// created. A job that is only created never starts and takes no slot.
    Creating,
    /// The job's id is known, and `enqueue` was not called.
    Created,
    /// `enqueue` is being called. Found after a crash, the job's status tells whether it was.
    Enqueuing,
    /// The job is queued or runs.
    Enqueued,
    /// The job is completed: size and checksum of its file are known.
    Completed,
    /// The file is being downloaded. Found after a crash, it goes on behind what is on disk.
    Downloading,
    /// The whole verified file is on disk. Found after a crash, its rows are written anew from their beginning.
    Downloaded,
    /// The rows are where they belong. What is left of the download may be removed.
    Sunk,
    /// Nothing is left to do.
    Done,
}

/// A job of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobRecord {
    /// What the service last told of it.
    pub info: JobInfo,
    /// When its id became known here.
    pub known_at: Timestamp,
    /// Why it came to nothing, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// Why a job came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Ending {
    /// The service says that it failed.
    Failed {
        /// Its message.
        message: Option<String>,
    },
    /// The service does not know it, or no longer has its file.
    Expired,
    /// Somebody cancelled it.
    Cancelled,
    /// It was created, and the service would not enqueue it.
    Refused {
        /// The service's message.
        message: Option<String>,
    },
}

/// A `create` whose answer was lost, or came when nobody was there to write it down. It may have left a job in the state Created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Orphan {
    /// When `create` was called.
    pub since: Timestamp,
    /// By when it can have been executed.
    pub until: Timestamp,
    /// What became of it: the ids of jobs that were cancelled as orphans of that time; none where no job was found. Absent where nobody looked.
    #[serde(default)]
    pub cancelled: Option<Vec<String>>,
}

/// What came of the rows of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Rows of the file.
    pub read: u64,
    /// Rows written.
    pub written: u64,
    /// Rows dropped because an earlier one was the same.
    pub duplicates: u64,
    /// Rows with values that do not fit their column's type.
    pub misfits: u64,
}

impl WindowRecord {
    /// A window of which nothing is done.
    #[must_use]
    pub(crate) fn planned(range: Option<TimeRange>, now: Timestamp) -> Self {
        Self { range, step: Step::Planned, since: now, jobs: Vec::new(), orphans: Vec::new(), rows: None }
    }

    /// The job that counts.
    #[must_use]
    pub fn job(&self) -> Option<&JobRecord> {
        self.jobs.last().filter(|job| job.ending.is_none() && self.step >= Step::Created)
    }

    /// Whether nothing is left to do for its rows.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.step >= Step::Sunk
    }

    /// Puts it at a step.
    pub(crate) fn at(&mut self, step: Step, now: Timestamp) {
        self.step = step;
        self.since = now;
    }
}
