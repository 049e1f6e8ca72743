//! A fake with a client of its own, and a clock that both go by and that jumps over every wait.

use std::time::Duration;

use fake::{CLIENT_ID, CLIENT_SECRET, Clock, Config, Fake, Limits};
use jiff::Timestamp;
use runtime::bulk::{BulkClient, BulkClientBuilder, CreateRequest, ExportId, Object};
use runtime::clock::BoxFuture;
use runtime::transport::HttpTransport;

pub(crate) const START: &str = "2026-03-10T15:00:00Z";

/// The fake's clock as the client's: every wait puts it forward.
#[derive(Clone)]
pub(crate) struct Jumping(pub(crate) Clock);

impl runtime::clock::Clock for Jumping {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        let start: Timestamp = START.parse().unwrap();
        self.0.now().duration_since(start).unsigned_abs()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.0.advance(duration);
        Box::pin(tokio::task::yield_now())
    }
}

/// A fake and what calls it.
pub(crate) struct Setup {
    pub(crate) fake: Fake,
    pub(crate) client: BulkClient,
}

impl Setup {
    /// `idle` is how long nothing may come: short only where the trouble is that nothing comes.
    pub(crate) async fn new(idle: Duration) -> Self {
        Self::with(idle, |builder| builder).await
    }

    pub(crate) async fn with(idle: Duration, build: impl FnOnce(BulkClientBuilder) -> BulkClientBuilder) -> Self {
        tests::secrets::watch([CLIENT_SECRET]);
        let clock = Clock::at(START.parse().unwrap());
        let fake = Fake::start(Config::new().clock(clock.clone()).limits(Limits::none())).await.unwrap();
        for id in 1..=40 {
            let change = fake::bulk::Change::at("2026-03-01T00:00:00Z".parse().unwrap());
            fake.bulk().lead(id, change.set("email", format!("lead{id}@example.com")));
        }
        let transport = HttpTransport::builder().allow_http().no_proxy().idle_time(idle).build().unwrap();
        let builder = BulkClient::builder(fake.url())
            .credentials(CLIENT_ID, CLIENT_SECRET)
            .allow_http()
            .transport(transport)
            .clock(Jumping(clock));
        let client = build(builder).build().unwrap();
        Self { fake, client }
    }

    /// A job in the state Created.
    pub(crate) async fn created(&self) -> ExportId {
        self.client.create(&self.request()).await.unwrap().id
    }

    pub(crate) fn request(&self) -> CreateRequest {
        let (from, to) = ("2026-03-01T00:00:00Z".parse::<Timestamp>(), "2026-03-02T00:00:00Z".parse::<Timestamp>());
        self.client.leads().fields(["id", "email"]).created_at(from.unwrap(), to.unwrap()).request().unwrap()
    }

    /// The calls since the log was cleared, each with how often it was executed: `create`, `create×0`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.fake.calls().into_iter();
        calls
            .map(|call| {
                let name = call.name.rsplit('/').next().unwrap_or_default();
                if call.executed == 1 { name.to_owned() } else { format!("{name}×{}", call.executed) }
            })
            .collect()
    }

    pub(crate) fn job(&self, id: &ExportId) -> fake::bulk::Job {
        self.fake.bulk().job(id.as_str()).unwrap()
    }
}

pub(crate) const LEADS: Object = Object::Leads;
/// Long enough for a machine that is busy.
pub(crate) const PATIENT: Duration = Duration::from_secs(60);
/// Short enough for a test that waits for it.
pub(crate) const HASTY: Duration = Duration::from_secs(3);
