//! Texts of numbers: signs, zeros in front, bounds, more digits than any type of Rust has.
//!
//! Enter bounds and a source of choices, leaves a text.

use super::Source;

/// A whole number between the bounds, in no more digits than that.
pub(super) fn integer(
    min: Option<i128>,
    max: Option<i128>,
    total_digits: Option<u32>,
    source: &mut Source<'_>,
) -> String {
    let digits = total_digits.and_then(|digits| 10_i128.checked_pow(digits)).map(|limit| limit - 1);
    let low = min.unwrap_or(-(10_i128.pow(30))).max(digits.map_or(i128::MIN, |limit| -limit));
    let high = max.unwrap_or(10_i128.pow(30)).min(digits.unwrap_or(i128::MAX)).max(low);
    if digits.is_none() && source.one_in(8) {
        // More digits than any type of Rust has.
        let digits: String = (0..40 + source.below(40)).map(|_| digit(source)).collect();
        if max.is_none() && (min.is_some() || source.below(2) == 0) {
            return format!("{}1{digits}", source.pick(&["", "+", "00"]));
        }
        if min.is_none() {
            return format!("-{}1{digits}", source.pick(&["", "00"]));
        }
    }
    let value = match source.below(8) {
        0 => 0,
        1 => 1,
        2 => -1,
        3 => low,
        4 => high,
        5 => i128::from(source.number().cast_signed()),
        6 => i128::try_from(source.below(256)).map_or(0, |number| number - 128),
        // In 128 bits two's complement differences fit, whatever the signs.
        _ => low.wrapping_add((u128::from(source.number()) % (high.wrapping_sub(low) as u128).max(1)) as i128),
    };
    let value = value.clamp(low, high);
    let sign = match value {
        0 => source.pick(&["", "", "", "", "", "", "+", "-"]),
        1.. => source.pick(&["", "", "", "", "", "", "", "+"]),
        _ => "-",
    };
    format!(
        "{sign}{}{}",
        source.pick(&["", "", "", "", "", "", "0", "0000000000000000000000000"]),
        value.unsigned_abs()
    )
}

fn digit(source: &mut Source<'_>) -> char {
    source.pick(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
}

pub(super) fn digits(count: usize, source: &mut Source<'_>) -> String {
    (0..count).map(|_| digit(source)).collect()
}

pub(super) fn decimal(source: &mut Source<'_>) -> String {
    let sign = source.pick(&["", "", "", "-", "+"]);
    let whole_digits = [1, 1, 2, 5, 0, 30][source.below(6)];
    let whole = digits(whole_digits, source);
    let fraction_digits = [0, 1, 2, 2, 7, 30][source.below(6)];
    let fraction = digits(fraction_digits, source);
    let point = if fraction.is_empty() && !source.one_in(8) { "" } else { "." };
    match (&*whole, &*fraction) {
        ("", "") => format!("{sign}0{point}"),
        _ => format!("{sign}{whole}{point}{fraction}"),
    }
}

/// A floating-point number: one that is easily got wrong, or any that `from_bits` makes of the bits in `mask`.
pub(super) fn float(mask: u64, from_bits: fn(u64) -> f64, source: &mut Source<'_>) -> String {
    const TEXTS: &[&str] = &[
        "0",
        "1",
        "-1.5",
        "NaN",
        "INF",
        "-INF",
        "-0",
        "-0.0",
        "+.5",
        "5.",
        "1E4",
        "-1.25e-3",
        "1.0e+10",
        "0001.5000",
        "1e400",
        "-1e400",
        "1e-400",
        "3.4028235E38",
        "1.7976931348623157E308",
        "5e-324",
        "1e-45",
        "0.1",
        "16777217",
        "9007199254740993",
        "123456789.123456789",
    ];
    if source.below(2) == 0 {
        return source.pick(TEXTS).to_owned();
    }
    let value = from_bits(source.number() & mask);
    match (value.is_finite(), source.below(4)) {
        (false, _) if value.is_nan() => "NaN".to_owned(),
        (false, _) => if value > 0.0 { "INF" } else { "-INF" }.to_owned(),
        (true, 0) => format!("{value:?}"),
        (true, 1) => format!("{value:e}"),
        (true, 2) => format!("{value:E}"),
        (true, _) => format!("{:+.5}", value % 1e9),
    }
}
