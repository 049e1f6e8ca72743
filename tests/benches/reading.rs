//! Reading a successGetMultipleLeads of 1,000 leads with 20 attributes each: quick-xml's bare event loop, which keeps nothing, the generated
//! types, and types derived with serde, over the same bytes.

mod twin;

use divan::Bencher;
use divan::counter::BytesCount;
use generated::v3_1::SUCCESS_GET_MULTIPLE_LEADS;
use quick_xml::events::Event;

fn main() {
    divan::main();
}

fn document() -> String {
    tests::sample::xml(&tests::sample::leads(1_000, 20))
}

#[divan::bench]
fn bare_event_loop(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher.counter(BytesCount::of_str(&document)).bench_local(|| {
        let mut reader = quick_xml::Reader::from_str(&document);
        let mut events = 0;
        while !matches!(divan::black_box(reader.read_event()), Ok(Event::Eof) | Err(_)) {
            events += 1;
        }
        events
    });
}

#[divan::bench]
fn generated_types(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher
        .counter(BytesCount::of_str(&document))
        .bench_local(|| runtime::xml::read(&SUCCESS_GET_MULTIPLE_LEADS, document.as_bytes()).unwrap());
}

#[divan::bench]
fn serde_derive(bencher: Bencher<'_, '_>) {
    let document = document();
    bencher
        .counter(BytesCount::of_str(&document))
        .bench_local(|| quick_xml::de::from_str::<twin::Success>(&document).unwrap());
}
