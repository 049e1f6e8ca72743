//! Rare turns that a run must come out of: late failures, services that say one thing and do another, sinks that fail in the middle.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fake::bulk::{Fate, File};
use fake::{Trouble, When};
use runtime::bulk::ledger::{Counts, Ending, Step};
use runtime::bulk::progress::{Event, Quiet, What};
use runtime::bulk::run::{RunErrorKind, Sink, SinkError, SinkWindow};
use runtime::bulk::sink::{JsonLines, Misfits};
use runtime::bulk::{Error, ErrorKind, Polling, Run};

use crate::setup::{Setup, at};

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_ledger_of_another_service_is_refused() {
    let (sandbox, production) = (Setup::new(), Setup::new());
    let mut ledger = sandbox.ledger();
    sandbox.days(1, 2, 24).run(&mut ledger, sandbox.raw(), &Quiet).await.unwrap();
    let error = production.days(1, 2, 24).run(&mut ledger, production.raw(), &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::OtherService), "{error}");
    let named = production.days(1, 2, 24).named("production").unwrap();
    let both = Run::new().plan(sandbox.days(1, 2, 24), sandbox.raw()).plan(named.clone(), production.raw());
    let error = both.go(&mut ledger, &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::SeveralServices), "{error}");
    named.run(&mut ledger, production.raw(), &Quiet).await.unwrap();
    assert_eq!((production.calls("create"), production.calls("file")), (1, 1));
}

/// A day's wait for the quota is no waiting for the job.
#[tokio::test]
async fn patience_with_a_job_begins_when_it_is_in_the_queue() {
    let setup = Setup::at("2026-03-10T06:30:00Z");
    setup.leads(24);
    setup.fake.bulk().every_job(Fate::new().processing_time(5 * HOUR));
    setup.fake.script().on("enqueue", Trouble::error_with(1029, "Export daily quota exceeded"));
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(setup.calls("create"), 1);
}

#[tokio::test]
async fn a_queue_that_stays_full_ends_the_run_until_the_next_one() {
    let setup = Setup::new();
    setup.leads(6 * 24);
    setup.fake.script().add(When::call("enqueue").always(), Trouble::error_with(1029, "Too many jobs in queue"));
    let run = Run::new().plan(setup.days(1, 7, 24), setup.raw()).polling(Polling::default().total(2 * HOUR));
    let mut ledger = setup.ledger();
    let began = setup.fake.clock().now();
    let error = run.go(&mut ledger, &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::QueueFull), "{error}");
    let took = setup.fake.clock().now().duration_since(began).unsigned_abs();
    assert!(took > HOUR && took < 3 * HOUR, "{took:?}");
    // Two windows wait together, and each wait is longer than the one before, up to five minutes.
    assert_eq!(setup.calls("create"), 2);
    assert!(setup.calls("enqueue") < 2 * 30, "{}", setup.calls("enqueue"));

    setup.fake.script().clear();
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    assert_eq!(setup.calls("create"), 6);
    setup.check_raw(&report);
    setup.check_jobs();
}

/// The call was taken, as the service says, and it was not.
#[tokio::test]
async fn a_job_that_stays_created_is_enqueued_again() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().on("enqueue", Trouble::error_with(1029, "Job already queued"));
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    setup.check_jobs();
    assert_eq!((setup.calls("create"), setup.calls("enqueue")), (1, 2));
}

#[tokio::test]
async fn an_answer_to_enqueue_that_says_created_is_no_reason_to_enqueue_at_once() {
    let setup = Setup::new();
    setup.leads(24);
    let progress = |event: &Event<'_>| {
        if matches!(event.what, What::Step(Step::Created)) {
            let id = setup.fake.bulk().jobs()[0].id.clone();
            let body = format!(r#"{{"success":true,"result":[{{"exportId":"{id}","status":"Created"}}]}}"#);
            setup.fake.script().on("enqueue", Trouble::answer(200, "application/json", body));
        }
    };
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
    setup.check_raw(&report);
    let calls = setup.fake.calls().of("enqueue");
    assert_eq!(calls.len(), 2);
    let between = calls[1].received.duration_since(calls[0].received);
    assert!(between > jiff::SignedDuration::from_mins(2), "{between}");
}

#[tokio::test]
async fn a_job_that_can_never_be_enqueued_is_made_anew_but_not_for_ever() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().add(When::call("enqueue").always(), Trouble::error_with(1029, "Job already queued"));
    let error = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::Jobs(3, None)), "{error}");
    let window = error.report().unwrap().windows().next().unwrap();
    assert!(window.jobs.iter().all(|job| job.ending == Some(Ending::Refused { message: None })));
    assert_eq!((setup.calls("create"), setup.calls("enqueue")), (3, 15));
}

/// Completed, and size and checksum are told a minute later.
#[tokio::test]
async fn a_promise_that_comes_late_is_waited_for() {
    let setup = Setup::new();
    setup.leads(24);
    let progress = |event: &Event<'_>| {
        if matches!(event.what, What::Step(Step::Enqueued)) {
            let id = setup.fake.bulk().jobs()[0].id.clone();
            let body = format!(r#"{{"success":true,"result":[{{"exportId":"{id}","status":"Completed"}}]}}"#);
            setup.fake.script().add(When::call("status").nth(3), Trouble::answer(200, "application/json", body));
        }
    };
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(setup.calls("create"), 1);
}

#[tokio::test]
async fn a_job_without_a_promise_is_asked_about_again_by_each_run() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.bulk().next_job(Fate::new().no_checksum());
    let mut ledger = setup.ledger();
    let plan = setup.days(1, 2, 24);
    let error = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::Integrity));
    assert_eq!((setup.calls("create"), setup.calls("file")), (1, 0));
    // Once the service has forgotten it, another one is made.
    setup.fake.clock().advance(31 * 24 * HOUR);
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!(report.windows().next().unwrap().jobs[0].ending, Some(Ending::Expired));
    setup.check_raw(&report);
}

/// Fails once, at one window.
struct Fails(u32, AtomicBool);

impl Sink for Fails {
    fn download_path(&self, _: &SinkWindow) -> PathBuf {
        unreachable!("it is no first sink")
    }

    fn write(&self, window: &SinkWindow, _: &Path) -> Result<Counts, SinkError> {
        if window.number == self.0 && !self.1.swap(true, Ordering::Relaxed) {
            return Err("the disk is full".into());
        }
        Ok(Counts { written: u64::MAX, ..Counts::default() })
    }

    fn clean(&self, _: &SinkWindow) -> Result<(), SinkError> {
        Ok(())
    }
}

#[tokio::test]
async fn rows_on_borders_come_once_where_a_second_sink_failed() {
    let setup = Setup::new();
    setup.leads(6 * 24 - 1);
    let plan = setup.days(1, 7, 24);
    let mut ledger = setup.ledger();
    let rows = Arc::new(JsonLines::new(setup.path("rows")).unwrap());
    let run = Run::new().plan(plan, (rows, Fails(2, AtomicBool::new(false))));
    let error = run.go(&mut ledger, &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::Sink(_)), "{error}");
    let done = error.report().unwrap().windows().filter(|window| window.step == Step::Done).count();
    assert_eq!(done, 5);
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    let written: Vec<_> = report.windows().map(|window| window.rows.unwrap().written).collect();
    assert_eq!(written, [24, 24, 24, 24, 24, 23]);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_value_that_stops_a_run_is_in_no_log() {
    let log = Log::default();
    let writer = {
        let log = log.clone();
        move || log.clone()
    };
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(writer).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let setup = Setup::new();
    let file = File::new("id,email\nsomebody@example.com,other@example.com\n", 1);
    setup.fake.bulk().next_job(Fate::new().file(file));
    let sink = JsonLines::new(setup.path("rows")).unwrap().misfits(Misfits::Stop);
    let error = setup.days(1, 2, 24).run(&mut setup.ledger(), sink, &Quiet).await.unwrap_err();
    assert!(error.to_string().contains("somebody@example.com"), "{error}");
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("a window is given up: the sink failed"), "{logged}");
    assert!(!logged.contains('@'), "{logged}");
}

#[tokio::test]
async fn a_refusal_of_enqueue_makes_the_job_anew() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().on("enqueue", Trouble::error_with(1003, "Job is expired"));
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    let window = report.windows().next().unwrap();
    assert!(
        matches!(&window.jobs[0].ending, Some(Ending::Refused { message: Some(text) }) if text.contains("expired"))
    );
    assert_eq!(window.jobs.len(), 2);
}

#[tokio::test]
async fn a_file_that_is_late_is_no_reason_for_another_export() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.bulk().next_job(Fate::new().missing(8));
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(setup.calls("create"), 1);
}

#[tokio::test]
async fn windows_that_are_given_up_keep_no_places() {
    let setup = Setup::new();
    setup.leads(4 * 24);
    setup.fake.script().add(When::call("enqueue").times(2), Trouble::error(703));
    let error = setup.days(1, 5, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap_err();
    let steps: Vec<_> = error.report().unwrap().windows().map(|window| window.step).collect();
    assert_eq!(steps, [Step::Enqueuing, Step::Enqueuing, Step::Done, Step::Done]);
}

#[tokio::test]
async fn what_is_there_is_finished_although_an_earlier_window_is_not_begun_any_more() {
    let setup = Setup::new();
    setup.leads(4 * 24);
    setup.fake.bulk().next_job(Fate::new().processing_time(2 * HOUR).fails("Late"));
    let quota = Trouble::error_with(1029, "Export daily quota exceeded");
    setup.fake.script().add(When::call("create").nth(5), quota);
    let run = Run::new().plan(setup.days(1, 5, 24), setup.raw()).wait_for_reset(false);
    let error = run.go(&mut setup.ledger(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::ByteQuota));
    let steps: Vec<_> = error.report().unwrap().windows().map(|window| window.step).collect();
    assert_eq!(steps, [Step::Planned, Step::Done, Step::Done, Step::Done]);
}

/// Our clock is ten minutes ahead: what the service has yet to see is not exported.
#[tokio::test]
async fn a_window_ends_in_the_past_by_the_services_clock_too() {
    let setup = Setup::new();
    setup.fake.bulk().subscription(|subscription| subscription.skew = -600);
    let (start, end) = (at("2026-03-10T00:00:00Z"), at("2026-03-10T11:50:00Z"));
    let plan = setup.client.leads().fields(["id"]).created_at(start, end).plan().unwrap();
    let report = plan.run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(setup.fake.calls().of("enqueue")[0].received, at("2026-03-10T12:05:00Z"));
}

/// Others of the subscription have calls to make, too.
#[tokio::test]
async fn two_files_come_at_once() {
    let setup = Setup::new();
    setup.leads(6 * 24);
    setup.fake.script().add(When::call("file").always(), Trouble::error(703));
    let run = Run::new().plan(setup.days(1, 7, 24), setup.raw());
    let mut ledger = setup.ledger();
    let error = run.go(&mut ledger, &Quiet).await.unwrap_err();
    assert!(error.report().unwrap().windows().all(|window| window.step == Step::Downloading), "{error}");
    setup.fake.script().clear();
    setup.fake.clear_calls();
    setup.fake.script().add(When::call("file").always(), Trouble::none().delay(Duration::from_millis(100)));
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    setup.check_raw(&report);
    assert_eq!((setup.calls("file"), setup.fake.calls().len()), (6, 6));
    assert!(setup.fake.calls().most_at_once() <= 2);
}

#[tokio::test]
async fn rows_without_a_key_are_kept_and_the_report_says_so() {
    let setup = Setup::new();
    setup.leads(47);
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-02-03T00:00:00Z"));
    let plan = setup.client.leads().fields(["email"]).created_at(start, end).plan().unwrap();
    let plan = plan.longest_window(24 * HOUR);
    let sink = JsonLines::new(setup.path("rows")).unwrap();
    let report = plan.run(&mut setup.ledger(), sink, &Quiet).await.unwrap();
    assert!(report.plans[0].without_key);
    assert!(report.to_string().contains("rows that come twice because windows meet are kept"), "{report}");
    assert_eq!(report.windows().map(|window| window.rows.unwrap().written).sum::<u64>(), 48);
}

/// Whoever looks for orphans in vain has exported all the same.
#[tokio::test]
async fn a_search_for_orphans_that_fails_is_made_by_the_next_run() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().on("create", Trouble::reset_after_execution());
    setup.fake.script().on("list", Trouble::error_with(1003, "status"));
    let run = Run::new().plan(setup.days(1, 2, 24), setup.raw()).cancel_orphans(true);
    let mut ledger = setup.ledger();
    for cancelled in [None, Some(1)] {
        let report = run.go(&mut ledger, &Quiet).await.unwrap();
        let orphans = &report.windows().next().unwrap().orphans;
        assert_eq!(orphans[0].cancelled.as_ref().map(Vec::len), cancelled);
    }
}

/// A file larger than the day's bytes is the first of a day, although another one is still on its way.
#[tokio::test]
async fn a_window_larger_than_the_days_bytes_is_begun() {
    let setup = Setup::new();
    setup.leads(4 * 24);
    let mut ledger = setup.ledger();
    setup.days(1, 2, 24).run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let run = Run::new().plan(setup.days(1, 5, 24), setup.raw()).daily_bytes(Some(100));
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    setup.check_raw(&report);
    let days: Vec<_> =
        setup.fake.calls().of("create").iter().map(|call| fake::day(call.received).to_string()).collect();
    assert_eq!(days, ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]);
}
