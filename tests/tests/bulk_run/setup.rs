//! A fake with its clock, a client that goes by it, and a place for files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use fake::bulk::Change;
use fake::{CLIENT_ID, CLIENT_SECRET, Config, Fake};
use jiff::{SignedDuration, Timestamp};
use runtime::bulk::ledger::Step;
use runtime::bulk::run::Raw;
use runtime::bulk::{BulkClient, Ledger, Plan, Report};
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

/// A folder in memory where the system has one: nothing in here takes the power away, and syncing is free there.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
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
        tests::secrets::watch([CLIENT_SECRET]);
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
        Self { fake, clock, client, folder: folder() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Setup {
    /// Leads 1 to `count`, one an hour from the first of February on, each with its email.
    pub(crate) fn leads(&self, count: i64) {
        for id in 1..=count {
            let time = at("2026-02-01T00:00:00Z") + SignedDuration::from_hours(id);
            self.fake.bulk().lead(id, Change::at(time).set("email", format!("{id}@example.com")));
        }
    }

    /// A plan of leads by createdAt over days of February, in windows of so many hours.
    pub(crate) fn days(&self, from: u8, to: u8, hours: u64) -> Plan {
        let day = |day| at(&format!("2026-02-{day:02}T00:00:00Z"));
        let leads = self.client.leads().fields(["id", "email"]).created_at(day(from), day(to));
        leads.plan().unwrap().longest_window(Duration::from_secs(hours * 3_600))
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::open(self.path("ledger")).unwrap()
    }

    pub(crate) fn raw(&self) -> Raw {
        Raw::new(self.path("raw"))
    }

    /// The calls of an endpoint so far.
    pub(crate) fn calls(&self, name: &str) -> usize {
        self.fake.calls().of(name).len()
    }

    /// Each finished window's file is what the fake made for its job, byte for byte, and nothing else lies beside them.
    pub(crate) fn check_raw(&self, report: &Report) {
        let mut expected = BTreeMap::new();
        for plan in &report.plans {
            for window in plan.windows.iter().filter(|window| window.step == Step::Done) {
                let job = window.jobs.last().unwrap();
                let file = self.fake.bulk().job(job.info.id.as_str()).unwrap().file.unwrap();
                let range = window.range.map_or(String::new(), |range| {
                    let compact = |time: Timestamp| time.to_string().replace(['-', ':'], "");
                    format!("-{}-{}", compact(range.start()), compact(range.end()))
                });
                let name = format!("{}-{:06}{range}.csv", plan.name, window.number);
                expected.insert(name, file.bytes(0..file.size()).to_vec());
            }
        }
        let mut found = BTreeMap::new();
        for entry in std::fs::read_dir(self.path("raw")).into_iter().flatten() {
            let entry = entry.unwrap();
            found.insert(entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap());
        }
        assert!(found == expected, "{:?} {:?}", found.keys(), expected.keys());
    }

    /// No job was enqueued more than once, and never were there more of ours in the queue or running than allowed.
    pub(crate) fn check_jobs(&self) {
        for job in self.fake.bulk().jobs() {
            assert!(job.enqueued <= 1, "{job:?}");
        }
    }
}
