//! What `tracing` sees of a call: names, numbers and durations, also of one that is dropped; never what a message says.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fake::{Trouble, When};
use generated::v3_1::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use super::{client, fake};

/// Keeps every span with its fields.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, (&'static str, Fields)>>>);

#[derive(Clone, Debug, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: tracing::Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        self.0.lock().unwrap().insert(id.into_u64(), (attributes.metadata().name(), fields));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some((_, fields)) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(fields);
        }
    }
}

impl Spans {
    fn of(&self, name: &str) -> Vec<BTreeMap<&'static str, String>> {
        let spans = self.0.lock().unwrap();
        spans.values().filter(|(found, _)| *found == name).map(|(_, fields)| fields.0.clone()).collect()
    }
}

#[tokio::test]
async fn calls_and_attempts_have_spans() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    let key = || ParamsGetLead::new(LeadKey::new(LeadKeyRef::Email, "nobody@example.com"));
    fake.script().add(When::any(), Trouble::answer(503, "text/plain", "later"));
    let error = port.get_lead(key()).await.unwrap_err();
    assert_eq!(error.kind().name(), "not found");

    let calls = spans.of("soap_call");
    assert_eq!(calls.len(), 1);
    let field = |fields: &BTreeMap<&'static str, String>, name: &str| fields.get(name).cloned().unwrap_or_default();
    assert_eq!(field(&calls[0], "operation"), "getLead");
    assert_eq!(field(&calls[0], "attempts"), "2");
    assert_eq!(field(&calls[0], "outcome"), "not found");
    let attempts = spans.of("soap_attempt");
    let outcomes: Vec<_> =
        attempts.iter().map(|attempt| (field(attempt, "status"), field(attempt, "outcome"))).collect();
    assert_eq!(
        outcomes,
        [("503", "server"), ("500", "not found")].map(|(status, outcome)| (status.to_owned(), outcome.to_owned()))
    );
    assert_eq!(field(&attempts[0], "response_bytes"), "5");
    for attempt in &attempts {
        assert!(field(attempt, "request_bytes").parse::<u32>().unwrap() > 100);
        assert!(field(attempt, "duration_ms").parse::<u64>().is_ok());
    }
    let all = format!("{:?}", spans.0.lock().unwrap());
    for secret in ["nobody", fake::ENCRYPTION_KEY, fake::USER_ID] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
}

#[tokio::test]
async fn a_dropped_call_has_them_too() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    fake.script().add(When::any(), Trouble::silence());
    let call = port.list_m_objects(ParamsListMObjects::new());
    assert!(tokio::time::timeout(Duration::from_millis(200), call).await.is_err());
    for name in ["soap_call", "soap_attempt"] {
        let span = spans.of(name).remove(0);
        assert_eq!(span["outcome"], "dropped");
        assert!(span["duration_ms"].parse::<u64>().is_ok());
    }
    assert_eq!(port.client().pace().under_way(), 0);
}
