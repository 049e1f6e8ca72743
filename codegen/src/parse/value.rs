//! The values of attributes: names, qualified names, booleans, words, counts.
//!
//! Attributes enter, values leave. A wrong value is a diagnostic at its place, and the default instead. Never looks a name up.

use super::Walk;
use super::node::{Attr, Node};
use crate::diag::Span;
use crate::model::{Occurs, QName};

/// Reports a value that an attribute may not have.
pub(super) fn bad(attribute: Attr<'_>, expected: &str, walk: &mut Walk<'_>) {
    let message = format!("bad value `{}` for `{}`: expected {expected}", attribute.value(), attribute.written());
    walk.error(attribute.span(), message);
}

/// An `xs:boolean`.
pub(super) fn boolean(attribute: Option<Attr<'_>>, walk: &mut Walk<'_>) -> Option<bool> {
    word(attribute, &[("true", true), ("false", false), ("1", true), ("0", false)], walk)
}

/// One of some words.
pub(super) fn word<T: Copy>(attribute: Option<Attr<'_>>, words: &[(&str, T)], walk: &mut Walk<'_>) -> Option<T> {
    let attribute = attribute?;
    let found = words.iter().find(|(word, _)| *word == attribute.value()).map(|&(_, value)| value);
    if found.is_none() {
        let words = words.iter().filter(|(word, _)| !matches!(*word, "1" | "0"));
        let words: Vec<_> = words.map(|(word, _)| format!("`{word}`")).collect();
        let expected = match words.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            _ => words.join(""),
        };
        bad(attribute, &expected, walk);
    }
    found
}

/// The `name` of a component and its place; one that is missing has been reported by its rule.
pub(super) fn name<'a>(node: Node<'a>, walk: &mut Walk<'_>) -> Option<(&'a str, Span)> {
    let attribute = node.attribute("name")?;
    if !is_ncname(attribute.value()) {
        bad(attribute, "an XML name without a colon", walk);
    }
    Some((attribute.value(), attribute.span()))
}

/// A qualified name that is an attribute's whole value.
pub(super) fn qname(attribute: Attr<'_>, walk: &mut Walk<'_>) -> Option<(QName, Span)> {
    let span = attribute.span();
    resolve(attribute, attribute.value(), span, walk).map(|name| (name, span))
}

/// Resolves the qualified name `text`, which stands at `span` in an attribute.
pub(super) fn resolve(attribute: Attr<'_>, text: &str, span: Span, walk: &mut Walk<'_>) -> Option<QName> {
    let (prefix, local) = match text.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, text),
    };
    if !is_ncname(local) || !prefix.is_none_or(is_ncname) {
        walk.error(span, format!("bad value `{text}` for `{}`: expected a qualified name", attribute.written()));
        return None;
    }
    match (attribute.node.resolve(prefix), prefix) {
        (Some(namespace), _) => Some(QName::new(namespace, local)),
        (None, None) => Some(QName::new("", local)),
        (None, Some(prefix)) => {
            walk.error(span, format!("prefix `{prefix}` is not declared"));
            None
        }
    }
}

/// `minOccurs` and `maxOccurs` (Structures 3.9.2).
pub(super) fn occurs(node: Node<'_>, walk: &mut Walk<'_>) -> Occurs {
    let max = node.attribute("maxOccurs");
    let unbounded = max.is_some_and(|max| max.value() == "unbounded");
    let min = node.attribute("minOccurs").map_or(Some(1), |min| count(min, "a whole number", walk));
    let max_count = match max {
        Some(max) if !unbounded => count(max, "a whole number or `unbounded`", walk),
        _ => Some(1),
    };
    // A default instead of a wrong value must not be compared: that would be a second error about one thing.
    if let (Some(min), Some(max_count), false) = (min, max_count, unbounded)
        && max_count < min
    {
        let at = max.or(node.attribute("minOccurs")).map_or(node.span(), Attr::span);
        walk.error(at, format!("`maxOccurs` ({max_count}) is less than `minOccurs` ({min})"));
    }
    Occurs { min: min.unwrap_or(1), max: if unbounded { None } else { Some(max_count.unwrap_or(1)) } }
}

/// An `xs:nonNegativeInteger`.
pub(super) fn count(attribute: Attr<'_>, expected: &str, walk: &mut Walk<'_>) -> Option<u32> {
    let digits = attribute.value().strip_prefix('+').unwrap_or(attribute.value());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        bad(attribute, expected, walk);
        return None;
    }
    let count = digits.parse().ok();
    if count.is_none() {
        walk.error(
            attribute.span(),
            format!("`{}` of more than {} is not supported yet", attribute.written(), u32::MAX),
        );
    }
    count
}

/// Whether `text` is a name without a colon (Namespaces in XML 1.0, production 4).
fn is_ncname(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_name_start) && characters.all(|c| is_name_start(c) || is_name_part(c))
}

fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_part(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
