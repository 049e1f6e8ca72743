//! The rules of create, each broken once.

use fake::bulk::Object;
use serde_json::{Value, json};

use crate::http::{Caller, start};

fn refused(caller: &Caller<'_>, object: &Object, body: &Value) -> (String, String) {
    caller.create(object, body).error()
}

fn check(object: &Object, cases: &[(Value, &str, &str)]) {
    let fake = start();
    fake.bulk().list(7, "Press", false);
    let caller = Caller::new(&fake);
    for (body, code, message) in cases {
        let expected = ((*code).to_owned(), (*message).to_owned());
        assert_eq!(refused(&caller, object, body), expected, "{body}");
    }
    assert_eq!(fake.bulk().jobs().len(), 0);
    assert_eq!(fake.calls().of("create").executed(), 0);
}

fn window(start: &str, end: &str) -> Value {
    json!({ "fields": ["id"], "filter": { "createdAt": { "startAt": start, "endAt": end } } })
}

#[test]
fn leads() {
    let range = json!({ "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-02T00:00:00Z" });
    let with = |more: Value| {
        let mut body = json!({ "fields": ["id", "email"], "filter": { "createdAt": range } });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let missing_fields = "Missing value for required 'fields'";
    let missing_filter = "Missing value for required 'filter'";
    check(
        &Object::Leads,
        &[
            (json!([]), "609", "Invalid JSON: an object is expected"),
            (with(json!({ "fields": [] })), "1002", missing_fields),
            (with(json!({ "fields": null })), "1002", missing_fields),
            (with(json!({ "fields": "id" })), "1001", "Invalid value for 'fields'. Required of type 'array of string'"),
            (with(json!({ "fields": ["id", "nope"] })), "1006", "Field 'nope' not found"),
            (with(json!({ "fields": ["id", "id"] })), "1003", "Field 'id' is named twice"),
            (with(json!({ "format": "XML" })), "1003", "Invalid value for 'format': XML"),
            (with(json!({ "extra": 1 })), "1003", "Invalid member 'extra'"),
            (
                with(json!({ "columnHeaderNames": { "company": "Firm" } })),
                "1003",
                "Invalid value for 'columnHeaderNames': 'company' is not in 'fields'",
            ),
            (with(json!({ "filter": {} })), "1002", missing_filter),
            (with(json!({ "filter": null })), "1002", missing_filter),
            (
                with(json!({ "filter": { "createdAt": range, "updatedAt": range } })),
                "1003",
                "Invalid value for 'filter': exactly one filter is allowed",
            ),
            (with(json!({ "filter": { "programId": 1 } })), "1003", "Invalid member 'programId'"),
            (
                with(json!({ "filter": { "staticListId": "7" } })),
                "1001",
                "Invalid value for 'staticListId'. Required of type 'integer'",
            ),
            (with(json!({ "filter": { "staticListId": 8 } })), "1013", "Object not found: staticListId '8'"),
            (with(json!({ "filter": { "smartListId": 7 } })), "1013", "Object not found: smartListId '7'"),
            (with(json!({ "filter": { "staticListName": "x" } })), "1013", "Object not found: staticListName 'x'"),
            (
                with(json!({ "filter": { "createdAt": { "startAt": "2026-02-01T00:00:00Z" } } })),
                "1002",
                "Missing value for required 'createdAt.endAt'",
            ),
        ],
    );
}

#[test]
fn windows() {
    let fake = start();
    let caller = Caller::new(&fake);
    let good = [
        ("2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z"),
        ("2026-01-01T00:00:00+02:00", "2026-01-31T23:59:59+0200"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ];
    for (start, end) in good {
        caller.created(&Object::Leads, &window(start, end));
    }
    let bad = [
        ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00Z"),
        ("2026-01-01T00:00:00", "2026-01-02T00:00:00Z"),
        ("2026-01-01", "2026-01-02T00:00:00Z"),
        ("2026-02-30T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("2026-01-01 00:00:00Z", "2026-01-02T00:00:00Z"),
    ];
    for (start, end) in bad {
        assert_eq!(refused(&caller, &Object::Leads, &window(start, end)).0, "1003", "{start} {end}");
    }
}

#[test]
fn activities() {
    let with = |more: Value| {
        let mut filter = json!({ "createdAt": { "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-02T00:00:00Z" } });
        filter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "filter": filter })
    };
    let many: Vec<_> = (0..51).collect();
    check(
        &Object::Activities,
        &[
            (json!({ "filter": { "activityTypeIds": [1] } }), "1002", "Missing value for required 'createdAt'"),
            (json!({ "fields": ["email"], "filter": {} }), "1006", "Field 'email' not found"),
            (with(json!({ "updatedAt": {} })), "1003", "Invalid member 'updatedAt'"),
            (with(json!({ "activityTypeIds": [37] })), "1003", "Invalid value for 'activityTypeIds': 37"),
            (with(json!({ "activityTypeIds": [9999] })), "1003", "Invalid value for 'activityTypeIds': 9999"),
            (
                with(json!({ "primaryAttributeValueIds": [1] })),
                "1002",
                "Missing value for 'activityTypeIds', which 'primaryAttributeValueIds' needs",
            ),
            (
                with(
                    json!({ "activityTypeIds": [1], "primaryAttributeValueIds": [1], "primaryAttributeValues": ["a"] }),
                ),
                "1003",
                "'primaryAttributeValueIds' and 'primaryAttributeValues' exclude each other",
            ),
            (
                with(json!({ "activityTypeIds": [1], "primaryAttributeValueIds": many })),
                "1003",
                "'primaryAttributeValueIds' takes 1 to 50 values",
            ),
            (
                with(json!({ "activityTypeIds": [1, 13], "primaryAttributeValues": ["a"] })),
                "1003",
                "'activityTypeIds' must all have the same kind of primary attribute",
            ),
        ],
    );
}

#[test]
fn custom_objects() {
    let range = json!({ "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-02T00:00:00Z" });
    let body = json!({ "fields": ["vin"], "filter": { "createdAt": range } });
    check(&Object::custom("car_c"), &[(body.clone(), "1003", "Invalid member 'createdAt'")]);
    check(&Object::custom("boat_c"), &[(body, "1013", "Object not found: boat_c")]);
}

#[test]
fn program_members() {
    let with = |filter: Value| json!({ "fields": ["leadId"], "filter": filter });
    let many: Vec<_> = (0..11).collect();
    check(
        &Object::ProgramMembers,
        &[
            (with(json!({ "isExhausted": true })), "1002", "Missing value for required 'programId' or 'programIds'"),
            (
                with(json!({ "programId": 1, "programIds": [1] })),
                "1003",
                "'programId' and 'programIds' exclude each other",
            ),
            (with(json!({ "programIds": many })), "1003", "'programIds' takes 1 to 10 values"),
            (with(json!({ "programIds": [] })), "1003", "'programIds' takes 1 to 10 values"),
            (
                with(json!({ "programId": 1, "nurtureCadence": "slow" })),
                "1003",
                "Invalid value for 'nurtureCadence': slow",
            ),
            (
                with(json!({ "programId": 1, "statusNames": ["Invited", "Gone"] })),
                "1003",
                "Invalid value for 'statusNames': Gone",
            ),
            (
                with(json!({ "programId": 1, "isExhausted": "yes" })),
                "1001",
                "Invalid value for 'isExhausted'. Required of type 'boolean'",
            ),
        ],
    );
}

#[test]
fn filters_may_not_be_on_the_subscription() {
    let fake = start();
    fake.bulk().list(7, "Press", true);
    fake.bulk().subscription(|subscription| subscription.gated_filters = false);
    let caller = Caller::new(&fake);
    let range = json!({ "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-02T00:00:00Z" });
    for filter in [json!({ "updatedAt": range }), json!({ "smartListId": 7 }), json!({ "smartListName": "Press" })] {
        let (code, message) = refused(&caller, &Object::Leads, &json!({ "fields": ["id"], "filter": filter }));
        assert_eq!(code, "1035");
        assert!(message.starts_with("Unsupported filter type for target subscription"), "{message}");
    }
    caller.created(&Object::Leads, &json!({ "fields": ["id"], "filter": { "createdAt": range } }));
}
