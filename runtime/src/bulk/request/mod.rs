//! What a job is created with. Requests enter as typed builders and leave as the JSON that the service takes; whatever breaks one of its rules
//! is refused here, with the rule named.

mod filter;
mod range;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use filter::{ActivityFilter, ActivityTypes, Filter, MemberFilter, NurtureCadence, Programs};
pub use range::{LONGEST_RANGE, TimeRange};

use super::{Error, Object};

/// The format of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// Separated by commas.
    #[default]
    #[serde(rename = "CSV", alias = "csv")]
    Csv,
    /// Separated by tabs.
    #[serde(rename = "TSV", alias = "tsv")]
    Tsv,
    /// Separated by semicolons or by spaces: the documentation says both.
    #[serde(rename = "SSV", alias = "ssv")]
    Ssv,
}

impl Format {
    /// What the names of files in this format end with: `csv`, `tsv`, `ssv`.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Ssv => "ssv",
        }
    }
}

/// What a job is created with: object, filter, fields and format. It can be stored and read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateRequest {
    pub(super) object: Object,
    pub(super) filter: Filter,
    #[serde(default)]
    pub(super) fields: Vec<String>,
    #[serde(default)]
    pub(super) column_header_names: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) format: Format,
}

impl CreateRequest {
    /// A request for CSV with the names of the fields as header.
    pub fn new<F: Into<String>>(object: Object, filter: Filter, fields: impl IntoIterator<Item = F>) -> Self {
        let fields = fields.into_iter().map(Into::into).collect();
        Self { object, filter, fields, column_header_names: BTreeMap::new(), format: Format::Csv }
    }

    /// The object.
    #[must_use]
    pub const fn object(&self) -> &Object {
        &self.object
    }

    /// The filter.
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The fields; of activities, none stands for the service's own choice.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The headers that stand in the file for the names of fields.
    #[must_use]
    pub const fn column_header_names(&self) -> &BTreeMap<String, String> {
        &self.column_header_names
    }

    /// The format of the file.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The same request for another range of time; one without a range stays as it is.
    #[must_use]
    pub fn with_range(mut self, range: TimeRange) -> Self {
        if let Some(own) = self.filter.range_mut() {
            *own = range;
        }
        self
    }

    /// The same request by createdAt in place of updatedAt, where the object has both: only leads do.
    #[must_use]
    pub fn by_created_at(mut self) -> Option<Self> {
        match (&self.object, &self.filter) {
            (Object::Leads, Filter::UpdatedAt(range)) => {
                self.filter = Filter::CreatedAt(*range);
                Some(self)
            }
            _ => None,
        }
    }

    /// Refuses what the service would refuse.
    ///
    /// # Errors
    ///
    /// The first rule that the request breaks.
    pub fn check(&self) -> Result<(), Error> {
        self.check_template()?;
        self.filter.range().map_or(Ok(()), |range| range.check())
    }

    /// Refuses what the service would refuse whatever the range of time.
    pub(super) fn check_template(&self) -> Result<(), Error> {
        self.filter.check(&self.object)?;
        if self.fields.is_empty() && self.object != Object::Activities {
            return Err(Error::refused(format!("the export of {} must name fields", self.object)));
        }
        let mut names = BTreeSet::new();
        for name in &self.fields {
            if name.is_empty() {
                return Err(Error::refused("the name of a field must not be empty"));
            }
            if !names.insert(&**name) {
                return Err(Error::refused(format!("the field `{name}` is named twice")));
            }
        }
        match self.column_header_names.keys().find(|name| !names.contains(&***name)) {
            Some(name) => {
                Err(Error::refused(format!("columnHeaderNames names `{name}`, which is not among the fields")))
            }
            None => Ok(()),
        }
    }

    /// The JSON that creates the job.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "format": self.format, "filter": self.filter.body() });
        if !self.fields.is_empty() {
            body["fields"] = json!(self.fields);
        }
        if !self.column_header_names.is_empty() {
            body["columnHeaderNames"] = json!(self.column_header_names);
        }
        body
    }
}
