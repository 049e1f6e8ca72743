//! Envelopes written by hand after the facts: each of the 23 operations both ways, read and written back.
//!
//! Those named `<operation>.request.xml` and `<operation>.response.xml` come back canonically equal as they are. The others say something in
//! an unusual way; they come back equal once put in the schema's order, without what the schema does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use codegen::model::Definitions;
use runtime::soap::Fault;
use tests::canonical::{canonical_envelope, canonical_fault};
use tests::document::Element;
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

/// The name of the envelope that this one says the same as in other words, where it is a variant.
fn base(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".xml")?;
    let (base, last) = stem.rsplit_once('.')?;
    let is_variant = match name.starts_with("fault.") {
        true => base.contains('.'),
        false => !matches!(last, "request" | "response"),
    };
    is_variant.then(|| format!("{base}.xml"))
}

/// The element with all in it sorted by name: no schema says in which order a detail's parts stand.
fn sorted(element: &Element) -> Element {
    let mut element = Element { children: element.children.iter().map(sorted).collect(), ..element.clone() };
    element.children.sort_by(|one, other| one.name.cmp(&other.name));
    element
}

#[test]
fn a_variant_says_what_its_base_says() {
    let newest = VERSIONS.last().unwrap();
    let rewritten = |name: &str, xml: &[u8]| (newest.rewrite)(xml).unwrap_or_else(|error| panic!("{name}: {error}"));
    let all: BTreeMap<_, _> = envelopes().into_iter().collect();
    let mut count = 0;
    for (name, base) in all.keys().filter_map(|name| Some((name, base(name)?))) {
        let original = all.get(&base).unwrap_or_else(|| panic!("{name} has no {base}"));
        let (one, other) = (rewritten(name, &all[name]), rewritten(&base, original));
        if name.starts_with("fault.") {
            // Details are kept as they came.
            let sorted = |xml: &str| sorted(&canonical_fault(&document::parse(xml).unwrap()).unwrap()).to_string();
            assert_eq!(sorted(&one.xml), sorted(&other.xml), "{name}");
        } else {
            // Written with one hand, equal values give equal bytes.
            assert_eq!(one, other, "{name}");
        }
        count += 1;
    }
    assert!(count >= 26, "{count}");
}

#[test]
fn faults_come_back() {
    let newest = VERSIONS.last().unwrap();
    let mut count = 0;
    for (name, xml) in envelopes().into_iter().filter(|(name, _)| name.starts_with("fault")) {
        let parse = |xml: &str| document::parse(xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        let fault = read_fault(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = (newest.rewrite)(&xml).unwrap_or_else(|error| panic!("{name}: {error}")).xml;
        let again = read_fault(written.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Of details, sources are kept, and the declarations around them differ: the trees are compared.
        let parts =
            |fault: &Fault| (fault.code.clone(), fault.string.clone(), fault.actor.clone(), fault.detail_text.clone());
        assert_eq!(parts(&again), parts(&fault), "{name}");
        let original = canonical_fault(&parse(std::str::from_utf8(&xml).unwrap())).expect("a fault");
        assert_eq!(canonical_fault(&parse(&written)).expect("a fault").to_string(), original.to_string(), "{name}");
        count += 1;
    }
    assert!(count >= 6, "{count}");
}
