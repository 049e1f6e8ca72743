//! The day's bytes and calls.

use std::sync::{Arc, Mutex};

use fake::Trouble;
use fake::bulk::Status;
use jiff::Timestamp;
use runtime::bulk::progress::{Event, Quiet, Reason, What};
use runtime::bulk::{ErrorKind, Run};

use crate::setup::{Setup, at};

/// What windows waited for, and until when.
type Waits = Arc<Mutex<Vec<(Reason, Timestamp)>>>;

fn waits() -> (impl Fn(&Event<'_>), Waits) {
    let waits = Waits::default();
    let told = waits.clone();
    let progress = move |event: &Event<'_>| {
        if let What::Waiting { reason, until } = event.what {
            told.lock().unwrap().push((reason, until));
        }
    };
    (progress, waits)
}

#[tokio::test]
async fn spent_bytes_are_waited_for() {
    let setup = Setup::new();
    setup.leads(8 * 24);
    // A window's file has some 500 bytes; four are under way before it is known that the day's are spent.
    setup.fake.bulk().subscription(|subscription| subscription.bytes_per_day = 600);
    let plan = setup.days(1, 9, 24);
    let run = Run::new().plan(plan, setup.raw()).daily_bytes(None);
    let (progress, waits) = waits();
    let report = run.go(&mut setup.ledger(), &progress).await.unwrap();
    setup.check_raw(&report);
    let jobs = setup.fake.bulk().jobs();
    let days: Vec<_> = jobs
        .iter()
        .filter(|job| job.status == Status::Completed)
        .map(|job| fake::day(job.finished_at.unwrap()))
        .collect();
    assert_eq!(days.len(), 8);
    assert!(days[0] < days[7]);
    let waits = waits.lock().unwrap();
    // Midnight US Central, daylight saving time, and a minute for clocks that differ.
    assert_eq!(waits[0], (Reason::Bytes, at("2026-03-11T05:01:00Z")));
    assert!(waits.iter().all(|(reason, _)| *reason == Reason::Bytes));
    setup.check_jobs();
}

#[tokio::test]
async fn a_window_that_is_not_expected_to_fit_waits_without_a_call() {
    let setup = Setup::new();
    setup.leads(96);
    let mut ledger = setup.ledger();
    let first = setup.days(1, 2, 24).run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let size = first.windows().next().unwrap().jobs[0].info.size.unwrap();
    setup.fake.clear_calls();
    // Two files a day, of which one is spent.
    let run = Run::new().plan(setup.days(1, 5, 24), setup.raw()).daily_bytes(Some(2 * size + size / 2));
    let (progress, waits) = waits();
    let report = run.go(&mut ledger, &progress).await.unwrap();
    setup.check_raw(&report);
    let starts: Vec<_> = setup.fake.calls().of("create").iter().map(|call| fake::day(call.received)).collect();
    let days: Vec<_> = starts.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-03-10", "2026-03-11", "2026-03-11"]);
    assert_eq!(setup.fake.calls().iter().filter(|call| call.code().is_some()).count(), 0);
    assert_eq!(waits.lock().unwrap()[0], (Reason::Bytes, at("2026-03-11T05:00:00Z")));
}

#[tokio::test]
async fn spent_bytes_end_the_run_where_it_shall_not_wait() {
    let setup = Setup::new();
    setup.leads(72);
    setup
        .fake
        .script()
        .add(fake::When::call("create").nth(3), Trouble::error_with(1029, "Export daily quota exceeded"));
    let plan = setup.days(1, 4, 24);
    let run = Run::new().plan(plan.clone(), setup.raw()).wait_for_reset(false);
    let mut ledger = setup.ledger();
    let error = run.go(&mut ledger, &Quiet).await.unwrap_err();
    let bulk = error.bulk().unwrap();
    assert_eq!((bulk.kind(), bulk.until()), (ErrorKind::ByteQuota, Some(at("2026-03-11T05:00:00Z"))));
    // What was there is finished.
    let report = error.report().unwrap();
    assert_eq!(report.cursor(), Some(at("2026-02-03T00:00:00Z")));
    setup.check_raw(report);
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    assert_eq!(report.cursor(), Some(at("2026-02-04T00:00:00Z")));
    setup.check_raw(&report);
}

#[tokio::test]
async fn a_quota_that_is_late_is_tried_again_soon() {
    let setup = Setup::at("2026-03-11T05:00:10Z");
    setup.leads(24);
    setup
        .fake
        .script()
        .add(fake::When::call("enqueue").times(2), Trouble::error_with(1029, "Export daily quota 500MB exceeded."));
    let (progress, waits) = waits();
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
    setup.check_raw(&report);
    assert_eq!((setup.calls("create"), setup.calls("enqueue")), (1, 3));
    assert_eq!(waits.lock().unwrap()[0], (Reason::Bytes, at("2026-03-11T05:10:10Z")));
    setup.check_jobs();
}

#[tokio::test]
async fn spent_calls_are_waited_for_at_any_step() {
    for step in ["create", "enqueue", "status", "file"] {
        let setup = Setup::new();
        setup.leads(24);
        setup.fake.script().on(step, Trouble::error(607));
        let (progress, waits) = waits();
        let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
        setup.check_raw(&report);
        assert_eq!(*waits.lock().unwrap(), [(Reason::Calls, at("2026-03-11T05:01:00Z"))], "{step}");
        assert_eq!(setup.calls("create"), 1 + usize::from(step == "create"), "{step}");
        setup.check_jobs();
    }
}
