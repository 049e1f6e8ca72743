//! Trouble of the service while a plan runs.

use fake::{Trouble, When};
use runtime::bulk::progress::Quiet;
use runtime::bulk::{Error, ErrorKind, Filter};

use crate::setup::{Setup, at};

#[tokio::test]
async fn without_the_filter_updated_at() {
    let setup = Setup::new();
    setup.leads(48);
    setup.fake.bulk().subscription(|subscription| subscription.gated_filters = false);
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-02-03T00:00:00Z"));
    let plan = setup.client.leads().fields(["id"]).updated_at(start, end).plan().unwrap();
    let plan = plan.longest_window(std::time::Duration::from_secs(86_400));
    let mut ledger = setup.ledger();
    let error = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::Filter));
    assert_eq!(setup.fake.bulk().jobs().len(), 0);

    let allowed = plan.clone().fall_back_to_created_at(true);
    let report = allowed.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert!(report.plans[0].fell_back);
    assert!(report.to_string().contains("by createdAt: the subscription does not have the filter updatedAt"));
    let jobs = setup.fake.bulk().jobs();
    assert_eq!(jobs.len(), 2);
    assert!(jobs.iter().all(|job| job.export.filter.created.is_some() && job.export.filter.updated.is_none()));
    setup.check_raw(&report);
    // It is known from then on.
    assert!(ledger.plan(&plan.name()).unwrap().unwrap().fell_back);
    assert!(matches!(ledger.plan(&plan.name()).unwrap().unwrap().request.filter(), Filter::UpdatedAt(_)));

    // And not gone on with once it is not allowed any more.
    setup.fake.bulk().subscription(|subscription| subscription.gated_filters = true);
    let later = setup.client.leads().fields(["id"]).updated_at(start, at("2026-02-04T00:00:00Z")).plan().unwrap();
    let report = later.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    assert!(!report.plans[0].fell_back);
    assert!(setup.fake.bulk().jobs()[2].export.filter.updated.is_some());
}

#[tokio::test]
async fn only_leads_can_fall_back() {
    let setup = Setup::new();
    setup.fake.bulk().subscription(|subscription| subscription.gated_filters = false);
    let (start, end) = (at("2026-02-01T00:00:00Z"), at("2026-02-03T00:00:00Z"));
    let plan = setup.client.custom_object("car_c").fields(["vin"]).updated_at(start, end).plan().unwrap();
    let plan = plan.fall_back_to_created_at(true);
    let error = plan.run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::Filter));
    assert_eq!(setup.calls("create"), 1);
}

#[tokio::test]
async fn what_is_refused_of_one_window_is_not_asked_of_all() {
    let setup = Setup::new();
    setup.fake.script().add(When::call("create").always(), Trouble::error_with(1003, "Invalid value"));
    let error = setup.days(1, 20, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::Invalid));
    assert!(setup.calls("create") <= 2);
}

#[tokio::test]
async fn a_permission_that_is_missing_ends_the_run() {
    let setup = Setup::new();
    setup.fake.script().add(When::call("status").always(), Trouble::error(603));
    let error = setup.days(1, 3, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::AccessDenied));
}

/// An hour without the service at any step: the run waits, and nothing is done twice.
#[tokio::test]
async fn an_outage_is_outlasted() {
    for step in ["create", "enqueue", "status", "file"] {
        let setup = Setup::new();
        setup.leads(48);
        // More often than a call is repeated by the client alone.
        setup.fake.script().add(When::call(step).times(12), Trouble::error(608));
        let report = setup.days(1, 3, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
        setup.check_raw(&report);
        setup.check_jobs();
        assert_eq!(setup.fake.bulk().jobs().len(), 2, "{step}");
        assert_eq!(setup.fake.script().pending(), 0, "{step}");
    }
}

#[tokio::test]
async fn a_lost_answer_to_enqueue_enqueues_once() {
    let setup = Setup::new();
    setup.leads(24);
    setup.fake.script().on("enqueue", Trouble::reset_after_execution());
    let report = setup.days(1, 2, 24).run(&mut setup.ledger(), setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    let jobs = setup.fake.bulk().jobs();
    assert_eq!((jobs.len(), jobs[0].enqueued, jobs[0].enqueue_calls), (1, 1, 1));
}

#[tokio::test]
async fn wrong_bytes_twice_end_the_window_and_leave_nothing() {
    let setup = Setup::new();
    setup.leads(48);
    setup.fake.script().add(When::call("file").times(2), Trouble::none().corrupt(5, "#"));
    let plan = setup.days(1, 2, 24);
    let mut ledger = setup.ledger();
    let error = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap_err();
    assert_eq!(error.bulk().map(Error::kind), Some(ErrorKind::Integrity));
    setup.check_raw(error.report().unwrap());
    let report = plan.run(&mut ledger, setup.raw(), &Quiet).await.unwrap();
    setup.check_raw(&report);
    assert_eq!(setup.fake.bulk().jobs().len(), 1);
}
