//! The pull reader: events of quick-xml in, names and text of the current element out, with everything that well-formedness and namespaces
//! demand checked on the way.
//!
//! The open elements are a stack of [`Frame`]s. [`Reader::next_child`] opens one; whoever reads the child (see `fields`) closes it when its
//! content is done, so that an error always finds the whole path still there.

use std::fmt;

use quick_xml::events::Event;

use super::attributes::Special;
use super::content::{Content, Place};
use super::input;
use super::markup;
use super::read_error::{ReadErrorKind, excerpt, expanded};
use super::scope::{Scope, split};
use super::text::is_blank;
use super::{Name, ReadError};

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    strict: bool,
    pub(super) max_depth: usize,
}

impl ReadOptions {
    /// Unknown elements are skipped, at most 128 elements may be open at once.
    #[must_use]
    pub const fn new() -> Self {
        Self { strict: false, max_depth: 128 }
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

/// Shows the place only: the document may be secret or personal.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader(byte {} of {}, in `{}`)", self.skipped + self.position(), self.text.len(), self.path())
    }
}

/// An open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'x> {
    /// The name as written.
    pub(super) qname: &'x str,
    /// Where its local part begins.
    pub(super) local: usize,
    /// Where its start tag begins.
    pub(super) start: usize,
    /// Its number among the elements of a repeated field, from 1; 0 where it may stand once.
    pub(super) index: u32,
    /// The declarations in scope before it.
    pub(super) scope: u32,
    /// Whether quick-xml has seen its start tag and so must see its end tag.
    pub(super) evented: bool,
}

impl<'x> Frame<'x> {
    /// The name's prefix, empty where it has none.
    #[inline]
    pub(super) fn prefix(&self) -> &'x str {
        &self.qname[..self.local.saturating_sub(1)]
    }
}

/// Reads one document, an element at a time.
pub struct Reader<'x> {
    pub(super) text: &'x str,
    skipped: usize,
    pub(super) has_cr: bool,
    pub(super) has_bracket: bool,
    pub(super) options: ReadOptions,
    pub(super) events: quick_xml::Reader<&'x [u8]>,
    pub(super) place: Place,
    pub(super) frames: Vec<Frame<'x>>,
    pub(super) scope: Scope<'x>,
    /// The attributes of the element opened last, where it has any.
    pub(super) special: Option<Special<'x>>,
    /// The frame that paths begin with.
    path_root: usize,
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
            has_bracket: input.has_bracket,
            options,
            events,
            place: Place::Inside,
            frames: Vec::with_capacity(16),
            scope: Scope::default(),
            special: None,
            path_root: 0,
        })
    }

    /// Opens the root element and answers its name.
    ///
    /// # Errors
    ///
    /// Anything but an element at the start of the document.
    pub fn root(&mut self) -> Result<(&str, &'x str), ReadError> {
        // Without an open element there is no end: `child_or_end` fails before it answers one.
        self.child_or_end()?;
        Ok(self.name())
    }

    /// Opens the next child of the current element and answers its namespace and local name; `None` at the element's end.
    ///
    /// # Errors
    ///
    /// Text that is more than white space, and whatever is not well-formed.
    #[inline]
    pub fn next_child(&mut self) -> Result<Option<(&str, &'x str)>, ReadError> {
        Ok(if self.child_or_end()? { Some(self.name()) } else { None })
    }

    /// As [`next_child`](Self::next_child), for elements in which text may stand: it is appended to `text`.
    pub(crate) fn next_child_after_text(&mut self, text: &mut String) -> Result<Option<()>, ReadError> {
        loop {
            match self.content()? {
                Content::Child => return Ok(Some(())),
                Content::End => return Ok(None),
                Content::Text(piece) => text.push_str(&piece),
            }
        }
    }

    /// The text of the current element as a qualified name; without a namespace where its prefix is not declared.
    pub(crate) fn qname_text(&mut self) -> Result<(String, String), ReadError> {
        let text = self.content_text()?;
        let (prefix, local) = split(text.trim_matches([' ', '\t', '\r', '\n']));
        Ok((self.scope.resolve(prefix).unwrap_or("").to_owned(), local.to_owned()))
    }

    /// Passes over the rest of the current element, without recursion.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
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
                Event::Comment(comment) => self.check(start, markup::comment(&comment))?,
                Event::PI(instruction) => self.check(start, markup::instruction(&instruction))?,
                Event::Text(text) if is_blank(&text) => {}
                _ => return Err(self.syntax_at(start, "there is more after the end of the root element")),
            }
        }
    }

    /// The namespace and local name of the current element.
    #[inline]
    pub(crate) fn name(&self) -> (&str, &'x str) {
        match self.frame() {
            Some(frame) => (self.scope.resolve(frame.prefix()).unwrap_or(""), &frame.qname[frame.local..]),
            None => ("", ""),
        }
    }

    #[inline]
    pub(super) fn frame(&self) -> Option<&Frame<'x>> {
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

    #[inline]
    pub(super) fn position(&self) -> usize {
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
        self.error_at(offset, ReadErrorKind::Syntax { message: message.to_owned() })
    }

    #[cold]
    pub(super) fn undeclared(&self, offset: usize, prefix: &str) -> ReadError {
        self.error_at(offset, ReadErrorKind::Prefix { prefix: excerpt(prefix) })
    }

    /// What a rule of well-formedness says of the markup at `offset`.
    pub(super) fn check(&self, offset: usize, rule: Result<(), &'static str>) -> Result<(), ReadError> {
        rule.map_err(|message| self.syntax_at(offset, message))
    }

    /// The error for a root that is not `expected`.
    #[must_use]
    pub fn wrong_root(&self, expected: Name) -> ReadError {
        self.error(ReadErrorKind::Root { found: excerpt(&expanded(self.name())), expected: expected.to_string() })
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for frame in self.frames.iter().skip(self.path_root) {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&excerpt(&frame.qname[frame.local..]));
            if frame.index > 0 {
                path.push_str(&format!("[{}]", frame.index));
            }
        }
        path
    }
}
