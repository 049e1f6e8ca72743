//! The SOAP service.

mod fault;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, header};

use crate::state::State;
use crate::{Body, Config, Response};

pub(crate) use fault::fault;

/// What this part of the fake remembers.
#[derive(Debug)]
pub(crate) struct Service;

impl Service {
    pub(crate) fn new(_: &Config) -> Self {
        Self
    }
}

/// The operation that a request calls, by its `SOAPAction` (SOAP 1.1, section 6.1.1).
pub(crate) fn name(head: &Parts) -> String {
    let action = head.headers.get("soapaction").and_then(|action| action.to_str().ok()).unwrap_or_default();
    action.trim_matches('"').rsplit('/').next().unwrap_or_default().to_owned()
}

pub(crate) fn handle(_: &State, _: &Request<Bytes>) -> Response {
    fault(20019, None)
}

/// An answer of the service.
fn answer(status: u16, envelope: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(envelope));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    response
}
