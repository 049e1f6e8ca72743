//! The client: a request enters, and its response leaves, or the reason why there is none. Between them lie the pace, the signature, the
//! transport, and attempts that are repeated only where that harms nothing.
//!
//! A [`Client`] is what generated ports call. It knows no service: what is signed and what a fault means, the operation's
//! [`Service`] says. It never follows an address that a service names, and shows neither keys nor signatures.
//!
//! ```
//! # #[cfg(feature = "reqwest")] {
//! use std::time::Duration;
//! use runtime::backoff::Backoff;
//! use runtime::client::Client;
//! use runtime::pace::{Limits, Pace};
//!
//! let pace = Pace::new(Limits::default().daily(10_000));
//! let client = Client::builder("https://example.com/soap/mktows/3_1")?
//!     .credentials("user", "key")
//!     .pace(&pace)
//!     .backoff(Backoff { total: Duration::from_secs(60), ..Backoff::default() })
//!     .build()?;
//! assert_eq!(client.pace().under_way(), 0);
//! # }
//! # Ok::<(), runtime::client::ConfigError>(())
//! ```

mod answer;
mod builder;
mod call;
mod encoding;
mod error;
mod hook;
mod pages;
#[cfg(test)]
mod tests;
mod trace;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub use answer::Answer;
pub use builder::{ClientBuilder, ConfigError};
pub use error::{Cause, Error, Fate};
pub use hook::{Attempt, Hook};
pub use pages::{Checkpoint, PageError, Pages};

use crate::backoff::Backoff;
use crate::clock::Clock;
use crate::pace::Pace;
use crate::sign::Credentials;
use crate::soap::{
    self, BatchClient, BatchError, Batched, Check, Effect, ErrorKind, Operation, PageClient, Paged, Request, Service,
    Statuses,
};
use crate::transport::Transport;
use crate::xml::ReadOptions;
use error::Failure;

/// Calls the operations of a service: signed, paced, repeated where that is safe. Clones are the same client.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    endpoint: http::Uri,
    credentials: Option<Credentials>,
    transport: Arc<dyn Transport>,
    pace: Pace,
    clock: Arc<dyn Clock>,
    backoff: Backoff,
    response_limit: usize,
    read: ReadOptions,
    headers: Request<()>,
    rules: bool,
    hook: Option<Arc<dyn Hook>>,
    calls: AtomicU64,
}

impl Client {
    /// A builder of a client of the service at `endpoint`.
    ///
    /// # Errors
    ///
    /// This is no address with `https` or `http`, or there is a user, a password or a fragment in it.
    pub fn builder(endpoint: impl AsRef<str>) -> Result<ClientBuilder, ConfigError> {
        ClientBuilder::new(endpoint.as_ref())
    }

    /// The pace that the calls keep.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.0.pace
    }
}

impl soap::Client for Client {
    type Error = Error;

    async fn call<O: Operation>(&self, mut request: Request<O::Request>) -> Result<O::Response, Error> {
        self.check::<O>(request.message(), 0).map_err(|failure| self.error::<O>(0, failure))?;
        self.send::<O>(&mut request).await
    }
}

impl PageClient for Client {
    type Pages<O: Paged + 'static> = Pages<O>;

    fn pages<O: Paged + 'static>(&self, request: Request<O::Request>) -> Pages<O> {
        Pages::new(self.clone(), request)
    }
}

impl BatchClient for Client {
    /// All batches are looked at before the first is sent.
    async fn batches<O: Batched>(&self, mut request: Request<O::Request>) -> Statuses<O, Error> {
        let mut statuses = Vec::new();
        // Beside the number of items, which is kept by the batches.
        let mut left = std::mem::take(O::items_mut(request.message_mut())).into_iter();
        let all = left.len();
        let mut batches = Vec::new();
        loop {
            let batch: Vec<_> = left.by_ref().take(O::MAX.max(1)).collect();
            if batch.is_empty() {
                break;
            }
            *O::items_mut(request.message_mut()) = batch;
            if let Err(failure) = self.check::<O>(request.message(), batches.len() * O::MAX) {
                return Err(BatchError { statuses, failed: all, error: self.error::<O>(0, failure) });
            }
            batches.push(std::mem::take(O::items_mut(request.message_mut())));
        }
        for batch in batches {
            let failed = batch.len();
            *O::items_mut(request.message_mut()) = batch;
            let answered = match self.send::<O>(&mut request).await {
                Ok(response) => O::statuses(response),
                Err(error) => return Err(BatchError { statuses, failed, error }),
            };
            if answered.len() != failed {
                let cause = Cause::Statuses { found: answered.len(), expected: failed };
                let failure = Failure { fate: Fate::Unknown, ..Failure::refused(cause, ErrorKind::Decoding) };
                return Err(BatchError { statuses, failed, error: self.error::<O>(1, failure) });
            }
            statuses.extend(answered);
        }
        Ok(statuses)
    }
}

impl Client {
    fn error<O: Operation>(&self, attempts: u32, failure: Failure) -> Error {
        Error::new(O::NAME, O::EFFECT == Effect::Reads, attempts, failure)
    }

    /// What the service would refuse is refused here.
    fn check<O: Operation>(&self, request: &O::Request, skipped: usize) -> Result<(), Failure> {
        let mut check = Check::new(self.0.clock.now().as_second()).after(skipped);
        if self.0.rules {
            O::check(request, &mut check);
        }
        check.end().map_err(|violation| Failure::refused(Cause::Rule(violation), ErrorKind::Client))
    }

    /// Makes a call, and leaves the request as it was but for its header blocks.
    async fn send<O: Operation>(&self, request: &mut Request<O::Request>) -> Result<O::Response, Error> {
        let shared = &*self.0;
        request.inherit(&shared.headers, O::HEADERS);
        let mut response = None;
        let mut encode = |signature| {
            if let Some(signature) = signature {
                O::Service::sign(request, signature)?;
            }
            soap::write_request::<O>(request)
        };
        let mut decode = |answer: &[u8]| {
            response = Some(soap::read_response::<O>(answer, shared.read)?);
            Ok(())
        };
        let operation = call::Facts {
            name: O::NAME,
            soap_action: O::SOAP_ACTION,
            reads: O::EFFECT == Effect::Reads,
            signed: O::Service::SIGNED,
            kind: O::Service::kind,
        };
        call::call(shared, operation, &mut encode, &mut decode).await?;
        match response {
            Some(response) => Ok(response),
            None => unreachable!("a call succeeds only where its answer was decoded"),
        }
    }
}

/// Without endpoint and credentials.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("pace", &self.0.pace).finish_non_exhaustive()
    }
}
