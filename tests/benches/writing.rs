//! Writing a successGetMultipleLeads of 1,000 leads with 20 attributes each: the generated types, and types derived with serde.

mod twin;

use divan::Bencher;
use divan::counter::BytesCount;
use generated::v3_1::SUCCESS_GET_MULTIPLE_LEADS;

fn main() {
    divan::main();
}

#[divan::bench]
fn generated_types(bencher: Bencher<'_, '_>) {
    let message = tests::sample::leads(1_000, 20);
    bencher
        .counter(BytesCount::of_str(&tests::sample::xml(&message)))
        .bench_local(|| runtime::xml::write(&SUCCESS_GET_MULTIPLE_LEADS, &message).unwrap());
}

#[divan::bench]
fn serde_derive(bencher: Bencher<'_, '_>) {
    let document = tests::sample::xml(&tests::sample::leads(1_000, 20));
    let message: twin::Success = quick_xml::de::from_str(&document).unwrap();
    bencher.counter(BytesCount::of_str(&document)).bench_local(|| quick_xml::se::to_string(&message).unwrap());
}
