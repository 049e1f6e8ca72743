//! Which records a job exports.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::TimeRange;
use crate::bulk::{Error, Object};

/// The greatest number of primary attributes in a filter.
const MOST_PRIMARY: usize = 50;
/// The greatest number of programs in a filter.
const MOST_PROGRAMS: usize = 10;

/// Which records a job exports: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Filter {
    /// Leads created in a range.
    CreatedAt(TimeRange),
    /// Leads or records of a custom object of which any field changed last in a range. Not every subscription has it (1035).
    UpdatedAt(TimeRange),
    /// Members of a static list, by its id.
    StaticListId(u64),
    /// Members of a static list, by its name.
    StaticListName(String),
    /// Members of a smart list, by its id. Not every subscription has it (1035).
    SmartListId(u64),
    /// Members of a smart list, by its name. Not every subscription has it (1035).
    SmartListName(String),
    /// Activities.
    Activities {
        /// When they happened.
        created_at: TimeRange,
        /// Of which types; all where there is none.
        activity_types: Option<ActivityFilter>,
    },
    /// Members of programs.
    ProgramMembers {
        /// Of which programs.
        programs: Programs,
        /// What else they must be.
        members: MemberFilter,
        /// When any field of the membership changed last. Not every subscription has it (1035).
        updated_at: Option<TimeRange>,
    },
}

/// Types of activities, and of which assets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityFilter {
    types: Vec<u32>,
    primary: Option<Primary>,
}

/// Types of activities. Ids are those of the endpoint `activities/types.json`.
///
/// Primary attributes, at most 50 and all of one kind of asset, are given by id or by value, never both:
///
/// ```compile_fail,E0599
/// # use runtime::bulk::ActivityTypes;
/// let filter = ActivityTypes::new([12]).primary_attribute_value_ids([1]).primary_attribute_values(["Form A"]);
/// ```
///
/// ```
/// # use runtime::bulk::ActivityTypes;
/// let filter = ActivityTypes::new([12]).primary_attribute_value_ids([1]);
/// let filter = ActivityTypes::new([12]).primary_attribute_values(["Form A"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityTypes(Vec<u32>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Primary {
    Ids(Vec<u64>),
    Values(Vec<String>),
}

/// One program, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Programs {
    /// One program, by its id.
    One(u64),
    /// Up to ten programs. The service puts a column `programId` in front of the file's others.
    Several(Vec<u64>),
}

/// What a member of a program must be; all that is set holds at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MemberFilter {
    /// Whether it has exhausted the content of an engagement program.
    pub is_exhausted: Option<bool>,
    /// Its cadence in an engagement program.
    pub nurture_cadence: Option<NurtureCadence>,
    /// It has one of these statuses; any, where there is none.
    pub status_names: Vec<String>,
}

/// The cadence of a member of an engagement program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NurtureCadence {
    /// `norm`.
    #[serde(rename = "norm")]
    Normal,
    /// `pause`, as the guide spells it.
    #[serde(rename = "pause")]
    Paused,
    /// `paus`, as the interface's description spells it: for a service that refuses the other one.
    #[serde(rename = "paus")]
    Paus,
}

impl ActivityTypes {
    /// Activities of these types.
    pub fn new(ids: impl IntoIterator<Item = u32>) -> Self {
        Self(ids.into_iter().collect())
    }

    /// Only those whose primary attribute has one of these ids.
    pub fn primary_attribute_value_ids(self, ids: impl IntoIterator<Item = u64>) -> ActivityFilter {
        ActivityFilter { types: self.0, primary: Some(Primary::Ids(ids.into_iter().collect())) }
    }

    /// Only those whose primary attribute has one of these values; of an asset in a program, `Program.Asset`.
    pub fn primary_attribute_values<V: Into<String>>(self, values: impl IntoIterator<Item = V>) -> ActivityFilter {
        let values = values.into_iter().map(Into::into).collect();
        ActivityFilter { types: self.0, primary: Some(Primary::Values(values)) }
    }
}

impl From<ActivityTypes> for ActivityFilter {
    fn from(types: ActivityTypes) -> Self {
        Self { types: types.0, primary: None }
    }
}

impl Filter {
    /// The range of time, where the filter has one.
    #[must_use]
    pub const fn range(&self) -> Option<TimeRange> {
        match self {
            Self::CreatedAt(range) | Self::UpdatedAt(range) | Self::Activities { created_at: range, .. } => {
                Some(*range)
            }
            Self::ProgramMembers { updated_at, .. } => *updated_at,
            _ => None,
        }
    }

    pub(super) fn range_mut(&mut self) -> Option<&mut TimeRange> {
        match self {
            Self::CreatedAt(range) | Self::UpdatedAt(range) | Self::Activities { created_at: range, .. } => Some(range),
            Self::ProgramMembers { updated_at, .. } => updated_at.as_mut(),
            _ => None,
        }
    }

    /// What the service would refuse of `object`, the length of the range apart.
    pub(super) fn check(&self, object: &Object) -> Result<(), Error> {
        let refuse = |rule: &str| Err(Error::refused(rule));
        let fits = match self {
            Self::CreatedAt(_) => *object == Object::Leads,
            Self::Activities { .. } => *object == Object::Activities,
            Self::ProgramMembers { .. } => *object == Object::ProgramMembers,
            _ => matches!(object, Object::Leads | Object::CustomObject(_)),
        };
        if !fits {
            return Err(Error::refused(format!("{object} cannot be filtered by {}", self.name())));
        }
        match self {
            Self::StaticListName(name) | Self::SmartListName(name) if name.is_empty() => {
                refuse("the name of a list must not be empty")
            }
            Self::Activities { activity_types: Some(filter), .. } => filter.check(),
            Self::ProgramMembers { programs: Programs::Several(ids), .. } if ids.is_empty() => {
                refuse("programIds must name a program")
            }
            Self::ProgramMembers { programs: Programs::Several(ids), .. } if ids.len() > MOST_PROGRAMS => {
                Err(Error::refused(format!("programIds takes at most {MOST_PROGRAMS} programs, found {}", ids.len())))
            }
            _ => Ok(()),
        }
    }

    /// The member of the request's `filter`.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::CreatedAt(_) | Self::Activities { .. } => "createdAt",
            Self::UpdatedAt(_) => "updatedAt",
            Self::StaticListId(_) => "staticListId",
            Self::StaticListName(_) => "staticListName",
            Self::SmartListId(_) => "smartListId",
            Self::SmartListName(_) => "smartListName",
            Self::ProgramMembers { programs: Programs::One(_), .. } => "programId",
            Self::ProgramMembers { programs: Programs::Several(_), .. } => "programIds",
        }
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        let main = match self {
            Self::CreatedAt(range) | Self::UpdatedAt(range) | Self::Activities { created_at: range, .. } => {
                range.body()
            }
            Self::StaticListId(id) | Self::SmartListId(id) => json!(id),
            Self::StaticListName(name) | Self::SmartListName(name) => json!(name),
            Self::ProgramMembers { programs: Programs::One(id), .. } => json!(id),
            Self::ProgramMembers { programs: Programs::Several(ids), .. } => json!(ids),
        };
        body.insert(self.name().to_owned(), main);
        let mut add = |name: &str, value: Value| body.insert(name.to_owned(), value);
        match self {
            Self::Activities { activity_types: Some(filter), .. } => {
                add("activityTypeIds", json!(filter.types));
                match &filter.primary {
                    Some(Primary::Ids(ids)) => _ = add("primaryAttributeValueIds", json!(ids)),
                    Some(Primary::Values(values)) => _ = add("primaryAttributeValues", json!(values)),
                    None => {}
                }
            }
            Self::ProgramMembers { members, updated_at, .. } => {
                if let Some(exhausted) = members.is_exhausted {
                    add("isExhausted", json!(exhausted));
                }
                if let Some(cadence) = members.nurture_cadence {
                    add("nurtureCadence", json!(cadence));
                }
                if !members.status_names.is_empty() {
                    add("statusNames", json!(members.status_names));
                }
                if let Some(range) = updated_at {
                    add("updatedAt", range.body());
                }
            }
            _ => {}
        }
        Value::Object(body)
    }
}

impl ActivityFilter {
    fn check(&self) -> Result<(), Error> {
        if self.types.is_empty() {
            return Err(Error::refused("activityTypeIds must name a type"));
        }
        let (name, count) = match &self.primary {
            Some(Primary::Ids(ids)) => ("primaryAttributeValueIds", ids.len()),
            Some(Primary::Values(values)) => ("primaryAttributeValues", values.len()),
            None => return Ok(()),
        };
        match count {
            0 => Err(Error::refused(format!("{name} must name a value"))),
            1..=MOST_PRIMARY => Ok(()),
            _ => Err(Error::refused(format!("{name} takes at most {MOST_PRIMARY} values, found {count}"))),
        }
    }
}
