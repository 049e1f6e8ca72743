//! What the parts of the fake share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::response::Parts;

use crate::calls::{Log, Ticket};
use crate::clock::Clock;
use crate::limits::Gate;
use crate::script::Script;
use crate::{Body, Config, Response, bulk, lock, soap};

/// What the parts of the fake share: given to every handler.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) gate: Arc<Gate>,
    pub(crate) log: Arc<Log>,
    pub(crate) script: Script,
    pub(crate) soap: soap::Service,
    pub(crate) bulk: bulk::Service,
    /// The last whole answer of each name.
    previous: Mutex<HashMap<String, (Parts, Bytes)>>,
}

impl State {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            clock: config.clock.clone(),
            gate: Gate::new(config.limits),
            log: Arc::default(),
            script: Script::default(),
            soap: soap::Service::new(config),
            bulk: bulk::Service::new(config),
            previous: Mutex::default(),
        }
    }

    /// Keeps an answer for [`Trouble::previous`](crate::Trouble::previous).
    pub(crate) fn keep(&self, ticket: &Ticket, response: &Response) {
        if let Some(body) = response.body().whole() {
            let mut head = Response::new(Body::empty()).into_parts().0;
            head.status = response.status();
            head.headers = response.headers().clone();
            lock(&self.previous).insert(ticket.name.clone(), (head, body.clone()));
        }
    }

    pub(crate) fn previous(&self, ticket: &Ticket) -> Option<Response> {
        let (head, body) = lock(&self.previous).get(&ticket.name).cloned()?;
        Some(Response::from_parts(head, Body::from(body)))
    }
}
