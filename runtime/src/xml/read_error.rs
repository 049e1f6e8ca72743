//! What was wrong with a message, and where.

use std::fmt;

/// A message could not be read: the place and what is wrong there.
///
/// Shown as `path (byte 42): what is wrong`. The path names elements as they are written, without prefixes, from the message's root; elements
/// that may repeat carry their number, counted from 1. What is quoted from the message is cut to 64 characters.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    path: String,
    offset: usize,
    kind: ReadErrorKind,
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The bytes are not in UTF-8, or say that they are not.
    Encoding {
        /// The encoding found.
        found: String,
    },
    /// A character that XML 1.0 does not allow (section 2.2).
    Character {
        /// The character.
        character: char,
    },
    /// Not well-formed XML.
    Syntax {
        /// What the rules say.
        message: String,
    },
    /// The input ends inside an element.
    Truncated,
    /// A document type declaration: refused, as SOAP 1.1 (section 3) demands.
    DocumentType,
    /// An entity that XML does not have of its own, or a reference to a character that it does not allow.
    Reference {
        /// What stands between `&` and `;`.
        name: String,
    },
    /// A prefix that nothing declares.
    Prefix {
        /// The prefix.
        prefix: String,
    },
    /// More elements open at once than the reader was told to take.
    Depth {
        /// The limit.
        limit: usize,
    },
    /// Another root, or another message, than the one asked for.
    Root {
        /// The name found.
        found: String,
        /// The name wanted.
        expected: String,
    },
    /// A required element is not there.
    Missing {
        /// Its local name.
        name: &'static str,
    },
    /// A required attribute is not there.
    MissingAttribute {
        /// Its local name.
        name: &'static str,
    },
    /// An element that may stand once stands again.
    Duplicate,
    /// An element stands too seldom or too often.
    Occurs {
        /// Its local name.
        name: &'static str,
        /// How often it stands.
        found: usize,
        /// At least.
        min: usize,
        /// At most, if there is a limit.
        max: Option<usize>,
    },
    /// An element that the type does not have; only an error to a strict reader.
    Unknown {
        /// Its name, `{namespace}local`.
        found: String,
    },
    /// Text between elements.
    Text {
        /// The text.
        found: String,
    },
    /// An element inside a simple value.
    Element {
        /// Its name as written.
        found: String,
    },
    /// Text that is no value of the type.
    Value {
        /// The text.
        found: String,
        /// The type and what it takes.
        expected: String,
    },
    /// `xsi:type` names a type that is not allowed here.
    WrongType {
        /// The name, `{namespace}local`.
        found: String,
        /// The local names of the types that are.
        expected: Vec<&'static str>,
    },
    /// The element's type is abstract and no `xsi:type` says which it is.
    Abstract {
        /// The abstract type.
        name: &'static str,
        /// The local names of the types it can be.
        expected: Vec<&'static str>,
    },
    /// `xsi:nil` on an element that is not nillable.
    NotNillable,
    /// An element that is nil and yet holds something.
    NilContent,
}

impl ReadError {
    /// An error outside of any element.
    pub(crate) fn at(offset: usize, kind: ReadErrorKind) -> Self {
        Self::new(String::new(), offset, kind)
    }

    pub(crate) fn new(path: String, offset: usize, kind: ReadErrorKind) -> Self {
        Self(Box::new(Inner { path, offset, kind }))
    }

    /// The elements from the message's root to the place, such as `result/leadRecordList/leadRecord[3]/Id`; empty outside of any.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The byte of the input where the trouble begins, counted from 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ReadErrorKind {
        &self.0.kind
    }

    /// The error with `…` in place of what it quotes of values and text: for logs that may hold no data. Names and the place stay.
    #[must_use]
    pub fn without_values(&self) -> Self {
        let mut error = self.clone();
        if let ReadErrorKind::Text { found } | ReadErrorKind::Value { found, .. } = &mut error.0.kind {
            "…".clone_into(found);
        }
        error
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{} ", self.0.path)?;
        }
        write!(f, "(byte {}): {}", self.0.offset, self.0.kind)
    }
}

impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding { found } => write!(f, "found {found}, expected UTF-8"),
            Self::Character { character } => {
                write!(f, "found the character U+{:04X}, which XML does not allow", u32::from(*character))
            }
            Self::Syntax { message } => write!(f, "not well-formed: {message}"),
            Self::Truncated => f.write_str("the input ends before the element does"),
            Self::DocumentType => f.write_str("found a document type declaration, which SOAP does not allow"),
            Self::Reference { name } => {
                write!(f, "found the reference `&{name};`, expected one of XML's own entities or an allowed character")
            }
            Self::Prefix { prefix } => write!(f, "the prefix `{prefix}` is not declared"),
            Self::Depth { limit } => write!(f, "more than {limit} elements inside each other"),
            Self::Root { found, expected } => write!(f, "found element `{found}`, expected `{expected}`"),
            Self::Missing { name } => write!(f, "missing required element `{name}`"),
            Self::MissingAttribute { name } => write!(f, "missing required attribute `{name}`"),
            Self::Duplicate => f.write_str("the element stands twice, expected at most one"),
            Self::Occurs { name, found, min, max } => {
                write!(f, "found {found} elements `{name}`, expected ")?;
                match max {
                    Some(max) if max == min => write!(f, "{min}"),
                    Some(max) => write!(f, "{min} to {max}"),
                    None => write!(f, "at least {min}"),
                }
            }
            Self::Unknown { found } => write!(f, "unknown element `{found}`"),
            Self::Text { found } => write!(f, "found text `{found}`, expected only elements"),
            Self::Element { found } => write!(f, "found element `{found}`, expected only text"),
            Self::Value { found, expected } => write!(f, "found `{found}`, expected {expected}"),
            Self::WrongType { found, expected } => {
                write!(f, "found xsi:type `{found}`, expected {}", Choices(expected))
            }
            Self::Abstract { name, expected } => {
                write!(f, "the type `{name}` is abstract and there is no xsi:type, expected {}", Choices(expected))
            }
            Self::NotNillable => f.write_str("found xsi:nil on an element that is not nillable"),
            Self::NilContent => f.write_str("found xsi:nil on an element that is not empty"),
        }
    }
}

/// `A`, `A` or `B`, one of `A`, `B`, `C`.
struct Choices<'a>(&'a [&'static str]);

impl fmt::Display for Choices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 1 {
            f.write_str("one of ")?;
        }
        for (index, name) in self.0.iter().enumerate() {
            write!(f, "{}`{name}`", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// The beginning of `text`, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const LIMIT: usize = 64;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `{namespace}local`, as [`Name`](super::Name) shows itself.
pub(super) fn expanded((namespace, local): (&str, &str)) -> String {
    if namespace.is_empty() { local.to_owned() } else { format!("{{{namespace}}}{local}") }
}
