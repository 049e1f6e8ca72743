//! The generated crate is what the generator writes today, from the WSDLs as they are today.

use std::fs;

use tests::files;

#[test]
fn generated_is_up_to_date() {
    let generated = codegen::generate(&files::inputs()).unwrap_or_else(|failure| panic!("{failure}"));
    let folder = files::root().join("generated");
    let mut stale = Vec::new();
    for (path, text) in &generated.files {
        if fs::read_to_string(folder.join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    for version in files::names(&folder.join("src")) {
        for name in files::names(&folder.join("src").join(&version)) {
            let path = format!("src/{version}/{name}");
            if !generated.files.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    if !manifest.contains(&generated.features) {
        stale.push("Cargo.toml".to_owned());
    }
    assert!(stale.is_empty(), "run `cargo codegen` and commit what it writes; these differ: {stale:#?}");
}

#[test]
fn generating_twice_gives_the_same() {
    let inputs = files::inputs();
    let (first, second) = (codegen::generate(&inputs).unwrap(), codegen::generate(&inputs).unwrap());
    assert_eq!(first.files, second.files);
    assert_eq!(first.features, second.features);
}
