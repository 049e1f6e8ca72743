//! What a job promises of its file, and whether what came is that.

use sha2::{Digest as _, Sha256};

use super::DownloadOptions;
use crate::bulk::error::{Error, ErrorKind};
use crate::bulk::rows::RecordCounter;
use crate::bulk::{Checksum, Format, JobInfo, Status};

/// What a job promises of its file.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    pub(super) size: Option<u64>,
    pub(super) checksum: Option<Checksum>,
    records: Option<u64>,
    /// The format, where records are counted.
    counted: Option<Format>,
}

/// What passed by: hashed and counted.
#[derive(Clone)]
pub(super) struct Digest {
    sha256: Sha256,
    pub(super) bytes: u64,
    counter: Option<RecordCounter>,
    /// Why the records cannot be counted.
    broken: Option<String>,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) bytes: u64,
    pub(super) sha256: Checksum,
    pub(super) records: Option<u64>,
    broken: Option<String>,
}

impl Promise {
    /// What the job promises.
    ///
    /// # Errors
    ///
    /// The job is not completed, or promises too little.
    pub(super) fn of(job: &JobInfo, options: &DownloadOptions) -> Result<Self, Error> {
        if job.status != Status::Completed {
            let text = format!("the job {} is {}, and has no file yet", job.id, job.status);
            return Err(Error::new(ErrorKind::JobState, text));
        }
        let counted = job.format.filter(|format| options.count_records && *format == Format::Csv);
        let promise = Self { size: job.size, checksum: job.checksum, records: job.records, counted };
        let missing = match (job.size, job.checksum) {
            (None, _) => "size",
            (_, None) => "checksum",
            _ => return Ok(promise),
        };
        if options.unverified || promise.is_nothing() {
            return Ok(promise);
        }
        let text = format!("the job {} promises no {missing} of its file: it cannot be verified", job.id);
        Err(Error::new(ErrorKind::Integrity, text))
    }

    /// Whether there are no records: an empty file then is as good as one with a header, or none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.records == Some(0)
    }

    /// Whether there is nothing to ask for.
    pub(super) fn is_nothing(&self) -> bool {
        self.size == Some(0) || self.is_empty() && self.size.is_none()
    }

    pub(super) fn digest(&self) -> Digest {
        let counter = self.counted.map(RecordCounter::new);
        Digest { sha256: Sha256::new(), bytes: 0, counter, broken: None }
    }

    /// Holds what came against what was promised.
    ///
    /// # Errors
    ///
    /// What differs first: size, checksum, number of records.
    pub(super) fn verify(&self, found: &Found) -> Result<(), Error> {
        if self.is_empty() && found.bytes == 0 {
            return Ok(());
        }
        let differs = |text| Err(Error::new(ErrorKind::Integrity, text));
        if let Some(size) = self.size.filter(|size| *size != found.bytes) {
            return differs(format!("the file has {} bytes, the job says {size}", found.bytes));
        }
        if let Some(checksum) = self.checksum.filter(|checksum| *checksum != found.sha256) {
            return differs(format!("the file's checksum is {}, the job says {checksum}", found.sha256));
        }
        if let Some(why) = &found.broken {
            return differs(format!("the file's records cannot be counted: {why}"));
        }
        match (self.records, found.records) {
            (Some(records), Some(found)) if records != found => {
                differs(format!("the file has {found} records, the job says {records}"))
            }
            _ => Ok(()),
        }
    }
}

impl Digest {
    pub(super) fn update(&mut self, chunk: &[u8]) {
        self.sha256.update(chunk);
        self.bytes += chunk.len() as u64;
        if let Some(counter) = &mut self.counter
            && let Err(error) = counter.push(chunk)
        {
            self.broken = Some(error.to_string());
            self.counter = None;
        }
    }

    pub(super) fn finish(self) -> Found {
        let (records, broken) = match self.counter.map(RecordCounter::finish) {
            Some(Ok(records)) => (Some(records), None),
            Some(Err(error)) => (None, Some(error.to_string())),
            None => (None, self.broken),
        };
        Found { bytes: self.bytes, sha256: Checksum(self.sha256.finalize().into()), records, broken }
    }
}
