//! Who may import whom: each module of the generator and each room of the runtime, held against the table of ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tests::files;

/// A module, as a path below a `src` folder without `.rs`, and what it may name: modules of its crate, and the crates that only some may use.
struct Rule {
    module: &'static str,
    own: &'static [&'static str],
    crates: &'static [&'static str],
}

const CODEGEN: &[Rule] = &[
    Rule { module: "diag", own: &[], crates: &[] },
    Rule { module: "model", own: &["diag"], crates: &[] },
    Rule { module: "parse", own: &["model", "diag"], crates: &["roxmltree"] },
    Rule { module: "roots", own: &["parse", "model", "service", "diag"], crates: &[] },
    Rule { module: "service", own: &["diag"], crates: &["serde", "toml"] },
    Rule { module: "names", own: &[], crates: &["heck", "proc_macro2"] },
    Rule { module: "ir", own: &[], crates: &["proc_macro2"] },
    Rule { module: "lower", own: &["model", "ir", "names", "diag", "service"], crates: &["proc_macro2"] },
    Rule { module: "emit", own: &["ir"], crates: &["proc_macro2", "quote"] },
    Rule { module: "output", own: &[], crates: &["proc_macro2", "prettyplease", "similar", "syn", "tempfile"] },
];

const RUNTIME: &[Rule] = &[
    Rule { module: "xml", own: &["value"], crates: &["memchr", "quick_xml"] },
    Rule { module: "value", own: &["xml"], crates: &["base64", "jiff", "serde"] },
    Rule { module: "soap", own: &["xml", "value"], crates: &[] },
    Rule { module: "clock", own: &[], crates: &["jiff", "tokio"] },
    Rule { module: "backoff", own: &[], crates: &["retry_policies"] },
    Rule { module: "pace", own: &["clock"], crates: &["jiff", "tokio"] },
    Rule {
        module: "bulk",
        own: &["backoff", "clock", "pace", "transport"],
        crates: &[
            "arrow_array",
            "arrow_schema",
            "base64",
            "bytes",
            "futures_core",
            "futures_util",
            "http",
            "jiff",
            "memchr",
            "parquet",
            "percent_encoding",
            "redb",
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "tempfile",
            "tokio",
            "tracing",
            "url",
        ],
    },
    Rule {
        module: "transport",
        own: &["clock"],
        crates: &[
            "async_compression",
            "bytes",
            "futures_core",
            "futures_util",
            "http",
            "hyper",
            "reqwest",
            "rustls",
            "rustls_platform_verifier",
            "tokio",
            "tokio_util",
        ],
    },
    Rule { module: "blocking", own: &["client", "soap"], crates: &["futures_core", "tokio"] },
    Rule { module: "sign", own: &["soap"], crates: &["hmac", "jiff", "secrecy", "sha1"] },
    Rule {
        module: "client",
        own: &["backoff", "blocking", "clock", "pace", "sign", "soap", "transport", "xml"],
        crates: &[
            "bytes",
            "encoding_rs",
            "futures_core",
            "futures_util",
            "http",
            "jiff",
            "memchr",
            "secrecy",
            "tracing",
            "url",
        ],
    },
];

/// Of the fake. The SOAP service stands on the bindings; bulk export is written without the runtime.
const FAKE: &[Rule] = &[
    Rule { module: "bin", own: &[], crates: &[] },
    Rule { module: "body", own: &[], crates: &[] },
    Rule {
        module: "bulk",
        own: &["body", "clock", "config", "describe", "identity", "limits", "state"],
        crates: &["tokio"],
    },
    Rule { module: "calls", own: &["limits"], crates: &[] },
    // Clients can go by it, too.
    Rule { module: "clock", own: &[], crates: &["runtime", "tokio"] },
    Rule { module: "config", own: &["clock", "identity", "limits"], crates: &[] },
    Rule { module: "describe", own: &[], crates: &[] },
    Rule { module: "gzip", own: &["body"], crates: &["flate2"] },
    Rule { module: "identity", own: &["bulk", "clock"], crates: &[] },
    Rule { module: "limits", own: &["clock"], crates: &[] },
    Rule { module: "script", own: &["calls", "trouble"], crates: &[] },
    Rule {
        module: "server",
        own: &["body", "bulk", "calls", "config", "gzip", "limits", "soap", "state", "trouble"],
        crates: &["http_body", "http_body_util", "hyper", "hyper_util", "rcgen", "rustls", "tokio", "tokio_rustls"],
    },
    Rule { module: "soap", own: &["body", "clock", "config", "state", "store"], crates: &["hmac", "runtime", "sha1"] },
    Rule {
        module: "state",
        own: &["body", "bulk", "calls", "clock", "config", "limits", "script", "soap"],
        crates: &[],
    },
    Rule { module: "store", own: &["clock"], crates: &["runtime"] },
    Rule { module: "trouble", own: &["body", "gzip"], crates: &["runtime"] },
];

#[test]
fn codegen() {
    check("codegen", CODEGEN);
}

#[test]
fn runtime() {
    check("runtime", RUNTIME);
}

#[test]
fn fake() {
    check("tests/fake", FAKE);
}

#[test]
fn generated_names_only_the_runtime() {
    let folder = files::root().join("generated/src");
    for (path, text) in sources(&folder, "") {
        for name in paths(&text, &path).into_iter().filter_map(|path| path.split("::").next().map(str::to_owned)) {
            let foreign = ["codegen", "quick_xml", "serde", "serde_json", "reqwest", "std"].contains(&name.as_str());
            assert!(!foreign, "generated/src/{path} names `{name}`");
        }
        for room in ["runtime::bulk", "runtime::transport", "runtime::sign"] {
            assert!(!text.contains(room), "generated/src/{path} names `{room}`");
        }
    }
}

/// A fake that asked the client what is right would agree with its mistakes.
#[test]
fn the_fakes_bulk_export_names_nothing_of_the_runtime() {
    let folder = files::root().join("tests/fake/src");
    let mut seen = 0;
    for (path, text) in sources(&folder, "") {
        if path.starts_with("bulk/") || ["describe.rs", "identity.rs"].contains(&&*path) {
            let named = paths(&text, &path).into_iter().find(|name| name.starts_with("runtime::"));
            assert_eq!(named, None, "tests/fake/src/{path}");
            seen += 1;
        }
    }
    assert!(seen > 10);
}

fn check(package: &str, rules: &[Rule]) {
    let folder = files::root().join(package).join("src");
    let own: Vec<_> = rules.iter().map(|rule| rule.module).collect();
    let crates: BTreeSet<_> = rules.iter().flat_map(|rule| rule.crates).copied().collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources(&folder, "") {
        let module = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        let Some(rule) = rules.iter().find(|rule| rule.module == module) else {
            assert!(["lib", "main"].contains(&&*module), "{package}/src/{path} is in no rule");
            continue;
        };
        seen.insert(rule.module);
        for found in paths(&text, &path) {
            let mut steps = found.split("::");
            let first = steps.next().unwrap_or_default();
            let second = steps.next().unwrap_or_default();
            if first == "crate" {
                // The crate's root holds macros beside the modules.
                if own.contains(&second) && second != module && !rule.own.contains(&second) {
                    wrong.push(format!("{package}/src/{path} names `{found}`"));
                }
            } else if crates.contains(first) && !rule.crates.contains(&first) {
                wrong.push(format!("{package}/src/{path} names `{found}`"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        {
            let mut own = own;
            own.sort_unstable();
            own
        },
        "a rule without a module"
    );
}

/// The Rust files below a folder, with their paths in it.
fn sources(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in files::names(folder) {
        let path = folder.join(&name);
        if path.is_dir() && name != "tests" {
            found.extend(sources(&path, &format!("{prefix}{name}/")));
        // A file of tests is a module of its own.
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push((format!("{prefix}{name}"), fs::read_to_string(path).unwrap()));
        }
    }
    found
}

/// Every path of two steps or more that the code of a file below `src` names, its tests left out: `super` and `self` as seen from the crate.
fn paths(text: &str, file: &str) -> BTreeSet<String> {
    use syn::visit::Visit;

    struct Paths {
        found: BTreeSet<String>,
        /// The modules that the walk is in.
        module: Vec<String>,
    }

    impl Paths {
        fn add(&mut self, steps: &[String]) {
            let from_here = steps.iter().take_while(|step| ["self", "super"].contains(&step.as_str())).count();
            let up = steps[..from_here].iter().filter(|step| *step == "super").count();
            let mut whole = Vec::new();
            if from_here > 0 {
                whole.push("crate".to_owned());
                whole.extend_from_slice(&self.module[..self.module.len().saturating_sub(up)]);
            }
            whole.extend_from_slice(&steps[from_here..]);
            if whole.len() > 1 {
                self.found.insert(whole.join("::"));
            }
        }

        fn tree(&mut self, tree: &syn::UseTree, steps: &mut Vec<String>) {
            match tree {
                syn::UseTree::Path(path) => {
                    steps.push(path.ident.to_string());
                    self.tree(&path.tree, steps);
                    steps.pop();
                }
                syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, steps)),
                syn::UseTree::Name(syn::UseName { ident }) | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                    steps.push(ident.to_string());
                    self.add(steps);
                    steps.pop();
                }
                syn::UseTree::Glob(_) => self.add(&[&steps[..], &["*".to_owned()]].concat()),
            }
        }
    }

    impl Visit<'_> for Paths {
        fn visit_item_use(&mut self, item: &syn::ItemUse) {
            self.tree(&item.tree, &mut Vec::new());
        }

        fn visit_path(&mut self, path: &syn::Path) {
            self.add(&path.segments.iter().map(|step| step.ident.to_string()).collect::<Vec<_>>());
            syn::visit::visit_path(self, path);
        }

        fn visit_item_mod(&mut self, item: &syn::ItemMod) {
            let is_test = item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
            if !is_test {
                self.module.push(item.ident.to_string());
                syn::visit::visit_item_mod(self, item);
                self.module.pop();
            }
        }
    }

    let steps = file.trim_end_matches(".rs").split('/');
    let module = steps.filter(|step| !["lib", "main", "mod"].contains(step)).map(str::to_owned).collect();
    let mut paths = Paths { found: BTreeSet::new(), module };
    paths.visit_file(&syn::parse_file(text).expect("code that compiles"));
    paths.found
}

#[test]
fn paths_are_seen_whole() {
    let text = "use super::{super::soap::Fault, name::Name};\nuse self::deep::Deep;\nmod inner { use super::super::text; }\n\
                fn f() { super::super::super::lost(); crate::value::g(); h(); }\n#[cfg(test)]\nmod tests { use super::super::client; }";
    let expected = ["crate::lost", "crate::soap::Fault", "crate::value::g", "crate::xml::name::Name"];
    let inner = ["crate::xml::reader::deep::Deep", "crate::xml::text"];
    assert_eq!(paths(text, "xml/reader.rs"), expected.iter().chain(&inner).map(|path| (*path).to_owned()).collect());
    let found = paths("use super::soap::Fault;\nuse self::reader::Reader;", "xml/mod.rs");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["crate::soap::Fault", "crate::xml::reader::Reader"]);
}
