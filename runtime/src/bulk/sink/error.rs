//! Why a window's rows could not be written.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::bulk::rows::RowError;

/// Why a window's rows could not be written. Nothing of the window is seen by a reader then.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The downloaded file does not read, or a value does not fit its column's type and the sink was told to stop at that.
    Rows {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: RowError,
    },
    /// The downloaded file has other columns than the schema that was pinned when the plan was made.
    Columns {
        /// The file.
        path: PathBuf,
        /// A column of the file that the schema does not have.
        unknown: Option<String>,
        /// A column of the schema that the file does not have.
        missing: Option<String>,
    },
    /// A file or folder does not read or write.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was to be done.
        step: &'static str,
        /// The system's error.
        error: io::Error,
    },
    /// The file of keys does not read or write, or another process has it open.
    Keys {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The file of keys is of another version.
    KeysVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The one that is read and written here.
        expected: u64,
    },
    /// The Parquet writer's own.
    Parquet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The run is gone.
    Stopped,
}

impl WriteError {
    pub(super) fn io(path: &Path, step: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, step, error }
    }

    pub(super) fn rows(path: &Path) -> impl Fn(RowError) -> Self {
        let path = path.to_owned();
        move |error| Self::Rows { path: path.clone(), error }
    }

    pub(super) fn keys(path: &Path, error: &redb::Error) -> Self {
        Self::Keys { path: path.to_owned(), message: error.to_string() }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows { path, error } => write!(f, "{}, {error}", path.display()),
            Self::Columns { path, unknown, missing } => {
                write!(f, "{}: the columns are not those of the plan's schema", path.display())?;
                if let Some(unknown) = unknown {
                    write!(f, ", found `{unknown}`")?;
                }
                if let Some(missing) = missing {
                    write!(f, ", missing `{missing}`")?;
                }
                Ok(())
            }
            Self::Io { path, step, error } => write!(f, "{}: cannot {step}: {error}", path.display()),
            Self::Keys { path, message } | Self::Parquet { path, message } => {
                write!(f, "{}: {message}", path.display())
            }
            Self::KeysVersion { path, found, expected } => {
                write!(f, "{}: found version {found} of the file, expected {expected}", path.display())
            }
            Self::Stopped => f.write_str("the run is gone"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Its text is in Display already; what is beneath it is not.
            Self::Io { error, .. } => error.source(),
            _ => None,
        }
    }
}
