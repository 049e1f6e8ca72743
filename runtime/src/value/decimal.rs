//! `xs:decimal`.

use std::fmt;
use std::str::FromStr;

use super::simple::text_type;
use super::{Integer, ValueError};

/// A decimal number of any size and precision: `xs:decimal` (Datatypes, section 3.2.3).
///
/// What is parsed is kept to the letter and shown again as it came, so no digit is lost. Equality and hashes go by what is written: `1.5` and
/// `1.50` are not equal. To compute, parse [`as_str`](Self::as_str) with a decimal library, or take [`to_f64`](Self::to_f64) where its
/// precision is enough.
///
/// ```
/// use runtime::value::Decimal;
///
/// let price: Decimal = "19.90".parse()?;
/// assert_eq!(price.to_string(), "19.90");
/// assert_eq!(price.to_f64(), 19.9);
/// assert_eq!(Decimal::from(5).as_str(), "5");
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The number as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest `f64`; infinite where the number is too big.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // Every decimal is a number to Rust, so there is no error.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl FromStr for Decimal {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(ValueError::new("a decimal number without an exponent, such as `19.90`"));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Integer> for Decimal {
    fn from(value: Integer) -> Self {
        Self(value.as_str().into())
    }
}

macro_rules! from_integers {
    ($($type_:ident),+) => {$(
        impl From<$type_> for Decimal {
            fn from(value: $type_) -> Self {
                Self(value.to_string().into())
            }
        }
    )+};
}

from_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

/// The shortest number that is nearest to this one. Fails for infinities and NaN.
impl TryFrom<f64> for Decimal {
    type Error = ValueError;

    fn try_from(value: f64) -> Result<Self, ValueError> {
        if value.is_finite() { Ok(Self(value.to_string().into())) } else { Err(ValueError::new("a finite number")) }
    }
}

text_type!(Decimal, "xs:decimal");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_letter_is_kept() {
        for text in ["0", "-0.0", "+1.50", ".5", "5.", "-.5", "007", "12345678901234567890.12345678901234567890"] {
            assert_eq!(text.parse::<Decimal>().map(|decimal| decimal.to_string()).as_deref(), Ok(text));
        }
        for text in ["", ".", "+", "-.", "1e5", "1,5", "1.5.", "INF", "NaN", " 1", "1 ", "+-1", "1.+5"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn conversions() {
        assert_eq!(Decimal::try_from(1e21).map(|decimal| decimal.to_string()).as_deref(), Ok("1000000000000000000000"));
        assert_eq!(Decimal::try_from(-0.1).map(|decimal| decimal.to_f64()), Ok(-0.1));
        assert!(Decimal::try_from(f64::NAN).is_err());
        assert!(Decimal::try_from(f64::INFINITY).is_err());
        assert_eq!(Decimal::from(Integer::from(-7)).as_str(), "-7");
    }

    proptest! {
        #[test]
        fn shown_as_parsed(text in "[+-]?([0-9]{1,30}(\\.[0-9]{0,30})?|\\.[0-9]{1,30})") {
            let decimal: Decimal = text.parse().unwrap();
            prop_assert!(decimal.to_f64().is_finite());
            prop_assert_eq!(decimal.to_string(), text);
        }

        #[test]
        fn finite_numbers_come_back(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            let decimal = Decimal::try_from(value).unwrap();
            prop_assert_eq!(decimal.as_str().parse::<Decimal>(), Ok(decimal.clone()));
            prop_assert_eq!(decimal.to_f64(), value);
        }
    }
}
