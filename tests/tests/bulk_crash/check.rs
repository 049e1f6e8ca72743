//! What an export must have left, however often it was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fake::bulk::Status;
use runtime::bulk::Ledger;
use runtime::bulk::ledger::{Step, WindowRecord};
use serde_json::Value;

use crate::World;

pub(crate) fn all(world: &World, hours: i64) {
    let ledger = Ledger::open(world.folder().join("ledger")).unwrap();
    let mut enqueued = BTreeSet::new();
    let mut orphans = 0;
    let mut raw = BTreeMap::new();
    for plan in ["leads", "activities"] {
        let windows = ledger.windows(plan).unwrap();
        assert_eq!(windows.len() as i64, hours / 24);
        assert_eq!(ledger.cursor(plan).unwrap(), Some(World::end(hours)));
        for (number, window) in windows.iter().enumerate() {
            assert_eq!(window.step, Step::Done);
            // Nothing failed here: one job is enough, however often the process was killed.
            assert_eq!(window.jobs.len(), 1, "{window:?}");
            enqueued.insert(window.jobs[0].info.id.to_string());
            orphans += window.orphans.len();
            raw.insert(file_name(plan, number, window, "csv"), served(world, window));
        }
        rows(world, plan, &windows, hours);
    }
    jobs(world, &enqueued, orphans);
    let found: BTreeMap<_, _> = names(&world.folder().join("raw"))
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(world.folder().join("raw").join(name)).unwrap()))
        .collect();
    assert!(found == raw, "{:?}", found.keys());
    let top = ["activities", "leads", "ledger", "raw"].map(str::to_owned);
    assert_eq!(names(world.folder()), BTreeSet::from(top));
}

/// Each job of a window was enqueued once, no other ever was, and those that were only created are suspected.
fn jobs(world: &World, enqueued: &BTreeSet<String>, orphans: usize) {
    let mut created = 0;
    for job in world.fake.bulk().jobs() {
        if enqueued.contains(&job.id) {
            assert_eq!((job.enqueued, job.status), (1, Status::Completed));
        } else {
            assert_eq!((job.enqueued, job.status), (0, Status::Created));
            created += 1;
        }
    }
    assert!(created <= orphans, "{created} were left, {orphans} suspected");
}

/// What the fake served for a window.
fn served(world: &World, window: &WindowRecord) -> Vec<u8> {
    let file = world.fake.bulk().job(window.jobs[0].info.id.as_str()).unwrap().file.unwrap();
    file.bytes(0..file.size()).to_vec()
}

/// Every lead and every activity stands in the sink once, in the first window that holds it, with what the fake knows of it.
fn rows(world: &World, plan: &str, windows: &[WindowRecord], hours: i64) {
    let key = if plan == "leads" { "id" } else { "marketoGUID" };
    let mut found = BTreeMap::new();
    let mut expected_names = BTreeSet::from([".keys.redb".to_owned()]);
    let (mut written, mut duplicates) = (0, 0);
    for (number, window) in windows.iter().enumerate() {
        let name = file_name(plan, number, window, "jsonl");
        let text = std::fs::read_to_string(world.folder().join(plan).join(&name)).unwrap();
        let counts = window.rows.unwrap();
        assert_eq!((counts.written, counts.misfits), (text.lines().count() as u64, 0));
        written += counts.written;
        duplicates += counts.duplicates;
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let id = row[key].to_string();
            assert!(found.insert(id, (number, row)).is_none(), "{line}");
        }
        expected_names.insert(name);
    }
    assert_eq!(names(&world.folder().join(plan)), expected_names);
    // Four on each border between two windows came twice.
    let records = (hours as u64 + 1) * 4;
    assert_eq!((found.len() as u64, written, duplicates), (records, records, 4 * (windows.len() as u64 - 1)));
    for id in 1..=records as i64 {
        let window = usize::try_from(((id - 1) / 4 + 23) / 24).unwrap().saturating_sub(1);
        let key = if plan == "leads" { id.to_string() } else { format!("\"{id:032x}\"") };
        let (number, row) = &found[&key];
        assert_eq!(*number, window, "{row}");
        match plan {
            "leads" => {
                assert_eq!(row["email"], format!("{id}@example.com"));
                assert!(row["company"].as_str().unwrap().starts_with(&format!("{id} \"quoted\", and\nmore of a")));
            }
            _ => {
                assert_eq!((&row["leadId"], &row["primaryAttributeValue"]), (&id.into(), &format!("form {id}").into()))
            }
        }
    }
}

fn file_name(plan: &str, number: usize, window: &WindowRecord, extension: &str) -> String {
    let range = window.range.unwrap();
    let compact = |time: jiff::Timestamp| time.to_string().replace(['-', ':'], "");
    format!("{plan}-{number:06}-{}-{}.{extension}", compact(range.start()), compact(range.end()))
}

fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
