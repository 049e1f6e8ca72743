//! A file as it comes over the wire, gone on from after every drop, stall and refused token, so that each byte comes out once and in order.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;

use super::reply::{Asked, length};
use super::source::Wanted;
use crate::bulk::answer::{self, LONGEST_JSON};
use crate::bulk::client::BulkClient;
use crate::bulk::error::{Endpoint, Error, ErrorKind};
use crate::bulk::repeats::Repeats;
use crate::bulk::settings::Call;
use crate::pace::Permit;
use crate::transport::{Body, TransportError, TransportErrorKind};

/// So many bytes between two troubles count as progress: attempts are counted anew.
const PROGRESS: u64 = 1 << 20;
/// A file of another length than promised that is no longer than this is looked at: it may be an error in disguise.
const SUSPICIOUS: u64 = 64 << 10;

/// The next of a file.
#[derive(Debug)]
pub(super) enum Piece {
    /// The bytes after those before.
    Data(Bytes),
    /// All before is void: the file begins anew.
    Restart,
}

/// A file, or a range of it, as it comes.
pub(super) struct Fetch {
    client: BulkClient,
    call: Call,
    repeats: Repeats,
    asked: Asked,
    /// Whether a [`Piece::Restart`] is understood.
    can_restart: bool,
    /// Whether no file is as good as an empty one.
    empty: bool,
    idle: Duration,
    /// The answer that is being read.
    open: Option<Open>,
    /// The byte after the last one that ever came.
    highest: u64,
    /// The bytes since the last trouble that had not come before.
    fresh: u64,
}

struct Open {
    body: Body,
    /// Bytes to leave out, since they came before.
    skip: u64,
    /// Where the answer says that it ends.
    end: Option<u64>,
    _permit: Permit,
}

impl Fetch {
    /// The file, whole; `can_restart` where a [`Piece::Restart`] is understood.
    pub(super) fn new(wanted: &Wanted<'_>, can_restart: bool) -> Self {
        let Wanted { client, promise, options, .. } = *wanted;
        let mut call = client.file(wanted.object, wanted.id);
        call.idle = Some(options.idle);
        let size = if promise.is_nothing() { Some(0) } else { promise.size };
        Self {
            client: client.clone(),
            call,
            repeats: Repeats::new(client.settings()),
            asked: Asked { start: 0, end: None, size },
            can_restart,
            empty: promise.is_empty(),
            idle: options.idle,
            open: None,
            highest: 0,
            fresh: 0,
        }
    }

    /// The same file from byte `start` on, by calls of its own.
    pub(super) fn from(&self, start: u64) -> Self {
        Self {
            client: self.client.clone(),
            call: self.call.clone(),
            repeats: Repeats::new(self.client.settings()),
            asked: Asked { start, ..self.asked },
            open: None,
            highest: start,
            fresh: 0,
            ..*self
        }
    }

    /// Its size, where it is known.
    pub(super) const fn size(&self) -> Option<u64> {
        self.asked.size
    }

    /// Only up to the byte before `end`. [`Piece::Restart`] then tells that the service ignores ranges; what follows is of no use.
    pub(super) fn until(mut self, end: u64) -> Self {
        self.asked.end = Some(end);
        self
    }

    /// The next piece, or `None` at the end: of the range, of the size that was promised, or of the one answer where none was. Dropping the
    /// future loses nothing.
    ///
    /// # Errors
    ///
    /// What the service says, or no answer, for longer than the back-off allows; more bytes than promised.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, Error> {
        loop {
            let Some(open) = &mut self.open else {
                if self.is_done() {
                    return Ok(None);
                }
                match self.begin().await {
                    Ok(Begun::Data) => continue,
                    Ok(Begun::Restart) => return Ok(Some(Piece::Restart)),
                    Ok(Begun::Nothing) => return Ok(None),
                    Err(error) => self.trouble(error).await?,
                }
                continue;
            };
            let chunk = tokio::time::timeout(self.idle, open.body.chunk()).await;
            let error = match chunk {
                Ok(Some(Ok(chunk))) => match self.take(chunk)? {
                    Some(chunk) => return Ok(Some(Piece::Data(chunk))),
                    None => continue,
                },
                Ok(Some(Err(error))) => error,
                Ok(None) => {
                    let end = open.end;
                    self.open = None;
                    if self.asked.size.is_none() && end.is_none() {
                        // It says nowhere how long it is: this is the end.
                        self.asked.size = Some(self.asked.start);
                    }
                    if self.is_done() || end == Some(self.asked.start) {
                        continue;
                    }
                    TransportError::with_source(TransportErrorKind::Lost, "the body ended too soon")
                }
                Err(_) => TransportError::new(TransportErrorKind::Idle),
            };
            self.open = None;
            self.trouble(Error::from(error).at(Endpoint::File)).await?;
        }
    }

    fn is_done(&self) -> bool {
        self.asked.end.or(self.asked.size).is_some_and(|end| self.asked.start >= end)
    }

    /// Takes bytes of the body; `None` where they came before.
    fn take(&mut self, mut chunk: Bytes) -> Result<Option<Bytes>, Error> {
        let Some(open) = &mut self.open else { return Ok(None) };
        let skipped = open.skip.min(chunk.len() as u64);
        open.skip -= skipped;
        // It is no more than the length of the chunk.
        bytes::Buf::advance(&mut chunk, usize::try_from(skipped).unwrap_or(usize::MAX));
        if chunk.is_empty() {
            return Ok(None);
        }
        self.asked.start += chunk.len() as u64;
        self.fresh += self.asked.start.saturating_sub(self.highest);
        self.highest = self.highest.max(self.asked.start);
        let end = self.asked.end.or(self.asked.size);
        // What comes after the last byte is seen only if it is there already: a connection that is kept open tells nothing.
        let more = end == Some(self.asked.start)
            && matches!(open.body.chunk().now_or_never(), Some(Some(Ok(more))) if !more.is_empty());
        if more || end.is_some_and(|end| self.asked.start > end) {
            let text = format!("more than the {} bytes that were promised", end.unwrap_or_default());
            return Err(Error::new(ErrorKind::Integrity, text).at(Endpoint::File));
        }
        if end == Some(self.asked.start) {
            self.open = None;
        }
        Ok(Some(chunk))
    }

    async fn trouble(&mut self, error: Error) -> Result<(), Error> {
        let settings = self.client.settings();
        if self.fresh >= PROGRESS {
            self.repeats.progress(settings);
        }
        self.fresh = 0;
        // A file may appear later than the state Completed.
        match error.kind() {
            ErrorKind::NoFile => self.repeats.again(settings, error).await,
            _ => self.repeats.after(settings, error).await,
        }
    }

    /// Calls for what is missing.
    async fn begin(&mut self) -> Result<Begun, Error> {
        self.call.range = self.asked.range();
        let settings = self.client.settings();
        let reply = settings.send(&self.call, &mut self.repeats).await?;
        let (head, mut body) = reply.response.into_parts();
        tracing::debug!(status = head.status.as_u16(), from = self.asked.start, "a file's answer");
        if answer::is_encoded(&head.headers) {
            let text = "the file is encoded, although no encoding was asked for";
            return Err(Error::new(ErrorKind::Answer, text).at(Endpoint::File).with_status(head.status.as_u16()));
        }
        let now = settings.clock.now();
        if answer::is_json(&head.headers) || self.is_suspicious(head.status, &head.headers) {
            let (bytes, error) = disguised(Response::from_parts(head.clone(), body), self.idle, now).await?;
            if let Some(error) = error {
                return Err(error.without_secret(reply.token.expose()));
            }
            body = bytes.into();
        }
        if head.status.is_success() && answer::is_html(&head.headers) {
            let text = "HTML in place of a file";
            return Err(Error::new(ErrorKind::Answer, text).at(Endpoint::File).with_status(head.status.as_u16()));
        }
        if self.empty && self.asked.start == 0 && head.status == StatusCode::NOT_FOUND {
            return Ok(Begun::Nothing);
        }
        let held = self.asked.take(head.status, &head.headers)?;
        if self.asked.size.is_none() {
            self.asked.size = held.size;
        }
        let mut open = Open { body, skip: 0, end: held.end, _permit: reply.permit };
        if held.whole && (self.can_restart || self.asked.end.is_some()) {
            self.asked.start = 0;
            self.open = Some(open);
            return Ok(Begun::Restart);
        }
        if held.whole {
            open.skip = self.asked.start;
        }
        self.open = Some(open);
        Ok(Begun::Data)
    }

    /// Whether a file that is short and not of the length promised comes.
    fn is_suspicious(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let length = length(headers);
        status == StatusCode::OK && length.is_some_and(|length| length <= SUSPICIOUS) && length != self.asked.size
    }
}

/// The bytes of a body that may be an error in place of a file, and the error if it is one.
async fn disguised(response: Response<Body>, idle: Duration, now: Timestamp) -> Result<(Bytes, Option<Error>), Error> {
    let (head, body) = response.into_parts();
    let body = tokio::time::timeout(idle, body.collect(LONGEST_JSON)).await;
    let body = body.unwrap_or(Err(TransportError::new(TransportErrorKind::Idle)));
    let body = body.map_err(|error| Error::from(error).at(Endpoint::File))?;
    let error = answer::error_of(head.status, &head.headers, &body, Endpoint::File, now).or_else(|| {
        let text = "JSON in place of a file";
        let error = Error::new(ErrorKind::Answer, text).at(Endpoint::File).with_status(head.status.as_u16());
        (head.status.is_success() && answer::is_json(&head.headers)).then_some(error)
    });
    Ok((body, error))
}

enum Begun {
    Data,
    Restart,
    Nothing,
}
