//! The pull reader: events of quick-xml in, names and text of the current element out, with everything that well-formedness and namespaces
//! demand checked on the way.
//!
//! The open elements are a stack of [`Frame`]s. [`Reader::next_child`] opens one; whoever reads the child (see `fields`) closes it when its
//! content is done, so that an error always finds the whole path still there.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::attributes::Special;
use super::input;
use super::read_error::{ReadErrorKind, excerpt, expanded};
use super::scope::{Scope, split};
use super::text::{is_blank, normalize_line_ends, reference};
use super::{Name, ReadError};

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    strict: bool,
    max_depth: usize,
}

impl ReadOptions {
    /// Unknown elements are skipped, at most 128 elements may be open at once.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            strict: false,
            max_depth: 128,
        }
    }

    /// Whether an element that the schema does not have is an error instead of being skipped.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// How many elements may be open at once. Reading recurses with them, so a caller who raises this needs the stack for it.
    #[must_use]
    pub const fn max_depth(mut self, max_depth: usize) -> Self {
        self.max_depth = max_depth;
        self
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// An open element.
#[derive(Clone, Copy, Debug)]
struct Frame<'x> {
    /// The name as written.
    qname: &'x str,
    /// How much of it is prefix and colon.
    local: u32,
    /// Where its start tag begins.
    start: usize,
    /// Its number among the elements of a repeated field, from 1; 0 where it may stand once.
    index: u32,
    /// The declarations in scope before it.
    scope: u32,
}

/// Reads one document, an element at a time.
#[derive(Debug)]
pub struct Reader<'x> {
    text: &'x str,
    skipped: usize,
    has_cr: bool,
    options: ReadOptions,
    events: quick_xml::Reader<&'x [u8]>,
    frames: Vec<Frame<'x>>,
    pub(super) scope: Scope<'x>,
    /// Of the element opened last.
    pub(super) special: Special<'x>,
    /// Whether the element opened last is an empty-element tag whose end has not been seen yet.
    empty: bool,
    /// The frame that paths begin with.
    path_root: usize,
}

/// What the current element holds next.
enum Content<'x> {
    /// A child's start tag, which is open now.
    Child,
    /// Its end.
    End,
    /// Text, references resolved.
    Text(Cow<'x, str>),
}

impl<'x> Reader<'x> {
    /// A reader at the start of `input`.
    ///
    /// # Errors
    ///
    /// Bytes that are not UTF-8, and characters that XML 1.0 does not allow.
    pub fn new(input: &'x [u8], options: ReadOptions) -> Result<Self, ReadError> {
        let input = input::check(input)?;
        let mut events = quick_xml::Reader::from_str(input.text);
        let config = events.config_mut();
        // The frames know the names, and compare them without a copy.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Ok(Self {
            text: input.text,
            skipped: input.skipped,
            has_cr: input.has_cr,
            options,
            events,
            frames: Vec::with_capacity(16),
            scope: Scope::default(),
            special: Special::default(),
            empty: false,
            path_root: 0,
        })
    }

    /// Opens the root element and answers its name.
    ///
    /// # Errors
    ///
    /// Anything but an element at the start of the document.
    pub fn root(&mut self) -> Result<(&str, &'x str), ReadError> {
        loop {
            match self.content()? {
                Content::Child => return Ok(self.name()),
                Content::Text(text) if is_blank(&text) => {}
                Content::Text(text) => return Err(self.error(ReadErrorKind::Text { found: excerpt(&text) })),
                Content::End => return Err(self.error(ReadErrorKind::Truncated)),
            }
        }
    }

    /// Opens the next child of the current element and answers its namespace and local name; `None` at the element's end.
    ///
    /// # Errors
    ///
    /// Text that is more than white space, and whatever is not well-formed.
    #[inline]
    pub fn next_child(&mut self) -> Result<Option<(&str, &'x str)>, ReadError> {
        loop {
            match self.content()? {
                Content::Child => return Ok(Some(self.name())),
                Content::End => return Ok(None),
                Content::Text(text) if is_blank(&text) => {}
                Content::Text(text) => return Err(self.error(ReadErrorKind::Text { found: excerpt(&text) })),
            }
        }
    }

    /// As [`next_child`](Self::next_child), for elements in which text may stand that is of no interest.
    pub(crate) fn next_child_or_text(&mut self) -> Result<Option<()>, ReadError> {
        loop {
            match self.content()? {
                Content::Child => return Ok(Some(())),
                Content::End => return Ok(None),
                Content::Text(_) => {}
            }
        }
    }

    /// The text of the current element as a qualified name; without a namespace where its prefix is not declared.
    pub(crate) fn qname_text(&mut self) -> Result<(String, String), ReadError> {
        let text = self.content_text()?;
        let (prefix, local) = split(text.trim_matches([' ', '\t', '\r', '\n']));
        Ok((self.scope.resolve(prefix).unwrap_or("").to_owned(), local.to_owned()))
    }

    /// All the text of the current element, up to and with its end.
    pub(super) fn content_text(&mut self) -> Result<Cow<'x, str>, ReadError> {
        let mut all = Cow::Borrowed("");
        loop {
            match self.content()? {
                Content::Text(text) if all.is_empty() => all = text,
                Content::Text(text) => all.to_mut().push_str(&text),
                Content::End => return Ok(all),
                Content::Child => {
                    let found = self.frame().map_or("", |frame| frame.qname).to_owned();
                    return Err(self.error(ReadErrorKind::Element { found }));
                }
            }
        }
    }

    /// Passes over the rest of the current element, without recursion.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.frames.len();
        loop {
            if let Content::End = self.content()? {
                if self.frames.len() == depth {
                    return Ok(());
                }
                self.close();
            }
        }
    }

    /// Forgets the element whose end has been read: its parent is the current one again.
    #[inline]
    pub(crate) fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.scope.reset(frame.scope);
        }
    }

    /// Reads on to the end of the document.
    ///
    /// # Errors
    ///
    /// Anything but comments, processing instructions and white space.
    pub fn finish(&mut self) -> Result<(), ReadError> {
        loop {
            let start = self.position();
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if is_blank(&text) => {}
                _ => return Err(self.syntax_at(start, "there is more after the end of the root element")),
            }
        }
    }

    fn content(&mut self) -> Result<Content<'x>, ReadError> {
        if self.empty {
            self.empty = false;
            return Ok(Content::End);
        }
        loop {
            let start = self.position();
            match self.event()? {
                Event::Start(tag) => {
                    self.open(start, tag.name().0.len(), tag.len())?;
                    return Ok(Content::Child);
                }
                Event::Empty(tag) => {
                    self.open(start, tag.name().0.len(), tag.len())?;
                    self.empty = true;
                    return Ok(Content::Child);
                }
                Event::End(tag) => {
                    self.check_end(start, tag.name().0)?;
                    return Ok(Content::End);
                }
                Event::Text(text) => {
                    let text = text.into_inner();
                    return Ok(Content::Text(match text {
                        Cow::Borrowed(text) if self.has_cr => normalize_line_ends(text),
                        text => text,
                    }));
                }
                Event::CData(text) if !self.frames.is_empty() => {
                    return Ok(Content::Text(match text.into_inner() {
                        Cow::Borrowed(text) if self.has_cr => normalize_line_ends(text),
                        text => text,
                    }));
                }
                Event::GeneralRef(name) if !self.frames.is_empty() => {
                    let character = reference(&name)
                        .ok_or_else(|| self.error_at(start, ReadErrorKind::Reference { name: excerpt(&name) }))?;
                    return Ok(Content::Text(Cow::Owned(character.to_string())));
                }
                Event::CData(_) | Event::GeneralRef(_) => return Err(self.syntax_at(start, "expected an element")),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Decl(_) if start == 0 => {}
                Event::Decl(_) => {
                    return Err(self.syntax_at(start, "an XML declaration may only stand at the very beginning"));
                }
                Event::DocType(_) => return Err(self.error_at(start, ReadErrorKind::DocumentType)),
                Event::Eof => return Err(self.error_at(start, ReadErrorKind::Truncated)),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'x>, ReadError> {
        self.events.read_event().map_err(|error| self.tokenizer_error(&error))
    }

    #[cold]
    fn tokenizer_error(&self, error: &quick_xml::Error) -> ReadError {
        use quick_xml::Error;
        use quick_xml::errors::{IllFormedError, SyntaxError};

        let offset = usize::try_from(self.events.error_position()).unwrap_or(usize::MAX);
        match error {
            // Markup that is not closed: the bytes are at an end.
            Error::Syntax(error) if !matches!(error, SyntaxError::InvalidBangMarkup) => {
                self.error_at(offset, ReadErrorKind::Truncated)
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                self.syntax_at(offset, "`&` begins a reference that is not closed by `;`")
            }
            other => self.syntax_at(offset, &other.to_string()),
        }
    }

    /// Opens the element whose start tag begins at `start`, with `name_len` bytes of name in `len` bytes of tag.
    #[inline]
    fn open(&mut self, start: usize, name_len: usize, len: usize) -> Result<(), ReadError> {
        let tag = start + 1;
        let qname = &self.text[tag..tag + name_len];
        if self.frames.len() >= self.options.max_depth {
            return Err(self.error_at(
                start,
                ReadErrorKind::Depth {
                    limit: self.options.max_depth,
                },
            ));
        }
        let (prefix, local) = split(qname);
        let local = (qname.len() - local.len()) as u32;
        self.frames.push(Frame {
            qname,
            local,
            start,
            index: 0,
            scope: self.scope.mark(),
        });
        self.special = if len > name_len {
            self.read_attributes(tag, &self.text[tag..tag + len], name_len)?
        } else {
            Special::default()
        };
        if self.scope.resolve(prefix).is_none() {
            return Err(self.undeclared(start, prefix));
        }
        Ok(())
    }

    fn check_end(&self, start: usize, found: &str) -> Result<(), ReadError> {
        match self.frame() {
            Some(frame) if frame.qname == found => Ok(()),
            Some(frame) => Err(self.syntax_at(start, &format!("found `</{found}>`, expected `</{}>`", frame.qname))),
            None => Err(self.syntax_at(start, &format!("found `</{found}>`, expected an element"))),
        }
    }

    /// The namespace and local name of the current element.
    #[inline]
    pub(crate) fn name(&self) -> (&str, &'x str) {
        let Some(frame) = self.frame() else { return ("", "") };
        let (prefix, local) = frame.qname.split_at(frame.local as usize);
        (
            self.scope
                .resolve(prefix.strip_suffix(':').unwrap_or(prefix))
                .unwrap_or(""),
            local,
        )
    }

    fn frame(&self) -> Option<&Frame<'x>> {
        self.frames.last()
    }

    /// Numbers the current element, which may repeat.
    pub(super) fn set_index(&mut self, index: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.index = u32::try_from(index).unwrap_or(u32::MAX);
        }
    }

    /// Lets paths begin with the current element: what is around a message is not of it.
    pub(crate) fn begin_path(&mut self) {
        self.path_root = self.frames.len().saturating_sub(1);
    }

    pub(super) fn is_strict(&self) -> bool {
        self.options.strict
    }

    /// The document from the current element's start tag to what has been read so far.
    pub(super) fn source(&self) -> &'x str {
        &self.text[self.frame().map_or(0, |frame| frame.start)..self.position()]
    }

    fn position(&self) -> usize {
        // quick-xml counts from after the mark that `input` has taken off, and never past the text.
        usize::try_from(self.events.buffer_position()).map_or(self.text.len(), |at| at.min(self.text.len()))
    }

    /// An error at the current element's start tag.
    #[cold]
    pub(super) fn error(&self, kind: ReadErrorKind) -> ReadError {
        self.error_at(self.frame().map_or(0, |frame| frame.start), kind)
    }

    #[cold]
    pub(super) fn error_at(&self, offset: usize, kind: ReadErrorKind) -> ReadError {
        ReadError::new(self.path(), self.skipped + offset, kind)
    }

    #[cold]
    pub(super) fn syntax_at(&self, offset: usize, message: &str) -> ReadError {
        self.error_at(
            offset,
            ReadErrorKind::Syntax {
                message: message.to_owned(),
            },
        )
    }

    #[cold]
    pub(super) fn undeclared(&self, offset: usize, prefix: &str) -> ReadError {
        self.error_at(
            offset,
            ReadErrorKind::Prefix {
                prefix: excerpt(prefix),
            },
        )
    }

    /// The error for a root that is not `expected`.
    #[must_use]
    pub fn wrong_root(&self, expected: Name) -> ReadError {
        self.error(ReadErrorKind::Root {
            found: excerpt(&expanded(self.name())),
            expected: expected.to_string(),
        })
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for frame in self.frames.iter().skip(self.path_root) {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&frame.qname[frame.local as usize..]);
            if frame.index > 0 {
                path.push_str(&format!("[{}]", frame.index));
            }
        }
        path
    }
}
