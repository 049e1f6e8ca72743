//! Activities of leads: one record each, which `getLeadActivity` and `getLeadChanges` show in their own ways.

use std::collections::BTreeMap;
use std::ops::Bound;

use generated::v3_1::{ActivityRecord, ArrayOfAttribute, Attribute};
use jiff::Timestamp;
use runtime::value::OptNillable;

use super::{Mark, Store, date_time, timestamp};

/// Activities in the order in which they happened.
#[derive(Clone, Debug, Default)]
pub(super) struct Activities(BTreeMap<Mark, (i32, ActivityRecord)>);

impl Activities {
    pub(super) fn move_to(&mut self, from: i32, to: i32) {
        for (lead, record) in self.0.values_mut().filter(|(lead, _)| *lead == from) {
            *lead = to;
            record.mkt_person_id = to.to_string();
        }
    }
}

impl Store {
    /// Adds an activity of the lead that `mktPersonId` names. One whose id is absent gets one.
    pub fn add_activity(&mut self, mut record: ActivityRecord) {
        let number = self.next_number();
        if record.id.is_absent() {
            record.id = number.into();
        }
        let mark = Mark { time: timestamp(&record.activity_date_time).as_second(), number };
        let lead = record.mkt_person_id.parse().unwrap_or_default();
        self.activities.0.insert(mark, (lead, record));
    }

    /// All activities, oldest first.
    pub fn activities(&self) -> impl Iterator<Item = &ActivityRecord> {
        self.activities.0.values().map(|(_, record)| record)
    }

    /// Activities behind `mark`, oldest first, with their lead and mark.
    pub(crate) fn activities_after(&self, mark: Mark) -> impl Iterator<Item = (Mark, i32, &ActivityRecord)> {
        let after = self.activities.0.range((Bound::Excluded(mark), Bound::Unbounded));
        after.map(|(mark, (lead, record))| (*mark, *lead, record))
    }

    /// Writes down what happened to a lead just now.
    pub(crate) fn log_activity(&mut self, lead: i32, type_: &str, asset: Option<&str>, values: &[(&str, String)]) {
        let now = self.now();
        let number = self.next_number();
        let mut record = ActivityRecord::new(guid(number, now), date_time(now), type_, lead.to_string());
        record.id = number.into();
        record.mktg_asset_name = asset.map(str::to_owned);
        let known = self.known_lead(lead).map(|lead| &lead.record);
        record.foreign_sys_id = known.map_or(OptNillable::Nil, |known| known.foreign_sys_person_id.clone());
        if !values.is_empty() {
            let values = values.iter().map(|(name, value)| Attribute::new(*name, value.clone()));
            record.activity_attributes = values.collect::<ArrayOfAttribute>().into();
        }
        self.add_activity(record);
    }
}

/// An id in the form of a GUID, the same in every run.
fn guid(number: i64, now: Timestamp) -> String {
    let second = now.as_second().cast_unsigned() & 0xffff_ffff;
    format!("{second:08x}-0000-4000-8000-{number:012x}")
}
