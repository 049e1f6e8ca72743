//! Turns WSDL 1.1 with its XML Schema into Rust types and operation stubs.
//!
//! [`generate()`] is the whole pipeline: texts of files enter, texts of files leave, and nothing touches a disk. A build script can call it as
//! the binary does; [`output`] compares with a folder and writes.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! let wsdl = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
//!     targetNamespace="urn:example:shop"><types><xs:schema targetNamespace="urn:example:shop">
//!   <xs:complexType name="Price">
//!     <xs:sequence>
//!       <xs:element name="amount" type="xs:decimal"/>
//!       <xs:element name="currency" type="xs:string" minOccurs="0"/>
//!     </xs:sequence>
//!   </xs:complexType>
//! </xs:schema></types></definitions>"#;
//! let inputs = BTreeMap::from([("shop-1_0.wsdl".to_owned(), wsdl.to_owned())]);
//!
//! let generated = codegen::generate(&inputs)?;
//! let types = &generated.files["src/v1_0/types.rs"];
//! assert!(types.contains("pub struct Price {"));
//! assert!(types.contains("pub currency: Option<String>,"));
//! # Ok::<(), codegen::Failure>(())
//! ```

pub mod diag;
pub mod emit;
pub mod ir;
pub mod lower;
pub mod model;
pub mod names;
pub mod output;
pub mod parse;
mod roots;
pub mod service;

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use diag::{Diagnostics, Sources};
use roots::Root;
use service::{Facts, Matched};

/// What came of all inputs.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// The versions, the newest last.
    pub versions: Vec<Version>,
    /// The files by their path in the generated crate.
    pub files: BTreeMap<String, String>,
    /// The lines of the crate's manifest that list its features.
    pub features: String,
}

/// One version of a service.
#[derive(Clone, Debug)]
pub struct Version {
    /// The module and cargo feature: `v3_1`.
    pub module: String,
    /// The WSDL's path, as generated code names it: its folder and its name.
    pub source: String,
    /// How many types there are, enumerations and unions included.
    pub types: usize,
    /// How many operations there are.
    pub operations: usize,
    /// How long it took.
    pub time: Duration,
}

/// The inputs are wrong, or hold what is not supported: one diagnostic after the other, each with its place.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// Generates all versions of the one service among the inputs, a map from path to text: each `<service>-<version>.wsdl` that no other WSDL
/// imports is a version, with what it imports; `<service>.toml` beside it says what it cannot.
///
/// # Errors
///
/// All that is wrong in the inputs or not supported, a second service among it; and inputs without a WSDL.
pub fn generate(inputs: &BTreeMap<String, String>) -> Result<Generated, Failure> {
    let sources = Sources::new(inputs);
    let mut diagnostics = Diagnostics::default();
    let Some(roots) = roots::find(&sources, &mut diagnostics) else {
        return Err(Failure("error: there is no `<service>-<version>.wsdl` to generate from\n".to_owned()));
    };
    let mut generated = Generated::default();
    let mut modules = Vec::new();
    let facts = roots.first().map(|root| facts(&sources, &root.facts, &mut diagnostics)).unwrap_or_default();
    let mut matched = Matched::default();
    for root in roots {
        let start = Instant::now();
        let ir = lowered(&root, &facts, &mut matched, &mut diagnostics);
        if !diagnostics.is_empty() {
            continue;
        }
        let Root { module, source, parsing, .. } = root;
        generated.files.extend(write(&ir)?.into_iter().map(|(name, text)| (format!("src/{module}/{name}"), text)));
        let operations = ir.port.as_ref().map_or(0, |port| port.operations.len());
        let types = ir.types.len() + ir.enums.len();
        generated.versions.push(Version { module, source, types, operations, time: parsing + start.elapsed() });
        modules.push(ir.name);
    }
    // Only what lowered says what it has.
    if diagnostics.is_empty() {
        service::unmatched(&facts, &matched, &mut diagnostics);
    }
    if !diagnostics.is_empty() {
        return Err(Failure(diagnostics.render(&sources)));
    }
    let list = output::pretty(&output::header("wsdl"), emit::versions(&modules)).map_err(bug)?;
    generated.files.insert("src/versions.rs".to_owned(), list);
    generated.features = features(&generated.versions);
    Ok(generated)
}

/// Reads one WSDL among the inputs, with what it imports and the `.toml` of its service: the model of it, and what Rust will say. Of the
/// `.toml` every entry must match where the WSDL's name has no version, and so is the only one.
///
/// # Errors
///
/// All that is wrong in it or not supported.
pub fn read(inputs: &BTreeMap<String, String>, path: &str) -> Result<(model::Definitions, ir::Module), Failure> {
    let sources = Sources::new(inputs);
    let mut diagnostics = Diagnostics::default();
    let root = Root::new(&sources, path);
    let alone = root.is_none();
    let root = root.unwrap_or_else(|| Root::alone(&sources, path));
    let facts = facts(&sources, &root.facts, &mut diagnostics);
    let mut matched = Matched::default();
    let module = lowered(&root, &facts, &mut matched, &mut diagnostics);
    if alone && diagnostics.is_empty() {
        service::unmatched(&facts, &matched, &mut diagnostics);
    }
    if diagnostics.is_empty() { Ok((root.definitions, module)) } else { Err(Failure(diagnostics.render(&sources))) }
}

/// The files of a module, by name.
///
/// # Errors
///
/// Code that is no Rust, which is a fault of the generator.
pub fn write(module: &ir::Module) -> Result<BTreeMap<String, String>, Failure> {
    let header = output::header(&module.source);
    let files = emit::emit(module).into_iter();
    files.map(|file| Ok((file.path.to_owned(), output::pretty(&header, file.tokens).map_err(bug)?))).collect()
}

fn bug(error: syn::Error) -> Failure {
    Failure(format!("the generator wrote what is no Rust: {error}\n"))
}

fn facts(sources: &Sources, path: &str, diagnostics: &mut Diagnostics) -> Facts {
    sources.file(path).map(|file| service::parse(sources, file, diagnostics)).unwrap_or_default()
}

/// Lowers what was parsed. A document that does not read would only give errors that follow from those there are.
fn lowered(root: &Root, facts: &Facts, matched: &mut Matched, diagnostics: &mut Diagnostics) -> ir::Module {
    root.diagnostics.iter().for_each(|diagnostic| diagnostics.push(diagnostic.clone()));
    let nothing = (model::Definitions::default(), Facts::default());
    let (definitions, facts) = match root.diagnostics.is_empty() {
        true => (&root.definitions, facts),
        false => (&nothing.0, &nothing.1),
    };
    let mut found = Diagnostics::default();
    let module = lower::lower(definitions, facts, matched, &root.module, &root.source, &mut found);
    found.iter().for_each(|diagnostic| diagnostics.push(diagnostic.clone()));
    module
}

/// The newest version is what a crate gets that asks for nothing else.
fn features(versions: &[Version]) -> String {
    let quoted: Vec<_> = versions.iter().map(|version| format!("{:?}", version.module)).collect();
    let newest = quoted.last().cloned().unwrap_or_default();
    let mut lines = format!("default = [{newest}]\nall-versions = [{}]\n", quoted.join(", "));
    versions.iter().for_each(|version| lines.push_str(&format!("{} = []\n", version.module)));
    lines
}
