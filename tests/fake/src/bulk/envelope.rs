//! The envelope around every answer but files and identity: `requestId`, `success`, `result`, `errors`. Enters JSON, leaves a response.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::request::Refusal;
use super::style::Style;
use crate::{Body, Code, Response};

/// An answer with what was asked for, and more members beside the result.
pub(super) fn result(style: &Style, id: u64, result: Vec<Value>, more: &[(&str, Value)]) -> Response {
    let mut members = members(style, id, true);
    members.insert("result".to_owned(), result.into());
    for (name, value) in more {
        members.insert((*name).to_owned(), value.clone());
    }
    json_response(&Value::Object(members))
}

/// An error, on HTTP 200.
pub(super) fn error(style: &Style, id: u64, refusal: &Refusal) -> Response {
    let mut members = members(style, id, false);
    let code = if style.numeric_codes { refusal.code.into() } else { refusal.code.to_string().into() };
    let error: Value = json!({ "code": Value::clone(&code), "message": refusal.message });
    members.insert("errors".to_owned(), vec![error].into());
    let mut response = json_response(&Value::Object(members));
    response.extensions_mut().insert(Code(refusal.code));
    response
}

fn members(style: &Style, id: u64, success: bool) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("requestId".to_owned(), format!("{:x}#{id:x}", 0xfa4e).into());
    members.insert("success".to_owned(), success.into());
    if style.empty_lists {
        members.insert("errors".to_owned(), Value::Array(Vec::new()));
        members.insert("warnings".to_owned(), Value::Array(Vec::new()));
    }
    if style.unknown_members {
        members.insert("futureMember".to_owned(), json!({ "nested": [null] }));
    }
    members
}

pub(super) fn json_response(json: &Value) -> Response {
    let mut response = Response::new(Body::from(json.to_string()));
    let content_type = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

/// An answer in plain text.
pub(super) fn text(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    response
}

/// What an error says unless told otherwise.
pub(super) const fn message(code: u32) -> &'static str {
    match code {
        601 => "Access token invalid",
        602 => "Access token expired",
        603 => "Access denied",
        604 => "Request timed out",
        605 => "HTTP method not supported",
        606 => "Max rate limit '100' exceeded with in '20' secs",
        607 => "Daily quota reached",
        608 => "API temporarily unavailable",
        609 => "Invalid JSON",
        610 => "Requested resource not found",
        611 => "System error",
        612 => "Invalid content type",
        613 => "Invalid multipart request",
        614 => "Invalid subscription",
        615 => "Concurrent access limit reached",
        616 => "Invalid subscription type",
        701 => "Field cannot be blank",
        702 => "No data found",
        703 => "The feature is not enabled for the subscription",
        704 => "Invalid date format",
        709 => "Business rule violation",
        713 => "Transient error",
        1001 => "Invalid value. Required of another type",
        1002 => "Missing value for a required parameter",
        1003 => "Invalid value",
        1006 => "Field not found",
        1013 => "Object not found",
        1029 => "Too many jobs in queue",
        1035 => "Unsupported filter type for target subscription",
        _ => "Error",
    }
}
