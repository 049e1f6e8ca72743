//! The service's error codes: what each means.

use serde::Deserialize;

use super::error::ErrorKind;
use super::lenient;

/// One of `errors` or `warnings` of an answer. Errors have their code as text, warnings as a number; both are read either way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Code {
    #[serde(default, deserialize_with = "text")]
    pub(super) code: String,
    #[serde(default, deserialize_with = "text")]
    pub(super) message: String,
}

fn text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(lenient::text(deserializer)?.unwrap_or_default())
}

/// What a code means. 1029 is three different things, told apart by its text.
pub(super) fn kind(code: &Code) -> ErrorKind {
    match code.code.trim() {
        "601" | "602" => ErrorKind::Token,
        "603" => ErrorKind::AccessDenied,
        "604" => ErrorKind::Timeout,
        "605" | "609" | "610" | "612" | "613" | "413" | "414" => ErrorKind::Malformed,
        "606" => ErrorKind::Rate,
        "607" => ErrorKind::DailyCalls,
        "608" | "713" | "502" | "503" | "504" => ErrorKind::Unavailable,
        "611" | "500" => ErrorKind::Server,
        "614" => ErrorKind::Subscription,
        "615" => ErrorKind::Concurrency,
        "616" | "703" => ErrorKind::Unsupported,
        "1013" => ErrorKind::NotFound,
        "1029" => export_limit(&code.message),
        "1035" => ErrorKind::Filter,
        // 701, 702, 704, 709, 1001, 1002, 1003, 1006, and codes that nobody knows: repeating them changes nothing.
        _ => ErrorKind::Invalid,
    }
}

/// "Too many jobs in queue", "Export daily quota exceeded" and "Job already queued", as documented; live texts vary, as "Export daily
/// quota 500MB exceeded.".
fn export_limit(message: &str) -> ErrorKind {
    let message = message.to_ascii_lowercase();
    let has = |word| message.contains(word);
    if has("quota") {
        ErrorKind::ByteQuota
    } else if has("too many") {
        ErrorKind::QueueFull
    } else if has("already") {
        ErrorKind::AlreadyQueued
    } else if has("queue") {
        ErrorKind::QueueFull
    } else {
        ErrorKind::Invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bulk::error::{Action, Error};

    #[test]
    fn every_code_has_its_kind_and_action() {
        let now = "2026-01-15T12:00:00Z".parse().unwrap();
        for (codes, kind, action) in [
            (&["601", "602"][..], ErrorKind::Token, Action::Renew),
            (&["603"], ErrorKind::AccessDenied, Action::Fail),
            (&["604"], ErrorKind::Timeout, Action::Retry),
            (&["605", "609", "610", "612", "613"], ErrorKind::Malformed, Action::Fail),
            (&["606"], ErrorKind::Rate, Action::WaitForWindow),
            (&["607"], ErrorKind::DailyCalls, Action::WaitForReset),
            (&["608", "713"], ErrorKind::Unavailable, Action::Retry),
            (&["611"], ErrorKind::Server, Action::Retry),
            (&["614"], ErrorKind::Subscription, Action::RetrySlowly),
            (&["615"], ErrorKind::Concurrency, Action::Retry),
            (&["616", "703"], ErrorKind::Unsupported, Action::Fail),
            (
                &["701", "702", "704", "709", "1001", "1002", "1003", "1006", "1080", "9999", ""],
                ErrorKind::Invalid,
                Action::Fail,
            ),
            (&["1013"], ErrorKind::NotFound, Action::Fail),
            (&["1035"], ErrorKind::Filter, Action::FallBack),
        ] {
            for code in codes {
                let code = Code { code: (*code).to_owned(), message: "Text".to_owned() };
                let error = Error::of_service(&code, now);
                assert_eq!((error.kind(), error.action()), (kind, action), "{code:?}");
                let reset = (kind == ErrorKind::DailyCalls).then(|| "2026-01-16T06:00:00Z".parse().unwrap());
                assert_eq!(error.until(), reset, "{code:?}");
            }
        }
    }

    #[test]
    fn three_meanings_of_1029() {
        let now = "2026-07-15T12:00:00Z".parse().unwrap();
        for (message, kind, action) in [
            ("Too many jobs in queue", ErrorKind::QueueFull, Action::WaitForSlot),
            ("Too many jobs (10) in queue.", ErrorKind::QueueFull, Action::WaitForSlot),
            ("Too many jobs already in queue", ErrorKind::QueueFull, Action::WaitForSlot),
            ("Export daily quota exceeded", ErrorKind::ByteQuota, Action::WaitForReset),
            ("Export daily quota 500MB exceeded.", ErrorKind::ByteQuota, Action::WaitForReset),
            ("Job already queued", ErrorKind::AlreadyQueued, Action::Confirm),
            ("Something else", ErrorKind::Invalid, Action::Fail),
        ] {
            let error = Error::of_service(&Code { code: "1029".to_owned(), message: message.to_owned() }, now);
            assert_eq!((error.kind(), error.action()), (kind, action), "{message}");
        }
        let quota = Code { code: "1029".to_owned(), message: "Export daily quota exceeded".to_owned() };
        let error = Error::of_service(&quota, now);
        assert_eq!(error.to_string(), "1029: Export daily quota exceeded (until 2026-07-16T05:00:00Z)");
    }

    #[test]
    fn codes_are_text_or_number() {
        let read: Vec<Code> = serde_json::from_str(r#"[{"code":"601","message":"a"},{"code":601},{}]"#).unwrap();
        let codes: Vec<_> = read.iter().map(|code| (&*code.code, &*code.message)).collect();
        assert_eq!(codes, [("601", "a"), ("601", ""), ("", "")]);
    }
}
