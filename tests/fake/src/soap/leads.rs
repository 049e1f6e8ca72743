//! `getLead` and `getMultipleLeads`.

use std::collections::BTreeSet;

use generated::v3_1::operations::{GetLead, GetMultipleLeads};
use generated::v3_1::{
    ArrayOfAttribute, ArrayOfLeadRecord, LeadRecord, ParamsGetLead, ParamsGetMultipleLeads, ResultGetLead,
    ResultGetMultipleLeads, SuccessGetLead, SuccessGetMultipleLeads,
};
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::select::{self, Excess, batch, count, page};
use crate::store::{Mark, timestamp};

impl Execute for GetLead {
    fn execute(call: &mut Call<'_>, request: ParamsGetLead) -> Result<SuccessGetLead, Refusal> {
        let found = select::some_by_key(call.store, &request.lead_key)?;
        let records: Vec<_> = found.iter().filter_map(|id| call.store.lead(*id)).cloned().collect();
        Ok(SuccessGetLead::new(ResultGetLead { count: count(records.len()), lead_record_list: records.into() }))
    }
}

impl Execute for GetMultipleLeads {
    fn execute(call: &mut Call<'_>, request: ParamsGetMultipleLeads) -> Result<SuccessGetMultipleLeads, Refusal> {
        let ids = match (&request.lead_selector, &request.last_updated_at) {
            (Some(selector), _) => select::by_selector(call, selector, Excess::Ignored)?,
            (None, Some(since)) => select::updated(call.store, timestamp(since), call.now)?,
            (None, None) => return Err(refuse(20109, "a leadSelector is required")),
        };
        let query = format!("getMultipleLeads {:?} {:?}", request.lead_selector, request.last_updated_at);
        let from = request.stream_position.value().filter(|position| !position.is_empty());
        let from = from.map(|position| call.positions.open(&query, position)).transpose()?;
        let size = batch(&request.batch_size, 100, 1_000)?;

        let wanted: Option<BTreeSet<&str>> =
            request.include_attributes.as_ref().map(|names| names.iter().map(String::as_str).collect());
        let ids = ids.into_iter().map(|id| (Mark { time: 0, number: id.into() }, id));
        let page = page(ids, from, size)?;
        let records = page.items.iter().filter_map(|id| call.store.lead(*id));
        let records: ArrayOfLeadRecord = records.map(|record| only(record, wanted.as_ref())).collect();
        Ok(SuccessGetMultipleLeads::new(ResultGetMultipleLeads {
            return_count: count(records.len()),
            remaining_count: count(page.remaining),
            new_stream_position: call.positions.seal(&query, page.mark),
            lead_record_list: if records.is_empty() { OptNillable::Nil } else { records.into() },
        }))
    }
}

/// A lead with these attributes only; without names, with all.
fn only(record: &LeadRecord, wanted: Option<&BTreeSet<&str>>) -> LeadRecord {
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return record.clone() };
    let all = record.lead_attribute_list.as_deref().unwrap_or_default();
    let attributes: Vec<_> = all.iter().filter(|known| wanted.contains(&*known.attr_name)).cloned().collect();
    LeadRecord {
        id: record.id,
        email: record.email.clone(),
        foreign_sys_person_id: record.foreign_sys_person_id.clone(),
        foreign_sys_type: record.foreign_sys_type.clone(),
        lead_attribute_list: ArrayOfAttribute::from(attributes).into(),
    }
}
