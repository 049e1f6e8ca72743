//! What jobs are created with: the JSON of each filter, and the rules that are refused.

use serde_json::{Value, json};

use super::*;

const FROM: &str = "2026-01-01T00:00:00Z";
const TO: &str = "2026-01-31T23:59:59Z";

fn bulk() -> BulkClient {
    client(&Listed::new([])).0
}

fn range() -> Value {
    json!({ "startAt": FROM, "endAt": TO })
}

fn filter(request: Result<CreateRequest, Error>) -> Value {
    request.unwrap().body()["filter"].take()
}

#[test]
fn every_filter_has_its_json() {
    let (bulk, from, to) = (bulk(), at(FROM), at(TO));
    let leads = || bulk.leads().fields(["id"]);
    assert_eq!(filter(leads().created_at(from, to).request()), json!({ "createdAt": range() }));
    assert_eq!(filter(leads().updated_at(from, to).request()), json!({ "updatedAt": range() }));
    assert_eq!(filter(leads().static_list_id(7).request()), json!({ "staticListId": 7 }));
    assert_eq!(filter(leads().static_list_name("A \"b\"").request()), json!({ "staticListName": "A \"b\"" }));
    assert_eq!(filter(leads().smart_list_id(7).request()), json!({ "smartListId": 7 }));
    assert_eq!(filter(leads().smart_list_name("A").request()), json!({ "smartListName": "A" }));

    let cars = || bulk.custom_object("car_c").fields(["vin"]);
    assert_eq!(filter(cars().updated_at(from, to).request()), json!({ "updatedAt": range() }));
    assert_eq!(filter(cars().static_list_id(7).request()), json!({ "staticListId": 7 }));
    assert_eq!(filter(cars().smart_list_name("A").request()), json!({ "smartListName": "A" }));

    let activities = || bulk.activities().created_at(from, to);
    assert_eq!(filter(activities().request()), json!({ "createdAt": range() }));
    assert_eq!(
        filter(activities().activity_types(ActivityTypes::new([1, 12])).request()),
        json!({ "createdAt": range(), "activityTypeIds": [1, 12] })
    );
    let ids = ActivityTypes::new([12]).primary_attribute_value_ids([9]);
    assert_eq!(
        filter(activities().activity_types(ids).request()),
        json!({ "createdAt": range(), "activityTypeIds": [12], "primaryAttributeValueIds": [9] })
    );
    let values = ActivityTypes::new([12]).primary_attribute_values(["Program.Form"]);
    assert_eq!(
        filter(activities().activity_types(values).request()),
        json!({ "createdAt": range(), "activityTypeIds": [12], "primaryAttributeValues": ["Program.Form"] })
    );

    let members = || bulk.program_members().fields(["leadId"]);
    assert_eq!(filter(members().program_id(7).request()), json!({ "programId": 7 }));
    assert_eq!(
        filter(
            members()
                .program_ids([7, 8])
                .is_exhausted(false)
                .nurture_cadence(NurtureCadence::Paused)
                .status_names(["Member", "Influenced"])
                .updated_at(from, to)
                .request()
        ),
        json!({
            "programIds": [7, 8], "isExhausted": false, "nurtureCadence": "pause",
            "statusNames": ["Member", "Influenced"], "updatedAt": range(),
        })
    );
}

#[test]
fn a_body_holds_what_was_set() {
    let (from, to) = (at(FROM), at(TO));
    let request = bulk().leads().fields(["id", "email"]).header("email", "E-mail").format(Format::Tsv);
    assert_eq!(
        request.created_at(from, to).request().unwrap().body(),
        json!({
            "format": "TSV", "fields": ["id", "email"], "columnHeaderNames": { "email": "E-mail" },
            "filter": { "createdAt": range() },
        })
    );
    let activities = bulk().activities().created_at(from, to).request().unwrap();
    assert_eq!(activities.body(), json!({ "format": "CSV", "filter": { "createdAt": range() } }));
    let stored = serde_json::to_string(&activities).unwrap();
    assert_eq!(serde_json::from_str::<CreateRequest>(&stored).unwrap(), activities);
}

#[test]
fn rules_are_named() {
    let (bulk, from, to) = (bulk(), at(FROM), at(TO));
    let members = || bulk.program_members().fields(["leadId"]);
    let activities = || bulk.activities().created_at(from, to);
    let many = || (0..51).collect::<Vec<u64>>();
    for (request, rule) in [
        (
            bulk.leads().fields(["id"]).created_at(from, at("2026-02-01T00:00:00Z")).request(),
            "a filter covers at most 31 days: 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z has 2678400 seconds from \
             start to end, 1 too many",
        ),
        (
            bulk.leads().fields(["id"]).created_at(to, from).request(),
            "a range must not end before it starts: 2026-01-31T23:59:59Z to 2026-01-01T00:00:00Z",
        ),
        (bulk.leads().fields::<&str>([]).created_at(from, to).request(), "the export of leads must name fields"),
        (bulk.leads().fields(["id", "id"]).created_at(from, to).request(), "the field `id` is named twice"),
        (bulk.leads().fields([""]).created_at(from, to).request(), "the name of a field must not be empty"),
        (
            bulk.leads().fields(["id"]).header("email", "E").static_list_id(7).request(),
            "columnHeaderNames names `email`, which is not among the fields",
        ),
        (
            bulk.leads().fields(["id"]).header("id", "A").header("id", "B").static_list_id(7).request(),
            "columnHeaderNames names `id` twice",
        ),
        (bulk.leads().fields(["id"]).static_list_name("").request(), "the name of a list must not be empty"),
        (
            bulk.custom_object("").fields(["id"]).static_list_id(7).request(),
            "`` cannot be the API name of a custom object",
        ),
        (
            bulk.custom_object("car_c").fields::<&str>([]).static_list_id(7).request(),
            "the export of customobjects/car_c must name fields",
        ),
        (activities().activity_types(ActivityTypes::new([])).request(), "activityTypeIds must name a type"),
        (
            activities().activity_types(ActivityTypes::new([]).primary_attribute_value_ids([1])).request(),
            "activityTypeIds must name a type",
        ),
        (
            activities().activity_types(ActivityTypes::new([1]).primary_attribute_value_ids(many())).request(),
            "primaryAttributeValueIds takes at most 50 values, found 51",
        ),
        (
            activities()
                .activity_types(ActivityTypes::new([1]).primary_attribute_values(many().iter().map(u64::to_string)))
                .request(),
            "primaryAttributeValues takes at most 50 values, found 51",
        ),
        (
            activities().activity_types(ActivityTypes::new([1]).primary_attribute_values::<&str>([])).request(),
            "primaryAttributeValues must name a value",
        ),
        (members().program_ids([]).request(), "programIds must name a program"),
        (members().program_ids(0..11).request(), "programIds takes at most 10 programs, found 11"),
        (
            members().program_id(1).updated_at(to, from).request(),
            "a range must not end before it starts: 2026-01-31T23:59:59Z to 2026-01-01T00:00:00Z",
        ),
    ] {
        let error = request.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Refused, rule));
    }
}

#[tokio::test]
async fn a_request_that_was_stored_is_checked_too() {
    let read = |text: &str| serde_json::from_str::<CreateRequest>(text).unwrap();
    let range = r#"{"start":"2026-01-01T00:00:00.5Z","end":"2026-01-02T00:00:00Z"}"#;
    for (request, rule) in [
        (
            read(&format!(r#"{{"object":"leads","fields":["id"],"filter":{{"createdAt":{range}}}}}"#)),
            "a range must be in whole seconds and not end before it starts: 2026-01-01T00:00:00.5Z to \
             2026-01-02T00:00:00Z",
        ),
        (
            read(r#"{"object":"activities","filter":{"staticListId":7}}"#),
            "activities cannot be filtered by staticListId",
        ),
        (
            read(&format!(r#"{{"object":{{"customObject":"c"}},"fields":["id"],"filter":{{"createdAt":{range}}}}}"#)),
            "customobjects/c cannot be filtered by createdAt",
        ),
    ] {
        let error = bulk().create(&request).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Refused, rule));
    }
}

#[test]
fn only_leads_fall_back_to_created_at() {
    let (bulk, from, to) = (bulk(), at(FROM), at(TO));
    let leads = bulk.leads().fields(["id"]).updated_at(from, to).request().unwrap();
    assert_eq!(filter(Ok(leads.by_created_at().unwrap())), json!({ "createdAt": range() }));
    let cars = bulk.custom_object("c").fields(["id"]).updated_at(from, to).request().unwrap();
    assert_eq!(cars.by_created_at(), None);
}
