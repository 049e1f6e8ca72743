//! Places in the service's queue, and whose turn it is.

use std::sync::Mutex;
use std::time::Duration;

use fake::bulk::{Change, Fate};
use runtime::bulk::progress::{Event, Quiet, Reason, What};
use runtime::bulk::{BulkClient, Run};

use crate::setup::{Setup, at};

#[tokio::test]
async fn at_most_two_run_and_two_are_queued() {
    let setup = Setup::new();
    setup.leads(10 * 24);
    let most = Mutex::new((0, 0));
    let progress = |event: &Event<'_>| {
        let mut most = most.lock().unwrap();
        most.0 = most.0.max(event.totals.queued);
        most.1 = most.1.max(event.totals.running);
        assert!(setup.fake.bulk().slots_taken() <= 4);
    };
    let report = setup.days(1, 11, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(*most.lock().unwrap(), (2, 2));
    assert_eq!(report.windows().count(), 10);
}

#[tokio::test]
async fn a_queue_that_others_fill_is_waited_for() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.identity().client("other", "other-secret");
    let other = BulkClient::builder(setup.fake.url())
        .credentials("other", "other-secret")
        .allow_http()
        .clock(setup.clock.clone())
        .build()
        .unwrap();
    setup.fake.bulk().list(1, "L", false);
    for _ in 0..10 {
        setup.fake.bulk().next_job(Fate::new().processing_time(Duration::from_secs(600)));
        let _ = other.leads().fields(["id"]).static_list_id(1).create().await.unwrap().enqueue().await.unwrap();
    }
    setup.fake.clear_calls();
    let waits = Mutex::new(Vec::new());
    let progress = |event: &Event<'_>| {
        if let What::Waiting { reason, .. } = event.what {
            waits.lock().unwrap().push(reason);
        }
    };
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &progress).await.unwrap();
    setup.check_raw(&report);
    setup.check_jobs();
    assert!(waits.lock().unwrap().iter().all(|reason| *reason == Reason::Slot));
    let refused: Vec<_> =
        setup.fake.calls().of("enqueue").into_iter().filter(|call| call.code() == Some(1029)).collect();
    assert!(refused.len() > 1);
    assert_eq!((setup.calls("create"), setup.calls("enqueue")), (1, refused.len() + 1));
    for pair in refused.windows(2) {
        assert!(pair[1].received.duration_since(pair[0].received) >= jiff::SignedDuration::from_secs(60));
    }
}

#[tokio::test]
async fn plans_take_turns() {
    let setup = Setup::new();
    setup.leads(5 * 24);
    for number in 0..5 {
        let time = at("2026-02-01T12:00:00Z") + jiff::SignedDuration::from_hours(24 * number);
        let change = Change::at(time).set("leadId", 7).set("activityTypeId", 1);
        setup.fake.bulk().activity(&format!("guid-{number}"), change);
    }
    let day = Duration::from_secs(86_400);
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-02-06T00:00:00Z"));
    let activities = setup.client.activities().created_at(start, end).plan().unwrap().longest_window(day);
    let run = Run::new().plan(setup.days(1, 6, 24), setup.raw()).plan(activities, setup.raw());
    let report = run.go(&mut setup.ledger(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    let order: Vec<_> = setup.fake.bulk().jobs().iter().map(|job| job.object().to_string()).collect();
    for pair in order.chunks(2) {
        assert_ne!(pair[0], pair[1], "{order:?}");
    }
    assert_eq!(order.len(), 10);
}
