//! What can be wrong with a ledger's file.

use std::path::{Path, PathBuf};

/// Why a ledger cannot be opened, read or written.
#[derive(Debug)]
pub struct LedgerError {
    path: PathBuf,
    kind: LedgerErrorKind,
}

/// What is wrong with a ledger.
#[derive(Debug)]
#[non_exhaustive]
pub enum LedgerErrorKind {
    /// Another process, or another [`Ledger`](super::Ledger) of this one, has it open: a ledger has one writer at a time.
    Busy,
    /// A newer version of this library wrote it.
    Newer {
        /// The version of its format.
        found: u32,
        /// The newest version that this library knows.
        known: u32,
    },
    /// It is no ledger, or what it holds cannot be read.
    Damaged(String),
    /// The store, or the disk below it.
    Store(Box<dyn std::error::Error + Send + Sync>),
}

impl LedgerError {
    pub(super) fn new(path: &Path, kind: LedgerErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    pub(super) fn store(path: &Path, error: impl Into<redb::Error>) -> Self {
        let kind = match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => LedgerErrorKind::Busy,
            redb::Error::UpgradeRequired(version) => {
                LedgerErrorKind::Damaged(format!("its store has the old file format {version}"))
            }
            redb::Error::Corrupted(message) => LedgerErrorKind::Damaged(message),
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                LedgerErrorKind::Damaged(error.to_string())
            }
            error => LedgerErrorKind::Store(Box::new(error)),
        };
        Self::new(path, kind)
    }

    /// The ledger's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> &LedgerErrorKind {
        &self.kind
    }
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.display();
        match &self.kind {
            LedgerErrorKind::Busy => {
                write!(f, "{path}: the ledger is open in another run; a ledger has one writer at a time")
            }
            LedgerErrorKind::Newer { found, known } => {
                write!(
                    f,
                    "{path}: the ledger has format {found}, made by a newer version; this one knows up to {known}"
                )
            }
            LedgerErrorKind::Damaged(what) => write!(f, "{path}: not a ledger that can be read: {what}"),
            LedgerErrorKind::Store(error) => write!(f, "{path}: {error}"),
        }
    }
}

impl std::error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            LedgerErrorKind::Store(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
