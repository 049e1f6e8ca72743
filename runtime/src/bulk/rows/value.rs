//! What a text means as a boolean, a number or a time. The rules for typed reading and for typed sinks alike; none of them changes a value.

use jiff::Timestamp;
use jiff::civil::Date;

/// `true`, `false` in any case, `1`, `0`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number, with decimals if they are zero (`12.0`) or with an exponent (`1.2E7`).
pub(crate) fn integer(text: &str) -> Option<i128> {
    if let Ok(integer) = text.parse() {
        return Some(integer);
    }
    let Decimal { negative, digits, exponent } = Decimal::parse(text)?;
    if digits.is_empty() {
        return Some(0);
    }
    let scale = 10_i128.checked_pow(u32::try_from(exponent).ok()?)?;
    let value = digits.parse::<i128>().ok()?.checked_mul(scale)?;
    Some(if negative { -value } else { value })
}

/// A decimal number as the nearest `f64`: finite, in decimal or exponent notation.
pub(crate) fn float(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if !is_number {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The same, but only where the `f64` holds the number: its shortest form has the same digits.
pub(crate) fn exact_float(text: &str) -> Option<f64> {
    let value = float(text)?;
    // A double tells any two numbers of 15 digits apart.
    if text.len() <= 15 && !text.contains(['e', 'E']) {
        return Some(value);
    }
    (Decimal::parse(text)? == Decimal::parse(&format!("{value:e}"))?).then_some(value)
}

/// A date, `2022-02-13`.
pub(crate) fn date(text: &str) -> Option<Date> {
    // Without the check a time would be cut off.
    if text.len() != 10 {
        return None;
    }
    text.parse().ok()
}

/// A moment: a date and a time with `Z` or an offset, `+0000` as well as `+00:00`, and a space in place of the `T`. Without an offset it is none.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    // A leap second would become the second before; an annotation says more than a moment.
    if text.get(17..19) == Some("60") || text.ends_with(']') {
        return None;
    }
    text.parse().ok()
}

/// A decimal number as it is written: `digits` × 10^`exponent`, the digits without zeros at either end; none for zero.
#[derive(PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        while digits.ends_with('0') {
            digits.pop();
            exponent = exponent.checked_add(1)?;
        }
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        digits.drain(..zeros);
        if digits.is_empty() {
            // Negative zero is a double of its own; the sign stays.
            exponent = 0;
        }
        Some(Self { negative, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for (text, value) in
            [("true", true), ("True", true), ("1", true), ("false", false), ("FALSE", false), ("0", false)]
        {
            assert_eq!(boolean(text), Some(value), "{text}");
        }
        for text in ["", "yes", "t", "01", " true", "2"] {
            assert_eq!(boolean(text), None, "{text:?}");
        }
    }

    #[test]
    fn integers() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("12", 12),
            ("+12", 12),
            ("12.0", 12),
            ("12.", 12),
            ("-12.000", -12),
            ("1.2345678E7", 12_345_678),
            ("1200e-2", 12),
            ("0.0", 0),
            ("00012", 12),
            ("9223372036854775808", 9_223_372_036_854_775_808),
        ] {
            assert_eq!(integer(text), Some(value), "{text}");
        }
        for text in ["", "-", ".", "12.5", "1,000", "1e400", "1e99999999999", " 1", "0x10", "1.2E-1", "null", "--1"] {
            assert_eq!(integer(text), None, "{text:?}");
        }
    }

    #[test]
    fn floats_are_exact_or_none() {
        for (text, value) in [("12", 12.0), ("-0.5", -0.5), ("1e3", 1000.0), ("0.1", 0.1), ("1.0E-3", 0.001)] {
            assert_eq!(exact_float(text), Some(value), "{text}");
        }
        for text in ["0.30000000000000004", "1.7976931348623157E308", "123456789012345.5"] {
            assert_eq!(exact_float(text), text.parse().ok(), "{text}");
        }
        for text in
            ["", "NaN", "inf", "infinity", "1e999", "12345678901234567891", "0.12345678901234567891", "1,5", "e5"]
        {
            assert_eq!(exact_float(text), None, "{text:?}");
        }
        assert_eq!(float("12345678901234567891"), Some(12_345_678_901_234_567_891.0));
    }

    #[test]
    fn dates_and_moments() {
        assert_eq!(date("2022-02-13"), Some(jiff::civil::date(2022, 2, 13)));
        for text in ["", "2022-02-30", "2022-02-13T00:00:00Z", "13.02.2022", "2022-2-13"] {
            assert_eq!(date(text), None, "{text:?}");
        }
        let second = Timestamp::from_second(1_644_761_180).unwrap();
        for text in [
            "2022-02-13T14:06:20Z",
            "2022-02-13T14:06:20+0000",
            "2022-02-13T14:06:20+00:00",
            "2022-02-13T08:06:20-0600",
            "2022-02-13T08:06:20-06:00",
            "2022-02-13 14:06:20Z",
            "2022-02-13T14:06:20.000Z",
        ] {
            assert_eq!(moment(text), Some(second), "{text}");
        }
        for text in
            ["", "2022-02-13", "2022-02-13T14:06:20", "2022-02-13T14:06:60Z", "2022-02-13T14:06:20Z[UTC]", "soon"]
        {
            assert_eq!(moment(text), None, "{text:?}");
        }
    }
}
