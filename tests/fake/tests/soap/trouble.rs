//! Trouble with calls that change something: what was done, and what the caller learns of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fake::{Fake, Outcome, Trouble};
use generated::v3_1::operations::{GetMultipleLeads, SyncLead, SyncMultipleLeads};
use generated::v3_1::*;

use crate::caller::{call, start};

fn create(fake: &Fake) -> Result<SuccessSyncMultipleLeads, u32> {
    let records = [LeadRecord::new().email("new@example.com")];
    call::<SyncMultipleLeads>(fake, ParamsSyncMultipleLeads::new(records).dedup_enabled(false))
}

fn created(fake: &Fake) -> usize {
    fake.store().leads().len() - 5
}

#[test]
fn what_is_done_in_spite_of_the_trouble() {
    for (trouble, done) in [
        (Trouble::error(20023), 0),
        (Trouble::error(10001), 0),
        (Trouble::error(10001).executed(), 1),
        (Trouble::delivered_twice(), 2),
        (Trouble::none().status(502), 1),
    ] {
        let fake = start();
        fake.script().on("syncMultipleLeads", trouble.clone());
        // An answer that is none makes the caller panic.
        let _ = catch_unwind(AssertUnwindSafe(|| create(&fake)));
        assert_eq!(created(&fake), done, "{trouble:?}");
        assert_eq!(fake.calls().executed(), u32::try_from(done).unwrap(), "{trouble:?}");
    }
}

#[test]
fn resets_before_and_after_it_is_done() {
    for (trouble, done) in [
        (Trouble::reset_before_read(), 0),
        (Trouble::reset_after_read(), 0),
        (Trouble::reset_after_execution(), 1),
        (Trouble::none().reset_at(10), 1),
    ] {
        let fake = start();
        fake.script().on("syncMultipleLeads", trouble.clone());
        assert!(catch_unwind(AssertUnwindSafe(|| create(&fake))).is_err(), "{trouble:?}");
        assert_eq!(created(&fake), done, "{trouble:?}");
        assert_eq!(fake.calls()[0].outcome, Outcome::Cut);
    }
}

#[test]
fn a_page_comes_twice() {
    let fake = start();
    let list = fake.store().add_list("All");
    fake.store().list_mut(list).unwrap().members.extend(1..=5);
    let selector = StaticListSelector::new().static_list_name("All");
    let request = ParamsGetMultipleLeads::new().lead_selector(selector).batch_size(2);
    let first = call::<GetMultipleLeads>(&fake, request.clone()).unwrap();
    fake.script().on("getMultipleLeads", Trouble::previous());
    let next = request.stream_position(first.result.new_stream_position.clone());
    assert_eq!(call::<GetMultipleLeads>(&fake, next.clone()).unwrap(), first);
    assert_ne!(call::<GetMultipleLeads>(&fake, next).unwrap(), first);
}

#[test]
fn a_response_of_the_scripts_own() {
    let fake = start();
    let status = SyncStatus::new(i32::MAX, LeadSyncStatus::from("POSTPONED"));
    let response = SuccessSyncLead::new(ResultSyncLead::new(i32::MAX, status));
    fake.script().on("syncLead", Trouble::response::<SyncLead>(&response).unwrap());
    let request = ParamsSyncLead::new(LeadRecord::new().id(1), false);
    assert_eq!(call::<SyncLead>(&fake, request).unwrap(), response);
    assert_eq!(fake.calls().executed(), 0);
}
