//! What the describe endpoints say: the fields of every kind of object, with types. Enters a catalogue that a test may change between calls,
//! leaves JSON. Knows nothing of jobs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A field of leads, program members or a custom object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its REST name, as `fields` and headers say it.
    pub name: String,
    /// Its type: `string`, `text`, `integer`, `float`, `currency`, `percent`, `score`, `boolean`, `date`, `datetime`, `email`, `phone`, `url`,
    /// `reference`, `array` …
    pub data_type: String,
    /// The name that people see.
    pub display_name: String,
    /// The greatest length of a text.
    pub length: Option<u32>,
    /// Whether it cannot be written.
    pub read_only: bool,
    /// Whether the subscription added it: changes of such fields move the filter `updatedAt`, not the column.
    pub custom: bool,
}

impl Field {
    /// A standard field.
    pub fn new(name: impl Into<String>, data_type: impl Into<String>) -> Self {
        let name = name.into();
        let data_type = data_type.into();
        let length = match &*data_type {
            "string" | "email" | "phone" | "url" => Some(255),
            _ => None,
        };
        let display_name = spaced(&name);
        Self { name, data_type, display_name, length, read_only: false, custom: false }
    }

    /// A field that the subscription added.
    pub fn custom(name: impl Into<String>, data_type: impl Into<String>) -> Self {
        Self { custom: true, ..Self::new(name, data_type) }
    }

    /// The same, which cannot be written.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
}

/// A type of activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityType {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What its primary attribute names, with its type: values may only be filtered among types that have the same.
    pub primary: Option<(String, String)>,
    /// Its further attributes with their types.
    pub attributes: Vec<(String, String)>,
}

impl ActivityType {
    /// A type without attributes.
    pub fn new(id: i64, name: impl Into<String>) -> Self {
        Self { id, name: name.into(), primary: None, attributes: Vec::new() }
    }

    /// Its primary attribute.
    #[must_use]
    pub fn primary(mut self, name: impl Into<String>, data_type: impl Into<String>) -> Self {
        self.primary = Some((name.into(), data_type.into()));
        self
    }

    /// One more attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, data_type: impl Into<String>) -> Self {
        self.attributes.push((name.into(), data_type.into()));
        self
    }
}

/// Every field and type of the subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The fields of leads.
    pub leads: Vec<Field>,
    /// The fields of program members beside those of leads.
    pub members: Vec<Field>,
    /// The types of activities.
    pub activities: Vec<ActivityType>,
    /// The custom objects by API name.
    pub objects: BTreeMap<String, Vec<Field>>,
}

/// What the column set of activities holds if `fields` does not say otherwise.
pub(crate) const ACTIVITY_FIELDS: [&str; 8] = [
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
];

/// The activity of a deleted lead, which bulk export does not give.
pub(crate) const DELETE_LEAD: i64 = 37;

impl Catalogue {
    /// The answer of `GET /rest/v1/leads/describe.json`.
    pub(crate) fn leads_json(&self) -> Vec<Value> {
        let fields = self.leads.iter().zip(1..);
        fields
            .map(|(field, id)| {
                let mut json = json!({
                    "id": id,
                    "displayName": field.display_name,
                    "dataType": field.data_type,
                    "rest": { "name": field.name, "readOnly": field.read_only },
                    "soap": { "name": soap_name(&field.name), "readOnly": field.read_only },
                });
                if let (Some(length), Some(members)) = (field.length, json.as_object_mut()) {
                    members.insert("length".to_owned(), length.into());
                }
                json
            })
            .collect()
    }

    /// The answer of `GET /rest/v1/activities/types.json`.
    pub(crate) fn activities_json(&self) -> Vec<Value> {
        let attribute = |(name, data_type): &(String, String)| json!({ "name": name, "dataType": data_type });
        let types = self.activities.iter();
        types
            .map(|kind| {
                let mut json = json!({
                    "id": kind.id,
                    "name": kind.name,
                    "description": kind.name,
                    "attributes": kind.attributes.iter().map(attribute).collect::<Vec<_>>(),
                });
                if let (Some(primary), Some(members)) = (&kind.primary, json.as_object_mut()) {
                    members.insert("primaryAttribute".to_owned(), attribute(primary));
                }
                json
            })
            .collect()
    }

    /// The answer of `GET /rest/v1/customobjects/{name}/describe.json`; none for a name that does not exist.
    pub(crate) fn object_json(&self, name: &str) -> Option<Vec<Value>> {
        let fields = self.objects.get(name)?;
        Some(vec![json!({
            "name": name,
            "displayName": spaced(name),
            "createdAt": "2026-01-05T09:00:00Z",
            "updatedAt": "2026-01-05T09:00:00Z",
            "idField": "marketoGUID",
            "dedupeFields": ["marketoGUID"],
            "searchableFields": [["marketoGUID"], ["leadId"]],
            "relationships": [{ "field": "leadId", "type": "child", "relatedTo": { "name": "Lead", "field": "Id" } }],
            "fields": fields.iter().map(object_field).collect::<Vec<_>>(),
        })])
    }

    /// The answer of `GET /rest/v1/programs/members/describe.json`.
    pub(crate) fn members_json(&self) -> Vec<Value> {
        vec![json!({
            "name": "API Program Membership",
            "displayName": "API Program Membership",
            "createdAt": "2026-01-05T09:00:00Z",
            "updatedAt": "2026-01-05T09:00:00Z",
            "dedupeFields": ["leadId", "programId"],
            "searchableFields": [["leadId"], ["programId"]],
            "fields": self.members.iter().map(object_field).collect::<Vec<_>>(),
        })]
    }

    /// The type of a field of leads.
    pub(crate) fn lead_field(&self, name: &str) -> Option<&Field> {
        self.leads.iter().find(|field| field.name == name)
    }

    /// A field of program members or of their leads.
    pub(crate) fn member_field(&self, name: &str) -> Option<&Field> {
        self.members.iter().find(|field| field.name == name).or_else(|| self.lead_field(name))
    }

    /// A field of a custom object.
    pub(crate) fn object_field(&self, object: &str, name: &str) -> Option<&Field> {
        self.objects.get(object)?.iter().find(|field| field.name == name)
    }
}

fn object_field(field: &Field) -> Value {
    let mut json = json!({
        "name": field.name,
        "displayName": field.display_name,
        "dataType": field.data_type,
        "updateable": !field.read_only,
        "crmManaged": false,
    });
    if let (Some(length), Some(members)) = (field.length, json.as_object_mut()) {
        members.insert("length".to_owned(), length.into());
    }
    json
}

/// `firstName` is `First Name`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if text.is_empty() {
            text.extend(letter.to_uppercase());
        } else {
            if letter.is_uppercase() && !text.ends_with(char::is_uppercase) {
                text.push(' ');
            }
            text.push(letter);
        }
    }
    text
}

/// `firstName` is `FirstName`.
fn soap_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A small subscription that has a field of every type.
impl Default for Catalogue {
    fn default() -> Self {
        let leads = vec![
            Field::new("id", "integer").read_only(),
            Field::new("email", "email"),
            Field::new("firstName", "string"),
            Field::new("lastName", "string"),
            Field::new("company", "string"),
            Field::new("title", "string"),
            Field::new("phone", "phone"),
            Field::new("website", "url"),
            Field::new("country", "string"),
            Field::new("address", "text"),
            Field::new("annualRevenue", "currency"),
            Field::new("numberOfEmployees", "integer"),
            Field::new("dateOfBirth", "date"),
            Field::new("unsubscribed", "boolean"),
            Field::new("leadScore", "score"),
            Field::new("leadPartitionId", "reference"),
            Field::new("createdAt", "datetime").read_only(),
            Field::new("updatedAt", "datetime").read_only(),
            Field::custom("fit", "percent"),
            Field::custom("distance", "float"),
            Field::custom("interests", "array"),
            Field::custom("notes", "text"),
            Field::custom("lastSeen", "datetime"),
        ];
        let members = vec![
            Field::new("leadId", "integer").read_only(),
            Field::new("programId", "integer").read_only(),
            Field::new("program", "string").read_only(),
            Field::new("statusName", "string"),
            Field::new("membershipDate", "datetime").read_only(),
            Field::new("reachedSuccess", "boolean"),
            Field::new("reachedSuccessDate", "datetime").read_only(),
            Field::new("isExhausted", "boolean"),
            Field::new("nurtureCadence", "string"),
            Field::new("acquiredBy", "boolean"),
            Field::new("createdAt", "datetime").read_only(),
            Field::new("updatedAt", "datetime").read_only(),
            Field::custom("webinarUrl", "url"),
        ];
        let car = vec![
            Field::new("marketoGUID", "string").read_only(),
            Field::new("leadId", "integer"),
            Field::custom("vin", "string"),
            Field::custom("mileage", "integer"),
            Field::custom("price", "currency"),
            Field::custom("boughtOn", "date"),
            Field::new("createdAt", "datetime").read_only(),
            Field::new("updatedAt", "datetime").read_only(),
        ];
        let activities = vec![
            ActivityType::new(1, "Visit Webpage")
                .primary("Webpage ID", "integer")
                .attribute("Query Parameters", "string")
                .attribute("Webpage URL", "string"),
            ActivityType::new(2, "Fill Out Form").primary("Webform ID", "integer").attribute("Form Fields", "text"),
            ActivityType::new(12, "New Lead").attribute("Created Date", "date").attribute("Source Type", "string"),
            ActivityType::new(13, "Change Data Value")
                .primary("Attribute Name", "string")
                .attribute("New Value", "string")
                .attribute("Old Value", "string")
                .attribute("Reason", "string"),
            ActivityType::new(22, "Change Score")
                .primary("Attribute Name", "string")
                .attribute("Change Value", "string")
                .attribute("New Value", "integer")
                .attribute("Old Value", "integer"),
            ActivityType::new(24, "Add to List").primary("Static List ID", "integer").attribute("Source", "string"),
            ActivityType::new(25, "Remove from List").primary("Static List ID", "integer"),
            ActivityType::new(DELETE_LEAD, "Delete Lead").attribute("Removed From", "string"),
            ActivityType::new(104, "Change Status in Progression")
                .primary("Program ID", "integer")
                .attribute("New Status", "string")
                .attribute("Success", "boolean"),
        ];
        Self { leads, members, activities, objects: BTreeMap::from([("car_c".to_owned(), car)]) }
    }
}
