//! Where something stands in an input file, and what is wrong there.
//!
//! Texts of the input files enter, rendered diagnostics leave. Places are kept as byte ranges and become lines and columns only when shown.
//! Every stage before `ir` reports here; nothing is ever skipped without a diagnostic.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A range of bytes in one input file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Which file: index in [`Sources`].
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// The input files, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<(String, String)>,
}

impl Sources {
    /// The files of a map from path to text.
    #[must_use]
    pub fn new(files: &BTreeMap<String, String>) -> Self {
        Self { files: files.iter().map(|(path, text)| (path.clone(), text.clone())).collect() }
    }

    /// The file of this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<u32> {
        let index = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
        u32::try_from(index).ok()
    }

    /// A file's path; empty for a file that is none of these.
    #[must_use]
    pub fn path(&self, file: u32) -> &str {
        self.files.get(file as usize).map_or("", |(path, _)| path)
    }

    /// A file's text; empty for a file that is none of these.
    #[must_use]
    pub fn text(&self, file: u32) -> &str {
        self.files.get(file as usize).map_or("", |(_, text)| text)
    }

    /// The files with their paths, sorted by path.
    pub fn paths(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..).zip(self.files.iter().map(|(path, _)| path.as_str()))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The line and column of a span's first byte, both from 1. A column is a character, not a byte.
    #[must_use]
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let line = self.line(span);
        (line.number, self.text(span.file)[line.start..line.at].chars().count() + 1)
    }

    fn line(&self, span: Span) -> Line {
        let text = self.text(span.file);
        let mut at = text.len().min(span.start as usize);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        Line { number: text[..start].matches('\n').count() + 1, start, at, end }
    }
}

/// The line that a span begins in, as bytes of the file.
struct Line {
    number: usize,
    start: usize,
    at: usize,
    end: usize,
}

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    span: Span,
    message: String,
    remarks: Vec<Remark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Remark {
    kind: &'static str,
    text: String,
    span: Option<Span>,
}

impl Diagnostic {
    /// The error `message` at `span`.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), remarks: Vec::new() }
    }

    /// Adds what else there is to know.
    #[must_use]
    pub fn note(self, text: impl Into<String>) -> Self {
        self.remark("note", text.into(), None)
    }

    /// Adds what else there is to know, and where: the place follows in parentheses.
    #[must_use]
    pub fn note_at(self, text: impl Into<String>, span: Span) -> Self {
        self.remark("note", text.into(), Some(span))
    }

    /// Adds what can be done about it.
    #[must_use]
    pub fn help(self, text: impl Into<String>) -> Self {
        self.remark("help", text.into(), None)
    }

    /// Adds what can be done about it, and where: the place follows after `at`.
    #[must_use]
    pub fn help_at(self, text: impl Into<String>, span: Span) -> Self {
        self.remark("help", text.into(), Some(span))
    }

    fn remark(mut self, kind: &'static str, text: String, span: Option<Span>) -> Self {
        self.remarks.push(Remark { kind, text, span });
        self
    }

    /// What is wrong, without its place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    fn render(&self, sources: &Sources, out: &mut String) {
        let line = sources.line(self.span);
        let (number, column) = sources.line_column(self.span);
        let text = sources.text(self.span.file);
        let number_width = number.to_string().len();
        // Writing to a string never fails.
        let _ = writeln!(out, "{}:{number}:{column}: error: {}", sources.path(self.span.file), self.message);
        let shown = excerpt(
            &text[line.start..line.end],
            line.at - line.start,
            self.span.end as usize - line.start.min(self.span.end as usize),
        );
        let _ = writeln!(out, "{number} | {}", shown.text);
        let _ = writeln!(out, "{:number_width$} | {}{}", "", shown.indent, "^".repeat(shown.marked));
        for remark in &self.remarks {
            let _ = write!(out, "{}: {}", remark.kind, remark.text);
            if let Some(span) = remark.span {
                let (number, column) = sources.line_column(span);
                let path = match span.file == self.span.file {
                    true => String::new(),
                    false => format!("{}:", sources.path(span.file)),
                };
                let _ = match remark.kind {
                    "help" => write!(out, " at {path}{number}:{column}"),
                    _ => write!(out, " ({path}{number}:{column})"),
                };
            }
            out.push('\n');
        }
    }
}

/// How many characters of a source line are shown.
const WIDTH: usize = 160;

/// A source line as it is shown.
struct Excerpt {
    text: String,
    /// What stands before the carets.
    indent: String,
    /// How many carets there are.
    marked: usize,
}

/// The characters of `line` around the bytes from `at` to `end`, cut where there are too many.
fn excerpt(line: &str, at: usize, end: usize) -> Excerpt {
    let line = line.trim_end();
    let (at, end) = (at.min(line.len()), end.clamp(at.min(line.len()), line.len()));
    // Spans begin and end at characters; one that does not is cut at the next.
    let marked = line.char_indices().filter(|(byte, _)| (at..end).contains(byte)).count();
    let before = line.char_indices().take_while(|(byte, _)| *byte < at).count();
    let total = line.chars().count();
    let (mut first, mut last) = (0, total);
    if total > WIDTH {
        // A bit of what is before, the span, and what is behind as far as there is room.
        first = before.saturating_sub(WIDTH / 4).min(total - WIDTH);
        last = first + WIDTH;
    }
    let mut text: String = line.chars().skip(first).take(last - first).collect();
    // Tabs stay tabs under tabs: the caret stands right whatever their width.
    let mut indent: String =
        text.chars().take(before - first).map(|character| if character == '\t' { '\t' } else { ' ' }).collect();
    if first > 0 {
        text.insert_str(0, "… ");
        indent.push_str("  ");
    }
    if last < total {
        text.push_str(" …");
    }
    Excerpt { text: text.trim_end().to_owned(), indent, marked: marked.min(last - before).max(1) }
}

/// All that is wrong, as it was found.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.all.push(diagnostic);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Those found so far, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// All of them as text, sorted by place, an empty line between them. What is said twice of one place is shown once.
    #[must_use]
    pub fn render(&self, sources: &Sources) -> String {
        let mut sorted: Vec<_> = self.all.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.span);
        let mut out = String::new();
        let mut shown: Vec<&Diagnostic> = Vec::new();
        for diagnostic in sorted {
            let same_place = shown.iter().rev().take_while(|earlier| earlier.span == diagnostic.span);
            if same_place.clone().any(|earlier| earlier.message == diagnostic.message) {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            diagnostic.render(sources, &mut out);
            shown.push(diagnostic);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Sources {
        Sources::new(&BTreeMap::from([
            ("a.wsdl".to_owned(), text.to_owned()),
            ("b.xsd".to_owned(), "<b/>\n".to_owned()),
        ]))
    }

    fn span(start: u32, end: u32) -> Span {
        Span { file: 0, start, end }
    }

    fn render(sources: &Sources, diagnostics: impl IntoIterator<Item = Diagnostic>) -> String {
        let mut all = Diagnostics::default();
        diagnostics.into_iter().for_each(|diagnostic| all.push(diagnostic));
        all.render(sources)
    }

    #[test]
    fn a_diagnostic_shows_its_line_and_points_at_its_span() {
        let sources = sources("<a>\n  <é type=\"tns:B\"/>\r\n</a>\n");
        let diagnostic = Diagnostic::new(span(16, 21), "unknown type `tns:B`")
            .note_at("used by `a`", span(0, 3))
            .help_at("`tns:C` is defined", Span { file: 1, start: 0, end: 4 })
            .help("or leave it out");
        assert_eq!(
            render(&sources, [diagnostic]),
            "a.wsdl:2:12: error: unknown type `tns:B`\n\
             2 |   <é type=\"tns:B\"/>\n  \
               |            ^^^^^\n\
             note: used by `a` (1:1)\n\
             help: `tns:C` is defined at b.xsd:1:1\n\
             help: or leave it out\n"
        );
    }

    #[test]
    fn diagnostics_come_in_the_order_of_their_places_and_once() {
        let sources = sources("ab\ncd");
        let (first, second) = (Diagnostic::new(span(0, 1), "one"), Diagnostic::new(span(3, 5), "two"));
        assert_eq!(
            render(&sources, [second.clone(), first.clone(), second]),
            "a.wsdl:1:1: error: one\n1 | ab\n  | ^\n\na.wsdl:2:1: error: two\n2 | cd\n  | ^^\n"
        );
    }

    #[test]
    fn tabs_stay_above_each_other_and_long_spans_end_with_their_line() {
        let sources = sources("\t<a\nb>");
        assert_eq!(render(&sources, [Diagnostic::new(span(1, 6), "x")]), "a.wsdl:1:2: error: x\n1 | \t<a\n  | \t^^\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let sources =
            sources(&format!("{}<bad attribute=\"{}\"/>{}", "a".repeat(1000), "b".repeat(1000), "c".repeat(1000)));
        let cut = |start, end| render(&sources, [Diagnostic::new(span(start, end), "x")]);
        assert_eq!(
            cut(1001, 1004),
            format!(
                "a.wsdl:1:1002: error: x\n1 | … {}<bad attribute=\"{} …\n  | {}^^^\n",
                "a".repeat(39),
                "b".repeat(105),
                " ".repeat(42)
            )
        );
        let whole = cut(1000, 2020);
        assert!(whole.ends_with(&format!("\n  | {}{}\n", " ".repeat(42), "^".repeat(120))), "{whole}");
        let last = cut(3015, 3016);
        assert!(last.ends_with(&format!("\n1 | … {}\n  | {}^\n", "c".repeat(160), " ".repeat(2 + 156))), "{last}");
    }

    #[test]
    fn places_outside_of_any_file_or_character_do_no_harm() {
        let sources = sources("é");
        for (start, end) in [(1, 1), (2, 2), (900, 901), (1, 0)] {
            assert!(render(&sources, [Diagnostic::new(span(start, end), "x")]).starts_with("a.wsdl:1:"));
        }
        let nowhere = Span { file: 9, start: 3, end: 4 };
        assert_eq!(render(&sources, [Diagnostic::new(nowhere, "x")]), ":1:1: error: x\n1 | \n  | ^\n");
    }
}
