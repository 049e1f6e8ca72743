//! The download of a job's file.

mod options;

use std::path::PathBuf;

pub use options::DownloadOptions;

use super::Checksum;

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
