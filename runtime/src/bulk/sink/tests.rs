//! Files of windows, to the byte and to the type.

#[cfg(feature = "parquet")]
mod parquet;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use super::{JsonLines, Misfits, Sink, SinkWindow};
use crate::bulk::ledger::{Counts, PlanRecord};
use crate::bulk::{CreateRequest, Description, Filter, Format, JobInfo, Object, Schema, TimeRange};

const FIELDS: [&str; 8] = ["id", "name", "score", "fit", "optedIn", "born", "seen", "raw"];

/// What the windows of a test have in common.
pub(super) struct Export {
    folder: TempDir,
    plan: Arc<str>,
    record: Arc<PlanRecord>,
    stop: Arc<AtomicBool>,
}

impl Export {
    fn of(request: CreateRequest, result: Vec<serde_json::Value>) -> Self {
        let schema = Schema::new(&request, &Description::new(result)).unwrap();
        let record = PlanRecord { service: None, request, fell_back: false, schema, made_at: Timestamp::UNIX_EPOCH };
        let folder = tempfile::tempdir().unwrap();
        Self { folder, plan: "leads".into(), record: Arc::new(record), stop: Arc::default() }
    }

    fn leads() -> Self {
        let types = ["integer", "string", "score", "float", "boolean", "date", "datetime", "string"];
        let fields = FIELDS.iter().zip(types);
        let result =
            fields.map(|(name, data_type)| json!({ "rest": { "name": name }, "dataType": data_type })).collect();
        Self::of(CreateRequest::new(Object::Leads, Filter::CreatedAt(range(0)), FIELDS), result)
    }

    fn activities() -> Self {
        let filter = Filter::Activities { created_at: range(0), activity_types: None };
        let types = json!({ "id": 1, "name": "Visit", "attributes": [{ "name": "Page", "dataType": "integer" }] });
        Self::of(CreateRequest::new(Object::Activities, filter, ["marketoGUID", "attributes"]), vec![types])
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn window(&self, number: u32) -> SinkWindow {
        let job = json!({
            "exportId": format!("job-{number}"),
            "status": "Completed",
            "startedAt": format!("2024-02-01T00:00:{number:02}Z"),
        });
        let job: JobInfo = serde_json::from_value(job).unwrap();
        SinkWindow::new(&self.plan, &self.record, number, Some(range(number)), job, &self.stop)
    }

    /// Writes the window `number` by a sink, whose file holds `text`.
    fn write(&self, sink: &impl Sink, number: u32, text: impl AsRef<[u8]>) -> Result<Counts, String> {
        let window = self.window(number);
        fs::write(sink.download_path(&window), text).unwrap();
        let written = sink.write(&window, &sink.download_path(&window)).map_err(|error| error.to_string());
        sink.clean(&window).unwrap();
        sink.clean(&window).unwrap();
        written.map_err(|error| error.replace(&*self.path().to_string_lossy(), "<folder>"))
    }

    /// The files of the folder that belong to the table, and whether that is all there is beside the keys.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != ".keys.redb")
            .collect();
        names.sort();
        names
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }
}

/// An hour, which begins where the one before it ends.
fn range(number: u32) -> TimeRange {
    let hour = |number: u32| Timestamp::from_second(1_704_067_200 + i64::from(number) * 3_600).unwrap();
    TimeRange::new(hour(number), hour(number + 1)).unwrap()
}

const FIRST: &str = "leads-000000-20240101T000000Z-20240101T010000Z.jsonl";
const SECOND: &str = "leads-000001-20240101T010000Z-20240101T020000Z.jsonl";

const HEADER: &str = "id,name,score,fit,optedIn,born,seen,raw\n";

#[test]
fn rows_are_json_objects() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    let rows = "1,\"A \"\"b\"\"\n\u{2028}ü\",12.0,1.5,TRUE,2022-02-13,2022-02-13T08:06:20-0600,null\n\
                2,null,null,,0,null,,\"null\"\n";
    let counts = export.write(&sink, 0, format!("{HEADER}{rows}")).unwrap();
    assert_eq!(counts, Counts { read: 2, written: 2, duplicates: 0, misfits: 0 });
    assert_eq!(export.files(), [FIRST]);
    let end = "\"exportStartedAt\":\"2024-02-01T00:00:00Z\",\"exportMisfits\":null}\n";
    let first = "{\"id\":1,\"name\":\"A \\\"b\\\"\\n\u{2028}ü\",\"score\":12,\"fit\":1.5,\"optedIn\":true,\"born\":\"2022-02-13\",\
                 \"seen\":\"2022-02-13T14:06:20Z\",\"raw\":null,";
    let second = "{\"id\":2,\"name\":null,\"score\":null,\"fit\":null,\"optedIn\":false,\"born\":null,\"seen\":null,\"raw\":\"null\",";
    assert_eq!(export.text(FIRST), format!("{first}{end}{second}{end}"));
}

#[test]
fn what_does_not_fit_is_kept_beside() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    let rows = b"1,\xFF\xFE,12.5,x,maybe,soon,2022-02-13,a\n2,a,1,2,true,2022-02-13,2022-02-13T00:00:00Z,b\n";
    let counts = export.write(&sink, 0, [HEADER.as_bytes(), rows].concat()).unwrap();
    assert_eq!(counts, Counts { read: 2, written: 2, duplicates: 0, misfits: 1 });
    let text = export.text(FIRST);
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let misfits = json!({ "name": { "base64": "//4=" }, "score": "12.5", "fit": "x", "optedIn": "maybe", "born": "soon", "seen": "2022-02-13" });
    assert_eq!(rows[0]["exportMisfits"], misfits);
    for column in ["name", "score", "fit", "optedIn", "born", "seen"] {
        assert!(rows[0][column].is_null(), "{column}");
    }
    assert_eq!(rows[0]["raw"], "a");
    assert!(rows[1]["exportMisfits"].is_null());
}

#[test]
fn what_does_not_fit_can_stop_the_window() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap().misfits(Misfits::Stop);
    let good = "1,a,1,2,true,2022-02-13,2022-02-13T00:00:00Z,b\n";
    export.write(&sink, 0, format!("{HEADER}{good}")).unwrap();
    let before = export.text(FIRST);
    let error = export.write(&sink, 0, format!("{HEADER}{good}2,\"b\n\",1,2,true,2022-02-13,later,b\n")).unwrap_err();
    let raw = format!("<folder>/.{}", FIRST.replace("jsonl", "csv"));
    let expected = "expected a date and time with an offset, to the microsecond";
    assert_eq!(error, format!("{raw}, line 3, column `seen`: found `later`, {expected}"));
    // What was there stays, and nothing else does.
    assert_eq!(export.files(), [FIRST]);
    assert_eq!(export.text(FIRST), before);
    // And nothing is remembered of rows that were not written.
    let written = export.write(&sink, 1, format!("{HEADER}{good}2,b,1,2,true,2022-02-13,null,b\n")).unwrap();
    assert_eq!(written, Counts { read: 2, written: 1, duplicates: 1, misfits: 0 });
}

#[test]
fn everything_can_be_text() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap().as_text();
    export.write(&sink, 0, format!("{HEADER}1,,12.0,,TRUE,soon,null,\"null\"\n")).unwrap();
    let expected = "{\"id\":\"1\",\"name\":\"\",\"score\":\"12.0\",\"fit\":\"\",\"optedIn\":\"TRUE\",\"born\":\"soon\",\"seen\":null,\"raw\":\"null\",\
         \"exportStartedAt\":\"2024-02-01T00:00:00Z\",\"exportMisfits\":null}\n";
    assert_eq!(export.text(FIRST), expected);
}

#[test]
fn attributes_stay_json() {
    let export = Export::activities();
    for sink in [JsonLines::new(export.path()), JsonLines::new(export.path().join("text")).map(JsonLines::as_text)] {
        let sink = sink.unwrap();
        let rows = "marketoGUID,attributes\n\
             a,\"{\"\"b\"\":1.50,\"\"a\"\":[\r\n]}\"\nb,\"[{\"\"name\"\":\"\"x\\n\"\",\"\"value\"\":1}]\"\nc,null\nd,{\n";
        let counts = export.write(&sink, 0, rows).unwrap();
        assert_eq!(counts, Counts { read: 4, written: 4, duplicates: 0, misfits: 1 });
        let path = sink.table.download_path(&export.window(0)).with_file_name(FIRST);
        let text = fs::read_to_string(path).unwrap();
        let start = "\"exportStartedAt\":\"2024-02-01T00:00:00Z\"";
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                format!(
                    "{{\"marketoGUID\":\"a\",\"attributes\":{{\"b\":1.50,\"a\":[  ]}},{start},\"exportMisfits\":null}}"
                ),
                format!(
                    "{{\"marketoGUID\":\"b\",\"attributes\":[{{\"name\":\"x\\n\",\"value\":1}}],{start},\"exportMisfits\":null}}"
                ),
                format!("{{\"marketoGUID\":\"c\",\"attributes\":null,{start},\"exportMisfits\":null}}"),
                format!(
                    "{{\"marketoGUID\":\"d\",\"attributes\":null,{start},\"exportMisfits\":{{\"attributes\":\"{{\"}}}}"
                ),
            ]
        );
    }
}

#[test]
fn windows_that_meet_have_no_duplicates_and_a_window_comes_out_the_same_again() {
    let export = Export::leads();
    let row = |id: u32, name: &str| format!("{id},{name},1,2,true,2022-02-13,null,b\n");
    let files = [format!("{HEADER}{}{}", row(1, "a"), row(2, "b")), format!("{HEADER}{}{}", row(1, "a"), row(2, "c"))];
    let mut written = Vec::new();
    for _ in 0..2 {
        // As after a crash: the process is another one, and its files of the last time lie about.
        let sink = JsonLines::new(export.path()).unwrap();
        fs::write(export.path().join(format!(".{SECOND}.tmp")), "half a file").unwrap();
        for (number, file) in (0..).zip(&files) {
            let counts = export.write(&sink, number, file).unwrap();
            assert_eq!((counts.written, counts.duplicates), if number == 0 { (2, 0) } else { (1, 1) });
        }
        assert_eq!(export.files(), [FIRST, SECOND]);
        written.push((export.text(FIRST), export.text(SECOND)));
    }
    assert_eq!(written[0], written[1]);
    let states: Vec<_> =
        written[0].1.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).collect();
    assert_eq!(states.len(), 1);
    assert_eq!((&states[0]["name"], &states[0]["exportStartedAt"]), (&json!("c"), &json!("2024-02-01T00:00:01Z")));
}

#[test]
fn without_rows_a_window_has_an_empty_file() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    for (number, file) in (0..).zip(["", HEADER]) {
        assert_eq!(export.write(&sink, number, file).unwrap(), Counts::default());
    }
    assert_eq!(export.files(), [FIRST, SECOND]);
    assert_eq!(export.text(FIRST) + &export.text(SECOND), "");
}

#[test]
fn other_columns_than_the_schemas_are_refused() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    let raw = format!("<folder>/.{}", FIRST.replace("jsonl", "csv"));
    for (header, wrong) in [
        (HEADER.replace("score", "points"), ", found `points`, missing `score`"),
        (HEADER.replace("score,", ""), ", missing `score`"),
        (HEADER.replace("score", "score,extra"), ", found `extra`"),
        (HEADER.replace("score", "score,id"), ", found `id`"),
    ] {
        let error = export.write(&sink, 0, header).unwrap_err();
        assert_eq!(error, format!("{raw}: the columns are not those of the plan's schema{wrong}"));
        assert_eq!(export.files(), [] as [&str; 0]);
    }
    // Their order is not the file's business.
    export.write(&sink, 0, "name,id,score,fit,optedIn,born,seen,raw\na,7,null,null,null,null,null,b\n").unwrap();
    assert!(export.text(FIRST).starts_with("{\"id\":7,\"name\":\"a\",\"score\":null,"));
}

#[test]
fn what_is_broken_leaves_no_file() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    let raw = format!("<folder>/.{}", FIRST.replace("jsonl", "csv"));
    let error = export.write(&sink, 0, format!("{HEADER}1,a,null,null,null,null,null,\"b")).unwrap_err();
    assert_eq!(error, format!("{raw}, line 2: the file ends inside of quotes"));
    let error = export.write(&sink, 0, format!("{HEADER}1,a\n")).unwrap_err();
    assert_eq!(error, format!("{raw}, line 2: found 2 fields, expected 8 as in the header"));
    export.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let error = export.write(&sink, 0, format!("{HEADER}1,a,null,null,null,null,null,b\n")).unwrap_err();
    assert_eq!(error, "the run is gone");
    assert_eq!(export.files(), [] as [&str; 0]);
    let window = export.window(0);
    let error = sink.write(&window, &sink.download_path(&window)).unwrap_err().to_string();
    assert!(error.starts_with(&raw.replace("<folder>", &export.path().to_string_lossy())), "{error}");
    assert!(error.contains(": cannot open: "), "{error}");
}

#[test]
fn a_folder_has_one_sink() {
    let export = Export::leads();
    let sink = JsonLines::new(export.path()).unwrap();
    let error = JsonLines::new(export.path()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error, format!("{}/.keys.redb: Database already open. Cannot acquire lock.", export.path().display()));
    drop(sink);
    assert!(JsonLines::new(export.path()).is_ok());
}

#[test]
fn names_begin_with_a_letter_and_tell_the_format() {
    let mut export = Export::leads();
    let record = Arc::get_mut(&mut export.record).unwrap();
    record.request.format = Format::Ssv;
    export.plan = "2024_leads".into();
    let sink = JsonLines::new(export.path()).unwrap();
    let path = sink.download_path(&export.window(0));
    let expected = ".plan-2024_leads-000000-20240101T000000Z-20240101T010000Z.ssv";
    assert_eq!(path, export.path().join(expected));
    export.write(&sink, 0, format!("{HEADER}1,a b,null,null,null,null,null,c\n").replace(',', ";")).unwrap();
    assert_eq!(export.files(), ["plan-2024_leads-000000-20240101T000000Z-20240101T010000Z.jsonl"]);
    assert!(export.text(&export.files()[0]).starts_with("{\"id\":1,\"name\":\"a b\","));
}
