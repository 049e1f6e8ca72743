//! How a file is downloaded.

use std::fmt;
use std::num::NonZeroU8;
use std::sync::Arc;
use std::time::Duration;

use super::promise::Promise;
use crate::bulk::{Error, JobInfo};

/// The most ranges at once: half of the calls that a subscription may make at once.
const MOST_RANGES: NonZeroU8 = NonZeroU8::new(5).expect("it is not zero");

/// How a file is downloaded.
#[derive(Clone)]
pub struct DownloadOptions {
    pub(super) unverified: bool,
    pub(super) count_records: bool,
    pub(super) ranges: NonZeroU8,
    pub(super) idle: Duration,
    pub(super) progress: Option<Arc<dyn Fn(u64) + Send + Sync>>,
}

impl DownloadOptions {
    /// Whether the job promises enough of its file for it to be downloaded.
    ///
    /// # Errors
    ///
    /// The job is not completed, or promises too little.
    pub(in crate::bulk) fn check_promise(&self, job: &JobInfo) -> Result<(), Error> {
        Promise::of(job, self).map(|_| ())
    }

    /// Accepts jobs without size or checksum: what they do not promise is not verified.
    #[must_use]
    pub fn allow_unverified(mut self, allow: bool) -> Self {
        self.unverified = allow;
        self
    }

    /// Whether the records of a CSV file are counted and held against the job's number. They are, unless this says otherwise.
    #[must_use]
    pub fn count_records(mut self, count: bool) -> Self {
        self.count_records = count;
        self
    }

    /// Downloads so many ranges at once, at most five. One, unless this says otherwise.
    #[must_use]
    pub fn ranges(mut self, ranges: NonZeroU8) -> Self {
        self.ranges = ranges.min(MOST_RANGES);
        self
    }

    /// How long nothing may come before the connection is given up and the rest is asked for anew. A minute, unless this says otherwise.
    #[must_use]
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Calls `progress` with the bytes that are on disk, whenever they have grown (or gone back to nothing).
    #[must_use]
    pub fn on_progress(mut self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }
}

/// Verified, one range, a minute of silence.
impl Default for DownloadOptions {
    fn default() -> Self {
        Self {
            unverified: false,
            count_records: true,
            ranges: NonZeroU8::MIN,
            idle: Duration::from_secs(60),
            progress: None,
        }
    }
}

impl fmt::Debug for DownloadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadOptions")
            .field("unverified", &self.unverified)
            .field("count_records", &self.count_records)
            .field("ranges", &self.ranges)
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
