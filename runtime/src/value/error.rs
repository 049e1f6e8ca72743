//! Why something is no value of a type.

use std::fmt;

/// A text, or a value of another type, stands for no value of the type asked for.
///
/// Says what was expected instead, down to the part that is wrong.
///
/// ```
/// use runtime::value::Date;
///
/// let error = "2010-13-01".parse::<Date>().unwrap_err();
/// assert_eq!(error.to_string(), "expected a month from 01 to 12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueError {
    expected: &'static str,
}

impl ValueError {
    pub(super) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }

    /// What was expected, in words that can follow "expected".
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for ValueError {}
