//! The four kinds of object that bulk export knows. Enters the path's segment, leaves the object.

use std::fmt;

/// A kind of object that can be exported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// `leads`.
    Leads,
    /// `activities`.
    Activities,
    /// `customobjects/{apiName}`.
    Custom(String),
    /// `program/members`.
    ProgramMembers,
}

impl Object {
    /// A custom object by its API name.
    pub fn custom(name: impl Into<String>) -> Self {
        Self::Custom(name.into())
    }
}

/// As in the path: `leads`, `customobjects/car_c`.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leads => f.write_str("leads"),
            Self::Activities => f.write_str("activities"),
            Self::Custom(name) => write!(f, "customobjects/{name}"),
            Self::ProgramMembers => f.write_str("program/members"),
        }
    }
}
