//! What the describe endpoints say, and that it can change between calls.

use fake::describe::{ActivityType, Field};
use serde_json::json;

use crate::http::{Caller, leads_with, start};

#[test]
fn leads() {
    let fake = start();
    let fields = Caller::new(&fake).get("/rest/v1/leads/describe.json").result();
    assert_eq!(
        fields[1],
        json!({
            "id": 2, "displayName": "Email", "dataType": "email", "length": 255,
            "rest": { "name": "email", "readOnly": false }, "soap": { "name": "Email", "readOnly": false },
        })
    );
    let mut types: Vec<_> =
        fields.as_array().unwrap().iter().map(|field| field["dataType"].as_str().unwrap()).collect();
    types.sort_unstable();
    types.dedup();
    let all = [
        "array",
        "boolean",
        "currency",
        "date",
        "datetime",
        "email",
        "float",
        "integer",
        "percent",
        "phone",
        "reference",
        "score",
        "string",
        "text",
        "url",
    ];
    assert_eq!(types, all);
}

#[test]
fn activities() {
    let fake = start();
    let types = Caller::new(&fake).get("/rest/v1/activities/types.json").result();
    assert_eq!(
        types[0],
        json!({
            "id": 1, "name": "Visit Webpage", "description": "Visit Webpage",
            "primaryAttribute": { "name": "Webpage ID", "dataType": "integer" },
            "attributes": [{ "name": "Query Parameters", "dataType": "string" }, { "name": "Webpage URL", "dataType": "string" }],
        })
    );
    assert_eq!(types[2].get("primaryAttribute"), None);
}

#[test]
fn custom_objects_and_program_members() {
    let fake = start();
    let caller = Caller::new(&fake);
    let car = caller.get("/rest/v1/customobjects/car_c/describe.json").result()[0].clone();
    assert_eq!((&car["name"], &car["idField"]), (&json!("car_c"), &json!("marketoGUID")));
    let vin = json!({
        "name": "vin", "displayName": "Vin", "dataType": "string", "length": 255, "updateable": true, "crmManaged": false,
    });
    assert_eq!(car["fields"][2], vin);
    assert_eq!(caller.get("/rest/v1/customobjects/boat_c/describe.json").error().0, "1013");
    let members = caller.get("/rest/v1/programs/members/describe.json").result()[0].clone();
    assert_eq!(members["dedupeFields"], json!(["leadId", "programId"]));
    assert_eq!(members["fields"][0]["name"], "leadId");
}

#[test]
fn fields_come_and_change() {
    let fake = start();
    let bulk = fake.bulk();
    let caller = Caller::new(&fake);
    let last = || {
        let fields = caller.get("/rest/v1/leads/describe.json").result();
        let last = fields.as_array().unwrap().last().unwrap();
        (last["rest"]["name"].as_str().unwrap().to_owned(), last["dataType"].as_str().unwrap().to_owned())
    };
    bulk.catalogue_after(1, |catalogue| catalogue.leads.push(Field::custom("budget", "integer")));
    bulk.catalogue_after(3, |catalogue| catalogue.leads.last_mut().unwrap().data_type = "float".to_owned());
    let is = |name: &str, data_type: &str| (name.to_owned(), data_type.to_owned());
    assert_eq!(caller.create(&fake::bulk::Object::Leads, &leads_with(&["budget"])).error().0, "1006");
    assert_eq!(last(), is("lastSeen", "datetime"));
    assert_eq!(last(), is("budget", "integer"));
    caller.created(&fake::bulk::Object::Leads, &leads_with(&["budget"]));
    caller.get("/rest/v1/activities/types.json");
    assert_eq!(last(), is("budget", "float"));
    bulk.catalogue(|catalogue| catalogue.activities.push(ActivityType::new(100_001, "Attend Event")));
    let types = caller.get("/rest/v1/activities/types.json").result();
    assert_eq!(types.as_array().unwrap().last().unwrap()["id"], 100_001);
}
