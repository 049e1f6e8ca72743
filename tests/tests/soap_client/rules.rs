//! What the service would refuse, or drop in silence, is refused before it is sent, with the field named.

use generated::v3_1::*;
use runtime::client::{Cause, Client, Error, Fate};
use runtime::soap::ErrorKind;
use runtime::value::DateTime;

use super::Answers;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// The field that a call is refused for.
fn field(outcome: Result<(), Error>) -> String {
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Client, Fate::NotExecuted, 0), "{error}");
    let Cause::Rule(violation) = error.cause() else { panic!("{error}") };
    violation.field().to_owned()
}

async fn leads(port: &MktowsPort<Client>, params: ParamsGetMultipleLeads) -> String {
    let streamed = port.get_multiple_leads_stream(params.clone()).next().await.unwrap().map(drop);
    let called = port.get_multiple_leads(params).await.map(drop);
    let field = self::field(called);
    assert_eq!(self::field(streamed), field);
    field
}

#[tokio::test]
async fn get_multiple_leads() {
    let port = Answers::default().port();
    let params = ParamsGetMultipleLeads::new;
    let keys = |count: usize| LeadKeySelector::new(LeadKeyRef::Email, vec!["a@example.com"; count]);
    let of_list = StaticListSelector::new;
    let since = |since| LastUpdateAtSelector::new(at(since));
    for (params, field) in [
        (params(), "leadSelector"),
        (params().lead_selector(keys(101)), "leadSelector/keyValues/stringItem"),
        (params().lead_selector(keys(1)).last_updated_at(at("2026-01-01T00:00:00Z")), "lastUpdatedAt"),
        (params().lead_selector(keys(1)).batch_size(1001), "batchSize"),
        (params().lead_selector(of_list()), "leadSelector/staticListName"),
        (params().lead_selector(of_list().static_list_name("List").static_list_id(7)), "leadSelector/staticListId"),
        (
            params().lead_selector(since("2025-01-01T00:00:00Z").latest_updated_at(at("2025-02-01T00:00:00Z"))),
            "leadSelector/oldestUpdatedAt",
        ),
        // To now, by the clock.
        (params().lead_selector(since("2020-01-01T00:00:00Z")), "leadSelector/oldestUpdatedAt"),
    ] {
        assert_eq!(leads(&port, params).await, field);
    }
}

#[tokio::test]
async fn other_operations() {
    let port = Answers::default().port();
    let filter =
        || ActivityTypeFilter::new().include_types([ActivityType::NewLead]).exclude_types([ActivityType::Wait]);
    let key = || LeadKey::new(LeadKeyRef::Email, "a@example.com");
    let activities = ParamsGetLeadActivity::new(key()).activity_filter(filter());
    assert_eq!(field(port.get_lead_activity(activities).await.map(drop)), "activityFilter/excludeTypes");
    let changes = ParamsGetLeadChanges::new(StreamPosition::new()).activity_filter(filter());
    assert_eq!(field(port.get_lead_changes(changes).await.map(drop)), "activityFilter/excludeTypes");

    for lead in [LeadRecord::new(), LeadRecord::new().email(""), LeadRecord::new().email(runtime::value::nil())] {
        assert_eq!(field(port.sync_lead(ParamsSyncLead::new(lead, true)).await.map(drop)), "leadRecord/Id");
    }
    let foreign = LeadRecord::new().foreign_sys_person_id("x1");
    assert_eq!(field(port.sync_lead(ParamsSyncLead::new(foreign, true)).await.map(drop)), "leadRecord/ForeignSysType");
    let mut records = vec![LeadRecord::new().id(1); 301];
    let many = ParamsSyncMultipleLeads::new(records.clone());
    assert_eq!(field(port.sync_multiple_leads(many).await.map(drop)), "leadRecordList/leadRecord");
    records.truncate(5);
    records[3] = LeadRecord::new();
    let keyless = ParamsSyncMultipleLeads::new(records);
    assert_eq!(field(port.sync_multiple_leads(keyless).await.map(drop)), "leadRecordList/leadRecord[4]/Id");

    let request = || ParamsRequestCampaign::new(ReqCampSourceType::Mktows);
    for (params, expected) in [
        (request(), "campaignId"),
        (request().campaign_id(1).program_name("P").campaign_name("C"), "programName"),
        (request().program_name("P"), "campaignName"),
        (request().campaign_id(1).lead_list(vec![key(); 101]), "leadList/leadKey"),
    ] {
        assert_eq!(field(port.request_campaign(params).await.map(drop)), expected);
    }
}

#[tokio::test]
async fn they_can_be_switched_off() {
    let answers = Answers::default();
    answers.add_raw(404, Vec::new());
    let port = MktowsPort::new(answers.client().unchecked().build().unwrap());
    let error = port.get_multiple_leads(ParamsGetMultipleLeads::new()).await.unwrap_err();
    assert_eq!((error.attempts(), answers.asked().len()), (1, 1));
}
