//! The client: one method a call of the service.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::builder::BulkClientBuilder;
use super::download::{self, DownloadOptions, Downloaded};
use super::error::{Endpoint, Error, ErrorKind};
use super::object::segment;
use super::repeats::Repeats;
use super::settings::{Call, Settings};
use super::{CreateRequest, Description, ExportId, JobInfo, Object, Status};
use crate::clock::Clock;
use crate::pace::Pace;

/// The most jobs of one page of a list.
const PAGE: u32 = 300;

/// A client of bulk export. Clones share everything: tokens, pace, connections.
///
/// Its methods are the calls of the service, for programs that schedule jobs themselves. They repeat what the service says can be repeated,
/// and wait neither for a place in the queue nor for the next day. [`leads`](Self::leads) and its like begin a typed export that does.
#[derive(Clone)]
pub struct BulkClient(Arc<Settings>);

impl BulkClient {
    /// A builder. `base_url` is that of the subscription's REST API, with `/rest` at its end or without.
    pub fn builder(base_url: impl Into<String>) -> BulkClientBuilder {
        BulkClientBuilder::new(base_url.into())
    }

    pub(super) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    /// Which service it calls: host, port and path, without the scheme.
    pub(super) fn service(&self) -> &str {
        let base_url = &self.0.base_url;
        base_url.split_once("://").map_or(base_url, |(_, service)| service)
    }

    pub(super) fn settings(&self) -> &Arc<Settings> {
        &self.0
    }

    /// Creates a job. It stays inert until it is enqueued.
    ///
    /// # Errors
    ///
    /// A rule that the request breaks, what the service says, or no answer. Where [`Error::fate_unknown`] says so, a job may have been left in
    /// the state Created; it is not looked for, since a list does not tell which request made a job.
    pub async fn create(&self, request: &CreateRequest) -> Result<JobInfo, Error> {
        request.check()?;
        let path = format!("{}/create.json", request.object().path());
        let call = Call::post(Endpoint::Create, path, Bytes::from(request.body().to_string()));
        self.repeat(&call, None).await
    }

    /// Enqueues a job that was created. A job that is in the queue already, or past it, counts as done.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer. A full queue and a spent byte quota are not waited for.
    pub async fn enqueue(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        let call = self.step(Endpoint::Enqueue, object, id);
        let mut repeats = Repeats::new(&self.0);
        loop {
            let error = match self.once(&call, Some(id), &mut repeats).await {
                Ok(job) => return Ok(job),
                Err(error) if error.kind() == ErrorKind::AlreadyQueued => {
                    let mut job = self.status(object, id).await?;
                    // The state is up to a minute old.
                    if job.status == Status::Created {
                        job.status = Status::Queued;
                    }
                    return Ok(job);
                }
                Err(error) => error,
            };
            let doubt = error.fate_unknown();
            repeats.after(&self.0, error).await?;
            if doubt {
                let job = self.status(object, id).await?;
                if job.status != Status::Created {
                    return Ok(job);
                }
            }
        }
    }

    /// Asks for a job's state. The service renews it once in 60 seconds.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn status(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        self.repeat(&self.step(Endpoint::Status, object, id), Some(id)).await
    }

    /// Lists the API user's jobs of an object that were created in the last seven days, in these states or in all, page after page.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer; a page that was there before.
    pub async fn list(&self, object: &Object, statuses: &[Status]) -> Result<Vec<JobInfo>, Error> {
        let mut path = format!("{}.json?batchSize={PAGE}", object.path());
        if !statuses.is_empty() {
            let names: Vec<_> = statuses.iter().map(|status| segment(status.as_str()).to_string()).collect();
            path.push_str(&format!("&status={}", names.join(",")));
        }
        self.pages(Endpoint::List, path).await
    }

    /// Asks for the fields of an object; of activities, for their types; of program members, for those of their leads too.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn describe(&self, object: &Object) -> Result<Description, Error> {
        let mut result = self.pages::<Value>(Endpoint::Describe, object.describe_path()).await?;
        if *object == Object::ProgramMembers {
            result.extend(self.pages::<Value>(Endpoint::Describe, Object::Leads.describe_path()).await?);
        }
        Ok(Description::new(result))
    }

    /// Cancels a job. A job that has ended already counts as done; its state tells how.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer.
    pub async fn cancel(&self, object: &Object, id: &ExportId) -> Result<JobInfo, Error> {
        let error = match self.repeat(&self.step(Endpoint::Cancel, object, id), Some(id)).await {
            Err(error) if error.kind() == ErrorKind::Invalid || error.fate_unknown() => error,
            outcome => return outcome,
        };
        match self.status(object, id).await {
            Ok(job) if job.status.is_final() => Ok(job),
            _ => Err(error),
        }
    }

    /// Downloads the file of a completed job to `path`: there stands the whole verified file, or nothing new.
    ///
    /// What came is kept beside it in a file of the same name, a dot in front and `.part` appended, until it is whole, and gone on from by the next call, by another process
    /// too. A file at `path` that is already the job's, by size and checksum, is not asked for again. An export of no records may leave an
    /// empty file.
    ///
    /// # Errors
    ///
    /// A job that is not completed or promises no size or checksum, a file that is not what it promises (twice), what the service says, no
    /// answer, another download to the same path, or the disk.
    pub async fn download(
        &self,
        object: &Object,
        job: &JobInfo,
        path: &Path,
        options: &DownloadOptions,
    ) -> Result<Downloaded, Error> {
        download::to_file(self, object, job, path, options).await
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

    /// The result of a call that reads, page after page.
    async fn pages<T: DeserializeOwned>(&self, endpoint: Endpoint, path: String) -> Result<Vec<T>, Error> {
        let mut call = Call::get(endpoint, path.clone());
        let next = if path.contains('?') { '&' } else { '?' };
        let mut seen = BTreeSet::new();
        let mut result = Vec::new();
        loop {
            let page = self.0.call(&call).await?;
            result.extend(page.result);
            let Some(token) = page.next_page else { return Ok(result) };
            call.path = format!("{path}{next}nextPageToken={}", segment(&token));
            if !seen.insert(token) {
                return Err(Error::new(ErrorKind::Answer, "a page's token was there before").at(endpoint));
            }
        }
    }

    /// The call for a step of a job.
    fn step(&self, endpoint: Endpoint, object: &Object, id: &ExportId) -> Call {
        let path = format!("{}/{}/{endpoint}.json", object.path(), segment(id.as_str()));
        match endpoint {
            Endpoint::Enqueue | Endpoint::Cancel => Call::post(endpoint, path, Bytes::new()),
            _ => Call::get(endpoint, path),
        }
    }

    pub(super) fn file(&self, object: &Object, id: &ExportId) -> Call {
        self.step(Endpoint::File, object, id)
    }

    async fn repeat(&self, call: &Call, id: Option<&ExportId>) -> Result<JobInfo, Error> {
        let mut repeats = Repeats::new(&self.0);
        loop {
            match self.once(call, id, &mut repeats).await {
                Err(error) if error.fate_unknown() && call.endpoint == Endpoint::Create => return Err(error),
                Err(error) => repeats.after(&self.0, error).await?,
                job => return job,
            }
        }
    }

    /// The one job of an answer, which is the one that was asked about.
    async fn once(&self, call: &Call, id: Option<&ExportId>, repeats: &mut Repeats) -> Result<JobInfo, Error> {
        let answer = self.0.call_once::<JobInfo>(call, repeats).await?;
        let wrong = |text| {
            let error = Error::new(ErrorKind::Answer, text).at(call.endpoint);
            Err(if call.writes() { error.with_unknown_fate() } else { error })
        };
        match answer.result.into_iter().next() {
            Some(job) if id.is_some_and(|id| *id != job.id) => wrong("the answer is about another job"),
            Some(job) => Ok(job),
            None => wrong("the answer holds no job"),
        }
    }
}

/// Shows no secret and no address.
impl fmt::Debug for BulkClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkClient").field("pace", &self.0.pace).finish_non_exhaustive()
    }
}
