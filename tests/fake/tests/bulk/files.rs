//! The bytes of files: formats, quoting, missing values, headers; and ranges of them.

use fake::bulk::{Attributes, Change, Empty, Fate, File, Object, Value};
use serde_json::json;

use crate::http::{Caller, activities, at, leads, leads_with, start};

const LEADS: Object = Object::Leads;

fn created() -> Change {
    Change::at(at("2026-02-01T00:00:00Z"))
}

/// A file of 1,000 bytes, all different from their neighbours.
fn thousand() -> Vec<u8> {
    (0..1_000).map(|index| b'a' + (index % 26) as u8).collect()
}

#[test]
fn what_a_reader_must_stand() {
    let fake = start();
    let bulk = fake.bulk();
    let texts = [
        "plain",
        "a,b",
        "say \"hi\"",
        "two\nlines",
        "two\r\nlines",
        "\r",
        "nul\0",
        "line\u{2028}separator",
        "𝒜😀",
        "null",
        "",
        " space",
        "NULL",
    ];
    for (text, id) in texts.iter().zip(1..) {
        bulk.lead(id, created().set("company", *text));
    }
    bulk.lead(14, created().set("company", Value::Null));
    bulk.lead(15, created());
    bulk.lead(16, created().set("company", Value::Raw(b"\"left open".to_vec())));
    let caller = Caller::new(&fake);
    let id = caller.completed(&LEADS, &leads_with(&["id", "company"]));
    let expected = "id,company\n1,plain\n2,\"a,b\"\n3,\"say \"\"hi\"\"\"\n4,\"two\nlines\"\n5,\"two\r\nlines\"\n6,\"\r\"\n7,nul\0\n\
                    8,line\u{2028}separator\n9,𝒜😀\n10,\"null\"\n11,\n12,\" space\"\n13,NULL\n14,null\n15,null\n16,\"left open\n";
    assert_eq!(caller.file(&LEADS, &id, "").text(), expected);
    assert_eq!(caller.status(&LEADS, &id)["numberOfRecords"], 16);
    // Alone in its row, an empty text must not make an empty line.
    let id = caller.completed(&LEADS, &leads_with(&["company"]));
    assert!(caller.file(&LEADS, &id, "").text().contains("😀\n\"null\"\n\"\"\n\" space\"\n"));
}

#[test]
fn values_of_every_type() {
    let fake = start();
    let change = created()
        .set("numberOfEmployees", -7)
        .set("distance", 3.0)
        .set("unsubscribed", true)
        .set("lastSeen", at("2026-01-02T03:04:05.999Z"))
        .set("title", Option::<&str>::None);
    fake.bulk().lead(1, change);
    let caller = Caller::new(&fake);
    let fields = ["numberOfEmployees", "distance", "unsubscribed", "lastSeen", "title", "createdAt", "updatedAt"];
    let id = caller.completed(&LEADS, &leads_with(&fields));
    let row = "-7,3.0,true,2026-01-02T03:04:05Z,null,2026-02-01T00:00:00Z,2026-02-01T00:00:00Z\n";
    assert_eq!(caller.file(&LEADS, &id, "").text(), format!("{}\n{row}", fields.join(",")));
}

#[test]
fn formats_and_headers() {
    let fake = start();
    fake.bulk().lead(1, created().set("company", "a;b c\td,e"));
    let caller = Caller::new(&fake);
    let file = |format: &str| {
        let mut body = leads_with(&["id", "company"]);
        body["format"] = format.into();
        body["columnHeaderNames"] = json!({ "company": "Firm, \"Name\"" });
        let id = caller.completed(&LEADS, &body);
        assert_eq!(caller.status(&LEADS, &id)["format"], format);
        caller.file(&LEADS, &id, "").text()
    };
    assert_eq!(file("CSV"), "id,\"Firm, \"\"Name\"\"\"\n1,\"a;b c\td,e\"\n");
    assert_eq!(file("TSV"), "id\t\"Firm, \"\"Name\"\"\"\n1\t\"a;b c\td,e\"\n");
    assert_eq!(file("SSV"), "id;\"Firm, \"\"Name\"\"\"\n1;\"a;b c\td,e\"\n");
    fake.bulk().style(|style| {
        style.ssv = b' ';
        style.line_end = "\r\n";
        style.byte_order_mark = true;
    });
    assert_eq!(file("SSV"), "\u{feff}id \"Firm, \"\"Name\"\"\"\r\n1 \"a;b c\td,e\"\r\n");
    fake.bulk().style(|style| style.quote_null = false);
    fake.bulk().lead(1, created().set("company", "null"));
    assert!(file("CSV").ends_with("\n1,null\r\n"));
}

#[test]
fn quotes_and_line_ends_and_order_as_the_test_says() {
    let fake = start();
    for id in 1..=9 {
        fake.bulk().lead(id, created().set("company", "a").set("title", Value::Null));
    }
    let caller = Caller::new(&fake);
    let file = || {
        let id = caller.completed(&LEADS, &leads_with(&["id", "title"]));
        caller.file(&LEADS, &id, "").text()
    };
    fake.bulk().style(|style| style.shuffle = Some(1));
    let shuffled = file();
    let ids: Vec<_> = shuffled.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!((ids.len(), ids.is_sorted()), (9, false));
    assert_eq!(file(), shuffled);
    fake.bulk().style(|style| {
        style.shuffle = None;
        style.quote_all = true;
        style.last_line_end = false;
    });
    assert!(file().starts_with("\"id\",\"title\"\n\"1\",null\n"));
    assert!(file().ends_with("\n\"9\",null"));
}

#[test]
fn attributes_in_both_shapes() {
    let fake = start();
    let pairs = vec![("Reason".to_owned(), json!("say \"x\"")), ("Success".to_owned(), json!(false))];
    fake.bulk().activity(
        "g1",
        created().set("leadId", 1).set("activityTypeId", 1).set("attributes", Value::Attributes(pairs)),
    );
    let caller = Caller::new(&fake);
    let objects = Object::Activities;
    let file = || {
        let id = caller.completed(&objects, &activities());
        caller.file(&objects, &id, "").text()
    };
    let head = "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes\n\
                g1,1,2026-02-01T00:00:00Z,1,null,null,null,";
    assert_eq!(file(), format!(r#"{head}"{{""Reason"":""say \""x\"""",""Success"":false}}"{}"#, "\n"));
    fake.bulk().style(|style| style.attributes = Attributes::Array);
    let array = r#""[{""name"":""Reason"",""value"":""say \""x\""""},{""name"":""Success"",""value"":false}]""#;
    assert_eq!(file(), format!("{head}{array}\n"));
}

#[test]
fn no_records_in_three_forms() {
    let fake = start();
    let caller = Caller::new(&fake);
    let job = |empty: Empty| {
        fake.bulk().style(|style| style.empty = empty);
        let id = caller.completed(&LEADS, &leads());
        let status = caller.status(&LEADS, &id);
        assert_eq!(status["numberOfRecords"], 0);
        (status.get("fileSize").cloned(), status.get("fileChecksum").is_some(), caller.file(&LEADS, &id, ""))
    };
    let (size, checksum, file) = job(Empty::Header);
    assert_eq!((size, checksum, file.text().as_str()), (Some(9.into()), true, "id,email\n"));
    let (size, checksum, file) = job(Empty::Nothing);
    assert_eq!((size, checksum, file.status, file.text().as_str()), (Some(0.into()), true, 200, ""));
    let (size, checksum, file) = job(Empty::NotFound);
    assert_eq!((size, checksum, file.status), (None, false, 404));
}

#[test]
fn ranges() {
    let fake = start();
    fake.bulk().every_job(Fate::new().file(File::new(thousand(), 3)));
    let caller = Caller::new(&fake);
    let id = caller.completed(&LEADS, &leads());
    let whole = thousand();
    let ok = [
        ("bytes=0-99", 0, 99),
        ("bytes=725-999", 725, 999),
        ("bytes=725-", 725, 999),
        ("bytes=-1", 999, 999),
        ("bytes=990-2000", 990, 999),
    ];
    for (range, first, last) in ok {
        let got = caller.file(&LEADS, &id, range);
        assert_eq!(got.status, 206, "{range}");
        assert_eq!(got.header("content-range").unwrap(), format!("bytes {first}-{last}/1000"));
        assert_eq!(got.header("content-length").unwrap(), (last - first + 1).to_string());
        assert_eq!(got.header("accept-ranges"), Some("bytes"));
        assert_eq!(got.body, whole[first..=last]);
    }
    for range in ["bytes=1000-", "bytes=1000-1001", "bytes=-0"] {
        let got = caller.file(&LEADS, &id, range);
        assert_eq!((got.status, got.header("content-range")), (416, Some("bytes */1000")), "{range}");
    }
    for range in ["bytes=5-3", "bytes=0-1,4-5", "letters=0-1", ""] {
        let got = caller.file(&LEADS, &id, range);
        assert_eq!((got.status, got.header("content-range"), got.body.len()), (200, None, 1_000), "{range}");
    }
    let path = format!("/bulk/v1/leads/export/{id}/file.json");
    assert_eq!(caller.get_with(&path, "range: bytes=1-2\r\nif-range: \"x\"\r\n").status, 200);
    let job = fake.bulk().job(&id).unwrap();
    let asked: Vec<_> =
        job.reads.iter().map(|read| (read.range.as_deref(), read.start, read.length, read.served)).collect();
    assert_eq!(asked.len(), 10);
    assert_eq!(asked[1], (Some("bytes=725-999"), 725, 275, 275));
    assert_eq!(asked[8], (None, 0, 1_000, 1_000));
    assert_eq!(job.file.unwrap().bytes(990..2_000), whole[990..]);
}
