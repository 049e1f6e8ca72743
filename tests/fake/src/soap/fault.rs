//! Faults of the service: the code in three places, as its callers know them.

use generated::v3_1::{SERVICE_EXCEPTION, ServiceException};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use runtime::soap::{Fault, write_fault};

use super::XML;
use crate::{Body, Code, Response};

/// Why a request was refused, with the code of the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u32,
    pub(crate) message: String,
}

/// A refusal that says what was wrong.
pub(crate) fn refuse(code: u32, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into() }
}

/// An answer with the fault `code`; without a message of its own, with what the code means.
pub(crate) fn fault(code: u32, message: Option<String>) -> Response {
    let message = message.unwrap_or_else(|| meaning(code).to_owned());
    let string = format!("{code} - {message}");
    let exception = ServiceException::new(&*code.to_string()).name("mktServiceException").message(message);
    // Messages are of this crate, or of a script: a character that XML does not have leaves an empty envelope.
    let whose = if matches!(code, 10001 | 20011) { "Server" } else { "Client" };
    let fault = Fault::new(whose, string).with_detail(&SERVICE_EXCEPTION, &exception);
    let envelope = fault.ok().and_then(|fault| write_fault(&fault).ok()).unwrap_or_default();
    let mut response = Response::new(Body::from(envelope));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(CONTENT_TYPE, XML);
    response.extensions_mut().insert(Code(code));
    response
}

/// What a code means, in a few words.
fn meaning(code: u32) -> &'static str {
    match code {
        10001 => "Internal error, severe",
        20011 => "Internal error",
        20012 => "Request not understood",
        20013 => "Access denied",
        20014 => "Authentication failed",
        20015 => "Daily quota used up",
        20016 => "Request expired",
        20017 => "Parameter missing",
        20019 => "Operation not supported",
        20022 => "Time range too long",
        20023 => "Too many calls in 20 seconds",
        20024 => "Too many calls at once",
        20101 => "Lead key required",
        20102 => "Lead key bad",
        20103 => "Lead not found",
        20104 => "Lead record required",
        20105 => "Lead attribute bad",
        20106 => "Lead sync failed",
        20107 => "Activity filter bad",
        20108 => "Lead owner not found",
        20109 => "Parameter required",
        20110 | 20114 => "Parameter bad",
        20111 => "List not found",
        20113 => "Campaign not found",
        20122 => "Stream position bad",
        20123 => "Stream at end",
        _ => "Error",
    }
}
