//! A job, and what tests may know about it.

use jiff::Timestamp;

use super::fate::Fate;
use super::file::File;
use super::object::Object;
use super::request::Export;

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Made; it never starts by itself.
    Created,
    /// Waits for a place.
    Queued,
    /// Its file is being written.
    Processing,
    /// Its file is there.
    Completed,
    /// It has no file; see its `errorMsg`.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// A job as it stands: a snapshot for tests.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What it exports.
    pub export: Export,
    /// The client id of the API user that made it.
    pub client: String,
    /// Its state.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was enqueued.
    pub queued_at: Option<Timestamp>,
    /// When processing began: its file holds the records as they stood then.
    pub started_at: Option<Timestamp>,
    /// When it completed or failed.
    pub finished_at: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
    /// Its file, from when processing began. Kept beyond the time for which it is served.
    pub file: Option<File>,
    /// How many calls asked to enqueue it, refused ones too.
    pub enqueue_calls: u32,
    /// How many of them did.
    pub enqueued: u32,
    /// How many calls asked to cancel it.
    pub cancel_calls: u32,
    /// How many calls asked for its status, by its id.
    pub status_calls: u32,
    /// Every call for its file that was answered with bytes of it, in order.
    pub reads: Vec<Read>,
    pub(super) fate: Fate,
}

/// One answer with bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The header field `Range`, as it came.
    pub range: Option<String>,
    /// The first byte of the answer.
    pub start: u64,
    /// How many bytes the answer is to have.
    pub length: u64,
    /// How many were handed over to the connection. What the script cut off, or the caller did not take, may count here by a chunk.
    pub served: u64,
}

impl Job {
    /// Bytes of its file that were handed over, in all answers.
    #[must_use]
    pub fn bytes_served(&self) -> u64 {
        self.reads.iter().map(|read| read.served).sum()
    }

    /// The kind of object that it exports.
    #[must_use]
    pub const fn object(&self) -> &Object {
        &self.export.object
    }

    /// When it took a place in the queue, and when it gave it back.
    pub(super) fn queued(&self) -> Option<Span> {
        Some((self.queued_at?, self.finished_at.or(self.cancelled_at)))
    }

    /// When it was Processing.
    pub(super) fn processing(&self) -> Option<Span> {
        Some((self.started_at?, self.finished_at.or(self.cancelled_at)))
    }
}

/// From when, and until when if it has ended.
pub(super) type Span = (Timestamp, Option<Timestamp>);

/// The greatest number of spans at any moment. One that ends when another begins gave it its place.
pub(super) fn most_at_once(spans: impl Iterator<Item = Span>) -> usize {
    let spans = spans.filter(|(start, end)| end.is_none_or(|end| end > *start));
    let mut steps: Vec<_> =
        spans.flat_map(|(start, end)| [Some((start, true)), end.map(|end| (end, false))]).flatten().collect();
    steps.sort_unstable();
    let (mut now, mut most) = (0_usize, 0);
    for (_, begins) in steps {
        now = if begins { now + 1 } else { now.saturating_sub(1) };
        most = most.max(now);
    }
    most
}
