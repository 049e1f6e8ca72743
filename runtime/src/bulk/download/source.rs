//! Where a file's bytes come from: one call, or several ranges at once. Either way they leave in order.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;

use super::DownloadOptions;
use super::fetch::{Fetch, Piece};
use super::promise::Promise;
use crate::bulk::{BulkClient, Error, ExportId, Object};
use crate::clock::BoxFuture;

/// The bytes of a range where several come at once: so many times so much may wait in memory for those before.
const RANGE: u64 = 4 << 20;

/// Which file, and how it may come.
pub(super) struct Wanted<'a> {
    pub(super) client: &'a BulkClient,
    pub(super) object: &'a Object,
    pub(super) id: &'a ExportId,
    pub(super) promise: &'a Promise,
    pub(super) options: &'a DownloadOptions,
}

/// A file as it comes.
pub(super) struct Source {
    /// What every call for it begins as.
    fetch: Fetch,
    ranges: usize,
    from: From,
}

enum From {
    One(Box<Fetch>),
    Several(Several),
}

struct Several {
    /// The ranges under way, in order.
    running: FuturesOrdered<BoxFuture<'static, Result<Range, Error>>>,
    /// Where the next range to call for begins.
    next: u64,
    /// The chunks of the first range, and where they begin.
    chunks: std::vec::IntoIter<Bytes>,
    at: u64,
}

enum Range {
    Chunks(Vec<Bytes>),
    /// The service sent the whole file.
    Ignored,
}

impl Source {
    /// A file from byte `start` on; `can_restart` where a [`Piece::Restart`] is understood.
    pub(super) fn new(wanted: &Wanted<'_>, start: u64, can_restart: bool) -> Self {
        let fetch = Fetch::new(wanted, can_restart);
        let ranges = usize::from(wanted.options.ranges.get());
        let left = wanted.promise.size.unwrap_or_default().saturating_sub(start);
        let from = if ranges > 1 && left > RANGE && !wanted.promise.is_empty() {
            let (running, chunks) = (FuturesOrdered::new(), Vec::new().into_iter());
            From::Several(Several { running, next: start, chunks, at: start })
        } else {
            From::One(Box::new(fetch.from(start)))
        };
        Self { fetch, ranges, from }
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// As of [`Fetch::next`].
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, Error> {
        loop {
            let several = match &mut self.from {
                From::One(fetch) => return fetch.next().await,
                From::Several(several) => several,
            };
            if let Some(chunk) = several.chunks.next() {
                several.at += chunk.len() as u64;
                return Ok(Some(Piece::Data(chunk)));
            }
            let size = self.fetch.size().unwrap_or_default();
            while several.next < size && several.running.len() < self.ranges {
                let end = size.min(several.next.saturating_add(RANGE));
                several.running.push_back(Box::pin(range(self.fetch.from(several.next).until(end))));
                several.next = end;
            }
            match several.running.next().await {
                None => return Ok(None),
                Some(Ok(Range::Chunks(chunks))) => several.chunks = chunks.into_iter(),
                Some(Ok(Range::Ignored)) => {
                    tracing::debug!("the service ignores ranges; the rest comes by one call");
                    self.from = From::One(Box::new(self.fetch.from(several.at)));
                }
                Some(Err(error)) => return Err(error),
            }
        }
    }
}

async fn range(mut fetch: Fetch) -> Result<Range, Error> {
    let mut chunks = Vec::new();
    loop {
        match fetch.next().await? {
            Some(Piece::Data(chunk)) => chunks.push(chunk),
            Some(Piece::Restart) => return Ok(Range::Ignored),
            None => return Ok(Range::Chunks(chunks)),
        }
    }
}
