//! `mergeLeads`.

use generated::v3_1::operations::MergeLeads;
use generated::v3_1::{
    Attribute, LeadKey, LeadKeyRef, LeadMergeStatusEnum, MergeStatus, ParamsMergeLeads, ResultMergeLeads,
    SuccessMergeLeads,
};
use runtime::value::OptNillable;

use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::{Call, select};
use crate::store::Store;

impl Execute for MergeLeads {
    fn execute(call: &mut Call<'_>, request: ParamsMergeLeads) -> Result<SuccessMergeLeads, Refusal> {
        let winning = one(call.store, &request.winning_lead_key_list)?;
        let losing = request.losing_lead_key_lists.iter().map(|keys| one(call.store, keys));
        let losing = losing.collect::<Result<Vec<_>, _>>()?;
        if losing.is_empty() {
            return Err(refuse(20101, "a losing lead is required"));
        }
        let (status, error) = if losing.contains(&winning) {
            (LeadMergeStatusEnum::Failed, "a lead cannot be merged into itself".into())
        } else {
            for losing in &losing {
                call.store.merge_leads(winning, *losing);
            }
            (LeadMergeStatusEnum::Merged, OptNillable::Nil)
        };
        let merge_status =
            MergeStatus { winning_lead_id: winning.into(), losing_lead_id_list: losing.into(), status, error };
        Ok(SuccessMergeLeads::new(ResultMergeLeads::new(merge_status)))
    }
}

/// The lead that all the attributes of a key name. Their names are those of lead keys, or of a lead's own fields.
fn one(store: &Store, keys: &[Attribute]) -> Result<i32, Refusal> {
    let mut found: Option<Vec<i32>> = None;
    for key in keys {
        let type_ = match &*key.attr_name.to_uppercase() {
            "ID" | "LEADID" => LeadKeyRef::IdNum,
            name => LeadKeyRef::from(name),
        };
        let ids = select::by_key(store, &LeadKey::new(type_, key.attr_value.clone()))?;
        found = Some(match found {
            None => ids,
            Some(found) => found.into_iter().filter(|id| ids.contains(id)).collect(),
        });
    }
    match found.as_deref() {
        None => Err(refuse(20101, "a lead key is required")),
        Some([id]) => Ok(*id),
        Some([]) => Err(refuse(20103, "Lead not found")),
        Some(_) => Err(refuse(20102, "the key names more than one lead")),
    }
}
