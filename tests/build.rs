//! Lists the generated types of all versions and golden cases, each with its way through XML and JSON, so that no test names them by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use codegen::ir::{Module, TypeItem, XmlName};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut code = String::from("/// All modules of bindings.\npub static BINDINGS: &[Bindings] = &[\n");
    let mut modules = String::new();
    let mut versions = String::from("/// All versions, the newest last.\npub static VERSIONS: &[VersionEntry] = &[\n");
    let mut impls = String::new();

    println!("cargo::rerun-if-changed=../wsdl");
    let inputs = texts(&root.join("wsdl"));
    for name in inputs.keys().filter(|name| name.ends_with(".wsdl")) {
        // What does not generate is for the tests to say: they show the diagnostics.
        if let Ok((_, module)) = codegen::read(&inputs, name) {
            let path = format!("generated::{}", module.name);
            list(&mut code, &path, &module, ("wsdl", name));
            version(&mut versions, &mut impls, &path, &module, name);
        }
    }

    println!("cargo::rerun-if-changed=cases");
    for case in folders(&root.join("tests/cases")) {
        let expected = case.join("expected");
        let inputs = texts(&case);
        if let Ok((_, module)) = codegen::read(&inputs, "input.wsdl")
            && is_fresh(&expected, &module)
        {
            let expected = expected.join("mod.rs");
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let _ = writeln!(modules, "#[path = {expected:?}]\n#[rustfmt::skip]\npub mod {name};");
            list(&mut code, &format!("crate::cases::{name}"), &module, (&format!("tests/cases/{name}"), "input.wsdl"));
        }
    }
    code.push_str("];\n");
    versions.push_str("];\n");
    write("bindings.rs", &code);
    write("versions.rs", &(versions + &impls));
    write("cases.rs", &modules);
}

fn list(code: &mut String, path: &str, module: &Module, (folder, name): (&str, &str)) {
    let types = module.types.iter().filter_map(|item| match item {
        TypeItem::Struct(item) => Some((&item.name, item.xml.as_ref()?)),
        TypeItem::Union(item) => Some((&item.name, &item.xml)),
        TypeItem::Alias(item) => Some((&item.name, item.xml.as_ref()?)),
    });
    let enums = module.enums.iter().filter_map(|item| Some((&item.name, item.xml.as_ref()?)));
    // A type with derived ones is a struct and a union: as the type of an element it is the union.
    let mut by_xml = BTreeMap::new();
    for (rust, xml) in types.chain(enums) {
        let is_union = module.types.iter().any(|item| matches!(item, TypeItem::Union(union) if union.name == *rust));
        let name = (namespace(module, xml), xml.local.clone());
        if is_union || !by_xml.contains_key(&name) {
            by_xml.insert(name, rust);
        }
    }
    let short = path.rsplit("::").next().unwrap_or(path);
    let _ = writeln!(code, "    Bindings {{ name: {short:?}, source: ({folder:?}, {name:?}), types: &[");
    for ((namespace, local), rust) in by_xml {
        let _ = writeln!(
            code,
            "        Type {{ namespace: {namespace:?}, local: {local:?}, \
             trip: |document| trip::<{path}::{rust}>({path}::NAMESPACES, document) }},"
        );
    }
    code.push_str("    ] },\n");
}

/// Whether a case's code is what is written today. Code that is stale may not compile, and must not keep the golden test from saying so.
fn is_fresh(expected: &Path, module: &Module) -> bool {
    let Ok(files) = codegen::write(module) else { return false };
    files.iter().all(|(name, text)| fs::read_to_string(expected.join(name)).is_ok_and(|found| found == *text))
}

/// The operations, header blocks and port of a version, for `envelope::Version`.
fn version(versions: &mut String, impls: &mut String, path: &str, module: &Module, name: &str) {
    let Some(port) = &module.port else { return };
    let blocks = port.operations.iter().flat_map(|operation| &operation.headers).map(|block| block.element);
    let blocks: BTreeSet<_> =
        blocks.filter_map(|element| module.elements.get(element)).map(|element| element.constant.to_string()).collect();
    let version = module.name.to_string().to_uppercase();
    let _ = writeln!(
        versions,
        "    VersionEntry {{ name: {:?}, source: {name:?}, rewrite: rewrite::<{version}> }},",
        module.name.to_string()
    );
    let _ = writeln!(impls, "/// The version `{}`.\n#[derive(Debug)]\npub enum {version} {{}}", module.name);
    let _ = writeln!(impls, "impl Version for {version} {{\n    const SOURCE: &'static str = {name:?};");
    let _ =
        writeln!(impls, "    fn visit(rewriter: &mut Rewriter<'_, Self>) {{ {path}::operations::visit(rewriter); }}");
    impls.push_str(
        "    fn with_headers<T>(request: Request<T>, headers: &Headers) -> Result<Request<T>, ReadError> {\n",
    );
    for block in blocks {
        let _ = writeln!(impls, "        let request = with_header(request, headers, &{path}::{block})?;");
    }
    impls.push_str("        Ok(request)\n    }\n");
    impls.push_str(
        "    async fn call<C: Client>(client: C, operation: &str, envelope: &[u8]) -> Result<Vec<u8>, C::Error> {\n",
    );
    let _ = writeln!(impls, "        let port = {path}::{}::new(client);\n        match operation {{", port.name);
    for operation in &port.operations {
        let (name, method) = (&operation.name, &operation.method);
        let _ = writeln!(
            impls,
            "            {:?} => through::<{path}::operations::{name}, Self, _, _>(envelope, |request| port.{method}(request)).await,",
            operation.xml
        );
    }
    impls.push_str("            other => panic!(\"there is no operation `{other}`\"),\n        }\n    }\n}\n");
}

fn namespace(module: &Module, name: &XmlName) -> String {
    name.namespace
        .and_then(|index| module.namespaces.get(index))
        .map(|namespace| namespace.uri.clone())
        .unwrap_or_default()
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("a folder that reads");
    let paths = entries.map(|entry| entry.expect("an entry that reads").path());
    let wanted = paths.filter(|path| {
        path.extension().is_some_and(|found| ["wsdl", "xsd", "toml"].iter().any(|known| found == *known))
    });
    wanted
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a file that reads"))
        })
        .collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder that reads");
    let mut folders: Vec<_> =
        entries.map(|entry| entry.expect("an entry that reads").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn write(name: &str, text: &str) {
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join(name), text).expect("cargo's own folder");
}
