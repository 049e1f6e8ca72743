//! `getLeadActivity` and `getLeadChanges`.

use std::collections::BTreeSet;

use generated::v3_1::operations::{GetLeadActivity, GetLeadChanges};
use generated::v3_1::{
    ActivityRecord, ActivityTypeFilter, ArrayOfActivityRecord, ArrayOfActivityType, ArrayOfLeadChangeRecord,
    LeadActivityList, LeadChangeRecord, ParamsGetLeadActivity, ParamsGetLeadChanges, ResultGetLeadChanges,
    StreamPosition, SuccessGetLeadActivity, SuccessGetLeadChanges,
};
use jiff::Timestamp;
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::position::Positions;
use super::select::{self, Excess, Page, batch, count, page};
use crate::store::{Mark, date_time, timestamp};

impl Execute for GetLeadActivity {
    fn execute(call: &mut Call<'_>, request: ParamsGetLeadActivity) -> Result<SuccessGetLeadActivity, Refusal> {
        let leads: BTreeSet<_> = select::some_by_key(call.store, &request.lead_key)?.into_iter().collect();
        let query = format!("getLeadActivity {:?} {:?}", request.lead_key, request.activity_filter);
        let wanted = Wanted { leads: Some(leads), filter: filter(&request.activity_filter)?, names: None };
        let start = request.start_position.value().cloned().unwrap_or_default();
        let size = batch(&request.batch_size, 100, 100)?;
        let (page, new_start_position) = read(call, &query, &start, &wanted, size)?;
        let records: ArrayOfActivityRecord = page.items.into_iter().collect();
        Ok(SuccessGetLeadActivity::new(LeadActivityList {
            return_count: count(records.len()),
            // A flag here, no count.
            remaining_count: i32::from(page.remaining > 0),
            new_start_position,
            activity_record_list: if records.is_empty() { OptNillable::Nil } else { records.into() },
        }))
    }
}

impl Execute for GetLeadChanges {
    fn execute(call: &mut Call<'_>, request: ParamsGetLeadChanges) -> Result<SuccessGetLeadChanges, Refusal> {
        let start = &request.start_position;
        if start.oldest_created_at.value().is_none()
            && start.latest_created_at.value().is_none()
            && token(start).is_none()
        {
            return Err(refuse(20109, "startPosition says neither a time nor an offset"));
        }
        let selector = request.lead_selector.as_ref();
        let leads = selector.map(|selector| select::by_selector(call, selector, Excess::Refused)).transpose()?;
        let filters = (&request.activity_filter, &request.activity_name_filter);
        let query = format!("getLeadChanges {:?} {filters:?}", request.lead_selector);
        let names = request.activity_name_filter.as_deref().filter(|names| !names.is_empty());
        let wanted = Wanted { leads, filter: filter(&request.activity_filter)?, names };
        let size = batch(&request.batch_size, 100, 1_000)?;
        let (page, new_start_position) = read(call, &query, start, &wanted, size)?;
        let records: ArrayOfLeadChangeRecord = page.items.into_iter().map(change).collect();
        Ok(SuccessGetLeadChanges::new(ResultGetLeadChanges {
            return_count: count(records.len()),
            remaining_count: count(page.remaining),
            new_start_position,
            lead_change_record_list: if records.is_empty() { OptNillable::Nil } else { records.into() },
        }))
    }
}

/// Which activities are asked for.
struct Wanted<'a> {
    leads: Option<BTreeSet<i32>>,
    filter: Filter<'a>,
    names: Option<&'a [String]>,
}

enum Filter<'a> {
    All,
    Only(&'a ArrayOfActivityType),
    Without(&'a ArrayOfActivityType),
}

impl Wanted<'_> {
    fn is(&self, lead: i32, record: &ActivityRecord) -> bool {
        // `Visit Webpage` is a record's `VisitWebpage`.
        let among = |types: &ArrayOfActivityType| types.iter().any(|type_| same(type_.as_str(), &record.activity_type));
        let passes = match self.filter {
            Filter::All => true,
            Filter::Only(types) => among(types),
            Filter::Without(types) => !among(types),
        };
        passes
            && self.leads.as_ref().is_none_or(|leads| leads.contains(&lead))
            && self.names.is_none_or(|names| names.contains(&record.activity_type))
    }
}

fn same(type_: &str, name: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(type_) == letters(name)
}

fn filter(filter: &OptNillable<ActivityTypeFilter>) -> Result<Filter<'_>, Refusal> {
    let Some(ActivityTypeFilter { include_types, exclude_types }) = filter.value() else { return Ok(Filter::All) };
    let some = |types: &'_ Option<ArrayOfActivityType>| types.as_ref().is_some_and(|types| !types.is_empty());
    match (include_types, exclude_types) {
        (_, _) if some(include_types) && some(exclude_types) => {
            Err(refuse(20107, "an activity filter includes types or excludes them, not both"))
        }
        (Some(types), _) if !types.is_empty() => Ok(Filter::Only(types)),
        (_, Some(types)) if !types.is_empty() => Ok(Filter::Without(types)),
        _ => Ok(Filter::All),
    }
}

/// The page that `start` asks for, and where the next one begins.
fn read(
    call: &Call<'_>,
    query: &str,
    start: &StreamPosition,
    wanted: &Wanted<'_>,
    size: usize,
) -> Result<(Page<ActivityRecord>, StreamPosition), Refusal> {
    let second = |at: &OptNillable<_>| at.value().map(|at| timestamp(at).as_second());
    let (oldest, latest) = (second(&start.oldest_created_at), second(&start.latest_created_at));
    let from = match token(start) {
        Some(token) => Some(call.positions.open(&sealed(query, start), token)?),
        None => None,
    };
    // With a time to begin at, that very second is within.
    let begin = second(&start.activity_created_at).max(oldest).map(|time| Mark { time, number: -1 });
    let found = call
        .store
        .activities_after(from.or(begin).unwrap_or(Mark { time: i64::MIN, number: 0 }))
        .filter(|(mark, lead, record)| latest.is_none_or(|latest| mark.time <= latest) && wanted.is(*lead, record))
        .map(|(mark, _, record)| (mark, record.clone()));
    let page = page(found, from, size)?;
    let next = next(call.positions, query, start, page.mark);
    Ok((page, next))
}

/// The position behind `mark`. It is sealed with all that stands beside it: whoever changes a part gets fault 20122.
fn next(positions: &Positions, query: &str, start: &StreamPosition, mark: Mark) -> StreamPosition {
    let at = Timestamp::from_second(mark.time).ok().map(date_time);
    let mut next = start.clone();
    next.activity_created_at = at.map_or(OptNillable::Nil, OptNillable::Value);
    let query = sealed(query, &next);
    next.offset = positions.seal(&query, mark).into();
    next
}

fn sealed(query: &str, position: &StreamPosition) -> String {
    let StreamPosition { latest_created_at, oldest_created_at, activity_created_at, .. } = position;
    let second = |at: &OptNillable<_>| at.value().map(|at| timestamp(at).as_second());
    format!("{query} {:?}", [latest_created_at, oldest_created_at, activity_created_at].map(second))
}

fn token(position: &StreamPosition) -> Option<&str> {
    position.offset.as_deref().filter(|offset| !offset.is_empty())
}

fn change(record: ActivityRecord) -> LeadChangeRecord {
    LeadChangeRecord {
        id: record.id,
        marketo_guid: record.marketo_guid,
        activity_date_time: record.activity_date_time,
        activity_type: record.activity_type,
        mktg_asset_name: record.mktg_asset_name.into(),
        activity_attributes: record.activity_attributes,
        campaign: record.campaign.into_value(),
        mkt_person_id: record.mkt_person_id,
    }
}
