//! The exporter as a process of its own, killed with SIGKILL at points all over its run and started again until it is done.
//!
//! The child is this same program, told so by its environment. It asks to be killed at a point of its own (a step of the ledger before and
//! after it is on disk, a call before it is sent and after it is answered, a chunk of a file), or is killed at any time. What it leaves is then
//! held against what the fake served: files byte for byte, rows one by one, jobs enqueued once, and nothing else on disk.
//!
//! `BULK_CRASH_KILLS` is the number of kills at random points, `BULK_CRASH_SEED` draws the same ones again.

mod check;
mod child;
mod control;
mod kill;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use control::Control;
use fake::bulk::Change;
use fake::{Config, Fake};
use jiff::{SignedDuration, Timestamp};
use kill::{Kill, Points, Random};

/// Hours of history; a window covers a day.
const HOURS: i64 = 6 * 24;
const START: &str = "2026-02-01T00:00:00Z";

/// A fake with a history, and the folder of an export.
struct World {
    fake: Fake,
    control: Control,
    folder: tempfile::TempDir,
}

impl World {
    /// `hours` of history: a lead changes and two things happen to it on every border of a day, and in between.
    fn new(hours: i64) -> Self {
        let clock = fake::Clock::at("2026-03-10T12:00:00Z".parse().unwrap());
        let fake = Fake::start_blocking(Config::new().clock(clock.clone()).limits(fake::Limits::none())).unwrap();
        fake.identity().lifetime(Duration::from_secs(365 * 86_400));
        let start: Timestamp = START.parse().unwrap();
        for hour in 0..=hours {
            let time = start + SignedDuration::from_hours(hour);
            for number in 0..4 {
                let id = hour * 4 + number + 1;
                let text = format!("{id} \"quoted\", and\nmore {}", "of a long text ".repeat(80));
                let change = Change::at(time).set("email", format!("{id}@example.com")).set("company", text);
                fake.bulk().lead(id, change);
                let change = Change::at(time).set("leadId", id).set("activityTypeId", 1);
                fake.bulk().activity(&format!("{id:032x}"), change.set("primaryAttributeValue", format!("form {id}")));
            }
        }
        Self { fake, control: Control::start(clock), folder: folder() }
    }

    fn end(hours: i64) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
    }

    /// Starts the exporter, and waits until it is killed or done. Whether it is done.
    fn run(&self, kill: &Kill, hours: i64) -> bool {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child::child", "--exact", "--ignored", "--nocapture"]);
        child.env("BULK_CRASH_URL", self.fake.url()).env("BULK_CRASH_CONTROL", self.control.address());
        child.env("BULK_CRASH_FOLDER", self.folder.path()).env("BULK_CRASH_END", Self::end(hours).to_string());
        child.env("BULK_CRASH_KILL", kill.to_string()).env_remove("RUST_BACKTRACE");
        let child = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (killed, status, errors) = self.control.attend(child, kill);
        assert!(killed || status.success(), "{kill}: {status}: {errors}");
        !killed
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder in memory where the system has one: what a process wrote before it was killed is there all the same, and syncing is free.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Each step of a window's life, each call and each chunk: the first process is killed there, the second one ends the work.
#[test]
fn killed_once_at_each_point_of_a_window() {
    let (mut kills, mut resumed) = (0, 0);
    for points in Points::ALL {
        for nth in 1.. {
            let world = World::new(24);
            let kill = Kill::At(points, nth);
            if world.run(&kill, 24) {
                check::all(&world, 24);
                break;
            }
            kills += 1;
            assert!(world.run(&Kill::Never, 24));
            check::all(&world, 24);
            resumed += world.fake.bulk().jobs().iter().flat_map(|job| &job.reads).filter(|read| read.start > 0).count();
            assert!(nth < 200, "{kill}");
        }
    }
    println!("{kills} points; {resumed} downloads went on in the middle of a file");
    assert!(kills > 60 && resumed > 0);
}

/// Kill after kill at random points of the same export, until it is done; and again with another one.
#[test]
fn killed_again_and_again_all_over_the_run() {
    let seed = number("BULK_CRASH_SEED")
        .unwrap_or_else(|| u64::from(std::process::id()) ^ Timestamp::now().as_second() as u64);
    println!("BULK_CRASH_SEED={seed}");
    let wanted = number("BULK_CRASH_KILLS").unwrap_or(200);
    let mut random = Random(seed);
    let mut kills = 0;
    while kills < wanted {
        let world = World::new(HOURS);
        let before = kills;
        while !world.run(&random.kill(), HOURS) {
            kills += 1;
            assert!(kills - before < 1_000, "no end is in sight");
        }
        check::all(&world, HOURS);
    }
    println!("{kills} kills");
}
