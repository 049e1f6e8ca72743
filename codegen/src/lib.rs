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
pub mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use diag::{Diagnostics, Sources};
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
    /// The WSDL's path.
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

/// Generates all versions of all services among the inputs, a map from path to text: each `<service>-<version>.wsdl` is a version, with what
/// it imports; `<service>.toml` beside it says what it cannot.
///
/// # Errors
///
/// All that is wrong in the inputs or not supported.
pub fn generate(inputs: &BTreeMap<String, String>) -> Result<Generated, Failure> {
    let sources = Sources::new(inputs);
    let mut diagnostics = Diagnostics::default();
    let mut generated = Generated::default();
    let mut modules = Vec::new();
    for (facts_path, roots) in services(inputs)? {
        let facts = facts(&sources, &facts_path, &mut diagnostics);
        let mut matched = Matched::default();
        for Root { path, module, .. } in roots {
            let start = Instant::now();
            let ir = lowered(&sources, &path, &module, &facts, &mut matched, &mut diagnostics).1;
            if !diagnostics.is_empty() {
                continue;
            }
            generated.files.extend(write(&ir)?.into_iter().map(|(name, text)| (format!("src/{module}/{name}"), text)));
            let operations = ir.port.as_ref().map_or(0, |port| port.operations.len());
            let types = ir.types.len() + ir.enums.len();
            generated.versions.push(Version { module, source: path, types, operations, time: start.elapsed() });
            modules.push(ir.name);
        }
        // Only what lowered says what it has.
        if diagnostics.is_empty() {
            service::unmatched(&facts, &matched, &mut diagnostics);
        }
    }
    if !diagnostics.is_empty() {
        return Err(Failure(diagnostics.render(&sources)));
    }
    let list = output::pretty(&output::header("wsdl"), emit::versions(&modules)).map_err(bug)?;
    generated.files.insert("src/versions.rs".to_owned(), list);
    generated.features = features(&generated.versions);
    Ok(generated)
}

/// Reads one WSDL among the inputs, with what it imports and, if there is exactly one, the `.toml` of its service: the model of it, and what
/// Rust will say.
///
/// # Errors
///
/// All that is wrong in it or not supported.
pub fn read(inputs: &BTreeMap<String, String>, path: &str) -> Result<(model::Definitions, ir::Module), Failure> {
    let sources = Sources::new(inputs);
    let mut diagnostics = Diagnostics::default();
    let root = Root::new(path);
    let alone = root.is_none();
    let (facts_path, module) = match root {
        Some(root) => (root.facts, root.module),
        None => (path.replace(".wsdl", ".toml"), "bindings".to_owned()),
    };
    let facts = facts(&sources, &facts_path, &mut diagnostics);
    let mut matched = Matched::default();
    let read = lowered(&sources, path, &module, &facts, &mut matched, &mut diagnostics);
    if alone && diagnostics.is_empty() {
        service::unmatched(&facts, &matched, &mut diagnostics);
    }
    if diagnostics.is_empty() { Ok(read) } else { Err(Failure(diagnostics.render(&sources))) }
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

fn lowered(
    sources: &Sources,
    path: &str,
    module: &str,
    facts: &Facts,
    matched: &mut Matched,
    diagnostics: &mut Diagnostics,
) -> (model::Definitions, ir::Module) {
    let mut found = Diagnostics::default();
    let definitions = match sources.file(path) {
        Some(file) => parse::parse(sources, file, &mut found),
        None => model::Definitions::default(),
    };
    // A document that does not read would only give errors that follow from those there are.
    let ir = match found.is_empty() {
        true => lower::lower(&definitions, facts, matched, module, path, &mut found),
        false => lower::lower(&model::Definitions::default(), &Facts::default(), matched, module, path, &mut found),
    };
    found.iter().for_each(|diagnostic| diagnostics.push(diagnostic.clone()));
    (definitions, ir)
}

/// A WSDL that is a version of a service.
struct Root {
    path: String,
    service: String,
    /// The path of the service's facts, which need not exist.
    facts: String,
    module: String,
    version: Vec<u64>,
}

impl Root {
    /// `<folder>/<service>-<version>.wsdl`, the version being numbers with `_` or `.` between.
    fn new(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(".wsdl")?;
        let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
        let (service, version) = name.rsplit_once('-')?;
        let version = version.split(['_', '.']).map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let parts: Vec<_> = version.iter().map(u64::to_string).collect();
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Some(Self {
            path: path.to_owned(),
            service: service.to_owned(),
            facts: format!("{folder}{service}.toml"),
            module: format!("v{}", parts.join("_")),
            version,
        })
    }
}

/// The versions of each service, the newest last, by the path of its facts. With several services, modules have the service in their name.
fn services(inputs: &BTreeMap<String, String>) -> Result<BTreeMap<String, Vec<Root>>, Failure> {
    let mut services: BTreeMap<String, Vec<Root>> = BTreeMap::new();
    let mut nameless = String::new();
    for (path, _) in inputs.iter().filter(|(path, _)| path.ends_with(".wsdl")) {
        let file_name = path.rsplit('/').next().unwrap_or(path);
        match Root::new(path) {
            Some(root) => services.entry(root.facts.clone()).or_default().push(root),
            // What another document imports needs no version of its own.
            None if inputs.iter().any(|(other, text)| other != path && text.contains(file_name)) => {}
            None => {
                nameless.push_str(&format!("{path}: error: expected a name of the form `<service>-<version>.wsdl`\n"))
            }
        }
    }
    if !nameless.is_empty() {
        return Err(Failure(nameless));
    }
    let several = services.len() > 1;
    for roots in services.values_mut() {
        roots.sort_by(|one, other| one.version.cmp(&other.version));
        for root in roots.iter_mut().filter(|_| several) {
            let service: String = root
                .service
                .chars()
                .map(|letter| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '_' })
                .collect();
            root.module = format!("{service}_{}", root.module);
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = services.values().flatten().find(|root| !seen.insert(&root.module)) {
        return Err(Failure(format!("{}: error: another WSDL has the version `{}`\n", twice.path, twice.module)));
    }
    Ok(services)
}

/// The newest version is what a crate gets that asks for nothing else.
fn features(versions: &[Version]) -> String {
    let quoted: Vec<_> = versions.iter().map(|version| format!("{:?}", version.module)).collect();
    let newest = quoted.last().cloned().unwrap_or_default();
    let mut lines = format!("default = [{newest}]\nall-versions = [{}]\n", quoted.join(", "));
    versions.iter().for_each(|version| lines.push_str(&format!("{} = []\n", version.module)));
    lines
}
