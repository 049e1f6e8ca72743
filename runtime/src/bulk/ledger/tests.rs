//! The ledger's file: what was written is there, one writer, versions.

use jiff::Timestamp;
use redb::{Database, TableDefinition};

use super::*;
use crate::bulk::{CreateRequest, ExportId, Filter, JobInfo, Object, Schema, Status, TimeRange};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn plan() -> PlanRecord {
    PlanRecord {
        service: None,
        request: CreateRequest::new(Object::Leads, Filter::UpdatedAt(january(1)), ["id"]),
        fell_back: false,
        schema: Schema { columns: Vec::new(), key: None, activity_types: Vec::new() },
        made_at: at("2026-02-01T00:00:00Z"),
    }
}

fn day(day: u8) -> WindowRecord {
    WindowRecord::planned(Some(january(day)), at("2026-02-01T00:00:00Z"))
}

fn january(day: u8) -> TimeRange {
    let midnight = |day: u8| at(&format!("2026-01-{day:02}T00:00:00Z"));
    TimeRange::new(midnight(day), midnight(day + 1)).unwrap()
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let mut ledger = Ledger::open(&path).unwrap();
    let (first, mut second) = (day(1), day(2));
    ledger.put_plan("leads", &plan(), [(0, &first), (1, &second)]).unwrap();
    ledger.put_plan("leads2", &plan(), []).unwrap();
    second.at(Step::Enqueued, at("2026-02-01T00:01:00Z"));
    second.jobs.push(JobRecord {
        info: JobInfo::new(ExportId::new("a").unwrap(), Status::Failed),
        known_at: at("2026-02-01T00:00:30Z"),
        ending: Some(Ending::Failed { message: Some("no".to_owned()) }),
    });
    ledger.put_window("leads", 1, &second).unwrap();
    drop(ledger);

    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.plans().unwrap(), ["leads", "leads2"]);
    assert_eq!(ledger.plan("leads").unwrap(), Some(plan()));
    assert_eq!(ledger.plan("other").unwrap(), None);
    assert_eq!(ledger.windows("leads").unwrap(), [first, second]);
    assert_eq!(ledger.windows("leads2").unwrap(), []);
}

#[test]
fn the_cursor_follows_finished_windows() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger")).unwrap();
    let mut days = [day(1), day(2), day(3)];
    ledger.put_plan("leads", &plan(), (0..).zip(&days)).unwrap();
    assert_eq!(ledger.cursor("leads").unwrap(), Some(at("2026-01-01T00:00:00Z")));
    for (number, cursor) in [(2, "2026-01-01T00:00:00Z"), (0, "2026-01-02T00:00:00Z"), (1, "2026-01-04T00:00:00Z")] {
        days[number as usize].at(Step::Sunk, at("2026-02-01T00:00:00Z"));
        ledger.put_window("leads", number, &days[number as usize]).unwrap();
        assert_eq!(ledger.cursor("leads").unwrap(), Some(at(cursor)));
    }
    assert_eq!(ledger.cursor("other").unwrap(), None);
}

#[test]
fn a_second_writer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let ledger = Ledger::open(&path).unwrap();
    let error = Ledger::open(&path).unwrap_err();
    assert!(matches!(error.kind(), LedgerErrorKind::Busy));
    let expected = format!("{}: the ledger is open in another run; a ledger has one writer at a time", path.display());
    assert_eq!(error.to_string(), expected);
    drop(ledger);
    Ledger::open(&path).unwrap();
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    drop(Ledger::open(&path).unwrap());
    let store = Database::create(&path).unwrap();
    let write = store.begin_write().unwrap();
    write.open_table(TableDefinition::<&str, &str>::new("meta")).unwrap().insert("format", "2").unwrap();
    write.commit().unwrap();
    drop(store);
    let error = Ledger::open(&path).unwrap_err();
    assert!(matches!(error.kind(), LedgerErrorKind::Newer { found: 2, known: 1 }));
    let expected =
        format!("{}: the ledger has format 2, made by a newer version; this one knows up to 1", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let text = b"id,email\n1,a@example.com\n".repeat(1000);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(Ledger::open(&path).unwrap_err().kind(), LedgerErrorKind::Damaged(_)));
    assert_eq!(std::fs::read(&path).unwrap(), text);

    let other = folder.path().join("other");
    let store = Database::create(&other).unwrap();
    let write = store.begin_write().unwrap();
    write.open_table(TableDefinition::<&str, &str>::new("table")).unwrap();
    write.commit().unwrap();
    drop(store);
    let error = Ledger::open(&other).unwrap_err();
    let expected =
        format!("{}: not a ledger that can be read: it is a store without the mark of a ledger", other.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_process_killed_while_it_began_the_ledger_leaves_nothing_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    for (name, length) in [("empty", 0), ("short", 5), ("long", 1 << 20)] {
        let path = folder.path().join(name);
        std::fs::write(&path, vec![0; length]).unwrap();
        assert_eq!(Ledger::open(&path).unwrap().plans().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn a_record_that_does_not_read_names_its_plan() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    drop(Ledger::open(&path).unwrap());
    let store = Database::create(&path).unwrap();
    let write = store.begin_write().unwrap();
    write.open_table(TableDefinition::<&str, &str>::new("plans")).unwrap().insert("leads", "{}").unwrap();
    write.commit().unwrap();
    drop(store);
    let error = Ledger::open(&path).unwrap().plan("leads").unwrap_err();
    let expected = format!(
        "{}: not a ledger that can be read: a record of the plan `leads`: missing field `request` at line 1 column 2",
        path.display()
    );
    assert_eq!(error.to_string(), expected);
}

/// What format 1 is: a ledger that an older version wrote reads, and what is written reads there.
#[test]
fn records_are_written_as_the_format_says() {
    let text = concat!(
        r#"{"request":{"object":"leads","filter":{"updatedAt":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"}},"#,
        r#""fields":["id"],"columnHeaderNames":{},"format":"CSV"},"fellBack":true,"#,
        r#""schema":{"columns":[{"name":"id","field":"id","kind":"integer"}],"#,
        r#""key":{"columns":["id"],"duplicates":"sameState"}},"madeAt":"2026-02-01T00:00:00Z"}"#
    );
    let record: PlanRecord = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    assert_eq!(record.request, plan().request);

    let text = concat!(
        r#"{"range":{"start":"2026-01-01T00:00:00Z","end":"2026-01-02T00:00:00Z"},"step":"done","since":"2026-02-01T00:09:00Z","#,
        r#""jobs":[{"info":{"exportId":"a","status":"Failed"},"knownAt":"2026-02-01T00:00:30Z","ending":{"failed":{"message":"no"}}},"#,
        r#"{"info":{"exportId":"b","status":"Completed","numberOfRecords":3,"fileSize":9},"knownAt":"2026-02-01T00:04:00Z"}],"#,
        r#""orphans":[{"since":"2026-02-01T00:00:00Z","until":"2026-02-01T00:00:10Z","cancelled":["c"]}],"#,
        r#""rows":{"read":3,"written":2,"duplicates":1,"misfits":0}}"#
    );
    let record: WindowRecord = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    assert_eq!(record.job().unwrap().info.id.as_str(), "b");

    // Members that a later version of the same format adds are passed over, and those that it added may be missing.
    let text = r#"{"range":null,"step":"planned","since":"2026-02-01T00:00:00Z","new":1}"#;
    let record: WindowRecord = serde_json::from_str(text).unwrap();
    assert_eq!(record, WindowRecord::planned(None, at("2026-02-01T00:00:00Z")));
    for step in [
        "planned",
        "creating",
        "created",
        "enqueuing",
        "enqueued",
        "completed",
        "downloading",
        "downloaded",
        "sunk",
        "done",
    ] {
        let read: Step = serde_json::from_str(&format!("\"{step}\"")).unwrap();
        assert_eq!(format!("{read:?}").to_lowercase(), step);
    }
}
