//! The generator on all WSDLs of `wsdl/`, files in memory to files in memory.

fn main() {
    divan::main();
}

#[divan::bench]
fn all_versions(bencher: divan::Bencher<'_, '_>) {
    let inputs = tests::files::inputs();
    bencher.bench_local(|| codegen::generate(&inputs).unwrap());
}
