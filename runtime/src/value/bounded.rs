//! Whole numbers with one bound: what derives from `xs:integer` and no type of Rust is wide enough for.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use super::simple::text_type;
use super::{Integer, ValueError};

macro_rules! bounded {
    ($($(#[$doc:meta])* $type_:ident = $name:literal, $section:literal, $expected:literal, $holds:expr);+ $(;)?) => {$(
        $(#[$doc])*
        #[doc = concat!("\n\n`", $name, "` (Datatypes, section ", $section, "). Reads as the [`Integer`] that it is.")]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type_(Integer);

        impl $type_ {
            /// The number, without its bound.
            #[must_use]
            pub fn into_inner(self) -> Integer {
                self.0
            }
        }

        impl Deref for $type_ {
            type Target = Integer;

            fn deref(&self) -> &Integer {
                &self.0
            }
        }

        impl TryFrom<Integer> for $type_ {
            type Error = ValueError;

            fn try_from(value: Integer) -> Result<Self, ValueError> {
                let holds: fn(&str) -> bool = $holds;
                if holds(value.as_str()) { Ok(Self(value)) } else { Err(ValueError::new($expected)) }
            }
        }

        impl From<$type_> for Integer {
            fn from(value: $type_) -> Self {
                value.0
            }
        }

        impl FromStr for $type_ {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, ValueError> {
                text.parse::<Integer>().map_err(|_| ValueError::new($expected))?.try_into()
            }
        }

        impl fmt::Display for $type_ {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $type_ {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        from!($type_: i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);
        text_type!($type_, $name);
    )+};
}

macro_rules! from {
    ($type_:ident: $($number:ident),+) => {$(
        impl TryFrom<$number> for $type_ {
            type Error = ValueError;

            fn try_from(value: $number) -> Result<Self, ValueError> {
                Integer::from(value).try_into()
            }
        }
    )+};
}

// An integer's digits have no `+`, no zeros in front and no `-0`.
bounded! {
    /// A whole number of at least 0.
    ///
    /// ```
    /// use runtime::value::NonNegativeInteger;
    ///
    /// let count = NonNegativeInteger::try_from(42_u8)?;
    /// assert_eq!(u64::try_from(&*count)?, 42);
    /// assert!("-1".parse::<NonNegativeInteger>().is_err());
    /// # Ok::<(), runtime::value::ValueError>(())
    /// ```
    NonNegativeInteger = "xs:nonNegativeInteger", "3.3.20", "a whole number of at least 0", |digits| !digits.starts_with('-');
    /// A whole number of at least 1.
    PositiveInteger = "xs:positiveInteger", "3.3.25", "a whole number of at least 1", |digits| {
        !digits.starts_with('-') && digits != "0"
    };
    /// A whole number of at most 0.
    NonPositiveInteger = "xs:nonPositiveInteger", "3.3.14", "a whole number of at most 0", |digits| {
        digits.starts_with('-') || digits == "0"
    };
    /// A whole number of at most -1.
    NegativeInteger = "xs:negativeInteger", "3.3.15", "a whole number of at most -1", |digits| digits.starts_with('-');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_kept() {
        let huge = "123456789012345678901234567890";
        for text in ["-1", "-0", "0", "+1", "1", huge, "-123456789012345678901234567890"] {
            let integer: Integer = text.parse().unwrap();
            let zero = Integer::from(0);
            assert_eq!(text.parse::<NonNegativeInteger>().is_ok(), integer >= zero, "{text}");
            assert_eq!(text.parse::<PositiveInteger>().is_ok(), integer > zero, "{text}");
            assert_eq!(text.parse::<NonPositiveInteger>().is_ok(), integer <= zero, "{text}");
            assert_eq!(text.parse::<NegativeInteger>().is_ok(), integer < zero, "{text}");
        }
        assert_eq!(PositiveInteger::try_from(0_i32).unwrap_err().to_string(), "expected a whole number of at least 1");
        assert_eq!("x".parse::<NegativeInteger>().unwrap_err().to_string(), "expected a whole number of at most -1");
        assert_eq!(PositiveInteger::try_from(7_u8).map(|value| value.to_string()).as_deref(), Ok("7"));
    }
}
