//! Documents as trees: names with their namespaces, text with its references resolved, nothing of how they were spelled.
//!
//! Enters XML, read by roxmltree and so by none of the code under test; leaves a tree, whose `Display` is a canonical form: two documents
//! that say the same show the same text.

use std::collections::BTreeMap;
use std::fmt;

use codegen::model::{QName, XSI};

/// An element with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: QName,
    /// What `xsi:type` names.
    pub type_name: Option<QName>,
    /// Whether `xsi:nil` says that it has no value.
    pub nil: bool,
    /// The attributes but `xsi:type` and `xsi:nil`.
    pub attributes: BTreeMap<QName, String>,
    /// The text, CDATA sections included. Among elements, white space alone is no text.
    pub text: String,
    /// The elements.
    pub children: Vec<Element>,
}

impl Element {
    /// An empty element.
    #[must_use]
    pub fn new(name: QName) -> Self {
        Self {
            name,
            type_name: None,
            nil: false,
            attributes: BTreeMap::new(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    /// The first child of this name.
    #[must_use]
    pub fn child(&self, name: &QName) -> Option<&Self> {
        self.children.iter().find(|child| child.name == *name)
    }

    /// The number of elements, with itself.
    #[must_use]
    pub fn size(&self) -> usize {
        1 + self.children.iter().map(Self::size).sum::<usize>()
    }
}

/// Reads a document.
///
/// # Errors
///
/// What is not well-formed, a prefix that is not declared in the value of `xsi:type`, and an `xsi:nil` that is no boolean.
pub fn parse(xml: &str) -> Result<Element, String> {
    // As XML 1.0 wants it (section 2.11), before anything else: roxmltree leaves a CR alone that a reference follows.
    let xml = xml.replace("\r\n", "\n").replace('\r', "\n");
    let document = roxmltree::Document::parse(&xml).map_err(|error| error.to_string())?;
    element(document.root_element())
}

fn element(node: roxmltree::Node<'_, '_>) -> Result<Element, String> {
    let tag = node.tag_name();
    let mut element = Element::new(QName::new(tag.namespace().unwrap_or_default(), tag.name()));
    for attribute in node.attributes() {
        match (attribute.namespace().unwrap_or_default(), attribute.name()) {
            (XSI, "type") => element.type_name = Some(resolve(node, attribute.value().trim())?),
            (XSI, "nil") => element.nil = boolean(attribute.value().trim())?,
            (namespace, local) => {
                element.attributes.insert(QName::new(namespace, local), attribute.value().to_owned());
            }
        }
    }
    for child in node.children() {
        if child.is_element() {
            element.children.push(self::element(child)?);
        } else if child.is_text() {
            element.text.push_str(child.text().unwrap_or_default());
        }
    }
    if !element.children.is_empty() && is_blank(&element.text) {
        element.text.clear();
    }
    Ok(element)
}

fn resolve(node: roxmltree::Node<'_, '_>, qname: &str) -> Result<QName, String> {
    match qname.split_once(':') {
        None => Ok(QName::new(node.lookup_namespace_uri(None).unwrap_or_default(), qname)),
        Some((prefix, local)) => match node.lookup_namespace_uri(Some(prefix)) {
            Some(namespace) => Ok(QName::new(namespace, local)),
            None => Err(format!("the prefix of xsi:type `{qname}` is not declared")),
        },
    }
}

fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(format!("xsi:nil is `{text}`, which is no boolean")),
    }
}

/// Whether there is nothing but what XML calls white space.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// One line an element, indented by depth: the name, `xsi:type` after a colon, `nil`, attributes by name, text as a Rust string.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, 0)
    }
}

impl Element {
    fn lines(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:1$}{2}", "", depth * 2, self.name)?;
        if let Some(type_name) = &self.type_name {
            write!(f, ": {type_name}")?;
        }
        if self.nil {
            f.write_str(" nil")?;
        }
        for (name, value) in &self.attributes {
            write!(f, " @{name}={value:?}")?;
        }
        if !self.text.is_empty() {
            write!(f, " {:?}", self.text)?;
        }
        f.write_str("\n")?;
        self.children.iter().try_for_each(|child| child.lines(f, depth + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_lost_and_meaning_kept() {
        let one = parse("<a xmlns='urn:x' z='1' y='&#9;'><b xmlns=''>a&amp;<![CDATA[<b>]]>&#13;</b> <c/></a>").unwrap();
        let two = parse(
            "<?xml version='1.0'?><!--x--><p:a y='\u{26}#x9;' xmlns:p='urn:x' z=\"1\">\n<b>a&#38;&lt;b<?pi?>&gt;&#xD;</b><p:c></p:c></p:a>",
        )
        .unwrap();
        assert_eq!(one, two);
        assert_eq!(one.to_string(), "{urn:x}a @y=\"\\t\" @z=\"1\"\n  b \"a&<b>\\r\"\n  {urn:x}c\n");
    }

    #[test]
    fn types_and_nil_are_resolved() {
        let xsi = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'";
        let one = parse(&format!("<a {xsi}><b i:nil=' 1 '/><c xmlns:t='urn:t' i:type=' t:T '> </c></a>")).unwrap();
        assert_eq!(one.to_string(), "a\n  b nil\n  c: {urn:t}T \" \"\n");
        assert!(parse(&format!("<a {xsi} i:nil='yes'/>")).is_err());
        assert!(parse(&format!("<a {xsi} i:type='t:T'/>")).is_err());
    }
}
