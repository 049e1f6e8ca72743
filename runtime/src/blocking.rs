//! Calls from programs without an async runtime: futures enter, and what they come to leaves, while a thread of its own drives timers and
//! connections.
//!
//! ```no_run
//! use runtime::blocking::Blocking;
//! use runtime::client::{Client, Error};
//! # async fn ask(client: &Client) -> Result<String, Error> { unimplemented!() }
//!
//! let blocking = Blocking::new()?;
//! let client = Client::builder("https://example.com/soap/mktows/3_1")?.credentials("user", "key").build()?;
//! let answer = blocking.wait(ask(&client))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::thread;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::client::Error;
use crate::soap::BatchError;

/// Waits for calls. Threads share one by reference; dropping it ends its own thread and with it the connections.
#[derive(Debug)]
pub struct Blocking {
    handle: Handle,
    /// Dropped, it ends the thread.
    _running: oneshot::Sender<()>,
}

/// A blocking call was made in an async runtime: it would hold up everything else that runs there. Await the call instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsideRuntime;

impl Blocking {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// The system has no thread left, or nothing to wait on.
    pub fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (running, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("soap-blocking".to_owned()).spawn(move || {
            // Only its end is waited for.
            let _ = runtime.block_on(ended);
        })?;
        Ok(Self { handle, _running: running })
    }

    /// Waits for what `call` comes to.
    ///
    /// # Errors
    ///
    /// Those of the call; and [`InsideRuntime`] in the same clothes, on a thread that belongs to an async runtime.
    pub fn wait<T, E: From<InsideRuntime>>(&self, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if Handle::try_current().is_ok() {
            return Err(InsideRuntime.into());
        }
        self.handle.block_on(call)
    }

    /// The items of a stream, each waited for.
    pub fn iter<S, T, E>(&self, stream: S) -> Items<'_, S>
    where
        S: Stream<Item = Result<T, E>> + Unpin,
        E: From<InsideRuntime>,
    {
        Items { blocking: self, stream: Some(stream) }
    }
}

/// The items of a stream, as an iterator.
#[derive(Debug)]
#[must_use]
pub struct Items<'b, S> {
    blocking: &'b Blocking,
    stream: Option<S>,
}

impl<S> Items<'_, S> {
    /// The stream, where it has not ended: it can be asked where it is.
    pub const fn stream(&self) -> Option<&S> {
        self.stream.as_ref()
    }
}

impl<S, T, E> Iterator for Items<'_, S>
where
    S: Stream<Item = Result<T, E>> + Unpin,
    E: From<InsideRuntime>,
{
    type Item = Result<T, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let item = self.blocking.wait(async {
            match poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await {
                Some(item) => item.map(Some),
                None => Ok(None),
            }
        });
        if item.is_err() && Handle::try_current().is_ok() {
            // Asked again it would say the same, for ever.
            self.stream = None;
        }
        item.transpose()
    }
}

impl From<InsideRuntime> for Error {
    fn from(error: InsideRuntime) -> Self {
        Self::inside_runtime(error)
    }
}

impl<S, E: From<InsideRuntime>> From<InsideRuntime> for BatchError<S, E> {
    fn from(error: InsideRuntime) -> Self {
        Self { statuses: Vec::new(), failed: 0, error: error.into() }
    }
}

impl fmt::Display for InsideRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a blocking call inside an async runtime: await the call there")
    }
}

impl std::error::Error for InsideRuntime {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::stream;

    use super::*;

    #[test]
    fn threads_wait_for_calls() {
        let blocking = Blocking::new().unwrap();
        let call = |number: u64| async move {
            tokio::time::sleep(Duration::from_millis(number)).await;
            Ok::<_, Error>(number)
        };
        thread::scope(|scope| {
            let waits: Vec<_> = (0..4)
                .map(|number| {
                    scope.spawn({
                        let blocking = &blocking;
                        move || blocking.wait(call(number)).unwrap()
                    })
                })
                .collect();
            let came: Vec<_> = waits.into_iter().map(|wait| wait.join().unwrap()).collect();
            assert_eq!(came, [0, 1, 2, 3]);
        });
        let items: Result<Vec<_>, Error> = blocking.iter(stream::iter([1, 2].map(Ok))).collect();
        assert_eq!(items.unwrap(), [1, 2]);
    }

    #[tokio::test]
    async fn inside_a_runtime_it_is_an_error() {
        let blocking = Blocking::new().unwrap();
        let error = blocking.wait(async { Ok::<_, Error>(()) }).unwrap_err();
        assert_eq!(error.to_string(), "blocking: a blocking call inside an async runtime: await the call there");
        let items: Vec<_> = blocking.iter(stream::iter([Ok::<_, Error>(1)])).collect();
        assert_eq!(items.len(), 1);
        assert!(items[0].is_err());
        // And it can be dropped there.
        drop(blocking);
    }
}
