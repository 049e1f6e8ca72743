//! A fake with its clock, a client that goes by it, and a place for files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use fake::{CLIENT_ID, CLIENT_SECRET, Config, Fake};
use jiff::{SignedDuration, Timestamp};
use runtime::bulk::BulkClient;
use runtime::clock::{BoxFuture, Clock};
use runtime::pace::{Limits, Pace};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The fake's clock. Who sleeps does not wait: once no call is under way, the clock jumps to the earliest time that somebody waits for.
#[derive(Clone)]
pub(crate) struct Virtual(Arc<Shared>);

struct Shared {
    clock: fake::Clock,
    start: Timestamp,
    sleepers: Mutex<BTreeMap<(Timestamp, u64), ()>>,
    pace: OnceLock<Pace>,
}

impl Virtual {
    fn new(clock: fake::Clock) -> Self {
        let start = clock.now();
        Self(Arc::new(Shared { clock, start, sleepers: Mutex::default(), pace: OnceLock::new() }))
    }

    /// Moves the time on if this sleeper is the next and everybody else waits, too.
    fn pass(&self, key: (Timestamp, u64)) {
        let calls = self.0.pace.get().map_or(0, Pace::under_way);
        let sleepers = self.0.sleepers.lock().unwrap();
        if calls == 0 && sleepers.first_key_value().is_some_and(|(first, ())| *first == key) {
            self.0.clock.set(key.0.max(self.0.clock.now()));
        }
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn elapsed(&self) -> Duration {
        Duration::try_from(self.now().duration_since(self.0.start)).unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        struct Asleep(Arc<Shared>, (Timestamp, u64));
        impl Drop for Asleep {
            fn drop(&mut self) {
                self.0.sleepers.lock().unwrap().remove(&self.1);
            }
        }
        static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let key = (self.now() + SignedDuration::try_from(duration).unwrap(), number);
        self.0.sleepers.lock().unwrap().insert(key, ());
        let asleep = Asleep(self.0.clone(), key);
        Box::pin(async move {
            let asleep = asleep;
            while self.now() < asleep.1.0 {
                // The others' turn: calls begin, files are written.
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.pass(asleep.1);
            }
        })
    }
}

/// A fake on a day in March 2026, noon UTC, a client, and a folder.
pub(crate) struct Setup {
    pub(crate) fake: Fake,
    pub(crate) clock: Virtual,
    pub(crate) client: BulkClient,
    pub(crate) folder: tempfile::TempDir,
}

impl Setup {
    pub(crate) fn new() -> Self {
        Self::at("2026-03-10T12:00:00Z")
    }

    pub(crate) fn at(now: &str) -> Self {
        let fake = Fake::start_blocking(Config::new().clock(fake::Clock::at(at(now)))).unwrap();
        fake.identity().lifetime(Duration::from_secs(365 * 86_400));
        let clock = Virtual::new(fake.clock().clone());
        let pace = Pace::with_clock(Limits::default(), Arc::new(clock.clone()));
        clock.0.pace.set(pace.clone()).unwrap();
        let client = BulkClient::builder(fake.url())
            .credentials(CLIENT_ID, CLIENT_SECRET)
            .allow_http()
            .pace(pace)
            .clock(clock.clone())
            .build()
            .unwrap();
        Self { fake, clock, client, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
