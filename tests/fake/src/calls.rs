//! What the fake saw: every call, with its time and outcome, so that tests count exactly.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp};

use crate::limits::Exceeded;
use crate::lock;

/// The part of the service that a call went to, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `/soap/mktows/<version>`.
    Soap,
    /// `/identity/…`: counts for no limit.
    Identity,
    /// `/bulk/v1/…`.
    Bulk,
    /// `/rest/v1/…`.
    Rest,
    /// A path that the fake does not know.
    Unknown,
}

/// A call, as the fake received it.
#[derive(Clone)]
pub struct Call {
    /// The part of the service.
    pub kind: Kind,
    /// The operation of SOAP, such as `getLead`, or the endpoint, such as `leads/create`.
    pub name: String,
    /// The request's method.
    pub method: Method,
    /// The request's path, with the query.
    pub path: String,
    /// The request's header fields.
    pub headers: HeaderMap,
    /// The request's body; empty until it was read.
    pub body: Bytes,
    /// When its head was received, by the fake's clock.
    pub received: Timestamp,
    /// The limit that it was refused for.
    pub refused: Option<Exceeded>,
    /// How often the service did what was asked. A call that it answered with an error was not executed.
    pub executed: u32,
    /// What became of it.
    pub outcome: Outcome,
    began: u64,
    ended: Option<u64>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is under way.
    UnderWay,
    /// It was answered, and all of the answer was handed to the connection.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The code of the fault or the REST error in the answer.
        code: Option<u32>,
    },
    /// The script cut the connection.
    Cut,
    /// The caller went away before it had the whole answer.
    Abandoned,
}

impl Call {
    /// Whether `name` is this call's name, or the last part of it: `create` is also `leads/create`.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    }

    /// The code of the fault or the REST error that it was answered with.
    #[must_use]
    pub const fn code(&self) -> Option<u32> {
        match self.outcome {
            Outcome::Answered { code, .. } => code,
            Outcome::UnderWay | Outcome::Cut | Outcome::Abandoned => None,
        }
    }
}

/// Shows no query, header field or body: they hold secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("method", &self.method)
            .field("received", &self.received)
            .field("refused", &self.refused)
            .field("executed", &self.executed)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// Calls in the order in which they were received: a snapshot.
#[derive(Clone, Debug)]
pub struct Calls(Vec<Call>);

impl Calls {
    /// Those with this [name](Call::is).
    #[must_use]
    pub fn of(&self, name: &str) -> Self {
        self.only(|call| call.is(name))
    }

    /// Those that `wanted` is true for.
    #[must_use]
    pub fn only(&self, mut wanted: impl FnMut(&Call) -> bool) -> Self {
        Self(self.0.iter().filter(|call| wanted(call)).cloned().collect())
    }

    /// How often the service did what was asked, in all.
    #[must_use]
    pub fn executed(&self) -> u32 {
        self.0.iter().map(|call| call.executed).sum()
    }

    /// The greatest number that was received in any span of `window`, its end left out; refused ones too, identity not.
    #[must_use]
    pub fn most_in(&self, window: Duration) -> usize {
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        let mut times: Vec<_> = self.limited().map(|call| call.received).collect();
        times.sort_unstable();
        let mut first = 0;
        let mut most = 0;
        for (last, time) in times.iter().enumerate() {
            while time.duration_since(times[first]) >= window {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        most
    }

    /// The greatest number that was under way at once; refused ones too, identity not.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        let began = self.limited().map(|call| (call.began, true));
        let ended = self.limited().filter_map(|call| call.ended).map(|at| (at, false));
        let mut steps: Vec<_> = began.chain(ended).collect();
        steps.sort_unstable();
        let (mut now, mut most) = (0_usize, 0);
        for (_, begins) in steps {
            if begins {
                now += 1;
                most = most.max(now);
            } else {
                now -= 1;
            }
        }
        most
    }

    fn limited(&self) -> impl Iterator<Item = &Call> {
        self.0.iter().filter(|call| call.kind != Kind::Identity)
    }
}

impl Deref for Calls {
    type Target = [Call];

    fn deref(&self) -> &[Call] {
        &self.0
    }
}

impl IntoIterator for Calls {
    type Item = Call;
    type IntoIter = std::vec::IntoIter<Call>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Where calls are written down.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    calls: Vec<Call>,
    /// Counts beginnings and ends, so that they have an order.
    step: u64,
    /// Rises when the log is cleared: tickets from before then write nothing.
    round: u64,
}

/// One call's line in the log. Dropped before its [`end`](Self::end), the call counts as abandoned.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) name: String,
    log: Arc<Log>,
    round: u64,
    index: usize,
}

impl Log {
    pub(crate) fn begin(
        self: &Arc<Self>,
        kind: Kind,
        name: String,
        head: &http::request::Parts,
        now: Timestamp,
    ) -> Ticket {
        let mut entries = lock(&self.0);
        entries.step += 1;
        let call = Call {
            kind,
            name: name.clone(),
            method: head.method.clone(),
            path: head.uri.path_and_query().map_or("", |path| path.as_str()).to_owned(),
            headers: head.headers.clone(),
            body: Bytes::new(),
            received: now,
            refused: None,
            executed: 0,
            outcome: Outcome::UnderWay,
            began: entries.step,
            ended: None,
        };
        entries.calls.push(call);
        Ticket { name, log: self.clone(), round: entries.round, index: entries.calls.len() - 1 }
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls(lock(&self.0).calls.clone())
    }

    pub(crate) fn clear(&self) {
        let mut entries = lock(&self.0);
        entries.calls.clear();
        entries.round += 1;
    }
}

impl Ticket {
    /// The call as written down so far; `None` where the log was cleared since.
    pub(crate) fn call(&self) -> Option<Call> {
        let entries = lock(&self.log.0);
        if entries.round == self.round { entries.calls.get(self.index).cloned() } else { None }
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut Call)) {
        let mut entries = lock(&self.log.0);
        if entries.round == self.round
            && let Some(call) = entries.calls.get_mut(self.index)
        {
            change(call);
        }
    }

    /// Writes down what became of the call. Only the first time counts.
    pub(crate) fn end(&self, outcome: Outcome) {
        let mut entries = lock(&self.log.0);
        entries.step += 1;
        let step = entries.step;
        if entries.round == self.round
            && let Some(call) = entries.calls.get_mut(self.index)
            && call.ended.is_none()
        {
            call.outcome = outcome;
            call.ended = Some(step);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.end(Outcome::Abandoned);
    }
}
