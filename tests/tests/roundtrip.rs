//! Random documents through every type of every version and of every golden case: what comes back says the same.
//!
//! Each document goes in twice, as it is and in other words: reordered, with unknown elements, other prefixes, other quotes. Both must come
//! back in the schema's order with nothing lost, by way of XML and by way of JSON, judged by a tree that roxmltree read. Their JSON must be what
//! the model says, and not only come back.

use codegen::model::{Definitions, QName, TypeRef};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use tests::arbitrary::{self, Source};
use tests::canonical::canonical;
use tests::document;
use tests::json;
use tests::schema::Schema;
use tests::trip::{BINDINGS, Bindings, Type};

/// Random documents a type: over 15,000 in all, since a version has more than 130 types.
const CASES: u32 = 12;

fn definitions(bindings: &Bindings) -> Definitions {
    let (folder, name) = bindings.source;
    let inputs = tests::files::texts(&tests::files::root().join(folder), &["wsdl", "xsd", "toml"]);
    let (definitions, _) = codegen::read(&inputs, name).unwrap_or_else(|failure| panic!("{failure}"));
    definitions
}

fn check(schema: Schema<'_>, type_: &Type, bytes: &[u8]) -> Result<(), TestCaseError> {
    let type_ref = TypeRef::Named(QName::new(type_.namespace, type_.local), codegen::diag::Span::default());
    let mut source = Source::new(bytes);
    let made = arbitrary::value(schema, QName::new("", "value"), &type_ref, &mut source);
    let expected = canonical(schema, &type_ref, &made).document;
    let disguised = arbitrary::scramble(schema, &type_ref, &made, &mut source);
    for document in [arbitrary::spell(&made, &mut Source::new(&[])), arbitrary::spell(&disguised, &mut source)] {
        let fail = |message: String| TestCaseError::fail(format!("{message}\nin {document}"));
        let trip = (type_.trip)(document.as_bytes()).map_err(fail)?;
        let written = document::parse(&trip.xml).map_err(fail)?;
        let found = canonical(schema, &type_ref, &written);
        prop_assert_eq!(found.notes, Vec::<String>::new(), "written out of order: {}", trip.xml);
        prop_assert_eq!(found.document.to_string(), expected.to_string(), "{}\nin {}", trip.xml, document);
        let json: serde_json::Value = serde_json::from_str(&trip.json).map_err(|error| fail(error.to_string()))?;
        prop_assert_eq!(json, json::json(schema, &type_ref, &expected), "of {}", document);
    }
    Ok(())
}

fn check_all(bindings: &Bindings) -> u32 {
    let definitions = definitions(bindings);
    let schema = Schema::new(&definitions);
    let mut cases = 0;
    for type_ in bindings.types {
        let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
        let documents = proptest::collection::vec(any::<u8>(), 0..400);
        cases += 2 * CASES;
        if let Err(error) = runner.run(&documents, |bytes| check(schema, type_, &bytes)) {
            match error {
                TestError::Fail(reason, _) => panic!("{} {}: {reason}", bindings.name, type_.local),
                TestError::Abort(reason) => panic!("{} {}: {reason}", bindings.name, type_.local),
            }
        }
    }
    cases
}

#[test]
fn every_type_of_every_version_comes_back() {
    let versions: Vec<_> = BINDINGS.iter().filter(|bindings| bindings.source.0 == "wsdl").collect();
    assert!(versions.len() >= 5, "{versions:?}");
    let cases: u32 = versions.into_iter().map(check_all).sum();
    assert!(cases > 1_000, "{cases}");
}

#[test]
fn every_type_of_every_golden_case_comes_back() {
    let cases: Vec<_> = BINDINGS.iter().filter(|bindings| bindings.source.0 != "wsdl").collect();
    assert!(!cases.is_empty());
    for case in cases {
        check_all(case);
    }
}
