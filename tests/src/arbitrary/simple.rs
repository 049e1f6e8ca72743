//! Random texts of simple types, in every spelling that the lexical rules allow (Datatypes, sections 3.2 and 3.3).
//!
//! Enter a simple type and a source of choices, leaves a text. Where choices run out, each type gives its shortest, plainest value.

use codegen::model::FacetKind;

use super::Source;
use super::moments::{clock, date, offset};
use super::numbers::{decimal, float, integer};
use crate::schema::{Simple, whole_number};

/// XML Schema's own types that bindings have a Rust type for, by local name.
pub const BUILTINS: &[&str] = &[
    "string",
    "normalizedString",
    "token",
    "language",
    "Name",
    "NCName",
    "NMTOKEN",
    "ID",
    "IDREF",
    "ENTITY",
    "NMTOKENS",
    "IDREFS",
    "ENTITIES",
    "anyURI",
    "boolean",
    "byte",
    "short",
    "int",
    "long",
    "unsignedByte",
    "unsignedShort",
    "unsignedInt",
    "unsignedLong",
    "integer",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "decimal",
    "float",
    "double",
    "dateTime",
    "date",
    "time",
    "base64Binary",
    "hexBinary",
    "anySimpleType",
];

/// A text of this type. Of an enumeration, one of its values, and now and then another text.
pub fn text(simple: &Simple<'_>, source: &mut Source<'_>) -> String {
    match simple {
        Simple::Atomic(builtin, _) => {
            let facets = Facets::new(simple);
            let is_listed = !facets.values.is_empty();
            let is_unknown = is_listed && is_text(builtin) && source.one_in(12);
            if is_listed && !is_unknown {
                source.pick(&facets.values).to_owned()
            } else {
                atomic(builtin, &facets, source)
            }
        }
        Simple::List(item) => {
            let items: Vec<_> = (0..source.below(4)).map(|_| text(item, source)).collect();
            items.join(source.pick(&[" ", "  ", "\n"]))
        }
        Simple::Union(members) if members.is_empty() => String::new(),
        Simple::Union(members) => text(&members[source.below(members.len())], source),
    }
}

/// The facets that are looked at, as far as they can be read as numbers.
#[derive(Debug, Default)]
struct Facets<'d> {
    values: Vec<&'d str>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    min: Option<i128>,
    max: Option<i128>,
    total_digits: Option<u32>,
}

impl<'d> Facets<'d> {
    fn new(simple: &Simple<'d>) -> Self {
        let mut found = Self::default();
        let Simple::Atomic(_, facets) = simple else { return found };
        // Those of derived types come last and are the narrower ones.
        for facet in facets {
            let length = facet.value.trim().parse().ok();
            let number = facet.value.trim().parse::<i128>().ok();
            match facet.kind {
                FacetKind::Enumeration => found.values.push(&facet.value),
                FacetKind::Length => (found.min_length, found.max_length) = (length, length),
                FacetKind::MinLength => found.min_length = length,
                FacetKind::MaxLength => found.max_length = length,
                FacetKind::MinInclusive => found.min = number,
                FacetKind::MaxInclusive => found.max = number,
                FacetKind::MinExclusive => found.min = number.map(|number| number.saturating_add(1)),
                FacetKind::MaxExclusive => found.max = number.map(|number| number.saturating_sub(1)),
                FacetKind::TotalDigits => found.total_digits = facet.value.trim().parse().ok(),
                FacetKind::FractionDigits | FacetKind::Pattern | FacetKind::WhiteSpace => {}
            }
        }
        found
    }

    /// A length that the facets allow; by itself at most `usual`, or now and then much more.
    fn length(&self, usual: usize, source: &mut Source<'_>) -> usize {
        let wanted = if source.one_in(32) { 64 + source.below(256) } else { source.below(usual + 1) };
        wanted.max(self.min_length.unwrap_or(0)).min(self.max_length.unwrap_or(usize::MAX))
    }
}

/// Whether values of the type are bound as the text that they are.
fn is_text(builtin: &str) -> bool {
    !matches!(builtin, "boolean" | "decimal" | "float" | "double" | "dateTime" | "date" | "time")
        && !matches!(builtin, "base64Binary" | "hexBinary")
        && whole_number(builtin).is_none()
}

fn atomic(builtin: &str, facets: &Facets<'_>, source: &mut Source<'_>) -> String {
    let value = match builtin {
        "boolean" => source.pick(&["true", "false", "1", "0"]).to_owned(),
        "decimal" => decimal(source),
        "float" => float(u64::from(u32::MAX), |bits| f64::from(f32::from_bits(bits as u32)), source),
        "double" => float(u64::MAX, f64::from_bits, source),
        "dateTime" => format!("{}T{}{}", date(source), clock(source), offset(source)),
        "date" => format!("{}{}", date(source), offset(source)),
        "time" => format!("{}{}", clock(source), offset(source)),
        "base64Binary" => base64(&bytes(facets, source), source),
        "hexBinary" => hex(&bytes(facets, source), source),
        "language" => return source.pick(&["en", "de-CH", "zh-Hant-TW", "x-klingon", "i-default"]).to_owned(),
        "Name" => return name(&["a", "_", "a:b", "élan", "a-1.2_3", ":"], facets, source),
        "NCName" | "ID" | "IDREF" | "ENTITY" => return name(&["a", "_", "élan", "a-1.2_3"], facets, source),
        "NMTOKEN" => return name(&["a", "1", "-", "1:2", ".é", "a-1.2_3"], facets, source),
        _ => match whole_number(builtin) {
            Some((min, max)) => {
                let (min, max) = (narrower(min, facets.min, i128::max), narrower(max, facets.max, i128::min));
                integer(min, max, facets.total_digits, source)
            }
            None => return string(facets, source),
        },
    };
    // White space around such values is no part of them.
    let blanks = ["", "", "", "", "", "", " ", "\n\t", "\r\n  ", "\t"];
    format!("{}{value}{}", source.pick(&blanks), source.pick(&blanks))
}

/// Characters that are easily lost on the way, and plain ones in between.
fn string(facets: &Facets<'_>, source: &mut Source<'_>) -> String {
    const PIECES: &[&str] = &[
        "a",
        "b",
        "Z",
        "0",
        " ",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "]",
        "]]>",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "  ",
        "é",
        "ß",
        "中",
        "\u{1F600}",
        "\u{10FFFF}",
        "e\u{301}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "\u{fffd}",
        "\u{7f}",
        "\u{d7ff}",
        "&amp;",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?x?>",
        "&#10;",
        "%00",
        "\\",
        "/",
        "=",
        "{",
        "}",
        "0x",
        "true",
        "xsi:nil",
        "@",
        "ﬁ",
        "ב",
    ];
    let length = facets.length(8, source);
    let mut characters = Vec::with_capacity(length);
    while characters.len() < length {
        characters.extend(source.pick(PIECES).chars());
    }
    // A piece may be longer than what is left.
    characters.truncate(length);
    characters.into_iter().collect()
}

/// One of `names`, made longer or shorter where the facets want it.
fn name(names: &[&str], facets: &Facets<'_>, source: &mut Source<'_>) -> String {
    let name = source.pick(names);
    let length = name.chars().count().max(facets.min_length.unwrap_or(0)).min(facets.max_length.unwrap_or(usize::MAX));
    name.chars().chain(std::iter::repeat('x')).take(length).collect()
}

/// The bound that both allow.
fn narrower(one: Option<i128>, other: Option<i128>, narrow: fn(i128, i128) -> i128) -> Option<i128> {
    match (one, other) {
        (Some(one), Some(other)) => Some(narrow(one, other)),
        (one, other) => one.or(other),
    }
}

fn bytes(facets: &Facets<'_>, source: &mut Source<'_>) -> Vec<u8> {
    (0..facets.length(12, source)).map(|_| source.below(256) as u8).collect()
}

/// Base64 (RFC 4648, section 4), now and then with white space in between.
fn base64(bytes: &[u8], source: &mut Source<'_>) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let break_ = source.pick(&["", "", "", " ", "\r\n", "\n\t"]);
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            text.push(if at <= group.len() { ALPHABET[bits >> (18 - 6 * at) & 63].into() } else { '=' });
            if !break_.is_empty() && source.one_in(4) {
                text.push_str(break_);
            }
        }
    }
    text
}

fn hex(bytes: &[u8], source: &mut Source<'_>) -> String {
    let digit = |nibble: u8, source: &mut Source<'_>| {
        let digit = char::from_digit(nibble.into(), 16).unwrap_or('0');
        if source.below(2) == 0 { digit } else { digit.to_ascii_uppercase() }
    };
    let mut text = String::new();
    for byte in bytes {
        text.push(digit(byte >> 4, source));
        text.push(digit(byte & 15, source));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use runtime::value::{
        AnySimple, Base64Binary, Date, DateTime, Decimal, HexBinary, Integer, NegativeInteger, NonNegativeInteger,
        NonPositiveInteger, NormalizedString, PositiveInteger, Time, Token,
    };
    use runtime::xml::SimpleType;

    use super::*;
    use crate::canonical::{has_empty_text, spelling};
    use crate::fixture::{random_bytes, schema, tns};
    use crate::schema::View;

    /// How bindings write what they read.
    fn rewritten<T: SimpleType>(text: &str) -> Result<(String, bool), String> {
        Ok((T::parse(text.into())?.lexical().into_owned(), T::HAS_EMPTY_LITERAL))
    }

    fn rewrite(builtin: &str, text: &str) -> Result<(String, bool), String> {
        match builtin {
            "boolean" => rewritten::<bool>(text),
            "byte" => rewritten::<i8>(text),
            "short" => rewritten::<i16>(text),
            "int" => rewritten::<i32>(text),
            "long" => rewritten::<i64>(text),
            "unsignedByte" => rewritten::<u8>(text),
            "unsignedShort" => rewritten::<u16>(text),
            "unsignedInt" => rewritten::<u32>(text),
            "unsignedLong" => rewritten::<u64>(text),
            "decimal" => rewritten::<Decimal>(text),
            "float" => rewritten::<f32>(text),
            "double" => rewritten::<f64>(text),
            "dateTime" => rewritten::<DateTime>(text),
            "date" => rewritten::<Date>(text),
            "time" => rewritten::<Time>(text),
            "base64Binary" => rewritten::<Base64Binary>(text),
            "hexBinary" => rewritten::<HexBinary>(text),
            "integer" => rewritten::<Integer>(text),
            "nonNegativeInteger" => rewritten::<NonNegativeInteger>(text),
            "positiveInteger" => rewritten::<PositiveInteger>(text),
            "nonPositiveInteger" => rewritten::<NonPositiveInteger>(text),
            "negativeInteger" => rewritten::<NegativeInteger>(text),
            "string" => rewritten::<String>(text),
            "normalizedString" => rewritten::<NormalizedString>(text),
            "anySimpleType" => Ok((AnySimple::untyped(text).text, true)),
            _ => rewritten::<Token>(text),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_is_read_and_written_canonically(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for builtin in BUILTINS {
                let simple = Simple::Atomic(builtin, Vec::new());
                let text = text(&simple, &mut Source::new(&bytes));
                let expected = (spelling(&simple, &text), has_empty_text(&simple));
                prop_assert_eq!(rewrite(builtin, &text), Ok(expected), "{} {:?}", builtin, text);
            }
        }

        #[test]
        fn facets_are_kept(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let schema = schema();
            let value = |name: &str| match schema.view_named(&tns(name)) {
                View::Simple(simple) => text(&simple, &mut Source::new(&bytes)),
                View::Complex(_) => String::new(),
            };
            prop_assert!((2..=5).contains(&value("Short").chars().count()));
            prop_assert!((-7..=100).contains(&value("Percent").trim().parse::<i32>().unwrap()));
            prop_assert_eq!(value("Hash").trim().len(), 40);
        }
    }

    #[test]
    fn all_spellings_come_up() {
        let mut seen = BTreeSet::new();
        for bytes in random_bytes(20_000, 100) {
            for builtin in BUILTINS {
                seen.insert((*builtin, text(&Simple::Atomic(builtin, Vec::new()), &mut Source::new(&bytes))));
            }
        }
        let any = |builtin: &str, holds: fn(&str) -> bool| {
            assert!(seen.iter().any(|(known, text)| *known == builtin && holds(text)), "{builtin}");
        };
        for (builtin, value) in
            [("boolean", "1"), ("boolean", " 0"), ("double", "-INF"), ("float", "NaN"), ("base64Binary", "")]
        {
            assert!(seen.contains(&(builtin, value.to_owned())), "{builtin} {value}");
        }
        for (builtin, value) in
            [("byte", "-128"), ("unsignedLong", "18446744073709551615"), ("int", "+1"), ("long", "-0")]
        {
            assert!(seen.contains(&(builtin, value.to_owned())), "{builtin} {value}");
        }
        any("dateTime", |text| text.starts_with('-'));
        any("dateTime", |text| text.trim().ends_with("00Z"));
        any("dateTime", |text| text.contains("+00:00"));
        any("dateTime", |text| text.contains("T24:00:00.0"));
        any("dateTime", |text| {
            text.split_once('.').is_some_and(|(_, fraction)| fraction.trim().trim_end_matches('Z').len() == 18)
        });
        any("time", |text| text.contains(".") && text.trim().ends_with('0'));
        any("integer", |text| text.len() > 60);
        any("integer", |text| text.contains("-1") && text.len() > 40);
        any("nonPositiveInteger", |text| text.trim().len() > 40);
        any("positiveInteger", |text| text.starts_with("+1") && text.len() > 40);
        any("decimal", |text| text.trim().starts_with("-."));
        any("decimal", |text| text.trim().ends_with('.'));
        any("base64Binary", |text| text.trim().contains('\n') && text.trim().ends_with('='));
        any("hexBinary", |text| text.contains('a') && text.contains('B'));
        any("string", |text| text.contains("]]>") && text.contains('\r'));
        any("string", |text| text.starts_with(' ') && text.ends_with('\n'));
        any("string", |text| text.contains('\u{1F600}'));
        any("string", |text| text.len() > 100);
    }

    #[test]
    fn without_choices_values_are_plain() {
        let plain = |builtin: &str| text(&Simple::Atomic(builtin, Vec::new()), &mut Source::new(&[]));
        for (builtin, expected) in [
            ("string", ""),
            ("int", "0"),
            ("positiveInteger", "1"),
            ("boolean", "true"),
            ("decimal", "0"),
            ("double", "0"),
            ("dateTime", "2000-01-01T00:00:00"),
            ("hexBinary", ""),
            ("NCName", "a"),
        ] {
            assert_eq!(plain(builtin), expected, "{builtin}");
        }
    }
}
