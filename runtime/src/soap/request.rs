//! Requests with their header blocks, on the way out and on the way in.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::Error;
#[cfg(feature = "client")]
use super::HeaderBlock;
use crate::xml::{Element, Fragment, Name, ReadError, ReadOptions, ReadXml, WriteError, WriteXml, Writer};

/// A request with the header blocks that go with it.
///
/// A message alone becomes one wherever a request is wanted; [`header`](Self::header) adds the blocks that the binding names.
#[derive(Clone)]
pub struct Request<T> {
    message: T,
    headers: Vec<Block>,
}

/// A header block: its name, and the value behind the only thing that is ever done with it.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) name: Name,
    pub(super) qname: &'static str,
    pub(super) value: Arc<dyn WriteBlock>,
}

/// [`WriteXml`] as far as it is needed behind a pointer.
pub(super) trait WriteBlock: Any + Send + Sync {
    fn write_block(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError>;
}

impl<T: WriteXml + Send + Sync + 'static> WriteBlock for T {
    fn write_block(&self, qname: &'static str, writer: &mut Writer) -> Result<(), WriteError> {
        writer.element(qname, self)
    }
}

impl<T> Request<T> {
    /// A request without header blocks.
    pub const fn new(message: T) -> Self {
        Self { message, headers: Vec::new() }
    }

    /// Adds a header block, or replaces the one of that name.
    #[must_use]
    pub fn header<H: WriteXml + Send + Sync + 'static>(mut self, element: &Element<H>, value: impl Into<H>) -> Self {
        self.headers.retain(|block| block.name != element.name);
        self.headers.push(Block { name: element.name, qname: element.qname, value: Arc::new(value.into()) });
        self
    }

    /// Changes the header block `element`: that which the request has, or else the one that `new` makes.
    ///
    /// # Errors
    ///
    /// The request has a block of that name and of another type.
    pub fn fill<H: WriteXml + Clone + Send + Sync + 'static>(
        &mut self,
        element: &Element<H>,
        new: impl FnOnce() -> H,
        fill: impl FnOnce(&mut H),
    ) -> Result<(), Error> {
        let at = self.headers.iter().position(|block| block.name == element.name);
        let mut value = match at.map(|at| &*self.headers[at].value as &dyn Any) {
            Some(block) => block.downcast_ref::<H>().cloned().ok_or(Error::OtherHeader { name: element.name })?,
            None => new(),
        };
        fill(&mut value);
        let block = Block { name: element.name, qname: element.qname, value: Arc::new(value) };
        match at {
            Some(at) => self.headers[at] = block,
            None => self.headers.push(block),
        }
        Ok(())
    }

    /// Takes over the header blocks of `other` that are among `known` and that this request lacks.
    #[cfg(feature = "client")]
    pub(crate) fn inherit<U>(&mut self, other: &Request<U>, known: &[HeaderBlock]) {
        for block in &other.headers {
            let is_known = known.iter().any(|known| known.name == block.name);
            if is_known && self.headers.iter().all(|own| own.name != block.name) {
                self.headers.push(block.clone());
            }
        }
    }

    /// The message.
    pub const fn message(&self) -> &T {
        &self.message
    }

    /// The message, to change it.
    pub const fn message_mut(&mut self) -> &mut T {
        &mut self.message
    }

    /// The message without its header blocks.
    pub fn into_message(self) -> T {
        self.message
    }

    pub(super) fn headers(&self) -> &[Block] {
        &self.headers
    }
}

/// Shows the names of the header blocks only: they hold secrets.
impl<T: fmt::Debug> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|block| block.qname).collect();
        f.debug_struct("Request").field("message", &self.message).field("headers", &headers).finish()
    }
}

/// What a port's methods take: a message, or a [`Request`] with header blocks.
pub trait IntoRequest<T> {
    /// The request.
    fn into_request(self) -> Request<T>;
}

impl<T> IntoRequest<T> for T {
    fn into_request(self) -> Request<T> {
        Request::new(self)
    }
}

impl<T> IntoRequest<T> for Request<T> {
    fn into_request(self) -> Self {
        self
    }
}

/// A request as a service receives it.
#[derive(Clone, Debug)]
pub struct Received<T> {
    /// The message.
    pub message: T,
    /// The header blocks, also those that the binding does not name.
    pub headers: Headers,
}

/// The header blocks of an envelope, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    pub(super) blocks: Vec<Fragment>,
}

impl Headers {
    /// The blocks as they came.
    #[must_use]
    pub fn blocks(&self) -> &[Fragment] {
        &self.blocks
    }

    /// The block `element`, where there is one.
    ///
    /// # Errors
    ///
    /// Content that its type does not allow; offsets count from the block's first byte.
    pub fn get<T: ReadXml>(&self, element: &Element<T>) -> Result<Option<T>, ReadError> {
        let block = self.blocks.iter().find(|block| block.is(element));
        block.map(|block| block.read(element, ReadOptions::default())).transpose()
    }
}
