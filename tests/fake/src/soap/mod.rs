//! The SOAP service: envelopes in, envelopes out, over what the [store](crate::store) knows.

mod activities;
mod auth;
mod campaigns;
mod custom;
mod fault;
mod imports;
mod leads;
mod lists;
mod merge;
mod objects;
mod operations;
mod position;
mod select;
mod sync;
mod tags;
mod version;

use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode};
use jiff::Timestamp;
use runtime::soap::{Headers, body_name};

use crate::state::State;
use crate::store::Store;
use crate::{Body, Config, Response, lock};
use auth::Auth;
use fault::{Refusal, refuse};
use position::Positions;
use version::Version;

pub(crate) use fault::fault;

const XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// What this part of the fake remembers.
#[derive(Debug)]
pub(crate) struct Service {
    auth: Auth,
    positions: Positions,
    store: Mutex<Store>,
}

/// A call, as an operation sees it.
struct Call<'a> {
    store: &'a mut Store,
    positions: &'a Positions,
    now: Timestamp,
    version: Version,
    headers: &'a Headers,
    envelope: &'a [u8],
}

impl Service {
    pub(crate) fn new(config: &Config) -> Self {
        let store = Mutex::new(Store::new(config.clock.clone()));
        Self { auth: Auth::new(config), positions: Positions::new(), store }
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }
}

/// The operation that a request calls, by its `SOAPAction` (SOAP 1.1, section 6.1.1).
pub(crate) fn name(head: &Parts) -> String {
    let action = head.headers.get("soapaction").and_then(|action| action.to_str().ok()).unwrap_or_default();
    action.trim_matches('"').rsplit('/').next().unwrap_or_default().to_owned()
}

/// Answers a call to `/soap/…` that limits and script let through.
pub(crate) fn handle(state: &State, request: &Request<Bytes>) -> Response {
    let version = request.uri().path().strip_prefix("/soap/mktows/").and_then(Version::parse);
    let Some(version) = version else { return status(StatusCode::NOT_FOUND) };
    if request.method() != Method::POST {
        let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/xml") {
        return status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    match answer(state, version, request) {
        Ok(envelope) => {
            let mut response = Response::new(Body::from(envelope));
            response.headers_mut().insert(CONTENT_TYPE, XML);
            response
        }
        Err(Refusal { code, message }) => fault(code, Some(message)),
    }
}

fn answer(state: &State, version: Version, request: &Request<Bytes>) -> Result<Vec<u8>, Refusal> {
    let envelope = request.body();
    let not_understood = |error: runtime::soap::Error| refuse(20012, error.to_string());
    let (_, element) = body_name(envelope).map_err(not_understood)?;
    let operation = operations::by_element(&element)
        .ok_or_else(|| refuse(20019, format!("there is no operation with the message `{element}`")))?;
    if let Some(action) = request.headers().get("soapaction")
        && action.as_bytes() != format!("\"{}\"", operation.action).as_bytes()
        && action.as_bytes() != operation.action.as_bytes()
    {
        return Err(refuse(20012, format!("the SOAPAction is not that of {}", operation.name)));
    }
    version.check(operation.name, envelope).map_err(not_understood)?;
    let response = (operation.run)(&state.soap, version, envelope, state.clock.now())?;
    // What does not fit into an older version was put into the store by a test.
    version.rewrite(operation.name, response).map_err(|error| refuse(20011, error.to_string()))
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
