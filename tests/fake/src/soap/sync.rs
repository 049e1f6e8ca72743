//! `syncLead` and `syncMultipleLeads`.

use generated::v3_1::operations::{SyncLead, SyncMultipleLeads};
use generated::v3_1::{
    LeadRecord, LeadSyncStatus, MKTOWS_CONTEXT_HEADER, ParamsSyncLead, ParamsSyncMultipleLeads, ResultSyncLead,
    ResultSyncMultipleLeads, SuccessSyncLead, SuccessSyncMultipleLeads, SyncStatus,
};
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use super::operations::Execute;
use crate::store::Store;

/// The most leads of one `syncMultipleLeads`.
const MAX_LEADS: usize = 300;

impl Execute for SyncLead {
    fn execute(call: &mut Call<'_>, request: ParamsSyncLead) -> Result<SuccessSyncLead, Refusal> {
        let context = call.headers.get(&MKTOWS_CONTEXT_HEADER).map_err(|error| refuse(20012, error.to_string()))?;
        let workspace = context.map(|context| context.target_workspace);
        if let Some(name) = &workspace
            && !call.store.knows_workspace(name)
        {
            return Err(refuse(20110, format!("there is no workspace `{name}`")));
        }
        let (id, status) = sync(call.store, &request.lead_record, true)?;
        if let Some(workspace) = workspace {
            call.store.set_workspace(id, workspace);
        }
        if let Some(cookie) = request.marketo_cookie.value().filter(|cookie| !cookie.is_empty()) {
            call.store.set_cookie(id, cookie.clone());
        }
        let record = request.return_lead.then(|| call.store.lead(id).cloned()).flatten();
        let sync_status = SyncStatus { lead_id: id, status, error: OptNillable::Nil };
        let lead_record = record.map_or(OptNillable::Nil, OptNillable::Value);
        Ok(SuccessSyncLead::new(ResultSyncLead { lead_id: id, sync_status, lead_record }))
    }
}

impl Execute for SyncMultipleLeads {
    fn execute(call: &mut Call<'_>, request: ParamsSyncMultipleLeads) -> Result<SuccessSyncMultipleLeads, Refusal> {
        let records = &request.lead_record_list;
        if records.is_empty() {
            return Err(refuse(20104, "a lead record is required"));
        }
        if records.len() > MAX_LEADS {
            return Err(refuse(20110, format!("{} leads are more than {MAX_LEADS}", records.len())));
        }
        let dedup = request.dedup_enabled.value().copied().unwrap_or(true);
        let statuses = records.iter().map(|record| match sync(call.store, record, dedup) {
            Ok((lead_id, status)) => SyncStatus { lead_id, status, error: OptNillable::Nil },
            Err(refusal) => SyncStatus {
                lead_id: record.id.value().copied().unwrap_or_default(),
                status: LeadSyncStatus::Failed,
                error: format!("{} - {}", refusal.code, refusal.message).into(),
            },
        });
        let statuses: Vec<_> = statuses.collect();
        Ok(SuccessSyncMultipleLeads::new(ResultSyncMultipleLeads::new(statuses)))
    }
}

/// Changes the lead that a record means, or creates one: by `Id`, or else the id in another system, or else the e-mail address; without
/// `dedup`, the address does not count.
fn sync(store: &mut Store, record: &LeadRecord, dedup: bool) -> Result<(i32, LeadSyncStatus), Refusal> {
    let foreign_id = record.foreign_sys_person_id.value().filter(|id| !id.is_empty());
    let email = record.email.value().filter(|email| !email.is_empty());
    let attributes = record.lead_attribute_list.as_deref().unwrap_or_default();
    if attributes.iter().any(|attribute| attribute.attr_name.is_empty()) {
        return Err(refuse(20105, "an attribute has no name"));
    }
    let found = if let Some(id) = record.id.value() {
        if store.lead(*id).is_none() {
            return Err(refuse(20103, format!("Lead not found: no lead has the id {id}")));
        }
        Some(*id)
    } else if let Some(foreign_id) = foreign_id {
        let Some(type_) = record.foreign_sys_type.value() else {
            return Err(refuse(20109, "a ForeignSysPersonId needs a ForeignSysType"));
        };
        store.find_foreign(type_.as_str(), foreign_id)
    } else if let Some(email) = email {
        let key = generated::v3_1::LeadKey::new(generated::v3_1::LeadKeyRef::Email, email.clone());
        if dedup { store.find(&key).first().copied() } else { None }
    } else {
        return Err(refuse(20101, "a lead needs an Id, a ForeignSysPersonId or an Email"));
    };
    Ok(match found {
        Some(id) => {
            store.update_lead(id, record);
            (id, LeadSyncStatus::Updated)
        }
        None => (store.create_lead(record), LeadSyncStatus::Created),
    })
}
