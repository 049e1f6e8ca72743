//! Small documents in Rust terms, for the tests of lowering.

use std::collections::BTreeMap;

use codegen::diag::{Diagnostics, Sources};
use codegen::service::{self, Facts, Matched};
use codegen::{lower, parse};

const SCHEMA: &str = r#"<xs:schema targetNamespace="urn:example:shop">"#;

/// The module of a document with these lines in its schema, the first of which is its line 3; or what is wrong with it.
pub(crate) fn types(lines: &str) -> String {
    document(&format!("<wsdl:types>{SCHEMA}\n{lines}\n</xs:schema></wsdl:types>"), "")
}

/// The module of a document with these lines, the first of which is its line 2, and of these facts; or what is wrong with them.
pub(crate) fn document(lines: &str, facts: &str) -> String {
    let wsdl = format!(
        "<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"urn:example:shop\" targetNamespace=\"urn:example:shop\">\n\
         {lines}\n</wsdl:definitions>\n"
    );
    let files = [("a.wsdl".to_owned(), wsdl), ("a.toml".to_owned(), facts.to_owned())];
    let sources = Sources::new(&BTreeMap::from(files));
    let mut diagnostics = Diagnostics::default();
    let file = |path| sources.file(path).unwrap_or_default();
    let facts =
        if facts.is_empty() { Facts::default() } else { service::parse(&sources, file("a.toml"), &mut diagnostics) };
    let definitions = parse::parse(&sources, file("a.wsdl"), &[], &mut diagnostics);
    let mut matched = Matched::default();
    let module = lower::lower(&definitions, &facts, &mut matched, "v1_0", "a.wsdl", &mut diagnostics);
    if diagnostics.is_empty() {
        service::unmatched(&facts, &matched, &mut diagnostics);
    }
    if diagnostics.is_empty() { module.to_string() } else { diagnostics.render(&sources) }
}

/// The lines of a module that begin like this, and those below them.
pub(crate) fn lines(module: &str, start: &str) -> Vec<String> {
    let from = module.lines().skip_while(|line| !line.starts_with(start));
    let below = |(index, line): &(usize, &str)| *index == 0 || line.starts_with(' ');
    from.enumerate().take_while(below).map(|(_, line)| line.trim().to_owned()).collect()
}

/// The messages of diagnostics, without their places.
pub(crate) fn messages(rendered: &str) -> Vec<&str> {
    rendered.lines().filter_map(|line| line.split_once(": error: ")).map(|(_, message)| message).collect()
}
