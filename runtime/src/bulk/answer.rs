//! What the service answers: an envelope of JSON, whose errors ride on HTTP 200, or whatever stands between us and it.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::code::Code;
use super::error::{Endpoint, Error, ErrorKind};
use super::lenient;
use crate::transport::Body;

/// No answer that is JSON is longer.
pub(super) const LONGEST_JSON: usize = 16 << 20;

/// A good answer.
#[derive(Debug)]
pub(super) struct Answer<T> {
    pub(super) result: Vec<T>,
    /// Where the next page begins, if there is one.
    pub(super) next_page: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    success: Value,
    #[serde(default, deserialize_with = "lenient::list")]
    errors: Vec<Code>,
    #[serde(default, deserialize_with = "lenient::list")]
    warnings: Vec<Code>,
    #[serde(default, deserialize_with = "lenient::list")]
    result: Vec<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    next_page_token: Option<String>,
    #[serde(default)]
    more_result: Value,
}

/// The whole answer to a call for JSON.
pub(super) async fn read<T: DeserializeOwned>(
    response: Response<Body>,
    endpoint: Endpoint,
    now: Timestamp,
) -> Result<Answer<T>, Error> {
    let (head, body) = response.into_parts();
    if is_encoded(&head.headers) {
        return Err(Error::new(ErrorKind::Answer, "the answer is encoded, although none was asked for").at(endpoint));
    }
    let body = body.collect(LONGEST_JSON).await.map_err(|error| Error::from(error).at(endpoint))?;
    parse(head.status, &head.headers, &body, endpoint, now)
}

/// What a body with its head says.
pub(super) fn parse<T: DeserializeOwned>(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    endpoint: Endpoint,
    now: Timestamp,
) -> Result<Answer<T>, Error> {
    let answer = |text: String| Error::new(ErrorKind::Answer, text).at(endpoint).with_status(status.as_u16());
    let envelope = json::<Envelope>(body);
    if let Ok(Envelope { errors, .. }) = &envelope
        && let Some(code) = errors.first()
    {
        let wait = retry_after(headers);
        return Err(Error::of_service(code, now).at(endpoint).with_status(status.as_u16()).with_retry_after(wait));
    }
    if !status.is_success() {
        return Err(of_status(status, headers, endpoint));
    }
    let envelope = envelope.map_err(|error| answer(format!("the answer is no JSON of the service: {error}")))?;
    if is(&envelope.success, false) {
        return Err(answer("the service says that it failed, and not why".to_owned()));
    }
    for warning in &envelope.warnings {
        tracing::warn!(%endpoint, code = warning.code, "the service warns");
    }
    let result = envelope.result.into_iter().map(serde_json::from_value).collect::<Result<_, _>>();
    let result = result.map_err(|error| answer(format!("the result does not read: {error}")))?;
    let more = !is(&envelope.more_result, false);
    Ok(Answer { result, next_page: envelope.next_page_token.filter(|token| more && !token.is_empty()) })
}

/// The error that a body says it is, if it says so in an envelope.
pub(super) fn error_of(
    status: StatusCode,
    headers: &HeaderMap,
    body: &Bytes,
    endpoint: Endpoint,
    now: Timestamp,
) -> Option<Error> {
    parse::<Value>(status, headers, body, endpoint, now).err().filter(|error| error.code().is_some())
}

/// What a status says where the body says nothing.
pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, endpoint: Endpoint) -> Error {
    let (kind, text) = match status.as_u16() {
        300..=399 => (ErrorKind::Redirect, "a redirect, which is not followed"),
        401 if endpoint == Endpoint::Identity => (ErrorKind::Credentials, "client id or client secret is wrong"),
        401 => (ErrorKind::Token, "the token is refused"),
        403 => (ErrorKind::AccessDenied, "access is denied"),
        404 if endpoint == Endpoint::File => (ErrorKind::NoFile, "there is no file"),
        404 => (ErrorKind::NotFound, "it does not exist"),
        408 => (ErrorKind::Timeout, "the service waited too long for the request"),
        429 => (ErrorKind::Rate, "too many calls"),
        400..=499 => (ErrorKind::Malformed, "the request is refused"),
        502..=504 => (ErrorKind::Unavailable, "the service is unavailable"),
        500..=599 => (ErrorKind::Server, "the service failed"),
        _ => (ErrorKind::Answer, "the status is not one that is expected"),
    };
    Error::new(kind, text).at(endpoint).with_status(status.as_u16()).with_retry_after(retry_after(headers))
}

/// A body of JSON; with commas before closing brackets too, as the service's samples have them.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body).or_else(|error| {
        let tidied = lenient::without_trailing_commas(body);
        if tidied.len() == body.len() { Err(error) } else { serde_json::from_slice(&tidied) }
    })
}

/// Whether the content type is one of JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    content_type_has(headers, b"json")
}

/// Whether the content type is one of HTML, which only gateways and proxies send.
pub(super) fn is_html(headers: &HeaderMap) -> bool {
    content_type_has(headers, b"html")
}

fn content_type_has(headers: &HeaderMap, word: &[u8]) -> bool {
    let value = headers.get(CONTENT_TYPE).map(|value| value.as_bytes().to_ascii_lowercase());
    value.is_some_and(|value| memchr::memmem::find(&value, word).is_some())
}

/// Whether the body is encoded. None is asked for: lengths, ranges and checksums are those of the plain file.
pub(super) fn is_encoded(headers: &HeaderMap) -> bool {
    let identity = |value: &http::HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    !headers.get_all(CONTENT_ENCODING).iter().all(identity)
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3); dates are not read.
fn retry_after(headers: &HeaderMap) -> Option<std::time::Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(std::time::Duration::from_secs(seconds))
}

/// A truth value, bare or in quotes.
fn is(value: &Value, expected: bool) -> bool {
    match value {
        Value::Bool(value) => *value == expected,
        Value::String(text) => text.eq_ignore_ascii_case(if expected { "true" } else { "false" }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::JobInfo;

    fn parsed(status: u16, body: &str) -> Result<Answer<JobInfo>, Error> {
        let status = StatusCode::from_u16(status).unwrap();
        let now = "2026-01-15T12:00:00Z".parse().unwrap();
        parse(status, &HeaderMap::new(), body.as_bytes(), Endpoint::Status, now)
    }

    #[test]
    fn lists_may_be_missing_and_commas_may_trail() {
        let answer = parsed(
            200,
            r#"{"requestId": "1#2", "success": true, "result": [{"exportId": "a", "status": "Created",},], "new": {}}"#,
        );
        assert_eq!(answer.unwrap().result[0].id.as_str(), "a");
        for body in [r#"{"success":true}"#, r#"{"success":"true","result":null,"errors":null}"#, "{}"] {
            let answer = parsed(200, body).unwrap();
            assert!(answer.result.is_empty() && answer.next_page.is_none(), "{body}");
        }
    }

    #[test]
    fn pages_go_on_while_there_is_a_token_and_more() {
        let next = |body| parsed(200, body).unwrap().next_page;
        assert_eq!(next(r#"{"success":true,"nextPageToken":"abc"}"#).as_deref(), Some("abc"));
        assert_eq!(next(r#"{"success":true,"nextPageToken":"abc","moreResult":true}"#).as_deref(), Some("abc"));
        assert_eq!(next(r#"{"success":true,"nextPageToken":"abc","moreResult":false}"#), None);
        assert_eq!(next(r#"{"success":true,"nextPageToken":""}"#), None);
    }

    #[test]
    fn errors_ride_on_any_status() {
        for (status, body, kind, text) in [
            (
                200,
                r#"{"success":false,"errors":[{"code":"606","message":"Max rate limit '100' exceeded"}]}"#,
                ErrorKind::Rate,
                "status: 606: Max rate limit '100' exceeded",
            ),
            (
                200,
                r#"{"errors":[{"code":1003,"message":"line\none"}],"success":true}"#,
                ErrorKind::Invalid,
                "status: 1003: line one",
            ),
            (
                502,
                r#"{"success":false,"errors":[{"code":"608","message":"x"}]}"#,
                ErrorKind::Unavailable,
                "status: 608: x",
            ),
            (200, r#"{"success":false}"#, ErrorKind::Answer, "status: the service says that it failed, and not why"),
            (
                200,
                "<html>",
                ErrorKind::Answer,
                "status: the answer is no JSON of the service: expected value at line 1 column 1",
            ),
            (
                200,
                r#"{"success":true,"result":[{"status":"Created"}]}"#,
                ErrorKind::Answer,
                "status: the result does not read: missing field `exportId`",
            ),
            (404, "Not found", ErrorKind::NotFound, "status: HTTP 404: it does not exist"),
            (401, "", ErrorKind::Token, "status: HTTP 401: the token is refused"),
            (403, "", ErrorKind::AccessDenied, "status: HTTP 403: access is denied"),
            (302, "", ErrorKind::Redirect, "status: HTTP 302: a redirect, which is not followed"),
            (413, "", ErrorKind::Malformed, "status: HTTP 413: the request is refused"),
            (429, "", ErrorKind::Rate, "status: HTTP 429: too many calls"),
            (500, "", ErrorKind::Server, "status: HTTP 500: the service failed"),
            (502, "<html>", ErrorKind::Unavailable, "status: HTTP 502: the service is unavailable"),
        ] {
            let error = parsed(status, body).unwrap_err();
            assert_eq!((error.kind(), &*error.to_string()), (kind, text), "{status} {body}");
            assert_eq!(error.status(), Some(status));
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let body = format!(r#"{{"errors":[{{"code":"611","message":"{}"}}]}}"#, "é".repeat(1000));
        assert_eq!(parsed(200, &body).unwrap_err().message(), format!("{}…", "é".repeat(300)));
    }
}
