//! The project's own files: WSDLs, golden cases, envelopes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The project's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Everything in `wsdl/` that the generator reads, by path from the project's root.
///
/// # Panics
///
/// Where a file does not read.
#[must_use]
pub fn inputs() -> BTreeMap<String, String> {
    texts(&root().join("wsdl"), &["wsdl", "xsd", "toml"])
        .into_iter()
        .map(|(name, text)| (format!("wsdl/{name}"), text))
        .collect()
}

/// The texts of the files in a folder that have one of these extensions, by name. None where there is no such folder.
///
/// # Panics
///
/// Where a file does not read.
#[must_use]
pub fn texts(folder: &Path, extensions: &[&str]) -> BTreeMap<String, String> {
    let wanted =
        |path: &PathBuf| path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted));
    names(folder)
        .into_iter()
        .map(|name| folder.join(name))
        .filter(wanted)
        .map(|path| {
            (file_name(&path), fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        })
        .collect()
}

/// The names of what is in a folder, sorted.
///
/// # Panics
///
/// Where it does not read.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| file_name(&entry.expect("a folder that reads").path())).collect();
    names.sort();
    names
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
