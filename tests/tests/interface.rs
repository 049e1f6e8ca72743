//! Each WSDL in `wsdl/` says exactly what the list of facts in `tests/interface/` says, and documents what it says.
//!
//! A second reading of the files on purpose: it shares nothing with codegen. What it does not know becomes a line
//! of its own, so that nothing in a WSDL goes unseen. A line a fact, sorted; documentation and the address are none.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

use roxmltree::{Document, Node};

const SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// A test ends in an error only where a file cannot be read.
type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn every_wsdl_has_facts_and_all_facts_have_a_wsdl() -> Outcome {
    let wsdls = wsdls()?.into_keys().collect::<Vec<_>>();
    let facts = files("interface", "txt")?.into_keys().collect::<Vec<_>>();
    assert_eq!(wsdls, facts, "`wsdl/mktows-<version>.wsdl` on the left, `tests/interface/<version>.txt` on the right");
    Ok(())
}

#[test]
fn each_wsdl_says_what_the_facts_say() -> Outcome {
    let facts = files("interface", "txt")?;
    let mut report = String::new();
    for (version, path) in wsdls()? {
        let Some(expected) = facts.get(&version) else { continue };
        let expected = read(expected)?;
        let text = read(&path)?;
        let found = Facts::of(&parse(&path, &text)?).lines;
        let sorted = expected.lines().is_sorted_by(|a, b| a < b);
        assert!(sorted, "tests/interface/{version}.txt is not sorted, or says something twice");
        report.push_str(&difference(&version, &expected, &found));
    }
    assert!(report.is_empty(), "- is in tests/interface/ alone, + in wsdl/ alone\n{report}");
    Ok(())
}

#[test]
fn everything_that_needs_documentation_has_it() -> Outcome {
    let mut report = String::new();
    for (version, path) in wsdls()? {
        let text = read(&path)?;
        let document = parse(&path, &text)?;
        for node in document.descendants().filter(|node| needs_documentation(*node) && !is_documented(*node)) {
            let name = node.attribute("name").unwrap_or("without name");
            report.push_str(&format!("{version}: {} `{name}` has no documentation\n", node.tag_name().name()));
        }
    }
    assert!(report.is_empty(), "{report}");
    Ok(())
}

#[test]
fn documentation_is_fit_for_rustdoc() -> Outcome {
    let mut report = String::new();
    for (version, path) in wsdls()? {
        let text = read(&path)?;
        for node in parse(&path, &text)?
            .descendants()
            .filter(|node| node.has_tag_name((XS, "documentation")) || node.has_tag_name((WSDL, "documentation")))
        {
            let text = node.text().unwrap_or_default();
            let prose = text.split('`').step_by(2).collect::<String>();
            if prose.contains(['[', ']', '<', '>', '*', '_'])
                || prose.contains("://")
                || text.matches('`').count() % 2 != 0
            {
                report.push_str(&format!("{version}: {}\n", text.trim()));
            }
        }
    }
    assert!(report.is_empty(), "markup, an address, or a backtick without its pair in the prose\n{report}");
    Ok(())
}

#[test]
fn a_difference_names_the_version_and_both_sides() {
    let found = ["field Lead 01 id xs:int 1..1 nillable".to_owned(), "namespace urn:x".to_owned()];
    let report = difference("1_0", "field Lead 01 id xs:int 1..1\nnamespace urn:x\n", &BTreeSet::from(found));
    assert_eq!(report, "1_0 - field Lead 01 id xs:int 1..1\n1_0 + field Lead 01 id xs:int 1..1 nillable\n");
}

#[test]
fn what_is_not_known_is_a_line() -> Outcome {
    let text = format!(
        r#"<w:definitions xmlns:w="{WSDL}" xmlns:x="{XS}" xmlns:t="urn:x" targetNamespace="urn:x"><w:types>
             <x:schema targetNamespace="urn:x">
               <x:complexType name="A" mixed="true"><x:choice/><x:attribute name="b"/></x:complexType>
               <x:element name="c" type="d"/></x:schema>
           </w:types></w:definitions>"#
    );
    let document = Document::parse(&text)?;
    let lines = Facts::of(&document).lines.into_iter().collect::<Vec<_>>();
    let expected = [
        "complex A",
        "element c {}d",
        "namespace urn:x",
        "unknown `attribute` in complexType A",
        "unknown `choice` in complexType A",
        "unknown mixed=\"true\" of complexType A",
    ];
    assert_eq!(lines, expected);
    Ok(())
}

/// The lines of `expected` that were not found, and those found that are not in it.
fn difference(version: &str, expected: &str, found: &BTreeSet<String>) -> String {
    let expected = expected.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let both = expected.symmetric_difference(found);
    both.map(|line| format!("{version} {} {line}\n", if found.contains(line) { '+' } else { '-' })).collect()
}

/// What a WSDL says, a line a fact.
#[derive(Default)]
struct Facts {
    target: String,
    lines: BTreeSet<String>,
}

impl Facts {
    fn of(document: &Document<'_>) -> Self {
        let root = document.root_element();
        let mut facts =
            Self { target: root.attribute("targetNamespace").unwrap_or_default().to_owned(), ..Self::default() };
        facts.line(format!("namespace {}", facts.target));
        facts.attributes(root, &["targetNamespace"]);
        for child in facts.children(root, &["types", "message", "portType", "binding", "service"]) {
            match child.tag_name().name() {
                "types" => facts.children(child, &["schema"]).into_iter().for_each(|schema| facts.schema(schema)),
                "message" => facts.message(child),
                "portType" => facts.port_type(child),
                "binding" => facts.binding(child),
                _ => facts.service(child),
            }
        }
        facts
    }

    fn line(&mut self, line: String) {
        if let Some(line) = self.lines.replace(line) {
            self.lines.insert(format!("twice: {line}"));
        }
    }

    /// The children of `node` without documentation; a line for each whose name is not in `known`.
    fn children<'a, 'i>(&mut self, node: Node<'a, 'i>, known: &[&str]) -> Vec<Node<'a, 'i>> {
        let (known, unknown): (Vec<_>, Vec<_>) = node
            .children()
            .filter(|child| child.is_element() && !matches!(child.tag_name().name(), "annotation" | "documentation"))
            .partition(|child| known.contains(&child.tag_name().name()) && is_namespace_known(*child));
        for child in unknown {
            self.line(format!("unknown `{}` in {}", child.tag_name().name(), label(node)));
        }
        known
    }

    /// A line for each attribute of `node` whose name is not in `known`.
    fn attributes(&mut self, node: Node<'_, '_>, known: &[&str]) {
        for attribute in node.attributes().filter(|attribute| !known.contains(&attribute.name())) {
            self.line(format!("unknown {}=\"{}\" of {}", attribute.name(), attribute.value(), label(node)));
        }
    }

    /// The qualified name in an attribute, whatever its prefix: `tns:` for the target namespace, `xs:` for XML
    /// Schema's, else `{uri}`.
    fn name(&self, node: Node<'_, '_>, attribute: &str) -> String {
        let value = node.attribute(attribute).unwrap_or("?");
        let (prefix, local) = value.split_once(':').map_or((None, value), |(prefix, local)| (Some(prefix), local));
        match node.lookup_namespace_uri(prefix) {
            Some(XS) => format!("xs:{local}"),
            Some(uri) if uri == self.target => format!("tns:{local}"),
            uri => format!("{{{}}}{local}", uri.unwrap_or_default()),
        }
    }

    fn schema(&mut self, schema: Node<'_, '_>) {
        self.attributes(schema, &["targetNamespace", "elementFormDefault"]);
        if schema.attribute("targetNamespace") != Some(&self.target) {
            self.line(format!("schema of {}", schema.attribute("targetNamespace").unwrap_or("no namespace")));
        }
        if let Some(form) = schema.attribute("elementFormDefault") {
            self.line(format!("elementForm {form}"));
        }
        for child in self.children(schema, &["simpleType", "complexType", "element"]) {
            match child.tag_name().name() {
                "simpleType" => self.simple_type(child),
                "complexType" => self.complex_type(child),
                _ => {
                    self.attributes(child, &["name", "type"]);
                    self.children(child, &[]);
                    self.line(format!("element {} {}", name(child), self.name(child, "type")));
                }
            }
        }
    }

    fn simple_type(&mut self, type_: Node<'_, '_>) {
        self.attributes(type_, &["name"]);
        for restriction in self.children(type_, &["restriction"]) {
            self.attributes(restriction, &["base"]);
            self.line(format!("simple {} {}", name(type_), self.name(restriction, "base")));
            for (index, value) in self.children(restriction, &["enumeration"]).into_iter().enumerate() {
                self.attributes(value, &["value"]);
                self.line(format!("enum {} {:02} {}", name(type_), index + 1, value.attribute("value").unwrap_or("?")));
            }
        }
    }

    fn complex_type(&mut self, type_: Node<'_, '_>) {
        self.attributes(type_, &["name", "abstract"]);
        self.line(format!("complex {}", name(type_)));
        if matches!(type_.attribute("abstract"), Some("true" | "1")) {
            self.line(format!("abstract {}", name(type_)));
        }
        for child in self.children(type_, &["sequence", "complexContent"]) {
            if child.has_tag_name((XS, "sequence")) {
                self.sequence(type_, child);
                continue;
            }
            self.attributes(child, &[]);
            for extension in self.children(child, &["extension"]) {
                self.attributes(extension, &["base"]);
                self.line(format!("extends {} {}", name(type_), self.name(extension, "base")));
                self.children(extension, &["sequence"]).into_iter().for_each(|sequence| self.sequence(type_, sequence));
            }
        }
    }

    fn sequence(&mut self, type_: Node<'_, '_>, sequence: Node<'_, '_>) {
        self.attributes(sequence, &[]);
        for (index, field) in self.children(sequence, &["element"]).into_iter().enumerate() {
            self.attributes(field, &["name", "type", "minOccurs", "maxOccurs", "nillable"]);
            self.children(field, &[]);
            let min = field.attribute("minOccurs").unwrap_or("1");
            let max = field.attribute("maxOccurs").map_or("1", |max| if max == "unbounded" { "*" } else { max });
            let nillable = if matches!(field.attribute("nillable"), Some("true" | "1")) { " nillable" } else { "" };
            let of = self.name(field, "type");
            self.line(format!("field {} {:02} {} {of} {min}..{max}{nillable}", name(type_), index + 1, name(field)));
        }
    }

    fn message(&mut self, message: Node<'_, '_>) {
        self.attributes(message, &["name"]);
        for (index, part) in self.children(message, &["part"]).into_iter().enumerate() {
            self.attributes(part, &["name", "element"]);
            let element = self.name(part, "element");
            self.line(format!("part {} {:02} {} {element}", name(message), index + 1, name(part)));
        }
    }

    fn port_type(&mut self, port_type: Node<'_, '_>) {
        self.attributes(port_type, &["name"]);
        self.line(format!("portType {}", name(port_type)));
        for operation in self.children(port_type, &["operation"]) {
            self.attributes(operation, &["name"]);
            let mut line = format!("operation {} {}", name(operation), name(port_type));
            for message in self.children(operation, &["input", "output"]) {
                self.attributes(message, &["message"]);
                line.push_str(&format!(" {} {}", direction(message), self.name(message, "message")));
            }
            self.line(line);
        }
    }

    fn binding(&mut self, binding: Node<'_, '_>) {
        self.attributes(binding, &["name", "type"]);
        let port_type = self.name(binding, "type");
        for child in self.children(binding, &["binding", "operation"]) {
            if child.has_tag_name((SOAP, "binding")) {
                self.attributes(child, &["style", "transport"]);
                let (transport, style) = (child.attribute("transport"), child.attribute("style").unwrap_or("document"));
                self.line(format!("binding {} {port_type} {} {style}", name(binding), transport.unwrap_or("?")));
            } else {
                self.bound_operation(binding, child);
            }
        }
    }

    fn bound_operation(&mut self, binding: Node<'_, '_>, operation: Node<'_, '_>) {
        self.attributes(operation, &["name"]);
        let default = binding.children().find(|child| child.has_tag_name((SOAP, "binding")));
        for child in self.children(operation, &["operation", "input", "output"]) {
            if child.has_tag_name((SOAP, "operation")) {
                self.attributes(child, &["soapAction", "style"]);
                let style = child.attribute("style").or_else(|| default?.attribute("style")).unwrap_or("document");
                let action = child.attribute("soapAction").unwrap_or_default();
                self.line(format!("bound {} {} action \"{action}\" style {style}", name(operation), name(binding)));
                continue;
            }
            self.attributes(child, &[]);
            let (bodies, headers): (Vec<_>, Vec<_>) = self
                .children(child, &["body", "header"])
                .into_iter()
                .partition(|node| node.has_tag_name((SOAP, "body")));
            let to = format!("{} {}", name(operation), direction(child));
            for body in bodies {
                self.attributes(body, &["parts", "use"]);
                let parts = body.attribute("parts").map_or_else(|| all_parts(operation, child), str::to_owned);
                self.line(format!("body {to} {parts} {}", body.attribute("use").unwrap_or("?")));
            }
            for (index, header) in headers.into_iter().enumerate() {
                self.attributes(header, &["message", "part", "use"]);
                let message = self.name(header, "message");
                let (part, use_) = (header.attribute("part").unwrap_or("?"), header.attribute("use").unwrap_or("?"));
                let element = message.strip_prefix("tns:").and_then(|message| part_of(header, message, part));
                let element = element.map_or("?".to_owned(), |part| self.name(part, "element"));
                self.line(format!("header {to} {:02} {message} {part} {element} {use_}", index + 1));
            }
        }
    }

    fn service(&mut self, service: Node<'_, '_>) {
        self.attributes(service, &["name"]);
        self.line(format!("service {}", name(service)));
        for port in self.children(service, &["port"]) {
            self.attributes(port, &["name", "binding"]);
            self.line(format!("port {} {} {}", name(service), name(port), self.name(port, "binding")));
            for address in self.children(port, &["address"]) {
                self.attributes(address, &["location"]);
            }
        }
    }
}

fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.attribute("name").unwrap_or("?")
}

fn direction(message: Node<'_, '_>) -> &'static str {
    if message.has_tag_name((WSDL, "input")) { "in" } else { "out" }
}

fn is_namespace_known(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().namespace(), Some(SOAP | WSDL | XS))
}

/// A node for a line that says where something is: its kind and the nearest name.
fn label(node: Node<'_, '_>) -> String {
    let named = node.ancestors().find(|node| node.has_attribute("name"));
    let owner = named.map(|named| format!("{} {}", named.tag_name().name(), name(named)));
    match owner {
        Some(owner) if named == Some(node) => owner,
        Some(owner) => format!("{} in {owner}", node.tag_name().name()),
        None => node.tag_name().name().to_owned(),
    }
}

fn message<'a, 'i>(node: Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    let root = node.document().root_element();
    root.children().find(|child| child.has_tag_name((WSDL, "message")) && name(*child) == wanted)
}

fn part_of<'a, 'i>(node: Node<'a, 'i>, of: &str, part: &str) -> Option<Node<'a, 'i>> {
    message(node, of)?.children().find(|child| child.has_tag_name((WSDL, "part")) && name(*child) == part)
}

/// What a body without `parts` holds: all parts of the message that the port type has where the binding has `bound`.
fn all_parts(operation: Node<'_, '_>, bound: Node<'_, '_>) -> String {
    let root = operation.document().root_element();
    let message = root
        .descendants()
        .filter(|node| node.has_tag_name((WSDL, "operation")) && name(*node) == name(operation))
        .flat_map(|node| node.children())
        .filter(|node| node.tag_name() == bound.tag_name())
        .find_map(|node| node.attribute("message"))
        .and_then(|wanted| message(root, wanted.rsplit(':').next().unwrap_or(wanted)));
    let parts =
        message.into_iter().flat_map(|message| message.children()).filter(|part| part.has_tag_name((WSDL, "part")));
    parts.map(|part| name(part)).collect::<Vec<_>>().join(",")
}

/// The root, the port type and its operations, the types, and the fields that page or choose.
fn needs_documentation(node: Node<'_, '_>) -> bool {
    let tag = (node.tag_name().namespace(), node.tag_name().name());
    match tag {
        (Some(WSDL), "definitions" | "portType" | "service") | (Some(XS), "complexType" | "simpleType") => true,
        (Some(WSDL), "operation") => node.parent().is_some_and(|parent| parent.has_tag_name((WSDL, "portType"))),
        (Some(XS), "element") => {
            FIELDS.contains(&name(node)) || node.parent().is_some_and(|parent| parent.has_tag_name((XS, "schema")))
        }
        _ => false,
    }
}

/// Fields with rules that no schema states.
const FIELDS: [&str; 20] = [
    "activityFilter",
    "batchSize",
    "campaignId",
    "customObjList",
    "dedupEnabled",
    "excludeTypes",
    "hasMore",
    "includeTypes",
    "keyValues",
    "lastUpdatedAt",
    "leadSelector",
    "listMemberList",
    "newStartPosition",
    "newStreamPosition",
    "programTokenList",
    "remainingCount",
    "startPosition",
    "staticListId",
    "staticListName",
    "streamPosition",
];

fn is_documented(node: Node<'_, '_>) -> bool {
    let is_text = |node: Node<'_, '_>| node.text().is_some_and(|text| !text.trim().is_empty());
    node.children().any(|child| match (child.tag_name().namespace(), child.tag_name().name()) {
        (Some(WSDL), "documentation") => is_text(child),
        (Some(XS), "annotation") => {
            child.children().any(|child| child.has_tag_name((XS, "documentation")) && is_text(child))
        }
        _ => false,
    })
}

fn parse<'t>(path: &Path, text: &'t str) -> Result<Document<'t>, String> {
    Document::parse(text).map_err(|error| format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The WSDLs by version; one of another service by its whole name.
fn wsdls() -> Result<BTreeMap<String, PathBuf>, String> {
    let files = files("../wsdl", "wsdl")?.into_iter();
    Ok(files.map(|(stem, path)| (stem.strip_prefix("mktows-").unwrap_or(&stem).to_owned(), path)).collect())
}

/// The files of a folder, as seen from this crate's manifest, that end in `.extension`, by what stands before it.
fn files(folder: &str, extension: &str) -> Result<BTreeMap<String, PathBuf>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths =
        entries.into_iter().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == extension));
    Ok(paths.filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path))).collect())
}
