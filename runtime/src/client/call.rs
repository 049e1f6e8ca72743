//! One call: attempts, each in the pace's time, signed anew, until one is answered or none can be made without harm.

use std::borrow::Cow;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Request, StatusCode};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::answer::Reason;
use super::error::Failure;
use super::hook::masked;
use super::trace::{AttemptSpan, CallSpan};
use super::{Answer, Attempt, Cause, Error, Fate, Shared, encoding};
use crate::backoff::Backoff;
use crate::pace::{Permit, next_reset};
use crate::soap::{self, ErrorKind, Fault, Signature, body_name};
use crate::transport::{TransportError, TransportErrorKind};

const SOAP_ACTION: HeaderName = HeaderName::from_static("soapaction");
const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// What there is to know of an operation, its types aside.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) name: &'static str,
    pub(super) soap_action: &'static str,
    pub(super) reads: bool,
    pub(super) signed: bool,
    pub(super) kind: fn(&Fault) -> ErrorKind,
}

/// Signs and writes the request.
type Encode<'e> = &'e mut (dyn FnMut(Option<Signature>) -> Result<Vec<u8>, soap::Error> + Send);
/// Reads the answer and keeps the response.
type Decode<'d> = &'d mut (dyn FnMut(&[u8]) -> Result<(), soap::Error> + Send);

/// Makes the call.
pub(super) async fn call(
    shared: &Shared,
    operation: Facts,
    encode: Encode<'_>,
    decode: Decode<'_>,
) -> Result<(), Error> {
    let number = shared.calls.fetch_add(1, Ordering::Relaxed);
    let mut call = Call { shared, operation, number, attempts: 0, begun: shared.clock.elapsed() };
    let mut span = CallSpan::new(operation.name, number, shared.clock.clone());
    let outcome = call.run(encode, decode, &span).await;
    let outcome = outcome.map_err(|failure| Error::new(operation.name, operation.reads, call.attempts, failure));
    span.end(call.attempts, outcome.as_ref().err().map(Error::kind));
    outcome
}

struct Call<'c> {
    shared: &'c Shared,
    operation: Facts,
    number: u64,
    attempts: u32,
    /// By the clock's [`elapsed`](crate::clock::Clock::elapsed).
    begun: Duration,
}

/// An answer, its body read to the end.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    at: Timestamp,
}

impl Call<'_> {
    async fn run(&mut self, encode: Encode<'_>, decode: Decode<'_>, span: &CallSpan) -> Result<(), Failure> {
        let mut expired = false;
        loop {
            let permit = match self.within(self.shared.pace.acquire()).await {
                Some(Ok(permit)) => permit,
                Some(Err(spent)) => {
                    let wait = until(spent.until, self.shared.clock.now());
                    return Err(Failure::refused(Cause::Budget(spent), ErrorKind::Quota).after(wait));
                }
                None => return Err(self.out_of_time(Fate::NotExecuted)),
            };
            self.attempts += 1;
            let mut trace = AttemptSpan::new(span, self.attempts, self.shared.clock.clone());
            let failure = match self.attempt(permit, encode, decode, &mut trace).await {
                Ok(()) => {
                    trace.end(None);
                    return Ok(());
                }
                Err(failure) => failure,
            };
            trace.end(Some(failure.kind));
            drop(trace);
            if failure.kind == ErrorKind::Concurrency {
                self.shared.pace.crowded();
            }
            let wait = match failure.kind {
                // The signature was at fault, and the next one is new: no wait would help it.
                ErrorKind::Expired if !expired && self.attempts < self.shared.backoff.attempts => {
                    expired = true;
                    Duration::ZERO
                }
                ErrorKind::Expired => return Err(failure),
                _ => match self.wait(&failure) {
                    Some(wait) => wait,
                    None => return Err(failure),
                },
            };
            if self.within(self.shared.clock.sleep(wait)).await.is_none() {
                return Err(failure);
            }
        }
    }

    /// How long to wait before the next attempt, or `None` where there is none to be made.
    fn wait(&self, failure: &Failure) -> Option<Duration> {
        if !failure.passes || !(self.operation.reads || failure.fate == Fate::NotExecuted) {
            return None;
        }
        let backoff = match failure.kind {
            // Waits that are short against the window would all fall into it.
            ErrorKind::Rate => {
                let first = self.shared.backoff.first.max(self.shared.pace.limits().window() / 4);
                Backoff { first, longest: self.shared.backoff.longest.max(first), ..self.shared.backoff }
            }
            _ => self.shared.backoff,
        };
        let elapsed = self.elapsed();
        let wait = backoff.wait(self.attempts, elapsed)?;
        // What the answer asked for is no less than it says. The window of a rate is a bound, not a wish.
        let asked = failure.retry_after.filter(|_| failure.kind != ErrorKind::Rate || failure.cause.is_answer());
        let wait = wait.max(asked.unwrap_or_default());
        (elapsed.saturating_add(wait) <= backoff.total).then_some(wait)
    }

    async fn attempt(
        &self,
        permit: Permit,
        encode: Encode<'_>,
        decode: Decode<'_>,
        trace: &mut AttemptSpan,
    ) -> Result<(), Failure> {
        let signature = self.signature();
        let secret = signature.as_ref().map(|signature| signature.value.clone()).unwrap_or_default();
        let unsigned = self.operation.signed && signature.is_none();
        let envelope = encode(signature).map_err(|error| match error {
            soap::Error::MissingHeader { .. } if unsigned => Cause::NoCredentials,
            error => Cause::Request(error),
        });
        let request = match envelope.and_then(|envelope| self.request(envelope)) {
            Ok(request) => request,
            Err(cause) => {
                permit.not_sent();
                return Err(Failure::refused(cause, ErrorKind::Client));
            }
        };
        let attempt = Attempt { operation: self.operation.name, call: self.number, number: self.attempts };
        if let Some(hook) = &self.shared.hook {
            hook.request(attempt, &masked(request.body(), &secret));
        }
        trace.sent(request.body().len());
        let received = match self.within(self.exchange(request)).await {
            Some(Ok(received)) => received,
            Some(Err(error)) => {
                if !error.reached_service() {
                    permit.not_sent();
                }
                return Err(Failure::transport(error));
            }
            None => return Err(self.out_of_time(Fate::Unknown)),
        };
        drop(permit);
        trace.received(received.status, received.body.len());
        if let Some(hook) = &self.shared.hook {
            hook.response(attempt, received.status, &masked(&received.body, &secret));
        }
        self.judge(&received, &secret, decode)
    }

    /// The signature of this moment, where the operation is signed and someone to sign.
    fn signature(&self) -> Option<Signature> {
        let credentials = self.shared.credentials.as_ref().filter(|_| self.operation.signed)?;
        Some(credentials.sign(self.shared.clock.now()))
    }

    /// SOAP 1.1, section 6.1.
    fn request(&self, envelope: Vec<u8>) -> Result<Request<Bytes>, Cause> {
        let action = HeaderValue::try_from(format!("\"{}\"", self.operation.soap_action));
        let request = Request::post(self.shared.endpoint.clone())
            .header(CONTENT_TYPE, TEXT_XML)
            .header(ACCEPT, HeaderValue::from_static("text/xml"))
            .header(SOAP_ACTION, action.map_err(|error| refused(error.into()))?);
        request.body(Bytes::from(envelope)).map_err(refused)
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Received, TransportError> {
        let (head, body) = self.shared.transport.send(request).await?.into_parts();
        let body = body.collect(self.shared.response_limit).await?;
        Ok(Received { status: head.status, headers: head.headers, body, at: self.shared.clock.now() })
    }

    /// What the answer is: the response, a fault whatever its status, or no message.
    fn judge(&self, received: &Received, secret: &str, decode: Decode<'_>) -> Result<(), Failure> {
        let content_type = received.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let hide = |text: &str| text.replace(secret, &"*".repeat(secret.len()));
        let answer = |reason| {
            let content_type = content_type.map(hide);
            Answer::new(received.status, content_type.as_deref(), &masked_body(received, secret), reason)
        };
        let text = match encoding::to_utf8(&received.body, content_type) {
            Ok(text) => text,
            Err(found) => return Err(self.no_message(received, answer(Reason::Encoding(hide(&found))))),
        };
        let error = match decode(&text) {
            Ok(()) if received.status.is_success() => return Ok(()),
            Ok(()) => return Err(self.no_message(received, answer(Reason::NoMessage))),
            Err(error) => error,
        };
        // A service may repeat the signature; whoever logs the error must not.
        let error = match masked(&text, secret) {
            Cow::Borrowed(_) => error,
            Cow::Owned(text) => decode(&text).err().unwrap_or(error),
        };
        if let soap::Error::Fault(fault) = error {
            return Err(self.fault(fault, received));
        }
        let is_envelope = body_name(&text).is_ok() || matches!(error, soap::Error::Version { .. });
        let reason = if is_envelope { Reason::Content(error) } else { Reason::NoMessage };
        Err(self.no_message(received, answer(reason)))
    }

    fn fault(&self, fault: Box<Fault>, received: &Received) -> Failure {
        let kind = (self.operation.kind)(&fault);
        let failure = match kind {
            ErrorKind::Expired => {
                let ahead = date(&received.headers).map(|date| received.at.duration_since(date));
                Failure::refused(Cause::Expired { fault, ahead }, kind)
            }
            // What was done before it failed, nobody says.
            ErrorKind::Server | ErrorKind::Transport | ErrorKind::Decoding => {
                Failure { fate: Fate::Unknown, passes: true, ..Failure::refused(Cause::Fault(fault), kind) }
            }
            _ => Failure::refused(Cause::Fault(fault), kind),
        };
        match kind {
            ErrorKind::Rate => Failure { passes: true, ..failure }.after(self.shared.pace.limits().window()),
            ErrorKind::Concurrency => Failure { passes: true, retry_after: retry_after(received), ..failure },
            ErrorKind::Quota => failure.after(until(next_reset(received.at), received.at)),
            _ if failure.passes => Failure { retry_after: retry_after(received), ..failure },
            _ => failure,
        }
    }

    /// An answer that is no message proves nothing about what was done, whatever its status.
    fn no_message(&self, received: &Received, answer: Answer) -> Failure {
        let status = received.status;
        let (kind, passes) = match status.as_u16() {
            401 | 403 => (ErrorKind::Auth, false),
            429 => (ErrorKind::Rate, true),
            408 | 500..=599 => (ErrorKind::Server, true),
            300..=499 => (ErrorKind::Client, false),
            _ => (ErrorKind::Decoding, false),
        };
        let retry_after = retry_after(received).filter(|_| passes);
        Failure { cause: Cause::Answer(Box::new(answer)), kind, fate: Fate::Unknown, passes, retry_after }
    }

    fn out_of_time(&self, fate: Fate) -> Failure {
        let cause = Cause::Time { limit: self.shared.backoff.total };
        Failure { cause, kind: ErrorKind::Transport, fate, passes: true, retry_after: None }
    }

    fn elapsed(&self) -> Duration {
        self.shared.clock.elapsed().saturating_sub(self.begun)
    }

    /// What `step` comes to, unless the call's time is over before.
    async fn within<T>(&self, step: impl Future<Output = T>) -> Option<T> {
        let left = self.shared.backoff.total.saturating_sub(self.elapsed());
        match select(pin!(step), self.shared.clock.sleep(left)).await {
            Either::Left((outcome, _)) => Some(outcome),
            Either::Right(((), _)) => None,
        }
    }
}

impl Failure {
    /// Nothing was done, and it would fail again.
    pub(super) fn refused(cause: Cause, kind: ErrorKind) -> Self {
        Self { cause, kind, fate: Fate::NotExecuted, passes: false, retry_after: None }
    }

    fn after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    fn transport(error: TransportError) -> Self {
        let fate = if error.reached_service() { Fate::Unknown } else { Fate::NotExecuted };
        let (kind, passes) = match error.kind() {
            TransportErrorKind::Refused => (ErrorKind::Client, false),
            TransportErrorKind::TooLarge { .. } | TransportErrorKind::Encoding => (ErrorKind::Decoding, false),
            _ => (ErrorKind::Transport, true),
        };
        Self { cause: Cause::Transport(error), kind, fate, passes, retry_after: None }
    }
}

impl Cause {
    const fn is_answer(&self) -> bool {
        matches!(self, Self::Answer(_))
    }
}

fn refused(error: http::Error) -> Cause {
    Cause::Transport(TransportError::with_source(TransportErrorKind::Refused, error))
}

fn masked_body(received: &Received, secret: &str) -> Bytes {
    match masked(&received.body, secret) {
        Cow::Borrowed(_) => received.body.clone(),
        Cow::Owned(body) => body.into(),
    }
}

fn until(moment: Timestamp, now: Timestamp) -> Duration {
    moment.duration_since(now).max(SignedDuration::ZERO).unsigned_abs()
}

/// When the answer was made, by the service's clock (RFC 9110, section 6.6.1).
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?)
}

fn http_date(value: &HeaderValue) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(value.to_str().ok()?).ok()
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(received: &Received) -> Option<Duration> {
    let value = received.headers.get(RETRY_AFTER)?;
    match value.to_str().ok()?.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(until(http_date(value)?, date(&received.headers).unwrap_or(received.at))),
    }
}
