//! What documents of our own become, and what is said of wrong ones.

mod errors;
mod imports;
mod schema;
mod wsdl;

use std::collections::BTreeMap;

use crate::diag::{Diagnostics, Sources};
use crate::model::{Definitions, QName};

const TNS: &str = "urn:example:shop";

/// Parses the first of some files; the second value is what was reported.
fn parse_files(files: &[(&str, &str)]) -> (Definitions, String) {
    let all = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect::<BTreeMap<_, _>>();
    let sources = Sources::new(&all);
    let root = sources.file(files[0].0).unwrap();
    let mut diagnostics = Diagnostics::default();
    let definitions = super::parse(&sources, root, &[], &mut diagnostics);
    (definitions, diagnostics.render(&sources))
}

/// A document with these lines in its `wsdl:definitions`, the first of which is its line 2.
fn document(lines: &str) -> String {
    format!(
        "<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
         xmlns:tns=\"{TNS}\" xmlns:x=\"urn:example:extension\" targetNamespace=\"{TNS}\">\n{lines}\n</wsdl:definitions>\n"
    )
}

/// A document with these lines in its one schema, the first of which is its line 3.
fn schema_document(lines: &str) -> String {
    document(&format!("<wsdl:types><xs:schema targetNamespace=\"{TNS}\">\n{lines}\n</xs:schema></wsdl:types>"))
}

/// What is reported of a document.
fn reported(text: &str) -> String {
    parse_files(&[("a.wsdl", text)]).1
}

/// What a document becomes that is right.
fn right(text: &str) -> Definitions {
    let (definitions, report) = parse_files(&[("a.wsdl", text)]);
    assert_eq!(report, "");
    definitions
}

fn tns(local: &str) -> QName {
    QName::new(TNS, local)
}
