//! The same message as serde derives it for quick-xml: what most programs would write by hand.

use serde::{Deserialize, Serialize};

/// successGetMultipleLeads.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename = "successGetMultipleLeads")]
pub(crate) struct Success {
    result: Outcome,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    return_count: i32,
    remaining_count: i32,
    new_stream_position: String,
    lead_record_list: Option<Leads>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Leads {
    #[serde(rename = "leadRecord", default)]
    leads: Vec<Lead>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Lead {
    id: Option<i32>,
    email: Option<String>,
    foreign_sys_person_id: Option<String>,
    foreign_sys_type: Option<String>,
    #[serde(rename = "leadAttributeList")]
    attributes: Option<Attributes>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Attributes {
    #[serde(rename = "attribute", default)]
    attributes: Vec<Attribute>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    attr_name: String,
    attr_type: Option<String>,
    attr_value: String,
}
