//! Whole runs.

use fake::bulk::Change;
use runtime::bulk::Ledger;
use runtime::bulk::progress::Quiet;
use runtime::bulk::run::Raw;

use crate::setup::{Setup, at};

#[tokio::test]
async fn leads_over_three_windows() {
    let setup = Setup::new();
    for id in 1..=20 {
        let time = at("2026-01-01T00:00:00Z") + jiff::SignedDuration::from_hours(24 * 3 * id);
        setup.fake.bulk().lead(id, Change::at(time).set("email", format!("{id}@example.com")));
    }
    let plan = setup
        .client
        .leads()
        .fields(["id", "email"])
        .updated_at(at("2026-01-01T00:00:00Z"), at("2026-03-10T12:00:00Z"))
        .plan()
        .unwrap();
    let mut ledger = Ledger::open(setup.path("ledger")).unwrap();
    let report = plan.run(&mut ledger, Raw::new(setup.path("raw")), &Quiet).await.unwrap();
    println!("{report}");
    for entry in std::fs::read_dir(setup.path("raw")).unwrap() {
        println!("{}", entry.unwrap().path().display());
    }
    for call in setup.fake.calls().iter() {
        println!("{} {} {:?}", call.received, call.path, call.outcome);
    }
}
