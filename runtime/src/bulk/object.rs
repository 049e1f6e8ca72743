//! What can be exported: the four objects, and where each lives on the service.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::Error;

/// What stays as it is in a path segment: RFC 3986's unreserved characters (section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An object that bulk export knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Object {
    /// Leads, one row each.
    Leads,
    /// Activities of leads.
    Activities,
    /// The records of a custom object that are linked to leads.
    CustomObject(ApiName),
    /// Members of programs.
    ProgramMembers,
}

/// The API name of a custom object: not empty, and no step of a path by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiName(String);

impl Object {
    /// A custom object by its API name.
    ///
    /// # Errors
    ///
    /// A name that is empty, `.` or `..`.
    pub fn custom_object(api_name: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::CustomObject(ApiName::new(api_name)?))
    }

    /// The path of its exports, without a slash at the end.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Leads => "/bulk/v1/leads/export".to_owned(),
            Self::Activities => "/bulk/v1/activities/export".to_owned(),
            Self::CustomObject(name) => format!("/bulk/v1/customobjects/{}/export", segment(name.as_str())),
            Self::ProgramMembers => "/bulk/v1/program/members/export".to_owned(),
        }
    }

    /// The path at which its fields, or of activities their types, are described.
    pub(super) fn describe_path(&self) -> String {
        match self {
            Self::Leads => "/rest/v1/leads/describe.json".to_owned(),
            Self::Activities => "/rest/v1/activities/types.json".to_owned(),
            Self::CustomObject(name) => format!("/rest/v1/customobjects/{}/describe.json", segment(name.as_str())),
            Self::ProgramMembers => "/rest/v1/programs/members/describe.json".to_owned(),
        }
    }
}

/// `leads`, `activities`, `customobjects/{apiName}`, `program/members`: as in the service's paths.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leads => f.write_str("leads"),
            Self::Activities => f.write_str("activities"),
            Self::CustomObject(name) => write!(f, "customobjects/{name}"),
            Self::ProgramMembers => f.write_str("program/members"),
        }
    }
}

impl ApiName {
    /// A name.
    ///
    /// # Errors
    ///
    /// A name that is empty, `.` or `..`.
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        if is_segment(&name) {
            return Ok(Self(name));
        }
        Err(Error::refused(format!("`{name}` cannot be the API name of a custom object")))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ApiName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl From<ApiName> for String {
    fn from(name: ApiName) -> Self {
        name.0
    }
}

/// Whether `text` can stand as one segment of a path: an empty one would make `//`, and dots are steps even when encoded.
pub(super) fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

/// `text` percent-encoded as one segment of a path (RFC 3986, section 3.3).
pub(super) fn segment(text: &str) -> impl fmt::Display + '_ {
    utf8_percent_encode(text, SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_has_its_path() {
        let custom = |name| Object::custom_object(name).unwrap().path();
        assert_eq!(Object::Leads.path(), "/bulk/v1/leads/export");
        assert_eq!(Object::Activities.path(), "/bulk/v1/activities/export");
        assert_eq!(Object::ProgramMembers.path(), "/bulk/v1/program/members/export");
        assert_eq!(custom("car_c"), "/bulk/v1/customobjects/car_c/export");
        assert_eq!(custom("../a b/ü?#"), "/bulk/v1/customobjects/..%2Fa%20b%2F%C3%BC%3F%23/export");
    }

    #[test]
    fn a_name_is_a_segment() {
        for name in ["", ".", ".."] {
            let error = Object::custom_object(name).unwrap_err();
            assert_eq!(error.to_string(), format!("refused: `{name}` cannot be the API name of a custom object"));
        }
        let read: Object = serde_json::from_str(r#"{"customObject":"car_c"}"#).unwrap();
        assert_eq!(read, Object::custom_object("car_c").unwrap());
        assert!(serde_json::from_str::<Object>(r#"{"customObject":".."}"#).is_err());
    }
}
