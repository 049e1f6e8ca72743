//! The life of jobs by the clock, slots, the byte quota, the list.

use fake::bulk::{Change, Fate, File, Moments, Object, Status};
use fake::{CLIENT_ID, Outcome};
use serde_json::{Value, json};

use crate::http::{Caller, at, leads, seconds, start};

const LEADS: Object = Object::Leads;

#[test]
fn a_job_goes_through_its_states_by_the_clock() {
    let fake = start();
    fake.identity().lifetime(seconds(7 * 86_400));
    fake.bulk().lead(1, Change::at(at("2026-02-01T00:00:00Z")).set("email", "joe@example.com"));
    let caller = Caller::new(&fake);
    let created = caller.create(&LEADS, &leads()).result()[0].clone();
    let id = created["exportId"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 36);
    let job = |status: &str, queued: Value, started: Value| {
        json!({
            "exportId": id, "format": "CSV", "status": status,
            "createdAt": "2026-03-10T12:00:00Z", "queuedAt": queued, "startedAt": started,
        })
    };
    assert_eq!(created, job("Created", Value::Null, Value::Null));

    // It never starts by itself.
    fake.clock().advance(seconds(86_400));
    assert_eq!(caller.status(&LEADS, &id), created);

    let queued_at = Value::from("2026-03-11T12:00:00Z");
    assert_eq!(caller.enqueue(&LEADS, &id).result()[0], job("Queued", queued_at.clone(), Value::Null));
    fake.clock().advance(seconds(29));
    assert_eq!(caller.status(&LEADS, &id)["status"], "Queued");
    fake.clock().advance(seconds(1));
    let started_at = Value::from("2026-03-11T12:00:30Z");
    assert_eq!(caller.status(&LEADS, &id), job("Processing", queued_at.clone(), started_at.clone()));
    assert_eq!(caller.file(&LEADS, &id, "").status, 404);
    fake.clock().advance(seconds(119));
    assert_eq!(caller.status(&LEADS, &id)["status"], "Processing");
    fake.clock().advance(seconds(1));
    let mut completed = job("Completed", queued_at, started_at);
    completed["finishedAt"] = "2026-03-11T12:02:30Z".into();
    completed["numberOfRecords"] = 1.into();
    completed["fileSize"] = 27.into();
    completed["fileChecksum"] = fake.bulk().job(&id).unwrap().file.unwrap().checksum().into();
    assert_eq!(caller.status(&LEADS, &id), completed);

    let file = caller.file(&LEADS, &id, "");
    assert_eq!((file.status, file.text().as_str()), (200, "id,email\n1,joe@example.com\n"));
    assert_eq!(file.header("content-length"), Some("27"));
    assert_eq!(file.header("accept-ranges"), Some("bytes"));
    assert_eq!(file.header("content-type"), Some("text/csv;charset=UTF-8"));

    let job = fake.bulk().job(&id).unwrap();
    assert_eq!((job.client.as_str(), job.status), (CLIENT_ID, Status::Completed));
    assert_eq!((job.enqueue_calls, job.enqueued, job.status_calls, job.bytes_served()), (1, 1, 5, 27));
    let calls = fake.calls();
    assert_eq!(calls.of("leads/create").executed(), 1);
    assert_eq!(calls.of("status").len(), 5);
    assert_eq!(calls.of("leads/file")[0].outcome, Outcome::Answered { status: 404, code: None });
}

#[test]
fn a_clock_that_jumps_misses_nothing() {
    let fake = start();
    fake.identity().lifetime(seconds(7 * 86_400));
    let caller = Caller::new(&fake);
    let ids: Vec<_> = (0..5).map(|_| caller.queued(&LEADS, &leads())).collect();
    fake.clock().advance(seconds(86_400));
    // Two at once: the third begins when the first ends.
    let times: Vec<_> = ids.iter().map(|id| caller.status(&LEADS, id)["startedAt"].clone()).collect();
    let day = |time: &str| format!("2026-03-10T{time}Z");
    assert_eq!(times, ["12:00:30", "12:00:30", "12:02:30", "12:02:30", "12:04:30"].map(day));
    assert_eq!((fake.bulk().most_slots_taken(), fake.bulk().most_processing()), (5, 2));
}

#[test]
fn at_most_two_are_processing_whatever_they_export() {
    let fake = start();
    let caller = Caller::new(&fake);
    let members = json!({ "fields": ["leadId"], "filter": { "programId": 1 } });
    caller.queued(&LEADS, &leads());
    caller.queued(&Object::ProgramMembers, &members);
    let third = caller.queued(&LEADS, &leads());
    fake.clock().advance(seconds(60));
    let count = |status| fake.bulk().jobs().iter().filter(|job| job.status == status).count();
    assert_eq!((count(Status::Processing), count(Status::Queued)), (2, 1));
    // Cancelling one that waits leaves the others alone.
    assert_eq!(caller.cancel(&LEADS, &third).result()[0]["status"], "Cancelled");
    fake.clock().advance(seconds(600));
    assert_eq!((count(Status::Completed), count(Status::Cancelled)), (2, 1));
}

#[test]
fn cancelling_one_that_processes_makes_room() {
    let fake = start();
    fake.bulk().style(|style| style.cancelled = "Canceled");
    let caller = Caller::new(&fake);
    let ids: Vec<_> = (0..3).map(|_| caller.queued(&LEADS, &leads())).collect();
    fake.clock().advance(seconds(60));
    let cancelled = caller.cancel(&LEADS, &ids[0]).result()[0].clone();
    assert_eq!((&cancelled["status"], cancelled.get("finishedAt")), (&"Canceled".into(), None));
    assert_eq!(caller.status(&LEADS, &ids[2])["startedAt"], "2026-03-10T12:01:00Z");
    assert_eq!((fake.bulk().most_slots_taken(), fake.bulk().most_processing()), (3, 2));
    assert_eq!(fake.bulk().job(&ids[0]).unwrap().cancelled_at, Some(at("2026-03-10T12:01:00Z")));
    assert_eq!(caller.file(&LEADS, &ids[0], "").status, 404);
    // Once more is no error; a job that ended otherwise cannot be cancelled.
    assert_eq!(caller.cancel(&LEADS, &ids[0]).result()[0]["status"], "Canceled");
    fake.clock().advance(seconds(600));
    assert_eq!(caller.cancel(&LEADS, &ids[1]).error().0, "709");
    assert_eq!(caller.enqueue(&LEADS, &ids[0]).error().0, "709");
}

#[test]
fn the_queue_takes_ten() {
    let fake = start();
    let caller = Caller::new(&fake);
    for _ in 0..10 {
        caller.queued(&LEADS, &leads());
    }
    let last = caller.created(&LEADS, &leads());
    let full = ("1029".to_owned(), "Too many jobs in queue".to_owned());
    assert_eq!(caller.enqueue(&LEADS, &last).error(), full);
    assert_eq!((fake.bulk().slots_taken(), fake.bulk().job(&last).unwrap().enqueued), (10, 0));
    // The first two end after 150 seconds.
    fake.clock().advance(seconds(150));
    assert_eq!(caller.enqueue(&LEADS, &last).result()[0]["status"], "Queued");
    let again = ("1029".to_owned(), "Job already queued".to_owned());
    assert_eq!(caller.enqueue(&LEADS, &last).error(), again);
    let job = fake.bulk().job(&last).unwrap();
    assert_eq!((job.enqueue_calls, job.enqueued), (3, 1));
}

#[test]
fn the_days_bytes_are_shared_and_come_back_at_midnight_us_central() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.subscription(|subscription| subscription.bytes_per_day = 2_000_000);
    let megabyte = || Fate::new().file(File::new(vec![b'x'; 1_000_000], 1));
    let caller = Caller::new(&fake);
    bulk.next_job(megabyte());
    let first = caller.completed(&LEADS, &leads());
    let waiting = caller.created(&LEADS, &leads());
    bulk.next_job(megabyte());
    let members = json!({ "fields": ["leadId"], "filter": { "programId": 1 } });
    let second = caller.queued(&Object::ProgramMembers, &members);
    // The quota is not used up until the file is finished.
    let third = caller.queued(&LEADS, &leads());
    fake.clock().advance(seconds(150));
    assert_eq!(bulk.bytes_today(), 2_000_009);
    let used_up = ("1029".to_owned(), "Export daily quota 2MB exceeded.".to_owned());
    assert_eq!(caller.create(&LEADS, &leads()).error(), used_up);
    assert_eq!(caller.enqueue(&LEADS, &waiting).error(), used_up);
    for (object, id) in [(&LEADS, &first), (&Object::ProgramMembers, &second), (&LEADS, &third)] {
        assert_eq!(caller.file(object, id, "bytes=0-0").status, 206);
    }
    // Daylight saving: midnight is 05:00 UTC.
    fake.clock().set(at("2026-03-11T04:59:59Z"));
    let caller = Caller::new(&fake);
    assert_eq!(caller.create(&LEADS, &leads()).error(), used_up);
    fake.clock().advance(seconds(1));
    assert_eq!(bulk.bytes_today(), 0);
    assert_eq!(caller.enqueue(&LEADS, &waiting).result()[0]["status"], "Queued");
}

#[test]
fn files_are_kept_seven_days_and_statuses_thirty() {
    let fake = start();
    let id = Caller::new(&fake).completed(&LEADS, &leads());
    let finished = at("2026-03-10T12:02:30Z");
    let day = |days: i64| finished + jiff::SignedDuration::from_hours(24 * days);
    fake.clock().set(day(7));
    assert_eq!(Caller::new(&fake).file(&LEADS, &id, "").status, 200);
    fake.clock().advance(seconds(1));
    let gone = Caller::new(&fake).file(&LEADS, &id, "");
    assert_eq!((gone.status, gone.header("content-type")), (404, Some("text/plain;charset=UTF-8")));
    fake.clock().set(day(30));
    assert_eq!(Caller::new(&fake).status(&LEADS, &id)["status"], "Completed");
    fake.clock().advance(seconds(1));
    let path = format!("/bulk/v1/leads/export/{id}/status.json");
    assert_eq!(Caller::new(&fake).get(&path).error().0, "1013");
}

#[test]
fn the_list_holds_own_jobs_of_the_kind_in_pages() {
    let fake = start();
    fake.identity().client("other", "secret");
    let caller = Caller::new(&fake);
    let ids: Vec<_> = (0..5).map(|_| caller.created(&LEADS, &leads())).collect();
    caller.created(&Object::Activities, &crate::http::activities());
    Caller::of(&fake, "other", "secret").created(&LEADS, &leads());
    caller.cancel(&LEADS, &ids[1]);

    let listed = |query: &str| {
        let got = caller.get(&format!("/bulk/v1/leads/export.json{query}"));
        let jobs: Vec<_> = got.result().as_array().unwrap().iter().map(|job| job["exportId"].clone()).collect();
        (jobs, got.json().get("nextPageToken").map(|token| token.as_str().unwrap().to_owned()))
    };
    assert_eq!(listed(""), (ids.iter().map(|id| Value::from(id.as_str())).collect(), None));
    let (first, token) = listed("?batchSize=2");
    assert_eq!(first, ids[..2]);
    let next = token.unwrap().replace('+', "%2B").replace('=', "%3D");
    let (second, token) = listed(&format!("?batchSize=2&nextPageToken={next}"));
    assert_eq!(
        (&second[..], token.is_some()),
        (&ids[2..4].iter().map(|id| Value::from(id.as_str())).collect::<Vec<_>>()[..], true)
    );
    assert_eq!(listed("?status=Canceled,completed").0, [ids[1].as_str()]);
    assert_eq!(listed("?status=Cancelled").0, [ids[1].as_str()]);
    for wrong in ["?status=Done", "?batchSize=301", "?batchSize=0", "?nextPageToken=x"] {
        assert_eq!(caller.get(&format!("/bulk/v1/leads/export.json{wrong}")).error().0, "1003", "{wrong}");
    }
    fake.clock().advance(seconds(7 * 86_400 + 1));
    let caller = Caller::new(&fake);
    assert_eq!(caller.get("/bulk/v1/leads/export.json").result(), json!([]));
}

#[test]
fn a_job_is_its_makers_alone() {
    let fake = start();
    fake.identity().client("other", "secret");
    let id = Caller::new(&fake).completed(&LEADS, &leads());
    let other = Caller::of(&fake, "other", "secret");
    assert_eq!(other.get(&format!("/bulk/v1/leads/export/{id}/status.json")).error().0, "1013");
    assert_eq!(other.enqueue(&LEADS, &id).error().0, "1013");
    assert_eq!(other.cancel(&LEADS, &id).error().0, "1013");
    assert_eq!(other.file(&LEADS, &id, "").status, 404);
    // Nor is it a job of another kind.
    assert_eq!(Caller::new(&fake).file(&Object::Activities, &id, "").status, 404);
}

#[test]
fn a_job_fails_or_is_cancelled_by_the_service() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.next_job_of(Object::Activities, Fate::new().is_cancelled());
    bulk.next_job(Fate::new().fails("Disk full").processing_time(seconds(5)).queue_time(seconds(0)));
    let caller = Caller::new(&fake);
    let id = caller.created(&LEADS, &leads());
    assert_eq!(caller.enqueue(&LEADS, &id).result()[0]["status"], "Processing");
    fake.clock().advance(seconds(5));
    let failed = caller.status(&LEADS, &id);
    assert_eq!((&failed["status"], &failed["errorMsg"]), (&"Failed".into(), &"Disk full".into()));
    assert_eq!(failed["finishedAt"], "2026-03-10T12:00:05Z");
    assert_eq!(failed.get("fileSize"), None);
    assert_eq!(caller.file(&LEADS, &id, "").status, 404);
    let id = caller.queued(&Object::Activities, &crate::http::activities());
    fake.clock().advance(seconds(150));
    assert_eq!(caller.status(&Object::Activities, &id)["status"], "Cancelled");
}

#[test]
fn answers_are_spelt_as_the_test_says() {
    let fake = start();
    fake.bulk().style(|style| {
        style.moments = Moments::Offset;
        style.numeric_codes = true;
        style.empty_lists = true;
        style.unknown_members = true;
    });
    fake.bulk().subscription(|subscription| subscription.skew = -90);
    let caller = Caller::new(&fake);
    let got = caller.create(&LEADS, &leads()).json();
    assert_eq!(got["result"][0]["createdAt"], "2026-03-10T06:58:30-05:00");
    fake.bulk().style(|style| style.moments = Moments::Bare);
    assert_eq!(caller.create(&LEADS, &leads()).json()["result"][0]["createdAt"], "2026-03-10T06:58:30-0500");
    assert_eq!((&got["errors"], &got["warnings"]), (&json!([]), &json!([])));
    assert!(got.get("futureMember").is_some());
    let got = caller.enqueue(&LEADS, "none").json();
    assert_eq!(got["errors"][0]["code"], 1013);
}
