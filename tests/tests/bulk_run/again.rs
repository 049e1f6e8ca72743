//! Runs that end early, and the runs after them.

use std::sync::Mutex;
use std::time::Duration;

use fake::bulk::{Fate, Status};
use runtime::bulk::ledger::{Ending, LedgerErrorKind, Step};
use runtime::bulk::progress::{Event, Quiet, What};
use runtime::bulk::run::RunErrorKind;
use runtime::bulk::{Ledger, Run};

use crate::setup::Setup;

#[tokio::test]
async fn a_second_writer_is_refused() {
    let setup = Setup::new();
    let _ledger = setup.ledger();
    let error = Ledger::open(setup.path("ledger")).unwrap_err();
    assert!(matches!(error.kind(), LedgerErrorKind::Busy));
}

/// The run is dropped after its first step, the next one after its second, and so on up to seven, and over again.
#[tokio::test]
async fn a_dropped_run_leaves_the_ledger_right() {
    let setup = Setup::new();
    setup.leads(72);
    let plan = setup.days(1, 4, 24);
    let mut ledger = setup.ledger();
    let mut dropped = 0;
    let report = loop {
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let stop = Mutex::new(Some(stop));
        let skipped = Mutex::new(dropped % 7);
        let progress = |event: &Event<'_>| {
            let mut skipped = skipped.lock().unwrap();
            if !matches!(event.what, What::Step(_)) {
                return;
            }
            if *skipped > 0 {
                *skipped -= 1;
            } else if let Some(stop) = stop.lock().unwrap().take() {
                stop.send(()).unwrap();
            }
        };
        tokio::select! {
            biased;
            _ = stopped => dropped += 1,
            report = plan.run(&mut ledger, setup.raw(), &progress) => break report.unwrap(),
        }
        assert!(dropped < 500);
    };
    assert!(dropped > 5, "{dropped}");
    setup.check_jobs();
    setup.check_raw(&report);
    assert!(report.windows().all(|window| window.step == Step::Done));
    assert_eq!(report.cursor(), plan.range().map(|range| range.end()));
}

#[tokio::test]
async fn a_failed_job_is_made_anew_and_told() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.bulk().next_job(Fate::new().fails("Export job failed"));
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    let window = report.windows().next().unwrap();
    assert_eq!(window.jobs.len(), 2);
    assert_eq!(window.jobs[0].ending, Some(Ending::Failed { message: Some("Export job failed".to_owned()) }));
    assert_eq!((window.jobs[1].ending.clone(), window.recreated().count()), (None, 1));
    assert!(report.to_string().contains(&format!("job {} failed: Export job failed; job", window.jobs[0].info.id)));
    setup.check_raw(&report);
    assert_eq!((setup.calls("create"), setup.calls("enqueue")), (2, 2));
}

/// The sink takes windows in order, and so many may wait for the first one; it is made anew all the same.
#[tokio::test]
async fn a_first_window_that_fails_late_does_not_end_the_others() {
    let setup = Setup::new();
    setup.leads(12 * 24);
    setup.fake.bulk().next_job(Fate::new().processing_time(Duration::from_secs(12 * 3_600)).fails("Late"));
    let report = setup.days(1, 13, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    assert!(report.windows().all(|window| window.step == Step::Done));
    assert_eq!(report.windows().next().unwrap().jobs.len(), 2);
    // Eight had come before it was made anew, and some more may have been under way.
    let jobs = setup.fake.bulk().jobs();
    let second = jobs.iter().position(|job| job.id == report.windows().next().unwrap().jobs[1].info.id.as_str());
    assert!(second.is_some_and(|place| place >= 9), "{second:?}");
    setup.check_raw(&report);
}

#[tokio::test]
async fn jobs_that_fail_for_ever_are_given_up_and_the_other_windows_are_not() {
    let setup = Setup::new();
    setup.leads(72);
    for _ in 0..3 {
        setup.fake.bulk().next_job(Fate::new().fails("No"));
    }
    // One at a time, so that all three are of the first window.
    let plan = setup.days(1, 4, 24);
    let mut ledger = setup.ledger();
    let run =
        Run::new().plan(plan.clone(), setup.raw()).queued(1.try_into().unwrap()).jobs_per_window(1.try_into().unwrap());
    let error = run.go(&mut ledger, &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::Jobs(1, _)), "{error}");
    assert_eq!(error.plan(), Some(&*plan.name()));
    let report = error.report().unwrap();
    assert_eq!(report.windows().filter(|window| window.failed.is_some()).count(), 3);
    assert_eq!(report.cursor(), Some(plan.range().unwrap().start()));

    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    assert_eq!(setup.calls("create"), 6);
    setup.check_raw(&report);
    let text = error.to_string();
    assert!(text.ends_with(": jobs that came to nothing, one after the other: 1; the last one: No"), "{text}");
}

#[tokio::test]
async fn a_job_that_somebody_cancels_ends_its_window_until_the_next_run() {
    let setup = Setup::new();
    setup.leads(48);
    setup.fake.bulk().next_job(Fate::new().is_cancelled());
    let plan = setup.days(1, 3, 24);
    let mut ledger = setup.ledger();
    let error = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::Cancelled));
    let steps: Vec<_> = error.report().unwrap().windows().map(|window| window.step).collect();
    assert_eq!(steps, [Step::Planned, Step::Done]);
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!(setup.calls("create"), 3);
    let window = report.windows().next().unwrap();
    assert_eq!(window.jobs[0].ending, Some(Ending::Cancelled));
    setup.check_raw(&report);
}

#[tokio::test]
async fn a_file_that_is_gone_is_made_anew() {
    let setup = Setup::new();
    setup.leads(24);
    let plan = setup.days(1, 2, 24);
    let mut ledger = setup.ledger();
    // The run ends when the job is completed; a week later the file is gone.
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let stop = Mutex::new(Some(stop));
    let progress = |event: &Event<'_>| {
        if matches!(event.what, What::Step(Step::Completed)) {
            stop.lock().unwrap().take().unwrap().send(()).unwrap();
        }
    };
    tokio::select! {
        biased;
        _ = stopped => {}
        _ = plan.run(&mut ledger, setup.raw(), &progress) => unreachable!("it is dropped before"),
    }
    setup.fake.clock().advance(Duration::from_secs(8 * 86_400));
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let window = report.windows().next().unwrap();
    assert_eq!(window.jobs[0].ending, Some(Ending::Expired));
    assert_eq!(window.jobs.len(), 2);
    setup.check_raw(&report);
}

#[tokio::test]
async fn a_lost_answer_to_create_leaves_a_suspected_orphan() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().on("create", fake::Trouble::reset_after_execution());
    let plan = setup.days(1, 2, 24);
    let mut ledger = setup.ledger();
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let window = report.windows().next().unwrap();
    assert_eq!((window.orphans.len(), window.jobs.len()), (1, 1));
    assert_eq!(window.orphans[0].cancelled, None);
    assert!(report.to_string().contains("; suspected orphans: 1"));
    let created = |setup: &Setup| setup.fake.bulk().jobs().iter().filter(|job| job.status == Status::Created).count();
    assert_eq!((setup.calls("create"), setup.calls("list"), created(&setup)), (2, 0, 1));

    // Another job of this user that was made at another time stays.
    setup.fake.clock().advance(Duration::from_secs(3_600));
    let foreign = setup.client.leads().fields(["id"]).static_list_id(1);
    setup.fake.bulk().list(1, "L", false);
    let _ = foreign.create().await.unwrap();
    let run = Run::new().plan(plan, setup.raw()).cancel_orphans(true);
    let report = run.go(&mut ledger, &Quiet).await.unwrap();
    let orphans = &report.windows().next().unwrap().orphans;
    let cancelled = setup.fake.bulk().jobs().into_iter().find(|job| job.status == Status::Cancelled).unwrap();
    assert_eq!(orphans[0].cancelled, Some(vec![cancelled.id]));
    assert_eq!(created(&setup), 1);
    // Done once.
    setup.fake.clear_calls();
    run.go(&mut ledger, &Quiet).await.unwrap();
    assert_eq!(setup.fake.calls().len(), 0);
}
