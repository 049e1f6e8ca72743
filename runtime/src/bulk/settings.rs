//! What a client is made of, and one call with it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RANGE};
use http::{Method, Request, Response};
use serde::de::DeserializeOwned;
use tracing::Instrument;

use super::answer::{self, Answer};
use super::error::{Endpoint, Error};
use super::identity::{Credentials, Slot, Token};
use super::polling::Polling;
use super::repeats::Repeats;
use crate::backoff::Backoff;
use crate::clock::Clock;
use crate::pace::{Pace, Permit};
use crate::transport::{Body, TotalTime, Transport, TransportError, TransportErrorKind};

/// What a client is made of.
pub(super) struct Settings {
    /// Without a slash at its end.
    pub(super) base_url: String,
    pub(super) identity_url: String,
    pub(super) credentials: Credentials,
    pub(super) tokens: Arc<Slot>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) pace: Pace,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) backoff: Backoff,
    pub(super) polling: Polling,
    pub(super) wait_for_reset: bool,
}

/// A call of the service.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) endpoint: Endpoint,
    pub(super) method: Method,
    /// Path and query, beginning with a slash.
    pub(super) path: String,
    /// A body of JSON.
    pub(super) body: Bytes,
    /// The value of the header `Range`.
    pub(super) range: Option<HeaderValue>,
    /// How long the head of the answer may take, where that is less than the transport's own limit.
    pub(super) idle: Option<Duration>,
}

/// The head of an answer, with its body yet to come. The call is under way until the permit is dropped.
pub(super) struct Reply {
    pub(super) response: Response<Body>,
    pub(super) permit: Permit,
    pub(super) token: Token,
}

impl Call {
    pub(super) fn get(endpoint: Endpoint, path: String) -> Self {
        Self { endpoint, method: Method::GET, path, body: Bytes::new(), range: None, idle: None }
    }

    pub(super) fn post(endpoint: Endpoint, path: String, body: Bytes) -> Self {
        Self { method: Method::POST, body, ..Self::get(endpoint, path) }
    }

    /// Whether it changes something.
    pub(super) fn writes(&self) -> bool {
        self.method == Method::POST
    }
}

impl Settings {
    /// Makes a call that changes nothing until there is an answer, by the table and within the back-off.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<Answer<T>, Error> {
        let mut repeats = Repeats::new(self);
        loop {
            match self.call_once(call, &mut repeats).await {
                Ok(answer) => return Ok(answer),
                Err(error) => repeats.after(self, error).await?,
            }
        }
    }

    /// Calls once, with whatever token is to be used.
    pub(super) async fn call_once<T: DeserializeOwned>(
        &self,
        call: &Call,
        repeats: &mut Repeats,
    ) -> Result<Answer<T>, Error> {
        let span = tracing::debug_span!("call", endpoint = %call.endpoint);
        let outcome = async {
            let reply = self.send(call, repeats).await?;
            let answer = answer::read(reply.response, call.endpoint, self.clock.now()).await;
            drop(reply.permit);
            answer.map_err(|error| error.without_secret(reply.token.expose()))
        };
        let began = self.clock.elapsed();
        let outcome = outcome.instrument(span.clone()).await;
        let took = self.clock.elapsed().saturating_sub(began);
        span.in_scope(|| match &outcome {
            Ok(_) => tracing::debug!(?took, "answered"),
            Err(error) => tracing::debug!(?took, %error, "failed"),
        });
        outcome.map_err(|error| {
            let doubt = call.writes() && error.endpoint() == Some(call.endpoint) && error.leaves_doubt();
            if doubt { error.with_unknown_fate() } else { error }
        })
    }

    /// Sends once and waits for the head of the answer.
    pub(super) async fn send(&self, call: &Call, repeats: &mut Repeats) -> Result<Reply, Error> {
        let token = self.tokens.token(self, repeats.refused).await?;
        repeats.token = Some(token.number);
        let mut request = Request::builder()
            .method(&call.method)
            .uri(format!("{}{}", self.base_url, call.path))
            .header(AUTHORIZATION, token.header()?)
            .header(ACCEPT_ENCODING, "identity")
            .body(call.body.clone())
            .map_err(|error| Error::refused(format!("the call cannot be built: {error}")).at(call.endpoint))?;
        let headers = request.headers_mut();
        if !call.body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if call.endpoint == Endpoint::File {
            request.extensions_mut().insert(TotalTime(None));
        } else {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        if let Some(range) = &call.range {
            request.headers_mut().insert(RANGE, range.clone());
        }
        let permit = self.pace.acquire().await.map_err(|spent| Error::from(spent).at(call.endpoint))?;
        let answer = self.transport.send(request);
        let answer = match call.idle {
            // Time on a wire is real time, whatever the clock says.
            Some(idle) => {
                tokio::time::timeout(idle, answer).await.unwrap_or(Err(TransportError::new(TransportErrorKind::Idle)))
            }
            None => answer.await,
        };
        match answer {
            Ok(response) => Ok(Reply { response, permit, token }),
            Err(error) => {
                if !error.reached_service() {
                    permit.not_sent();
                }
                Err(Error::from(error).at(call.endpoint))
            }
        }
    }

    /// Waits until the service's next day, and a minute more: clocks differ.
    pub(super) async fn sleep_until_reset(&self, until: jiff::Timestamp) {
        let seconds = until.duration_since(self.clock.now()).as_secs().max(0).unsigned_abs();
        self.clock.sleep(Duration::from_secs(seconds + 60)).await;
    }
}
