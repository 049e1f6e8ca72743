//! Golden cases: a small WSDL a construct, with the intermediate form and the code that come of it, or the diagnostics, to the letter.
//!
//! `UPDATE_EXPECT=1 cargo test -p tests --test golden` writes what comes; read the difference before you commit it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use expect_test::expect_file;
use tests::files;

#[test]
fn cases() {
    let folder = files::root().join("tests/cases").canonicalize().unwrap();
    let names = files::names(&folder);
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        case(&folder.join(name));
    }
}

fn case(folder: &Path) {
    let inputs = files::texts(folder, &["wsdl", "xsd", "toml"]);
    let (mut expected, mut errors) = (BTreeMap::new(), String::new());
    match codegen::read(&inputs, "input.wsdl") {
        Ok((_, module)) => {
            expect_file![folder.join("ir.txt")].assert_eq(&module.to_string());
            expected = codegen::write(&module).unwrap_or_else(|failure| panic!("{failure}"));
        }
        Err(failure) => errors = failure.to_string(),
    }
    if !errors.is_empty() {
        expect_file![folder.join("errors.txt")].assert_eq(&errors);
    }
    for (name, text) in &expected {
        fs::create_dir_all(folder.join("expected")).unwrap();
        expect_file![folder.join("expected").join(name)].assert_eq(text);
    }
    // What is there beside: a case has code or errors, never both, and no file that is no longer written.
    let known = |name: &String| match errors.is_empty() {
        true => name == "ir.txt" || name == "expected",
        false => name == "errors.txt",
    };
    let stray = files::names(folder)
        .into_iter()
        .filter(|name| !inputs.contains_key(name) && !known(name))
        .map(|name| folder.join(name));
    let old = files::names(&folder.join("expected")).into_iter().filter(|name| !expected.contains_key(name));
    for path in stray.chain(old.map(|name| folder.join("expected").join(name))).collect::<Vec<_>>() {
        assert!(env::var_os("UPDATE_EXPECT").is_some(), "{} is not expected", path.display());
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
}
