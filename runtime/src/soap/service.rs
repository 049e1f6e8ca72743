//! What the operations of a service share and no WSDL says: how a request is signed, and what a fault means.

use std::fmt;

use super::{Error, Fault, Request};

/// A service, as a type: what generated code knows of it beside its operations.
///
/// `()` is one of which nothing is known: its requests are not signed, its faults mean what SOAP's own codes say.
pub trait Service {
    /// Whether requests are signed.
    const SIGNED: bool = false;

    /// Writes who calls into the header block for that, and leaves what else stands in it.
    ///
    /// # Errors
    ///
    /// The request has a block of that name and of another type.
    fn sign<T>(request: &mut Request<T>, signature: Signature) -> Result<(), Error> {
        let _ = (request, signature);
        Ok(())
    }

    /// What `fault` means.
    fn kind(fault: &Fault) -> ErrorKind {
        fault.kind()
    }
}

impl Service for () {}

/// Who calls, signed for one moment.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// The id of the user.
    pub user: String,
    /// When it was signed, to the letter that was signed.
    pub timestamp: String,
    /// The signature of both.
    pub value: String,
}

/// Without the signature.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, timestamp, .. } = self;
        f.debug_struct("Signature").field("user", user).field("timestamp", timestamp).finish_non_exhaustive()
    }
}

/// What an error is about: what decides what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is wrong; nothing was done. It will be as wrong next time.
    Client,
    /// Who calls is unknown, or may not do this; nothing was done.
    Auth,
    /// The day's calls are used up; nothing was done.
    Quota,
    /// Too many calls lately; nothing was done. The same call may succeed after a wait.
    Rate,
    /// Too many calls at once; nothing was done. The same call may succeed after a wait.
    Concurrency,
    /// The signature is too old; nothing was done. Signed anew, the same call may succeed; if not, this machine's clock is wrong.
    Expired,
    /// What the request names is not there; nothing was done.
    NotFound,
    /// There are no more pages; nothing was done.
    EndOfStream,
    /// The service failed; what was done is unknown.
    Server,
    /// No answer came, or not the whole of it.
    Transport,
    /// An answer came that is no message of the operation, or that contradicts what came before.
    Decoding,
}

impl ErrorKind {
    /// The kind in words: `not found`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Auth => "auth",
            Self::Quota => "quota",
            Self::Rate => "rate",
            Self::Concurrency => "concurrency",
            Self::Expired => "expired",
            Self::NotFound => "not found",
            Self::EndOfStream => "end of stream",
            Self::Server => "server",
            Self::Transport => "transport",
            Self::Decoding => "decoding",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
