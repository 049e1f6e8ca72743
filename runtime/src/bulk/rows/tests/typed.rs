//! Records as values of types.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bulk::Format;
use crate::bulk::rows::{Attributes, Reader, RowError, RowErrorKind};

fn one<T: DeserializeOwned>(file: &str) -> Result<T, RowError> {
    let mut rows = Reader::new(file.as_bytes(), Format::Csv)?.typed();
    let row = rows.next().expect("a record");
    assert!(rows.next().is_none());
    row
}

fn failure<T: DeserializeOwned + std::fmt::Debug>(file: &str) -> String {
    one::<T>(file).unwrap_err().to_string()
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Everything {
    id: u64,
    score: i8,
    percent: f64,
    opted_in: bool,
    name: String,
    nick: Option<String>,
    age: Option<u32>,
    result: Option<Outcome>,
    at: jiff::Timestamp,
    attributes: Attributes,
    tags: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Succeeded,
    Failed,
}

#[test]
fn a_struct_by_the_header() {
    let file = "tags,attributes,at,result,age,nick,name,optedIn,percent,score,id,other\n\
        \"[\"\"a\"\",\"\"b\"\"]\",\"{\"\"x\"\":1}\",2022-02-13T14:06:20Z,failed,12.0,null,\"null\",1,12.5,-3,7,z\n";
    assert_eq!(
        one::<Everything>(file).unwrap(),
        Everything {
            id: 7,
            score: -3,
            percent: 12.5,
            opted_in: true,
            name: "null".into(),
            nick: None,
            age: Some(12),
            result: Some(Outcome::Failed),
            at: jiff::Timestamp::from_second(1_644_761_180).unwrap(),
            attributes: r#"{"x":1}"#.parse().unwrap(),
            tags: vec!["a".into(), "b".into()],
        }
    );
}

#[test]
fn tuples_and_maps() {
    let file = "a,b,c\n1,null,x\n";
    assert_eq!(one::<(u8, Option<u8>, String)>(file).unwrap(), (1, None, "x".into()));
    let map: BTreeMap<String, Option<String>> = one(file).unwrap();
    assert_eq!(map, [("a".into(), Some("1".into())), ("b".into(), None), ("c".into(), Some("x".into()))].into());
}

#[test]
fn texts_are_borrowed() {
    let mut reader = Reader::new("a,b\n\"x\"\"y\",z\n".as_bytes(), Format::Csv).unwrap();
    let record = reader.read().unwrap().unwrap();
    let (a, b): (&str, &[u8]) = record.deserialize().unwrap();
    assert_eq!((a, b), ("x\"y", &b"z"[..]));
}

#[test]
fn errors_say_line_column_and_value() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read to see what does not read")]
    struct Lead {
        id: u32,
        email: Option<String>,
        result: Option<Outcome>,
        at: Option<jiff::Timestamp>,
        attributes: Option<Attributes>,
    }
    let lead = |fields: &str| failure::<Lead>(&format!("id,email,result,at,attributes\n{fields}\n"));
    assert_eq!(
        lead("x1,a,null,null,null"),
        "line 2, column `id`: found `x1`, expected an integer of 32 bits that is not negative"
    );
    assert_eq!(
        lead("-1,a,null,null,null"),
        "line 2, column `id`: found `-1`, expected an integer of 32 bits that is not negative"
    );
    assert_eq!(
        lead("null,a,null,null,null"),
        "line 2, column `id`: found `null`, expected an integer of 32 bits that is not negative"
    );
    assert_eq!(
        lead("1,a,maybe,null,null"),
        "line 2, column `result`: found `maybe`, expected one of succeeded, failed"
    );
    assert!(lead("1,a,null,soon,null").starts_with("line 2, column `at`: found `soon`, expected another value ("));
    assert!(lead("1,a,null,null,{").starts_with("line 2, column `attributes`: found `{`, expected another value (EOF"));
    assert_eq!(failure::<Lead>("email\na\n"), "line 2, column `id`: the column is not in the header");
    assert_eq!(failure::<(bool,)>("a\nyes\n"), "line 2, column `a`: found `yes`, expected `true`, `false`, `1` or `0`");
    assert_eq!(failure::<(f64,)>("a\nNaN\n"), "line 2, column `a`: found `NaN`, expected a number");
    let long = "x".repeat(100);
    let error = one::<(f64,)>(&format!("a\n{long}\n")).unwrap_err();
    assert_eq!((error.line(), error.column()), (2, Some("a")));
    let expected = RowErrorKind::Value { found: format!("{}…", "x".repeat(64)), expected: "a number".into() };
    assert_eq!(error.kind(), &expected);
    let mut reader = Reader::new(b"a\n\xFF\n".as_slice(), Format::Csv).unwrap();
    let error = reader.read().unwrap().unwrap().deserialize::<(String,)>().unwrap_err();
    assert_eq!(error.to_string(), "line 2, column `a`: found bytes that are not in UTF-8");
}

#[test]
fn attributes_have_two_shapes() {
    #[derive(Deserialize)]
    struct Activity {
        attributes: Option<Attributes>,
    }
    let read = |field: &str| {
        let file = format!("attributes\n\"{}\"\n", field.replace('"', "\"\""));
        one::<Activity>(&file).map(|activity| activity.attributes.unwrap())
    };
    let object = read(r#" {"Reason":"a, b","Success":false,"n":1.50,"o":null} "#).unwrap();
    let array = read(
        r#"[{"name":"Reason","value":"a, b"},{"value":false,"name":"Success"},{"name":"n","value":1.5,"x":0},{"name":"o"}]"#,
    )
    .unwrap();
    assert_eq!(object, array);
    assert_eq!(object.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["Reason", "Success", "n", "o"]);
    assert_eq!(object.get("Success"), Some(&serde_json::Value::Bool(false)));
    assert_eq!(object.get("success"), None);
    assert!(read("{}").unwrap().is_empty());
    assert!(read("[]").unwrap().is_empty());
    for wrong in ["", "1", "\"{}\"", "{} {}", "[1]", r#"[{"value":1}]"#] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    assert!(one::<Activity>("attributes\nnull\n").unwrap().attributes.is_none());
    // The same type reads what a sink wrote as JSON.
    let line: Attributes = serde_json::from_str(r#"{"Reason":"a, b","Success":false,"n":1.5,"o":null}"#).unwrap();
    assert_eq!(line, object);
}
