//! From page to page: a request enters, the items of all pages leave, one by one. A page is asked for when the last item of the one before it
//! was taken, never earlier; and none is asked for twice.

use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::error::Failure;
use super::{Cause, Client, Error};
use crate::clock::BoxFuture;
use crate::soap::{ErrorKind, Paged, Request};
use crate::xml::Writer;

/// How many positions are remembered.
const REMEMBERED: usize = 65_536;

/// The items of all pages of an operation, as a stream. It ends with the last page, or with its first error.
pub struct Pages<O: Paged> {
    client: Client,
    state: State<O>,
    items: vec::IntoIter<O::Item>,
    /// Where the page lies that the items are of.
    current: Checkpoint<O::Position>,
    /// Where the page after it lies.
    next: Checkpoint<O::Position>,
    seen: Seen,
}

enum State<O: Paged> {
    /// To be asked for when an item is wanted.
    Ready(Request<O::Request>),
    Asked(BoxFuture<'static, Answered<O>>),
    Ended,
}

type Answered<O> =
    (Request<<O as crate::soap::Operation>::Request>, Result<<O as crate::soap::Operation>::Response, Error>);

/// Where to go on another time, without missing an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint<P> {
    /// With the request as it was: not all items of the first page were taken.
    Start,
    /// With the page at this position: set it in the request. Items of the page that were taken already come again.
    At(P),
    /// Not at all: every item of every page was taken.
    End,
}

/// A page that contradicts those before it. Going on would miss items, or never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// It announces more, at a position that was there before.
    Repeated,
    /// It announces more, and names no position.
    Nowhere,
}

impl<O: Paged + 'static> Pages<O> {
    pub(super) fn new(client: Client, request: Request<O::Request>) -> Self {
        let mut seen = Seen::default();
        // A first page without a position is no error.
        let _ = seen.go(O::requested(request.message()));
        Self {
            client,
            state: State::Ready(request),
            items: Vec::new().into_iter(),
            current: Checkpoint::Start,
            next: Checkpoint::Start,
            seen,
        }
    }

    /// The next item; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// Where to go on another time, as of the items taken so far. After an error it is where the page lies that was not read.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint<O::Position> {
        if self.items.len() > 0 { &self.current } else { &self.next }
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ready(mut request) => {
                    if let Err(failure) = self.client.check::<O>(request.message(), 0) {
                        return Poll::Ready(Some(Err(self.client.error::<O>(0, failure))));
                    }
                    let client = self.client.clone();
                    self.state = State::Asked(Box::pin(async move {
                        let answer = client.send::<O>(&mut request).await;
                        (request, answer)
                    }));
                }
                State::Asked(mut asked) => {
                    let answered = match asked.as_mut().poll(context) {
                        Poll::Ready(answered) => answered,
                        Poll::Pending => {
                            self.state = State::Asked(asked);
                            return Poll::Pending;
                        }
                    };
                    if let Some(error) = self.take(answered) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }

    /// Takes in a page, or the reason why there is none.
    fn take(&mut self, (mut request, answer): Answered<O>) -> Option<Error> {
        let response = match answer {
            Ok(response) => response,
            Err(error) if error.kind() == ErrorKind::EndOfStream => {
                self.next = Checkpoint::End;
                return None;
            }
            Err(error) => return Some(error),
        };
        let next = match O::is_last(&response) {
            true => None,
            false => Some(self.seen.go(O::position(&response)).cloned()),
        };
        match next {
            None => {
                self.turn(Checkpoint::End, response);
                None
            }
            Some(Ok(position)) => {
                O::set_position(request.message_mut(), position.clone());
                self.turn(Checkpoint::At(position), response);
                self.state = State::Ready(request);
                None
            }
            Some(Err(error)) => {
                Some(self.client.error::<O>(1, Failure::refused(Cause::Page(error), ErrorKind::Decoding)))
            }
        }
    }

    fn turn(&mut self, next: Checkpoint<O::Position>, response: O::Response) {
        self.current = std::mem::replace(&mut self.next, next);
        self.items = O::items(response).into_iter();
    }
}

impl<O: Paged + 'static> Stream for Pages<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.get_mut().poll_item(context));
        Poll::Ready(item)
    }
}

/// Nothing in it is pinned but what is behind a pointer.
impl<O: Paged> Unpin for Pages<O> {}

/// Without items and positions.
impl<O: Paged> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("operation", &O::NAME).field("items", &self.items.len()).finish_non_exhaustive()
    }
}

/// The positions of late, as hashes of how they are written: memory does not grow with them.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// The position, if it leads on.
    fn go<'p, P: crate::xml::WriteXml>(&mut self, position: Option<&'p P>) -> Result<&'p P, PageError> {
        let position = position.ok_or(PageError::Nowhere)?;
        let mut writer = Writer::new(&[]);
        if writer.element("position", position).is_err() {
            return Err(PageError::Nowhere);
        }
        let written = writer.into_string();
        if !has_text(&written) {
            return Err(PageError::Nowhere);
        }
        let hash = self.hasher.hash_one(&written);
        if !self.known.insert(hash) {
            return Err(PageError::Repeated);
        }
        self.order.push_back(hash);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        Ok(position)
    }
}

/// Whether anything stands between the tags.
fn has_text(written: &str) -> bool {
    written.split('<').filter_map(|part| part.split_once('>')).any(|(_, text)| !text.is_empty())
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "the page announces more, at a position that was there before",
            Self::Nowhere => "the page announces more, and names no position",
        })
    }
}

impl std::error::Error for PageError {}
