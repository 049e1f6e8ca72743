//! The files of a crate of bindings that are written once and are the user's from then on.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::features;

/// The root of the crate.
pub(super) fn library() -> String {
    "//! Bindings from WSDL, one module a version, each behind a feature of its name.\n\nmod versions;\n\npub use versions::*;\n".to_owned()
}

/// The manifest of the crate in `root`, with these lines of features.
pub(super) fn manifest(root: &Path, features: &str) -> String {
    let name = absolute(root).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let name = package(&name);
    let runtime = runtime(root);
    let (start, end) = (features::START, features::END);
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[features]\n{start}\n{features}{end}\n\
         ## Serialize and Deserialize for every type.\nserde = [\"runtime/serde\"]\n\n\
         [dependencies]\nruntime = {{ path = {runtime:?}, default-features = false }}\n"
    )
}

/// A folder's name as that of a package: letters, digits, `-` and `_`, a letter first.
fn package(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    match plain.trim_matches('-') {
        "" => "bindings".to_owned(),
        plain if plain.starts_with(|first: char| first.is_ascii_digit()) => format!("bindings-{plain}"),
        plain => plain.to_owned(),
    }
}

/// The path of the runtime as seen from `root`: relative, so that both can move together.
fn runtime(root: &Path) -> String {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("")).join("runtime");
    let (root, runtime) = (absolute(root), absolute(&runtime));
    let (root, runtime): (Vec<_>, Vec<_>) = (root.components().collect(), runtime.components().collect());
    let common = root.iter().zip(&runtime).take_while(|(one, other)| one == other).count();
    let up = root[common..].iter().map(|_| Component::ParentDir);
    let path: PathBuf = match common {
        0 => runtime.iter().collect(),
        _ => up.chain(runtime[common..].iter().copied()).collect(),
    };
    path.to_string_lossy().replace('\\', "/")
}

/// An absolute path without links as far as it exists, and without `.` and `..` beyond.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut known = PathBuf::new();
    for step in path.components() {
        match step {
            Component::ParentDir => {
                known.pop();
            }
            step => known.push(step),
        }
        known = fs::canonicalize(&known).unwrap_or(known);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_have_names_that_cargo_takes() {
        for (folder, name) in [
            ("weather", "weather"),
            ("My Bindings", "my-bindings"),
            ("2_1", "bindings-2_1"),
            ("…", "bindings"),
            ("", "bindings"),
        ] {
            assert_eq!(package(folder), name);
        }
    }

    #[test]
    fn the_runtime_is_found_from_anywhere() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(runtime(&workspace.join("generated")), "../runtime");
        assert_eq!(runtime(&workspace.join("not/yet/../there")), "../../runtime");
        let folder = tempfile::tempdir().unwrap();
        let path =
            folder.path().canonicalize().unwrap().join("bindings").join(runtime(&folder.path().join("bindings")));
        assert_eq!(absolute(&path), workspace.canonicalize().unwrap().join("runtime"));
    }

    #[test]
    fn a_manifest_can_be_refreshed() {
        let manifest = manifest(Path::new("/x/weather"), "default = [\"v1\"]\nv1 = []\n");
        assert!(manifest.starts_with("[package]\nname = \"weather\"\n"), "{manifest}");
        let refreshed = features::replace(&manifest, "v2 = []\n").unwrap();
        assert!(refreshed.contains("\nv2 = []\n") && !refreshed.contains("v1"), "{refreshed}");
    }
}
