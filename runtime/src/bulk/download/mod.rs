//! The download of a job's file: bytes come over the wire, a verified file or stream leaves, or an error.

mod fetch;
mod options;
mod part;
mod promise;
mod reply;
mod source;
mod stream;

use std::path::{Path, PathBuf};

pub use options::DownloadOptions;
pub use stream::Download;
pub(super) use stream::stream;

use super::{BulkClient, Checksum, Error, JobInfo, Object};
use fetch::Piece;
use part::{Part, Writer};
use promise::{Found, Promise};
use source::{Source, Wanted};

/// A file that was downloaded and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it stands.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Checksum,
    /// Its records without the header, where they were counted (CSV).
    pub records: Option<u64>,
    /// The bytes that stood on disk already when the download began, and were kept.
    pub resumed: u64,
    /// How often it was begun anew, because what came was not what the job promised.
    pub restarts: u32,
}

/// Downloads to a file. See [`BulkClient::download`].
pub(super) async fn to_file(
    client: &BulkClient,
    object: &Object,
    job: &JobInfo,
    path: &Path,
    options: &DownloadOptions,
) -> Result<Downloaded, Error> {
    let promise = Promise::of(job, options)?;
    let downloaded = |found: Found, resumed, restarts| Downloaded {
        path: path.to_owned(),
        bytes: found.bytes,
        sha256: found.sha256,
        records: found.records,
        resumed,
        restarts,
    };
    if let (Some(size), Some(_)) = (promise.size, promise.checksum)
        && let Some(digest) = part::standing(path, &promise, size).await?
    {
        let found = digest.finish();
        if promise.verify(&found).is_ok() {
            return Ok(downloaded(found, size, 0));
        }
    }
    let (mut part, mut digest) = Part::open(path).await?.take_up(&promise).await?;
    let wanted = Wanted { client, object, id: &job.id, promise: &promise, options };
    let mut restarts = 0;
    // Whether what is on disk came from this job for sure: what another process left may be of another one.
    let mut own = digest.bytes == 0;
    let mut mismatches = 0;
    loop {
        let mut resumed = digest.bytes;
        let writer = part.write(&promise, digest, options.progress.clone());
        let source = Source::new(&wanted, resumed, true);
        let came = transfer(source, &writer).await;
        (part, digest) = writer.end().await?;
        let error = match came {
            Ok(restarted) => {
                if restarted {
                    (resumed, own) = (0, true);
                }
                let found = std::mem::replace(&mut digest, promise.digest()).finish();
                match promise.verify(&found) {
                    Ok(()) => {
                        part.finish().await?;
                        let Found { bytes, records, .. } = found;
                        tracing::info!(id = %job.id, bytes, records, resumed, restarts, "downloaded");
                        return Ok(downloaded(found, resumed, restarts));
                    }
                    Err(error) => error,
                }
            }
            Err(error) if error.kind() == super::ErrorKind::Integrity => error,
            Err(error) => return Err(error),
        };
        mismatches += u32::from(own);
        if mismatches > 1 {
            part.remove().await?;
            return Err(error);
        }
        tracing::warn!(id = %job.id, %error, "the download begins anew");
        part = part.discard().await?;
        digest = promise.digest();
        restarts += 1;
        own = true;
    }
}

/// Takes the file to disk; tells whether the service made it begin anew.
async fn transfer(mut source: Source, writer: &Writer) -> Result<bool, Error> {
    let mut restarted = false;
    while let Some(piece) = source.next().await? {
        let taken = match piece {
            Piece::Data(chunk) => writer.data(chunk).await,
            Piece::Restart => {
                restarted = true;
                writer.restart().await
            }
        };
        if !taken {
            // The disk failed: the writer's end tells.
            break;
        }
    }
    Ok(restarted)
}
