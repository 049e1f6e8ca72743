//! The body of an answer: bytes at hand, or made chunk by chunk while they are sent.

use std::fmt;

use bytes::Bytes;

/// What an answer carries. Chunks are asked for only as fast as the caller takes them, so a body may be larger than memory.
pub struct Body(Source);

enum Source {
    Whole(Bytes),
    Chunks { length: Option<u64>, next: Box<dyn FnMut() -> Option<Bytes> + Send> },
}

impl Body {
    /// No bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Source::Whole(Bytes::new()))
    }

    /// What `next` gives until it gives `None`. With `length` the answer has a `Content-Length` of so many bytes, and `next` must give as
    /// many; without, it is sent in chunks.
    pub fn chunks(length: Option<u64>, next: impl FnMut() -> Option<Bytes> + Send + 'static) -> Self {
        Self(Source::Chunks { length, next: Box::new(next) })
    }

    /// The number of bytes that are left, where it is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Source::Whole(bytes) => Some(bytes.len() as u64),
            Source::Chunks { length, .. } => *length,
        }
    }

    /// The bytes, where they are all at hand.
    pub(crate) fn whole(&self) -> Option<&Bytes> {
        match &self.0 {
            Source::Whole(bytes) => Some(bytes),
            Source::Chunks { .. } => None,
        }
    }

    /// The next bytes; never empty.
    pub(crate) fn next(&mut self) -> Option<Bytes> {
        match &mut self.0 {
            Source::Whole(bytes) if bytes.is_empty() => None,
            Source::Whole(bytes) => Some(std::mem::take(bytes)),
            Source::Chunks { length, next } => {
                let chunk = std::iter::from_fn(next).find(|chunk| !chunk.is_empty())?;
                if let Some(length) = length {
                    *length = length.saturating_sub(chunk.len() as u64);
                }
                Some(chunk)
            }
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Source::Whole(bytes.into()))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("length", &self.length()).finish_non_exhaustive()
    }
}
