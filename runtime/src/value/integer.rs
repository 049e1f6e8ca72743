//! `xs:integer`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::ValueError;
use super::simple::text_type;

/// A whole number of any size: `xs:integer` and what derives from it without a bound (Datatypes, section 3.3.13).
///
/// Kept as decimal digits, without `+` or zeros in front: equality and order are those of the numbers. Numbers of Rust convert into it, and
/// it into them where it is in their range.
///
/// ```
/// use runtime::value::Integer;
///
/// let integer: Integer = "+0042".parse()?;
/// assert_eq!(integer, Integer::from(42));
/// assert_eq!(i64::try_from(&integer)?, 42);
/// assert!(integer < "123456789012345678901234567890".parse()?);
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Integer(Box<str>);

impl Integer {
    /// The digits, with `-` in front where the number is negative.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is below zero, and its digits.
    fn parts(&self) -> (bool, &str) {
        match self.0.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, &self.0),
        }
    }
}

impl FromStr for Integer {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ValueError::new("a whole number"));
        }
        let digits = digits.trim_start_matches('0');
        Ok(Self(match (negative, digits) {
            (_, "") => "0".into(),
            (false, digits) => digits.into(),
            (true, digits) => format!("-{digits}").into(),
        }))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, digits) = self.parts();
        f.pad_integral(!negative, "", digits)
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = |left: &str, right: &str| left.len().cmp(&right.len()).then_with(|| left.cmp(right));
        match (self.parts(), other.parts()) {
            ((false, left), (false, right)) => magnitude(left, right),
            ((true, left), (true, right)) => magnitude(right, left),
            ((true, _), (false, _)) => Ordering::Less,
            ((false, _), (true, _)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

macro_rules! conversions {
    ($($type_:ident),+) => {$(
        impl From<$type_> for Integer {
            fn from(value: $type_) -> Self {
                Self(value.to_string().into())
            }
        }

        impl TryFrom<&Integer> for $type_ {
            type Error = ValueError;

            fn try_from(value: &Integer) -> Result<Self, ValueError> {
                value.0.parse().map_err(|_| ValueError::new(concat!("a whole number that fits ", stringify!($type_))))
            }
        }

        impl TryFrom<Integer> for $type_ {
            type Error = ValueError;

            fn try_from(value: Integer) -> Result<Self, ValueError> {
                Self::try_from(&value)
            }
        }
    )+};
}

conversions!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

text_type!(Integer, "xs:integer");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Integer {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn digits_are_canonical() {
        for (text, digits) in [
            ("0", "0"),
            ("-0", "0"),
            ("+000", "0"),
            ("+007", "7"),
            ("-0070", "-70"),
            ("00123456789012345678901234567890", "123456789012345678901234567890"),
        ] {
            assert_eq!(parse(text).as_str(), digits);
            assert_eq!(parse(text).to_string(), digits);
        }
        for text in ["", "+", "-", "+-1", "--1", "1.0", "1e3", " 1", "0x1", "1_000", "١"] {
            assert_eq!(text.parse::<Integer>(), Err(ValueError::new("a whole number")), "{text}");
        }
        assert_eq!(format!("{:>+6}", Integer::from(42)), "   +42");
        assert_eq!(format!("{:05}", Integer::from(-42)), "-0042");
    }

    #[test]
    fn conversions_check_the_range() {
        assert_eq!(i32::try_from(Integer::from(i64::from(i32::MIN))), Ok(i32::MIN));
        let error = i32::try_from(Integer::from(i64::from(i32::MAX) + 1)).unwrap_err();
        assert_eq!(error.to_string(), "expected a whole number that fits i32");
        assert!(u64::try_from(&Integer::from(-1)).is_err());
        assert_eq!(u128::try_from(&Integer::from(u128::MAX)), Ok(u128::MAX));
        assert_eq!(i128::try_from(&Integer::from(i128::MIN)), Ok(i128::MIN));
    }

    proptest! {
        #[test]
        fn order_and_equality_are_numeric(left: i128, right in prop_oneof![any::<i128>(), (-200_i128..200)]) {
            prop_assert_eq!(Integer::from(left).cmp(&Integer::from(right)), left.cmp(&right));
            prop_assert_eq!(i128::try_from(Integer::from(left)), Ok(left));
        }

        #[test]
        fn small_numbers_are_ordered(left in -200_i32..200, right in -200_i32..200) {
            prop_assert_eq!(Integer::from(left).cmp(&Integer::from(right)), left.cmp(&right));
        }

        #[test]
        fn shown_as_parsed(text in "0|-?[1-9][0-9]{0,60}") {
            prop_assert_eq!(parse(&text).to_string(), text);
        }
    }
}
