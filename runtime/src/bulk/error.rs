//! Why bulk export failed, and what to do about it.
//!
//! An error names the endpoint, the service's code and its text. It never holds a token, a secret, an address or a row.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::code::{self, Code};
use crate::pace::BudgetSpent;
use crate::transport::{TransportError, TransportErrorKind};

/// Texts of the service are cut to so many characters.
const LONGEST_TEXT: usize = 300;

/// Why bulk export failed.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    endpoint: Option<Endpoint>,
    status: Option<u16>,
    code: Option<String>,
    text: String,
    until: Option<Timestamp>,
    retry_after: Option<Duration>,
    fate_unknown: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Refused here, before anything was sent; the text names the rule.
    Refused,
    /// The identity service does not take client id and secret.
    Credentials,
    /// The token is refused, and a new one too (601, 602).
    Token,
    /// The API user lacks a permission, or the address is not on the allow-list (603).
    AccessDenied,
    /// The service ran out of time (604).
    Timeout,
    /// The request is malformed: a defect here (605, 609, 610, 612, 613, HTTP 405, 413, 414).
    Malformed,
    /// Too many calls in 20 seconds (606, HTTP 429).
    Rate,
    /// The day's calls are spent: the service's (607), or the budget set here.
    DailyCalls,
    /// The service is unavailable for a while (608, 713, HTTP 502, 503, 504).
    Unavailable,
    /// The service failed (611, HTTP 500 and others from there).
    Server,
    /// The subscription is not valid; usually for a while only (614).
    Subscription,
    /// Too many calls at once (615).
    Concurrency,
    /// The subscription does not have this feature (616, 703).
    Unsupported,
    /// A value, field or rule of the request is refused (701, 702, 704, 709, 1001, 1002, 1003, 1006 and codes that are not known).
    Invalid,
    /// Something that the request names does not exist (1013).
    NotFound,
    /// The subscription's ten places for queued and running jobs are taken (1029).
    QueueFull,
    /// The day's bytes are spent (1029).
    ByteQuota,
    /// The job is in the queue already (1029).
    AlreadyQueued,
    /// The subscription does not have this filter (1035).
    Filter,
    /// No file: the job is not completed, not known, or its file is gone (HTTP 404).
    NoFile,
    /// The job failed.
    JobFailed,
    /// The job was cancelled.
    JobCancelled,
    /// The job is not in a state that allows the step.
    JobState,
    /// Waiting took longer than allowed.
    Patience,
    /// What was downloaded is not what the job promised: size, checksum or number of records; or the job promised nothing.
    Integrity,
    /// A redirect, which is not followed.
    Redirect,
    /// The answer is not what the endpoint answers: no JSON, no result, another range, an encoded body.
    Answer,
    /// No answer came, or a body was cut.
    Transport,
    /// A file could not be read or written.
    File,
}

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Ask for a new token and call once more: nothing was executed.
    Renew,
    /// Call again after a growing wait.
    Retry,
    /// Call again a few times after long waits.
    RetrySlowly,
    /// Call again when the window of 20 seconds has passed.
    WaitForWindow,
    /// Wait until the service's next day: [`Error::until`].
    WaitForReset,
    /// Wait until one of the subscription's jobs has ended; ask at most once a minute.
    WaitForSlot,
    /// Take it as done and confirm with the job's status.
    Confirm,
    /// Create the job anew.
    Recreate,
    /// Use another filter: createdAt for updatedAt.
    FallBack,
    /// Give up.
    Fail,
}

/// A step of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// Asking for a token.
    Identity,
    /// Creating a job.
    Create,
    /// Enqueueing a job.
    Enqueue,
    /// Asking for the state of a job.
    Status,
    /// Listing jobs.
    List,
    /// Cancelling a job.
    Cancel,
    /// Downloading a job's file.
    File,
    /// Asking for the fields of an object.
    Describe,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What to do about it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self.0.kind {
            ErrorKind::Token => Action::Renew,
            ErrorKind::Timeout | ErrorKind::Unavailable | ErrorKind::Server | ErrorKind::Concurrency => Action::Retry,
            ErrorKind::Rate => Action::WaitForWindow,
            ErrorKind::DailyCalls | ErrorKind::ByteQuota => Action::WaitForReset,
            ErrorKind::Subscription => Action::RetrySlowly,
            ErrorKind::QueueFull => Action::WaitForSlot,
            ErrorKind::AlreadyQueued => Action::Confirm,
            ErrorKind::Filter => Action::FallBack,
            ErrorKind::NoFile | ErrorKind::JobFailed => Action::Recreate,
            // Of a job that nobody knows any more; of a list that a filter names, nothing helps.
            ErrorKind::NotFound if self.0.endpoint.is_some_and(Endpoint::is_of_job) => Action::Recreate,
            ErrorKind::Transport if self.transport() != Some(TransportErrorKind::Refused) => Action::Retry,
            // An answer that is garbage tells of something between here and the service; the next may be whole.
            ErrorKind::Answer => Action::Retry,
            _ => Action::Fail,
        }
    }

    /// The step that failed, where one was called.
    #[must_use]
    pub fn endpoint(&self) -> Option<Endpoint> {
        self.0.endpoint
    }

    /// The HTTP status of the answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The service's code, such as `1029`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's text, or ours.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.text
    }

    /// When it is worth trying again: the next midnight US Central time, where the day's calls or bytes are spent.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.0.until
    }

    /// How long the service asks to wait, where it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the service may have executed a call that changes something, although no answer says so.
    ///
    /// Of a `create` this means that one job may have been left in the state Created: it never starts and takes no place in the queue.
    #[must_use]
    pub fn fate_unknown(&self) -> bool {
        self.0.fate_unknown
    }

    /// Whether the same call may succeed later, without a change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        !matches!(self.action(), Action::Recreate | Action::FallBack | Action::Fail)
    }

    pub(super) fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            endpoint: None,
            status: None,
            code: None,
            text: text.into(),
            until: None,
            retry_after: None,
            fate_unknown: false,
            source: None,
        }))
    }

    /// A rule that was broken before anything was sent.
    pub(super) fn refused(rule: impl Into<String>) -> Self {
        Self::new(ErrorKind::Refused, rule)
    }

    /// A file that could not be read or written: `step` says which and how.
    pub(super) fn file(step: impl fmt::Display, error: std::io::Error) -> Self {
        Self::new(ErrorKind::File, format!("{step}: {error}")).caused_by(error)
    }

    /// An error the service stated, `now` being the time by which resets are told.
    pub(super) fn of_service(code: &Code, now: Timestamp) -> Self {
        let kind = code::kind(code);
        let mut error = Self::new(kind, shortened(&code.message));
        if matches!(kind, ErrorKind::ByteQuota | ErrorKind::DailyCalls) {
            error.0.until = Some(crate::pace::next_reset(now));
        }
        error.0.code = Some(shortened(&code.code));
        error
    }

    pub(super) fn at(mut self, endpoint: Endpoint) -> Self {
        self.0.endpoint.get_or_insert(endpoint);
        self
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(super) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(super) fn with_unknown_fate(mut self) -> Self {
        self.0.fate_unknown = true;
        self
    }

    /// The same without the service's text.
    pub(super) fn without_text(mut self) -> Self {
        self.0.text = "the service says so".to_owned();
        self
    }

    /// The same with `secret` taken out of the service's text.
    pub(super) fn without_secret(mut self, secret: &str) -> Self {
        if self.0.text.contains(secret) {
            self.0.text = self.0.text.replace(secret, "…");
        }
        self
    }

    /// The same for another caller; what is beneath it is only in its text.
    pub(super) fn repeated(&self) -> Self {
        let inner = &*self.0;
        Self(Box::new(Inner { code: inner.code.clone(), text: inner.text.clone(), source: None, ..*inner }))
    }

    pub(super) fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The kind of the transport's error beneath.
    pub(super) fn transport(&self) -> Option<TransportErrorKind> {
        self.0.source.as_deref()?.downcast_ref::<TransportError>().map(TransportError::kind)
    }

    /// Whether the call may have been executed. Where the service states a code of its own for the whole call, it was not; after 604 nobody
    /// knows.
    pub(super) fn leaves_doubt(&self) -> bool {
        match self.0.kind {
            ErrorKind::Timeout | ErrorKind::Answer => true,
            ErrorKind::Server | ErrorKind::Unavailable => self.0.code.is_none(),
            ErrorKind::Transport => {
                !matches!(self.transport(), Some(TransportErrorKind::Refused | TransportErrorKind::Connect))
            }
            _ => false,
        }
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::new(ErrorKind::Transport, error.to_string()).caused_by(error)
    }
}

impl From<BudgetSpent> for Error {
    fn from(spent: BudgetSpent) -> Self {
        let mut error = Self::new(ErrorKind::DailyCalls, spent.to_string());
        error.0.until = Some(spent.until);
        error.caused_by(spent)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match inner.endpoint {
            Some(endpoint) => write!(f, "{endpoint}: ")?,
            None if inner.kind == ErrorKind::Refused => f.write_str("refused: ")?,
            None => {}
        }
        if let Some(code) = &inner.code {
            write!(f, "{code}: ")?;
        } else if let Some(status) = inner.status.filter(|status| *status != 200) {
            write!(f, "HTTP {status}: ")?;
        }
        f.write_str(&inner.text)?;
        if let Some(until) = inner.until.filter(|_| inner.source.is_none()) {
            write!(f, " (until {until})")?;
        }
        if inner.fate_unknown {
            f.write_str(" (it may have been executed)")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.0.kind).field("text", &self.to_string()).finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its text is in Display already; what is beneath it is not.
        self.0.source.as_deref().and_then(|source| source.source())
    }
}

impl Endpoint {
    /// Whether its address names a job.
    const fn is_of_job(self) -> bool {
        matches!(self, Self::Enqueue | Self::Status | Self::Cancel | Self::File)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity",
            Self::Create => "create",
            Self::Enqueue => "enqueue",
            Self::Status => "status",
            Self::List => "list",
            Self::Cancel => "cancel",
            Self::File => "file",
            Self::Describe => "describe",
        })
    }
}

/// A text of the service on one line, and not too long.
pub(super) fn shortened(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut kept: String = line.take(LONGEST_TEXT).collect();
    if text.chars().nth(LONGEST_TEXT).is_some() {
        kept.push('…');
    }
    kept
}
