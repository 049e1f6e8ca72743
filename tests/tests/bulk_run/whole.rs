//! Whole runs of each object, and what they call.

use std::time::Duration;

use fake::bulk::Change;
use jiff::SignedDuration;
use runtime::bulk::ledger::{Counts, Step};
use runtime::bulk::progress::{Event, Quiet, What};
use runtime::bulk::sink::JsonLines;
use runtime::bulk::{Plan, Run};

use crate::setup::{Setup, at};

const START: &str = "2026-01-01T00:00:00Z";
const END: &str = "2026-03-01T00:00:00Z";

/// Runs a plan whose two windows, or one without a range, hold these numbers of rows.
async fn run(setup: &Setup, plan: &Plan, rows: &[u64]) {
    let mut ledger = setup.ledger();
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let counts: Vec<_> = report.windows().map(|window| window.rows.unwrap()).collect();
    let expected: Vec<_> =
        rows.iter().map(|rows| Counts { read: *rows, written: *rows, ..Counts::default() }).collect();
    assert_eq!(counts, expected);
    assert!(report.windows().all(|window| window.step == Step::Done && window.jobs.len() == 1 && !window.earlier));
    assert_eq!(report.cursor(), plan.range().map(|range| range.end()));
    assert_eq!(ledger.cursor(&plan.name()).unwrap(), report.cursor());
    setup.check_raw(&report);
    setup.check_jobs();
    for call in ["create", "enqueue", "file"] {
        assert_eq!(setup.calls(call), rows.len(), "{call}");
    }

    // Once more: it is done, and nothing is called.
    setup.fake.clear_calls();
    let again = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert!(again.windows().all(|window| window.earlier));
    assert_eq!(again.windows().count(), rows.len());
    assert_eq!((again.cursor(), setup.fake.calls().len()), (report.cursor(), 0));
    setup.check_raw(&again);
}

#[tokio::test]
async fn leads_by_both_ranges() {
    for updated in [false, true] {
        let setup = Setup::new();
        setup.leads(27 * 24);
        let leads = setup.client.leads().fields(["id", "email"]);
        let plan = match updated {
            false => leads.created_at(at(START), at(END)).plan(),
            true => leads.updated_at(at(START), at(END)).plan(),
        };
        // January is one second short of a window: the first hour of February follows.
        run(&setup, &plan.unwrap(), &[0, 27 * 24]).await;
    }
}

#[tokio::test]
async fn activities() {
    let setup = Setup::new();
    for number in 0..59 {
        let time = at(START) + SignedDuration::from_hours(24 * number) + SignedDuration::from_millis(500);
        let change = Change::at(time).set("leadId", 7).set("activityTypeId", 1);
        setup.fake.bulk().activity(&format!("guid-{number}"), change);
    }
    let plan = setup.client.activities().created_at(at(START), at(END)).plan().unwrap();
    run(&setup, &plan, &[31, 28]).await;
}

#[tokio::test]
async fn custom_objects() {
    let setup = Setup::new();
    setup.leads(3);
    for number in 0..59 {
        let time = at(START) + SignedDuration::from_hours(24 * number + 1);
        setup.fake.bulk().custom_object(
            "car_c",
            &format!("guid-{number}"),
            Change::at(time).set("leadId", 1).set("vin", "x"),
        );
    }
    let export = setup.client.custom_object("car_c").fields(["marketoGUID", "vin"]);
    run(&setup, &export.clone().updated_at(at(START), at(END)).plan().unwrap(), &[31, 28]).await;
}

#[tokio::test]
async fn program_members_with_a_range_and_without() {
    let setup = Setup::new();
    setup.leads(10);
    for lead in 1..=10 {
        let time = at(START) + SignedDuration::from_hours(24 * 5 * lead);
        setup.fake.bulk().program_member(lead, 1001, Change::at(time));
    }
    let export = setup.client.program_members().fields(["leadId", "programId"]).program_id(1001);
    run(&setup, &export.clone().updated_at(at(START), at(END)).plan().unwrap(), &[6, 4]).await;
    let setup = Setup::new();
    setup.leads(10);
    setup.fake.bulk().program_member(3, 1001, Change::at(at(START)));
    let export = setup.client.program_members().fields(["leadId"]).program_ids([1001, 1002]);
    run(&setup, &export.plan().unwrap(), &[1]).await;
}

#[tokio::test]
async fn a_list_is_one_window_and_each_name_exports_it_once() {
    let setup = Setup::new();
    setup.leads(10);
    setup.fake.bulk().list(5, "Customers", false);
    setup.fake.bulk().join(5, 4, at(START));
    let plan = setup.client.leads().fields(["id"]).static_list_id(5).plan().unwrap();
    run(&setup, &plan.clone().named("customers-1").unwrap(), &[1]).await;

    // The next night's.
    setup.fake.bulk().join(5, 5, setup.fake.clock().now());
    let mut ledger = setup.ledger();
    let plan = plan.named("customers-2").unwrap();
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!(report.windows().next().unwrap().rows.unwrap().written, 2);
}

#[tokio::test]
async fn a_later_end_exports_what_came_after() {
    let setup = Setup::new();
    setup.leads(10 * 24);
    let mut ledger = setup.ledger();
    let first = setup.days(1, 4, 48).run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!(first.windows().count(), 2);
    let second = setup.days(1, 7, 48).run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    let windows: Vec<_> = second.windows().map(|window| (window.range.unwrap().to_string(), window.earlier)).collect();
    let day =
        |from: u8, to: u8, earlier| (format!("2026-02-{from:02}T00:00:00Z to 2026-02-{to:02}T00:00:00Z"), earlier);
    assert_eq!(windows, [day(1, 3, true), day(3, 4, true), day(4, 6, false), day(6, 7, false)]);
    assert_eq!(second.cursor(), Some(at("2026-02-07T00:00:00Z")));
    setup.check_raw(&second);
}

#[tokio::test]
async fn an_end_that_is_not_past_is_clipped_and_told() {
    let setup = Setup::at("2026-02-03T00:00:30Z");
    let plan = setup.days(1, 20, 24).lag(Duration::from_secs(90));
    let mut ledger = setup.ledger();
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!(report.plans[0].clipped.unwrap().to, Some(at("2026-02-02T23:59:00Z")));
    assert_eq!(report.cursor(), Some(at("2026-02-02T23:59:00Z")));
    let text = report.to_string();
    assert!(
        text.contains("the end 2026-02-20T00:00:00Z is not past for long enough: 2026-02-02T23:59:00Z in its place")
    );
    // Nothing of a range that lies in the future.
    let future = setup.days(10, 20, 24).named("future").unwrap();
    let report = future.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert_eq!((report.windows().count(), report.cursor()), (0, Some(at("2026-02-10T00:00:00Z"))));
}

/// One plan with an end in the future, run every day.
#[tokio::test]
async fn a_plan_that_is_kept_exports_up_to_each_run() {
    let setup = Setup::at("2026-02-03T00:00:30Z");
    setup.leads(10 * 24);
    let plan = setup.days(1, 20, 24).lag(Duration::from_secs(30));
    let mut ledger = setup.ledger();
    let mut cursors = Vec::new();
    for _ in 0..3 {
        let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
        setup.check_raw(&report);
        assert_eq!(report.plans[0].clipped.unwrap().to, report.cursor());
        cursors.push(report.cursor().unwrap());
        setup
            .fake
            .clock()
            .set(*cursors.last().unwrap() + SignedDuration::from_hours(24) + SignedDuration::from_secs(30));
    }
    assert_eq!(cursors, ["2026-02-03T00:00:00Z", "2026-02-04T00:00:00Z", "2026-02-05T00:00:00Z"].map(at));
}

#[tokio::test]
async fn progress_tells_steps_states_and_bytes() {
    let setup = Setup::new();
    setup.leads(48);
    let told = std::sync::Mutex::new(Vec::new());
    let progress = |event: &Event<'_>| {
        let what = match event.what {
            What::Step(step) => format!("{step:?}"),
            What::Job(status) => status.to_string(),
            What::Bytes { have, of } => format!("{have}/{}", of.unwrap()),
            other => format!("{other:?}"),
        };
        told.lock().unwrap().push((what, *event.totals));
    };
    let mut ledger = setup.ledger();
    let plan = setup.days(1, 2, 24);
    let report = plan.run(&mut ledger, setup.raw(), &progress).await.unwrap();
    let size = report.windows().next().unwrap().jobs[0].info.size.unwrap();
    let told = told.into_inner().unwrap();
    let whats: Vec<_> = told.iter().map(|(what, _)| what.as_str()).collect();
    let bytes = format!("{size}/{size}");
    assert_eq!(
        whats,
        [
            "Creating",
            "Created",
            "Enqueuing",
            "Queued",
            "Enqueued",
            "Processing",
            "Completed",
            "Completed",
            "Downloading",
            &bytes,
            "Downloaded",
            "Sunk",
            "Done"
        ]
    );
    let last = told.last().unwrap().1;
    assert_eq!((last.windows, last.finished, last.bytes, last.rows), (1, 1, size, 24));
    assert!(last.elapsed > Duration::from_secs(120) && last.rate() > 0.0);
    let running = told.iter().find(|(what, _)| what == "Processing").unwrap().1;
    assert_eq!((running.queued, running.running), (0, 1));
}

/// The second sink of a pair writes from the download of the first, whichever that is.
#[tokio::test]
async fn a_pair_of_sinks_shares_a_download() {
    for raw_first in [true, false] {
        let setup = Setup::new();
        setup.leads(48);
        let plan = setup.days(1, 3, 24);
        let rows = JsonLines::new(setup.path("rows")).unwrap();
        let mut ledger = setup.ledger();
        let report = match raw_first {
            true => plan.run(&mut ledger, (setup.raw(), rows), &Quiet).await,
            false => plan.run(&mut ledger, (rows, setup.raw()), &Quiet).await,
        };
        let report = report.unwrap();
        setup.check_raw(&report);
        assert_eq!(setup.calls("file"), 2);
        // The lead on the border stands in both files, and in one window's rows.
        let rows: Vec<_> =
            report.windows().map(|window| window.rows.unwrap()).map(|rows| (rows.read, rows.written)).collect();
        assert_eq!(rows, [(24, 24), (25, 24)]);
        let mut names: Vec<_> = std::fs::read_dir(setup.path("rows"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.rsplit_once('.').unwrap().1.to_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["jsonl", "jsonl", "redb"]);
    }
}

#[tokio::test]
async fn two_plans_of_a_run_need_two_names() {
    let setup = Setup::new();
    let plan = setup.days(1, 2, 24);
    let run = Run::new().plan(plan.clone(), setup.raw()).plan(plan.clone(), setup.raw());
    let error = run.go(&mut setup.ledger(), &Quiet).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{}: two plans of the run have this name", plan.name()));
}
