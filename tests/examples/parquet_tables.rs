//! Exports the fake's records to Parquet, a folder each kind of object, and writes what the folders must hold to `expected.json`, as the fake says
//! it. `tests/interop/parquet.py` compares.
//!
//! ```console
//! cargo run -p tests --example parquet_tables -- FOLDER
//! ```

mod hurried;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use fake::bulk::{Change, Object, Value};
use fake::{CLIENT_ID, CLIENT_SECRET, Config, Fake};
use hurried::Hurried;
use jiff::{SignedDuration, Timestamp};
use runtime::bulk::progress::Quiet;
use runtime::bulk::sink::Parquet;
use runtime::bulk::{BulkClient, Ledger, Plan, Run};
use serde_json::{Map, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The columns of each object with the types that the vendor gives them.
const LEADS: [(&str, &str); 10] = [
    ("id", "integer"),
    ("email", "email"),
    ("firstName", "string"),
    ("company", "string"),
    ("annualRevenue", "currency"),
    ("leadScore", "score"),
    ("unsubscribed", "boolean"),
    ("dateOfBirth", "date"),
    ("lastSeen", "datetime"),
    ("createdAt", "datetime"),
];
const ACTIVITIES: [(&str, &str); 8] = [
    ("marketoGUID", "string"),
    ("leadId", "integer"),
    ("activityDate", "datetime"),
    ("activityTypeId", "integer"),
    ("campaignId", "integer"),
    ("primaryAttributeValueId", "integer"),
    ("primaryAttributeValue", "string"),
    ("attributes", "string"),
];
const CARS: [(&str, &str); 4] =
    [("marketoGUID", "string"), ("leadId", "integer"), ("vin", "string"), ("mileage", "integer")];
const MEMBERS: [(&str, &str); 5] = [
    ("programId", "integer"),
    ("leadId", "integer"),
    ("statusName", "string"),
    ("isExhausted", "boolean"),
    ("membershipDate", "datetime"),
];

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is wanted")?);
    std::fs::create_dir_all(&folder)?;
    let fake = Fake::start(Config::new()).await?;
    fake.bulk().subscription(|subscription| {
        subscription.queue_time = Duration::ZERO;
        subscription.processing_time = Duration::ZERO;
    });
    fake.bulk().add_samples(400);
    odd_leads(&fake);
    let now = Timestamp::from_second(Timestamp::now().as_second())?;
    let (start, end) = (now - SignedDuration::from_hours(24 * 31 - 1), now - SignedDuration::from_mins(10));
    let client = BulkClient::builder(fake.url())
        .credentials(CLIENT_ID, CLIENT_SECRET)
        .allow_http()
        .clock(Hurried::default())
        .build()?;
    let names = |columns: &'static [(&str, &str)]| columns.iter().map(|(name, _)| *name);
    let plans = [
        ("leads", client.leads().fields(names(&LEADS)).created_at(start, end).plan()?),
        ("activities", client.activities().created_at(start, end).plan()?),
        ("cars", client.custom_object("car_c").fields(names(&CARS)).updated_at(start, end).plan()?),
        ("members", client.program_members().program_ids([1_001, 1_002]).fields(names(&MEMBERS).skip(1)).plan()?),
    ];
    let mut run = Run::new();
    for (name, plan) in plans {
        // Windows that meet: some rows come twice.
        let plan: Plan = plan.longest_window(Duration::from_secs(8 * 86_400));
        run = run.plan(plan, Parquet::new(folder.join(name))?);
    }
    let mut ledger = Ledger::open(folder.join("ledger.redb"))?;
    print!("{}", run.go(&mut ledger, &Quiet).await?);

    let range = json!({ "startAt": start.to_string(), "endAt": end.to_string() });
    let create = |columns: &[(&str, &str)], filter| {
        let fields: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
        json!({ "fields": fields, "filter": filter })
    };
    let tables = [
        ("leads", Object::Leads, &LEADS[..], create(&LEADS, json!({ "createdAt": range }))),
        ("activities", Object::Activities, &ACTIVITIES, create(&ACTIVITIES, json!({ "createdAt": range }))),
        ("cars", Object::custom("car_c"), &CARS, create(&CARS, json!({ "updatedAt": range }))),
        ("members", Object::ProgramMembers, &MEMBERS, create(&MEMBERS[1..], json!({ "programIds": [1_001, 1_002] }))),
    ];
    let mut expected = Map::new();
    for (name, object, columns, create) in tables {
        let table = fake
            .bulk()
            .expected(&object, &create, Timestamp::now())
            .map_err(|(code, text)| format!("{code}: {text}"))?;
        let rows: Vec<Vec<_>> = table.rows.iter().map(|row| row.iter().map(value).collect()).collect();
        let types: BTreeMap<_, _> = columns.iter().copied().collect();
        expected.insert(name.to_owned(), json!({ "header": table.header, "types": types, "rows": rows }));
    }
    std::fs::write(folder.join("expected.json"), serde_json::Value::Object(expected).to_string())?;
    Ok(())
}

/// What breaks careless readers and writers.
fn odd_leads(fake: &Fake) {
    let texts = ["null", "", "a\nb\r\nc", "\"", ",;\t ", "\u{2028}\u{0}", "𝒜 😀 ü", "'1,000'"];
    let moments = ["1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z", "0001-01-01T00:00:00Z", "9999-12-30T22:00:00Z"];
    let created = Timestamp::now() - SignedDuration::from_hours(100);
    for (id, index) in (10_000..10_016_i64).zip(0..) {
        let lead = Change::at(created)
            .set("company", texts[index % texts.len()])
            .set("firstName", (index % 2 == 0).then_some("x"))
            .set("annualRevenue", [0.1 + 0.2, -1.5e-7, 1e15, 0.0][index % 4])
            .set("leadScore", [i64::MAX, i64::MIN, 0, -1][index % 4])
            .set("dateOfBirth", ["1900-02-28", "2024-02-29"][index % 2])
            .set("lastSeen", moments[index % 4].parse::<Timestamp>().ok());
        fake.bulk().lead(id, lead);
    }
}

fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        other => other.text(&fake::bulk::Style::default()).into(),
    }
}
