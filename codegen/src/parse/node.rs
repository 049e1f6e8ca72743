//! An element or attribute of a document with its file: names as written, places, documentation.
//!
//! roxmltree's nodes enter, plain values and spans leave. Reports nothing.

use std::ops::Range;

use crate::diag::Span;
use crate::model::XS;

/// The namespace of WSDL 1.1.
pub(super) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";

/// An element of an input file.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    xml: roxmltree::Node<'a, 'a>,
    file: u32,
}

/// An attribute of an input file.
#[derive(Clone, Copy)]
pub(super) struct Attr<'a> {
    xml: roxmltree::Attribute<'a, 'a>,
    /// The element it stands on.
    pub(super) node: Node<'a>,
}

impl<'a> Node<'a> {
    /// The element `xml` of `file`.
    pub(super) fn new(xml: roxmltree::Node<'a, 'a>, file: u32) -> Self {
        Self { xml, file }
    }

    /// The file it is in.
    pub(super) fn file(self) -> u32 {
        self.file
    }

    /// Its name without a prefix.
    pub(super) fn local(self) -> &'a str {
        self.xml.tag_name().name()
    }

    /// Its namespace, empty for none.
    pub(super) fn namespace(self) -> &'a str {
        self.xml.tag_name().namespace().unwrap_or("")
    }

    /// Whether it is `local` in `namespace`.
    pub(super) fn is(self, namespace: &str, local: &str) -> bool {
        self.local() == local && self.namespace() == namespace
    }

    /// Its name as it is written, with the prefix.
    pub(super) fn written(self) -> &'a str {
        let text = self.text_from(self.xml.range().start + 1);
        let end = text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(text.len());
        &text[..end]
    }

    /// Another name with the prefix that this element has.
    pub(super) fn beside(self, local: &str) -> String {
        match self.written().split_once(':') {
            Some((prefix, _)) => format!("{prefix}:{local}"),
            None => local.to_owned(),
        }
    }

    /// Its start tag.
    pub(super) fn span(self) -> Span {
        let start = self.xml.range().start;
        let mut quote = None;
        let mut length = 0;
        for byte in self.text_from(start).bytes() {
            length += 1;
            match (quote, byte) {
                (None, b'>') => break,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
        }
        span(self.file, start..start + length)
    }

    /// Its child elements.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.xml.children().filter(|child| child.is_element()).map(move |xml| Self { xml, file: self.file })
    }

    /// The text that stands in it between its child elements, where there is more than white space: its place.
    pub(super) fn stray_text(self) -> Option<Span> {
        let text = self
            .xml
            .children()
            .find(|child| child.is_text() && child.text().is_some_and(|text| !trim(text).is_empty()))?;
        let range = text.range();
        let raw = self.text_from(range.start).get(..range.len()).unwrap_or("");
        let leading = raw.len() - raw.trim_start().len();
        Some(span(self.file, range.start + leading..range.start + raw.trim_end().len().max(leading)))
    }

    /// Its attributes, without namespace declarations.
    pub(super) fn attributes(self) -> impl Iterator<Item = Attr<'a>> {
        self.xml.attributes().map(move |xml| Attr { xml, node: self })
    }

    /// Its attribute `name`, which is in no namespace.
    pub(super) fn attribute(self, name: &str) -> Option<Attr<'a>> {
        self.attributes().find(|attribute| attribute.xml.name() == name && attribute.namespace().is_empty())
    }

    /// Its attribute `name` in `namespace`.
    pub(super) fn attribute_in(self, namespace: &str, name: &str) -> Option<Attr<'a>> {
        self.attributes().find(|attribute| attribute.xml.name() == name && attribute.namespace() == namespace)
    }

    /// The namespace that a prefix stands for here; the default namespace has no prefix.
    pub(super) fn resolve(self, prefix: Option<&str>) -> Option<&'a str> {
        match prefix {
            // Bound by definition (Namespaces in XML, section 3), and not in roxmltree's list unless declared.
            Some("xml") => Some("http://www.w3.org/XML/1998/namespace"),
            _ => self.xml.lookup_namespace_uri(prefix),
        }
    }

    /// The prefixes in scope with what they stand for; the default namespace has an empty one.
    pub(super) fn prefixes(self) -> impl Iterator<Item = (String, String)> {
        self.xml.namespaces().map(|namespace| (namespace.name().unwrap_or("").to_owned(), namespace.uri().to_owned()))
    }

    /// Its documentation, one paragraph a string: `xs:annotation/xs:documentation` or `wsdl:documentation`.
    pub(super) fn docs(self) -> Vec<String> {
        let holders: Vec<_> = match self.namespace() {
            XS => self.children().filter(|child| child.is(XS, "annotation")).flat_map(Self::children).collect(),
            _ => self.children().collect(),
        };
        let documentation = holders.into_iter().filter(|child| child.is(self.namespace(), "documentation"));
        documentation.flat_map(|child| paragraphs(&child.prose())).collect()
    }

    /// All text in it, with blank lines around what HTML shows as a block of its own.
    fn prose(self) -> String {
        let mut prose = String::new();
        for node in self.xml.descendants() {
            if is_block(node) || node.prev_sibling().is_some_and(is_block) {
                prose.push_str("\n\n");
            } else if node.is_element() && node.tag_name().name().eq_ignore_ascii_case("br") {
                prose.push('\n');
            }
            if node.is_text() {
                prose.push_str(node.text().unwrap_or(""));
            }
        }
        prose
    }

    fn text_from(self, start: usize) -> &'a str {
        self.xml.document().input_text().get(start..).unwrap_or("")
    }
}

impl<'a> Attr<'a> {
    /// Its namespace, empty for none.
    pub(super) fn namespace(self) -> &'a str {
        self.xml.namespace().unwrap_or("")
    }

    /// Its name without a prefix.
    pub(super) fn local(self) -> &'a str {
        self.xml.name()
    }

    /// Its name as it is written, with the prefix.
    pub(super) fn written(self) -> &'a str {
        self.node.text_from(self.xml.range().start).get(..self.xml.range_qname().len()).unwrap_or(self.local())
    }

    /// Its value as it is.
    pub(super) fn raw(self) -> &'a str {
        self.xml.value()
    }

    /// Its value without white space around it, as most types of XML Schema have it.
    pub(super) fn value(self) -> &'a str {
        trim(self.raw())
    }

    /// The place of its value, without white space around it.
    pub(super) fn span(self) -> Span {
        let range = self.xml.range_value();
        let text = self.source();
        let leading = text.len() - trim_start(text).len();
        span(self.node.file, range.start + leading..range.start + leading + trim(text).len())
    }

    /// The place of its name.
    pub(super) fn name_span(self) -> Span {
        span(self.node.file, self.xml.range_qname())
    }

    /// The items of a white-space separated list, each with its place.
    pub(super) fn items(self) -> Vec<(&'a str, Span)> {
        let text = self.source();
        let start = self.xml.range_value().start;
        // With a reference such as `&#32;` in the value, items have no place of their own.
        let exact = !text.contains('&');
        let mut items = Vec::new();
        let mut at = 0;
        for item in self.raw().split(is_space) {
            if !item.is_empty() {
                let place = if exact { span(self.node.file, start + at..start + at + item.len()) } else { self.span() };
                items.push((item, place));
            }
            at += item.len() + 1;
        }
        items
    }

    /// Its value as it stands in the file.
    fn source(self) -> &'a str {
        let range = self.xml.range_value();
        self.node.text_from(range.start).get(..range.len()).unwrap_or("")
    }
}

/// A range of bytes as a span. A file of 4 GiB or more never comes this far; its spans would end at the limit.
pub(super) fn span(file: u32, range: Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}

/// Splits text at blank lines and makes every white space within a paragraph one space.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        let before = words.len();
        words.extend(line.split_whitespace());
        if words.len() == before && !words.is_empty() {
            paragraphs.push(words.join(" "));
            words.clear();
        }
    }
    paragraphs
}

fn is_block(node: roxmltree::Node<'_, '_>) -> bool {
    const BLOCKS: [&str; 18] = [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "table",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
    ];
    node.is_element() && BLOCKS.iter().any(|block| node.tag_name().name().eq_ignore_ascii_case(block))
}

/// White space as XML has it.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}
