//! A job in hand. Its state is its type: only a created job can be enqueued, only a completed one downloaded.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use super::download::{self, Download, DownloadOptions, Downloaded};
use super::error::{Action, Error, ErrorKind};
use super::polling::Patience;
use super::{BulkClient, CreateRequest, ExportId, JobInfo, Object, Status};

/// A job of the service, in the state `S`.
///
/// ```compile_fail,E0599
/// # async fn example(job: runtime::bulk::Job<runtime::bulk::Created>) {
/// job.wait().await; // It was not enqueued.
/// # }
/// ```
#[must_use]
pub struct Job<S> {
    client: BulkClient,
    object: Object,
    info: JobInfo,
    orphans: u32,
    state: PhantomData<fn() -> S>,
}

/// Made, and inert until it is enqueued.
#[derive(Clone, Copy, Debug)]
pub enum Created {}
/// In the queue, or running.
#[derive(Clone, Copy, Debug)]
pub enum Queued {}
/// Ended with a file.
#[derive(Clone, Copy, Debug)]
pub enum Completed {}

/// A job in whichever state it is.
#[derive(Debug)]
pub enum AnyJob {
    /// It can be enqueued.
    Created(Job<Created>),
    /// It can be waited for. Jobs in a state that is not documented are here too.
    Queued(Job<Queued>),
    /// It can be downloaded.
    Completed(Job<Completed>),
    /// It failed or was cancelled.
    Ended(JobInfo),
}

impl BulkClient {
    /// Takes up a job that was created before, by this program or another one of the same API user.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn job(&self, object: Object, id: &ExportId) -> Result<AnyJob, Error> {
        let info = self.status(&object, id).await?;
        Ok(match info.status {
            Status::Created => AnyJob::Created(Job::new(self.clone(), object, info)),
            Status::Completed => AnyJob::Completed(Job::new(self.clone(), object, info)),
            Status::Cancelled | Status::Failed => AnyJob::Ended(info),
            Status::Queued | Status::Processing | Status::Other(_) => {
                AnyJob::Queued(Job::new(self.clone(), object, info))
            }
        })
    }
}

impl<S> Job<S> {
    fn new(client: BulkClient, object: Object, info: JobInfo) -> Self {
        Self { client, object, info, orphans: 0, state: PhantomData }
    }

    fn to<T>(self) -> Job<T> {
        let Self { client, object, info, orphans, .. } = self;
        Job { client, object, info, orphans, state: PhantomData }
    }

    /// Its id: what to keep to take it up again.
    #[must_use]
    pub const fn id(&self) -> &ExportId {
        &self.info.id
    }

    /// Its object.
    #[must_use]
    pub const fn object(&self) -> &Object {
        &self.object
    }

    /// What the service last said of it.
    #[must_use]
    pub const fn info(&self) -> &JobInfo {
        &self.info
    }

    /// How many jobs may have been left in the state Created because the answer to creating them was lost. They never start, and take no place
    /// in the queue.
    #[must_use]
    pub const fn suspected_orphans(&self) -> u32 {
        self.orphans
    }
}

impl Job<Created> {
    pub(super) fn created(client: BulkClient, request: &CreateRequest, info: JobInfo, orphans: u32) -> Self {
        tracing::info!(object = %request.object(), id = %info.id, "created");
        Self { orphans, ..Self::new(client, request.object().clone(), info) }
    }

    /// Enqueues it. A full queue is waited for, within the client's polling; a spent quota only where the client was built to.
    ///
    /// The handle is gone where that fails, and the job stays Created: keep its [`id`](Self::id) before, to enqueue it later with
    /// [`BulkClient::enqueue`] or to cancel it.
    ///
    /// # Errors
    ///
    /// What the service says, no answer, or no place in time.
    pub async fn enqueue(mut self) -> Result<Job<Queued>, Error> {
        let mut patience = Patience::new(self.client.settings());
        loop {
            match self.client.enqueue(&self.object, &self.info.id).await {
                Ok(info) => self.info = info,
                Err(error) => {
                    patience.for_room(error).await?;
                    continue;
                }
            }
            tracing::info!(object = %self.object, id = %self.info.id, "enqueued");
            return Ok(self.to());
        }
    }

    /// Cancels it.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn cancel(self) -> Result<JobInfo, Error> {
        self.client.cancel(&self.object, &self.info.id).await
    }
}

impl Job<Queued> {
    /// Waits until it is completed, asking for its state by the client's polling. A service that does not answer for a while is asked again.
    ///
    /// # Errors
    ///
    /// It failed or was cancelled; it did not end within the time allowed; what the service says.
    pub async fn wait(mut self) -> Result<Job<Completed>, Error> {
        let client = self.client.clone();
        let mut patience = Patience::new(client.settings());
        loop {
            let id = &self.info.id;
            match &self.info.status {
                Status::Completed => {
                    let JobInfo { records, size, .. } = self.info;
                    tracing::info!(object = %self.object, %id, records, size, "completed");
                    return Ok(self.to());
                }
                Status::Failed => {
                    let why = self.info.error_message.as_deref().unwrap_or("no reason is given");
                    let why = super::error::shortened(why);
                    return Err(Error::new(ErrorKind::JobFailed, format!("the job {id} failed: {why}")));
                }
                Status::Cancelled => {
                    return Err(Error::new(ErrorKind::JobCancelled, format!("the job {id} was cancelled")));
                }
                status => patience.pause(|| format!("the job {id} is {status}")).await?,
            }
            match self.client.status(&self.object, &self.info.id).await {
                Ok(info) => self.info = info,
                Err(error) => match error.action() {
                    Action::Retry | Action::RetrySlowly | Action::WaitForWindow => {
                        tracing::warn!(%error, "the job's state is not known; it is asked for again");
                    }
                    _ => patience.for_room(error).await?,
                },
            }
        }
    }

    /// Asks for its state once.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn refresh(&mut self) -> Result<&JobInfo, Error> {
        self.info = self.client.status(&self.object, &self.info.id).await?;
        Ok(&self.info)
    }

    /// Cancels it.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn cancel(self) -> Result<JobInfo, Error> {
        self.client.cancel(&self.object, &self.info.id).await
    }
}

impl Job<Completed> {
    /// Downloads its file to `path`, verified. See [`BulkClient::download`].
    ///
    /// # Errors
    ///
    /// As of [`BulkClient::download`].
    pub async fn download_to(&self, path: impl AsRef<Path>) -> Result<Downloaded, Error> {
        self.download_with(path, &DownloadOptions::default()).await
    }

    /// Downloads its file to `path` with these options.
    ///
    /// # Errors
    ///
    /// As of [`BulkClient::download`].
    pub async fn download_with(&self, path: impl AsRef<Path>, options: &DownloadOptions) -> Result<Downloaded, Error> {
        self.client.download(&self.object, &self.info, path.as_ref(), options).await
    }

    /// Its file as it comes: a stream of bytes, and a reader. It ends only where all of it was verified, and else in an error.
    ///
    /// # Errors
    ///
    /// The job promises no size or checksum.
    pub fn download(&self, options: &DownloadOptions) -> Result<Download, Error> {
        download::stream(&self.client, &self.object, &self.info, options)
    }
}

impl<S> fmt::Debug for Job<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("object", &self.object).field("info", &self.info).finish_non_exhaustive()
    }
}
