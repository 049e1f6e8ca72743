//! The body of an answer, as it comes.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::{TransportError, TransportErrorKind};

/// The bytes of an answer: a stream of chunks that ends with the body, or with the error that cut it.
pub struct Body(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>);

impl Body {
    /// A body of chunks that come one by one.
    pub fn from_stream(chunks: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self(Box::pin(chunks))
    }

    /// The next chunk; `None` at the end of the body.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// The whole body, unless it is longer than `limit` bytes. Memory grows with what came, not with what was announced.
    ///
    /// # Errors
    ///
    /// A body that is too long, or that was cut.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let fits = |chunk: Bytes, before: usize| match chunk.len() > limit - before {
            true => Err(TransportError::new(TransportErrorKind::TooLarge { limit })),
            false => Ok(chunk),
        };
        let Some(first) = self.chunk().await else { return Ok(Bytes::new()) };
        let first = fits(first?, 0)?;
        // Short bodies come in one piece: then nothing is copied.
        let Some(second) = self.chunk().await else { return Ok(first) };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&fits(second?, whole.len())?);
        while let Some(chunk) = self.chunk().await {
            whole.extend_from_slice(&fits(chunk?, whole.len())?);
        }
        Ok(whole.freeze())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Box::pin(Whole(Some(bytes))))
    }
}

impl Stream for Body {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

struct Whole(Option<Bytes>);

impl Stream for Whole {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
