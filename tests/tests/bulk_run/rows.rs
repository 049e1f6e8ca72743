//! The rows of whole runs: what comes twice, what changes meanwhile, and what runs after one another give together.

use std::collections::{BTreeMap, BTreeSet};

use fake::bulk::{Borders, Change, Object};
use jiff::{SignedDuration, Timestamp};
use runtime::bulk::progress::Quiet;
use runtime::bulk::sink::{JsonLines, STARTED_AT};
use runtime::bulk::{Plan, Report};
use serde_json::Value;

use crate::setup::{Setup, at};

impl Setup {
    /// Runs a plan into JSON Lines.
    async fn rows(&self, plan: &Plan) -> Report {
        let sink = JsonLines::new(self.path("rows")).unwrap();
        plan.run(&mut self.ledger(), sink, &Quiet).await.unwrap()
    }

    /// All rows, file by file.
    fn all_rows(&self) -> Vec<Value> {
        let mut files: Vec<_> =
            std::fs::read_dir(self.path("rows")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        files.sort();
        let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
        texts
            .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
            .collect()
    }
}

/// On each border of a day, half a second before it and half a second after it.
fn border_times() -> Vec<Timestamp> {
    let days = (2..=4).map(|day| at(&format!("2026-02-{day:02}T00:00:00Z")));
    let around = |day: Timestamp| [-500, 0, 500].map(|milliseconds| day + SignedDuration::from_millis(milliseconds));
    days.flat_map(around).collect()
}

#[tokio::test]
async fn rows_on_borders_come_once_however_the_service_reads_them() {
    for (start, end, whole_seconds) in
        [(true, true, false), (true, true, true), (true, false, false), (false, true, true), (true, false, true)]
    {
        let setup = Setup::new();
        setup.fake.bulk().style(|style| style.borders = Borders { start, end, whole_seconds });
        for (number, time) in (1..).zip(border_times()) {
            setup.fake.bulk().lead(number, Change::at(time).set("email", format!("{number}@example.com")));
            let change = Change::at(time).set("leadId", number).set("activityTypeId", 1);
            setup.fake.bulk().activity(&format!("guid-{number}"), change);
        }
        let leads = setup.days(1, 6, 24);
        let (from, to) = (at("2026-02-01T00:00:00Z"), at("2026-02-06T00:00:00Z"));
        let activities = setup.client.activities().created_at(from, to).plan().unwrap();
        let activities = activities.longest_window(std::time::Duration::from_secs(86_400));
        for (plan, key) in [(leads, "id"), (activities, "marketoGUID")] {
            let report = setup.rows(&plan).await;
            let written: u64 = report.windows().map(|window| window.rows.unwrap().written).sum();
            assert_eq!(written, 9, "{start} {end} {whole_seconds}");
            let keys: BTreeSet<_> =
                setup.all_rows().iter().filter_map(|row| row.get(key).map(Value::to_string)).collect();
            assert_eq!(keys.len(), 9);
            let read: u64 = report.windows().map(|window| window.rows.unwrap().read).sum();
            let dropped: u64 = report.windows().map(|window| window.rows.unwrap().duplicates).sum();
            // Of the three around a border, those come twice that both windows hold.
            let twice = match (start, end, whole_seconds) {
                (true, true, false) => 3,
                (true, true, true) => 6,
                _ => 0,
            };
            assert_eq!((read - written, dropped), (twice, twice), "{start} {end} {whole_seconds}");
        }
    }
}

/// A record on a border that changes between two jobs is exported in both of its states; one that does not, once.
#[tokio::test]
async fn differing_states_of_one_record_are_both_kept() {
    let setup = Setup::new();
    let border = at("2026-02-02T00:00:00Z");
    for id in 1..=2 {
        setup.fake.bulk().lead(id, Change::at(border).set("email", format!("{id}@example.com")));
    }
    setup.rows(&setup.days(1, 2, 24)).await;
    let changed_at = setup.fake.clock().now() + SignedDuration::from_secs(1);
    setup.fake.bulk().lead(1, Change::at(changed_at).set("email", "new@example.com"));
    setup.fake.clock().advance(std::time::Duration::from_secs(3_600));
    let report = setup.rows(&setup.days(1, 3, 24)).await;
    let duplicates: Vec<_> = report.windows().map(|window| window.rows.unwrap().duplicates).collect();
    assert_eq!(duplicates, [0, 1]);
    let rows = setup.all_rows();
    let seen: Vec<_> = rows.iter().map(|row| (row["id"].as_i64().unwrap(), row["email"].as_str().unwrap())).collect();
    assert_eq!(seen, [(1, "1@example.com"), (2, "2@example.com"), (1, "new@example.com")]);
    let started = |row: &Value| row[STARTED_AT].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(started(&rows[0]) < started(&rows[2]));
    let jobs: Vec<_> = report.windows().map(|window| window.jobs[0].info.started_at.unwrap()).collect();
    assert_eq!([started(&rows[0]), started(&rows[2])], jobs[..]);
}

/// Records change all the time, before the first run, while it runs, between the two and while the second one runs.
#[tokio::test]
async fn two_runs_together_tell_the_whole_history() {
    let setup = Setup::at("2026-03-10T12:00:00Z");
    let start = at("2026-03-08T00:00:00Z");
    let bulk = setup.fake.bulk();
    // Every seven minutes something happens, until ten minutes before the end of the second run's range.
    let second_end = at("2026-03-11T00:00:00Z");
    let mut activities = BTreeSet::new();
    for number in 0.. {
        let time = start + SignedDuration::from_secs(7 * 60 * number) + SignedDuration::from_millis(number % 1000);
        if time >= second_end - SignedDuration::from_mins(10) {
            break;
        }
        // The service takes up to four minutes to write it down.
        let seen = time + SignedDuration::from_secs(number % 5 * 60);
        let change = Change::at(time).set("company", format!("state {number}")).seen_at(seen);
        bulk.lead(number % 40 + 1, change);
        let guid = format!("guid-{number}");
        bulk.activity(&guid, Change::at(time).set("leadId", number % 40 + 1).set("activityTypeId", 1).seen_at(seen));
        activities.insert(guid);
    }
    let plans = |end| {
        let hours = std::time::Duration::from_secs(20 * 3_600);
        let leads = setup.client.leads().fields(["id", "company"]).updated_at(start, end).plan().unwrap();
        let activities = setup.client.activities().created_at(start, end).plan().unwrap();
        [
            leads.named("leads").unwrap().longest_window(hours),
            activities.named("activities").unwrap().longest_window(hours),
        ]
    };
    for plan in plans(at("2026-03-10T12:00:00Z")) {
        assert!(setup.rows(&plan).await.cursor().unwrap() >= at("2026-03-10T11:55:00Z"));
    }
    setup.fake.clock().set(second_end + SignedDuration::from_mins(5));
    for plan in plans(second_end) {
        assert_eq!(setup.rows(&plan).await.cursor(), Some(second_end));
    }

    let rows = setup.all_rows();
    let guids: Vec<_> =
        rows.iter().filter_map(|row| Some(row.get("marketoGUID")?.as_str().unwrap().to_owned())).collect();
    assert_eq!(guids.len(), activities.len());
    assert_eq!(guids.into_iter().collect::<BTreeSet<_>>(), activities);

    // The newest row of each lead says what the service knows of it, and no row says what never was.
    let mut newest = BTreeMap::new();
    for row in rows.iter().filter(|row| row.get("id").is_some()) {
        let id = row["id"].to_string();
        let company = row["company"].as_str().unwrap().to_owned();
        let states = bulk.states(&Object::Leads, &id, setup.fake.clock().now());
        assert!(states.iter().any(|state| state.fields["company"] == company.as_str().into()), "{row}");
        let started: Timestamp = row[STARTED_AT].as_str().unwrap().parse().unwrap();
        newest
            .entry(id)
            .and_modify(|known: &mut (Timestamp, String)| *known = known.clone().max((started, company.clone())))
            .or_insert((started, company));
    }
    let known: BTreeMap<_, _> = bulk
        .records(&Object::Leads, setup.fake.clock().now())
        .into_iter()
        .map(|state| (state.key, state.fields["company"].clone()))
        .collect();
    assert_eq!(newest.len(), 40);
    for (id, (_, company)) in newest {
        assert_eq!(known[&id], company.as_str().into(), "{id}");
    }
    // Changed meanwhile, some leads have more than one row.
    assert!(rows.iter().filter(|row| row.get("id").is_some()).count() > 40);
}
