//! What the service says of its fields: the results of the describe endpoints enter, types leave. A field whose type does not read holds text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schema::Kind;

/// The types of an object's fields, by their API names, and of activities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    fields: BTreeMap<String, Kind>,
    activity_types: Vec<ActivityType>,
}

/// A type of activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityType {
    /// Its id, which stands in the column `activityTypeId`.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What the columns `primaryAttributeValue` and `primaryAttributeValueId` are about, where it has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_attribute: Option<Attribute>,
    /// What may stand in the column `attributes`. An activity holds only those that have a value.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

/// An attribute of a type of activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

impl Description {
    /// Reads the members of `result` of the describe endpoints `leads/describe.json`, `customobjects/{name}/describe.json`,
    /// `programs/members/describe.json` and `activities/types.json`. Where a field is described twice, the first counts.
    pub fn new(result: impl IntoIterator<Item = Value>) -> Self {
        let mut description = Self::default();
        for item in result {
            if let Some(fields) = item["fields"].as_array() {
                fields.iter().for_each(|field| description.field(&field["name"], field));
            } else if item["rest"].is_object() {
                description.field(&item["rest"]["name"], &item);
            } else if let Some(activity_type) = activity_type(&item) {
                description.activity_types.push(activity_type);
            }
        }
        description
    }

    /// The type of a field.
    #[must_use]
    pub fn kind(&self, field: &str) -> Option<Kind> {
        self.fields.get(field).copied()
    }

    /// The types of activities.
    #[must_use]
    pub fn activity_types(&self) -> &[ActivityType] {
        &self.activity_types
    }

    fn field(&mut self, name: &Value, field: &Value) {
        if let Some(name) = name.as_str() {
            self.fields.entry(name.to_owned()).or_insert_with(|| kind(field));
        }
    }
}

fn activity_type(item: &Value) -> Option<ActivityType> {
    let attribute = |item: &Value| Some(Attribute { name: item["name"].as_str()?.to_owned(), kind: kind(item) });
    let id = &item["id"];
    Some(ActivityType {
        id: id.as_i64().or_else(|| id.as_str()?.parse().ok())?,
        name: item["name"].as_str()?.to_owned(),
        primary_attribute: attribute(&item["primaryAttribute"]),
        attributes: item["attributes"].as_array().into_iter().flatten().filter_map(attribute).collect(),
    })
}

/// What a field's `dataType` comes to. The names are the vendor's; what is not known holds text, which loses nothing.
fn kind(field: &Value) -> Kind {
    let name = field["dataType"].as_str().unwrap_or_default().to_ascii_lowercase();
    match &*name {
        "boolean" => Kind::Boolean,
        "integer" | "score" | "long" => Kind::Integer,
        // The service writes percentages with decimals too.
        "float" | "double" | "currency" | "percent" => Kind::Float,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_shapes_are_read() {
        let description = Description::new([
            json!({ "id": 2, "displayName": "Revenue", "dataType": "currency", "rest": { "name": "revenue", "readOnly": false } }),
            json!({ "name": "car_c", "idField": "marketoGUID", "fields": [
                { "name": "boughtOn", "dataType": "Date" }, { "name": "vin" }, { "dataType": "integer" }, null,
                { "name": "revenue", "dataType": "integer" },
            ] }),
            json!({ "id": "1", "name": "Visit", "attributes": [{ "name": "When", "dataType": "datetime" }, {}] }),
            json!({ "id": 2, "name": "Click", "primaryAttribute": { "name": "Link", "dataType": "string" } }),
            json!({ "name": "no id" }),
            json!(null),
            json!([1]),
        ]);
        let kinds = ["revenue", "boughtOn", "vin", "other"].map(|field| description.kind(field));
        assert_eq!(kinds, [Some(Kind::Float), Some(Kind::Date), Some(Kind::Text), None]);
        let attribute = |name: &str, kind| Attribute { name: name.to_owned(), kind };
        let types = [
            ActivityType {
                id: 1,
                name: "Visit".into(),
                primary_attribute: None,
                attributes: vec![attribute("When", Kind::DateTime)],
            },
            ActivityType {
                id: 2,
                name: "Click".into(),
                primary_attribute: Some(attribute("Link", Kind::Text)),
                attributes: Vec::new(),
            },
        ];
        assert_eq!(description.activity_types(), types);
    }

    #[test]
    fn each_data_type_has_its_kind() {
        for (names, expected) in [
            ("boolean", Kind::Boolean),
            ("integer score", Kind::Integer),
            ("float currency percent", Kind::Float),
            ("date", Kind::Date),
            ("datetime", Kind::DateTime),
            ("string text email phone url reference lead_function array formula textarea", Kind::Text),
        ] {
            for name in names.split(' ') {
                assert_eq!(kind(&json!({ "dataType": name })), expected, "{name}");
            }
        }
        assert_eq!(kind(&json!({})), Kind::Text);
        assert_eq!(kind(&json!({ "dataType": 7 })), Kind::Text);
    }
}
