use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bulk::rows::Reader;
use crate::bulk::{Column, Format, Key, Kind};

const PLAN: &str = "plan";

fn schema(duplicates: Duplicates) -> Schema {
    let column = |name: &str| Column { name: name.to_owned(), field: name.to_owned(), kind: Kind::Text };
    let key = Key { columns: vec!["id".to_owned()], duplicates };
    Schema { columns: vec![column("id"), column("state")], key: Some(key), activity_types: Vec::new() }
}

/// Window `number` from `start` to `end`, whose job started at `started_at`.
fn id(number: u32, start: i64, end: i64, started_at: i64) -> WindowId<'static> {
    let started_at = Some(second(started_at));
    WindowId { plan: PLAN, number, range: Some(range(start, end)), started_at, finished: &[] }
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn range(start: i64, end: i64) -> TimeRange {
    TimeRange::new(second(start), second(end)).unwrap()
}

/// Which rows of a file are written.
fn write(keys: &Keys, window: WindowId<'_>, duplicates: Duplicates, rows: &[&str]) -> Vec<String> {
    let file = format!("state,id\n{}\n", rows.join("\n"));
    let mut reader = Reader::new(file.as_bytes(), Format::Csv).unwrap();
    let header = reader.header().clone();
    let written = keys.window(&window, &schema(duplicates), &header, |keys| {
        let keys = keys.unwrap();
        let mut written = Vec::new();
        while let Some(record) = reader.read().unwrap() {
            if keys.is_new(&record)? {
                let [state, id] = ["state", "id"].map(|name| record.get(name).unwrap().text().unwrap());
                written.push(format!("{state},{id}"));
            }
        }
        Ok(written)
    });
    written.unwrap()
}

fn keys() -> (tempfile::TempDir, Keys) {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::open(&folder.path().join("keys.redb")).unwrap();
    (folder, keys)
}

#[test]
fn activities_are_written_once() {
    let (_folder, keys) = keys();
    let write = |window, rows: &[&str]| write(&keys, window, Duplicates::SameKey, rows);
    assert_eq!(write(id(0, 0, 10, 100), &["x,1", "y,2", "z,1"]), ["x,1", "y,2"]);
    assert_eq!(write(id(1, 10, 20, 101), &["x,3", "other,2", "x,4"]), ["x,3", "x,4"]);
    // Written again, each comes out the same, whatever the others have seen of it.
    for _ in 0..2 {
        assert_eq!(write(id(0, 0, 10, 100), &["x,1", "y,2", "z,1"]), ["x,1", "y,2"]);
        assert_eq!(write(id(1, 10, 20, 101), &["x,3", "other,2", "x,4"]), ["x,3", "x,4"]);
    }
    // Another file of the same window, too: nothing is held against it.
    assert_eq!(write(id(0, 0, 10, 100), &["y,2"]), ["y,2"]);
}

#[test]
fn a_row_without_a_key_is_no_duplicate() {
    let (_folder, keys) = keys();
    assert_eq!(
        write(&keys, id(0, 0, 10, 1), Duplicates::SameKey, &["x,null", "x,null", "x,\"null\"", "x,\"null\""]).len(),
        3
    );
    let mut schema = schema(Duplicates::SameKey);
    let header = Reader::new(b"state,id\n".as_slice(), Format::Csv).unwrap().header().clone();
    let other = Reader::new(b"state\n".as_slice(), Format::Csv).unwrap().header().clone();
    assert!(keys.window(&id(0, 0, 10, 1), &schema, &other, |keys| Ok(keys.is_none())).unwrap());
    schema.key = None;
    assert!(keys.window(&id(0, 0, 10, 1), &schema, &header, |keys| Ok(keys.is_none())).unwrap());
}

#[test]
fn states_that_differ_are_updates() {
    let (_folder, keys) = keys();
    let write = |window, rows: &[&str]| write(&keys, window, Duplicates::SameState, rows);
    // Within a file, between the windows that meet, and back again.
    assert_eq!(write(id(0, 0, 10, 100), &["A,1", "A,1", "B,1", "B,1", "A,1", "A,2"]), ["A,1", "B,1", "A,1", "A,2"]);
    assert_eq!(write(id(1, 10, 20, 200), &["A,1", "B,2"]), ["B,2"]);
    assert_eq!(write(id(2, 20, 30, 300), &["A,1", "A,2"]), ["A,2"]);
    // Null is another state than the text.
    assert_eq!(write(id(3, 30, 40, 400), &["null,7", "\"null\",7", "\"null\",7"]), ["null,7", "null,7"]);
}

#[test]
fn a_record_that_comes_in_a_window_that_does_not_meet_is_an_update() {
    let (_folder, keys) = keys();
    let write = |window, rows: &[&str]| write(&keys, window, Duplicates::SameState, rows);
    assert_eq!(write(id(0, 0, 10, 100), &["A,1"]), ["A,1"]);
    assert_eq!(write(id(1, 10, 20, 200), &["A,9"]), ["A,9"]);
    assert_eq!(write(id(2, 20, 30, 300), &["A,1"]), ["A,1"]);
}

#[test]
fn neighbours_are_those_in_the_order_of_the_starts() {
    let (_folder, keys) = keys();
    let write = |window, rows: &[&str]| write(&keys, window, Duplicates::SameState, rows);
    // The job of the first window was created anew, and started last.
    assert_eq!(write(id(0, 0, 10, 300), &["A,1", "B,2", "A,3", "B,3"]), ["A,1", "B,2", "A,3", "B,3"]);
    assert_eq!(write(id(1, 10, 20, 200), &["A,1", "A,2", "B,3"]), ["A,2", "B,3"]);
    // What the second dropped because of the first does not keep the first from writing it again.
    assert_eq!(write(id(0, 0, 10, 300), &["A,1", "B,2", "A,3", "B,3"]), ["A,1", "B,2", "A,3", "B,3"]);
}

#[test]
fn what_failed_is_not_remembered() {
    let (_folder, keys) = keys();
    let header = Reader::new(b"state,id\n".as_slice(), Format::Csv).unwrap().header().clone();
    let failed = keys.window(&id(0, 0, 10, 1), &schema(Duplicates::SameKey), &header, |keys| {
        let mut reader = Reader::new(b"state,id\nx,1\n".as_slice(), Format::Csv).unwrap();
        assert!(keys.unwrap().is_new(&reader.read().unwrap().unwrap()).unwrap());
        Err::<(), _>(WriteError::Stopped)
    });
    assert!(matches!(failed, Err(WriteError::Stopped)));
    assert_eq!(keys.remembered(PLAN), [] as [u32; 0]);
    assert_eq!(write(&keys, id(1, 10, 20, 2), Duplicates::SameKey, &["x,1"]), ["x,1"]);
}

#[test]
fn only_the_borders_of_gaps_and_ends_are_remembered() {
    let (_folder, keys) = keys();
    let write = |number: u32, finished: &[TimeRange]| {
        let start = i64::from(number) * 10;
        let id = WindowId { finished, ..id(number, start, start + 10, start) };
        write(&keys, id, Duplicates::SameKey, &["x,1"])
    };
    for number in [0, 1, 2, 3, 4] {
        write(number, &[range(0, i64::from(number) * 10)]);
    }
    // The windows 1 and 2 have finished windows on both sides; 3 has one that was not finished then.
    assert_eq!(keys.remembered(PLAN), [0, 3, 4]);
    write(6, &[range(0, 50)]);
    assert_eq!(keys.remembered(PLAN), [0, 4, 6]);
    write(5, &[range(0, 50), range(60, 70)]);
    assert_eq!(keys.remembered(PLAN), [0, 4, 5, 6]);
    // Written again, it forgets nothing that it needs.
    write(5, &[range(0, 50), range(60, 70)]);
    assert_eq!(keys.remembered(PLAN), [0, 4, 5, 6]);
    write(7, &[range(0, 70)]);
    assert_eq!(keys.remembered(PLAN), [0, 6, 7]);
}

/// What another sink of the same window failed at, or a download that has to be made again: later windows are written in the meantime.
#[test]
fn a_window_that_is_not_finished_comes_out_the_same_after_its_successors() {
    let (_folder, keys) = keys();
    let write = |number: u32, rows: &[&str], finished: &[TimeRange]| {
        let start = i64::from(number) * 10;
        let id = WindowId { finished, ..id(number, start, start + 10, start) };
        write(&keys, id, Duplicates::SameKey, rows)
    };
    assert_eq!(write(0, &["x,1"], &[]), ["x,1"]);
    assert_eq!(write(1, &["x,1", "x,2"], &[range(0, 10)]), ["x,2"]);
    assert_eq!(write(2, &["x,2", "x,3"], &[range(0, 20)]), ["x,3"]);
    // The window 2 was written, and is not finished; those after it are.
    assert_eq!(write(3, &["x,3", "x,4"], &[range(0, 20)]), ["x,4"]);
    assert_eq!(write(4, &["x,4", "x,5"], &[range(0, 20), range(30, 40)]), ["x,5"]);
    assert_eq!(write(5, &["x,5", "x,6"], &[range(0, 20), range(30, 50)]), ["x,6"]);
    assert_eq!(write(2, &["x,2", "x,3"], &[range(0, 20), range(30, 60)]), ["x,3"]);
}

#[test]
fn keys_are_told_apart_short_or_long() {
    let (_folder, keys) = keys();
    let ids = ["1", "11", "", "\0", "\0\0", "123456789012345", "1234567890123456", "1234567890123457", "\u{ff}", "1\0"];
    let rows: Vec<_> = ids.iter().map(|id| format!("x,{id}")).collect();
    let twice: Vec<_> = rows.iter().chain(&rows).map(String::as_str).collect();
    assert_eq!(write(&keys, id(0, 0, 10, 1), Duplicates::SameKey, &twice), rows);
    // Of two columns, where one ends is part of the key.
    let mut schema = schema(Duplicates::SameKey);
    schema.key.as_mut().unwrap().columns = vec!["id".into(), "state".into()];
    let file = "state,id\n1,12\n12,1\n2,11\n12,1\n1234567890123,1\n123456789012,31\n1234567890123,1\n";
    let mut reader = Reader::new(file.as_bytes(), Format::Csv).unwrap();
    let header = reader.header().clone();
    let new = keys.window(&id(1, 100, 110, 1), &schema, &header, |keys| {
        let keys = keys.unwrap();
        let mut new = Vec::new();
        while let Some(record) = reader.read().unwrap() {
            new.push(keys.is_new(&record)?);
        }
        Ok(new)
    });
    assert_eq!(new.unwrap(), [true, true, true, false, true, true, false]);
}

#[test]
fn a_window_without_rows_is_no_gap() {
    let (_folder, keys) = keys();
    let empty = Reader::new(b"".as_slice(), Format::Csv).unwrap().header().clone();
    for number in 0..5 {
        let start = i64::from(number) * 10;
        let finished = [range(0, start)];
        let id = WindowId { finished: &finished, ..id(number, start, start + 10, start) };
        if number == 2 {
            keys.window(&id, &schema(Duplicates::SameKey), &empty, |_| Ok(())).unwrap();
        } else {
            write(&keys, id, Duplicates::SameKey, &["x,1"]);
        }
    }
    assert_eq!(keys.remembered(PLAN), [0, 3, 4]);
}

#[test]
fn a_plan_without_a_range_remembers_nothing() {
    let (_folder, keys) = keys();
    let window = WindowId { plan: PLAN, number: 0, range: None, started_at: None, finished: &[] };
    for _ in 0..2 {
        assert_eq!(write(&keys, window, Duplicates::SameState, &["A,1", "A,1", "B,1"]), ["A,1", "B,1"]);
        assert_eq!(keys.remembered(PLAN), [] as [u32; 0]);
    }
}

#[test]
fn plans_do_not_share_keys() {
    let (_folder, keys) = keys();
    let mut other = id(0, 0, 10, 1);
    other.plan = "other";
    assert_eq!(write(&keys, id(0, 0, 10, 1), Duplicates::SameKey, &["x,1"]), ["x,1"]);
    assert_eq!(write(&keys, other, Duplicates::SameKey, &["x,1"]), ["x,1"]);
}

#[test]
fn the_file_is_of_one_version_and_one_process() {
    let (folder, keys) = keys();
    let path = folder.path().join("keys.redb");
    let error = Keys::open(&path).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: Database already open. Cannot acquire lock.", path.display()));
    keys.transaction(|transaction| Ok(transaction.open_table(META)?.insert("version", 2).map(|_| ())?)).unwrap();
    drop(keys);
    let error = Keys::open(&path).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: found version 2 of the file, expected 1", path.display()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// Records with a history of states, exported in windows that meet: what is written, in the order of the starts, is each record's history
    /// without repetitions, though windows are written in any order, some of them twice in a row.
    #[test]
    fn nothing_is_lost_and_nothing_doubled(
        states in proptest::collection::vec((0_u32..3, 0_usize..4, 0_u32..2, 1_usize..3), 0..24),
        twice: [bool; 4],
        order in Just([0_usize, 1, 2, 3]).prop_shuffle(),
        starts in Just([0_i64, 1, 2, 3]).prop_shuffle(),
    ) {
        let (_folder, keys) = keys();
        // A row on a border comes in both windows; `states` says in how many windows, from which on, a row is.
        let mut files = vec![Vec::new(); 4];
        for (record, window, state, windows) in states {
            for file in files.iter_mut().skip(window).take(windows) {
                let row = format!("{state},{record}");
                // One job sees a record in one state.
                if !file.iter().any(|other: &String| other.ends_with(&format!(",{record}"))) {
                    file.push(row);
                }
            }
        }
        let mut written = BTreeMap::new();
        for window in order.into_iter().flat_map(|window| vec![window; 1 + usize::from(twice[window])]) {
            let number = window as u32;
            let start = i64::from(number) * 10;
            let rows: Vec<_> = files[window].iter().map(String::as_str).collect();
            let rows = write(&keys, id(number, start, start + 10, starts[window]), Duplicates::SameState, &rows);
            if let Some(before) = written.insert(window, rows.clone()) {
                prop_assert_eq!(&before, &rows, "window {} written again", window);
            }
        }
        for record in 0..3 {
            let of = |rows: &[String]| rows.iter().find(|row| row.ends_with(&format!(",{record}"))).cloned();
            for pair in [[0, 1], [1, 2], [2, 3]] {
                let [Some(a), Some(b)] = pair.map(|window: usize| of(&files[window])) else { continue };
                let both = pair.iter().all(|window| of(&written[window]).is_some());
                let [from, to] = pair.map(|window| starts[window]);
                let between = |other: &usize| (from.min(to) + 1..from.max(to)).contains(&starts[*other]);
                let is_apart = (0..4_usize).filter(between).any(|other| of(&files[other]).is_some());
                // Of two that say the same, one is written, unless a third one came between them.
                prop_assert!(a != b || !both || is_apart, "{a} and {b} both");
            }
            // Whatever state a window saw is written there, or in a window that meets it.
            for (window, file) in files.iter().enumerate() {
                let Some(row) = of(file) else { continue };
                let near = window.saturating_sub(3)..(window + 4).min(4);
                prop_assert!(near.into_iter().any(|other| written[&other].contains(&row)), "{row} is lost");
            }
        }
    }
}
