//! Envelopes from outside: every one in the folder that the environment variable MKTOWS_ENVELOPES names.
//!
//! ```sh
//! MKTOWS_ENVELOPES=/path/to/envelopes cargo test -p tests --test archive -- --ignored --nocapture
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use codegen::model::Definitions;
use tests::canonical::{canonical_envelope, canonical_fault};
use tests::envelope::{Rewritten, VERSIONS, VersionEntry};
use tests::schema::Schema;
use tests::{document, files};

#[test]
#[ignore = "needs a folder of envelopes in MKTOWS_ENVELOPES"]
fn every_envelope_comes_back() {
    let folder = env::var_os("MKTOWS_ENVELOPES").expect("MKTOWS_ENVELOPES names a folder");
    let mut paths = Vec::new();
    find(Path::new(&folder), &mut paths);
    assert!(!paths.is_empty(), "no *.xml in {}", folder.display());
    let inputs = files::inputs();
    let models: BTreeMap<_, _> = VERSIONS
        .iter()
        .map(|version| {
            let read = codegen::read(&inputs, &format!("wsdl/{}", version.source));
            (version.name, read.unwrap_or_else(|failure| panic!("{failure}")).0)
        })
        .collect();
    let mut failed = 0;
    for path in &paths {
        let name = path.strip_prefix(&folder).unwrap_or(path).display();
        match check(path, &models) {
            Ok(line) => println!("{name}: {line}"),
            Err(error) => {
                failed += 1;
                println!("{name}: FAILED: {error}");
            }
        }
    }
    assert_eq!(failed, 0, "of {} envelopes", paths.len());
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) {
    for name in files::names(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            find(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            paths.push(path);
        }
    }
}

/// What is to be said of an envelope that comes back: its message, the version, and what had to be overlooked.
fn check(path: &Path, models: &BTreeMap<&str, Definitions>) -> Result<String, String> {
    let xml = fs::read(path).map_err(|error| error.to_string())?;
    let (version, written) = newest(&xml)?;
    let schema = Schema::new(&models[version.name]);
    let text = std::str::from_utf8(&xml).map_err(|error| error.to_string())?;
    if let Some(fault) = canonical_fault(&document::parse(text)?) {
        let again = canonical_fault(&document::parse(&written.xml)?);
        if again.as_ref() != Some(&fault) {
            return Err(format!(
                "read\n{fault}\nwritten\n{}",
                again.map_or_else(String::new, |again| again.to_string())
            ));
        }
        return Ok(format!("{}, equal", written.what));
    }
    let original = canonical_envelope(schema, &document::parse(text)?)?;
    let again = canonical_envelope(schema, &document::parse(&written.xml)?)?;
    if !again.notes.is_empty() {
        return Err(format!("written, it needs {:?}", again.notes));
    }
    if original.document != again.document {
        return Err(format!("read\n{}\nwritten\n{}", original.document, again.document));
    }
    let notes: Vec<_> = original.notes.iter().map(|note| format!("; {note}")).collect();
    Ok(format!("{}, {}, equal{}", written.what, version.name, notes.concat()))
}

/// The newest version that reads the envelope, or why the newest of all does not.
fn newest(xml: &[u8]) -> Result<(&'static VersionEntry, Rewritten), String> {
    let mut first = None;
    for version in VERSIONS.iter().rev() {
        match (version.rewrite)(xml) {
            Ok(written) => return Ok((version, written)),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| "there is no version".to_owned()))
}
