//! What the SOAP service knows: leads and their activities, lists, campaigns, programs, objects. All in memory, all by the newest version's
//! types.
//!
//! Tests fill it and look into it through [`Fake::store`](crate::Fake::store); the operations change it.

mod activities;
mod campaigns;
mod custom;
mod imports;
mod leads;
mod lists;
mod objects;
mod sample;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use generated::v3_1::{Attribute, Tag, TagStatus};
use jiff::Timestamp;
use runtime::value::DateTime;

pub use campaigns::{CampaignRun, Program};
pub use imports::Import;
pub use lists::StaticList;

use crate::Clock;
pub(crate) use custom::{CustomType, matches};
pub(crate) use leads::Lead;

/// What the SOAP service knows.
pub struct Store {
    clock: Clock,
    last_number: i64,
    leads: BTreeMap<i32, Lead>,
    /// The ids of leads by their e-mail address in lower case.
    by_email: HashMap<String, Vec<i32>>,
    activities: activities::Activities,
    lists: Vec<StaticList>,
    campaigns: Vec<campaigns::Campaign>,
    programs: Vec<Program>,
    runs: Vec<CampaignRun>,
    objects: objects::Objects,
    custom: BTreeMap<String, CustomType>,
    tags: Vec<Tag>,
    channels: Vec<(String, TagStatus)>,
    imports: Vec<Import>,
    import_time: std::time::Duration,
    workspaces: Vec<String>,
}

impl Store {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            objects: objects::Objects::new(clock.now()),
            clock,
            last_number: 1_000,
            leads: BTreeMap::new(),
            by_email: HashMap::new(),
            activities: activities::Activities::default(),
            lists: Vec::new(),
            campaigns: Vec::new(),
            programs: Vec::new(),
            runs: Vec::new(),
            custom: BTreeMap::new(),
            tags: Vec::new(),
            channels: Vec::new(),
            imports: Vec::new(),
            import_time: std::time::Duration::from_secs(30),
            workspaces: Vec::new(),
        }
    }

    /// A number that nothing else in the store has.
    fn next_number(&mut self) -> i64 {
        self.last_number += 1;
        self.last_number
    }

    /// As [`next_number`](Self::next_number), for ids that are `xs:int`.
    fn next_id(&mut self) -> i32 {
        // Two thousand million things do not fit into a test.
        i32::try_from(self.next_number()).unwrap_or(i32::MAX)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A workspace that `syncLead` may name. Without any, every name is taken.
    pub fn add_workspace(&mut self, name: impl Into<String>) {
        self.workspaces.push(name.into());
    }

    pub(crate) fn knows_workspace(&self, name: &str) -> bool {
        self.workspaces.is_empty() || self.workspaces.iter().any(|known| known == name)
    }

    /// A type of tags with its values, as `getTags` lists it.
    pub fn add_tag(&mut self, tag: Tag) {
        self.tags.push(tag);
    }

    /// A channel with its progression statuses: the value of a tag of the type `type_`, as `getChannels` lists it.
    pub fn add_channel(&mut self, type_: impl Into<String>, channel: TagStatus) {
        self.channels.push((type_.into(), channel));
    }

    pub(crate) fn tags(&self) -> &[Tag] {
        &self.tags
    }

    pub(crate) fn channels(&self) -> &[(String, TagStatus)] {
        &self.channels
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("leads", &self.leads.len()).finish_non_exhaustive()
    }
}

/// Where a page begins: behind what has this time and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) time: i64,
    pub(crate) number: i64,
}

/// `moment` as messages state it: in whole seconds, in UTC.
pub(crate) fn date_time(moment: Timestamp) -> DateTime {
    DateTime::from(Timestamp::from_second(moment.as_second()).unwrap_or(moment))
}

/// The moment that a message states; one without an offset is in UTC.
pub(crate) fn timestamp(stated: &DateTime) -> Timestamp {
    let text = stated.to_string();
    let moment = |text: &str| text.parse::<DateTime>().and_then(Timestamp::try_from);
    moment(&text).or_else(|_| moment(&format!("{text}Z"))).unwrap_or(Timestamp::MAX)
}

/// The value of the attribute `name`.
pub(crate) fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.attr_name == name).map(|attribute| &*attribute.attr_value)
}

/// Sets attributes: those of a name that is there get the new value, others are added. Returns the name, old and new value of each that is
/// different now.
pub(crate) fn set_attributes(attributes: &mut Vec<Attribute>, new: &[Attribute]) -> Vec<[String; 3]> {
    let mut changes = Vec::new();
    for new in new {
        let old = match attributes.iter_mut().find(|old| old.attr_name == new.attr_name) {
            Some(old) => {
                if !new.attr_type.is_absent() {
                    old.attr_type.clone_from(&new.attr_type);
                }
                std::mem::replace(&mut old.attr_value, new.attr_value.clone())
            }
            None => {
                attributes.push(new.clone());
                String::new()
            }
        };
        if old != new.attr_value {
            changes.push([new.attr_name.clone(), old, new.attr_value.clone()]);
        }
    }
    changes
}
