//! What happened: records of every kind with their changes in time. Enter changes, leave the states of records at any moment. A change is
//! never taken back, so a file made for a moment can be made again.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::object::Object;
use super::value::Value;

/// A change of one record: the first one creates it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    at: Timestamp,
    seen: Timestamp,
    fields: Vec<(String, Value)>,
    deletes: bool,
}

impl Change {
    /// A change at this moment; fractions of a second count.
    #[must_use]
    pub const fn at(at: Timestamp) -> Self {
        Self { at, seen: at, fields: Vec::new(), deletes: false }
    }

    /// The record is gone from this moment on.
    #[must_use]
    pub const fn delete(at: Timestamp) -> Self {
        Self { at, seen: at, fields: Vec::new(), deletes: true }
    }

    /// Sets a field.
    #[must_use]
    pub fn set(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.push((field.into(), value.into()));
        self
    }

    /// Jobs see the change only from this later moment on: the service's own delay in writing.
    #[must_use]
    pub const fn seen_at(mut self, seen: Timestamp) -> Self {
        self.seen = seen;
        self
    }
}

/// A record as it stands at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What tells it from others of its kind: lead id, marketoGUID, or `leadId:programId`.
    pub key: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The latest change of any field: what the filter `updatedAt` looks at.
    pub changed_at: Timestamp,
    /// The latest change of a standard field: what the column `updatedAt` shows.
    pub updated_at: Timestamp,
    /// Its fields.
    pub fields: BTreeMap<String, Value>,
}

/// A list of leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it is a smart list.
    pub smart: bool,
}

#[derive(Debug, Default)]
pub(super) struct History {
    tables: BTreeMap<Object, Table>,
    lists: BTreeMap<i64, List>,
    /// Who came into which list and went out of it, by time.
    members: BTreeMap<i64, Vec<Membership>>,
}

#[derive(Debug, Default)]
struct Table {
    records: Vec<Record>,
    index: HashMap<String, usize>,
}

/// One record and its changes, by time.
#[derive(Debug)]
pub(super) struct Record {
    key: String,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Membership {
    at: Timestamp,
    lead: i64,
    joins: bool,
}

impl History {
    pub(super) fn change(&mut self, object: Object, key: String, change: Change) {
        let table = self.tables.entry(object).or_default();
        let index = *table.index.entry(key.clone()).or_insert_with(|| {
            table.records.push(Record { key, changes: Vec::new() });
            table.records.len() - 1
        });
        if let Some(record) = table.records.get_mut(index) {
            let place = record.changes.partition_point(|other| other.at <= change.at);
            record.changes.insert(place, change);
        }
    }

    pub(super) fn records(&self, object: &Object) -> &[Record] {
        self.tables.get(object).map_or(&[], |table| &table.records)
    }

    pub(super) fn record(&self, object: &Object, key: &str) -> Option<&Record> {
        let table = self.tables.get(object)?;
        table.records.get(*table.index.get(key)?)
    }

    pub(super) fn list(&mut self, list: List) {
        self.lists.insert(list.id, list);
    }

    pub(super) fn member(&mut self, list: i64, lead: i64, at: Timestamp, joins: bool) {
        let members = self.members.entry(list).or_default();
        let place = members.partition_point(|other| other.at <= at);
        members.insert(place, Membership { at, lead, joins });
    }

    pub(super) fn find_list(&self, wanted: impl Fn(&List) -> bool) -> Option<&List> {
        self.lists.values().find(|list| wanted(list))
    }

    /// Whether a lead is in a list at a moment.
    pub(super) fn is_member(&self, list: &List, lead: i64, at: Timestamp) -> bool {
        let Some(members) = self.members.get(&list.id) else { return false };
        members.iter().rfind(|member| member.lead == lead && member.at <= at).is_some_and(|member| member.joins)
    }
}

impl Record {
    /// When it was created and last changed, as seen at a moment; `None` before and after its life.
    pub(super) fn life(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let mut seen = self.seen(at);
        let first = seen.next()?;
        let last = seen.last().unwrap_or(first);
        (!last.deletes).then_some((first.at, last.at))
    }

    /// Its state at a moment, as seen at a later one. `standard` tells the fields whose changes the column `updatedAt` shows.
    pub(super) fn state(&self, at: Timestamp, by: Timestamp, standard: impl Fn(&str) -> bool) -> Option<State> {
        let mut changes = self.seen(by).take_while(|change| change.at <= at).peekable();
        let created_at = changes.peek()?.at;
        let (mut changed_at, mut updated_at) = (created_at, created_at);
        let mut fields = BTreeMap::new();
        let mut lives = true;
        for change in changes {
            lives = !change.deletes;
            changed_at = change.at;
            if change.fields.iter().any(|(name, _)| standard(name)) {
                updated_at = change.at;
            }
            fields.extend(change.fields.iter().cloned());
        }
        lives.then(|| State { key: self.key.clone(), created_at, changed_at, updated_at, fields })
    }

    /// The moments at which it changed, as far as they are seen at one.
    pub(super) fn moments(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.seen(at).map(|change| change.at)
    }

    fn seen(&self, at: Timestamp) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.at <= at && change.seen <= at)
    }
}
