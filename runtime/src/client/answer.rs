//! Answers that are no message: what of them an error may show, and what only its accessors do.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use crate::soap;

/// How much of a body is kept.
const BEGINNING: usize = 4096;

/// An HTTP answer that is no SOAP message, or none that reads. `Display` shows its status and content type; the body may hold personal data.
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    content_type: Option<String>,
    beginning: Bytes,
    length: usize,
    reason: Reason,
}

/// Why an answer is none.
#[derive(Clone)]
pub(super) enum Reason {
    /// It is no envelope, or has an HTTP status that goes with none.
    NoMessage,
    /// It is in an encoding that does not decode.
    Encoding(String),
    /// It is an envelope with something else in it than the operation answers.
    Content(soap::Error),
}

impl Answer {
    pub(super) fn new(status: StatusCode, content_type: Option<&str>, body: &Bytes, reason: Reason) -> Self {
        let beginning = Bytes::copy_from_slice(&body[..body.len().min(BEGINNING)]);
        Self { status, content_type: content_type.map(str::to_owned), beginning, length: body.len(), reason }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The header field `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The first 4,096 bytes of the body, or all of a shorter one. May hold personal data.
    #[must_use]
    pub fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// The length of the whole body in bytes.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// What is wrong with the message, where it is an envelope of SOAP 1.1. Quotes it: may hold personal data.
    #[must_use]
    pub const fn content(&self) -> Option<&soap::Error> {
        match &self.reason {
            Reason::Content(error) => Some(error),
            Reason::NoMessage | Reason::Encoding(_) => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::NoMessage if self.length == 0 => f.write_str("the answer is empty")?,
            Reason::NoMessage => f.write_str("the answer is no SOAP message")?,
            Reason::Encoding(found) => write!(f, "the answer is in {found}")?,
            Reason::Content(_) => f.write_str("the answer does not read")?,
        }
        write!(f, " (HTTP status {}, ", self.status)?;
        match self.content_type() {
            // It is the other side's text: what is long or not printable in it has no place in a log.
            Some(content_type) => {
                let shown: String = content_type.chars().filter(|character| !character.is_control()).take(80).collect();
                write!(f, "content type `{shown}`)")?;
            }
            None => f.write_str("no content type)")?,
        }
        match &self.reason {
            Reason::Content(soap::Error::Read(error)) => write!(f, ": {}", error.without_values()),
            Reason::Content(error) => write!(f, ": {error}"),
            Reason::NoMessage | Reason::Encoding(_) => Ok(()),
        }
    }
}

/// As `Display`, without the body.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({self})")
    }
}
