//! What well-formedness asks of markup beside its nesting: names, comments, processing instructions, the declaration, the names of namespaces.
//!
//! Texts enter, what is wrong with them leaves in words. Most names are seen by nobody here: those written plainly are right by the way they are
//! taken off the input.

use super::scope::{XML, XMLNS, split};

/// Whether `name` is a name with a prefix or without (Namespaces in XML 1.0, production 7, `QName`).
pub(super) fn is_qname(name: &str) -> bool {
    match split(name) {
        ("", local) => is_ncname(local) && !name.starts_with(':'),
        (prefix, local) => is_ncname(prefix) && is_ncname(local),
    }
}

/// Whether `name` is a name without a colon (Namespaces in XML 1.0, production 4, `NCName`).
fn is_ncname(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(is_name_start) && characters.all(|c| is_name_start(c) || is_name_part(c))
}

/// XML 1.0, production 4, `NameStartChar`, without the colon.
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// XML 1.0, production 4a, `NameChar`, without those that may start a name.
fn is_name_part(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// What is wrong with a comment of this content (XML 1.0, section 2.5).
pub(super) fn comment(content: &str) -> Result<(), &'static str> {
    if content.contains("--") || content.ends_with('-') { Err("`--` in a comment") } else { Ok(()) }
}

/// What is wrong with a processing instruction of this content (XML 1.0, section 2.6; Namespaces in XML 1.0, section 7).
pub(super) fn instruction(content: &str) -> Result<(), &'static str> {
    let target = content.split([' ', '\t', '\r', '\n']).next().unwrap_or_default();
    if target.eq_ignore_ascii_case("xml") {
        return Err("a processing instruction for `xml`, which is reserved");
    }
    if is_ncname(target) { Ok(()) } else { Err("a processing instruction without a name") }
}

/// What is wrong with an XML declaration of this content, from `xml` on (XML 1.0, sections 2.8, 2.9 and 4.3.3).
pub(super) fn declaration(content: &str) -> Result<(), &'static str> {
    const WRONG: &str = "an XML declaration that is not like `<?xml version=\"1.0\" encoding=\"UTF-8\"?>`";
    let mut rest = content.strip_prefix("xml").ok_or(WRONG)?;
    let is_version = |value: &str| value.strip_prefix("1.").is_some_and(|minor| !minor.is_empty() && is_digits(minor));
    let (version, after) = pseudo_attribute(rest, "version").ok_or(WRONG)?;
    rest = after;
    if !is_version(version) {
        return Err("an XML declaration of another version than 1.0");
    }
    if let Some((encoding, after)) = pseudo_attribute(rest, "encoding") {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !encoding.starts_with(|first: char| first.is_ascii_alphabetic()) || !encoding.chars().all(is_name) {
            return Err(WRONG);
        }
        rest = after;
    }
    if let Some((standalone, after)) = pseudo_attribute(rest, "standalone") {
        if !matches!(standalone, "yes" | "no") {
            return Err(WRONG);
        }
        rest = after;
    }
    if trim_start(rest).is_empty() { Ok(()) } else { Err(WRONG) }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value of `name` where `text` goes on with it, and what follows.
fn pseudo_attribute<'x>(text: &'x str, name: &str) -> Option<(&'x str, &'x str)> {
    let rest = trim_start(text);
    if rest.len() == text.len() {
        return None;
    }
    let rest = trim_start(trim_start(rest.strip_prefix(name)?).strip_prefix('=')?);
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.get(1..)?.split_once(quote)
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

/// What is wrong with a declaration of `prefix`, empty for the default namespace, for `uri` (Namespaces in XML 1.0, section 3).
pub(super) fn namespace(prefix: &str, uri: &str) -> Result<(), String> {
    match (prefix, uri) {
        ("xml", XML) => Ok(()),
        ("xml", _) => Err("the prefix `xml` is declared for another namespace than its own".to_owned()),
        ("xmlns", _) => Err("the prefix `xmlns` is declared".to_owned()),
        (_, XML) => Err("another prefix than `xml` is declared for its namespace".to_owned()),
        (_, XMLNS) => Err("a prefix is declared for the namespace of `xmlns`".to_owned()),
        ("", _) => Ok(()),
        (prefix, "") => {
            Err(format!("the prefix `{}` is declared for no namespace", super::read_error::excerpt(prefix)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["a", "_", "a:b", "é", "a-1.b", "a\u{B7}", "名:前", "\u{10000}"] {
            assert!(is_qname(name), "{name}");
        }
        for name in ["", ":", ":a", "a:", "a:b:c", "1", "-a", ".a", "a b", "a×", "\u{37E}", "a:1", "a/b", "a'"] {
            assert!(!is_qname(name), "{name}");
        }
    }

    #[test]
    fn declarations() {
        for right in [
            "xml version=\"1.0\"",
            "xml version='1.1'",
            "xml  version = \"1.0\"  encoding = 'UTF-8' ",
            "xml version=\"1.0\" encoding=\"utf-8\" standalone='no'",
            "xml\nversion=\"1.0\"\tstandalone='yes'",
        ] {
            assert_eq!(declaration(right), Ok(()), "{right}");
        }
        for wrong in [
            "xml",
            "xml ",
            "xml encoding='UTF-8'",
            "xml version=1.0",
            "xml version='1.0'encoding='UTF-8'",
            "xml encoding='UTF-8' version='1.0'",
            "xml version='1.0' encoding=''",
            "xml version='1.0' encoding='8'",
            "xml version='1.0' standalone='maybe'",
            "xml version='1.0' standalone='yes' encoding='UTF-8'",
            "xml version='1.0' more='1'",
            "xml version='1.0",
            "xml version='2.0'",
            "xml version='1.'",
        ] {
            assert!(declaration(wrong).is_err(), "{wrong}");
        }
    }
}
