//! Texts of days, times of day and offsets from UTC, the odd ones too: negative years, 24:00:00, zeros at the end of a fraction.
//!
//! Enters a source of choices, leaves a text.

use super::Source;
use super::numbers::digits;

pub(super) fn date(source: &mut Source<'_>) -> String {
    let year = match source.below(8) {
        0..=4 => 2000 + source.below(100) as i64,
        5 => 1 + (source.number() % 9999) as i64,
        6 => -1 - (source.number() % 9999) as i64,
        _ => match source.number() as u32 as i32 {
            0 => i64::from(i32::MIN),
            year => i64::from(year),
        },
    };
    // There is no year 0: the one before 1 is -1.
    let counted = if year < 0 { year + 1 } else { year };
    let leap = counted % 4 == 0 && (counted % 100 != 0 || counted % 400 == 0);
    let month = source.below(12);
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month];
    let day = if source.one_in(8) { days } else { 1 + source.below(days) };
    format!("{}{:04}-{:02}-{day:02}", if year < 0 { "-" } else { "" }, year.unsigned_abs(), month + 1)
}

pub(super) fn clock(source: &mut Source<'_>) -> String {
    let time = match source.one_in(8) {
        true => "24:00:00".to_owned(),
        false => format!("{:02}:{:02}:{:02}", source.below(24), source.below(60), source.below(60)),
    };
    let length = [0, 0, 0, 1, 3, 3, 6, 7, 9, 18][source.below(10)];
    let fraction = match time.starts_with("24") {
        true => "0".repeat(length),
        false => digits(length, source),
    };
    let zeros = if fraction.is_empty() || !source.one_in(3) { 0 } else { source.below(19 - length) };
    match fraction.is_empty() {
        true => time,
        false => format!("{time}.{fraction}{}", "0".repeat(zeros)),
    }
}

pub(super) fn offset(source: &mut Source<'_>) -> String {
    match source.below(8) {
        0..=2 => String::new(),
        3 => "Z".to_owned(),
        4 => source.pick(&["+00:00", "-00:00", "+14:00", "-14:00"]).to_owned(),
        _ => format!("{}{:02}:{:02}", source.pick(&["+", "-"]), source.below(14), source.below(60)),
    }
}
