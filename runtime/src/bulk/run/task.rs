//! What a run waits for: one call of the service, one sink, or a time.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use super::sink::{Sink, SinkError, SinkWindow};
use crate::bulk::folder;
use crate::bulk::ledger::Counts;
use crate::bulk::{BulkClient, CreateRequest, DownloadOptions, Downloaded, Error, JobInfo, Object};
use crate::clock::{BoxFuture, Clock};

/// A window, by the places of its plan and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) line: usize,
    pub(super) cell: usize,
}

/// What came of a task.
pub(super) enum Outcome {
    Created(Result<JobInfo, Error>),
    Enqueued(Result<JobInfo, Error>),
    Told(Result<JobInfo, Error>),
    Downloaded(Result<Downloaded, Error>),
    Sunk(Result<Counts, SinkError>),
    /// A window's wait is over: it is as if it had just come to its step.
    Waited,
}

pub(super) type Task = BoxFuture<'static, (Option<Key>, Outcome)>;

/// The bytes of a file that are on disk, told by the download.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) bytes: AtomicU64,
}

pub(super) fn create(client: &BulkClient, request: CreateRequest, key: Key) -> Task {
    let client = client.clone();
    Box::pin(async move { (Some(key), Outcome::Created(client.create(&request).await)) })
}

pub(super) fn enqueue(client: &BulkClient, object: &Object, job: &JobInfo, key: Key) -> Task {
    let (client, object, id) = (client.clone(), object.clone(), job.id.clone());
    Box::pin(async move { (Some(key), Outcome::Enqueued(client.enqueue(&object, &id).await)) })
}

pub(super) fn ask(client: &BulkClient, object: &Object, job: &JobInfo, wait: Duration, key: Key) -> Task {
    let (client, object, id) = (client.clone(), object.clone(), job.id.clone());
    Box::pin(async move {
        client.clock().sleep(wait).await;
        (Some(key), Outcome::Told(client.status(&object, &id).await))
    })
}

pub(super) fn download(
    client: &BulkClient,
    window: &SinkWindow,
    sink: &Arc<dyn Sink>,
    options: &DownloadOptions,
    (moved, notify): (&Arc<Moved>, &Arc<Notify>),
    key: Key,
) -> Task {
    let (client, window, path) = (client.clone(), window.clone(), sink.download_path(window));
    let (moved, notify) = (moved.clone(), notify.clone());
    let options = options.clone().on_progress(move |bytes| {
        moved.bytes.store(bytes, Ordering::Relaxed);
        notify.notify_one();
    });
    Box::pin(async move {
        let object = window.record.request.object();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let made = tokio::task::spawn_blocking({
            let folder = folder.clone();
            move || folder::make(&folder)
        });
        if let Err(error) = made.await.unwrap_or_else(|error| Err(io::Error::other(error.to_string()))) {
            let error = Error::file(format_args!("cannot make the folder `{}`", folder.display()), error);
            return (Some(key), Outcome::Downloaded(Err(error)));
        }
        (Some(key), Outcome::Downloaded(client.download(object, &window.job, &path, &options).await))
    })
}

/// Writes where blocking is allowed. Dropping the future does not end that: `alive` is held until it has ended.
pub(super) fn sink(sink: &Arc<dyn Sink>, window: SinkWindow, alive: impl Send + 'static, key: Key) -> Task {
    let sink = sink.clone();
    Box::pin(async move {
        let written = tokio::task::spawn_blocking(move || {
            let _alive = alive;
            sink.write(&window, &sink.download_path(&window))
        });
        let written = written.await.unwrap_or_else(|panic| Err(panic.into()));
        (Some(key), Outcome::Sunk(written))
    })
}

/// Waits until `until` by the time of day; of a window, or so that windows are looked at again.
pub(super) fn wait(clock: &Arc<dyn Clock>, until: Timestamp, key: Option<Key>) -> Task {
    let clock = clock.clone();
    Box::pin(async move {
        loop {
            let now = clock.now();
            if now >= until {
                return (key, Outcome::Waited);
            }
            // The time of day may be set back meanwhile: it is asked again every hour.
            let rest = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            clock.sleep(rest.min(Duration::from_secs(3600))).await;
        }
    })
}
