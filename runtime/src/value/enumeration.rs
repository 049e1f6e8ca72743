//! Enumerations: text with a list of known values.

/// A type that every text is a value of: `String`, and enumerations, which keep what they do not know.
///
/// It lets `&str` go straight into setters of [`Nillable`](super::Nillable) and [`OptNillable`](super::OptNillable) fields.
/// [`enumeration!`](crate::enumeration) implements it.
pub trait Text: for<'text> From<&'text str> {}

impl Text for String {}

/// Completes an enumeration that has `as_str` and `From<&str>`: `Display`, `From<String>`, [`SimpleType`](crate::xml::SimpleType) under the
/// given name, reading and writing as XML, and with the feature `serde` as a JSON string. With [`Token`](super::Token) or
/// [`NormalizedString`](super::NormalizedString) behind the name, white space is read as that type has it.
///
/// ```
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Color {
///     Red,
///     Unknown(String),
/// }
///
/// impl Color {
///     pub fn as_str(&self) -> &str {
///         match self {
///             Self::Red => "RED",
///             Self::Unknown(value) => value,
///         }
///     }
/// }
///
/// impl From<&str> for Color {
///     fn from(value: &str) -> Self {
///         match value {
///             "RED" => Self::Red,
///             _ => Self::Unknown(value.to_owned()),
///         }
///     }
/// }
///
/// runtime::enumeration!(Color, "Color");
///
/// assert_eq!(Color::from("RED".to_owned()), Color::Red);
/// assert_eq!(Color::from("PINK").to_string(), "PINK");
/// ```
#[macro_export]
macro_rules! enumeration {
    ($type_:ident, $name:literal) => {
        $crate::enumeration!(@over $type_, $name, text, &*text);
    };
    ($type_:ident, $name:literal, $base:ident) => {
        $crate::enumeration!(@over $type_, $name, text, $crate::value::$base::from(&*text).as_str());
    };
    (@over $type_:ident, $name:literal, $text:ident, $value:expr) => {
        impl ::core::fmt::Display for $type_ {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::From<::std::string::String> for $type_ {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl $crate::value::Text for $type_ {}

        impl $crate::xml::SimpleType for $type_ {
            const NAME: &'static str = $name;
            const HAS_EMPTY_LITERAL: bool = true;
            const TAKES_ANY_TEXT: bool = true;

            fn parse($text: ::std::borrow::Cow<'_, str>) -> ::core::result::Result<Self, ::std::string::String> {
                ::core::result::Result::Ok(Self::from($value))
            }

            fn lexical(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        $crate::simple_type!($type_);
        $crate::__json_enumeration!($type_, $name);
    };
}

/// What [`enumeration!`](crate::enumeration) adds with the feature `serde`: this crate's feature decides, not the caller's.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_enumeration {
    ($type_:ident, $name:literal) => {
        impl $crate::value::json::serde::Serialize for $type_ {
            fn serialize<S: $crate::value::json::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::value::json::serde::Deserialize<'de> for $type_ {
            fn deserialize<D: $crate::value::json::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::value::json::text(deserializer, $name, |text| ::core::result::Result::Ok(Self::from(text)))
            }
        }

        impl $crate::value::json::JsonValue for $type_ {}
    };
}

/// Without the feature `serde` there is nothing to add.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_enumeration {
    ($type_:ident, $name:literal) => {};
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::value::{Nillable, OptNillable};
    use crate::xml::SimpleType;

    #[derive(Clone, Debug, PartialEq)]
    enum Color {
        Red,
        Unknown(String),
    }

    impl Color {
        fn as_str(&self) -> &str {
            match self {
                Self::Red => "RED",
                Self::Unknown(value) => value,
            }
        }
    }

    impl From<&str> for Color {
        fn from(value: &str) -> Self {
            match value {
                "RED" => Self::Red,
                _ => Self::Unknown(value.to_owned()),
            }
        }
    }

    crate::enumeration!(Color, "Color");

    #[derive(Clone, Debug, PartialEq)]
    struct Word(String);

    impl Word {
        fn as_str(&self) -> &str {
            &self.0
        }
    }

    impl From<&str> for Word {
        fn from(value: &str) -> Self {
            Self(value.to_owned())
        }
    }

    crate::enumeration!(Word, "Word", Token);

    #[test]
    fn white_space_counts_as_the_base_has_it() {
        assert_eq!(Word::parse(Cow::Borrowed("\n dark  red ")), Ok(Word::from("dark red")));
    }

    #[test]
    fn every_text_is_kept() {
        for text in ["RED", "red", "", " RED "] {
            let color = Color::parse(Cow::Borrowed(text)).unwrap_or(Color::Red);
            assert_eq!(color.lexical(), text);
            assert_eq!(color.to_string(), text);
            assert_eq!(color == Color::Red, text == "RED");
        }
        assert_eq!(format!("{:>5}", Color::Red), "  RED");
    }

    #[test]
    fn text_goes_into_fields() {
        assert_eq!(OptNillable::<Color>::from("RED"), OptNillable::Value(Color::Red));
        assert_eq!(Nillable::<Color>::from(Color::Red), Nillable::from("RED"));
    }
}
