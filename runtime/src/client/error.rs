//! Why a call failed, and what can be done about it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;

use super::{Answer, PageError};
use crate::pace::BudgetSpent;
use crate::soap::{self, ErrorKind, Fault, Violation};
use crate::transport::TransportError;

/// A call failed. Shows operation, cause and number of attempts; never a key, a signature or the content of a message.
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static str,
    reads: bool,
    attempts: u32,
    failure: Failure,
}

/// What one attempt came to.
pub(super) struct Failure {
    pub(super) cause: Cause,
    pub(super) kind: ErrorKind,
    pub(super) fate: Fate,
    /// Whether the same request may succeed later.
    pub(super) passes: bool,
    pub(super) retry_after: Option<Duration>,
}

/// Whether the service has executed a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has not: the request was not sent, or the service says so.
    NotExecuted,
    /// It may have: the request was sent, and nothing tells.
    Unknown,
}

/// What a failed call failed on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// A blocking call in an async runtime.
    #[cfg(feature = "blocking")]
    InsideRuntime(crate::blocking::InsideRuntime),
    /// The service would refuse the request, or drop a part of it in silence.
    Rule(Violation),
    /// The operation is signed, and the client has no credentials.
    NoCredentials,
    /// The request does not write: a header block is missing, a character is not allowed.
    Request(soap::Error),
    /// The day's budget is spent.
    Budget(BudgetSpent),
    /// The call took longer than it may in all.
    Time {
        /// The greatest time.
        limit: Duration,
    },
    /// No answer came, or not the whole of it.
    Transport(TransportError),
    /// The service answered with a fault.
    Fault(Box<Fault>),
    /// The service says that the signature was too old when it came, and again when signed anew.
    Expired {
        /// The fault.
        fault: Box<Fault>,
        /// How far this machine's clock is ahead of the service's, by the header field `Date` of the answer; behind, where it is negative.
        ahead: Option<SignedDuration>,
    },
    /// The answer is no message of the operation.
    Answer(Box<Answer>),
    /// A batch was answered with another number of statuses than it has items.
    Statuses {
        /// How many statuses there are.
        found: usize,
        /// How many items there are.
        expected: usize,
    },
    /// A page contradicts those before it.
    Page(PageError),
}

impl Error {
    pub(super) fn new(operation: &'static str, reads: bool, attempts: u32, failure: Failure) -> Self {
        Self(Box::new(Inner { operation, reads, attempts, failure }))
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn inside_runtime(error: crate::blocking::InsideRuntime) -> Self {
        Self::new("blocking", true, 0, Failure::refused(Cause::InsideRuntime(error), ErrorKind::Client))
    }

    /// What the error is about.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.failure.kind
    }

    /// What the call failed on.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.0.failure.cause
    }

    /// The name of the operation.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// How many attempts were made. None, where the call failed before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service has executed the call.
    #[must_use]
    pub fn fate(&self) -> Fate {
        self.0.failure.fate
    }

    /// Whether the same call can be made again with hope and without harm: what it failed on passes, and it only reads or surely was not
    /// executed. Wait at least [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let Inner { reads, failure, .. } = &*self.0;
        failure.passes && (*reads || failure.fate == Fate::NotExecuted)
    }

    /// How long the same call has no prospect of success, where that is known: what the service asked for, the window of its limit, or the time
    /// until the daily quota is new at midnight US Central time.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.failure.retry_after
    }

    /// The fault that the service answered with. Its detail can be read by [`Fault::detail`].
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self.cause() {
            Cause::Fault(fault) | Cause::Expired { fault, .. } => Some(fault),
            _ => None,
        }
    }

    /// The answer that is no message.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self.cause() {
            Cause::Answer(answer) => Some(answer),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, reads, attempts, failure } = &*self.0;
        write!(f, "{operation}: {}", failure.cause)?;
        if *attempts > 1 {
            write!(f, ", after {attempts} attempts")?;
        }
        if *attempts == 0 && matches!(failure.cause, Cause::Time { .. }) {
            f.write_str("; it waited for its turn and was not sent")?;
        }
        if !reads && failure.fate == Fate::Unknown {
            f.write_str("; whether it was executed is unknown")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, attempts, failure, .. } = &*self.0;
        f.debug_struct("Error")
            .field("operation", operation)
            .field("kind", &failure.kind)
            .field("attempts", attempts)
            .field("fate", &failure.fate)
            .field("cause", &failure.cause)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The cause's own text is in Display already.
        match self.cause() {
            Cause::Request(error) => error.source(),
            Cause::Transport(error) => error.source(),
            _ => None,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "blocking")]
            Self::InsideRuntime(error) => write!(f, "{error}"),
            Self::Rule(violation) => write!(f, "{violation}"),
            Self::NoCredentials => f.write_str("the client has no credentials, and the request must be signed"),
            Self::Request(error) => write!(f, "{error}"),
            Self::Budget(spent) => write!(f, "{spent}"),
            Self::Time { limit } => write!(f, "the call took longer than {limit:?}"),
            Self::Transport(error) => write!(f, "{error}"),
            Self::Fault(fault) => write!(f, "{fault}"),
            Self::Expired { fault, ahead } => {
                write!(f, "{fault}; ")?;
                match ahead {
                    Some(ahead) if ahead.is_negative() => {
                        write!(f, "this machine's clock is {:?} behind the service's", ahead.unsigned_abs())
                    }
                    Some(ahead) => {
                        write!(f, "this machine's clock is {:?} ahead of the service's", ahead.unsigned_abs())
                    }
                    None => f.write_str("this machine's clock may be wrong"),
                }
            }
            Self::Answer(answer) => write!(f, "{answer}"),
            Self::Statuses { found, expected } => write!(f, "found {found} statuses for {expected} items"),
            Self::Page(error) => write!(f, "{error}"),
        }
    }
}
