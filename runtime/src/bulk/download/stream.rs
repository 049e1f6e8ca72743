//! The download as a stream of bytes and as a reader, for those who keep no file.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use futures_util::stream::try_unfold;
use tokio::io::{AsyncRead, ReadBuf};

use super::DownloadOptions;
use super::fetch::Piece;
use super::promise::Promise;
use super::source::{Source, Wanted};
use crate::bulk::{BulkClient, Error, ErrorKind, JobInfo, Object};

/// A job's file as it comes, gone on from after drops and stalls.
///
/// As a `Stream` it yields bytes, and as an `AsyncRead` it is read. It ends only where size, checksum and number of records are what the job
/// promised; else its last item is an error, and nothing before that may be trusted.
pub struct Download {
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
    /// What a reader has not taken yet.
    rest: Bytes,
    end: Option<End>,
}

enum End {
    Verified,
    Failed,
}

/// The file of a job as it comes.
pub(in crate::bulk) fn stream(
    client: &BulkClient,
    object: &Object,
    job: &JobInfo,
    options: &DownloadOptions,
) -> Result<Download, Error> {
    let promise = Promise::of(job, options)?;
    let source = Source::new(&Wanted { client, object, id: &job.id, promise: &promise, options }, 0, false);
    let state = (source, promise.digest(), promise);
    let chunks = try_unfold(Some(state), |state| async move {
        let Some((mut source, mut digest, promise)) = state else { return Ok(None) };
        match source.next().await? {
            Some(Piece::Data(chunk)) => {
                digest.update(&chunk);
                Ok(Some((chunk, Some((source, digest, promise)))))
            }
            // It was not told that it may; what came cannot be taken back.
            Some(Piece::Restart) => Err(Error::new(ErrorKind::Integrity, "the file began anew")),
            None => promise.verify(&digest.finish()).map(|()| None),
        }
    });
    Ok(Download { chunks: Box::pin(chunks), rest: Bytes::new(), end: None })
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.rest))));
        }
        if self.end.is_some() {
            return Poll::Ready(None);
        }
        let item = ready!(self.chunks.as_mut().poll_next(context));
        match &item {
            Some(Ok(_)) => {}
            Some(Err(_)) => self.end = Some(End::Failed),
            None => self.end = Some(End::Verified),
        }
        Poll::Ready(item)
    }
}

/// Errors hold a [`bulk::Error`](crate::bulk::Error). After one, every further read fails: a file that was not verified has no end.
impl AsyncRead for Download {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match self.end {
                Some(End::Verified) => return Poll::Ready(Ok(())),
                Some(End::Failed) => return Poll::Ready(Err(io::Error::other("the download failed before"))),
                None => {}
            }
            match ready!(self.as_mut().poll_next(context)) {
                Some(Ok(chunk)) => self.rest = chunk,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => {}
            }
        }
        let length = self.rest.len().min(buffer.remaining());
        if let Some(bytes) = self.rest.get(..length) {
            buffer.put_slice(bytes);
        }
        self.rest.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").finish_non_exhaustive()
    }
}
