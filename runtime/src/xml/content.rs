//! What an element holds, piece by piece: a child's start tag, text, its own end tag.
//!
//! Most of a document is written plainly: start tags without attributes, end tags without white space, text without references. Those are taken
//! straight off the input, which is checked already; whatever is less plain goes through quick-xml, which is told what it need not see.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::events::Event;

use super::read_error::{ReadErrorKind, excerpt};
use super::reader::Frame;
use super::scope::split;
use super::text::{is_blank, is_space, normalize_line_ends, reference};
use super::{ReadError, Reader, markup};

/// What the current element holds next.
pub(super) enum Content<'x> {
    /// A child's start tag, which is open now.
    Child,
    /// Its end.
    End,
    /// Text, references resolved.
    Text(Cow<'x, str>),
}

/// Where quick-xml stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind a tag: what follows may be taken off the input without it.
    Between,
    /// Behind an empty-element tag whose end has not been seen yet.
    Empty,
    /// Anywhere else.
    Inside,
}

impl<'x> Reader<'x> {
    /// Reads up to the next child's start tag, which is open then, or to the end of the current element, which answers `false`.
    #[inline]
    pub(super) fn child_or_end(&mut self) -> Result<bool, ReadError> {
        loop {
            if let Some(is_child) = self.plain_tag()? {
                return Ok(is_child);
            }
            match self.content()? {
                Content::Child => return Ok(true),
                Content::End => return Ok(false),
                Content::Text(text) if is_blank(&text) => {}
                Content::Text(text) => return Err(self.error(ReadErrorKind::Text { found: excerpt(&text) })),
            }
        }
    }

    /// All the text of the current element, up to and with its end.
    #[inline]
    pub(super) fn content_text(&mut self) -> Result<Cow<'x, str>, ReadError> {
        if let Some(text) = self.plain_text() {
            return Ok(Cow::Borrowed(text));
        }
        let mut all = Cow::Borrowed("");
        loop {
            match self.content()? {
                Content::Text(text) if all.is_empty() => all = text,
                Content::Text(text) => all.to_mut().push_str(&text),
                Content::End => return Ok(all),
                Content::Child => {
                    let found = excerpt(self.frame().map_or("", |frame| frame.qname));
                    return Err(self.error(ReadErrorKind::Element { found }));
                }
            }
        }
    }

    /// A tag that is written plainly, with white space before it: a start tag is open then and answers `true`, an end tag `false`.
    #[inline]
    fn plain_tag(&mut self) -> Result<Option<bool>, ReadError> {
        if self.place != Place::Between {
            return Ok(None);
        }
        let position = self.position();
        let rest = &self.text.as_bytes()[position..];
        let blank = rest.iter().take_while(|byte| is_space(**byte)).count();
        match &rest[blank..] {
            [b'<', b'/', name @ ..] => match self.frame() {
                Some(frame) if !frame.evented && is_end(name, frame.qname) => {
                    let len = blank + frame.qname.len() + 3;
                    self.pass(len);
                    Ok(Some(false))
                }
                _ => Ok(None),
            },
            [b'<', name @ ..] => match plain_name(name) {
                Some((local, len)) => {
                    let start = position + blank;
                    self.open(start, local, len, false)?;
                    self.special = None;
                    self.check_prefix(start)?;
                    self.pass(blank + len + 2);
                    Ok(Some(true))
                }
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// All the text of the current element, up to and with its end, if it is written plainly.
    #[inline]
    fn plain_text(&mut self) -> Option<&'x str> {
        let frame = self.frames.last().filter(|frame| !frame.evented && self.place == Place::Between)?;
        let rest = &self.text[self.position()..];
        let text = &rest[..memchr::memchr2(b'<', b'&', rest.as_bytes())?];
        let end = rest[text.len()..].strip_prefix("</")?;
        if !is_end(end.as_bytes(), frame.qname)
            || self.has_cr && text.contains('\r')
            || self.has_bracket && text.contains("]]>")
        {
            return None;
        }
        let len = text.len() + frame.qname.len() + 3;
        self.pass(len);
        Some(text)
    }

    /// Takes bytes off the input without quick-xml.
    #[inline]
    fn pass(&mut self, len: usize) {
        self.events.stream().consume(len);
    }

    /// The next piece of the current element, as quick-xml sees it.
    pub(super) fn content(&mut self) -> Result<Content<'x>, ReadError> {
        if self.place == Place::Empty {
            self.place = Place::Between;
            return Ok(Content::End);
        }
        loop {
            let start = self.position();
            match self.event()? {
                Event::Start(tag) => {
                    self.open_event(start, tag.name().0.len(), tag.len(), true)?;
                    return Ok(Content::Child);
                }
                Event::Empty(tag) => {
                    self.open_event(start, tag.name().0.len(), tag.len(), false)?;
                    self.place = Place::Empty;
                    return Ok(Content::Child);
                }
                Event::End(tag) => {
                    self.check_end(start, tag.name().0)?;
                    return Ok(Content::End);
                }
                Event::Text(text) => {
                    if self.has_bracket && text.contains("]]>") {
                        return Err(self.syntax_at(start, "`]]>` in text"));
                    }
                    return Ok(Content::Text(self.line_ends(text.into_inner())));
                }
                Event::CData(text) if !self.frames.is_empty() => {
                    return Ok(Content::Text(self.line_ends(text.into_inner())));
                }
                Event::GeneralRef(name) if !self.frames.is_empty() => {
                    let character = reference(&name)
                        .ok_or_else(|| self.error_at(start, ReadErrorKind::Reference { name: excerpt(&name) }))?;
                    return Ok(Content::Text(Cow::Owned(character.to_string())));
                }
                Event::CData(_) | Event::GeneralRef(_) => return Err(self.syntax_at(start, "expected an element")),
                Event::Comment(comment) => self.check(start, markup::comment(&comment))?,
                Event::PI(instruction) => self.check(start, markup::instruction(&instruction))?,
                Event::Decl(declaration) if start == 0 => self.check(start, markup::declaration(&declaration))?,
                Event::Decl(_) => {
                    return Err(self.syntax_at(start, "an XML declaration may only stand at the very beginning"));
                }
                Event::DocType(_) => return Err(self.error_at(start, ReadErrorKind::DocumentType)),
                Event::Eof => return Err(self.error_at(start, ReadErrorKind::Truncated)),
            }
        }
    }

    pub(super) fn event(&mut self) -> Result<Event<'x>, ReadError> {
        let event = self.events.read_event().map_err(|error| self.tokenizer_error(&error))?;
        // Behind text it stands before what ended the text, and must read that itself.
        self.place = if matches!(event, Event::Text(_) | Event::Eof) { Place::Inside } else { Place::Between };
        Ok(event)
    }

    #[cold]
    fn tokenizer_error(&self, error: &quick_xml::Error) -> ReadError {
        use quick_xml::Error;
        use quick_xml::errors::{IllFormedError, SyntaxError};

        const BANG: &str = "`<!` begins neither a comment nor CDATA";
        let offset =
            usize::try_from(self.events.error_position()).map_or(self.text.len(), |at| at.min(self.text.len()));
        match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) => self.syntax_at(offset, BANG),
            Error::Syntax(SyntaxError::UnclosedCData) if !self.text[offset..].starts_with("<![CDATA[") => {
                self.syntax_at(offset, BANG)
            }
            // Markup that is not closed: the bytes are at an end.
            Error::Syntax(_) => self.error_at(offset, ReadErrorKind::Truncated),
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                self.syntax_at(offset, "`&` begins a reference that is not closed by `;`")
            }
            other => self.syntax_at(offset, &other.to_string()),
        }
    }

    fn line_ends(&self, text: Cow<'x, str>) -> Cow<'x, str> {
        match text {
            Cow::Borrowed(text) if self.has_cr => normalize_line_ends(text),
            text => text,
        }
    }

    /// Opens the element whose start tag begins at `start`, with `name_len` bytes of name in `len` bytes of tag.
    fn open_event(&mut self, start: usize, name_len: usize, len: usize, evented: bool) -> Result<(), ReadError> {
        let tag = start + 1;
        let name = &self.text[tag..tag + name_len];
        if !markup::is_qname(name) {
            return Err(self.syntax_at(start, &wrong_name(name)));
        }
        let (_, local) = split(name);
        self.open(start, name_len - local.len(), name_len, evented)?;
        self.special = None;
        if len > name_len {
            self.special = Some(self.read_attributes(tag, &self.text[tag..tag + len], name_len)?);
        }
        self.check_prefix(start)
    }

    /// Opens the element whose start tag begins at `start`, with `name_len` bytes of name, the local part from `local` on.
    #[inline]
    fn open(&mut self, start: usize, local: usize, name_len: usize, evented: bool) -> Result<(), ReadError> {
        if self.frames.len() >= self.options.max_depth {
            return Err(self.error_at(start, ReadErrorKind::Depth { limit: self.options.max_depth }));
        }
        let qname = &self.text[start + 1..start + 1 + name_len];
        self.frames.push(Frame { qname, local, start, index: 0, scope: self.scope.mark(), evented });
        Ok(())
    }

    /// Checks that the prefix of the element opened last is declared, be it by the element itself.
    #[inline]
    fn check_prefix(&self, start: usize) -> Result<(), ReadError> {
        let prefix = self.frame().map_or("", Frame::prefix);
        if self.scope.resolve(prefix).is_none() {
            return Err(self.undeclared(start, prefix));
        }
        Ok(())
    }

    fn check_end(&self, start: usize, found: &str) -> Result<(), ReadError> {
        match self.frame() {
            Some(frame) if frame.qname == found => Ok(()),
            Some(frame) => {
                let (found, expected) = (excerpt(found), excerpt(frame.qname));
                Err(self.syntax_at(start, &format!("found `</{found}>`, expected `</{expected}>`")))
            }
            None => Err(self.syntax_at(start, &format!("found `</{}>`, expected an element", excerpt(found)))),
        }
    }
}

fn wrong_name(name: &str) -> String {
    match name {
        "" => "`<` begins no tag".to_owned(),
        name => format!("`{}` is no name of an element", excerpt(name)),
    }
}

/// Whether `rest`, which follows on `</`, is the end tag of the element `qname`, without white space.
#[inline]
fn is_end(rest: &[u8], qname: &str) -> bool {
    rest.get(qname.len()) == Some(&b'>') && rest.starts_with(qname.as_bytes())
}

/// The name that `rest`, which follows on `<`, begins with, if the tag is nothing but that name of ASCII letters, digits, `_`, `-` and `.`, with
/// a prefix or without: where its local part begins, and how long it is.
#[inline]
fn plain_name(rest: &[u8]) -> Option<(usize, usize)> {
    let mut local = 0;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {}
            b'0'..=b'9' | b'-' | b'.' if at > local => {}
            b':' if local == 0 && at > 0 => local = at + 1,
            b'>' if at > local => return Some((local, at)),
            _ => return None,
        }
    }
    None
}
