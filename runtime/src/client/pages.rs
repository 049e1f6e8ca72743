//! From page to page: a request enters, the items of all pages leave, one by one. A page is asked for when the last item of the one before it
//! was taken, never earlier; and none is asked for twice.

use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, Hash, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::error::Failure;
use super::{Cause, Client, Error};
use crate::clock::BoxFuture;
use crate::soap::{ErrorKind, Paged, Request};
use crate::xml::{WriteXml, Writer};

/// How many positions are remembered.
const REMEMBERED: usize = 65_536;

/// The items of all pages of an operation, as a stream. It ends with the last page, or with its first error.
///
/// A page that was asked for is a call under way, which keeps its place in the pace until the stream is polled again or dropped.
pub struct Pages<O: Paged> {
    client: Client,
    state: State<O>,
    items: vec::IntoIter<O::Item>,
    /// Where the page lies that the items are of.
    current: Checkpoint<O::Position>,
    /// Where the page after it lies.
    next: Checkpoint<O::Position>,
    /// The position that the last page named.
    end: Option<O::Position>,
    seen: Seen,
}

enum State<O: Paged> {
    /// To be looked at, and asked for when an item is wanted.
    New(Request<O::Request>),
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
    /// It holds the same items as the page before it, although it was asked for another.
    Same,
}

impl<O: Paged + 'static> Pages<O> {
    pub(super) fn new(client: Client, request: Request<O::Request>) -> Self {
        let mut seen = Seen::default();
        // A first page without a position is no error.
        let _ = seen.go(O::requested(request.message()));
        Self {
            client,
            state: State::New(request),
            items: Vec::new().into_iter(),
            current: Checkpoint::Start,
            next: Checkpoint::Start,
            end: None,
            seen,
        }
    }

    /// The stream from `checkpoint` on, which another of the same request gave; from [`Checkpoint::End`] on there is nothing. One that has
    /// begun stays where it is.
    #[must_use]
    pub fn resume(mut self, checkpoint: Checkpoint<O::Position>) -> Self {
        self.state = match (self.state, &checkpoint) {
            (State::New(mut request), Checkpoint::At(position)) => {
                O::set_position(request.message_mut(), position.clone());
                self = Self::new(self.client, request);
                self.current = checkpoint.clone();
                self.next = checkpoint;
                return self;
            }
            (State::New(_), Checkpoint::End) => {
                self.next = checkpoint;
                State::Ended
            }
            (state, _) => state,
        };
        self
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

    /// The position that the last page named, once every item was taken; `None` before, and where it names none. A service that lists changes
    /// goes on from it another day, with what came since.
    #[must_use]
    pub fn end_position(&self) -> Option<&O::Position> {
        self.end.as_ref().filter(|_| matches!(self.checkpoint(), Checkpoint::End))
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::New(request) => {
                    // Once: a range that ends now has grown by the next page.
                    if let Err(failure) = self.client.check::<O>(request.message(), 0) {
                        return Poll::Ready(Some(Err(self.client.error::<O>(0, failure))));
                    }
                    self.state = State::Ready(request);
                }
                State::Ready(mut request) => {
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
                let asked = std::mem::replace(&mut self.next, Checkpoint::End);
                self.end = asked.into_position();
                return None;
            }
            Err(error) => return Some(error),
        };
        let position = O::position(&response);
        let next = if O::is_last(&response) {
            self.end = position.filter(|position| written(*position).is_some()).cloned();
            Checkpoint::End
        } else {
            match self.seen.go(position) {
                Ok(position) => Checkpoint::At(position.clone()),
                Err(error) => return Some(self.contradiction(error)),
            }
        };
        let items = O::items(response);
        if let Err(error) = self.seen.items(&items) {
            return Some(self.contradiction(error));
        }
        if let Checkpoint::At(position) = &next {
            O::set_position(request.message_mut(), position.clone());
            self.state = State::Ready(request);
        }
        self.current = std::mem::replace(&mut self.next, next);
        self.items = items.into_iter();
        None
    }

    fn contradiction(&self, error: PageError) -> Error {
        self.client.error::<O>(1, Failure::refused(Cause::Page(error), ErrorKind::Decoding))
    }
}

impl<P> Checkpoint<P> {
    fn into_position(self) -> Option<P> {
        match self {
            Self::At(position) => Some(position),
            Self::Start | Self::End => None,
        }
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

/// The positions of late, and the page before, as hashes of how they are written: memory does not grow with them.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    known: HashSet<u64>,
    order: VecDeque<u64>,
    page: Option<u64>,
}

impl Seen {
    /// The position, if it leads on.
    fn go<'p, P: WriteXml>(&mut self, position: Option<&'p P>) -> Result<&'p P, PageError> {
        let position = position.ok_or(PageError::Nowhere)?;
        let hash = self.hasher.hash_one(written(position).ok_or(PageError::Nowhere)?);
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

    /// Takes note of a page, if it differs from the one before it.
    fn items<I: WriteXml>(&mut self, items: &[I]) -> Result<(), PageError> {
        let mut hasher = self.hasher.build_hasher();
        let mut all = !items.is_empty();
        for item in items {
            let mut writer = Writer::new(&[]);
            all &= writer.element("item", item).is_ok();
            writer.into_string().hash(&mut hasher);
        }
        // What does not write, or is empty, is like nothing else.
        let page = all.then(|| hasher.finish());
        if page.is_some() && page == self.page {
            return Err(PageError::Same);
        }
        self.page = page;
        Ok(())
    }
}

/// The position as it is written, where it says anything.
fn written(position: &impl WriteXml) -> Option<String> {
    let mut writer = Writer::new(&[]);
    writer.element("position", position).ok()?;
    Some(writer.into_string()).filter(|written| has_text(written))
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
            Self::Same => "the page holds the same items as the page before it, although it was asked for another",
        })
    }
}

impl std::error::Error for PageError {}
