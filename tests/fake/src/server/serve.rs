//! One call: written down, let in, held against the script, executed, answered.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use super::delivery::{Delivery, Holds};
use super::socket::{Cut, Line};
use crate::calls::{Kind, Outcome, Ticket};
use crate::limits::{Exceeded, Inside};
use crate::state::State;
use crate::trouble::{Act, Changes, Trouble};
use crate::{Body, Code, bulk, gzip, soap};

/// The greatest request that is read.
const MAX_REQUEST: usize = 64 << 20;

pub(super) async fn serve(
    state: Arc<State>,
    line: Arc<Line>,
    request: Request<Incoming>,
) -> Result<Response<Delivery>, Infallible> {
    let (head, body) = request.into_parts();
    let kind = kind(head.uri.path());
    let ticket = state.log.begin(kind, name(kind, &head), &head, state.clock.now());
    let inside = if kind == Kind::Identity { Ok(None) } else { state.gate.enter(state.clock.now()).map(Some) };

    if inside.is_ok()
        && let Some(trouble) = take(&state, &ticket, true)
    {
        wait(trouble.delay).await;
        return cut(&line, &ticket, inside.ok().flatten(), Cut::Reset).await;
    }
    let Ok(body) = Limited::new(body, MAX_REQUEST).collect().await else {
        // Cut while it was sent, or far too long.
        return cut(&line, &ticket, inside.ok().flatten(), Cut::Reset).await;
    };
    let body = body.to_bytes();
    ticket.note(|call| call.body = body.clone());

    let inside = match inside {
        Ok(inside) => inside,
        Err(exceeded) => {
            ticket.note(|call| call.refused = Some(exceeded));
            let response = error(&state, kind, code(kind, exceeded), None);
            return Ok(deliver(response, Changes::default(), line, ticket, None));
        }
    };
    let Trouble { act, executions, delay, changes } = take(&state, &ticket, false).unwrap_or(Trouble::none());
    wait(delay).await;
    for _ in 0..executions {
        execute(&state, &ticket, kind, &head, &body).await;
    }
    let response = match act {
        Act::Service => {
            let response = execute(&state, &ticket, kind, &head, &body).await;
            state.keep(&ticket, &response);
            response
        }
        Act::Answer(answer) => answer.response(),
        Act::Error { code, message } => error(&state, kind, code, message),
        Act::Previous => state.previous(&ticket).unwrap_or_else(not_found),
        Act::Bomb { length, content_type } => gzip::bomb(length, content_type),
        Act::Reset { .. } => return cut(&line, &ticket, inside, Cut::Reset).await,
        Act::Raw(bytes) => return cut(&line, &ticket, inside, Cut::Raw(bytes)).await,
        Act::Silence => pending().await,
    };
    Ok(deliver(response, changes, line, ticket, inside))
}

fn kind(path: &str) -> Kind {
    match path.split('/').nth(1) {
        Some("soap") => Kind::Soap,
        Some("identity") => Kind::Identity,
        Some("bulk") => Kind::Bulk,
        Some("rest") => Kind::Rest,
        _ => Kind::Unknown,
    }
}

fn name(kind: Kind, head: &Parts) -> String {
    match kind {
        Kind::Soap => soap::name(head),
        Kind::Identity | Kind::Bulk | Kind::Rest => bulk::name(head),
        Kind::Unknown => head.uri.path().to_owned(),
    }
}

fn take(state: &State, ticket: &Ticket, before_read: bool) -> Option<Trouble> {
    if state.script.is_empty() {
        return None;
    }
    ticket.call().and_then(|call| state.script.take(&call, before_read))
}

async fn wait(delay: Option<Duration>) {
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
}

async fn execute(state: &State, ticket: &Ticket, kind: Kind, head: &Parts, body: &Bytes) -> Response<Body> {
    let request = Request::from_parts(head.clone(), body.clone());
    let response = match kind {
        Kind::Soap => soap::handle(state, &request),
        Kind::Identity | Kind::Bulk | Kind::Rest => bulk::handle(state, request).await,
        Kind::Unknown => not_found(),
    };
    if code_of(&response).is_none() && !response.status().is_server_error() && !response.status().is_client_error() {
        ticket.note(|call| call.executed += 1);
    }
    response
}

/// Ends the connection without an answer. The call ends before: a caller that sees the cut never counts as still calling.
async fn cut<T>(line: &Line, ticket: &Ticket, inside: Option<Inside>, cut: Cut) -> T {
    ticket.end(Outcome::Cut);
    drop(inside);
    line.cut(cut);
    pending().await
}

fn deliver(
    response: Response<Body>,
    changes: Changes,
    line: Arc<Line>,
    ticket: Ticket,
    inside: Option<Inside>,
) -> Response<Delivery> {
    let response = changes.apply(response);
    let outcome = Outcome::Answered { status: response.status().as_u16(), code: code_of(&response) };
    response.map(|body| Delivery::new(body, changes, line, Holds { ticket, inside, outcome }))
}

fn code_of(response: &Response<Body>) -> Option<u32> {
    response.extensions().get().map(|Code(code)| *code)
}

fn code(kind: Kind, exceeded: Exceeded) -> u32 {
    match (kind, exceeded) {
        (Kind::Soap, Exceeded::Rate) => 20023,
        (Kind::Soap, Exceeded::AtOnce) => 20024,
        (Kind::Soap, Exceeded::Daily) => 20015,
        (_, Exceeded::Rate) => 606,
        (_, Exceeded::AtOnce) => 615,
        (_, Exceeded::Daily) => 607,
    }
}

fn error(state: &State, kind: Kind, code: u32, message: Option<String>) -> Response<Body> {
    match kind {
        Kind::Soap => soap::fault(code, message),
        Kind::Identity | Kind::Bulk | Kind::Rest | Kind::Unknown => bulk::error(state, code, message),
    }
}

fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::from("Not Found"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
