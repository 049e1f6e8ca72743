//! Parquet, read back by the crate that wrote it; other engines read it in the interop tests.

use std::fs::File;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{Counts, Export, HEADER};
use crate::bulk::sink::Parquet;

const FIRST: &str = "leads-000000-20240101T000000Z-20240101T010000Z.parquet";
const SECOND: &str = "leads-000001-20240101T010000Z-20240101T020000Z.parquet";

fn reader(export: &Export, name: &str) -> ParquetRecordBatchReaderBuilder<File> {
    ParquetRecordBatchReaderBuilder::try_new(File::open(export.path().join(name)).unwrap()).unwrap()
}

/// The file in one batch.
fn read(export: &Export, name: &str) -> RecordBatch {
    let reader = reader(export, name).with_batch_size(1 << 30).build().unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(batches.len(), 1);
    batches.into_iter().next().unwrap()
}

#[test]
fn values_have_the_schemas_types() {
    let export = Export::leads();
    let sink = Parquet::new(export.path()).unwrap();
    let rows = "-1,\"a\nb\",12.0,1.5,TRUE,1969-12-31,2022-02-13T08:06:20.000001-0600,null\n\
                2,null,null,,0,null,,\"null\"\n3,\"\",1e3,-0.1,false,2024-02-29,1969-12-31T23:59:59Z,x\n4,y,1.5,,,,,z\n";
    let counts = export.write(&sink, 0, format!("{HEADER}{rows}")).unwrap();
    assert_eq!(counts, Counts { read: 4, written: 4, duplicates: 0, misfits: 1 });
    assert_eq!(export.files(), [FIRST]);
    let batch = read(&export, FIRST);
    let schema = batch.schema();
    let types: Vec<_> = schema.fields().iter().map(|field| (field.name().as_str(), field.data_type())).collect();
    let moment = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    assert_eq!(
        types,
        [
            ("id", &DataType::Int64),
            ("name", &DataType::Utf8),
            ("score", &DataType::Int64),
            ("fit", &DataType::Float64),
            ("optedIn", &DataType::Boolean),
            ("born", &DataType::Date32),
            ("seen", &moment),
            ("raw", &DataType::Utf8),
            ("exportStartedAt", &moment),
            ("exportMisfits", &DataType::Utf8),
        ]
    );
    assert!(schema.fields().iter().all(|field| field.is_nullable()));
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let integers = |name: &str| column(name).as_primitive::<Int64Type>().iter().collect::<Vec<_>>();
    let texts = |name: &str| column(name).as_string::<i32>().iter().collect::<Vec<_>>();
    assert_eq!(integers("id"), [Some(-1), Some(2), Some(3), Some(4)]);
    assert_eq!(integers("score"), [Some(12), None, Some(1_000), None]);
    assert_eq!(texts("name"), [Some("a\nb"), None, Some(""), Some("y")]);
    assert_eq!(texts("raw"), [None, Some("null"), Some("x"), Some("z")]);
    assert_eq!(texts("exportMisfits"), [None, None, None, Some(r#"{"score":"1.5"}"#)]);
    let floats: Vec<_> = column("fit").as_primitive::<Float64Type>().iter().collect();
    assert_eq!(floats, [Some(1.5), None, Some(-0.1), None]);
    let booleans: Vec<_> = column("optedIn").as_boolean().iter().collect();
    assert_eq!(booleans, [Some(true), Some(false), Some(false), None]);
    let dates: Vec<_> = column("born").as_primitive::<Date32Type>().iter().collect();
    assert_eq!(dates, [Some(-1), None, Some(19_782), None]);
    let moments = |name: &str| column(name).as_primitive::<TimestampMicrosecondType>().iter().collect::<Vec<_>>();
    assert_eq!(moments("seen"), [Some(1_644_761_180_000_001), None, Some(-1_000_000), None]);
    assert_eq!(moments("exportStartedAt"), [Some(1_706_745_600_000_000); 4]);
}

#[test]
fn files_without_rows_have_the_same_schema() {
    let export = Export::leads();
    let sink = Parquet::new(export.path()).unwrap();
    export.write(&sink, 0, "").unwrap();
    export.write(&sink, 1, format!("{HEADER}1,a,1,2,true,null,null,b\n")).unwrap();
    assert_eq!(export.files(), [FIRST, SECOND]);
    let [empty, full] = [FIRST, SECOND].map(|name| reader(&export, name));
    assert_eq!(empty.schema(), full.schema());
    assert_eq!((empty.metadata().file_metadata().num_rows(), full.metadata().file_metadata().num_rows()), (0, 1));
}

#[test]
fn row_groups_are_bounded() {
    let export = Export::activities();
    let sink = Parquet::new(export.path()).unwrap();
    let mut file = "marketoGUID,attributes\n".to_owned();
    // Nothing in it compresses.
    let mut state = 7_u64;
    for _ in 0..12_000 {
        let text: String = (0..250)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                format!("{:016x}", state)
            })
            .collect();
        file.push_str(&format!("{state:x},\"\"\"{text}\"\"\"\n"));
    }
    let counts = export.write(&sink, 0, &file).unwrap();
    assert_eq!(counts.written, 12_000);
    let reader = reader(&export, FIRST);
    let groups = reader.metadata().row_groups();
    assert!(groups.len() >= 2, "{} row groups", groups.len());
    assert!(groups.iter().all(|group| group.compressed_size() <= 20 << 20));
    let rows: i64 = groups.iter().map(|group| group.num_rows()).sum();
    assert_eq!(rows, 12_000);
    let metadata = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let types = metadata.iter().find(|entry| entry.key == "activityTypes").unwrap();
    let expected = r#"[{"id":1,"name":"Visit","attributes":[{"name":"Page","kind":"integer"}]}]"#;
    assert_eq!(types.value.as_deref(), Some(expected));
}
