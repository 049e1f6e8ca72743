//! The operations on leads, by the rules that no schema states.

use std::time::Duration;

use fake::{Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};
use generated::v3_1::operations::*;
use generated::v3_1::*;
use runtime::soap::Request;
use runtime::value::nil;

use crate::caller::{call, call_with, signature, signed, start};

fn key(type_: LeadKeyRef, value: &str) -> LeadKey {
    LeadKey::new(type_, value)
}

fn ids(records: &[LeadRecord]) -> Vec<i32> {
    records.iter().map(|record| *record.id.value().unwrap()).collect()
}

fn get(fake: &Fake, type_: LeadKeyRef, value: &str) -> Result<Vec<i32>, u32> {
    let response = call::<GetLead>(fake, ParamsGetLead::new(key(type_, value)))?;
    let records = response.result.lead_record_list.as_deref().unwrap();
    assert_eq!(response.result.count, i32::try_from(records.len()).unwrap());
    Ok(ids(records))
}

#[test]
fn a_lead_is_found_by_each_type_of_key() {
    let fake = start();
    for (type_, value, expected) in [
        (LeadKeyRef::IdNum, "1", Ok(vec![1])),
        (LeadKeyRef::Email, "Ann@Example.com", Ok(vec![1])),
        (LeadKeyRef::Email, "twin@example.com", Ok(vec![4, 5])),
        (LeadKeyRef::Cookie, "id:1&token:a", Ok(vec![1])),
        (LeadKeyRef::LeadOwnerEmail, "owner@example.com", Ok(vec![1])),
        (LeadKeyRef::SfdcAccountId, "001A", Ok(vec![1])),
        (LeadKeyRef::SfdcContactId, "003C", Ok(vec![1])),
        (LeadKeyRef::SfdcLeadId, "00QA", Ok(vec![1])),
        (LeadKeyRef::SfdcLeadOwnerId, "005A", Ok(vec![1])),
        (LeadKeyRef::SfdcOpptyId, "006A", Ok(vec![1])),
        (LeadKeyRef::IdNum, "77", Err(20103)),
        (LeadKeyRef::IdNum, "x", Err(20102)),
        (LeadKeyRef::Email, "", Err(20101)),
        (LeadKeyRef::from("NAME"), "x", Err(20102)),
    ] {
        assert_eq!(get(&fake, type_.clone(), value), expected, "{} {value}", type_.as_str());
    }
}

#[test]
fn who_may_call() {
    let clock = fake::Clock::at("2026-03-01T12:00:00Z".parse().unwrap());
    let config = Config::new().clock(clock).limits(Limits::none()).signature_age(Duration::from_secs(60));
    let fake = Fake::start_blocking(config).unwrap();
    fake.store().add_samples();
    let with = |user: &str, signature: &str, timestamp: &str| {
        let header = AuthenticationHeaderInfo::new(user, signature, timestamp);
        let request = ParamsGetLead::new(key(LeadKeyRef::IdNum, "1"));
        let request = Request::new(request).header(&AUTHENTICATION_HEADER, header);
        call_with::<GetLead>(&fake, "3_1", request).map(|_| ())
    };
    let good = |timestamp: &str| with(USER_ID, &signature(timestamp), timestamp);
    assert_eq!(good("2026-03-01T06:00:00-06:00"), Ok(()));
    assert_eq!(good("2026-03-01T11:59:00Z"), Ok(()));
    assert_eq!(good("2026-03-01T11:58:59Z"), Err(20016));
    assert_eq!(good("2026-03-01T12:01:01Z"), Err(20016));
    assert_eq!(good("2026-03-01T12:00:00"), Err(20014));
    assert_eq!(good("now"), Err(20014));
    let now = "2026-03-01T12:00:00Z";
    assert_eq!(with("other", &signature(now), now), Err(20014));
    assert_eq!(with(USER_ID, &signature(now).to_uppercase(), now), Err(20014));
    assert_eq!(with(USER_ID, ENCRYPTION_KEY, now), Err(20014));
    assert_eq!(fake.calls().executed(), 2);
}

fn selector(fake: &Fake, selector: impl Into<LeadSelector>) -> Result<Vec<i32>, u32> {
    let request = ParamsGetMultipleLeads::new().lead_selector(selector);
    let result = call::<GetMultipleLeads>(fake, request)?.result;
    assert_eq!(result.remaining_count, 0);
    Ok(ids(result.lead_record_list.as_deref().unwrap_or_default()))
}

#[test]
fn leads_are_selected() {
    let fake = start();
    let keys = |keys: &[&str]| LeadKeySelector::new(LeadKeyRef::Email, keys.to_vec());
    assert_eq!(selector(&fake, keys(&["bob@example.com", "none@example.com", "ann@example.com"])), Ok(vec![1, 2]));
    assert_eq!(selector(&fake, keys(&["none@example.com"])), Ok(vec![]));
    assert_eq!(selector(&fake, keys(&[])), Err(20101));
    // Only a hundred keys count.
    let mut many = vec!["none@example.com"; 100];
    many.push("ann@example.com");
    assert_eq!(selector(&fake, keys(&many)), Ok(vec![]));

    let list = fake.store().list("Newsletter").unwrap().id;
    assert_eq!(selector(&fake, StaticListSelector::new().static_list_name("Newsletter")), Ok(vec![1, 2]));
    assert_eq!(selector(&fake, StaticListSelector::new().static_list_id(list)), Ok(vec![1, 2]));
    assert_eq!(selector(&fake, StaticListSelector::new().static_list_name("Other")), Err(20111));
    assert_eq!(selector(&fake, StaticListSelector::new()), Err(20109));
    assert_eq!(call::<GetMultipleLeads>(&fake, ParamsGetMultipleLeads::new()).unwrap_err(), 20109);

    let at = |text: &str| text.parse::<runtime::value::DateTime>().unwrap();
    for id in 1..=3 {
        fake.store().set_updated_at(id, format!("2026-01-0{id}T00:00:00Z").parse().unwrap());
    }
    let range = |oldest: &str, latest: &str| LastUpdateAtSelector::new(at(oldest)).latest_updated_at(at(latest));
    assert_eq!(selector(&fake, range("2026-01-01T00:00:00Z", "2026-01-02T01:00:00+01:00")), Ok(vec![1, 2]));
    assert_eq!(selector(&fake, range("2026-01-01T00:00:01Z", "2026-01-31T00:00:01Z")), Ok(vec![2, 3]));
    assert_eq!(selector(&fake, range("2026-01-01T00:00:00Z", "2026-01-31T00:00:01Z")), Err(20022));
    assert_eq!(selector(&fake, LastUpdateAtSelector::new(at("2026-01-01T00:00:00Z"))), Err(20022));
}

#[test]
fn pages_follow_each_other_to_the_end() {
    let fake = start();
    let mut position: Option<String> = None;
    let mut seen = Vec::new();
    let request = |position: Option<String>| {
        let selector = StaticListSelector::new().static_list_name("All");
        let request =
            ParamsGetMultipleLeads::new().lead_selector(selector).batch_size(3).include_attributes(["FirstName"]);
        ParamsGetMultipleLeads { stream_position: position.into(), ..request }
    };
    let list = fake.store().add_list("All");
    fake.store().list_mut(list).unwrap().members.extend(1..=5);
    loop {
        let result = call::<GetMultipleLeads>(&fake, request(position)).unwrap().result;
        seen.extend(ids(result.lead_record_list.as_deref().unwrap()));
        position = Some(result.new_stream_position);
        if result.remaining_count == 0 {
            break;
        }
        assert_eq!(result.return_count, 3);
        assert_eq!(result.remaining_count, 2);
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    assert_eq!(call::<GetMultipleLeads>(&fake, request(position.clone())).unwrap_err(), 20123);
    // A position is good for its query alone, and as it is.
    let position = position.unwrap();
    assert_eq!(call::<GetMultipleLeads>(&fake, request(Some(format!("{position}0")))).unwrap_err(), 20122);
    let other = ParamsGetMultipleLeads::new().lead_selector(StaticListSelector::new().static_list_name("Newsletter"));
    assert_eq!(call::<GetMultipleLeads>(&fake, other.stream_position(position)).unwrap_err(), 20122);
}

fn sync(fake: &Fake, record: LeadRecord) -> Result<(i32, LeadSyncStatus), u32> {
    let response = call::<SyncLead>(fake, ParamsSyncLead::new(record, true))?;
    let result = response.result;
    assert_eq!(result.lead_id, result.sync_status.lead_id);
    assert_eq!(result.lead_record.value().unwrap().id.value(), Some(&result.lead_id));
    Ok((result.lead_id, result.sync_status.status))
}

#[test]
fn the_key_that_wins() {
    let fake = start();
    let updated = |id| Ok((id, LeadSyncStatus::Updated));
    let foreign = |id: &str| LeadRecord::new().foreign_sys_person_id(id).foreign_sys_type(ForeignSysType::Sfdc);
    assert_eq!(sync(&fake, foreign("003A").id(2).email("carl@example.com")), updated(2));
    fake.store().add_samples();
    assert_eq!(sync(&fake, foreign("003A").email("bob@example.com")), updated(1));
    fake.store().add_samples();
    assert_eq!(sync(&fake, LeadRecord::new().email("BOB@example.com")), updated(2));
    let (id, status) = sync(&fake, foreign("003Z").email("bob@example.com")).unwrap();
    assert_eq!(status, LeadSyncStatus::Created);
    assert!(id > 1_000);
    assert_eq!(sync(&fake, LeadRecord::new().id(77)), Err(20103));
    assert_eq!(sync(&fake, LeadRecord::new()), Err(20101));
    assert_eq!(sync(&fake, LeadRecord::new().foreign_sys_person_id("003A")), Err(20109));
}

#[test]
fn what_is_left_out_stays_and_what_changes_is_told() {
    let fake = start();
    let record = LeadRecord::new().id(1).lead_attribute_list([Attribute::new("FirstName", "Anna")]);
    sync(&fake, record).unwrap();
    let lead = fake.store().lead(1).cloned().unwrap();
    assert_eq!(lead.email.as_deref(), Some("ann@example.com"));
    let attributes = lead.lead_attribute_list.as_deref().unwrap();
    assert_eq!(attributes[0].attr_value, "Anna");
    assert_eq!(attributes.len(), 9);
    let change = fake.store().activities().last().cloned().unwrap();
    assert_eq!(change.activity_type, "Change Data Value");
    assert_eq!(change.mktg_asset_name.as_deref(), Some("FirstName"));
    let values = change.activity_attributes.as_deref().unwrap();
    assert_eq!(values, [Attribute::new("New Value", "Anna"), Attribute::new("Old Value", "Ann")]);
    sync(&fake, LeadRecord::new().id(1).email(nil())).unwrap();
    assert!(fake.store().lead(1).unwrap().email.is_nil());
    assert_eq!(get(&fake, LeadKeyRef::Email, "ann@example.com"), Err(20103));
}

#[test]
fn cookies_and_workspaces() {
    let fake = start();
    let request = ParamsSyncLead::new(LeadRecord::new().id(2), false).marketo_cookie("id:1&token:a");
    assert!(call::<SyncLead>(&fake, request).unwrap().result.lead_record.is_nil());
    assert_eq!(get(&fake, LeadKeyRef::Cookie, "id:1&token:a"), Ok(vec![2]));

    fake.store().add_workspace("Asia");
    let into = |workspace: &str| {
        let request = ParamsSyncLead::new(LeadRecord::new().id(3), false);
        let request = Request::new(request)
            .header(&AUTHENTICATION_HEADER, signed(&fake))
            .header(&MKTOWS_CONTEXT_HEADER, MktowsContextHeaderInfo::new(workspace));
        call_with::<SyncLead>(&fake, "3_1", request).map(|_| ())
    };
    assert_eq!(into("Asia"), Ok(()));
    assert_eq!(into("Mars"), Err(20110));
    assert_eq!(fake.store().workspace(3), Some("Asia"));
}

#[test]
fn many_leads_have_a_status_each() {
    let fake = start();
    let email = |email: &str| LeadRecord::new().email(email);
    let records = [email("new@example.com"), email("bob@example.com"), LeadRecord::new(), LeadRecord::new().id(77)];
    let request = ParamsSyncMultipleLeads::new(records);
    let result = call::<SyncMultipleLeads>(&fake, request).unwrap().result;
    let statuses: Vec<_> =
        result.sync_status_list.iter().map(|status| (status.status.as_str(), status.lead_id)).collect();
    let new = statuses[0].1;
    assert_eq!(statuses, [("CREATED", new), ("UPDATED", 2), ("FAILED", 0), ("FAILED", 77)]);
    let error = result.sync_status_list[3].error.as_deref().unwrap();
    assert_eq!(error, "20103 - Lead not found: no lead has the id 77");

    let request = ParamsSyncMultipleLeads::new([email("bob@example.com")]).dedup_enabled(false);
    let result = call::<SyncMultipleLeads>(&fake, request).unwrap().result;
    assert_eq!(result.sync_status_list[0].status, LeadSyncStatus::Created);
    assert_eq!(get(&fake, LeadKeyRef::Email, "bob@example.com").unwrap().len(), 2);

    let many = |count| ParamsSyncMultipleLeads::new(vec![email("x@example.com"); count]);
    assert_eq!(call::<SyncMultipleLeads>(&fake, many(301)).unwrap_err(), 20110);
    assert_eq!(call::<SyncMultipleLeads>(&fake, many(0)).unwrap_err(), 20104);
    assert_eq!(call::<SyncMultipleLeads>(&fake, many(300)).unwrap().result.sync_status_list.len(), 300);
}

#[test]
fn leads_are_merged() {
    let fake = start();
    let key = |name: &str, value: &str| ArrayOfAttribute::from([Attribute::new(name, value)]);
    let merge = |winning: &str, losing: &[&str]| {
        let losing: Vec<_> = losing.iter().map(|id| key("IDNUM", id)).collect();
        call::<MergeLeads>(&fake, ParamsMergeLeads::new(key("Email", winning), losing))
            .map(|done| done.result.merge_status)
    };
    let status = merge("bob@example.com", &["1", "3"]).unwrap();
    assert_eq!(status.status, LeadMergeStatusEnum::Merged);
    assert_eq!(status.winning_lead_id.value(), Some(&2));
    assert_eq!(status.losing_lead_id_list.as_deref(), Some(&[1, 3][..]));
    assert_eq!(get(&fake, LeadKeyRef::IdNum, "1"), Err(20103));
    // The winner keeps what it has and gets what it lacks.
    let winner = fake.store().lead(2).cloned().unwrap();
    assert_eq!(winner.email.as_deref(), Some("bob@example.com"));
    let attributes = winner.lead_attribute_list.into_value().unwrap();
    let value = |name: &str| attributes.iter().find(|known| known.attr_name == name).map(|known| &*known.attr_value);
    assert_eq!((value("FirstName"), value("LeadScore")), (Some("Bob"), Some("12")));
    assert_eq!(fake.store().list("Newsletter").unwrap().members.iter().collect::<Vec<_>>(), [&2]);
    assert!(fake.store().activities().all(|activity| activity.mkt_person_id == "2"));
    assert_eq!(get(&fake, LeadKeyRef::Cookie, "id:1&token:a"), Ok(vec![2]));

    assert_eq!(merge("bob@example.com", &["2"]).unwrap().status, LeadMergeStatusEnum::Failed);
    assert_eq!(merge("bob@example.com", &[]).unwrap_err(), 20101);
    assert_eq!(merge("bob@example.com", &["1"]).unwrap_err(), 20103);
    assert_eq!(merge("twin@example.com", &["2"]).unwrap_err(), 20102);
}

#[test]
fn lists_are_changed() {
    let fake = start();
    let operate = |operation: ListOperationType, ids: &[&str], strict: bool| {
        let keys: Vec<_> = ids.iter().map(|id| key(LeadKeyRef::IdNum, id)).collect();
        let list = ListKey::new(ListKeyType::MktoListName, "Newsletter");
        let request = ParamsListOperation::new(operation, list, keys).strict(strict);
        let result = call::<ListOperation>(&fake, request)?.result;
        let statuses: Vec<_> = result.status_list.as_deref().unwrap().iter().map(|status| status.status).collect();
        Ok::<_, u32>((result.success, statuses))
    };
    let members = || fake.store().list("Newsletter").unwrap().members.iter().copied().collect::<Vec<_>>();
    use ListOperationType::{AddToList, IsMemberOfList, RemoveFromList};

    assert_eq!(operate(IsMemberOfList, &["1", "3"], true), Ok((false, vec![true, false])));
    assert_eq!(operate(AddToList, &["3", "77"], true), Ok((false, vec![true, false])));
    assert_eq!(members(), [1, 2]);
    assert_eq!(operate(AddToList, &["3", "77"], false), Ok((true, vec![true, false])));
    assert_eq!(members(), [1, 2, 3]);
    assert_eq!(fake.store().activities().last().unwrap().activity_type, "Add to List");
    assert_eq!(operate(RemoveFromList, &["1", "3"], true), Ok((true, vec![true, true])));
    assert_eq!(members(), [2]);
    assert_eq!(operate(RemoveFromList, &["1"], true), Ok((false, vec![false])));
    assert_eq!(operate(ListOperationType::from("CLEARLIST"), &[], true), Err(20110));
    assert_eq!(operate(AddToList, &[], true), Err(20101));
    assert_eq!(operate(AddToList, &vec!["1"; 1_001], true), Err(20110));
    let other = ListKey::new(ListKeyType::MktoListName, "Other");
    let request = ParamsListOperation::new(AddToList, other, [key(LeadKeyRef::IdNum, "1")]);
    assert_eq!(call::<ListOperation>(&fake, request).unwrap_err(), 20111);
    let sales = ListKey::new(ListKeyType::MktoSalesUserId, "7");
    let request = ParamsListOperation::new(AddToList, sales, [key(LeadKeyRef::IdNum, "1")]);
    assert!(call::<ListOperation>(&fake, request).unwrap().result.success);
}

#[test]
fn imports_take_their_time() {
    let clock = fake::Clock::at("2026-03-01T12:00:00Z".parse().unwrap());
    let fake = Fake::start_blocking(Config::new().clock(clock.clone()).limits(Limits::none())).unwrap();
    fake.store().add_samples();
    let rows = ["ann@example.com,Anna", "new@example.com,\"New, or so\"", ",Nobody", "one field"];
    let import = |mode: ImportToListModeEnum, program: &str, clear: bool| {
        let list = "Newsletter";
        let header = "Email Address,FirstName";
        call::<ImportToList>(&fake, ParamsImportToList::new(program, header, rows, mode, list, clear, nil()))
    };
    let response = import(ImportToListModeEnum::UpsertLeads, "Spring", true).unwrap();
    assert_eq!(response.result.import_status, ImportToListStatusEnum::Processing);
    assert_eq!(fake.store().list("Newsletter").unwrap().members.len(), 2);
    let new = get(&fake, LeadKeyRef::Email, "new@example.com").unwrap()[0];
    let attributes = fake.store().lead(new).cloned().unwrap().lead_attribute_list.into_value().unwrap();
    assert_eq!(attributes[0], Attribute::new("FirstName", "New, or so"));

    let ask = || {
        let request = ParamsGetImportToListStatus::new().program_name("Spring").list_name("Newsletter");
        call::<GetImportToListStatus>(&fake, request).map(|response| response.result)
    };
    let status = ask().unwrap();
    assert_eq!(status.status, ImportToListStatusEnum::Processing);
    assert_eq!(status.estimated_time.value(), Some(&30));
    assert!(status.rows_imported.is_nil() && status.ended_time.is_nil());
    clock.advance(Duration::from_secs(59));
    assert_eq!(ask().unwrap_err(), 20023);
    clock.advance(Duration::from_secs(1));
    let status = ask().unwrap();
    assert_eq!(status.status, ImportToListStatusEnum::Complete);
    assert_eq!(status.ended_time.value().unwrap().to_string(), "2026-03-01T12:00:30Z");
    let rows = [status.rows_imported, status.rows_failed, status.rows_ignored].map(|rows| *rows.value().unwrap());
    assert_eq!(rows, [2, 2, 0]);

    import(ImportToListModeEnum::ListOnly, "Spring", false).unwrap();
    fake.store().imports_mut()[1].ending = ImportToListStatusEnum::Failed;
    clock.advance(Duration::from_secs(60));
    assert_eq!(ask().unwrap().status, ImportToListStatusEnum::Failed);
    assert_eq!(import(ImportToListModeEnum::ListOnly, "Autumn", false).unwrap_err(), 20110);
    assert_eq!(call::<GetImportToListStatus>(&fake, ParamsGetImportToListStatus::new()).unwrap_err(), 20109);
}
