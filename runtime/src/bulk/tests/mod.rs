//! The client over a transport that answers from a list, by a clock that jumps: every rule, with the calls that were made and the waits between.

mod calls;
mod downloads;
mod files;
mod identity;
mod jobs;
mod requests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::*;
use crate::clock::{BoxFuture, Clock};
use crate::transport::{Body, Transport, TransportError, TransportErrorKind};

const SECRET: &str = "client-secret-0123";

/// A clock that jumps over every wait, and keeps the waits.
#[derive(Clone, Default)]
struct Jumping(Arc<Mutex<(Duration, Vec<Duration>)>>);

impl Jumping {
    /// The waits so far, in whole seconds; jitter below a second is not seen.
    fn waits(&self) -> Vec<u64> {
        self.0.lock().unwrap().1.iter().map(Duration::as_secs).collect()
    }
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-01-15T12:00:00Z".parse().unwrap();
        start + SignedDuration::try_from(self.0.lock().unwrap().0).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().0
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let mut state = self.0.lock().unwrap();
        state.0 += duration;
        state.1.push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// An answer from the list.
enum Reply {
    Fail(TransportErrorKind),
    Answer(Response<Body>),
}

impl Reply {
    fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self::body(status, content_type, Body::from(body.into()))
    }

    fn body(status: u16, content_type: &str, body: Body) -> Self {
        let response = Response::builder().status(status).header("content-type", content_type);
        Self::Answer(response.body(body).unwrap())
    }

    fn header(self, name: &'static str, value: &str) -> Self {
        let Self::Answer(mut response) = self else { panic!("no answer") };
        response.headers_mut().insert(name, value.parse().unwrap());
        Self::Answer(response)
    }

    fn json(body: &str) -> Self {
        Self::new(200, "application/json;charset=UTF-8", body.to_owned())
    }

    fn error(code: u32, message: &str) -> Self {
        Self::json(&format!(r#"{{"success":false,"errors":[{{"code":"{code}","message":"{message}"}}]}}"#))
    }

    fn job(status: &str) -> Self {
        Self::json(&format!(r#"{{"success":true,"result":[{{"exportId":"e-1","status":"{status}","format":"CSV"}}]}}"#))
    }

    fn token(text: &str, life: u32) -> Self {
        Self::json(&format!(r#"{{"access_token":"{text}","token_type":"bearer","expires_in":{life}}}"#))
    }

    /// A range of a file.
    fn range(file: &[u8], start: usize, end: usize) -> Self {
        let place = format!("bytes {start}-{}/{}", end - 1, file.len());
        Self::new(206, "text/csv", file[start..end].to_vec()).header("content-range", &place)
    }
}

/// Chunks, and what comes after them.
fn broken(chunks: &[&[u8]], kind: TransportErrorKind) -> Body {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    Body::from_stream(stream::iter(chunks).chain(stream::iter([Err(TransportError::new(kind))])))
}

/// Chunks, and then nothing more, ever.
fn stalled(chunks: &[&[u8]]) -> Body {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    Body::from_stream(stream::iter(chunks).chain(stream::pending()))
}

/// What was sent: method, path, range, token and body.
#[derive(Clone, Debug)]
struct Seen {
    line: String,
    token: String,
    range: String,
    body: String,
}

/// A transport that answers from a list, and gives out tokens by itself unless the list has one for that too.
#[derive(Clone, Default)]
struct Listed(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    tokens: VecDeque<Reply>,
    seen: Vec<Seen>,
    asked: usize,
}

impl Listed {
    fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listed = Self::default();
        listed.0.lock().unwrap().replies.extend(replies);
        listed
    }

    /// These for calls of the identity service; after them, tokens `token-<n>`.
    fn tokens(self, replies: impl IntoIterator<Item = Reply>) -> Self {
        self.0.lock().unwrap().tokens.extend(replies);
        self
    }

    fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    /// Method and path of each call, those of the identity service as `identity`.
    fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// The ranges that were asked for.
    fn ranges(&self) -> Vec<String> {
        self.seen().into_iter().filter(|seen| seen.line != "identity").map(|seen| seen.range).collect()
    }

    fn done(&self) {
        assert_eq!(self.0.lock().unwrap().replies.len(), 0, "answers that nobody asked for");
    }
}

impl Transport for Listed {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!(header("accept-encoding"), "identity");
        assert_eq!(request.uri().authority().unwrap(), "example.com");
        let identity = request.uri().path() == "/identity/oauth/token";
        let path = request.uri().path_and_query().unwrap().as_str();
        let line = if identity { "identity".to_owned() } else { format!("{} {path}", request.method()) };
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        state.seen.push(Seen { line, token: header("authorization"), range: header("range"), body });
        let reply = if identity {
            state.asked += 1;
            let token = format!("token-{}", state.asked);
            state.tokens.pop_front().unwrap_or_else(|| Reply::token(&token, 3600))
        } else {
            state.replies.pop_front().expect("a call that no answer is for")
        };
        Box::pin(async {
            // Others come in between.
            tokio::task::yield_now().await;
            match reply {
                Reply::Answer(response) => Ok(response),
                Reply::Fail(kind) => Err(TransportError::new(kind)),
            }
        })
    }
}

/// A client, its transport and its clock.
fn client(listed: &Listed) -> (BulkClient, Jumping) {
    let clock = Jumping::default();
    (builder(listed, &clock).build().unwrap(), clock)
}

fn builder(listed: &Listed, clock: &Jumping) -> BulkClientBuilder {
    BulkClient::builder("https://example.com/rest")
        .credentials("client-id", SECRET)
        .transport(listed.clone())
        .clock(clock.clone())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn id() -> ExportId {
    ExportId::new("e-1").unwrap()
}

fn request() -> CreateRequest {
    let range = TimeRange::new(at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")).unwrap();
    CreateRequest::new(Object::Leads, Filter::CreatedAt(range), ["id"])
}

/// A job that promises what `file` is.
fn completed(file: &[u8]) -> JobInfo {
    JobInfo {
        format: Some(Format::Csv),
        size: Some(file.len() as u64),
        checksum: Some(Checksum(Sha256::digest(file).into())),
        ..JobInfo::new(id(), Status::Completed)
    }
}
