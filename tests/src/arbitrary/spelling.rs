//! XML for trees, in as many spellings as XML has for the same: what reads it must not see a difference.
//!
//! Enters a tree, leaves a document that [`parse`](crate::document::parse) makes the same tree of. White space is put only between elements;
//! text is kept to the letter. Line ends, references, CDATA sections, prefixes, quotes, comments and the like are chosen at random.

use std::collections::BTreeSet;

use codegen::model::{QName, XSI};

use super::Source;
use super::characters::{attribute, text};
use crate::document::Element;

/// The namespace that the prefix `xml` stands for.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Writes a tree in the plainest spelling.
#[must_use]
pub fn plain(element: &Element) -> String {
    spell(element, &mut Source::new(&[]))
}

/// Writes a tree in a spelling that `source` chooses.
#[must_use]
pub fn spell(element: &Element, source: &mut Source<'_>) -> String {
    let mut speller = Speller { source, out: String::new(), scope: Vec::new(), wide: false };
    speller.wide = speller.source.one_in(2);
    speller.prologue();
    speller.element(element);
    speller.between();
    speller.out
}

struct Speller<'s, 'b> {
    source: &'s mut Source<'b>,
    out: String,
    /// Prefixes and what they stand for, the innermost last.
    scope: Vec<(String, String)>,
    /// Whether white space, comments and processing instructions stand between elements.
    wide: bool,
}

/// A start tag while its names get their prefixes.
#[derive(Default)]
struct Tag {
    /// What it declares.
    declared: Vec<(String, String)>,
    /// Prefixes that its names use: it must not declare them anew.
    used: Vec<String>,
}

impl Speller<'_, '_> {
    fn prologue(&mut self) {
        if self.source.one_in(8) {
            self.out.push('\u{feff}');
        }
        self.out.push_str(self.source.pick(&[
            "",
            "<?xml version=\"1.0\"?>",
            "<?xml version='1.0' encoding='utf-8'?>\n",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n",
            "<?xml  version = '1.0'\n standalone = 'no' ?>",
        ]));
        self.between();
    }

    /// White space, comments and processing instructions, none of which say anything.
    fn between(&mut self) {
        if !self.wide {
            return;
        }
        for _ in 0..[0, 1, 1, 2][self.source.below(4)] {
            match self.source.below(8) {
                6 => self.aside(),
                7 => self.out.push('\t'),
                _ => self.out.push_str(self.source.pick(&["\n", " ", "\r\n", "\r", "\n    "])),
            }
        }
    }

    /// A comment or a processing instruction.
    fn aside(&mut self) {
        self.out.push_str(self.source.pick(&[
            "<!---->",
            "<!-- a comment -->",
            "<!-- <b> & ]]> </b> &none; -->",
            "<?p?>",
            "<?p <b> & ]]> \"?>",
            "<?p a='1'\n?>",
        ]));
    }

    fn space(&mut self) -> &'static str {
        self.source.pick(&[" ", " ", " ", " ", " ", "\n", "\t", " \r\n  "])
    }

    fn blank(&mut self) -> &'static str {
        self.source.pick(&["", "", "", "", "", "", " ", "\n"])
    }

    fn element(&mut self, element: &Element) {
        let mark = self.scope.len();
        let mut tag = Tag::default();
        if mark == 0 {
            self.declare_all(element, &mut tag);
        }
        // Names without a namespace come first: they decide what the default namespace is.
        let mut type_name = element.type_name.as_ref().map(|name| (name, String::new()));
        let in_none = |name: &QName| name.namespace.is_empty();
        if let Some((name, spelled)) = type_name.as_mut().filter(|(name, _)| in_none(name)) {
            *spelled = self.qname(name, true, &mut tag);
        }
        let name = self.qname(&element.name, true, &mut tag);
        if let Some((name, spelled)) = type_name.as_mut().filter(|(name, _)| !in_none(name)) {
            *spelled = self.qname(name, true, &mut tag);
        }
        let attributes = self.attributes(element, type_name.map(|(_, spelled)| spelled), &mut tag);
        self.scope.append(&mut tag.declared);

        self.out.push('<');
        self.out.push_str(&name);
        for attribute in attributes {
            let space = self.space();
            self.out.push_str(space);
            self.out.push_str(&attribute);
        }
        let blank = self.blank();
        self.out.push_str(blank);
        if element.text.is_empty() && element.children.is_empty() && self.source.below(4) < 2 {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            self.content(element);
            let blank = self.blank();
            self.out.push_str(&format!("</{name}{blank}>"));
        }
        self.scope.truncate(mark);
    }

    fn content(&mut self, element: &Element) {
        if element.children.is_empty() {
            if element.text.is_empty() && self.source.one_in(4) {
                self.aside();
            }
            return text(&element.text, self.source, &mut self.out);
        }
        text(&element.text, self.source, &mut self.out);
        for child in &element.children {
            self.between();
            self.element(child);
        }
        self.between();
    }

    /// Declares at the root what is needed further down, most of the time.
    fn declare_all(&mut self, root: &Element, tag: &mut Tag) {
        let mut namespaces = BTreeSet::new();
        collect(root, &mut namespaces);
        for namespace in namespaces {
            if !namespace.is_empty() && self.source.below(8) < 6 {
                let as_default = self.source.one_in(2);
                self.declare(namespace, as_default, tag);
            }
        }
    }

    /// The attributes and declarations of a start tag, each as it is written, in any order.
    fn attributes(&mut self, element: &Element, type_name: Option<String>, tag: &mut Tag) -> Vec<String> {
        let mut attributes = Vec::new();
        if let Some(name) = type_name {
            let value = format!("{}{name}{}", self.blank(), self.blank());
            attributes.push((self.qname(&QName::new(XSI, "type"), false, tag), value));
        }
        if element.nil || self.source.one_in(64) {
            let value = self.source.pick(if element.nil { &["true", "1", " true ", "\n1"] } else { &["false", "0"] });
            attributes.push((self.qname(&QName::new(XSI, "nil"), false, tag), value.to_owned()));
        }
        for (name, value) in &element.attributes {
            attributes.push((self.qname(name, false, tag), value.clone()));
        }
        let declared = tag.declared.iter().map(|(prefix, namespace)| match &**prefix {
            "" => ("xmlns".to_owned(), namespace.clone()),
            prefix => (format!("xmlns:{prefix}"), namespace.clone()),
        });
        attributes.extend(declared);
        let mut left: Vec<_> = attributes.into_iter().map(|(name, value)| self.attribute(&name, &value)).collect();
        if !self.source.one_in(4) {
            return left;
        }
        let mut shuffled = Vec::new();
        while !left.is_empty() {
            shuffled.push(left.swap_remove(self.source.below(left.len())));
        }
        shuffled
    }

    fn attribute(&mut self, name: &str, value: &str) -> String {
        let mut out = format!("{name}{}={}", self.blank(), self.blank());
        // References in the value of `xmlns` and `xsi:type` are as good as anywhere else.
        attribute(value, self.source, &mut out);
        out
    }

    /// A name with a prefix that is declared, here if not before.
    fn qname(&mut self, name: &QName, takes_default: bool, tag: &mut Tag) -> String {
        let prefix = self.prefix(&name.namespace, takes_default, tag);
        let qname = if prefix.is_empty() { name.local.clone() } else { format!("{prefix}:{}", name.local) };
        tag.used.push(prefix);
        qname
    }

    fn prefix(&mut self, namespace: &str, takes_default: bool, tag: &mut Tag) -> String {
        if namespace.is_empty() {
            if takes_default && self.resolve("", tag).is_some_and(|default| !default.is_empty()) {
                tag.declared.retain(|(prefix, _)| !prefix.is_empty());
                if self.resolve("", tag).is_some_and(|default| !default.is_empty()) {
                    tag.declared.push((String::new(), String::new()));
                }
            }
            return String::new();
        }
        if namespace == XML {
            return "xml".to_owned();
        }
        let known = self.scope.iter().chain(&tag.declared).map(|(prefix, _)| prefix);
        let known: BTreeSet<_> = known.filter(|prefix| takes_default || !prefix.is_empty()).cloned().collect();
        let known: Vec<_> = known.iter().filter(|prefix| self.resolve(prefix, tag) == Some(namespace)).collect();
        if !known.is_empty() && !self.source.one_in(16) {
            return self.source.pick(&known).clone();
        }
        self.declare(namespace, takes_default, tag)
    }

    fn resolve<'t>(&'t self, prefix: &str, tag: &'t Tag) -> Option<&'t str> {
        let declarations = self.scope.iter().chain(&tag.declared).rev();
        declarations.into_iter().find(|(known, _)| known == prefix).map(|(_, namespace)| &**namespace)
    }

    /// Declares a prefix for the namespace: a new one, or one that meant something else further up.
    fn declare(&mut self, namespace: &str, takes_default: bool, tag: &mut Tag) -> String {
        const PREFIXES: [&str; 10] = ["ns1", "ns2", "ns3", "a", "tns", "SOAP-ENV", "é", "_", "x.1", "type"];
        let prefix = if takes_default && self.source.one_in(2) {
            String::new()
        } else if namespace == XSI && !self.source.one_in(4) {
            "xsi".to_owned()
        } else {
            let hides = self.source.one_in(4);
            let first = self.source.below(PREFIXES.len());
            let prefixes = PREFIXES.iter().cycle().skip(first).take(PREFIXES.len());
            let mut prefixes = prefixes.filter(|prefix| hides || self.resolve(prefix, tag).is_none());
            prefixes.find(|prefix| is_free(prefix, tag)).map_or_else(String::new, |prefix| (*prefix).to_owned())
        };
        let taken = (prefix.is_empty() && !takes_default) || !is_free(&prefix, tag);
        let mut numbers = 4..;
        let prefix = match taken {
            true => numbers.find_map(|number: usize| Some(format!("ns{number}")).filter(|prefix| is_free(prefix, tag))),
            false => Some(prefix),
        };
        let prefix = prefix.unwrap_or_default();
        tag.declared.push((prefix.clone(), namespace.to_owned()));
        prefix
    }
}

/// Whether a start tag may still declare this prefix.
fn is_free(prefix: &str, tag: &Tag) -> bool {
    !tag.used.iter().any(|used| used == prefix) && !tag.declared.iter().any(|(declared, _)| declared == prefix)
}

/// All namespaces that names in a tree are in.
fn collect<'e>(element: &'e Element, namespaces: &mut BTreeSet<&'e str>) {
    namespaces.insert(&element.name.namespace);
    namespaces.extend(element.type_name.iter().chain(element.attributes.keys()).map(|name| &*name.namespace));
    if element.nil || element.type_name.is_some() {
        namespaces.insert(XSI);
    }
    namespaces.remove(XML);
    element.children.iter().for_each(|child| collect(child, namespaces));
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;
    use runtime::value::Nillable;
    use runtime::xml::{ReadError, ReadXml, Reader, read};

    use super::*;
    use crate::arbitrary::scramble;
    use crate::document::parse;
    use crate::fixture::{document, named, random_bytes, schema, tns};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_spelling_parses_to_the_tree(
            bytes in prop::collection::vec(any::<u8>(), 0..600),
            more in prop::collection::vec(any::<u8>(), 0..600),
            style in prop::collection::vec(any::<u8>(), 0..4000),
        ) {
            let schema = schema();
            let tree = document(&bytes);
            prop_assert_eq!(parse(&plain(&tree)), Ok(tree.clone()));
            let tree = scramble(schema, &named("Root"), &tree, &mut Source::new(&more));
            let xml = spell(&tree, &mut Source::new(&style));
            prop_assert_eq!(parse(&xml), Ok(tree.clone()), "{}", xml);
            EXPECTED.set(vec![tree]);
            let root = runtime::xml::Element::<Same>::new(&[], "urn:t", "root", "ns1:root");
            prop_assert_eq!(read(&root, xml.as_bytes()).err(), None, "{}", xml);
        }
    }

    thread_local! {
        /// What the next element to be read must be.
        static EXPECTED: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
    }

    /// An element that is as expected, in the eyes of the reader that bindings use.
    struct Same;

    impl ReadXml for Same {
        fn read_xml(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
            let expected = EXPECTED.with_borrow_mut(|expected| expected.pop().unwrap());
            let type_name = reader.type_name()?.map(|(namespace, local)| QName::new(namespace, local));
            assert_eq!(type_name, expected.type_name, "{}", expected.name);
            for (name, value) in &expected.attributes {
                let found: Option<String> = reader.attribute(&name.namespace, &name.local)?;
                assert_eq!(found.as_ref(), Some(value), "{} {name}", expected.name);
            }
            if expected.children.is_empty() {
                assert_eq!(reader.text::<String>()?, expected.text, "{}", expected.name);
                return Ok(Self);
            }
            for child in expected.children {
                assert_eq!(reader.next_child()?, Some((&*child.name.namespace, &*child.name.local)));
                let nil = child.nil;
                EXPECTED.with_borrow_mut(|expected| expected.push(child));
                let mut items = Vec::<Nillable<Self>>::new();
                match nil && reader.is_nil()? {
                    true => reader.unknown()?,
                    false => reader.repeated_nillable(&mut items)?,
                }
                assert!(nil || matches!(items[..], [Nillable::Value(_)]));
                EXPECTED.with_borrow_mut(|expected| expected.truncate(expected.len() - usize::from(nil)));
            }
            assert_eq!(reader.next_child()?, None);
            Ok(Self)
        }
    }

    #[test]
    fn all_spellings_come_up() {
        let schema = schema();
        let mut all = String::new();
        for bytes in random_bytes(1000, 6000) {
            let (bytes, style) = bytes.split_at(400);
            let (bytes, more) = bytes.split_at(200);
            let tree = document(bytes);
            let tree = scramble(schema, &named("Root"), &tree, &mut Source::new(more));
            all.push_str(&spell(&tree, &mut Source::new(style)));
            all.push('\0');
        }
        let markup = [
            "\0\u{feff}<?xml ",
            "standalone = 'no'",
            "encoding='utf-8'",
            "<root ",
            " xmlns='urn:t'",
            " xmlns=\"\"",
            ":root",
            " xmlns:SOAP-ENV=",
            " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'",
            "xsi:nil=\"1\"",
            "xsi:nil=\" true \"",
            "xsi:nil=\"false\"",
            "a:nil='true'",
            "type='Root",
            ":type='ns1:ByName'",
            " xsi:type=' ",
            "xsi:schemaLocation=",
            "xml:lang=",
            "<unknown",
            "<when/>",
            "<when></when>",
            "<![CDATA[]]>",
            "<![CDATA[a",
            "]]]]><![CDATA[>",
            "]]>&#13;<![CDATA[",
            "]]&gt;",
            "&#x1F600;",
            "&#128512;",
            "&#x00000d;",
            "&#xd;",
            "&quot;",
            "&apos;",
            "&#9;",
            "><!---->",
            "\r<",
            "\r\n",
            "<?p a?>",
            "\n>",
            " />",
            " = '",
        ];
        let missing: Vec<_> = markup.into_iter().filter(|markup| !all.contains(markup)).collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn plain_is_plain() {
        let mut tree = Element::new(tns("a"));
        let mut child = Element::new(QName::new("", "b"));
        child.type_name = Some(tns("B"));
        child.attributes.insert(QName::new("", "c"), "<'\"\n>".to_owned());
        child.text = " a&b\r\n".to_owned();
        tree.children = vec![child, Element { nil: true, ..Element::new(QName::new("", "d")) }];
        assert_eq!(
            plain(&tree),
            "<ns1:a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:ns1=\"urn:t\">\
             <b xsi:type=\"ns1:B\" c=\"&lt;'&quot;&#10;&gt;\"> a&amp;b&#13;\n</b><d xsi:nil=\"true\"/></ns1:a>"
        );
    }
}
