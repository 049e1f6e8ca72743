//! The reader against examples, against itself in chunks of every size, and against a second reader that is naive.

mod naive;
mod typed;

use std::io::{self, Read};

use proptest::prelude::*;

use super::{Reader, RecordCounter, RowError, RowErrorKind};
use crate::bulk::Format;

/// A field: `None` for null.
type Row = Vec<Option<String>>;

/// Hands out a text in chunks of the same size.
struct Chunks<'a> {
    left: &'a [u8],
    size: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (chunk, left) = self.left.split_at(self.size.min(buffer.len()).min(self.left.len()));
        buffer[..chunk.len()].copy_from_slice(chunk);
        self.left = left;
        Ok(chunk.len())
    }
}

/// Header and records.
fn read(bytes: &[u8], format: Format, chunk: usize) -> Result<(Vec<String>, Vec<Row>), RowError> {
    let mut reader = Reader::new(Chunks { left: bytes, size: chunk }, format)?;
    let header = reader.header().names().map(str::to_owned).collect();
    let mut rows = Vec::new();
    while let Some(record) = reader.read()? {
        rows.push(
            record.fields().map(|(_, field)| (!field.is_null()).then(|| field.text().unwrap().to_owned())).collect(),
        );
    }
    assert_eq!(reader.records(), rows.len() as u64);
    Ok((header, rows))
}

fn count(bytes: &[u8], format: Format, chunk: usize) -> Result<u64, RowError> {
    let mut counter = RecordCounter::new(format);
    for chunk in bytes.chunks(chunk) {
        counter.push(chunk)?;
    }
    counter.finish()
}

fn csv(text: &str) -> Vec<Vec<Option<String>>> {
    read(text.as_bytes(), Format::Csv, 1 << 16).unwrap().1
}

fn row<const N: usize>(fields: [&str; N]) -> Row {
    fields.iter().map(|field| Some((*field).to_owned())).collect()
}

fn failure(text: &str) -> String {
    read(text.as_bytes(), Format::Csv, 1 << 16).unwrap_err().to_string()
}

#[test]
fn null_is_null_without_quotes_only() {
    let rows = csv("a,b,c,d\nnull,\"null\",,\"\"\nNull,nulls,null ,null\n");
    assert_eq!(rows[0], [None, Some("null".into()), Some(String::new()), Some(String::new())]);
    assert_eq!(rows[1], [Some("Null".into()), Some("nulls".into()), Some("null ".into()), None]);
}

#[test]
fn quotes_hold_delimiters_lines_and_quotes() {
    assert_eq!(csv("a,b\n\"x,\"\"y\"\"\n\r\nz\",\"\"\"\"\n"), [row(["x,\"y\"\n\r\nz", "\""])]);
    // A quote that does not begin the field is text.
    assert_eq!(csv("a,b\n5\" disk,x\"y\"z\n"), [row(["5\" disk", "x\"y\"z"])]);
}

#[test]
fn control_characters_are_text() {
    let text = "a\u{0}b\u{2028}c\u{2029}d\u{85}e\u{b}";
    assert_eq!(
        csv(&format!("a,b\n{text},x\ry\n\"{text}\",\u{1F600}\n")),
        [row([text, "x\ry"]), row([text, "\u{1F600}"])]
    );
}

#[test]
fn the_header_tells_how_lines_end() {
    assert_eq!(
        csv("a,b\r\n1,2\r\n\"3\",\"4\"\r\n5,6\n7,8\r"),
        [row(["1", "2"]), row(["3", "4"]), row(["5", "6"]), row(["7", "8"])]
    );
    // Where lines end with LF, a CR before it is text, unless the field has closed before it.
    assert_eq!(csv("a,b\n1,2\r\n3,\"4\"\r\n"), [row(["1", "2\r"]), row(["3", "4"])]);
    assert_eq!(csv("a,\"b\"\r\n1,2\r\n"), [row(["1", "2"])]);
    assert_eq!(csv("a,\"b\"\n1,2\r\n"), [row(["1", "2\r"])]);
}

#[test]
fn the_last_line_may_lack_its_end() {
    assert_eq!(csv("a,b\n1,2"), [row(["1", "2"])]);
    assert_eq!(csv("a,b\n1,"), [row(["1", ""])]);
    assert_eq!(csv("a,b\n1,\"2\""), [row(["1", "2"])]);
    assert_eq!(csv("a,b"), [] as [Row; 0]);
    assert_eq!(csv("a,b\n"), [] as [Row; 0]);
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let (header, rows) = read("\u{feff}\"a\",b\n\u{feff}1,2\n".as_bytes(), Format::Csv, 1).unwrap();
    assert_eq!(header, ["a", "b"]);
    assert_eq!(rows, [row(["\u{feff}1", "2"])]);
}

#[test]
fn an_empty_file_has_no_column() {
    for bytes in [&b""[..], b"\xEF\xBB\xBF"] {
        assert_eq!(read(bytes, Format::Csv, 8).unwrap(), (Vec::new(), Vec::new()));
        assert_eq!(count(bytes, Format::Csv, 8).unwrap(), 0);
    }
    // Part of a mark is something else.
    let error = read(b"\xEF\xBB", Format::Csv, 8).unwrap_err();
    assert_eq!(error.kind(), &RowErrorKind::Encoding);
}

#[test]
fn an_empty_line_is_a_record_of_one_column_only() {
    assert_eq!(csv("a,b\n\n1,2\n\n\n"), [row(["1", "2"])]);
    assert_eq!(csv("a,b\r\n\r\n1,2\r\n\r\n"), [row(["1", "2"])]);
    assert_eq!(csv("a\n\n1\n\n"), [row([""]), row(["1"]), row([""])]);
    assert_eq!(csv("a\r\n\r\n1"), [row([""]), row(["1"])]);
    // Something is on these lines.
    assert_eq!(failure("a,b\n\"\"\n"), "line 2: found 1 fields, expected 2 as in the header");
    assert_eq!(failure("a,b\n\r\n"), "line 2: found 1 fields, expected 2 as in the header");
}

#[test]
fn the_header_tells_the_delimiter_of_ssv() {
    let read = |text: &str| read(text.as_bytes(), Format::Ssv, 1).unwrap();
    assert_eq!(read("a;b\n1 2;3\n"), (vec!["a".into(), "b".into()], vec![row(["1 2", "3"])]));
    assert_eq!(read("a b\n1;2 3\n"), (vec!["a".into(), "b".into()], vec![row(["1;2", "3"])]));
    assert_eq!(read("Email Address;b\n1;2\n").0, ["Email Address", "b"]);
    assert_eq!(read("\"a b\" \"c;d\"\n1 2\n").0, ["a b", "c;d"]);
    assert_eq!(read("\"a b\"\n\"1\"\n"), (vec!["a b".into()], vec![row(["1"])]));
    // Of one column, nothing tells which it is, and it does not matter.
    assert_eq!(read("a\n1;2 3\n\"4\"\n"), (vec!["a".into()], vec![row(["1;2 3"]), row(["4"])]));
}

#[test]
fn a_name_may_stand_twice() {
    let mut reader = Reader::new("a,b,a\n1,2,3\n".as_bytes(), Format::Csv).unwrap();
    assert_eq!(reader.header().names().collect::<Vec<_>>(), ["a", "b", "a"]);
    let record = reader.read().unwrap().unwrap();
    assert_eq!(record.text("a").unwrap(), Some("1"));
    assert_eq!(record.fields().map(|(_, field)| field.text().unwrap()).collect::<Vec<_>>(), ["1", "2", "3"]);
}

#[test]
fn tsv_has_tabs() {
    let (header, rows) = read(b"a\tb\n1,2\t\"3\t4\"\n", Format::Tsv, 3).unwrap();
    assert_eq!((header, rows), (vec!["a".into(), "b".into()], vec![row(["1,2", "3\t4"])]));
}

#[test]
fn what_is_broken_says_where() {
    assert_eq!(failure("a,b\n1,2\n3\n"), "line 3: found 1 fields, expected 2 as in the header");
    assert_eq!(failure("a,b\n\"1\n\",2\n3,4,5\n"), "line 4: found 3 fields, expected 2 as in the header");
    assert_eq!(failure("a,b\n1,2\n3,\"4\n5\n"), "line 3: the file ends inside of quotes");
    assert_eq!(failure("a,b\n3,\""), "line 2: the file ends inside of quotes");
    assert_eq!(failure("a,\"b"), "line 1: the file ends inside of quotes");
    assert_eq!(failure("a,b\n1,\"2\"x\n"), "line 2: found text after a closing quote, expected the end of the field");
    assert_eq!(failure("a,b\n1,\"2\"\rx\n"), "line 2: found text after a closing quote, expected the end of the field");
    let error = read(b"a,\xFF\n", Format::Csv, 8).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column `\u{fffd}`: found bytes that are not in UTF-8");
}

#[test]
fn a_ragged_record_does_not_hide_the_next() {
    let mut reader = Reader::new("a,b\n1\n2,3\n\"4".as_bytes(), Format::Csv).unwrap();
    assert_eq!(reader.read().unwrap_err().kind(), &RowErrorKind::Ragged { found: 1, expected: 2 });
    assert_eq!(reader.read().unwrap().unwrap().text("b").unwrap(), Some("3"));
    for _ in 0..2 {
        assert_eq!(reader.read().unwrap_err().kind(), &RowErrorKind::Truncated);
    }
}

#[test]
fn a_source_that_fails_is_an_error_with_its_line() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::StorageFull, "no disk"))
        }
    }
    let mut reader = Reader::new("a\n1\n".as_bytes().chain(Fails), Format::Csv).unwrap();
    assert!(reader.read().unwrap().is_some());
    for _ in 0..2 {
        let error = reader.read().map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 3: the file does not read: no disk");
        assert!(matches!(error.kind(), RowErrorKind::Io { kind: io::ErrorKind::StorageFull, .. }));
    }
}

#[test]
fn the_limit_is_the_record_with_its_end() {
    let file = "id,text\n1,0123456789\n";
    for limit in 8..30 {
        let read = Reader::with_limit(file.as_bytes(), Format::Csv, limit).and_then(|mut reader| {
            reader.read()?;
            reader.read().map(|record| record.is_none())
        });
        match read {
            Ok(ended) => assert!(ended && limit >= 13, "{limit}"),
            Err(error) => {
                assert!(limit < 13, "{limit}: {error}");
                assert_eq!(error.kind(), &RowErrorKind::TooLong { limit });
                assert_eq!(error.line(), 2);
            }
        }
    }
    let error = Reader::with_limit(file.as_bytes(), Format::Csv, 7).unwrap_err();
    assert_eq!(error.to_string(), "line 1: the record is longer than 7 bytes");
}

#[test]
fn memory_is_bounded_by_the_record() {
    let header = b"a,b\n".as_slice();
    let mut record = vec![b'x'; 300_000];
    record.extend(b",y\n");
    // Many of them, one after another, from one allocation.
    struct Repeat<'a>(&'a [u8], usize, usize);
    impl Read for Repeat<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.1 == self.0.len() && self.2 > 0 {
                (self.1, self.2) = (0, self.2 - 1);
            }
            let count = (&self.0[self.1..]).read(buffer)?;
            self.1 += count;
            Ok(count)
        }
    }
    let input = header.chain(Repeat(&record, 0, 99));
    let mut reader = Reader::new(input, Format::Csv).unwrap();
    while let Some(found) = reader.read().unwrap() {
        assert_eq!(found.get("a").unwrap().bytes().len(), 300_000);
    }
    assert_eq!(reader.records(), 100);
    assert!(reader.buffer.len() <= 1 << 20, "{}", reader.buffer.len());
}

#[test]
fn records_are_the_same_whatever_the_chunks() {
    let files = [
        "\u{feff}id,\"na\"\"me\",c\r\n1,\"a \"\"b\"\",\r\n\",null\r\n\r\n2,ü\u{1F600}\u{2028},\"null\"\r\n3,x\"y,\"\"\r\n\"\",\"\"\"\",\"z\"",
        "a;b c\n1;2\n\"3;\n\";\"\"\"\"\"\"\n\n;\n",
        "\"a b\" c\n1 2\n\"3 \"\" \n\" \"\"\n",
        "a\n\n\"\n\"\n1",
    ];
    for (file, format) in files.iter().zip([Format::Csv, Format::Ssv, Format::Ssv, Format::Csv]) {
        let whole = read(file.as_bytes(), format, file.len()).unwrap();
        for chunk in 1..=file.len() {
            assert_eq!(read(file.as_bytes(), format, chunk).unwrap(), whole, "{chunk}");
            assert_eq!(count(file.as_bytes(), format, chunk).unwrap(), whole.1.len() as u64, "{chunk}");
        }
        // Cut off anywhere, it gives the records before the cut and no other, or an error.
        for end in 0..file.len() {
            let bytes = &file.as_bytes()[..end];
            match (read(bytes, format, 7), count(bytes, format, 7)) {
                (Ok((_, rows)), Ok(counted)) => assert_eq!(rows.len() as u64, counted, "{end}"),
                (Err(read), Err(counted)) => assert_eq!(read, counted, "{end}"),
                (Err(read), Ok(_)) => assert!(!matches!(read.kind(), RowErrorKind::Truncated), "{end}: {read}"),
                (Ok(_), Err(counted)) => panic!("{end}: {counted}"),
            }
        }
    }
}

/// Texts in which everything that matters is frequent.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just("\""), 3 => Just(","), 2 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r"), 1 => Just(";"), 1 => Just(" "),
        2 => Just("null"), 3 => Just("a"), 1 => Just("ü"), 1 => Just("\"\""), 1 => Just("\u{0}"), 1 => Just("\",\""), 1 => Just("\t"),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

fn format() -> impl Strategy<Value = Format> {
    prop_oneof![Just(Format::Csv), Just(Format::Tsv), Just(Format::Ssv)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn soup_reads_as_naively(bytes in soup(), format in format(), chunk in 1_usize..12) {
        let naive = naive::read(std::str::from_utf8(&bytes).unwrap(), format);
        match (read(&bytes, format, chunk), naive) {
            (Ok(read), Ok(naive)) => {
                prop_assert_eq!(read.1.len() as u64, count(&bytes, format, chunk).unwrap());
                prop_assert_eq!(read, naive);
            }
            (Err(error), Err(naive)) => {
                prop_assert_eq!((error.line(), error.kind().clone()), naive);
                if *error.kind() == RowErrorKind::Truncated {
                    // Where the counter says an error too, it is the same; a ragged record before is not its business.
                    prop_assert_eq!(count(&bytes, format, chunk).unwrap_err(), error);
                }
            }
            (read, naive) => prop_assert!(false, "{:?} is not {:?}", read, naive),
        }
    }

    #[test]
    fn what_was_written_is_read(
        rows in proptest::collection::vec(proptest::collection::vec(proptest::option::of("[a\"\u{2028},\r\n\0ü; \t]{0,6}"), 3), 0..8),
        format in format(),
        chunk in 1_usize..40,
        crlf: bool,
    ) {
        let delimiter = match format { Format::Csv => ',', Format::Tsv => '\t', Format::Ssv => ';' };
        let mut file = String::new();
        let header = vec![Some("x".to_owned()), Some("null".to_owned()), Some("a \"b\"".to_owned())];
        for row in std::iter::once(&header).chain(&rows) {
            let fields: Vec<_> = row.iter().map(|field| match field {
                Some(text) => format!("\"{}\"", text.replace('"', "\"\"")),
                None => "null".to_owned(),
            }).collect();
            file.push_str(&fields.join(&delimiter.to_string()));
            file.push_str(if crlf { "\r\n" } else { "\n" });
        }
        let (names, read) = read(file.as_bytes(), format, chunk).unwrap();
        prop_assert_eq!(names, header.into_iter().flatten().collect::<Vec<_>>());
        prop_assert_eq!(count(file.as_bytes(), format, chunk).unwrap(), rows.len() as u64);
        prop_assert_eq!(read, rows);
    }
}
