//! An answer's body on its way: cut, stalled, dripped or falsified as the script says, and counted.

use std::convert::Infallible;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::socket::{Cut, Line};
use crate::Body;
use crate::calls::{Outcome, Ticket};
use crate::limits::Inside;
use crate::trouble::{Changes, End};

/// A body that is being sent.
///
/// What the call holds (its place among those at once, its line in the log) ends just before the last byte is handed over: a caller that has
/// the whole answer never counts as still calling.
pub(super) struct Delivery {
    body: Body,
    changes: Changes,
    line: Arc<Line>,
    /// Taken from the body, not yet sent.
    ready: Bytes,
    /// The length of the whole, where it is known: what `Content-Length` says.
    length: Option<u64>,
    taken: u64,
    sent: u64,
    pause: Option<Pin<Box<Sleep>>>,
    holds: Option<Holds>,
}

/// What a call holds while it is under way.
pub(super) struct Holds {
    pub(super) ticket: Ticket,
    pub(super) inside: Option<Inside>,
    /// What is written down when the answer is handed over.
    pub(super) outcome: Outcome,
}

impl Delivery {
    pub(super) fn new(body: Body, changes: Changes, line: Arc<Line>, holds: Holds) -> Self {
        let length = body.length();
        let (ready, taken, sent, pause, holds) = (Bytes::new(), 0, 0, None, Some(holds));
        let mut delivery = Self { body, changes, line, ready, length, taken, sent, pause, holds };
        if delivery.is_sent() {
            delivery.end();
        }
        delivery
    }

    /// Whether everything is sent and no cut comes.
    fn is_sent(&self) -> bool {
        self.ready.is_empty() && self.length == Some(self.sent) && self.changes.end.is_none_or(|(at, _)| at > self.sent)
    }

    fn end(&mut self) {
        if let Some(holds) = self.holds.take() {
            holds.ticket.end(holds.outcome);
            drop(holds.inside);
        }
    }

    fn cut(&mut self, end: End) {
        let cut = match end {
            End::Close => Cut::Close,
            End::Reset => Cut::Reset,
            End::Stall => return,
        };
        if let Some(holds) = self.holds.take() {
            holds.ticket.end(Outcome::Cut);
            drop(holds.inside);
        }
        self.line.cut(cut);
    }

    fn take(&mut self) -> Option<Bytes> {
        let chunk = self.body.next()?;
        let start = self.taken;
        self.taken += chunk.len() as u64;
        match &self.changes.corrupt {
            Some((offset, bytes)) if *offset < self.taken && *offset + bytes.len() as u64 > start => {
                Some(falsify(&chunk, start, *offset, bytes))
            }
            _ => Some(chunk),
        }
    }
}

/// `chunk`, which begins at `start`, with `bytes` at `offset`.
fn falsify(chunk: &[u8], start: u64, offset: u64, bytes: &[u8]) -> Bytes {
    let mut chunk = BytesMut::from(chunk);
    for (at, byte) in (offset..).zip(bytes) {
        let place = at.checked_sub(start).and_then(|at| usize::try_from(at).ok()).and_then(|at| chunk.get_mut(at));
        if let Some(place) = place {
            *place = *byte;
        }
    }
    chunk.freeze()
}

impl http_body::Body for Delivery {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if let Some(pause) = &mut this.pause {
            ready!(pause.as_mut().poll(context));
            this.pause = None;
        }
        let mut most = usize::MAX;
        if let Some((at, end)) = this.changes.end {
            most = usize::try_from(at - this.sent).unwrap_or(usize::MAX);
            if most == 0 {
                this.cut(end);
                return Poll::Pending;
            }
        }
        if this.ready.is_empty() {
            match this.take() {
                Some(chunk) => this.ready = chunk,
                None => {
                    this.end();
                    return Poll::Ready(None);
                }
            }
        }
        if let Some((bytes, every)) = this.changes.drip {
            most = most.min(bytes.max(1));
            this.pause = Some(Box::pin(sleep(every)));
        }
        let piece = this.ready.split_to(most.min(this.ready.len()));
        this.sent += piece.len() as u64;
        match this.changes.end {
            // Nobody asks for more than was announced: the cut comes with the last byte.
            Some((at, end)) if at == this.sent && this.length == Some(at) => this.cut(end),
            _ if this.is_sent() => this.end(),
            _ => {}
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_sent()
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::new, |length| SizeHint::with_exact(length.saturating_sub(self.sent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_falsified_over_the_borders_of_chunks() {
        let change = |chunk: &[u8], start| falsify(chunk, start, 3, b"XYZ");
        assert_eq!(change(b"abcd", 0), "abcX");
        assert_eq!(change(b"ef", 4), "YZ");
        assert_eq!(change(b"abcdefgh", 0), "abcXYZgh");
    }
}
