//! Places in the queue, the day's bytes, answers spelt in every way, and what is delivered twice.

use std::time::Duration;

use fake::Trouble;
use fake::bulk::{Fate, Moments};
use jiff::Timestamp;
use runtime::bulk::{ByRange, ErrorKind, Export, Leads, WithFields};

use crate::setup::{LEADS, PATIENT, Setup};

fn export(setup: &Setup) -> Export<Leads, ByRange, WithFields> {
    let (from, to) = ("2026-03-01T00:00:00Z".parse::<Timestamp>(), "2026-03-02T00:00:00Z".parse::<Timestamp>());
    setup.client.leads().fields(["id", "email"]).created_at(from.unwrap(), to.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_a_full_queue_is_waited_for() {
    let setup = Setup::new(PATIENT).await;
    setup.fake.bulk().subscription(|subscription| subscription.processing_time = Duration::from_secs(600));
    for _ in 0..10 {
        let id = setup.created().await;
        setup.client.enqueue(&LEADS, &id).await.unwrap();
    }
    let job = export(&setup).create().await.unwrap();
    assert_eq!(setup.client.enqueue(&LEADS, job.id()).await.unwrap_err().kind(), ErrorKind::QueueFull);
    setup.fake.clear_calls();
    let began = setup.fake.clock().now();
    let job = job.enqueue().await.unwrap();
    let calls = setup.fake.calls();
    // Two jobs run and end after ten minutes; calls come a minute apart at the least.
    assert!(setup.fake.clock().now().duration_since(began).as_secs() >= 570);
    assert!((3..=8).contains(&calls.len()), "{}", calls.len());
    assert!(calls.windows(2).all(|pair| pair[1].received.duration_since(pair[0].received).as_secs() >= 60));
    assert_eq!(calls.executed(), 1);
    assert_eq!(setup.job(job.id()).enqueued, 1);
    job.wait().await.unwrap().download_to(tempfile::tempdir().unwrap().path().join("leads.csv")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_bytes_are_an_error_or_waited_for() {
    let spend = |setup: &Setup| setup.fake.bulk().subscription(|subscription| subscription.bytes_per_day = 1);
    let setup = Setup::new(PATIENT).await;
    let job = export(&setup).create().await.unwrap();
    let first = job.enqueue().await.unwrap().wait().await.unwrap();
    assert_eq!(first.info().records, Some(40));
    spend(&setup);
    let error = export(&setup).create().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::ByteQuota, Some("1029")));
    // Midnight US Central time, two days after daylight saving began.
    assert_eq!(error.until(), Some("2026-03-11T05:00:00Z".parse().unwrap()));

    let setup = Setup::with(PATIENT, |builder| builder.wait_for_reset(true)).await;
    let job = export(&setup).create().await.unwrap().enqueue().await.unwrap().wait().await.unwrap();
    assert_eq!(job.suspected_orphans(), 0);
    spend(&setup);
    setup.fake.clear_calls();
    let job = export(&setup).create().await.unwrap();
    assert_eq!(setup.calls(), ["create×0", "token", "create"]);
    assert!(setup.fake.clock().now() >= "2026-03-11T05:00:00Z".parse().unwrap());
    let _ = job.enqueue().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_create_leaves_an_orphan_that_is_told() {
    let setup = Setup::new(PATIENT).await;
    setup.fake.script().on("create", Trouble::reset_after_execution());
    let job = export(&setup).create().await.unwrap();
    assert_eq!(job.suspected_orphans(), 1);
    let jobs = setup.fake.bulk().jobs();
    assert_eq!(jobs.len(), 2);
    assert_eq!(jobs[1].id, job.id().as_str());
    let _ = job.enqueue().await.unwrap().wait().await.unwrap();
    assert_eq!(setup.fake.bulk().jobs()[0].enqueued, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_twice_is_done_once() {
    let setup = Setup::new(PATIENT).await;
    let id = setup.created().await;
    setup.fake.script().on("enqueue", Trouble::delivered_twice());
    setup.fake.clear_calls();
    setup.client.enqueue(&LEADS, &id).await.unwrap();
    assert_eq!(setup.calls()[1..], ["status"]);
    assert_eq!(setup.job(&id).enqueued, 1);

    setup.fake.script().on("cancel", Trouble::delivered_twice());
    setup.fake.clear_calls();
    setup.client.cancel(&LEADS, &id).await.unwrap();
    assert_eq!(setup.fake.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_read_however_they_are_spelt() {
    for moments in [Moments::Zulu, Moments::Offset] {
        let setup = Setup::new(PATIENT).await;
        setup.fake.bulk().style(|style| {
            style.moments = moments;
            style.cancelled = "canceled";
            style.numeric_codes = true;
            style.empty_lists = true;
            style.unknown_members = true;
        });
        let job = export(&setup).create().await.unwrap();
        setup.fake.script().on("enqueue", Trouble::error(608));
        let job = job.enqueue().await.unwrap().wait().await.unwrap();
        let own = setup.job(job.id());
        assert_eq!(job.info().finished_at.map(|at| at.as_second()), own.finished_at.map(|at| at.as_second()));
        setup.fake.bulk().next_job(Fate::new().is_cancelled());
        let error = export(&setup).create().await.unwrap().enqueue().await.unwrap().wait().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JobCancelled);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_and_shown_nowhere() {
    let setup = Setup::with(PATIENT, |builder| builder.credentials("someone", "wrong-secret")).await;
    let error = export(&setup).create().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(setup.fake.calls().len(), 1);
    let shown = format!("{error} {error:?} {:?}", setup.client);
    assert!(!shown.contains("wrong-secret") && !shown.contains("someone"), "{shown}");
}
