//! Jobs from create to completed.

use super::*;

const CREATE: &str = "POST /bulk/v1/leads/export/create.json";
const ENQUEUE: &str = "POST /bulk/v1/leads/export/e-1/enqueue.json";
const STATUS: &str = "GET /bulk/v1/leads/export/e-1/status.json";

fn export(client: &BulkClient) -> Export<Leads, ByRange, WithFields> {
    client.leads().fields(["id"]).created_at(at("2026-01-01T00:00:00.5Z"), at("2026-01-31T23:59:58.1Z"))
}

#[tokio::test]
async fn from_create_to_completed() {
    let states = ["Created", "Queued", "Queued", "processing", "Paused", "Completed"];
    let listed = Listed::new(states.map(Reply::job));
    let (client, clock) = client(&listed);
    let job = export(&client).create().await.unwrap();
    assert_eq!((job.id().as_str(), job.suspected_orphans()), ("e-1", 0));
    let job = job.enqueue().await.unwrap().wait().await.unwrap();
    assert_eq!(job.info().status, Status::Completed);
    assert_eq!(listed.lines(), ["identity", CREATE, ENQUEUE, STATUS, STATUS, STATUS, STATUS]);
    let body = r#"{"fields":["id"],"filter":{"createdAt":{"endAt":"2026-01-31T23:59:59Z","startAt":"2026-01-01T00:00:00Z"}},"format":"CSV"}"#;
    assert_eq!(listed.seen()[1].body, body);
    for (wait, shortest) in clock.waits().into_iter().zip([60, 90, 135, 202]) {
        assert!((shortest..=shortest * 11 / 10 + 1).contains(&wait), "{wait}");
    }
    assert_eq!(clock.waits().len(), 4);
}

#[tokio::test]
async fn a_job_whose_creation_is_in_doubt_is_created_anew() {
    let lost = || Reply::Fail(TransportErrorKind::Lost);
    let listed = Listed::new([lost(), Reply::error(604, "timed out"), Reply::job("Created")]);
    let job = export(&client(&listed).0).create().await.unwrap();
    assert_eq!(job.suspected_orphans(), 2);
    assert_eq!(listed.lines(), ["identity", CREATE, CREATE, CREATE]);

    let listed = Listed::new((0..5).map(|_| lost()));
    let error = export(&client(&listed).0).create().await.unwrap_err();
    assert!(error.fate_unknown());
    listed.done();
}

#[tokio::test]
async fn a_full_queue_is_waited_for() {
    let full = || Reply::error(1029, "Too many jobs in queue");
    let listed = Listed::new([Reply::job("Created"), full(), full(), Reply::job("Queued")]);
    let (client, clock) = client(&listed);
    let _ = export(&client).create().await.unwrap().enqueue().await.unwrap();
    assert_eq!(listed.lines(), ["identity", CREATE, ENQUEUE, ENQUEUE, ENQUEUE]);
    assert!(clock.waits().iter().all(|wait| *wait >= 60), "{:?}", clock.waits());
}

#[tokio::test]
async fn a_full_queue_is_waited_for_so_long() {
    let full = || Reply::error(1029, "Too many jobs in queue");
    let listed = Listed::new([Reply::job("Created"), full(), full()]);
    let clock = Jumping::default();
    let polling = Polling::default().total(Duration::from_secs(100));
    let client = builder(&listed, &clock).polling(polling).build().unwrap();
    let error = export(&client).create().await.unwrap().enqueue().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Patience);
    assert!(error.to_string().starts_with("there is no place in the queue (enqueue: 1029: Too many jobs in queue), "));
    listed.done();
}

#[tokio::test]
async fn a_spent_quota_is_an_error_or_waited_for() {
    let spent = || Reply::error(1029, "Export daily quota 500MB exceeded.");
    let listed = Listed::new([spent()]);
    let error = export(&client(&listed).0).create().await.unwrap_err();
    assert_eq!((error.kind(), error.until()), (ErrorKind::ByteQuota, Some(at("2026-01-16T06:00:00Z"))));

    let listed = Listed::new([Reply::job("Created"), spent(), Reply::job("Queued")]);
    let clock = Jumping::default();
    let client = builder(&listed, &clock).wait_for_reset(true).build().unwrap();
    let _ = export(&client).create().await.unwrap().enqueue().await.unwrap();
    // 18 hours, and a minute.
    assert_eq!(clock.waits(), [64_860]);

    // The service is late.
    let listed = Listed::new([Reply::job("Created"), spent(), spent(), spent(), Reply::job("Queued")]);
    let clock = Jumping::default();
    let polling = Polling::default().total(Duration::from_secs(600));
    let client = builder(&listed, &clock).wait_for_reset(true).polling(polling).build().unwrap();
    let _ = export(&client).create().await.unwrap().enqueue().await.unwrap();
    let waits = clock.waits();
    assert_eq!((waits.len(), waits[0]), (3, 64_860));
    assert!((60..=67).contains(&waits[1]) && (90..=100).contains(&waits[2]), "{waits:?}");
}

#[tokio::test]
async fn a_job_may_end_without_a_file() {
    let failed = r#"{"success":true,"result":[{"exportId":"e-1","status":"Failed","errorMsg":"Out of\nspace"}]}"#;
    for (reply, kind, action, text) in [
        (Reply::json(failed), ErrorKind::JobFailed, Action::Recreate, "the job e-1 failed: Out of space"),
        (Reply::job("Failed"), ErrorKind::JobFailed, Action::Recreate, "the job e-1 failed: no reason is given"),
        (Reply::job("Canceled"), ErrorKind::JobCancelled, Action::Fail, "the job e-1 was cancelled"),
        (
            Reply::new(404, "text/plain", ""),
            ErrorKind::NotFound,
            Action::Recreate,
            "status: HTTP 404: it does not exist",
        ),
    ] {
        let listed = Listed::new([Reply::job("Queued"), reply]);
        let (client, _) = client(&listed);
        let AnyJob::Queued(job) = client.job(Object::Leads, &id()).await.unwrap() else { panic!("it is queued") };
        let error = job.wait().await.unwrap_err();
        assert_eq!((error.kind(), error.action(), &*error.to_string()), (kind, action, text));
    }
}

#[tokio::test]
async fn waiting_outlasts_a_service_that_is_away() {
    let away = (0..5).map(|_| Reply::error(608, "unavailable"));
    let listed = Listed::new([Reply::job("Queued")].into_iter().chain(away).chain([Reply::job("Completed")]));
    let (client, _) = client(&listed);
    let AnyJob::Queued(job) = client.job(Object::Leads, &id()).await.unwrap() else { panic!("it is queued") };
    let _ = job.wait().await.unwrap();
    listed.done();
}

#[tokio::test]
async fn waiting_ends() {
    let listed = Listed::new((0..300).map(|_| Reply::job("Processing")));
    let (client, clock) = client(&listed);
    let AnyJob::Queued(job) = client.job(Object::Leads, &id()).await.unwrap() else { panic!("it is running") };
    let error = job.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Patience);
    assert!(error.to_string().starts_with("the job e-1 is Processing, after "), "{error}");
    assert!(clock.elapsed() <= Duration::from_secs(86_400));
}

#[tokio::test]
async fn a_job_is_taken_up_in_its_state() {
    for (state, expected) in [
        ("Created", "Created"),
        ("Queued", "Queued"),
        ("Processing", "Queued"),
        ("Completed", "Completed"),
        ("Failed", "Ended"),
        ("canceled", "Ended"),
    ] {
        let job = client(&Listed::new([Reply::job(state)])).0.job(Object::Leads, &id()).await.unwrap();
        assert!(format!("{job:?}").starts_with(expected), "{job:?}");
    }
}
