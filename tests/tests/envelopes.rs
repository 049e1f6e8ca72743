//! Envelopes written by hand after the facts: each of the 23 operations both ways, read and written back.
//!
//! Those named `<operation>.request.xml` and `<operation>.response.xml` come back canonically equal as they are. The others say something in
//! an unusual way; they come back equal once put in the schema's order, without what the schema does not have.

use std::collections::BTreeSet;
use std::fs;

use codegen::model::Definitions;
use tests::canonical::canonical_envelope;
use tests::envelope::{VERSIONS, read_fault};
use tests::schema::Schema;
use tests::{document, files};

fn definitions() -> Definitions {
    let newest = VERSIONS.last().expect("a version");
    let path = format!("wsdl/{}", newest.source);
    codegen::read(&files::inputs(), &path).unwrap_or_else(|failure| panic!("{failure}")).0
}

fn envelopes() -> Vec<(String, Vec<u8>)> {
    let folder = files::root().join("tests/envelopes");
    let names = files::names(&folder).into_iter().filter(|name| name.ends_with(".xml"));
    names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

#[test]
fn every_operation_has_a_request_and_a_response() {
    let definitions = definitions();
    let operations: BTreeSet<_> = definitions
        .port_types
        .values()
        .flat_map(|port| &port.operations)
        .map(|operation| operation.name.clone())
        .collect();
    assert_eq!(operations.len(), 23);
    let newest = VERSIONS.last().unwrap();
    let found: BTreeSet<_> = envelopes()
        .iter()
        .filter_map(|(name, xml)| {
            // A main file has no third part in its name.
            let is_main = name.matches('.').count() == 2 && !name.starts_with("fault");
            is_main.then(|| (newest.rewrite)(xml).unwrap_or_else(|error| panic!("{name}: {error}")).what)
        })
        .collect();
    let expected: BTreeSet<_> =
        operations.iter().flat_map(|name| [format!("{name} request"), format!("{name} response")]).collect();
    assert_eq!(found, expected);
}

#[test]
fn envelopes_come_back_canonically_equal() {
    let definitions = definitions();
    let schema = Schema::new(&definitions);
    let newest = VERSIONS.last().unwrap();
    let mut count = 0;
    for (name, xml) in envelopes().into_iter().filter(|(name, _)| !name.starts_with("fault")) {
        let check = || -> Result<(), String> {
            let written = (newest.rewrite)(&xml)?.xml;
            let text = std::str::from_utf8(&xml).map_err(|error| error.to_string())?;
            let original = canonical_envelope(schema, &document::parse(text)?)?;
            let result = document::parse(&written)?;
            let again = canonical_envelope(schema, &result)?;
            if !again.notes.is_empty() {
                return Err(format!("written, it needs {:?}", again.notes));
            }
            if original.document != again.document {
                return Err(format!("read\n{}\nwritten\n{}", original.document, again.document));
            }
            if name.matches('.').count() == 2 && !original.notes.is_empty() {
                return Err(format!("it needs {:?}", original.notes));
            }
            Ok(())
        };
        check().unwrap_or_else(|error| panic!("{name}: {error}"));
        count += 1;
    }
    assert!(count >= 46, "{count}");
}

#[test]
fn faults_come_back() {
    let newest = VERSIONS.last().unwrap();
    let mut count = 0;
    for (name, xml) in envelopes().into_iter().filter(|(name, _)| name.starts_with("fault")) {
        let fault = read_fault(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = (newest.rewrite)(&xml).unwrap_or_else(|error| panic!("{name}: {error}")).xml;
        let again = read_fault(written.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((&again.code, &again.string, &again.actor), (&fault.code, &fault.string, &fault.actor), "{name}");
        let detail = |xml: &str| {
            let envelope = document::parse(xml).unwrap_or_else(|error| panic!("{name}: {error}"));
            let fault = &envelope.children.iter().find(|part| part.name.local == "Body").expect("a body").children[0];
            let detail = fault.children.iter().find(|child| child.name.local == "detail");
            detail.map(|detail| detail.children.clone()).unwrap_or_default()
        };
        assert_eq!(detail(&written), detail(std::str::from_utf8(&xml).unwrap()), "{name}");
        count += 1;
    }
    assert!(count >= 3, "{count}");
}
