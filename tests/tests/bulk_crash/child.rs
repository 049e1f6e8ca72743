//! The exporter: two plans into their sinks, by the parent's clock, with points at which it asks to be killed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use fake::{CLIENT_ID, CLIENT_SECRET};
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use runtime::bulk::progress::{Event, What};
use runtime::bulk::run::Raw;
use runtime::bulk::sink::JsonLines;
use runtime::bulk::{BulkClient, Ledger, Run};
use runtime::clock::{BoxFuture, Clock};
use runtime::pace::{Limits, Pace};
use runtime::transport::{Body, HttpTransport, Transport, TransportError};

use crate::START;
use crate::control::Line;
use crate::kill::{Kill, Points};

/// Counts points, and asks to be killed at the one that was named.
#[derive(Clone)]
struct Trap(Arc<(Line, Kill, AtomicU32)>);

impl Trap {
    fn pass(&self, points: Points) {
        let (line, kill, passed) = &*self.0;
        if let Kill::At(wanted, nth) = kill
            && *wanted == points
            && passed.fetch_add(1, Ordering::SeqCst) + 1 == *nth
        {
            line.kill();
        }
    }
}

/// The parent's clock: it jumps to the earliest time that somebody waits for, once no call is under way.
#[derive(Clone)]
struct Remote {
    trap: Trap,
    start: Timestamp,
    sleepers: Arc<Mutex<BTreeSet<(Timestamp, u64)>>>,
    count: Arc<AtomicU64>,
    pace: Arc<OnceLock<Pace>>,
}

impl Remote {
    fn time(&self) -> Timestamp {
        self.trap.0.0.now(None)
    }
}

impl Clock for Remote {
    fn now(&self) -> Timestamp {
        self.trap.pass(Points::Clock);
        self.time()
    }

    fn elapsed(&self) -> Duration {
        Duration::try_from(self.time().duration_since(self.start)).unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        struct Asleep<'a>(&'a Remote, (Timestamp, u64));
        impl Drop for Asleep<'_> {
            fn drop(&mut self) {
                self.0.sleepers.lock().unwrap().remove(&self.1);
            }
        }
        let until = self.time() + SignedDuration::try_from(duration).unwrap();
        let key = (until, self.count.fetch_add(1, Ordering::Relaxed));
        self.sleepers.lock().unwrap().insert(key);
        let asleep = Asleep(self, key);
        Box::pin(async move {
            let _asleep = asleep;
            while self.time() < until {
                tokio::time::sleep(Duration::from_millis(1)).await;
                let calls = self.pace.get().map_or(0, Pace::under_way);
                if calls == 0 && self.sleepers.lock().unwrap().first() == Some(&key) {
                    self.trap.0.0.now(Some(until));
                }
            }
        })
    }
}

struct Trapped(HttpTransport, Trap);

impl Transport for Trapped {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            self.1.pass(Points::Send);
            let response = self.0.send(request).await?;
            self.1.pass(Points::Answer);
            let trap = self.1.clone();
            Ok(response.map(|body| Body::from_stream(body.inspect(move |_| trap.pass(Points::Chunk)))))
        })
    }
}

/// Not a test: the process that the others start.
#[test]
#[ignore = "the exporter, which the other tests start"]
fn child() {
    let Ok(url) = std::env::var("BULK_CRASH_URL") else { return };
    tests::secrets::watch([CLIENT_SECRET]);
    let var = |name| std::env::var(name).unwrap();
    let line = Line::connect(&var("BULK_CRASH_CONTROL"));
    let start = line.now(None);
    let trap = Trap(Arc::new((line, var("BULK_CRASH_KILL").parse().unwrap(), AtomicU32::new(0))));
    let clock =
        Remote { trap: trap.clone(), start, sleepers: Arc::default(), count: Arc::default(), pace: Arc::default() };
    let pace = Pace::with_clock(Limits::default(), Arc::new(clock.clone()));
    clock.pace.set(pace.clone()).unwrap();
    let transport = Trapped(HttpTransport::builder().allow_http().build().unwrap(), trap.clone());
    let client = BulkClient::builder(url)
        .credentials(CLIENT_ID, CLIENT_SECRET)
        .allow_http()
        .transport(transport)
        .pace(pace)
        .clock(clock)
        .build()
        .unwrap();

    let folder = PathBuf::from(var("BULK_CRASH_FOLDER"));
    let (start, end): (Timestamp, Timestamp) = (START.parse().unwrap(), var("BULK_CRASH_END").parse().unwrap());
    let day = Duration::from_secs(86_400);
    let leads = client.leads().fields(["id", "email", "company"]).created_at(start, end);
    let leads = leads.plan().unwrap().named("leads").unwrap().longest_window(day);
    let activities = client.activities().created_at(start, end);
    let activities = activities.plan().unwrap().named("activities").unwrap().longest_window(day);
    let progress = |event: &Event<'_>| {
        if matches!(event.what, What::Step(_)) {
            trap.pass(Points::Step);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let report = runtime.block_on(async {
        let mut ledger = Ledger::open(folder.join("ledger")).unwrap();
        let run = Run::new()
            .plan(leads, (Raw::new(folder.join("raw")), JsonLines::new(folder.join("leads")).unwrap()))
            .plan(activities, (Raw::new(folder.join("raw")), JsonLines::new(folder.join("activities")).unwrap()));
        run.go(&mut ledger, &progress).await
    });
    report.unwrap();
}
