//! `listOperation`.

use generated::v3_1::operations::ListOperation;
use generated::v3_1::{LeadStatus, ListOperationType, ParamsListOperation, ResultListOperation, SuccessListOperation};
use runtime::soap::read_request;
use runtime::xml::ReadOptions;

use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::{Call, Version, select};

/// The most leads of one call.
const MAX_LEADS: usize = 1_000;

/// What is done to each lead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Ask,
    Remove,
}

impl Execute for ListOperation {
    fn execute(call: &mut Call<'_>, request: ParamsListOperation) -> Result<SuccessListOperation, Refusal> {
        let list = call.store.list_by_key(&request.list_key).ok_or_else(|| refuse(20111, "List not found"))?;
        let (list, name, members) = (list.id, list.key.clone(), list.members.clone());
        if request.list_member_list.len() > MAX_LEADS {
            return Err(refuse(20110, format!("{} leads are more than {MAX_LEADS}", request.list_member_list.len())));
        }
        let act = match &request.list_operation {
            ListOperationType::AddToList => Act::Add,
            ListOperationType::IsMemberOfList => Act::Ask,
            ListOperationType::RemoveFromList => Act::Remove,
            // The oldest version alone has it.
            other if other.as_str() == "CLEARLIST" && call.version == Version::V2_1 => {
                if let Some(list) = call.store.list_mut(list) {
                    list.members.clear();
                }
                return Ok(SuccessListOperation::new(ResultListOperation::new(true)));
            }
            other => return Err(refuse(20110, format!("`{}` is no list operation", other.as_str()))),
        };
        if request.list_member_list.is_empty() {
            return Err(refuse(20101, "a lead key is required"));
        }

        let mut leads = Vec::new();
        let mut statuses = Vec::new();
        for key in request.list_member_list {
            let found = select::by_key(call.store, &key)?;
            let can = match act {
                Act::Add => !found.is_empty(),
                Act::Ask | Act::Remove => found.iter().any(|id| members.contains(id)),
            };
            leads.extend(found);
            statuses.push(LeadStatus::new(key, can));
        }
        let success = statuses.iter().all(|status| status.status);
        let strict = request.strict.value().copied().unwrap_or(true);
        if act != Act::Ask && (success || !strict) {
            let quiet = skips_activity_log(call);
            for lead in leads {
                change(call, list, &name, lead, act, quiet);
            }
        }
        // What is not strict succeeds as far as it can.
        let success = success || (!strict && act != Act::Ask);
        Ok(SuccessListOperation::new(ResultListOperation::new(success).status_list(statuses)))
    }
}

fn change(call: &mut Call<'_>, list: i32, name: &str, lead: i32, act: Act, quiet: bool) {
    let Some(list) = call.store.list_mut(list) else { return };
    let (changed, activity) = match act {
        Act::Add => (list.members.insert(lead), "Add to List"),
        Act::Remove => (list.members.remove(&lead), "Remove from List"),
        Act::Ask => return,
    };
    if changed && !quiet {
        call.store.log_activity(lead, activity, Some(name), &[]);
    }
}

/// What the first two versions can say, and the newest cannot.
fn skips_activity_log(call: &Call<'_>) -> bool {
    use generated::{v2_1, v2_2};

    let options = ReadOptions::new;
    let skips = match call.version {
        Version::V2_1 => read_request::<v2_1::operations::ListOperation>(call.envelope, options())
            .map(|request| request.message.skip_activity_log),
        Version::V2_2 => read_request::<v2_2::operations::ListOperation>(call.envelope, options())
            .map(|request| request.message.skip_activity_log),
        Version::V2_3 | Version::V2_7 | Version::V3_1 => return false,
    };
    skips.is_ok_and(|skips| skips.value() == Some(&true))
}
