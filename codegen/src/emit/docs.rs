//! Doc text to doc attributes: plain text of a schema becomes Markdown that reads the same.

use std::fmt::Write;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::XmlName;

/// How wide a line of text gets, without what stands before it.
const WIDTH: usize = 104;

/// Documentation under construction: lines of Markdown.
#[derive(Default)]
pub(super) struct Docs {
    lines: Vec<String>,
}

impl Docs {
    /// The schema's paragraphs.
    pub(super) fn schema(paragraphs: &[String]) -> Self {
        Self::default().text(paragraphs)
    }

    /// More paragraphs, of plain text.
    pub(super) fn text(self, paragraphs: &[String]) -> Self {
        paragraphs.iter().fold(self, |docs, paragraph| docs.lines(wrap(&words(paragraph), "", "")))
    }

    /// One more paragraph, of Markdown.
    pub(super) fn paragraph(self, markdown: impl AsRef<str>) -> Self {
        self.lines(wrap(&split(markdown.as_ref()), "", ""))
    }

    /// A heading.
    pub(super) fn heading(self, text: &str) -> Self {
        self.lines(vec![format!("# {text}")])
    }

    /// A list, of Markdown; nothing where there are no items.
    pub(super) fn list(self, items: impl IntoIterator<Item = String>) -> Self {
        let mut lines = Vec::new();
        for item in items {
            lines.extend(wrap(&split(&item), "- ", "  "));
        }
        self.lines(lines)
    }

    fn lines(mut self, lines: Vec<String>) -> Self {
        if !self.lines.is_empty() && !lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
        self
    }

    /// Attributes of the item that follows.
    pub(super) fn outer(&self) -> TokenStream {
        let lines = self.attributes();
        quote!(#(#[doc = #lines])*)
    }

    /// Attributes of the module they stand in.
    pub(super) fn inner(&self) -> TokenStream {
        let lines = self.attributes();
        quote!(#(#![doc = #lines])*)
    }

    fn attributes(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
    }
}

/// The schema's paragraphs and the name in documents.
pub(super) fn named(paragraphs: &[String], name: &str) -> Docs {
    Docs::schema(paragraphs).paragraph(format!("XML name: {}.", code(name)))
}

/// As [`named`], for a type of the schema, which may be anonymous.
pub(super) fn schema_type(paragraphs: &[String], name: Option<&XmlName>) -> Docs {
    match name {
        Some(name) => named(paragraphs, &name.local),
        None => Docs::schema(paragraphs).paragraph("The schema gives this type no name."),
    }
}

/// A name as documentation shows it: without the mark that keeps it from being a keyword.
pub(super) fn plain_name(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

/// A code span that shows `text` whatever is in it.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        return "The empty text".to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let fence = "`".repeat(longest_run(&shown) + 1);
    // Spaces at both ends are taken off again; without them a backtick at an end would join the fence.
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// Lines of at most [`WIDTH`] characters where words are that short.
fn wrap(words: &[String], first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut width = first.chars().count();
    let mut empty = true;
    for word in words {
        let length = word.chars().count();
        if !empty && width + 1 + length > WIDTH {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            width = rest.chars().count();
            empty = true;
        }
        if empty {
            let word = not_a_block(word);
            width += word.chars().count();
            line.push_str(&word);
        } else {
            line.push(' ');
            line.push_str(word);
            width += 1 + length;
        }
        empty = false;
    }
    if !empty {
        lines.push(line);
    }
    lines
}

/// A word at the start of a line, where Markdown would read some as the start of a list, heading, quotation, rule or table.
fn not_a_block(word: &str) -> String {
    if word.starts_with(['#', '>', '+', '=', '|', '~', '-']) || word == "*" {
        return format!("\\{word}");
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && matches!(&word[digits..], "." | ")") {
        return format!("{}\\{}", &word[..digits], &word[digits..]);
    }
    word.to_owned()
}

/// The words of Markdown; a code span is one with what it touches.
fn split(markdown: &str) -> Vec<String> {
    atoms(markdown, |word, text| word.push_str(text))
}

/// The words of plain text as Markdown. Code spans stay code spans.
fn words(text: &str) -> Vec<String> {
    atoms(text, escape)
}

/// Splits at white space outside of code spans; `plain` appends what is outside of them.
fn atoms(text: &str, plain: impl Fn(&mut String, &str)) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((span, after)) = code_span(rest) {
            word.push_str(&span.split_whitespace().collect::<Vec<_>>().join(" "));
            rest = after;
            continue;
        }
        if rest.starts_with('`') {
            // Never closed, so no code: the whole run is text.
            let after = rest.trim_start_matches('`');
            word.push_str(&"\\`".repeat(rest.len() - after.len()));
            rest = after;
            continue;
        }
        let end = rest.find(|character: char| character == '`' || character.is_whitespace()).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        plain(&mut word, piece);
        rest = after.trim_start();
        if rest.len() < after.len() && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The code span that `text` begins with, and what follows it: runs of as many backticks enclose it (CommonMark, section 6.1).
fn code_span(text: &str) -> Option<(&str, &str)> {
    let after_fence = text.trim_start_matches('`');
    let fence = text.len() - after_fence.len();
    if fence == 0 {
        return None;
    }
    let mut at = fence;
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let end = text.len() - text[start..].trim_start_matches('`').len();
        if end - start == fence {
            return Some(text.split_at(end));
        }
        at = end;
    }
    None
}

/// Appends a word of plain text so that it reads as it is.
fn escape(out: &mut String, text: &str) {
    if let Some(start) = text.find("http://").or_else(|| text.find("https://")) {
        let (before, address) = text.split_at(start);
        let (address, after) =
            address.split_at(address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']).len());
        if !address.contains(['<', '>']) {
            escape(out, before);
            let _ = write!(out, "<{address}>");
            escape(out, after);
            return;
        }
    }
    for (at, character) in text.char_indices() {
        let special = match character {
            '<' | '[' | '\\' => true,
            '*' => text.len() > 1,
            '_' => {
                let inside = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
                !inside(text[..at].chars().next_back()) || !inside(text[at + 1..].chars().next())
            }
            '&' => text[at..].contains(';'),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(paragraphs: &[&str]) -> Vec<String> {
        Docs::schema(&paragraphs.iter().map(|paragraph| (*paragraph).to_owned()).collect::<Vec<_>>()).lines
    }

    #[test]
    fn paragraphs_are_wrapped_at_words_and_set_apart() {
        let lines = schema(&["word ".repeat(50).trim_end(), "", "  second\n\tparagraph "]);
        let full = "word ".repeat(21);
        assert_eq!(
            lines,
            [full.trim_end(), full.trim_end(), "word word word word word word word word", "", "second paragraph"]
        );
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn long_words_and_code_spans_stay_whole() {
        let long = "x".repeat(WIDTH + 1);
        assert_eq!(schema(&[&format!("a {long} b")]), ["a", &long, "b"]);
        let span = format!("`{}`", "code ".repeat(10).trim_end());
        let text = "word ".repeat(15);
        assert_eq!(schema(&[&format!("{text}{span}, end")]), [text.trim_end(), &format!("{span}, end")]);
    }

    #[test]
    fn text_reads_as_it_is_meant() {
        for (text, markdown) in [
            ("a < b, list[0] and Vec<T>", "a \\< b, list\\[0] and Vec\\<T>"),
            ("`a < b[0]` and ``x ` y``", "`a < b[0]` and ``x ` y``"),
            ("one ` two", "one \\` two"),
            ("`` never ` closed", "\\`\\` never \\` closed"),
            (
                "2 * 3 is *not* emphasis, nor is _this_, nor snake_case",
                "2 * 3 is \\*not\\* emphasis, nor is \\_this\\_, nor snake_case",
            ),
            ("C:\\dir &lt; &amp this & that; AT&T", "C:\\\\dir \\&lt; &amp this & that; AT&T"),
            ("see http://example.com/a_b*?c=[1].", "see <http://example.com/a_b*?c=[1]>."),
            ("(https://example.org/x)", "(<https://example.org/x>)"),
            ("tom & jerry; ümläut", "tom & jerry; ümläut"),
        ] {
            assert_eq!(schema(&[text]), [markdown]);
        }
    }

    #[test]
    fn no_line_begins_a_block() {
        for word in ["#", "##", ">", "-", "-1", "+", "=", "===", "|", "~~~", "*", "12.", "1)"] {
            let line = schema(&[&format!("{word} x")]).remove(0);
            assert!(line.contains('\\'), "{line}");
        }
        let text = format!("{} - not a list", "word ".repeat(20).trim_end());
        assert_eq!(schema(&[&text])[1], "not a list");
        let text = format!("{} - not a list", "word ".repeat(21).trim_end());
        assert_eq!(schema(&[&text])[1], "\\- not a list");
    }

    #[test]
    fn lists_are_indented() {
        let docs = Docs::default().paragraph("Text.").list(["`a`.".to_owned(), "word ".repeat(22)]);
        let full = format!("- {}", "word ".repeat(20));
        assert_eq!(docs.lines, ["Text.", "", "- `a`.", full.trim_end(), "  word word"]);
        assert_eq!(Docs::default().paragraph("Text.").list([]).lines, ["Text."]);
    }

    #[test]
    fn code_shows_any_text() {
        for (text, shown) in [
            ("a", "`a`"),
            ("", "The empty text"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            (" a", "`  a `"),
            ("a\nb", "`a\\nb`"),
        ] {
            assert_eq!(code(text), shown);
        }
    }

    #[test]
    fn attributes_have_one_line_each() {
        let docs = named(&["Text.".to_owned()], "a");
        assert_eq!(
            docs.outer().to_string(),
            quote!(#[doc = " Text."] #[doc = ""] #[doc = " XML name: `a`."]).to_string()
        );
        assert_eq!(Docs::default().paragraph("x").inner().to_string(), quote!(#![doc = " x"]).to_string());
    }
}
