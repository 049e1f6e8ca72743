//! The client: one method a call of the service.

use std::path::Path;
use std::sync::Arc;

use super::{CreateRequest, DownloadOptions, Downloaded, Error, ExportId, JobInfo, Object, Status};
use crate::clock::Clock;
use crate::pace::Pace;

/// A client of bulk export. Clones share everything.
#[derive(Clone)]
pub struct BulkClient(Arc<Inner>);

struct Inner {
    pace: Pace,
    clock: Arc<dyn Clock>,
}

impl BulkClient {
    /// Creates a job. It stays inert until it is enqueued.
    ///
    /// # Errors
    ///
    /// A rule that the request breaks, what the service says, or no answer; where [`Error::fate_unknown`] says so, a job may have been left in
    /// the state Created.
    pub async fn create(&self, request: &CreateRequest) -> Result<JobInfo, Error> {
        request.check()?;
        todo!()
    }

    /// Enqueues a job that was created. A job that is in the queue already counts as done.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer. A full queue and a spent byte quota are not waited for.
    pub async fn enqueue(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        todo!("{object} {id}")
    }

    /// Asks for a job's state. The service renews it once in 60 seconds.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn status(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        todo!("{object} {id}")
    }

    /// Lists the API user's jobs of an object that were created in the last seven days, in these states or in all, page after page.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn list(&self, object: &Object, statuses: &[Status]) -> Result<Vec<JobInfo>, Error> {
        todo!("{object} {statuses:?}")
    }

    /// Cancels a job. A job that is cancelled already counts as done.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn cancel(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        todo!("{object} {id}")
    }

    /// Downloads the file of a completed job to `path`: there stands the whole verified file, or nothing new.
    ///
    /// # Errors
    ///
    /// A job that is not completed or promises no size or checksum, a file that is not what it promises, what the service says, no answer, or
    /// the disk. What came so far stays in a file beside `path`, to go on from.
    pub async fn download(
        &self,
        object: &Object,
        job: &JobInfo,
        path: &Path,
        options: &DownloadOptions,
    ) -> Result<Downloaded, Error> {
        todo!("{object} {job:?} {path:?} {options:?}")
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The pace of the subscription.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.0.pace
    }
}
