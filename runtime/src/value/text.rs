//! `xs:normalizedString`, `xs:token`, and what derives from them: text whose white space does not count.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use crate::simple_type;
use crate::xml::{SimpleType, WriteError, Writer};

const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Text without TAB, CR and LF: `xs:normalizedString` (Datatypes, section 3.3.1). Each of them becomes a space.
///
/// ```
/// use runtime::value::NormalizedString;
///
/// assert_eq!(NormalizedString::from(" a\n\tb"), " a  b");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormalizedString(String);

/// Text without white space at its ends and with single spaces inside: `xs:token` and all that derives from it (Datatypes, section 3.3.2), and
/// whatever else has its white space collapsed and is bound as text, such as `xs:anyURI` and lists.
///
/// What derived types demand beyond, such as that an `xs:NCName` is a name, is not checked.
///
/// ```
/// use runtime::value::Token;
///
/// let token = Token::from(" a\n\tb ");
/// assert_eq!(token, "a b");
/// assert_eq!(token.split(' ').count(), 2);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(String);

impl From<&str> for NormalizedString {
    fn from(text: &str) -> Self {
        Self(text.replace(['\t', '\r', '\n'], " "))
    }
}

impl From<String> for NormalizedString {
    fn from(text: String) -> Self {
        if text.contains(['\t', '\r', '\n']) { Self::from(text.as_str()) } else { Self(text) }
    }
}

impl From<&str> for Token {
    fn from(text: &str) -> Self {
        let mut words = text.split(SPACES).filter(|word| !word.is_empty());
        let mut token = words.next().unwrap_or_default().to_owned();
        for word in words {
            token.push(' ');
            token.push_str(word);
        }
        Self(token)
    }
}

impl From<String> for Token {
    fn from(text: String) -> Self {
        let is_collapsed = !text.contains(['\t', '\r', '\n'])
            && !text.contains("  ")
            && !text.starts_with(' ')
            && !text.ends_with(' ');
        if is_collapsed { Self(text) } else { Self::from(text.as_str()) }
    }
}

macro_rules! texts {
    ($($type_:ident = $name:literal),+) => {$(
        impl $type_ {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $type_ {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $type_ {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $type_ {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$type_> for String {
            fn from(text: $type_) -> Self {
                text.0
            }
        }

        impl PartialEq<str> for $type_ {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $type_ {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl fmt::Display for $type_ {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $type_ {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl super::Text for $type_ {}

        impl SimpleType for $type_ {
            const NAME: &'static str = $name;
            const HAS_EMPTY_LITERAL: bool = true;
            const TAKES_ANY_TEXT: bool = true;

            fn parse(text: Cow<'_, str>) -> Result<Self, String> {
                Ok(match text {
                    Cow::Borrowed(text) => Self::from(text),
                    Cow::Owned(text) => Self::from(text),
                })
            }

            fn lexical(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.0)
            }

            fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
                writer.text_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type_ {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type_ {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::json::text(deserializer, $name, |text| Ok(Self::from(text)))
            }
        }

        #[cfg(feature = "serde")]
        impl super::json::JsonValue for $type_ {}
    )+};
}

texts!(NormalizedString = "xs:normalizedString", Token = "xs:token");

simple_type!(NormalizedString, Token);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_taken_away_however_the_text_comes() {
        for (text, normalized, token) in [
            ("", "", ""),
            ("a b", "a b", "a b"),
            (" a", " a", "a"),
            ("a ", "a ", "a"),
            ("a  b", "a  b", "a b"),
            ("\r\n\ta\r\nb", "   a  b", "a b"),
            (" \n", "  ", ""),
            ("\u{a0}a\u{2003}", "\u{a0}a\u{2003}", "\u{a0}a\u{2003}"),
        ] {
            assert_eq!(NormalizedString::from(text), normalized);
            assert_eq!(NormalizedString::from(text.to_owned()), normalized);
            assert_eq!(Token::from(text), token);
            assert_eq!(Token::from(text.to_owned()), token);
            assert_eq!(Token::parse(text.into()), Ok(Token::from(text)));
        }
    }
}
