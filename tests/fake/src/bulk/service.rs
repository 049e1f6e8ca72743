//! Calls in, answers out: identity, bulk export and describe, as the server hands them over once limits and script let them through.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Bulk;
use super::answer;
use super::download::Shelf;
use super::endpoint::{Endpoint, parameters};
use super::envelope;
use super::inner::Inner;
use super::job::Status;
use super::object::Object;
use super::request::Refusal;
use crate::identity::{Caller, Grant, Identity};
use crate::state::State;
use crate::{Config, Response, lock};

/// What this part of the fake remembers.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) identity: Arc<Identity>,
    pub(crate) bulk: Bulk,
}

impl Service {
    pub(crate) fn new(config: &Config) -> Self {
        Self { identity: Arc::new(Identity::new(config.clock.clone())), bulk: Bulk::new(config.clock.clone()) }
    }
}

/// What a call is named in scripts and in the log, by its head.
pub(crate) fn name(head: &Parts) -> String {
    let path = head.uri.path();
    Endpoint::at(path).map_or_else(|| path.to_owned(), |endpoint| endpoint.name())
}

/// An error as REST gives it, on HTTP 200.
pub(crate) fn error(state: &State, code: u32, message: Option<String>) -> Response {
    state.bulk.error(&Refusal { code, message: message.unwrap_or_else(|| envelope::message(code).to_owned()) })
}

/// The greatest body of a call to bulk export, in bytes.
const MAX_BODY: usize = 10 << 20;

/// The longest path with its query, in bytes.
const MAX_URI: usize = 8 << 10;

/// Answers a call to `/identity/…`, `/bulk/v1/…` or `/rest/v1/…` that limits and script let through.
pub(crate) async fn handle(state: &State, request: Request<Bytes>) -> Response {
    let (head, body) = request.into_parts();
    let uri = head.uri.path_and_query().map_or("", |uri| uri.as_str());
    if uri.len() > MAX_URI {
        return envelope::text(StatusCode::URI_TOO_LONG, "URI too long");
    }
    if body.len() > MAX_BODY {
        return envelope::text(StatusCode::PAYLOAD_TOO_LARGE, "Request too large");
    }
    if head.uri.path().contains("//") {
        return envelope::text(StatusCode::BAD_REQUEST, "Empty segment in the path");
    }
    let service = &state.bulk;
    let Some(endpoint) = Endpoint::at(head.uri.path()) else { return service.error(&refusal(610)) };
    if !endpoint.takes(&head.method) {
        return service.error(&refusal(605));
    }
    if endpoint == Endpoint::Token {
        return service.token(&head, &body);
    }
    let query = parameters(head.uri.query().unwrap_or_default());
    let caller = match service.identity.check(&head.headers) {
        // A token in the query is refused, even beside one in the header.
        Ok(caller) if !query.iter().any(|(name, _)| name == "access_token") => caller,
        Ok(_) => return service.error(&refusal(601)),
        Err(code) => return service.error(&refusal(code)),
    };
    let now = service.bulk.clock.now();
    let unhashed = {
        let mut inner = lock(&service.bulk.inner);
        inner.advance(now);
        if matches!(endpoint, Endpoint::Status(..) | Endpoint::List(_)) { inner.unhashed() } else { Vec::new() }
    };
    for file in unhashed {
        // A pass over the file that nobody should wait for on this thread.
        let _ = tokio::task::spawn_blocking(move || file.sha256()).await;
    }
    match service.answer(&endpoint, &head, &body, &query, &caller, now) {
        Ok(response) => response,
        Err(refusal) => service.error(&refusal),
    }
}

impl Service {
    fn error(&self, refusal: &Refusal) -> Response {
        let mut inner = lock(&self.bulk.inner);
        let id = inner.next_request();
        envelope::error(&inner.style, id, refusal)
    }

    fn token(&self, head: &Parts, body: &[u8]) -> Response {
        let mut given = parameters(head.uri.query().unwrap_or_default());
        given.extend(parameters(&String::from_utf8_lossy(body)));
        match self.identity.grant(&given) {
            Grant::Token { text, seconds, client } => envelope::json_response(&json!({
                "access_token": text,
                "token_type": "bearer",
                "expires_in": seconds,
                "scope": format!("{client}@example.com"),
            })),
            Grant::Unauthorized(error) => {
                let json = json!({ "error": error, "error_description": "Bad client credentials" });
                let mut response = envelope::json_response(&json);
                *response.status_mut() = StatusCode::UNAUTHORIZED;
                response
            }
        }
    }

    fn answer(
        &self,
        endpoint: &Endpoint,
        head: &Parts,
        body: &[u8],
        query: &[(String, String)],
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Response, Refusal> {
        if let Endpoint::File(object, id) = endpoint {
            let index = lock(&self.bulk.inner).find(object, id, &caller.client, now);
            let shelf = Shelf { inner: &self.bulk.inner, identity: &self.identity, caller, now };
            return Ok(shelf.serve(index, &head.headers));
        }
        let mut inner = lock(&self.bulk.inner);
        let request = inner.next_request();
        let inner = &mut *inner;
        let mut more = Vec::new();
        let result = match endpoint {
            Endpoint::Create(object) => {
                if !is_json(head) {
                    return Err(refusal(612));
                }
                let export = inner.read(object.clone(), body)?;
                let index = inner.create(export, &caller.client, now)?;
                vec![inner.show(index)]
            }
            Endpoint::Enqueue(object, id) => {
                let index = inner.place(object, id, caller, now)?;
                inner.enqueue(index, now)?;
                vec![inner.show(index)]
            }
            Endpoint::Cancel(object, id) => {
                let index = inner.place(object, id, caller, now)?;
                inner.cancel(index, now)?;
                vec![inner.show(index)]
            }
            Endpoint::Status(object, id) => {
                let index = inner.place(object, id, caller, now)?;
                inner.jobs[index].status_calls += 1;
                vec![inner.show(index)]
            }
            Endpoint::List(object) => {
                let (jobs, next) = list(inner, object, query, caller, now)?;
                more.extend(next.map(|token| ("nextPageToken", token.into())));
                jobs
            }
            Endpoint::DescribeLeads => inner.describe(|catalogue| Some(catalogue.leads_json()))?,
            Endpoint::ActivityTypes => inner.describe(|catalogue| Some(catalogue.activities_json()))?,
            Endpoint::DescribeMembers => inner.describe(|catalogue| Some(catalogue.members_json()))?,
            Endpoint::DescribeObject(name) => inner.describe(|catalogue| catalogue.object_json(name))?,
            Endpoint::Token | Endpoint::File(..) => Vec::new(),
        };
        Ok(envelope::result(&inner.style, request, result, &more))
    }
}

impl Inner {
    fn show(&self, index: usize) -> Value {
        answer::job(&self.jobs[index], &self.style, self.subscription.skew)
    }

    fn place(&self, object: &Object, id: &str, caller: &Caller, now: Timestamp) -> Result<usize, Refusal> {
        self.find(object, id, &caller.client, now).ok_or_else(|| Refusal::new(1013, "Object not found: export job"))
    }
}

/// One page of jobs, and the token of the next page.
fn list(
    inner: &Inner,
    object: &Object,
    query: &[(String, String)],
    caller: &Caller,
    now: Timestamp,
) -> Result<(Vec<Value>, Option<String>), Refusal> {
    const MOST: usize = 300;
    let parameter = |name: &str| query.iter().find(|(other, _)| other == name).map(|(_, value)| &**value);
    let size = match parameter("batchSize") {
        None => MOST,
        Some(text) => match text.parse() {
            Ok(size @ 1..=MOST) => size,
            _ => return Err(Refusal::new(1003, "Invalid value for 'batchSize'")),
        },
    };
    let from = match parameter("nextPageToken").filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => page_start(token).ok_or_else(|| Refusal::new(1003, "Invalid value for 'nextPageToken'"))?,
    };
    let wanted = parameter("status").map(statuses).transpose()?;
    let jobs = inner.listed(object, &caller.client, now);
    let fits = |status| wanted.as_ref().is_none_or(|wanted| wanted.contains(&status));
    let jobs: Vec<_> = jobs.into_iter().filter(|job| fits(job.status)).collect();
    let page = jobs.iter().skip(from).take(size);
    let page = page.map(|job| answer::job(job, &inner.style, inner.subscription.skew)).collect();
    Ok((page, (jobs.len() > from.saturating_add(size)).then(|| page_token(from + size))))
}

fn statuses(text: &str) -> Result<Vec<Status>, Refusal> {
    let names = text.split(',').map(|name| name.trim().to_ascii_lowercase());
    names
        .map(|name| match &*name {
            "created" => Ok(Status::Created),
            "queued" => Ok(Status::Queued),
            "processing" => Ok(Status::Processing),
            "completed" => Ok(Status::Completed),
            "failed" => Ok(Status::Failed),
            "cancelled" | "canceled" => Ok(Status::Cancelled),
            _ => Err(Refusal::new(1003, format!("Invalid value for 'status': {name}"))),
        })
        .collect()
}

/// Holds signs that must be escaped in a query.
fn page_token(from: usize) -> String {
    format!("PAGE+{from:08X}==")
}

fn page_start(token: &str) -> Option<usize> {
    usize::from_str_radix(token.strip_prefix("PAGE+")?.strip_suffix("==")?, 16).ok()
}

fn is_json(head: &Parts) -> bool {
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn refusal(code: u32) -> Refusal {
    Refusal::new(code, envelope::message(code))
}
