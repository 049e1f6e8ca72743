//! The columns of an export and their types: a request and what the service says of its fields enter, a schema leaves that can be stored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::describe::{ActivityType, Description};
use super::request::{Filter, Programs};
use super::sink::{MISFITS, STARTED_AT};
use super::{CreateRequest, Error, Object};

/// What a column holds. Every column may also hold nulls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Kind {
    /// Text; also whatever has no type of its own here.
    #[default]
    Text,
    /// `true` or `false`, in any case, `1` or `0`.
    Boolean,
    /// A whole number of 64 bits. It may come with decimals that are zero (`12.0`) or with an exponent.
    Integer,
    /// A number, as the `f64` that holds it. One with more digits than an `f64` holds does not fit.
    Float,
    /// A day, `2022-02-13`.
    Date,
    /// A moment, to the microsecond: a date and a time with `Z` or an offset, `+00:00` or `+0000`. Without an offset it does not fit.
    DateTime,
    /// JSON.
    Json,
}

/// A column of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Its name in the file's header.
    pub name: String,
    /// The API name of its field.
    pub field: String,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of an export, in the order in which the service writes them.
///
/// It is made once, when an export is planned, and stored: so all its files have the same columns, whatever is changed at the service meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// The columns; no name stands twice.
    pub columns: Vec<Column>,
    /// What tells one record from another, or `None` where the export does not hold it: then no row counts as a duplicate.
    pub key: Option<Key>,
    /// Of activities: what each type has in the column `attributes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity_types: Vec<ActivityType>,
}

/// What tells one record from another, and which of its rows are duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// The names of its columns in the file's header.
    pub columns: Vec<String>,
    /// Which rows with the same key are duplicates.
    pub duplicates: Duplicates,
}

/// Which rows with the same key are duplicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Duplicates {
    /// All but the first: what happened does not change.
    SameKey,
    /// Those that say the same as the row next to it in time: any other is an update.
    SameState,
}

/// The columns of activities, where the request names none.
pub(super) const ACTIVITY: [&str; 8] = [
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
];

impl Schema {
    /// The schema of a request's files. A field that `description` does not know holds text.
    ///
    /// # Errors
    ///
    /// Two columns that would have the same name, or one that would have a name that sinks add.
    pub fn new(request: &CreateRequest, description: &Description) -> Result<Self, Error> {
        let mut columns = Vec::new();
        let mut names = BTreeSet::new();
        for field in fields(request) {
            let name = request.column_header_names().get(field).map_or(field, String::as_str);
            if [STARTED_AT, MISFITS].contains(&name) {
                return Err(Error::refused(format!("no column may have the name `{name}`: sinks add one of it")));
            }
            if !names.insert(name) {
                return Err(Error::refused(format!("two columns would have the name `{name}`")));
            }
            let kind = fixed(request.object(), field).or_else(|| description.kind(field)).unwrap_or_default();
            columns.push(Column { name: name.to_owned(), field: field.to_owned(), kind });
        }
        let key = key(request, &columns);
        let activity_types = match request.object() {
            Object::Activities => description.activity_types().to_vec(),
            _ => Vec::new(),
        };
        Ok(Self { columns, key, activity_types })
    }
}

/// The API names of the columns, in their order.
fn fields(request: &CreateRequest) -> impl Iterator<Item = &str> {
    let several = matches!(request.filter(), Filter::ProgramMembers { programs: Programs::Several(_), .. });
    let first = several.then_some("programId");
    let standing: &[&str] = match request.object() {
        Object::Activities if request.fields().is_empty() => &ACTIVITY,
        _ => &[],
    };
    first.into_iter().chain(standing.iter().copied()).chain(request.fields().iter().map(String::as_str))
}

/// What is the same at every subscription. Activities have no endpoint that says it.
fn fixed(object: &Object, field: &str) -> Option<Kind> {
    match (object, field) {
        (Object::Activities, "leadId" | "activityTypeId" | "campaignId" | "primaryAttributeValueId" | "id") => {
            Some(Kind::Integer)
        }
        (Object::Activities, "activityDate") => Some(Kind::DateTime),
        (Object::Activities, "attributes") => Some(Kind::Json),
        (Object::Activities, _) | (_, "marketoGUID") => Some(Kind::Text),
        (Object::ProgramMembers, "leadId" | "programId") => Some(Kind::Integer),
        _ => None,
    }
}

/// The key, where all its columns are in the export.
fn key(request: &CreateRequest, columns: &[Column]) -> Option<Key> {
    let (fields, duplicates): (&[&str], _) = match (request.object(), request.filter()) {
        (Object::Leads, _) => (&["id"], Duplicates::SameState),
        (Object::Activities, _) => (&["marketoGUID"], Duplicates::SameKey),
        (Object::CustomObject(_), _) => (&["marketoGUID"], Duplicates::SameState),
        // All members are of the same program.
        (Object::ProgramMembers, Filter::ProgramMembers { programs: Programs::One(_), .. }) => {
            (&["leadId"], Duplicates::SameState)
        }
        (Object::ProgramMembers, _) => (&["leadId", "programId"], Duplicates::SameState),
    };
    let name = |field: &&str| columns.iter().find(|column| column.field == *field).map(|column| column.name.clone());
    Some(Key { columns: fields.iter().map(name).collect::<Option<_>>()?, duplicates })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::bulk::TimeRange;

    fn range() -> TimeRange {
        TimeRange::new(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH).unwrap()
    }

    fn members(programs: Programs) -> Filter {
        Filter::ProgramMembers { programs, members: Default::default(), updated_at: None }
    }

    fn columns(schema: &Schema) -> Vec<(&str, Kind)> {
        schema.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect()
    }

    fn leads() -> Description {
        let field = |name: &str, kind: &str| json!({ "id": 1, "dataType": kind, "rest": { "name": name }, "soap": { "name": "Other" } });
        Description::new([
            field("id", "integer"),
            field("email", "email"),
            field("score", "score"),
            field("odd", "new_type"),
        ])
    }

    #[test]
    fn leads_by_their_description() {
        let request =
            CreateRequest::new(Object::Leads, Filter::CreatedAt(range()), ["id", "email", "score", "odd", "unknown"]);
        let schema = Schema::new(&request, &leads()).unwrap();
        let expected = [
            ("id", Kind::Integer),
            ("email", Kind::Text),
            ("score", Kind::Integer),
            ("odd", Kind::Text),
            ("unknown", Kind::Text),
        ];
        assert_eq!(columns(&schema), expected);
        assert_eq!(schema.key, Some(Key { columns: vec!["id".into()], duplicates: Duplicates::SameState }));
        let stored = serde_json::to_string(&schema).unwrap();
        assert_eq!(serde_json::from_str::<Schema>(&stored).unwrap(), schema);
    }

    #[test]
    fn without_its_key_an_export_has_no_duplicates() {
        let request = CreateRequest::new(Object::Leads, Filter::CreatedAt(range()), ["email"]);
        assert_eq!(Schema::new(&request, &leads()).unwrap().key, None);
    }

    #[test]
    fn activities_have_columns_of_their_own() {
        let filter = Filter::Activities { created_at: range(), activity_types: None };
        let request = CreateRequest::new(Object::Activities, filter, [] as [&str; 0]);
        let types = json!({
            "id": 12, "name": "New Lead", "primaryAttribute": { "name": "Form", "dataType": "integer" },
            "attributes": [{ "name": "Created Date", "dataType": "date" }],
        });
        let schema = Schema::new(&request, &Description::new([types])).unwrap();
        assert_eq!(
            columns(&schema),
            [
                ("marketoGUID", Kind::Text),
                ("leadId", Kind::Integer),
                ("activityDate", Kind::DateTime),
                ("activityTypeId", Kind::Integer),
                ("campaignId", Kind::Integer),
                ("primaryAttributeValueId", Kind::Integer),
                ("primaryAttributeValue", Kind::Text),
                ("attributes", Kind::Json),
            ]
        );
        assert_eq!(schema.key, Some(Key { columns: vec!["marketoGUID".into()], duplicates: Duplicates::SameKey }));
        assert_eq!(schema.activity_types.len(), 1);
    }

    #[test]
    fn members_of_several_programs_begin_with_the_program() {
        let description = Description::new([
            json!({ "name": "membership", "fields": [{ "name": "reachedSuccess", "dataType": "boolean" }] }),
        ]);
        let request = |programs, fields: &[&str]| {
            CreateRequest::new(Object::ProgramMembers, members(programs), fields.iter().copied())
        };
        let schema =
            Schema::new(&request(Programs::Several(vec![1, 2]), &["leadId", "reachedSuccess"]), &description).unwrap();
        assert_eq!(
            columns(&schema),
            [("programId", Kind::Integer), ("leadId", Kind::Integer), ("reachedSuccess", Kind::Boolean)]
        );
        assert_eq!(schema.key.unwrap().columns, ["leadId", "programId"]);
        let schema = Schema::new(&request(Programs::One(1), &["leadId"]), &description).unwrap();
        assert_eq!(schema.key.unwrap().columns, ["leadId"]);
        let error = Schema::new(&request(Programs::Several(vec![1]), &["programId"]), &description).unwrap_err();
        assert_eq!(error.to_string(), "refused: two columns would have the name `programId`");
    }

    #[test]
    fn headers_stand_for_names() {
        let mut request = CreateRequest::new(Object::Leads, Filter::CreatedAt(range()), ["id", "score"]);
        request.column_header_names.insert("id".into(), "Lead".into());
        let schema = Schema::new(&request, &leads()).unwrap();
        assert_eq!(columns(&schema), [("Lead", Kind::Integer), ("score", Kind::Integer)]);
        assert_eq!(schema.key.unwrap().columns, ["Lead"]);
        request.column_header_names.insert("score".into(), "Lead".into());
        let error = Schema::new(&request, &leads()).unwrap_err();
        assert_eq!(error.to_string(), "refused: two columns would have the name `Lead`");
        request.column_header_names.insert("score".into(), STARTED_AT.into());
        let error = Schema::new(&request, &leads()).unwrap_err();
        let expected = "refused: no column may have the name `exportStartedAt`: sinks add one of it";
        assert_eq!(error.to_string(), expected);
    }
}
