//! Leads.

use std::collections::BTreeSet;

use generated::v3_1::{ArrayOfAttribute, Attribute, LeadKey, LeadKeyRef, LeadRecord};
use jiff::Timestamp;
use runtime::value::OptNillable;

use super::{Store, attribute, set_attributes};

/// A lead, and what no message says of it.
#[derive(Clone, Debug)]
pub(crate) struct Lead {
    pub(crate) record: LeadRecord,
    pub(crate) updated_at: Timestamp,
    pub(crate) cookies: BTreeSet<String>,
    pub(crate) workspace: Option<String>,
}

impl Lead {
    pub(crate) fn attributes(&self) -> &[Attribute] {
        self.record.lead_attribute_list.as_deref().unwrap_or_default()
    }

    fn has(&self, key: &LeadKey) -> bool {
        // What Salesforce knows of a lead stands in attributes of these names.
        let name = match key.key_type {
            LeadKeyRef::Cookie => return self.cookies.contains(&key.key_value),
            LeadKeyRef::LeadOwnerEmail => "LeadOwnerEmail",
            LeadKeyRef::SfdcAccountId => "SFDCAccountId",
            LeadKeyRef::SfdcContactId => "SFDCContactId",
            LeadKeyRef::SfdcLeadId => "SFDCLeadId",
            LeadKeyRef::SfdcLeadOwnerId => "SFDCLeadOwnerId",
            LeadKeyRef::SfdcOpptyId => "SFDCOpptyId",
            _ => return false,
        };
        attribute(self.attributes(), name) == Some(&key.key_value)
    }
}

impl Store {
    /// Adds a lead, or replaces the one with its id; one without an id is given one. Returns the id. Leaves no activity.
    pub fn add_lead(&mut self, mut record: LeadRecord) -> i32 {
        let id = record.id.value().copied().unwrap_or_else(|| self.next_id());
        record.id = id.into();
        let updated_at = self.now();
        let lead = self.take_lead(id);
        let (cookies, workspace) = lead.map(|lead| (lead.cookies, lead.workspace)).unwrap_or_default();
        self.put_lead(id, Lead { record, updated_at, cookies, workspace });
        id
    }

    /// The lead with this id.
    #[must_use]
    pub fn lead(&self, id: i32) -> Option<&LeadRecord> {
        self.leads.get(&id).map(|lead| &lead.record)
    }

    /// All leads, by id.
    pub fn leads(&self) -> impl ExactSizeIterator<Item = &LeadRecord> {
        self.leads.values().map(|lead| &lead.record)
    }

    /// Says when a lead was last changed: what `LastUpdateAtSelector` goes by.
    pub fn set_updated_at(&mut self, id: i32, at: Timestamp) {
        if let Some(lead) = self.leads.get_mut(&id) {
            lead.updated_at = at;
        }
    }

    /// Gives a lead a tracking cookie; no other has it afterwards.
    pub fn set_cookie(&mut self, id: i32, cookie: impl Into<String>) {
        let cookie = cookie.into();
        for lead in self.leads.values_mut() {
            lead.cookies.remove(&cookie);
        }
        if let Some(lead) = self.leads.get_mut(&id) {
            lead.cookies.insert(cookie);
        }
    }

    /// The workspace that `syncLead` put a lead into.
    #[must_use]
    pub fn workspace(&self, id: i32) -> Option<&str> {
        self.leads.get(&id)?.workspace.as_deref()
    }

    /// The ids of the leads that a key names, lowest first.
    pub(crate) fn find(&self, key: &LeadKey) -> Vec<i32> {
        match key.key_type {
            LeadKeyRef::IdNum => {
                key.key_value.parse().ok().filter(|id| self.leads.contains_key(id)).into_iter().collect()
            }
            LeadKeyRef::Email => self.by_email.get(&key.key_value.to_lowercase()).cloned().unwrap_or_default(),
            _ => self.leads.iter().filter(|(_, lead)| lead.has(key)).map(|(id, _)| *id).collect(),
        }
    }

    /// The lead that another system knows by this id.
    pub(crate) fn find_foreign(&self, type_: &str, id: &str) -> Option<i32> {
        let is = |record: &LeadRecord| {
            record.foreign_sys_person_id.as_deref() == Some(id)
                && record.foreign_sys_type.value().is_some_and(|known| known.as_str() == type_)
        };
        self.leads.iter().find(|(_, lead)| is(&lead.record)).map(|(id, _)| *id)
    }

    pub(crate) fn all_leads(&self) -> impl Iterator<Item = (i32, &Lead)> {
        self.leads.iter().map(|(id, lead)| (*id, lead))
    }

    pub(crate) fn known_lead(&self, id: i32) -> Option<&Lead> {
        self.leads.get(&id)
    }

    /// Creates a lead from `record`, whose id does not count. Leaves an activity.
    pub(crate) fn create_lead(&mut self, record: &LeadRecord) -> i32 {
        let id = self.add_lead(LeadRecord { id: OptNillable::Absent, ..record.clone() });
        self.log_activity(id, "New Lead", None, &[]);
        id
    }

    /// Changes a lead: what `record` leaves out stays, what is nil goes. Leaves an activity for every attribute that is different.
    pub(crate) fn update_lead(&mut self, id: i32, record: &LeadRecord) {
        let Some(mut lead) = self.take_lead(id) else { return };
        set(&mut lead.record.email, &record.email);
        set(&mut lead.record.foreign_sys_person_id, &record.foreign_sys_person_id);
        set(&mut lead.record.foreign_sys_type, &record.foreign_sys_type);
        let new = record.lead_attribute_list.as_deref().unwrap_or_default();
        let mut attributes = lead.attributes().to_vec();
        let changes = set_attributes(&mut attributes, new);
        if !attributes.is_empty() {
            lead.record.lead_attribute_list = ArrayOfAttribute::from(attributes).into();
        }
        lead.updated_at = self.now();
        self.put_lead(id, lead);
        for [name, old, new] in changes {
            let values = [("New Value", new), ("Old Value", old)];
            self.log_activity(id, "Change Data Value", Some(&name), &values);
        }
    }

    pub(crate) fn set_workspace(&mut self, id: i32, workspace: String) {
        if let Some(lead) = self.leads.get_mut(&id) {
            lead.workspace = Some(workspace);
        }
    }

    /// Makes `losing` part of `winning`: what the winner lacks it gets, activities, lists and cookies move over, the loser is gone.
    pub(crate) fn merge_leads(&mut self, winning: i32, losing: i32) {
        let (Some(mut winner), Some(loser)) = (self.take_lead(winning), self.take_lead(losing)) else { return };
        let mut attributes = loser.attributes().to_vec();
        set_attributes(&mut attributes, winner.attributes());
        if !attributes.is_empty() {
            winner.record.lead_attribute_list = ArrayOfAttribute::from(attributes).into();
        }
        if winner.record.email.value().is_none() {
            winner.record.email = loser.record.email;
        }
        winner.cookies.extend(loser.cookies);
        winner.updated_at = self.now();
        self.put_lead(winning, winner);
        for list in &mut self.lists {
            if list.members.remove(&losing) {
                list.members.insert(winning);
            }
        }
        self.activities.move_to(losing, winning);
        self.log_activity(winning, "Merge Leads", Some(&losing.to_string()), &[("Merged Lead", losing.to_string())]);
    }

    fn take_lead(&mut self, id: i32) -> Option<Lead> {
        let lead = self.leads.remove(&id)?;
        if let Some(email) = lead.record.email.value() {
            let email = email.to_lowercase();
            if let Some(ids) = self.by_email.get_mut(&email) {
                ids.retain(|known| *known != id);
            }
        }
        Some(lead)
    }

    fn put_lead(&mut self, id: i32, lead: Lead) {
        if let Some(email) = lead.record.email.value() {
            let ids = self.by_email.entry(email.to_lowercase()).or_default();
            ids.push(id);
            ids.sort_unstable();
        }
        self.leads.insert(id, lead);
    }
}

/// A value takes the place of another, nil too; absent leaves it.
fn set<T: Clone>(field: &mut OptNillable<T>, new: &OptNillable<T>) {
    if !new.is_absent() {
        *field = new.clone();
    }
}
