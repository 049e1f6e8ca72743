//! Lists that are longer than a call takes.

use generated::v3_1::operations::SyncMultipleLeads;
use generated::v3_1::*;
use runtime::client::{Cause, Fate};
use runtime::soap::{BatchError, ErrorKind};

use super::{Answers, client, fake};

fn answer(ids: std::ops::Range<i32>) -> SuccessSyncMultipleLeads {
    let statuses: Vec<_> = ids.map(|id| SyncStatus::new(id, LeadSyncStatus::Created)).collect();
    SuccessSyncMultipleLeads::new(ResultSyncMultipleLeads::new(statuses))
}

fn leads(count: usize) -> Vec<LeadRecord> {
    (0..count).map(|at| LeadRecord::new().email(format!("lead{at}@example.com"))).collect()
}

fn ids(statuses: &[SyncStatus]) -> Vec<i32> {
    statuses.iter().map(|status| status.lead_id).collect()
}

#[tokio::test]
async fn statuses_come_in_order() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    let statuses = port.sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(leads(650))).await.unwrap();
    assert_eq!((statuses.len(), fake.calls().executed()), (650, 3));
    let ids = ids(&statuses);
    assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(port.sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(leads(0))).await.unwrap(), []);
    assert_eq!(fake.calls().executed(), 3);
}

#[tokio::test]
async fn statuses_so_far_come_with_the_error() {
    let answers = Answers::default();
    answers.add::<SyncMultipleLeads>(&answer(0..300));
    answers.add_raw(500, b"sorry".to_vec());
    let outcome = answers.port().sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(leads(900))).await;
    let error = outcome.unwrap_err();
    assert_eq!((ids(&error.statuses), error.failed), ((0..300).collect(), 300));
    assert_eq!((error.error.kind(), error.error.fate()), (ErrorKind::Server, Fate::Unknown));
    assert_eq!(answers.asked().len(), 2);

    answers.add::<SyncMultipleLeads>(&answer(0..299));
    let outcome = answers.port().sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(leads(300))).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error.error.cause(), Cause::Statuses { found: 299, expected: 300 }), "{error}");
    assert_eq!(error.error.fate(), Fate::Unknown);
}

#[tokio::test]
async fn all_batches_are_looked_at_before_the_first_is_sent() {
    let answers = Answers::default();
    let mut leads = leads(700);
    leads[650] = LeadRecord::new();
    let outcome = answers.port().sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(leads)).await;
    let BatchError { statuses, failed, error } = outcome.unwrap_err();
    assert_eq!((statuses.len(), failed), (0, 700));
    let Cause::Rule(violation) = error.cause() else { panic!("{error}") };
    assert_eq!(violation.field(), "leadRecordList/leadRecord[651]/Id");
    assert_eq!((error.attempts(), answers.asked().len()), (0, 0));
}
