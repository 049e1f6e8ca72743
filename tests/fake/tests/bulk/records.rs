//! Which records a file holds: windows and their borders, changes while jobs run, lists, programs, activities.

use fake::bulk::{Borders, Change, Object, Value};
use serde_json::{Value as Json, json};

use crate::http::{Caller, activities, at, leads, leads_with, seconds, start};

const LEADS: Object = Object::Leads;

fn range(start: &str, end: &str) -> Json {
    json!({ "startAt": start, "endAt": end })
}

fn updated(fields: &[&str], start: &str, end: &str) -> Json {
    json!({ "fields": fields, "filter": { "updatedAt": range(start, end) } })
}

/// The lines of a job's file without its header.
fn lines(caller: &Caller<'_>, object: &Object, body: &Json) -> Vec<String> {
    let id = caller.completed(object, body);
    caller.file(object, &id, "").text().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn both_ends_of_a_window_are_in_unless_told_otherwise() {
    let fake = start();
    let moments = ["00:59:59", "01:00:00", "01:00:00.001", "01:59:59.999", "02:00:00", "02:00:00.5", "02:00:01"];
    for (moment, id) in moments.iter().zip(1..) {
        fake.bulk().lead(id, Change::at(at(&format!("2026-02-01T{moment}Z"))));
    }
    let caller = Caller::new(&fake);
    let body = json!({
        "fields": ["id"],
        "filter": { "createdAt": range("2026-02-01T01:00:00Z", "2026-02-01T02:00:00Z") },
    });
    let ids = |start, end, whole_seconds| {
        fake.bulk().style(|style| style.borders = Borders { start, end, whole_seconds });
        lines(&caller, &LEADS, &body).concat()
    };
    assert_eq!(ids(true, true, false), "2345");
    assert_eq!(ids(true, true, true), "23456");
    assert_eq!(ids(false, true, false), "345");
    assert_eq!(ids(false, true, true), "456");
    assert_eq!(ids(true, false, false), "234");
    assert_eq!(ids(true, false, true), "234");
}

#[test]
fn a_file_holds_records_as_they_stood_when_processing_began() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.lead(1, Change::at(at("2026-02-01T00:00:00Z")).set("email", "old@example.com"));
    bulk.lead(2, Change::at(at("2026-02-02T00:00:00Z")).set("email", "b@example.com"));
    bulk.lead(3, Change::at(at("2026-02-03T00:00:00Z")).set("email", "c@example.com"));
    let caller = Caller::new(&fake);
    let id = caller.queued(&LEADS, &leads());
    // Processing begins at 12:00:30. What changes before is in, what changes then or later is not.
    bulk.lead(1, Change::at(at("2026-03-10T12:00:10Z")).set("email", "new@example.com"));
    bulk.lead(2, Change::at(at("2026-03-10T12:00:31Z")).set("email", "late@example.com"));
    bulk.lead(3, Change::delete(at("2026-03-10T12:00:20Z")));
    fake.clock().advance(seconds(150));
    // A change that becomes known only now cannot be in the file, whatever its date.
    bulk.lead(4, Change::at(at("2026-02-04T00:00:00Z")).set("email", "d@example.com"));
    assert_eq!(caller.file(&LEADS, &id, "").text(), "id,email\n1,new@example.com\n2,b@example.com\n");
    let started = bulk.job(&id).unwrap().started_at.unwrap();
    assert_eq!(started, at("2026-03-10T12:00:30Z"));
    assert_eq!(lines(&caller, &LEADS, &leads()), ["1,new@example.com", "2,late@example.com", "4,d@example.com"]);
}

#[test]
fn the_filter_sees_the_latest_change_and_the_column_only_that_of_standard_fields() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.lead(1, Change::at(at("2026-02-01T00:00:00Z")).set("email", "a@example.com"));
    bulk.lead(1, Change::at(at("2026-02-05T00:00:00Z")).set("notes", "custom"));
    let caller = Caller::new(&fake);
    let fields = ["id", "updatedAt", "notes"];
    let first = updated(&fields, "2026-02-01T00:00:00Z", "2026-02-04T00:00:00Z");
    let second = updated(&fields, "2026-02-04T00:00:00Z", "2026-02-06T00:00:00Z");
    // It left the first window when it changed again.
    assert_eq!(lines(&caller, &LEADS, &first), [""; 0]);
    assert_eq!(lines(&caller, &LEADS, &second), ["1,2026-02-01T00:00:00Z,custom"]);
    let states = bulk.states(&LEADS, "1", fake.clock().now());
    let moments: Vec<_> = states.iter().map(|state| (state.changed_at, state.updated_at)).collect();
    let (created, changed) = (at("2026-02-01T00:00:00Z"), at("2026-02-05T00:00:00Z"));
    assert_eq!(moments, [(created, created), (changed, created)]);
}

#[test]
fn a_change_may_be_seen_late() {
    let fake = start();
    let change = Change::at(at("2026-02-01T00:00:00Z")).seen_at(at("2026-03-10T12:05:00Z"));
    fake.bulk().lead(1, change);
    let caller = Caller::new(&fake);
    assert_eq!(lines(&caller, &LEADS, &leads()), [""; 0]);
    fake.clock().advance(seconds(300));
    assert_eq!(lines(&caller, &LEADS, &leads()), ["1,null"]);
}

#[test]
fn two_runs_give_every_record_its_last_state() {
    let fake = start();
    let bulk = fake.bulk();
    let caller = Caller::new(&fake);
    let moment = |minute: i64| at("2026-03-10T12:00:00Z") + jiff::SignedDuration::from_mins(minute);
    for id in 0..20 {
        bulk.lead(id, Change::at(moment(-30 + id)).set("email", format!("{id}@example.com")));
    }
    // The first run ends its window at 12:00 and begins at 12:00:30; some records change in between and while it runs.
    let first = updated(&["id", "email"], "2026-03-10T11:00:00Z", "2026-03-10T12:00:00Z");
    let id = caller.queued(&LEADS, &first);
    for (lead, second) in [(3, 10), (4, 60), (5, 149)] {
        bulk.lead(
            lead,
            Change::at(moment(0) + jiff::SignedDuration::from_secs(second)).set("email", "new@example.com"),
        );
    }
    fake.clock().advance(seconds(3_000));
    let mut rows: Vec<_> = caller.file(&LEADS, &id, "").text().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(rows.len(), 19);
    rows.extend(lines(&caller, &LEADS, &updated(&["id", "email"], "2026-03-10T12:00:00Z", "2026-03-10T13:00:00Z")));
    assert_eq!(rows.len(), 22);
    let last = |id: i64| rows.iter().rfind(|row| row.starts_with(&format!("{id},"))).unwrap();
    for state in bulk.records(&LEADS, fake.clock().now()) {
        let Value::Text(email) = &state.fields["email"] else { panic!("no text") };
        assert_eq!(*last(state.key.parse().unwrap()), format!("{},{email}", state.key));
    }
    // A test asks for the same without a job.
    let table = bulk.expected(&LEADS, &first, moment(0)).unwrap();
    assert_eq!((table.header.join(","), table.rows.len()), ("id,email".to_owned(), 20));
    assert_eq!(bulk.expected(&LEADS, &json!({}), moment(0)).unwrap_err().0, 1002);
}

#[test]
fn lists_are_looked_at_when_processing_begins() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.list(7, "Press", false);
    bulk.list(8, "Hot", true);
    for id in 1..=3 {
        bulk.lead(id, Change::at(at("2026-01-01T00:00:00Z")));
        bulk.custom_object("car_c", &format!("g{id}"), Change::at(at("2026-01-02T00:00:00Z")).set("leadId", id));
    }
    bulk.join(7, 1, at("2026-02-01T00:00:00Z"));
    bulk.join(7, 2, at("2026-02-01T00:00:00Z"));
    bulk.join(8, 3, at("2026-02-01T00:00:00Z"));
    let caller = Caller::new(&fake);
    let by_id = json!({ "fields": ["id"], "filter": { "staticListId": 7 } });
    let id = caller.queued(&LEADS, &by_id);
    bulk.leave(7, 1, at("2026-03-10T12:00:20Z"));
    bulk.join(7, 3, at("2026-03-10T12:00:40Z"));
    fake.clock().advance(seconds(150));
    assert_eq!(caller.file(&LEADS, &id, "").text(), "id\n2\n");
    assert_eq!(
        lines(&caller, &LEADS, &json!({ "fields": ["id"], "filter": { "staticListName": "Press" } })),
        ["2", "3"]
    );
    assert_eq!(lines(&caller, &LEADS, &json!({ "fields": ["id"], "filter": { "smartListId": 8 } })), ["3"]);
    // Of custom objects, a list selects the leads that they belong to.
    let cars = json!({ "fields": ["marketoGUID", "leadId"], "filter": { "smartListName": "Hot" } });
    assert_eq!(lines(&caller, &Object::custom("car_c"), &cars), ["g3,3"]);
}

#[test]
fn custom_objects_by_their_update() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.custom_object("car_c", "g1", Change::at(at("2026-02-01T00:00:00Z")).set("vin", "A").set("price", 10.5));
    bulk.custom_object("car_c", "g2", Change::at(at("2026-01-01T00:00:00Z")).set("vin", "B"));
    let caller = Caller::new(&fake);
    let body = updated(&["marketoGUID", "vin", "price", "updatedAt"], "2026-01-15T00:00:00Z", "2026-02-10T00:00:00Z");
    assert_eq!(lines(&caller, &Object::custom("car_c"), &body), ["g1,A,10.5,2026-02-01T00:00:00Z"]);
}

#[test]
fn program_members_by_program_and_state() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.lead(1, Change::at(at("2026-01-01T00:00:00Z")).set("email", "joe@example.com").set("fit", 7));
    let member =
        |status: &str| Change::at(at("2026-02-01T00:00:00Z")).set("statusName", status).set("isExhausted", false);
    bulk.program_member(1, 100, member("Invited").set("nurtureCadence", "norm"));
    bulk.program_member(1, 101, member("Attended").set("nurtureCadence", "paus"));
    bulk.program_member(2, 100, member("Attended").set("isExhausted", true));
    let caller = Caller::new(&fake);
    let members = Object::ProgramMembers;
    let with = |filter: Json| json!({ "fields": ["leadId", "statusName", "email", "fit"], "filter": filter });
    let one = lines(&caller, &members, &with(json!({ "programId": 100 })));
    assert_eq!(one, ["1,Invited,joe@example.com,7", "2,Attended,null,null"]);
    // The service puts a column before the others.
    let id =
        caller.completed(&members, &with(json!({ "programIds": [100, 101], "statusNames": ["Attended", "No Show"] })));
    let file = caller.file(&members, &id, "").text();
    assert_eq!(
        file,
        "programId,leadId,statusName,email,fit\n101,1,Attended,joe@example.com,7\n100,2,Attended,null,null\n"
    );
    assert_eq!(lines(&caller, &members, &with(json!({ "programId": 100, "isExhausted": true }))).len(), 1);
    assert_eq!(lines(&caller, &members, &with(json!({ "programId": 101, "nurtureCadence": "pause" }))).len(), 1);
    let later = json!({ "programId": 100, "updatedAt": range("2026-02-02T00:00:00Z", "2026-02-20T00:00:00Z") });
    assert_eq!(lines(&caller, &members, &with(later)).len(), 0);
}

#[test]
fn activities_by_type_and_primary_attribute() {
    let fake = start();
    let bulk = fake.bulk();
    let visits = [("g1", 1, 5, "Home"), ("g2", 1, 6, "Prices"), ("g3", 2, 5, "Form")];
    for (guid, kind, value, name) in visits {
        let change = Change::at(at("2026-02-01T00:00:00.25Z"))
            .set("activityTypeId", kind)
            .set("leadId", 1)
            .set("primaryAttributeValueId", value)
            .set("primaryAttributeValue", name)
            .set("actionResult", "succeeded");
        bulk.activity(guid, change);
    }
    let caller = Caller::new(&fake);
    let with = |filter: Json| {
        let mut body = activities();
        body["fields"] = json!(["marketoGUID", "activityDate", "actionResult"]);
        body["filter"].as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        lines(&caller, &Object::Activities, &body)
    };
    let row = |guid: &str| format!("{guid},2026-02-01T00:00:00Z,succeeded");
    assert_eq!(with(json!({})), [row("g1"), row("g2"), row("g3")]);
    assert_eq!(with(json!({ "activityTypeIds": [2, 12] })), [row("g3")]);
    assert_eq!(with(json!({ "activityTypeIds": [1], "primaryAttributeValueIds": [5, 9] })), [row("g1")]);
    assert_eq!(with(json!({ "activityTypeIds": [1], "primaryAttributeValues": ["Prices"] })), [row("g2")]);
}

#[test]
fn leads_without_a_value_stand_in_the_file_all_the_same() {
    let fake = start();
    fake.bulk().lead(1, Change::at(at("2026-02-01T00:00:00Z")));
    assert_eq!(lines(&Caller::new(&fake), &LEADS, &leads_with(&["id", "company", "notes"])), ["1,null,null"]);
}

#[test]
fn samples_of_every_kind() {
    let fake = start();
    let bulk = fake.bulk();
    bulk.add_samples(100);
    let now = fake.clock().now();
    let count = |object: &Object, at| bulk.records(object, at).len();
    let objects = [LEADS, Object::Activities, Object::custom("car_c"), Object::ProgramMembers];
    assert_eq!(objects.each_ref().map(|object| count(object, now)), [100, 100, 50, 25]);
    assert_eq!(objects.each_ref().map(|object| count(object, at("2026-02-08T12:00:00Z"))), [1, 0, 0, 0]);
    assert_eq!(bulk.states(&LEADS, "3", now).len(), 2);
}
