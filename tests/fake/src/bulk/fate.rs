//! What a test has in store for a job: its file, its end, and what the answers say about it. Data only; trouble on the wire is the script's.

use std::time::Duration;

use super::file::File;
use super::generated::Large;

/// What becomes of a job that is yet to be made. By itself: it completes, with the file that the history gives.
///
/// ```
/// use fake::bulk::{Fate, Large};
///
/// let large = Fate::new().large(Large { seed: 7, bytes: 2 << 30 });
/// let fails = Fate::new().fails("Export job failed");
/// let shy = Fate::new().missing(2).no_checksum();
/// # let _ = (large, fails, shy);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fate {
    pub(super) content: Content,
    pub(super) end: End,
    pub(super) queue_time: Option<Duration>,
    pub(super) processing_time: Option<Duration>,
    pub(super) checksum: Stated<String>,
    pub(super) size: Stated<u64>,
    pub(super) records: Stated<u64>,
    pub(super) missing: u32,
    pub(super) ignores_range: u32,
    pub(super) kept: Option<Duration>,
    pub(super) token_ends_at: Option<(u64, TokenEnd)>,
}

/// How a token ends in the middle of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenEnd {
    Expired,
    Revoked,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Content {
    #[default]
    History,
    File(File),
    Large(Large),
}

#[derive(Clone, Debug, Default)]
pub(super) enum End {
    #[default]
    Completed,
    Failed(String),
    Cancelled,
}

/// What answers say about a file.
#[derive(Clone, Debug, Default)]
pub(super) enum Stated<T> {
    #[default]
    Truth,
    Nothing,
    Instead(T),
}

impl<T> Stated<T> {
    pub(super) fn of(&self, truth: impl FnOnce() -> T) -> Option<T>
    where
        T: Clone,
    {
        match self {
            Self::Truth => Some(truth()),
            Self::Nothing => None,
            Self::Instead(other) => Some(other.clone()),
        }
    }
}

impl Fate {
    /// A job that completes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its file is this one, whatever was asked for.
    #[must_use]
    pub fn file(mut self, file: File) -> Self {
        self.content = Content::File(file);
        self
    }

    /// Its file is generated: the columns that were asked for, as many records as the size takes.
    #[must_use]
    pub fn large(mut self, large: Large) -> Self {
        self.content = Content::Large(large);
        self
    }

    /// It ends as Failed, with this `errorMsg`.
    #[must_use]
    pub fn fails(mut self, message: impl Into<String>) -> Self {
        self.end = End::Failed(message.into());
        self
    }

    /// It ends as cancelled, though nobody asked for that.
    #[must_use]
    pub fn is_cancelled(mut self) -> Self {
        self.end = End::Cancelled;
        self
    }

    /// It stays Queued so long, even if a place is free.
    #[must_use]
    pub const fn queue_time(mut self, time: Duration) -> Self {
        self.queue_time = Some(time);
        self
    }

    /// It stays Processing so long.
    #[must_use]
    pub const fn processing_time(mut self, time: Duration) -> Self {
        self.processing_time = Some(time);
        self
    }

    /// Answers do not state its checksum.
    #[must_use]
    pub fn no_checksum(mut self) -> Self {
        self.checksum = Stated::Nothing;
        self
    }

    /// Answers state this as its checksum.
    #[must_use]
    pub fn checksum(mut self, checksum: impl Into<String>) -> Self {
        self.checksum = Stated::Instead(checksum.into());
        self
    }

    /// Answers do not state its size.
    #[must_use]
    pub fn no_size(mut self) -> Self {
        self.size = Stated::Nothing;
        self
    }

    /// Answers state this as its size; `Content-Range` says the truth.
    #[must_use]
    pub fn size(mut self, size: u64) -> Self {
        self.size = Stated::Instead(size);
        self
    }

    /// Answers do not state its number of records.
    #[must_use]
    pub fn no_records(mut self) -> Self {
        self.records = Stated::Nothing;
        self
    }

    /// Answers state this as its number of records.
    #[must_use]
    pub fn records(mut self, records: u64) -> Self {
        self.records = Stated::Instead(records);
        self
    }

    /// Its file is not found so many times after it completed.
    #[must_use]
    pub const fn missing(mut self, times: u32) -> Self {
        self.missing = times;
        self
    }

    /// So many requests for a range of its file are answered with 200 and the whole of it.
    #[must_use]
    pub const fn ignores_range(mut self, times: u32) -> Self {
        self.ignores_range = times;
        self
    }

    /// Its file is kept so long after it was finished.
    #[must_use]
    pub const fn kept(mut self, time: Duration) -> Self {
        self.kept = Some(time);
        self
    }

    /// Once so many bytes of an answer with its file were handed over, the caller's token expires: 602 from then on. Once only; the answer
    /// itself goes on, unless the script stalls or cuts it.
    #[must_use]
    pub const fn token_expires_at(mut self, bytes: u64) -> Self {
        self.token_ends_at = Some((bytes, TokenEnd::Expired));
        self
    }

    /// As [`token_expires_at`](Self::token_expires_at), but the token becomes invalid: 601.
    #[must_use]
    pub const fn token_revoked_at(mut self, bytes: u64) -> Self {
        self.token_ends_at = Some((bytes, TokenEnd::Revoked));
        self
    }
}
