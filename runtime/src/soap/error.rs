//! Why an envelope could not be written or read.

use std::fmt;

use super::Fault;
use crate::xml::{Name, ReadError, WriteError};

/// An envelope could not be written or read, or holds a fault.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The response is a fault.
    Fault(Box<Fault>),
    /// A message does not read.
    Read(ReadError),
    /// A value does not write.
    Write(WriteError),
    /// A request lacks a header block that its operation requires.
    MissingHeader {
        /// The block.
        name: Name,
        /// The operation.
        operation: &'static str,
    },
    /// A request has a header block that its operation does not have.
    UnknownHeader {
        /// The block.
        name: Name,
        /// The operation.
        operation: &'static str,
    },
    /// A request has a header block of another type than its operation has, such as one of another version of the service.
    OtherHeader {
        /// The block.
        name: Name,
    },
    /// An envelope of another SOAP version than 1.1 (section 4.1.2: VersionMismatch).
    Version {
        /// The envelope's namespace, cut to 64 characters.
        namespace: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "{fault}"),
            Self::Read(error) => write!(f, "{error}"),
            Self::Write(error) => write!(f, "{error}"),
            Self::MissingHeader { name, operation } => {
                write!(f, "the header block `{name}`, which `{operation}` requires, is missing")
            }
            Self::UnknownHeader { name, operation } => {
                write!(f, "`{operation}` has no header block `{name}`")
            }
            Self::OtherHeader { name } => {
                write!(f, "the header block `{name}` is of another type, or of another version of the service")
            }
            Self::Version { namespace } => {
                write!(f, "found an envelope of the namespace `{namespace}`, expected SOAP 1.1")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Fault(fault) => Some(&**fault),
            Self::Read(error) => Some(error),
            Self::Write(error) => Some(error),
            Self::MissingHeader { .. }
            | Self::UnknownHeader { .. }
            | Self::OtherHeader { .. }
            | Self::Version { .. } => None,
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}
