//! Activities and changes of leads, page by page.

use generated::v3_1::operations::{GetLeadActivity, GetLeadChanges, SyncLead};
use generated::v3_1::*;
use runtime::value::{DateTime, OptNillable};

use crate::caller::{call, start};
use fake::Fake;

fn lead(id: &str) -> LeadKey {
    LeadKey::new(LeadKeyRef::IdNum, id)
}

fn numbers(records: Option<&[ActivityRecord]>) -> Vec<i64> {
    records.unwrap_or_default().iter().map(|record| *record.id.value().unwrap()).collect()
}

fn activity(fake: &Fake, request: ParamsGetLeadActivity) -> Result<(Vec<i64>, i32, StreamPosition), u32> {
    let list = call::<GetLeadActivity>(fake, request)?.lead_activity_list;
    let found = numbers(list.activity_record_list.as_deref());
    assert_eq!(list.return_count, i32::try_from(found.len()).unwrap());
    Ok((found, list.remaining_count, list.new_start_position))
}

fn changes(fake: &Fake, request: ParamsGetLeadChanges) -> Result<(Vec<i64>, i32, StreamPosition), u32> {
    let result = call::<GetLeadChanges>(fake, request)?.result;
    let records = result.lead_change_record_list.into_value().unwrap_or_default();
    let found = records.iter().map(|record| *record.id.value().unwrap()).collect();
    Ok((found, result.remaining_count, result.new_start_position))
}

fn since(moment: &str) -> StreamPosition {
    StreamPosition::new().oldest_created_at(moment.parse::<DateTime>().unwrap())
}

#[test]
fn the_activities_of_a_lead_come_in_pages() {
    let fake = start();
    let request = ParamsGetLeadActivity::new(lead("1")).batch_size(2);
    let (found, remaining, position) = activity(&fake, request.clone()).unwrap();
    // A flag, no count.
    assert_eq!((found, remaining), (vec![101, 102], 1));
    let (found, remaining, last) = activity(&fake, request.clone().start_position(position.clone())).unwrap();
    assert_eq!((found, remaining), (vec![103], 0));
    assert_eq!(activity(&fake, request.clone().start_position(last.clone())).unwrap_err(), 20123);
    // What happened since comes after the last position.
    call::<SyncLead>(&fake, {
        let attributes = [Attribute::new("FirstName", "Anna")];
        ParamsSyncLead::new(LeadRecord::new().id(1).lead_attribute_list(attributes), false)
    })
    .unwrap();
    assert_eq!(activity(&fake, request.clone().start_position(last)).unwrap().0.len(), 1);

    for changed in [
        StreamPosition { offset: OptNillable::Value("1".to_owned()), ..position.clone() },
        StreamPosition { latest_created_at: position.clone().activity_created_at, ..position.clone() },
        StreamPosition { activity_created_at: OptNillable::Nil, ..position.clone() },
    ] {
        assert_eq!(activity(&fake, request.clone().start_position(changed)).unwrap_err(), 20122);
    }
    let other = ParamsGetLeadActivity::new(lead("2")).start_position(position);
    assert_eq!(activity(&fake, other).unwrap_err(), 20122);
    assert_eq!(activity(&fake, ParamsGetLeadActivity::new(lead("77"))).unwrap_err(), 20103);
    assert_eq!(activity(&fake, ParamsGetLeadActivity::new(lead("1")).batch_size(0)).unwrap_err(), 20110);
    assert_eq!(activity(&fake, ParamsGetLeadActivity::new(lead("3"))).unwrap().0, [] as [i64; 0]);
}

#[test]
fn activities_are_filtered() {
    let fake = start();
    let with = |filter: ActivityTypeFilter| {
        activity(&fake, ParamsGetLeadActivity::new(lead("1")).activity_filter(filter)).map(|(found, ..)| found)
    };
    let visits = || ArrayOfActivityType::from([ActivityType::VisitWebpage]);
    assert_eq!(with(ActivityTypeFilter::new().include_types(visits())), Ok(vec![101]));
    assert_eq!(with(ActivityTypeFilter::new().exclude_types(visits())), Ok(vec![102, 103]));
    assert_eq!(with(ActivityTypeFilter::new()), Ok(vec![101, 102, 103]));
    assert_eq!(with(ActivityTypeFilter::new().include_types(visits()).exclude_types(visits())), Err(20107));
}

#[test]
fn changes_of_all_leads_or_some() {
    let fake = start();
    let all = ParamsGetLeadChanges::new(since("2020-01-01T00:00:00Z"));
    let (found, remaining, position) = changes(&fake, all.clone().batch_size(1)).unwrap();
    // A count, unlike that of getLeadActivity.
    assert_eq!((found, remaining), (vec![101], 3));
    let next = ParamsGetLeadChanges { start_position: position, ..all.clone() };
    let (found, remaining, last) = changes(&fake, next).unwrap();
    assert_eq!((found, remaining), (vec![102, 103, 104], 0));
    let next = ParamsGetLeadChanges { start_position: last, ..all.clone() };
    assert_eq!(changes(&fake, next).unwrap_err(), 20123);

    let only = |request: ParamsGetLeadChanges| changes(&fake, request).map(|(found, ..)| found);
    assert_eq!(only(all.clone().activity_name_filter(["Visit Webpage"])), Ok(vec![101, 104]));
    let keys = LeadKeySelector::new(LeadKeyRef::IdNum, ["2"]);
    assert_eq!(only(all.clone().lead_selector(keys)), Ok(vec![104]));
    let many = LeadKeySelector::new(LeadKeyRef::IdNum, vec!["2"; 101]);
    assert_eq!(only(all.clone().lead_selector(many)), Err(20110));
    assert_eq!(only(ParamsGetLeadChanges::new(StreamPosition::new())), Err(20109));
    let until = since("2020-01-01T00:00:00Z").latest_created_at("2020-01-02T00:00:00Z".parse::<DateTime>().unwrap());
    assert_eq!(only(ParamsGetLeadChanges::new(until)), Ok(vec![]));
}
