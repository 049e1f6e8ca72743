//! Plans, their names and windows, and the dry run.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::bulk::ledger::{JobRecord, Ledger, PlanRecord, Step, WindowRecord};
use crate::bulk::run::RunErrorKind;
use crate::bulk::{Description, ExportId, JobInfo, Schema, Status};
use crate::clock::{BoxFuture, Clock};
use crate::transport::{Body, Transport, TransportError};

/// A clock that stands at noon UTC, 10 March 2026.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        at("2026-03-10T12:00:00Z")
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Nothing in here calls.
struct Nowhere;

impl Transport for Nowhere {
    fn send(&self, _: http::Request<bytes::Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        unreachable!("a plan calls nothing")
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn client() -> BulkClient {
    let builder = BulkClient::builder("https://example.com").credentials("id", "secret");
    builder.clock(Standing).transport(Nowhere).build().unwrap()
}

fn leads(start: &str, end: &str) -> Plan {
    client().leads().fields(["id", "email"]).created_at(at(start), at(end)).plan().unwrap()
}

#[test]
fn a_plan_is_called_by_what_it_asks_for_whatever_the_range() {
    let january = leads("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    assert_eq!(january.name(), leads("2025-01-01T00:00:00Z", "2026-02-01T00:00:00Z").name());
    let other = client().leads().fields(["id"]).created_at(at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    assert_ne!(january.name(), other.plan().unwrap().name());
    let object = client().custom_object("car c/x").fields(["vin"]).static_list_id(1).plan().unwrap().name();
    assert_eq!(&object[..object.len() - 8], "customobjects-car-c-x-");
    assert_eq!(january.clone().named("nightly.leads_1").unwrap().name(), "nightly.leads_1");
    for name in ["", ".hidden", "a/b", "a b", "ü", &"a".repeat(101)] {
        let expected = format!(
            "refused: the name of a plan is 1 to 100 ASCII letters, digits, `-`, `_` and `.`, the first one no dot: `{name}`"
        );
        assert_eq!(january.clone().named(name).unwrap_err().to_string(), expected);
    }
}

#[test]
fn the_end_is_clipped_to_what_is_past_for_long_enough() {
    let plan = leads("2026-03-01T00:00:00Z", "2026-03-10T12:00:00Z");
    let clipped = Clipped { asked: at("2026-03-10T12:00:00Z"), to: Some(at("2026-03-10T11:55:00Z")) };
    assert_eq!(plan.clipped(), Some(clipped));
    assert_eq!(plan.range().unwrap().end(), at("2026-03-10T11:55:00Z"));
    assert_eq!(plan.clone().lag(Duration::ZERO).clipped(), None);
    let future = leads("2026-03-10T11:55:00Z", "2026-03-11T00:00:00Z");
    assert_eq!(future.clipped(), Some(Clipped { asked: at("2026-03-11T00:00:00Z"), to: None }));
    assert_eq!(future.range(), None);
    assert_eq!(future.missing(&[]).unwrap(), []);
}

#[test]
fn plans_of_all_objects_have_their_windows() {
    let (start, end) = (at("2026-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z"));
    let client = client();
    for plan in [
        client.leads().fields(["id"]).created_at(start, end).plan(),
        client.leads().fields(["id"]).updated_at(start, end).plan(),
        client.activities().created_at(start, end).plan(),
        client.custom_object("car_c").fields(["vin"]).updated_at(start, end).plan(),
        client.program_members().fields(["leadId"]).program_id(1).updated_at(start, end).plan(),
    ] {
        let windows: Vec<_> = plan.unwrap().windows().unwrap().collect();
        assert_eq!(windows.len(), 2);
        assert_eq!((windows[0].start(), windows[1].end()), (start, end));
        assert_eq!(windows[0].end(), windows[1].start());
    }
    for plan in [
        client.leads().fields(["id"]).static_list_id(1).plan(),
        client.leads().fields(["id"]).smart_list_name("a").plan(),
        client.custom_object("car_c").fields(["vin"]).static_list_name("a").plan(),
        client.program_members().fields(["leadId"]).program_ids([1, 2]).plan(),
    ] {
        let plan = plan.unwrap();
        assert!(plan.windows().is_none());
        assert_eq!(plan.missing(&[]).unwrap(), [None]);
        assert_eq!(plan.missing(&[None]).unwrap(), []);
    }
}

#[test]
fn only_what_is_not_recorded_is_planned() {
    let plan = leads("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z").longest_window(Duration::from_secs(86_400));
    let day = |day: i8| {
        TimeRange::new(at(&format!("2026-01-{day:02}T00:00:00Z")), at(&format!("2026-01-{:02}T00:00:00Z", day + 1)))
    };
    let day = |number| Some(day(number).unwrap());
    assert_eq!(plan.missing(&[]).unwrap(), [day(1), day(2), day(3), day(4)]);
    assert_eq!(plan.missing(&[day(2)]).unwrap(), [day(1), day(3), day(4)]);
    assert_eq!(plan.missing(&[day(1), day(2), day(3), day(4)]).unwrap(), []);
}

#[test]
fn too_many_windows_are_refused() {
    let plan = leads("2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z").longest_window(Duration::from_secs(1));
    assert_eq!(
        plan.missing(&[]).unwrap_err().to_string(),
        "refused: 2020-01-01T00:00:00Z to 2026-01-01T00:00:00Z makes 189388800 windows of at most 1 seconds; a plan has at \
         most 100000"
    );
}

/// A window whose job made a file of so many bytes on a day.
fn done(range: Option<TimeRange>, size: u64, finished_at: &str) -> WindowRecord {
    let mut info = JobInfo::new(ExportId::new("a").unwrap(), Status::Completed);
    info.size = Some(size);
    info.finished_at = Some(at(finished_at));
    let mut record = WindowRecord::planned(range, at(finished_at));
    record.at(Step::Done, at(finished_at));
    record.jobs.push(JobRecord { info, known_at: at(finished_at), ending: None });
    record
}

fn record_of(plan: &Plan) -> PlanRecord {
    let schema = Schema { columns: Vec::new(), key: None, activity_types: Vec::new() };
    PlanRecord {
        service: None,
        request: plan.request().clone(),
        fell_back: false,
        schema,
        made_at: at("2026-03-01T00:00:00Z"),
    }
}

#[test]
fn a_dry_run_tells_windows_bytes_and_days() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger")).unwrap();
    let plan = leads("2026-01-01T00:00:00Z", "2026-01-07T00:00:00Z").longest_window(Duration::from_secs(86_400));
    let name = plan.name();

    let forecast = plan.forecast(&ledger, DAILY_BYTES).unwrap();
    assert_eq!((forecast.windows.len(), forecast.finished, forecast.bytes, forecast.days), (6, 0, None, None));

    // A day had 200 MB, and 150 MB were spent today.
    let windows: Vec<_> = plan.windows().unwrap().collect();
    let one = done(Some(windows[0]), 150_000_000, "2026-03-10T06:00:00Z");
    let two = done(Some(windows[1]), 250_000_000, "2026-03-10T04:59:59Z");
    ledger.put_plan(&name, &record_of(&plan), [(0, &one), (1, &two)]).unwrap();
    let forecast = plan.forecast(&ledger, DAILY_BYTES).unwrap();
    assert_eq!(
        forecast.to_string(),
        format!(
            "{name}: windows to export: 4, finished: 2\n  \
             2026-01-03T00:00:00Z to 2026-01-04T00:00:00Z  200.0 MB  today\n  \
             2026-01-04T00:00:00Z to 2026-01-05T00:00:00Z  200.0 MB  tomorrow\n  \
             2026-01-05T00:00:00Z to 2026-01-06T00:00:00Z  200.0 MB  tomorrow\n  \
             2026-01-06T00:00:00Z to 2026-01-07T00:00:00Z  200.0 MB  in 2 days\n  \
             in all 800.0 MB, days needed: 3\n"
        )
    );

    // Files larger than a day's bytes have days of their own.
    let days: Vec<_> = plan.forecast(&ledger, 190_000_000).unwrap().windows.iter().map(|window| window.day).collect();
    assert_eq!(days, [Some(1), Some(2), Some(3), Some(4)]);

    // The same request by another name has the same sizes, and a name is of one request.
    let other = plan.clone().named("other").unwrap();
    assert_eq!(other.forecast(&ledger, DAILY_BYTES).unwrap().bytes, Some(1_200_000_000));
    let wrong = client().leads().fields(["id"]).static_list_id(1).plan().unwrap().named(&name).unwrap();
    let error = wrong.forecast(&ledger, DAILY_BYTES).unwrap_err();
    assert!(matches!(error.kind(), RunErrorKind::OtherPlan));
    assert_eq!(error.to_string(), format!("{name}: the ledger has a plan of this name that asks for something else"));

    // What one service is asked for is not what another one has; an older ledger does not tell.
    for (service, is_other) in [("sandbox.example.com", true), (plan.client().service(), false)] {
        let record = PlanRecord { service: Some(service.to_owned()), ..record_of(&plan) };
        ledger.put_plan(&name, &record, []).unwrap();
        let error = plan.forecast(&ledger, DAILY_BYTES).err().map(|error| error.to_string());
        let text = "the ledger has a plan of this name that exports from another service: name this one";
        assert_eq!(error, is_other.then(|| format!("{name}: {text}")));
    }
}

#[test]
fn activities_are_asked_for_by_the_names_of_their_columns() {
    let range = (at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z"));
    let plan = client().activities().created_at(range.0, range.1).plan().unwrap();
    let schema = Schema::new(plan.request(), &Description::new(Vec::<serde_json::Value>::new())).unwrap();
    let names: Vec<_> = schema.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[7]), (8, "marketoGUID", "attributes"));
    assert_eq!(plan.request().fields(), names);
}

#[test]
fn a_service_is_told_by_host_port_and_path() {
    assert_eq!(client().service(), "example.com");
}

#[test]
fn lists_are_judged_by_the_latest_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger")).unwrap();
    let list = |name| client().leads().fields(["id"]).static_list_id(1).plan().unwrap().named(name).unwrap();
    for (name, size, day) in [("b", 5, "2026-03-02T00:00:00Z"), ("a", 7, "2026-03-03T00:00:00Z")] {
        ledger.put_plan(name, &record_of(&list(name)), [(0, &done(None, size, day))]).unwrap();
    }
    let forecast = list("c").forecast(&ledger, DAILY_BYTES).unwrap();
    assert_eq!((forecast.bytes, forecast.days), (Some(7), Some(1)));
    assert_eq!(
        list("a").forecast(&ledger, DAILY_BYTES).unwrap().to_string(),
        "a: windows to export: 0, finished: 1\n  in all 0.0 MB, days needed: 0\n"
    );
}

#[test]
fn a_lag_without_end_leaves_nothing() {
    let plan = leads("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z").lag(Duration::MAX);
    assert_eq!(plan.range(), None);
    let range = TimeRange::new(at("2026-01-01T00:00:00Z"), at("2026-01-02T00:00:00Z")).unwrap();
    assert_eq!(plan.ready_at(range), Timestamp::MAX);
    let hour = plan.lag(Duration::from_secs(3_600));
    assert_eq!(hour.ready_at(range), range.end() + SignedDuration::from_hours(1));
}
