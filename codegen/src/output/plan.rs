//! What on the disk differs from what should be there.
//!
//! The crate's folder and the texts enter, a [`Plan`] leaves. Only reads.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Error, MARK, new, replace};

/// What is to be done to a crate's folder.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order in which it is to be done: modules, the list of them, the manifest, then what goes.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

/// One file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// What is in it; `None` where there is no such file.
    pub old: Option<String>,
    /// What should be in it; `None` where there should be no such file.
    pub new: Option<String>,
}

/// Compares the crate in `root` with `files`, by their paths in it, and with the lines `features` of its manifest. Where there is no manifest, a
/// crate is made: its manifest and its root are written once, and are the user's from then on.
///
/// # Errors
///
/// Files that cannot be read, those that are in the way and not codegen's, and a manifest without marks.
pub fn plan(root: &Path, files: &BTreeMap<String, String>, features: &str) -> Result<Plan, Error> {
    let mut plan = Plan::default();
    for (name, text) in files {
        let path = root.join(name);
        let old = read(&path)?;
        if old.as_ref().is_some_and(|old| old != text && !old.starts_with(MARK)) {
            return Err(Error::Foreign(path));
        }
        plan.add(path, old, Some(text.clone()));
    }
    let path = root.join("Cargo.toml");
    let old = read(&path)?;
    let library = root.join("src/lib.rs");
    if old.is_none() && read(&library)?.is_none() {
        plan.add(library, None, Some(new::library()));
    }
    let new = match &old {
        Some(old) => replace(old, features).ok_or_else(|| Error::Marks(path.clone()))?,
        None => new::manifest(root, features),
    };
    plan.add(path, old, Some(new));
    for path in generated(&root.join("src"))? {
        if !files.keys().any(|name| root.join(name) == path) {
            let old = read(&path)?;
            plan.add(path, old, None);
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(&mut self, path: PathBuf, old: Option<String>, new: Option<String>) {
        if old == new {
            self.unchanged += 1;
        } else {
            self.changes.push(Change { path, old, new });
        }
    }
}

/// A file's text; `None` where there is none. One that is not text is somebody else's.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(Error::Foreign(path.to_owned())),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// The files in the folders of `src` that begin as codegen's do, sorted.
fn generated(src: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for (folder, is_folder) in entries(src)? {
        if !is_folder {
            continue;
        }
        for (path, is_folder) in entries(&folder)? {
            let is_rust = !is_folder && path.extension().is_some_and(|extension| extension == "rs");
            if is_rust && fs::read(&path).map_err(Error::io(&path))?.starts_with(MARK.as_bytes()) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What stands in a folder, and whether it is one itself; nothing where there is no such folder. Links are not followed.
fn entries(folder: &Path) -> Result<Vec<(PathBuf, bool)>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(folder)(error)),
    };
    entries
        .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_dir()))))
        .collect::<Result<_, _>>()
        .map_err(Error::io(folder))
}
