//! Trouble at every step, as the script and fates bring it.

use fake::bulk::{Change, Fate, File, Object, Status};
use fake::{Outcome, Trouble, When};

use crate::http::{Caller, Got, at, leads, seconds, start};

const LEADS: Object = Object::Leads;

fn thousand() -> Vec<u8> {
    (0..1_000).map(|index| b'a' + (index % 26) as u8).collect()
}

/// What a call for a file of a thousand bytes gets that has this trouble.
fn file_with(trouble: Trouble, range: &str) -> (Got, Outcome) {
    let fake = start();
    fake.bulk().every_job(Fate::new().file(File::new(thousand(), 3)));
    let caller = Caller::new(&fake);
    let id = caller.completed(&LEADS, &leads());
    fake.script().on("file", trouble);
    let got = caller.file(&LEADS, &id, range);
    let outcome = fake.calls().of("leads/file")[0].outcome;
    (got, outcome)
}

#[test]
fn each_error_at_each_step() {
    let fake = start();
    let caller = Caller::new(&fake);
    let id = caller.queued(&LEADS, &leads());
    fake.clock().advance(seconds(150));
    let codes =
        [601, 602, 603, 604, 605, 606, 607, 608, 609, 610, 611, 614, 615, 709, 713, 1003, 1006, 1013, 1029, 1035];
    let path = |step: &str| match step {
        "list" => "/bulk/v1/leads/export.json".to_owned(),
        "create" => "/bulk/v1/leads/export/create.json".to_owned(),
        step => format!("/bulk/v1/leads/export/{id}/{step}.json"),
    };
    for code in codes {
        for step in ["create", "enqueue", "status", "list", "file", "cancel"] {
            fake.script().on(step, Trouble::error(code));
            let post = matches!(step, "create" | "enqueue" | "cancel");
            let got = if post { caller.post(&path(step), b"{}") } else { caller.get(&path(step)) };
            assert_eq!(got.error().0, code.to_string(), "{step}");
            assert_ne!(got.error().1, "Error", "{code}");
        }
    }
    assert_eq!(fake.script().pending(), 0);
    assert_eq!((fake.bulk().jobs().len(), fake.bulk().jobs()[0].status), (1, Status::Completed));
    fake.script().on("status", Trouble::error_with(1029, "Export daily quota 500MB exceeded."));
    assert_eq!(caller.get(&path("status")).error().1, "Export daily quota 500MB exceeded.");
    // What the script answered was not executed: only the create and enqueue that made the job were.
    assert_eq!(fake.calls().of("create").executed(), 1);
    assert_eq!(fake.calls().of("cancel").executed(), 0);
}

#[test]
fn an_answer_to_create_is_lost_and_the_job_is_there() {
    let fake = start();
    let caller = Caller::new(&fake);
    fake.script().on("create", Trouble::reset_after_execution());
    let lost = caller.create(&LEADS, &leads());
    assert!(lost.reset && lost.status == 0, "{lost:?}");
    fake.script().on("create", Trouble::answer(502, "text/html", "").executed());
    assert_eq!(caller.create(&LEADS, &leads()).status, 502);
    let jobs = fake.bulk().jobs();
    assert_eq!(jobs.iter().map(|job| job.status).collect::<Vec<_>>(), [Status::Created; 2]);

    fake.script().on("enqueue", Trouble::reset_after_execution());
    assert!(caller.enqueue(&LEADS, &jobs[0].id).reset);
    assert_eq!(caller.enqueue(&LEADS, &jobs[0].id).error().1, "Job already queued");
    let job = fake.bulk().job(&jobs[0].id).unwrap();
    assert_eq!((job.status, job.enqueue_calls, job.enqueued), (Status::Queued, 2, 1));
    assert_eq!(fake.calls().of("create").executed(), 2);
}

#[test]
fn a_call_is_delivered_twice() {
    let fake = start();
    let caller = Caller::new(&fake);
    fake.script().on("create", Trouble::delivered_twice());
    let id = caller.created(&LEADS, &leads());
    assert_eq!(fake.bulk().jobs().len(), 2);
    fake.script().on("enqueue", Trouble::delivered_twice());
    assert_eq!(caller.enqueue(&LEADS, &id).error().1, "Job already queued");
    assert_eq!(fake.bulk().job(&id).unwrap().enqueued, 1);
}

#[test]
fn a_file_ends_before_its_end() {
    let (got, outcome) = file_with(Trouble::none().reset_at(300), "");
    assert_eq!((got.reset, got.body.as_slice(), outcome), (true, &thousand()[..300], Outcome::Cut));
    let (got, _) = file_with(Trouble::none().truncate_at(300), "bytes=100-");
    assert_eq!((got.reset, got.body.as_slice()), (false, &thousand()[100..400]));
    assert_eq!(got.header("content-length"), Some("900"));
}

#[test]
fn a_file_is_not_what_it_should_be() {
    let (got, _) = file_with(Trouble::none().corrupt(10, "XYZ"), "");
    assert_eq!((&got.body[..10], &got.body[10..13], got.body.len()), (&thousand()[..10], &b"XYZ"[..], 1_000));
    let (got, _) = file_with(Trouble::none().header("content-range", "bytes 90-999/1000"), "bytes=100-");
    assert_eq!((got.header("content-range"), got.body.len()), (Some("bytes 90-999/1000"), 900));
    let (got, _) = file_with(Trouble::none().header("content-range", ""), "bytes=100-");
    assert_eq!((got.status, got.header("content-range")), (206, None));
    let (got, _) = file_with(Trouble::error(602), "bytes=100-");
    assert_eq!((got.status, got.error().0.as_str()), (200, "602"));
    let (got, _) =
        file_with(Trouble::error(606).status(206).header("content-range", "bytes 100-999/1000"), "bytes=100-");
    assert_eq!((got.status, got.header("content-type")), (206, Some("application/json;charset=UTF-8")));
    let (got, _) = file_with(Trouble::none().gzip(), "");
    assert_eq!((got.header("content-encoding"), &got.body[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));
    let (got, _) = file_with(Trouble::redirect(302, "https://example.com/"), "");
    assert_eq!((got.status, got.header("location")), (302, Some("https://example.com/")));
}

#[test]
fn a_range_is_answered_with_the_whole() {
    let fake = start();
    fake.bulk().next_job(Fate::new().file(File::new(thousand(), 3)).ignores_range(1));
    let caller = Caller::new(&fake);
    let id = caller.completed(&LEADS, &leads());
    let got = caller.file(&LEADS, &id, "bytes=100-");
    assert_eq!((got.status, got.header("content-range"), &got.body), (200, None, &thousand()));
    assert_eq!(caller.file(&LEADS, &id, "bytes=100-").status, 206);
}

#[test]
fn a_file_is_missing_at_first() {
    let fake = start();
    fake.bulk().next_job(Fate::new().missing(2).kept(seconds(10)));
    let caller = Caller::new(&fake);
    let id = caller.completed(&LEADS, &leads());
    let statuses: Vec<_> = (0..3).map(|_| caller.file(&LEADS, &id, "").status).collect();
    assert_eq!(statuses, [404, 404, 200]);
    // And gone ten seconds after it was finished.
    fake.clock().advance(seconds(11));
    assert_eq!(caller.file(&LEADS, &id, "").status, 404);
}

#[test]
fn what_answers_state_may_be_missing_or_wrong() {
    let fake = start();
    let caller = Caller::new(&fake);
    let stated = |fate: Fate| {
        fake.bulk().next_job(fate.file(File::new(thousand(), 3)));
        let id = caller.completed(&LEADS, &leads());
        let status = caller.status(&LEADS, &id);
        ["fileSize", "numberOfRecords", "fileChecksum"].map(|name| status.get(name).cloned())
    };
    let truth = stated(Fate::new());
    assert_eq!(truth[..2], [Some(1_000.into()), Some(3.into())]);
    assert_eq!(stated(Fate::new().no_size().no_records().no_checksum()), [None, None, None]);
    let wrong = stated(Fate::new().size(999).records(4).checksum("sha256:00"));
    assert_eq!(wrong, [Some(999.into()), Some(4.into()), Some("sha256:00".into())]);
}

#[test]
fn a_token_ends_in_the_middle_of_a_file() {
    let fake = start();
    for (fate, code) in [(Fate::new().token_expires_at(500), "602"), (Fate::new().token_revoked_at(500), "601")] {
        let caller = Caller::new(&fake);
        fake.bulk().next_job(fate.file(File::new(vec![b'x'; 200_000], 3)));
        let id = caller.completed(&LEADS, &leads());
        fake.script().on("file", Trouble::none().truncate_at(500));
        assert_eq!(caller.file(&LEADS, &id, "").body.len(), 500);
        assert_eq!(caller.file(&LEADS, &id, "bytes=500-").error().0, code);
        let renewed = Caller::new(&fake);
        assert_ne!(renewed.token, caller.token);
        assert_eq!(renewed.file(&LEADS, &id, "bytes=500-").body.len(), 199_500);
        assert_eq!(renewed.file(&LEADS, &id, "bytes=500-").body.len(), 199_500);
    }
}

#[test]
fn trouble_comes_to_the_calls_it_is_meant_for() {
    let fake = start();
    fake.bulk().lead(1, Change::at(at("2026-02-01T00:00:00Z")));
    let caller = Caller::new(&fake);
    let second = When::call("leads/status").only_if(|call| call.path.contains("/export/")).nth(2);
    fake.script().add(second, Trouble::answer(500, "text/html", "no"));
    fake.script().on("identity/token", Trouble::answer(200, "application/json", "{}"));
    let id = caller.queued(&LEADS, &leads());
    assert_eq!(caller.status(&LEADS, &id)["status"], "Queued");
    assert_eq!(caller.get(&format!("/bulk/v1/leads/export/{id}/status.json")).status, 500);
    assert_eq!(crate::http::token(&fake, "x", "y").text(), "{}");
    assert_eq!(fake.script().pending(), 0);
}
