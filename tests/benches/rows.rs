//! Reading records: the reader of export files beside the counting of lines, over a file of leads and one of activities whose attributes are
//! JSON full of doubled quotes.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use runtime::bulk::Format;
use runtime::bulk::rows::{Reader, RecordCounter};

fn main() {
    divan::main();
}

const RECORDS: usize = 20_000;

#[derive(Clone, Copy, Debug)]
enum File {
    Leads,
    Activities,
}

const FILES: [File; 2] = [File::Leads, File::Activities];

impl File {
    fn text(self) -> String {
        match self {
            Self::Leads => tests::export::leads(RECORDS),
            Self::Activities => tests::export::activities(RECORDS),
        }
    }
}

#[divan::bench(args = FILES)]
fn lines_counted(bencher: Bencher<'_, '_>, file: File) {
    let text = file.text();
    bencher
        .counter(BytesCount::of_str(&text))
        .counter(ItemsCount::new(RECORDS))
        .bench_local(|| memchr::memchr_iter(b'\n', divan::black_box(text.as_bytes())).count());
}

#[divan::bench(args = FILES)]
fn records_counted(bencher: Bencher<'_, '_>, file: File) {
    let text = file.text();
    bencher.counter(BytesCount::of_str(&text)).counter(ItemsCount::new(RECORDS)).bench_local(|| {
        let mut counter = RecordCounter::new(Format::Csv);
        for chunk in text.as_bytes().chunks(16 << 10) {
            counter.push(chunk).unwrap();
        }
        counter.finish().unwrap()
    });
}

#[divan::bench(args = FILES)]
fn records_read(bencher: Bencher<'_, '_>, file: File) {
    let text = file.text();
    bencher.counter(BytesCount::of_str(&text)).counter(ItemsCount::new(RECORDS)).bench_local(|| {
        let mut reader = Reader::new(text.as_bytes(), Format::Csv).unwrap();
        let mut bytes = 0;
        while let Some(record) = reader.read().unwrap() {
            bytes += record.fields().map(|(_, field)| field.bytes().len()).sum::<usize>();
        }
        bytes
    });
}

#[divan::bench(args = FILES)]
fn records_read_by_the_csv_crate(bencher: Bencher<'_, '_>, file: File) {
    let text = file.text();
    bencher.counter(BytesCount::of_str(&text)).counter(ItemsCount::new(RECORDS)).bench_local(|| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut record = csv::ByteRecord::new();
        let mut bytes = 0;
        while reader.read_byte_record(&mut record).unwrap() {
            bytes += record.iter().map(<[u8]>::len).sum::<usize>();
        }
        bytes
    });
}
