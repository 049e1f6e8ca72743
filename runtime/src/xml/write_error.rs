//! Why a value could not be written, and where in it.

use std::fmt;

/// A value cannot be written as XML: the place and what is wrong there.
///
/// The path names the elements from the outermost to the one with the trouble; elements that may repeat carry their number, counted from 1.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    /// The innermost element first: each adds itself as the error passes it.
    path: Vec<(&'static str, usize)>,
    kind: WriteErrorKind,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// A character that XML 1.0 does not allow, not even as a reference (section 2.2).
    Character {
        /// The character.
        character: char,
    },
    /// A field with fewer or more items than the schema allows.
    Occurs {
        /// The element's name.
        name: &'static str,
        /// How many items there are.
        found: usize,
        /// At least.
        min: usize,
        /// At most, if there is a limit.
        max: Option<usize>,
    },
}

impl WriteError {
    #[cold]
    pub(super) fn new(kind: WriteErrorKind) -> Self {
        Self(Box::new(Inner { path: Vec::new(), kind }))
    }

    /// The same error, seen from the element around it; `index` is its number, 0 where it does not repeat.
    #[cold]
    pub(super) fn within(mut self, element: &'static str, index: usize) -> Self {
        self.0.path.push((element, index));
        self
    }

    /// The elements from the outermost to the place, without prefixes.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (element, index) in self.0.path.iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(element.rsplit(':').next().unwrap_or(element));
            if *index > 0 {
                path.push_str(&format!("[{index}]"));
            }
        }
        path
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &WriteErrorKind {
        &self.0.kind
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        write!(f, "{}", self.0.kind)
    }
}

impl fmt::Debug for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl std::error::Error for WriteError {}

impl fmt::Display for WriteErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { character } => {
                write!(f, "the character U+{:04X} is not allowed in XML", u32::from(*character))
            }
            Self::Occurs { name, found, min, max } => {
                write!(f, "{found} elements `{name}`, the schema wants ")?;
                match max {
                    Some(max) if max == min => write!(f, "{min}"),
                    Some(max) => write!(f, "{min} to {max}"),
                    None => write!(f, "at least {min}"),
                }
            }
        }
    }
}
