//! Which records a job's file holds, and what its cells say, as of a moment. Enters what to export and the history, leaves rows.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::generated::Random;
use super::history::{History, Record, State};
use super::object::Object;
use super::request::{Export, Filter, Window};
use super::style::{Borders, Style};
use super::value::{Value, floor};
use crate::describe::Catalogue;

/// What a file says: its header and its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The names in the header.
    pub header: Vec<String>,
    /// The rows, each with as many values as the header has names.
    pub rows: Vec<Vec<Value>>,
}

/// The table that a job exports whose processing starts at `at`.
pub(super) fn table(history: &History, catalogue: &Catalogue, style: &Style, export: &Export, at: Timestamp) -> Table {
    let header = export.fields.iter().map(|field| export.headers.get(field).unwrap_or(field).clone());
    let program = export.filter.program_column.then(|| "programId".to_owned());
    let header = program.into_iter().chain(header).collect();
    let states = history.records(&export.object).iter().filter(|record| {
        record.life(at).is_some_and(|(created, changed)| {
            let within =
                |window: Option<Window>, moment| window.is_none_or(|window| holds(window, moment, style.borders));
            within(export.filter.created, created) && within(export.filter.updated, changed)
        })
    });
    let rows = states
        .filter_map(|record| state(catalogue, &export.object, record, at, at))
        .filter(|state| fits(history, &export.filter, &export.object, state, at))
        .map(|state| row(history, catalogue, export, &state, at));
    let rows = match style.shuffle {
        None => rows.collect(),
        Some(seed) => {
            let mut random = Random(seed);
            let mut rows: Vec<_> = rows.map(|row| (random.next(), row)).collect();
            rows.sort_by_key(|(place, _)| *place);
            rows.into_iter().map(|(_, row)| row).collect()
        }
    };
    Table { header, rows }
}

/// The record's state at a moment, as seen at a later one.
pub(super) fn state(
    catalogue: &Catalogue,
    object: &Object,
    record: &Record,
    at: Timestamp,
    by: Timestamp,
) -> Option<State> {
    // Only of leads it is known that the column `updatedAt` and the filter differ.
    let leads = *object == Object::Leads;
    record
        .state(at, by, |name| !leads || (name != "id" && catalogue.lead_field(name).is_none_or(|field| !field.custom)))
}

/// Whether a moment lies in a window.
pub(super) fn holds(window: Window, moment: Timestamp, borders: Borders) -> bool {
    let moment = if borders.whole_seconds { floor(moment) } else { moment };
    let after = if borders.start { moment >= window.start } else { moment > window.start };
    let before = if borders.end { moment <= window.end } else { moment < window.end };
    after && before
}

fn fits(history: &History, filter: &Filter, object: &Object, state: &State, at: Timestamp) -> bool {
    let number = |name: &str| match state.fields.get(name) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    };
    let text = |name: &str| state.fields.get(name).and_then(|value| value.text(&Style::default()));
    let chosen = |among: &BTreeSet<i64>, name: &str| {
        among.is_empty() || number(name).is_some_and(|number| among.contains(&number))
    };
    let listed = filter.list.as_ref().is_none_or(|list| {
        let lead = if *object == Object::Leads { "id" } else { "leadId" };
        number(lead).is_some_and(|lead| history.is_member(list, lead, at))
    });
    let primary = if filter.primary_by_id { "primaryAttributeValueId" } else { "primaryAttributeValue" };
    listed
        && chosen(&filter.activity_types, "activityTypeId")
        && (filter.primary.is_empty() || text(primary).is_some_and(|value| filter.primary.contains(&value)))
        && chosen(&filter.programs, "programId")
        && filter.exhausted.is_none_or(|flag| state.fields.get("isExhausted") == Some(&Value::Boolean(flag)))
        && filter.cadence.as_ref().is_none_or(|cadence| text("nurtureCadence").as_ref() == Some(cadence))
        && (filter.statuses.is_empty() || text("statusName").is_some_and(|status| filter.statuses.contains(&status)))
}

fn row(history: &History, catalogue: &Catalogue, export: &Export, state: &State, at: Timestamp) -> Vec<Value> {
    // A program member's row also has fields of its lead.
    let lead = match (&export.object, state.fields.get("leadId")) {
        (Object::ProgramMembers, Some(Value::Integer(lead))) => history
            .record(&Object::Leads, &lead.to_string())
            .and_then(|record| self::state(catalogue, &Object::Leads, record, at, at)),
        _ => None,
    };
    let cell = |field: &str| match field {
        "createdAt" | "activityDate" => Value::DateTime(state.created_at),
        "updatedAt" => Value::DateTime(state.updated_at),
        _ => {
            let value = state.fields.get(field).or_else(|| lead.as_ref()?.fields.get(field));
            value.cloned().unwrap_or(Value::Null)
        }
    };
    let program = export.filter.program_column.then(|| cell("programId"));
    program.into_iter().chain(export.fields.iter().map(|field| cell(field))).collect()
}
