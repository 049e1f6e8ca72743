//! The text of one input file as an XML tree.
//!
//! A file's text enters, roxmltree's document leaves, or a diagnostic that says where it is not well-formed. Never fails otherwise: what
//! the tree means is read elsewhere, by functions that recurse only as deep as [`MAX_DEPTH`].

use std::ops::Range;

use roxmltree::{Document, Error};

use super::node::{Node, span};
use crate::diag::{Diagnostic, Diagnostics, Sources, Span};

/// How deep elements may be nested. What reads and drops nested definitions recurses, and the input must not decide how deep.
pub(super) const MAX_DEPTH: usize = 100;

/// Reads a file; `None` after a diagnostic.
pub(super) fn read<'a>(sources: &'a Sources, file: u32, diagnostics: &mut Diagnostics) -> Option<Document<'a>> {
    let text = sources.text(file);
    match Document::parse(text) {
        Ok(document) => match too_deep(document.root_element()) {
            Some(node) => {
                let message = format!("elements are nested more than {MAX_DEPTH} deep");
                diagnostics.push(Diagnostic::new(Node::new(node, file).span(), message));
                None
            }
            None => Some(document),
        },
        Err(error) => {
            let place = place(&error, text, file);
            let report = Diagnostic::new(place, message(&error));
            diagnostics.push(match open_tag(&error, text, place.start as usize) {
                // Where it should have been closed is seldom where it was forgotten.
                Some(tag) => {
                    let name = text.get(tag.clone()).unwrap_or_default();
                    report.note_at(format!("`{name}` is open here"), span(file, tag))
                }
                None => report,
            });
            None
        }
    }
}

/// The first element that is nested too deep. Goes along the tree without recursion, since its depth is not known yet.
fn too_deep<'a>(root: roxmltree::Node<'a, 'a>) -> Option<roxmltree::Node<'a, 'a>> {
    let (mut node, mut depth) = (root, 1);
    loop {
        if depth > MAX_DEPTH {
            return Some(node);
        }
        if let Some(child) = node.first_element_child() {
            (node, depth) = (child, depth + 1);
            continue;
        }
        while node.next_sibling_element().is_none() && node != root {
            (node, depth) = (node.parent_element()?, depth - 1);
        }
        if node == root {
            return None;
        }
        node = node.next_sibling_element()?;
    }
}

fn message(error: &Error) -> String {
    match error {
        Error::DtdDetected => "a document type declaration is refused".to_owned(),
        // The place is shown by the diagnostic already.
        _ => format!("not well-formed XML: {}", error.to_string().replace(&format!(" at {}", error.pos()), "")),
    }
}

/// roxmltree gives a line and a column, and line 1 column 1 for errors that it gives no place.
fn place(error: &Error, text: &str, file: u32) -> Span {
    let start = match error {
        Error::DtdDetected => text.find("<!DOCTYPE").unwrap_or(0),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream | Error::NoRootNode => text.trim_end().len(),
        _ => {
            let place = error.pos();
            let line_start = match place.row {
                0 | 1 => 0,
                row => text.match_indices('\n').nth(row as usize - 2).map_or(text.len(), |(newline, _)| newline + 1),
            };
            let line = text.get(line_start..).unwrap_or("");
            let column =
                line.char_indices().nth((place.col as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at);
            line_start + column
        }
    };
    let length = if *error == Error::DtdDetected { "<!DOCTYPE".len() } else { 1 };
    span(file, start..start + length)
}

/// The name in the start tag that is still open before `end`, where an error is about that.
fn open_tag(error: &Error, text: &str, end: usize) -> Option<Range<usize>> {
    let is_about_it =
        matches!(error, Error::UnexpectedCloseTag(..) | Error::UnclosedRootNode | Error::UnexpectedEndOfStream);
    let text = text.get(..end).filter(|_| is_about_it)?;
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[start..];
        let passed =
            [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")].iter().find(|(begin, _)| rest.starts_with(begin));
        let length = match passed {
            Some((_, end)) => rest.find(end).map(|found| found + end.len()),
            None => tag_length(rest),
        };
        let Some(length) = length else { break };
        let tag = &rest[..length];
        if tag.starts_with("</") {
            open.pop();
        } else if passed.is_none() && !tag.ends_with("/>") {
            let name = tag[1..].find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(tag.len() - 1);
            open.push(start + 1..start + 1 + name);
        }
        at = start + length;
    }
    open.pop()
}

/// How long the tag is that `text` begins with: a `>` in an attribute's value does not end it.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let end = text.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    })?;
    Some(end + 1)
}
