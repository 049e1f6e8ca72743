//! The body of a create call, held against every rule of the service. Enters JSON, leaves what to export, or the code that refuses it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::history::{History, List};
use super::object::Object;
use super::style::Subscription;
use crate::describe::{ACTIVITY_FIELDS, Catalogue, DELETE_LEAD};

/// What a job is to export.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The kind of object.
    pub object: Object,
    /// The file's format.
    pub format: Format,
    /// The columns, without the `programId` that the service puts before them for `programIds`.
    pub fields: Vec<String>,
    /// Headers that differ from their field's name.
    pub headers: BTreeMap<String, String>,
    /// Which records.
    pub filter: Filter,
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Commas.
    Csv,
    /// Tabs.
    Tsv,
    /// Semicolons or spaces: the documentation contradicts itself.
    Ssv,
}

impl Format {
    /// As answers say it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Ssv => "SSV",
        }
    }
}

/// Which records are exported: all that is set must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Created within.
    pub created: Option<Window>,
    /// Last changed within.
    pub updated: Option<Window>,
    /// Its lead is in this list when processing starts.
    pub list: Option<List>,
    /// Of one of these types of activities; empty for all.
    pub activity_types: BTreeSet<i64>,
    /// With one of these primary attributes, by number or text; empty for all.
    pub primary: BTreeSet<String>,
    /// Whether [`primary`](Self::primary) holds numbers.
    pub primary_by_id: bool,
    /// Of one of these programs.
    pub programs: BTreeSet<i64>,
    /// Whether the programs came as `programIds`, which puts a column before the others.
    pub program_column: bool,
    /// The member's `isExhausted`.
    pub exhausted: Option<bool>,
    /// The member's `nurtureCadence`.
    pub cadence: Option<String>,
    /// One of the member's statuses; empty for all.
    pub statuses: BTreeSet<String>,
}

/// A range of time as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// `startAt`.
    pub start: Timestamp,
    /// `endAt`.
    pub end: Timestamp,
}

/// The longest window: 31 days, both ends included.
const LONGEST: i64 = 31 * 86_400 - 1;

/// Why a call is refused: an error code and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What a body is held against.
pub(super) struct Rules<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) history: &'a History,
    pub(super) subscription: &'a Subscription,
    /// The statuses that programs have.
    pub(super) statuses: &'a BTreeSet<String>,
}

type Members = serde_json::Map<String, Value>;

impl Rules<'_> {
    /// Reads the body of a create call.
    pub(super) fn read(&self, object: Object, body: &[u8]) -> Result<Export, Refusal> {
        let json: Value = serde_json::from_slice(body).map_err(|_| Refusal::new(609, "Invalid JSON"))?;
        let Value::Object(json) = json else { return Err(Refusal::new(609, "Invalid JSON: an object is expected")) };
        only(&json, &["format", "columnHeaderNames", "fields", "filter"])?;
        let format = match json.get("format") {
            None | Some(Value::Null) => Format::Csv,
            Some(Value::String(name)) => match &**name {
                "CSV" => Format::Csv,
                "TSV" => Format::Tsv,
                "SSV" => Format::Ssv,
                other => return Err(Refusal::new(1003, format!("Invalid value for 'format': {other}"))),
            },
            Some(_) => return Err(wrong_type("format", "string")),
        };
        let fields = self.fields(&object, &json)?;
        let headers = headers(&json, &fields)?;
        let filter = match json.get("filter") {
            None | Some(Value::Null) => return Err(Refusal::new(1002, "Missing value for required 'filter'")),
            Some(Value::Object(filter)) => self.filter(&object, filter)?,
            Some(_) => return Err(wrong_type("filter", "object")),
        };
        Ok(Export { object, format, fields, headers, filter })
    }

    fn fields(&self, object: &Object, json: &Members) -> Result<Vec<String>, Refusal> {
        let fields = strings(json, "fields")?;
        let Some(fields) = fields.filter(|fields| !fields.is_empty()) else {
            return match object {
                Object::Activities => Ok(ACTIVITY_FIELDS.map(str::to_owned).into()),
                _ => Err(Refusal::new(1002, "Missing value for required 'fields'")),
            };
        };
        for (field, index) in fields.iter().zip(0..) {
            let known = match object {
                Object::Leads => self.catalogue.lead_field(field).is_some(),
                Object::Activities => ACTIVITY_FIELDS.contains(&&**field) || field == "actionResult",
                Object::Custom(name) => self.catalogue.object_field(name, field).is_some(),
                Object::ProgramMembers => self.catalogue.member_field(field).is_some(),
            };
            if !known {
                return Err(Refusal::new(1006, format!("Field '{field}' not found")));
            }
            if fields.iter().take(index).any(|other| other == field) {
                return Err(Refusal::new(1003, format!("Field '{field}' is named twice")));
            }
        }
        Ok(fields)
    }

    fn filter(&self, object: &Object, json: &Members) -> Result<Filter, Refusal> {
        let lists = ["staticListName", "staticListId", "smartListName", "smartListId"];
        match object {
            Object::Leads => {
                only(json, &[&["createdAt", "updatedAt"], &lists[..]].concat())?;
                exactly_one(json)?;
            }
            Object::Custom(_) => {
                only(json, &[&["updatedAt"], &lists[..]].concat())?;
                exactly_one(json)?;
            }
            Object::Activities => {
                only(json, &["createdAt", "activityTypeIds", "primaryAttributeValueIds", "primaryAttributeValues"])?;
            }
            Object::ProgramMembers => {
                let known = ["programId", "programIds", "isExhausted", "nurtureCadence", "statusNames", "updatedAt"];
                only(json, &known)?;
            }
        }
        for gated in ["updatedAt", "smartListName", "smartListId"] {
            if json.contains_key(gated) && !self.subscription.gated_filters {
                return Err(Refusal::new(1035, format!("Unsupported filter type for target subscription: {gated}")));
            }
        }
        let mut filter = Filter {
            created: window(json, "createdAt")?,
            updated: window(json, "updatedAt")?,
            list: self.list(json)?,
            ..Filter::default()
        };
        match object {
            Object::Activities => self.activities(json, &mut filter)?,
            Object::ProgramMembers => self.members(json, &mut filter)?,
            Object::Leads | Object::Custom(_) => {}
        }
        Ok(filter)
    }

    fn list(&self, json: &Members) -> Result<Option<List>, Refusal> {
        for (name, smart) in [("staticListName", false), ("smartListName", true)] {
            if let Some(value) = json.get(name) {
                let text = value.as_str().ok_or_else(|| wrong_type(name, "string"))?;
                return self.found(name, text, |list| list.smart == smart && list.name == text);
            }
        }
        for (name, smart) in [("staticListId", false), ("smartListId", true)] {
            if let Some(value) = json.get(name) {
                let id = value.as_i64().ok_or_else(|| wrong_type(name, "integer"))?;
                return self.found(name, &id.to_string(), |list| list.smart == smart && list.id == id);
            }
        }
        Ok(None)
    }

    fn found(&self, name: &str, value: &str, wanted: impl Fn(&List) -> bool) -> Result<Option<List>, Refusal> {
        let list = self.history.find_list(wanted).cloned();
        list.map(Some).ok_or_else(|| Refusal::new(1013, format!("Object not found: {name} '{value}'")))
    }

    fn activities(&self, json: &Members, filter: &mut Filter) -> Result<(), Refusal> {
        if filter.created.is_none() {
            return Err(Refusal::new(1002, "Missing value for required 'createdAt'"));
        }
        filter.activity_types = integers(json, "activityTypeIds")?.unwrap_or_default().into_iter().collect();
        for id in &filter.activity_types {
            if *id == DELETE_LEAD || !self.catalogue.activities.iter().any(|kind| kind.id == *id) {
                return Err(Refusal::new(1003, format!("Invalid value for 'activityTypeIds': {id}")));
            }
        }
        let ids = integers(json, "primaryAttributeValueIds")?;
        let texts = strings(json, "primaryAttributeValues")?;
        let (name, values) = match (ids, texts) {
            (None, None) => return Ok(()),
            (Some(_), Some(_)) => {
                let message = "'primaryAttributeValueIds' and 'primaryAttributeValues' exclude each other";
                return Err(Refusal::new(1003, message));
            }
            (Some(ids), None) => {
                filter.primary_by_id = true;
                ("primaryAttributeValueIds", ids.iter().map(i64::to_string).collect::<Vec<_>>())
            }
            (None, Some(texts)) => ("primaryAttributeValues", texts),
        };
        if values.is_empty() || values.len() > 50 {
            return Err(Refusal::new(1003, format!("'{name}' takes 1 to 50 values")));
        }
        if filter.activity_types.is_empty() {
            return Err(Refusal::new(1002, format!("Missing value for 'activityTypeIds', which '{name}' needs")));
        }
        let kinds = self.catalogue.activities.iter().filter(|kind| filter.activity_types.contains(&kind.id));
        let groups: BTreeSet<_> = kinds.map(|kind| &kind.primary).collect();
        if groups.len() != 1 || groups.contains(&None) {
            return Err(Refusal::new(1003, "'activityTypeIds' must all have the same kind of primary attribute"));
        }
        filter.primary = values.into_iter().collect();
        Ok(())
    }

    fn members(&self, json: &Members, filter: &mut Filter) -> Result<(), Refusal> {
        let one = match json.get("programId") {
            None => None,
            Some(id) => Some(id.as_i64().ok_or_else(|| wrong_type("programId", "integer"))?),
        };
        match (one, integers(json, "programIds")?) {
            (None, None) => return Err(Refusal::new(1002, "Missing value for required 'programId' or 'programIds'")),
            (Some(_), Some(_)) => {
                return Err(Refusal::new(1003, "'programId' and 'programIds' exclude each other"));
            }
            (Some(id), None) => filter.programs = BTreeSet::from([id]),
            (None, Some(ids)) if ids.is_empty() || ids.len() > 10 => {
                return Err(Refusal::new(1003, "'programIds' takes 1 to 10 values"));
            }
            (None, Some(ids)) => {
                filter.programs = ids.into_iter().collect();
                filter.program_column = true;
            }
        }
        if let Some(flag) = json.get("isExhausted") {
            filter.exhausted = Some(flag.as_bool().ok_or_else(|| wrong_type("isExhausted", "boolean"))?);
        }
        if let Some(cadence) = json.get("nurtureCadence") {
            let cadence = cadence.as_str().ok_or_else(|| wrong_type("nurtureCadence", "string"))?;
            // Two pages spell it differently.
            let cadence = match cadence {
                "norm" => "norm",
                "pause" | "paus" => "paus",
                other => return Err(Refusal::new(1003, format!("Invalid value for 'nurtureCadence': {other}"))),
            };
            filter.cadence = Some(cadence.to_owned());
        }
        filter.statuses = strings(json, "statusNames")?.unwrap_or_default().into_iter().collect();
        match filter.statuses.iter().find(|status| !self.statuses.contains(*status)) {
            Some(status) => Err(Refusal::new(1003, format!("Invalid value for 'statusNames': {status}"))),
            None => Ok(()),
        }
    }
}

fn headers(json: &Members, fields: &[String]) -> Result<BTreeMap<String, String>, Refusal> {
    let names = match json.get("columnHeaderNames") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(names)) => names,
        Some(_) => return Err(wrong_type("columnHeaderNames", "object")),
    };
    let mut headers = BTreeMap::new();
    for (field, header) in names {
        if !fields.contains(field) {
            let message = format!("Invalid value for 'columnHeaderNames': '{field}' is not in 'fields'");
            return Err(Refusal::new(1003, message));
        }
        let header = header.as_str().ok_or_else(|| wrong_type("columnHeaderNames", "string"))?;
        headers.insert(field.clone(), header.to_owned());
    }
    Ok(headers)
}

fn only(json: &Members, known: &[&str]) -> Result<(), Refusal> {
    match json.keys().find(|name| !known.contains(&&***name)) {
        Some(name) => Err(Refusal::new(1003, format!("Invalid member '{name}'"))),
        None => Ok(()),
    }
}

fn exactly_one(json: &Members) -> Result<(), Refusal> {
    match json.len() {
        0 => Err(Refusal::new(1002, "Missing value for required 'filter'")),
        1 => Ok(()),
        _ => Err(Refusal::new(1003, "Invalid value for 'filter': exactly one filter is allowed")),
    }
}

fn window(json: &Members, name: &str) -> Result<Option<Window>, Refusal> {
    let range = match json.get(name) {
        None => return Ok(None),
        Some(Value::Object(range)) => range,
        Some(_) => return Err(wrong_type(name, "object")),
    };
    only(range, &["startAt", "endAt"])?;
    let moment = |end: &str| match range.get(end) {
        None | Some(Value::Null) => Err(Refusal::new(1002, format!("Missing value for required '{name}.{end}'"))),
        Some(Value::String(text)) => {
            moment(text).ok_or_else(|| Refusal::new(1003, format!("Invalid value for '{name}.{end}': {text}")))
        }
        Some(_) => Err(wrong_type(end, "string")),
    };
    let window = Window { start: moment("startAt")?, end: moment("endAt")? };
    if window.end < window.start {
        return Err(Refusal::new(1003, format!("Invalid value for '{name}': endAt lies before startAt")));
    }
    if window.end.as_second() - window.start.as_second() > LONGEST {
        return Err(Refusal::new(1003, format!("Invalid value for '{name}': longer than 31 days")));
    }
    Ok(Some(window))
}

/// ISO 8601 with `Z` or an offset, in whole seconds.
fn moment(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shape = |from: usize, pattern: &[u8]| {
        let part = bytes.get(from..from + pattern.len())?;
        let fits = part
            .iter()
            .zip(pattern)
            .all(|(byte, want)| if *want == b'0' { byte.is_ascii_digit() } else { byte == want });
        fits.then_some(())
    };
    shape(0, b"0000-00-00T00:00:00")?;
    match bytes.len() {
        20 => shape(19, b"Z")?,
        24 => shape(19, b"+0000").or_else(|| shape(19, b"-0000"))?,
        25 => shape(19, b"+00:00").or_else(|| shape(19, b"-00:00"))?,
        _ => return None,
    }
    text.parse().ok()
}

fn strings(json: &Members, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    array(json, name, "string", |value| value.as_str().map(str::to_owned))
}

fn integers(json: &Members, name: &str) -> Result<Option<Vec<i64>>, Refusal> {
    array(json, name, "integer", Value::as_i64)
}

fn array<T>(
    json: &Members,
    name: &str,
    kind: &str,
    item: impl Fn(&Value) -> Option<T>,
) -> Result<Option<Vec<T>>, Refusal> {
    match json.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => items
            .iter()
            .map(|value| item(value).ok_or_else(|| wrong_type(name, kind)))
            .collect::<Result<_, _>>()
            .map(Some),
        Some(_) => Err(wrong_type(name, &format!("array of {kind}"))),
    }
}

fn wrong_type(name: &str, kind: &str) -> Refusal {
    Refusal::new(1001, format!("Invalid value for '{name}'. Required of type '{kind}'"))
}
