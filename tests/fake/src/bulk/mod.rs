//! Identity, bulk export and the endpoints beside it.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, header};

use crate::state::State;
use crate::{Body, Code, Config, Response};

/// What this part of the fake remembers.
#[derive(Debug)]
pub(crate) struct Service;

impl Service {
    pub(crate) fn new(_: &Config) -> Self {
        Self
    }
}

/// What a call is named in scripts and in the log, by its head.
pub(crate) fn name(head: &Parts) -> String {
    head.uri.path().to_owned()
}

/// Answers a call to `/identity/…`, `/bulk/v1/…` or `/rest/v1/…` that limits and script let through.
#[expect(clippy::unused_async, reason = "the server waits for it")]
pub(crate) async fn handle(_: &State, _: Request<Bytes>) -> Response {
    error(610, None)
}

/// An error as REST gives it, on HTTP 200.
pub(crate) fn error(code: u32, message: Option<String>) -> Response {
    let message = message.unwrap_or_else(|| format!("error {code}"));
    let body = serde_json::json!({
        "requestId": "0#0",
        "success": false,
        "errors": [{ "code": code.to_string(), "message": message }],
    });
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response.extensions_mut().insert(Code(code));
    response
}
