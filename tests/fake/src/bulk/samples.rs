//! Records to begin with: enters a number of leads, leaves changes of every kind of object.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Bulk, Change, Value};

/// The days before now over which the leads are spread.
const DAYS: i64 = 30;

pub(super) fn add(bulk: &Bulk, leads: u32, now: Timestamp) {
    const NAMES: [&str; 6] = ["Ada", "Bela", "Chiara", "Dmitri", "Ève", "李"];
    const COMPANIES: [&str; 6] =
        ["Example", "Example, Inc.", "\"Example\" & Sons", "Example\nHolding", "Exämple 🌍", "null"];
    const STATUSES: [&str; 4] = ["Invited", "Registered", "Attended", "No Show"];
    let step = DAYS * 86_400 / i64::from(leads.max(1));
    let first = back(now, DAYS * 86_400);
    for (id, index) in (1..=i64::from(leads)).zip(0..) {
        let created = forth(first, (id - 1) * step);
        let lead = Change::at(created)
            .set("email", format!("lead{id}@example.com"))
            .set("firstName", NAMES[index % NAMES.len()])
            .set("company", COMPANIES[index / 2 % COMPANIES.len()])
            .set("leadScore", id * 7 % 100)
            .set("annualRevenue", (id * 1_250) as f64 / 10.0)
            .set("unsubscribed", id % 5 == 0)
            .set("title", (id % 3 == 0).then_some("Engineer"));
        bulk.lead(id, lead);
        if id % 3 == 0 {
            bulk.lead(id, Change::at(forth(created, 86_400)).set("leadScore", 100));
        }
        let attributes = vec![
            ("Webpage URL".to_owned(), json!(format!("/page/{}", id % 10))),
            ("Query Parameters".to_owned(), json!("a=1&b=\"2\"")),
        ];
        let visit = Change::at(forth(created, 60))
            .set("leadId", id)
            .set("activityTypeId", 1)
            .set("primaryAttributeValueId", id % 10)
            .set("primaryAttributeValue", format!("Page {}", id % 10))
            .set("attributes", Value::Attributes(attributes));
        bulk.activity(&format!("activity-{id:08}"), visit);
        if id % 2 == 0 {
            let car = Change::at(forth(created, 120))
                .set("leadId", id)
                .set("vin", format!("VIN{id:06}"))
                .set("mileage", id * 11);
            bulk.custom_object("car_c", &format!("car-{id:08}"), car);
        }
        if id % 4 == 0 {
            let member = Change::at(forth(created, 180)).set("statusName", STATUSES[index / 4 % STATUSES.len()]);
            bulk.program_member(id, 1_001, member.set("isExhausted", false).set("nurtureCadence", "norm"));
        }
    }
}

fn back(at: Timestamp, seconds: i64) -> Timestamp {
    forth(at, -seconds)
}

fn forth(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
