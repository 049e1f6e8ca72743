//! What follows each error of a call.

use super::*;

/// The outcome of asking for a job's state, the calls made without identity, and the waits.
async fn status(replies: Vec<Reply>) -> (Result<Status, ErrorKind>, usize, Vec<u64>) {
    let listed = Listed::new(replies);
    let (client, clock) = client(&listed);
    let outcome = client.status(&Object::Leads, &id()).await;
    listed.done();
    let calls = listed.lines().iter().filter(|line| *line != "identity").count();
    (outcome.map(|job| job.status).map_err(|error| error.kind()), calls, clock.waits())
}

#[tokio::test]
async fn what_is_transient_is_called_again() {
    for reply in [
        Reply::error(604, "timed out"),
        Reply::error(608, "unavailable"),
        Reply::error(611, "system error"),
        Reply::error(615, "concurrent access limit reached"),
        Reply::error(713, "transient"),
        Reply::new(500, "text/html", ""),
        Reply::new(502, "text/html", "<html>"),
        Reply::json("garbage"),
        Reply::json(r#"{"success":true,"result":[]}"#),
        Reply::json(r#"{"success":true,"result":[{"exportId":"other","status":"Queued"}]}"#),
        Reply::new(200, "application/json", "{}").header("content-encoding", "gzip"),
        Reply::Fail(TransportErrorKind::Lost),
        Reply::Fail(TransportErrorKind::Connect),
        Reply::body(200, "application/json", broken(&[b"{"], TransportErrorKind::Lost)),
    ] {
        let (outcome, calls, waits) = status(vec![reply, Reply::job("Queued")]).await;
        assert_eq!((outcome, calls, waits), (Ok(Status::Queued), 2, vec![0]));
    }
}

#[tokio::test]
async fn it_is_given_up_after_the_last_attempt() {
    let (outcome, calls, waits) = status((0..5).map(|_| Reply::error(608, "unavailable")).collect()).await;
    assert_eq!((outcome, calls, waits.len()), (Err(ErrorKind::Unavailable), 5, 4));
}

#[tokio::test]
async fn a_full_window_is_waited_for() {
    let (outcome, calls, waits) = status(vec![Reply::error(606, "Max rate limit"), Reply::job("Queued")]).await;
    assert_eq!((outcome, calls, waits), (Ok(Status::Queued), 2, vec![20]));
    let (outcome, calls, waits) = status((0..5).map(|_| Reply::error(606, "Max rate limit")).collect()).await;
    assert_eq!((outcome, calls, waits), (Err(ErrorKind::Rate), 5, vec![20; 4]));
}

#[tokio::test]
async fn an_invalid_subscription_is_tried_a_few_times_slowly() {
    let (outcome, calls, waits) = status((0..4).map(|_| Reply::error(614, "Invalid subscription")).collect()).await;
    assert_eq!((outcome, calls, waits), (Err(ErrorKind::Subscription), 4, vec![30, 60, 90]));
}

#[tokio::test]
async fn the_service_may_ask_for_a_longer_wait() {
    let busy = Reply::new(503, "text/html", "").header("retry-after", "45");
    let (outcome, calls, waits) = status(vec![busy, Reply::job("Queued")]).await;
    assert_eq!((outcome, calls, waits), (Ok(Status::Queued), 2, vec![45]));
    // Not longer than all attempts may take.
    let busy = Reply::new(503, "text/html", "").header("retry-after", "301");
    assert_eq!(status(vec![busy]).await, (Err(ErrorKind::Unavailable), 1, vec![]));
}

#[tokio::test]
async fn what_repeating_does_not_change_is_an_error_at_once() {
    for (reply, kind) in [
        (Reply::error(603, "Access denied"), ErrorKind::AccessDenied),
        (Reply::error(607, "Daily quota reached"), ErrorKind::DailyCalls),
        (Reply::error(610, "Requested resource not found"), ErrorKind::Malformed),
        (Reply::error(616, "Invalid subscription type"), ErrorKind::Unsupported),
        (Reply::error(709, "Business rule violation"), ErrorKind::Invalid),
        (Reply::error(1003, "Invalid data"), ErrorKind::Invalid),
        (Reply::error(1013, "Object not found"), ErrorKind::NotFound),
        (Reply::error(1035, "Unsupported filter type"), ErrorKind::Filter),
        (Reply::new(404, "text/plain", "Not found"), ErrorKind::NotFound),
        (Reply::new(302, "text/html", "").header("location", "https://example.com/"), ErrorKind::Redirect),
        (Reply::Fail(TransportErrorKind::Refused), ErrorKind::Transport),
    ] {
        assert_eq!(status(vec![reply]).await, (Err(kind), 1, vec![]));
    }
}

#[tokio::test]
async fn a_spent_budget_says_until_when() {
    let listed = Listed::new([Reply::job("Queued")]);
    let clock = Jumping::default();
    let pace = crate::pace::Pace::with_clock(crate::pace::Limits::default().daily(1), Arc::new(clock.clone()));
    let client = builder(&listed, &clock).pace(pace).build().unwrap();
    client.status(&Object::Leads, &id()).await.unwrap();
    let error = client.status(&Object::Leads, &id()).await.unwrap_err();
    assert_eq!((error.kind(), error.until()), (ErrorKind::DailyCalls, Some(at("2026-01-16T06:00:00Z"))));
    assert_eq!(error.to_string(), "status: the daily budget of 1 calls is spent until 2026-01-16T06:00:00Z");
}

#[tokio::test]
async fn a_create_that_may_have_been_executed_is_not_repeated() {
    for (reply, kind) in [
        (Reply::Fail(TransportErrorKind::Lost), ErrorKind::Transport),
        (Reply::Fail(TransportErrorKind::Idle), ErrorKind::Transport),
        (Reply::error(604, "timed out"), ErrorKind::Timeout),
        (Reply::new(502, "text/html", ""), ErrorKind::Unavailable),
        (Reply::new(500, "text/html", ""), ErrorKind::Server),
        (Reply::json("garbage"), ErrorKind::Answer),
        (Reply::json(r#"{"success":true}"#), ErrorKind::Answer),
    ] {
        let listed = Listed::new([reply]);
        let error = client(&listed).0.create(&request()).await.unwrap_err();
        assert_eq!((error.kind(), error.fate_unknown()), (kind, true));
        assert!(error.to_string().ends_with(" (it may have been executed)"), "{error}");
        assert_eq!(listed.lines(), ["identity", "POST /bulk/v1/leads/export/create.json"]);
    }
}

#[tokio::test]
async fn a_create_that_was_not_executed_is_repeated() {
    for reply in [
        Reply::Fail(TransportErrorKind::Connect),
        Reply::error(601, "invalid"),
        Reply::error(606, "Max rate limit"),
        Reply::error(608, "unavailable"),
        Reply::error(611, "system error"),
        Reply::error(615, "concurrent"),
    ] {
        let listed = Listed::new([reply, Reply::job("Created")]);
        assert_eq!(client(&listed).0.create(&request()).await.unwrap().status, Status::Created);
        listed.done();
    }
    // An identity service that does not answer leaves no doubt about the call itself.
    let listed = Listed::new([]).tokens((0..5).map(|_| Reply::Fail(TransportErrorKind::Lost)));
    let error = client(&listed).0.create(&request()).await.unwrap_err();
    assert_eq!((error.endpoint(), error.fate_unknown()), (Some(Endpoint::Identity), false));
}

#[tokio::test]
async fn enqueueing_is_confirmed() {
    let enqueue = "POST /bulk/v1/leads/export/e-1/enqueue.json";
    let status = "GET /bulk/v1/leads/export/e-1/status.json";
    for (replies, lines, outcome) in [
        (vec![Reply::job("Queued")], vec![enqueue], Status::Queued),
        (
            vec![Reply::error(1029, "Job already queued"), Reply::job("Processing")],
            vec![enqueue, status],
            Status::Processing,
        ),
        // The state lags behind.
        (vec![Reply::error(1029, "Job already queued"), Reply::job("Created")], vec![enqueue, status], Status::Queued),
        (vec![Reply::Fail(TransportErrorKind::Lost), Reply::job("Queued")], vec![enqueue, status], Status::Queued),
        (
            vec![Reply::Fail(TransportErrorKind::Lost), Reply::job("Created"), Reply::job("Queued")],
            vec![enqueue, status, enqueue],
            Status::Queued,
        ),
        (vec![Reply::error(608, "unavailable"), Reply::job("Queued")], vec![enqueue, enqueue], Status::Queued),
    ] {
        let listed = Listed::new(replies);
        let job = client(&listed).0.enqueue(&Object::Leads, &id()).await.unwrap();
        assert_eq!(job.status, outcome);
        assert_eq!(listed.lines()[1..], lines);
    }
    for (message, kind) in
        [("Too many jobs in queue", ErrorKind::QueueFull), ("Export daily quota exceeded", ErrorKind::ByteQuota)]
    {
        let listed = Listed::new([Reply::error(1029, message)]);
        let error = client(&listed).0.enqueue(&Object::Leads, &id()).await.unwrap_err();
        assert_eq!((error.kind(), listed.lines().len()), (kind, 2));
    }
}

#[tokio::test]
async fn cancelling_a_job_that_has_ended_is_done_already() {
    for (replies, calls) in [
        (vec![Reply::job("Canceled")], 1),
        (vec![Reply::error(1003, "Invalid state"), Reply::job("Cancelled")], 2),
        (vec![Reply::Fail(TransportErrorKind::Lost), Reply::job("CANCELLED")], 2),
    ] {
        let listed = Listed::new(replies);
        let job = client(&listed).0.cancel(&Object::Leads, &id()).await.unwrap();
        assert_eq!((job.status, listed.lines().len() - 1), (Status::Cancelled, calls));
    }
    let listed = Listed::new([Reply::error(1003, "Invalid state"), Reply::job("Processing")]);
    let error = client(&listed).0.cancel(&Object::Leads, &id()).await.unwrap_err();
    assert_eq!(error.to_string(), "cancel: 1003: Invalid state");
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let page = |id: &str, next: &str| {
        Reply::json(&format!(
            r#"{{"success":true,"result":[{{"exportId":"{id}","status":"Created"}}],"nextPageToken":"{next}"}}"#
        ))
    };
    let listed = Listed::new([page("a", "p=1&"), page("b", "p2"), page("c", "")]);
    let object = Object::custom_object("car c").unwrap();
    let jobs = client(&listed).0.list(&object, &[Status::Queued, Status::Cancelled]).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let first = "GET /bulk/v1/customobjects/car%20c/export.json?batchSize=300&status=Queued,Cancelled";
    let next = |token| format!("{first}&nextPageToken={token}");
    assert_eq!(listed.lines()[1..], [first.to_owned(), next("p%3D1%26"), next("p2")]);

    let listed = Listed::new([page("a", "same"), page("b", "same")]);
    let error = client(&listed).0.list(&Object::Leads, &[]).await.unwrap_err();
    assert_eq!(error.to_string(), "list: a page's token was there before");
}

#[tokio::test]
async fn ids_are_steps_of_the_path() {
    let listed = Listed::new([Reply::error(1003, "no")]);
    let id = ExportId::new("../a?b#c").unwrap();
    client(&listed).0.status(&Object::ProgramMembers, &id).await.unwrap_err();
    assert_eq!(listed.lines()[1], "GET /bulk/v1/program/members/export/..%2Fa%3Fb%23c/status.json");
}

#[test]
fn nothing_of_the_client_shows() {
    let listed = Listed::new([]);
    let (client, _) = client(&listed);
    let shown = format!("{client:?} {:?}", TokenCache::new());
    for secret in [SECRET, "client-id", "example.com"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
