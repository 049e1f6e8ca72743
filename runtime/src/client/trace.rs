//! Spans: one a call, one an attempt in it. They hold names, numbers and durations, never what a message says.
//!
//! A span is complete also where the call is dropped before its end: then its outcome is `dropped`.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::clock::Clock;
use crate::soap::ErrorKind;

/// The span of a call.
pub(super) struct CallSpan(Timed);

/// The span of an attempt.
pub(super) struct AttemptSpan(Timed);

struct Timed {
    span: Span,
    clock: Arc<dyn Clock>,
    begun: Duration,
    ended: bool,
}

impl CallSpan {
    pub(super) fn new(operation: &'static str, call: u64, clock: Arc<dyn Clock>) -> Self {
        let span = info_span!("soap_call", operation, call, attempts = Empty, duration_ms = Empty, outcome = Empty);
        Self(Timed::new(span, clock))
    }

    /// Ends the call: with what its error is about, or well.
    pub(super) fn end(&mut self, attempts: u32, error: Option<ErrorKind>) {
        self.0.span.record("attempts", attempts);
        self.0.end(error);
    }
}

impl AttemptSpan {
    pub(super) fn new(call: &CallSpan, attempt: u32, clock: Arc<dyn Clock>) -> Self {
        let parent = &call.0.span;
        let span = info_span!(
            parent: parent,
            "soap_attempt",
            attempt,
            request_bytes = Empty,
            status = Empty,
            response_bytes = Empty,
            duration_ms = Empty,
            outcome = Empty
        );
        // Counted as they begin: of a call that is dropped the last one stays.
        parent.record("attempts", attempt);
        Self(Timed::new(span, clock))
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.0.span.record("request_bytes", bytes);
    }

    pub(super) fn received(&self, status: StatusCode, bytes: usize) {
        self.0.span.record("status", status.as_u16()).record("response_bytes", bytes);
    }

    /// Ends the attempt: with what its error is about, or well.
    pub(super) fn end(&mut self, error: Option<ErrorKind>) {
        self.0.end(error);
    }
}

impl Timed {
    fn new(span: Span, clock: Arc<dyn Clock>) -> Self {
        let begun = clock.elapsed();
        Self { span, clock, begun, ended: false }
    }

    fn end(&mut self, error: Option<ErrorKind>) {
        match error {
            None => self.finish("ok"),
            Some(kind) => self.finish(kind.name()),
        }
    }

    fn finish(&mut self, outcome: &'static str) {
        let duration = self.clock.elapsed().saturating_sub(self.begun);
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.span.record("duration_ms", milliseconds).record("outcome", outcome);
        self.ended = true;
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        if !self.ended {
            self.finish("dropped");
        }
    }
}
