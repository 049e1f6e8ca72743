//! Rust's own types as XML Schema's simple types, and how the other types of this module become simple types.
//!
//! Text enters and values leave, the white space around it dropped where the schema says so (Datatypes, section 4.3.6). What Rust's own
//! parsers take and XML Schema does not, such as `infinity`, is refused.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::str::FromStr;

use crate::simple_type;
use crate::xml::{SimpleType, WriteError, Writer};

/// Whether this is white space to XML (XML 1.0, section 2.3).
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The text without white space at its ends; inside of it, no type that collapses white space has any.
pub(super) fn collapse(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// Writes what needs no escaping, without an allocation.
pub(super) fn write_plain(value: &impl Display, writer: &mut Writer) -> Result<(), WriteError> {
    // A writer takes whatever comes: there is no error.
    let _ = write!(writer, "{value}");
    Ok(())
}

/// Makes a type with `FromStr` and `Display` a [`SimpleType`] without an empty literal, and with the feature `serde` a JSON string.
macro_rules! text_type {
    ($type_:ident, $name:literal) => {
        $crate::value::simple::text_type!($type_, $name, false);
    };
    ($type_:ident, $name:literal, $has_empty_literal:literal) => {
        impl $crate::xml::SimpleType for $type_ {
            const NAME: &'static str = $name;
            const HAS_EMPTY_LITERAL: bool = $has_empty_literal;

            fn parse(text: ::std::borrow::Cow<'_, str>) -> Result<Self, String> {
                $crate::value::simple::collapse(&text).parse().map_err(|error: ValueError| error.expected().to_owned())
            }

            fn lexical(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Owned(self.to_string())
            }

            fn write(&self, writer: &mut $crate::xml::Writer) -> Result<(), $crate::xml::WriteError> {
                $crate::value::simple::write_plain(self, writer)
            }
        }

        $crate::simple_type!($type_);

        #[cfg(feature = "serde")]
        $crate::value::json::text_value!($type_, $name);
    };
}
pub(super) use text_type;

impl SimpleType for String {
    const NAME: &'static str = "xs:string";
    const HAS_EMPTY_LITERAL: bool = true;
    const TAKES_ANY_TEXT: bool = true;

    fn parse(text: Cow<'_, str>) -> Result<Self, String> {
        Ok(text.into_owned())
    }

    fn lexical(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl SimpleType for bool {
    const NAME: &'static str = "xs:boolean";
    const HAS_EMPTY_LITERAL: bool = false;

    fn parse(text: Cow<'_, str>) -> Result<Self, String> {
        match collapse(&text) {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err("`true`, `false`, `1` or `0`".to_owned()),
        }
    }

    fn lexical(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        write_plain(self, writer)
    }
}

/// A whole number in digits, with a sign or without; for unsigned types, `-0` is one too (Datatypes, section 3.3.20).
fn whole_number<T: FromStr>(text: &str) -> Option<T> {
    match text.strip_prefix('-') {
        Some(zeros) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => zeros.parse().ok(),
        _ => text.parse().ok(),
    }
}

macro_rules! integers {
    ($($type_:ident = $name:literal),+ $(,)?) => {$(
        impl SimpleType for $type_ {
            const NAME: &'static str = $name;
            const HAS_EMPTY_LITERAL: bool = false;

            fn parse(text: Cow<'_, str>) -> Result<Self, String> {
                whole_number(collapse(&text))
                    .ok_or_else(|| format!("a whole number between {} and {}", Self::MIN, Self::MAX))
            }

            fn lexical(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
                write_plain(self, writer)
            }
        }
    )+};
}

integers! {
    i8 = "xs:byte",
    i16 = "xs:short",
    i32 = "xs:int",
    i64 = "xs:long",
    u8 = "xs:unsignedByte",
    u16 = "xs:unsignedShort",
    u32 = "xs:unsignedInt",
    u64 = "xs:unsignedLong",
}

/// The floating-point types.
pub(super) trait Float: Sized {
    /// How XML Schema writes a value that is no number (Datatypes, sections 3.2.4 and 3.2.5).
    fn special(self) -> Option<&'static str>;

    /// The value that is written so.
    fn from_special(text: &str) -> Option<Self>;
}

macro_rules! floats {
    ($($type_:ident = $name:literal),+) => {$(
        impl Float for $type_ {
            fn special(self) -> Option<&'static str> {
                match self {
                    Self::INFINITY => Some("INF"),
                    Self::NEG_INFINITY => Some("-INF"),
                    value if value.is_nan() => Some("NaN"),
                    _ => None,
                }
            }

            fn from_special(text: &str) -> Option<Self> {
                match text {
                    "INF" => Some(Self::INFINITY),
                    "-INF" => Some(Self::NEG_INFINITY),
                    "NaN" => Some(Self::NAN),
                    _ => None,
                }
            }
        }

        impl SimpleType for $type_ {
            const NAME: &'static str = $name;
            const HAS_EMPTY_LITERAL: bool = false;

            fn parse(text: Cow<'_, str>) -> Result<Self, String> {
                let text = collapse(&text);
                let number = || {
                    // The other letters that Rust takes are those of its infinities and NaN.
                    let has_letters = text.bytes().any(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'e' | b'E'));
                    if has_letters { None } else { text.parse().ok() }
                };
                Self::from_special(text)
                    .or_else(number)
                    .ok_or_else(|| "a number such as `-1.5E3`, or `INF`, `-INF` or `NaN`".to_owned())
            }

            fn lexical(&self) -> Cow<'_, str> {
                match self.special() {
                    Some(text) => Cow::Borrowed(text),
                    None => Cow::Owned(format!("{self:?}")),
                }
            }

            fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
                match self.special() {
                    Some(text) => write_plain(&text, writer),
                    // `Debug` takes an exponent for what would be long without one, `Display` does not.
                    None => write_plain(&format_args!("{self:?}"), writer),
                }
            }
        }
    )+};
}

floats!(f32 = "xs:float", f64 = "xs:double");

simple_type!(String, bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;
    use crate::value::{Base64Binary, Date, DateTime, Decimal, HexBinary, Integer, Time};

    fn parse<T: SimpleType>(text: &str) -> Result<T, String> {
        T::parse(Cow::Borrowed(text))
    }

    /// What is written is what `lexical` says, and parses to the same value.
    fn check<T: SimpleType + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
        let mut writer = Writer::new(&[]);
        prop_assert_eq!(value.write(&mut writer), Ok(()));
        let text = writer.into_string();
        prop_assert_eq!(&text, &value.lexical());
        prop_assert!(parse::<T>(&text).is_ok_and(|parsed| parsed == *value), "{}", text);
        let spaced = format!("\r\n\t {text} \r\n\t");
        prop_assert!(parse::<T>(&spaced).is_ok_and(|parsed| parsed == *value), "{}", spaced);
        Ok(())
    }

    #[test]
    fn booleans() {
        for (text, value) in [("true", true), ("1", true), ("false", false), ("0", false), ("\n true\t", true)] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
        for text in ["", "TRUE", "True", "yes", "01", "t rue", "\u{a0}true"] {
            assert_eq!(parse::<bool>(text).unwrap_err(), "`true`, `false`, `1` or `0`", "{text}");
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(parse("+5"), Ok(5_i32));
        assert_eq!(parse("-0005"), Ok(-5_i32));
        assert_eq!(parse("-0"), Ok(0_u8));
        assert_eq!(parse("-000"), Ok(0_u64));
        assert_eq!(parse("-00"), Ok(0_i64));
        assert_eq!(parse("000000000000000000000000255"), Ok(255_u8));
        assert_eq!(parse("-9223372036854775808"), Ok(i64::MIN));
        for text in
            ["", " ", "-", "+", "--5", "+-0", "-+0", "5.0", "5e0", "0x5", "5 5", "five", "1_0", "2147483648", "٥"]
        {
            let error = parse::<i32>(text).unwrap_err();
            assert_eq!(error, "a whole number between -2147483648 and 2147483647", "{text}");
        }
        assert_eq!(parse::<u8>("-1").unwrap_err(), "a whole number between 0 and 255");
    }

    #[test]
    fn floating_point_numbers() {
        for (text, value) in [
            ("-1E4", -1e4),
            ("1267.43233E12", 1_267.432_33e12),
            ("12.78e-2", 0.1278),
            ("12", 12.0),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("INF", f64::INFINITY),
            ("-INF", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
        assert!(parse::<f64>("NaN").is_ok_and(f64::is_nan));
        assert!(parse::<f64>("-0").is_ok_and(|zero| zero == 0.0 && zero.is_sign_negative()));
        for text in
            ["", ".", "e5", "1e", "inf", "+INF", "Infinity", "infinity", "nan", "NAN", "-NaN", "1,5", "0x1p3", "1f32"]
        {
            assert!(parse::<f64>(text).is_err(), "{text}");
            assert!(parse::<f32>(text).is_err(), "{text}");
        }
        for (value, text) in [
            (f64::INFINITY, "INF"),
            (f64::NEG_INFINITY, "-INF"),
            (f64::NAN, "NaN"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1e300, "1e300"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(value.lexical(), text);
        }
    }

    #[test]
    fn strings_are_kept_whole() {
        assert_eq!(parse::<String>(" \n a  b "), Ok(" \n a  b ".to_owned()));
        assert_eq!(" <&> ".to_owned().lexical(), " <&> ");
    }

    #[test]
    fn only_strings_and_bytes_have_an_empty_literal() {
        fn claim<T: SimpleType>() {
            assert_eq!(parse::<T>("").is_ok(), T::HAS_EMPTY_LITERAL, "{}", T::NAME);
        }
        claim::<bool>();
        claim::<i8>();
        claim::<u64>();
        claim::<f32>();
        claim::<f64>();
        claim::<Integer>();
        claim::<Decimal>();
        claim::<DateTime>();
        claim::<Date>();
        claim::<Time>();
        claim::<String>();
        claim::<Base64Binary>();
        claim::<HexBinary>();
    }

    proptest! {
        #[test]
        fn written_integers_parse(a: i8, b: i16, c: i32, d: i64, e: u8, f: u16, g: u32, h: u64) {
            check(&a)?;
            check(&b)?;
            check(&c)?;
            check(&d)?;
            check(&e)?;
            check(&f)?;
            check(&g)?;
            check(&h)?;
        }

        #[test]
        fn written_floats_parse(
            single in any::<f32>().prop_filter("equal to itself", |value| !value.is_nan()),
            double in any::<f64>().prop_filter("equal to itself", |value| !value.is_nan()),
        ) {
            check(&single)?;
            check(&double)?;
        }

        #[test]
        fn written_texts_parse(bytes in proptest::collection::vec(any::<u8>(), 0..2000), number: i128, flag: bool) {
            check(&Base64Binary::from(bytes.clone()))?;
            check(&HexBinary::from(bytes))?;
            check(&Integer::from(number))?;
            check(&Decimal::from(number))?;
            check(&flag)?;
        }
    }
}
