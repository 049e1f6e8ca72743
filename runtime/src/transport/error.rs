//! Why no answer came, or not the whole of it.

use std::error::Error;
use std::fmt;

/// A request got no answer, or a body was cut. Shows no URL, header or content.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kept an answer from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request was refused here: an address that is no `https` where only that is allowed, or a request that cannot be built.
    Refused,
    /// No connection: name, address, TLS, the limit of the time for that; or one that closed before a byte of the request was written.
    Connect,
    /// Nothing came for as long as the read-idle limit.
    Idle,
    /// The call took longer than it may in all.
    Timeout,
    /// The connection was lost after the request began to travel, or the answer is no HTTP.
    Lost,
    /// The body is longer than it may be.
    TooLarge {
        /// The greatest number of bytes.
        limit: usize,
    },
    /// The body's encoding does not decode, or is one that was not asked for.
    Encoding,
}

impl TransportError {
    /// An error without a cause beneath.
    #[must_use]
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error with its cause, whose text must not show a secret.
    pub fn with_source(kind: TransportErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the service may have received the request: `false` only where it surely did not.
    #[must_use]
    pub const fn reached_service(&self) -> bool {
        !matches!(self.kind, TransportErrorKind::Refused | TransportErrorKind::Connect)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TransportErrorKind::Refused => f.write_str("the request was not sent")?,
            TransportErrorKind::Connect => f.write_str("no connection")?,
            TransportErrorKind::Idle => f.write_str("nothing came for too long")?,
            TransportErrorKind::Timeout => f.write_str("the call took too long")?,
            TransportErrorKind::Lost => f.write_str("the connection was lost")?,
            TransportErrorKind::TooLarge { limit } => write!(f, "the answer is longer than {limit} bytes")?,
            TransportErrorKind::Encoding => f.write_str("the answer's encoding does not decode")?,
        }
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Its text is in Display already; what is beneath it is not.
        self.source.as_ref().and_then(|source| source.source())
    }
}
