//! Which of the inputs is generated from: the versions of one service.
//!
//! All inputs enter, each version's [`Root`] leaves, the newest last, parsed, since only then it is known who imports whom. Whatever stands among
//! the inputs and would be passed over, because its name is misspelt or it is of another service, is a diagnostic.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span};
use crate::model::Definitions;
use crate::parse;
use crate::service;

/// A WSDL that is a version of a service.
pub(crate) struct Root {
    file: u32,
    service: String,
    /// The path of the service's facts, which need not exist.
    pub(crate) facts: String,
    /// The module's name: `v3_1`.
    pub(crate) module: String,
    version: Vec<u64>,
    /// The path that generated code names: the same wherever the folder is.
    pub(crate) source: String,
    /// What it says.
    pub(crate) definitions: Definitions,
    /// What is wrong with it.
    pub(crate) diagnostics: Diagnostics,
    /// How long it took to parse.
    pub(crate) parsing: Duration,
}

impl Root {
    /// `<folder>/<service>-<version>.wsdl`, the version being numbers with `_` or `.` between; `None` where it has another name.
    pub(crate) fn new(sources: &Sources, path: &str) -> Option<Self> {
        let (service, version) = named(path)?;
        let parts: Vec<_> = version.iter().map(u64::to_string).collect();
        let facts = beside(path, &format!("{service}.toml"));
        let module = format!("v{}", parts.join("_"));
        Some(Self { service, version, module, ..Self::read(sources, path, facts) })
    }

    /// A WSDL of any name, with the `.toml` of the same name.
    pub(crate) fn alone(sources: &Sources, path: &str) -> Self {
        Self::read(sources, path, path.replace(".wsdl", ".toml"))
    }

    fn read(sources: &Sources, path: &str, facts: String) -> Self {
        let start = Instant::now();
        let schemas = sources.file(&facts).map(|file| service::schemas(sources, file)).unwrap_or_default();
        let mut diagnostics = Diagnostics::default();
        let file = sources.file(path);
        let definitions = file.map(|file| parse::parse(sources, file, &schemas, &mut diagnostics)).unwrap_or_default();
        let folders = path.rsplit('/').take(2).filter(|step| !matches!(*step, "" | "." | "..")).collect::<Vec<_>>();
        Self {
            file: file.unwrap_or_default(),
            service: String::new(),
            facts,
            module: "bindings".to_owned(),
            version: Vec::new(),
            source: folders.into_iter().rev().collect::<Vec<_>>().join("/"),
            definitions,
            diagnostics,
            parsing: start.elapsed(),
        }
    }

    fn start(&self) -> Span {
        start(self.file)
    }
}

/// The versions among the inputs; `None` where there is no WSDL at all.
pub(crate) fn find(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Vec<Root>> {
    let wsdls: Vec<_> = sources
        .paths()
        .filter(|(_, path)| extension(path).is_some_and(|found| found.eq_ignore_ascii_case("wsdl")))
        .collect();
    if wsdls.is_empty() {
        return None;
    }
    let mut roots: Vec<_> = wsdls.iter().filter_map(|(_, path)| Root::new(sources, path)).collect();
    let others =
        |root: &Root| root.definitions.files.iter().copied().filter(|file| *file != root.file).collect::<Vec<_>>();
    let imported: BTreeSet<_> = roots.iter().flat_map(others).collect();
    // Those that import each other are versions all the same.
    if roots.iter().any(|root| !imported.contains(&root.file)) {
        roots.retain(|root| !imported.contains(&root.file));
    }
    for (file, path) in &wsdls {
        if named(path).is_none() && !imported.contains(file) {
            let message =
                "expected a name of the form `<service>-<version>.wsdl`, the version being numbers with `_` between";
            diagnostics.push(Diagnostic::new(start(*file), message).note("no other WSDL imports this one"));
        }
    }
    roots.sort_by(|one, other| (&one.facts, &one.version).cmp(&(&other.facts, &other.version)));
    one_service(&roots, diagnostics);
    facts_of(&roots, sources, diagnostics);
    let mut modules: BTreeMap<&str, &Root> = BTreeMap::new();
    for root in &roots {
        if let Some(first) = modules.insert(&root.module, root).filter(|first| first.facts == root.facts) {
            let message = format!("the version `{}` is there twice", root.module);
            diagnostics.push(Diagnostic::new(root.start(), message).note_at("the first", first.start()));
        }
    }
    Some(roots)
}

/// A crate holds one service: its features are versions.
fn one_service(roots: &[Root], diagnostics: &mut Diagnostics) {
    let Some(first) = roots.first() else { return };
    let mut seen = BTreeSet::from([&first.facts]);
    for root in roots {
        if seen.insert(&root.facts) {
            let message = format!("a second service, `{}`, beside `{}`", root.service, first.service);
            let note = format!("the first is `{}`", first.service);
            let help = "a crate holds the versions of one service: give each a folder and a crate of its own";
            diagnostics.push(Diagnostic::new(root.start(), message).note_at(note, first.start()).help(help));
        }
    }
}

/// Facts that belong to no service would be passed over.
fn facts_of(roots: &[Root], sources: &Sources, diagnostics: &mut Diagnostics) {
    let known: BTreeSet<_> = roots.iter().map(|root| root.facts.as_str()).collect();
    for (file, path) in sources.paths().filter(|(_, path)| extension(path) == Some("toml")) {
        let is_beside = |facts: &&&str| beside(path, "") == beside(facts, "");
        if let Some(facts) = known.iter().find(is_beside).filter(|_| !known.contains(path)) {
            let name = facts.rsplit('/').next().unwrap_or(facts);
            diagnostics
                .push(Diagnostic::new(start(file), format!("expected the name `{name}`: facts of no service here")));
        }
    }
}

/// Service and version in a path.
fn named(path: &str) -> Option<(String, Vec<u64>)> {
    let stem = path.strip_suffix(".wsdl")?;
    let name = stem.rsplit('/').next().unwrap_or(stem);
    let (service, version) = name.rsplit_once('-').filter(|(service, _)| !service.is_empty())?;
    let version = version.split(['_', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some((service.to_owned(), version))
}

/// The path of the file `name` in the folder of `path`.
fn beside(path: &str, name: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    }
}

fn extension(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, extension)| extension)
}

/// The beginning of a file: where something is wrong with its name.
fn start(file: u32) -> Span {
    Span { file, start: 0, end: 1 }
}
