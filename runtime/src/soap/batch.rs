//! Lists that are longer than a call takes.

use std::fmt;
use std::future::Future;

use super::{Client, Operation, Request};

/// An operation that takes a list and answers each item of it.
pub trait Batched: Operation {
    /// What the list holds.
    type Item: Send + Sync + 'static;

    /// What answers an item.
    type Status: Send + 'static;

    /// The greatest number of items in a call.
    const MAX: usize;

    /// The list.
    fn items_mut(request: &mut Self::Request) -> &mut Vec<Self::Item>;

    /// The statuses, in the order of the items.
    fn statuses(response: Self::Response) -> Vec<Self::Status>;
}

/// The statuses of a whole list, or those so far with the error.
pub type Statuses<O, E> = Result<Vec<<O as Batched>::Status>, BatchError<<O as Batched>::Status, E>>;

/// A [`Client`] that sends a list of any length in several calls.
pub trait BatchClient: Client {
    /// Calls `O` for a list of any length, batch by batch: the statuses of all items, in order.
    ///
    /// # Errors
    ///
    /// What a batch failed on, with the statuses of those before it. Batches after it are not sent.
    fn batches<O: Batched>(
        &self,
        request: Request<O::Request>,
    ) -> impl Future<Output = Statuses<O, Self::Error>> + Send;
}

/// A batch failed: what those before it came to, and why this one came to nothing.
pub struct BatchError<S, E> {
    /// The statuses of the items before the batch, in order: those of the first [`len`](Vec::len) items of the list.
    pub statuses: Vec<S>,
    /// How many items the batch has; of those after it nothing was sent. All items, where a batch was refused before the first was sent.
    pub failed: usize,
    /// What it failed on.
    pub error: E,
}

impl<S, E: fmt::Display> fmt::Display for BatchError<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (done, failed) = (self.statuses.len(), self.failed);
        write!(f, "{done} items were answered, the {failed} after them failed: {}", self.error)
    }
}

/// Without the statuses.
impl<S, E: fmt::Debug> fmt::Debug for BatchError<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchError")
            .field("statuses", &self.statuses.len())
            .field("failed", &self.failed)
            .field("error", &self.error)
            .finish()
    }
}

impl<S, E: std::error::Error + 'static> std::error::Error for BatchError<S, E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}
