//! XML names to Rust identifiers.
//!
//! A name enters, an identifier leaves that Rust takes and that hides nothing generated code needs. Whether two of them meet is not known here.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};

/// Names that generated code uses from the prelude and the runtime: a schema type of such a name gets `Type` behind it.
const TAKEN: &[&str] = &[
    "AnySimple",
    "Base64Binary",
    "Box",
    "Client",
    "Clone",
    "Date",
    "DateTime",
    "Debug",
    "Decimal",
    "Default",
    "Effect",
    "Element",
    "Eq",
    "Err",
    "From",
    "Hash",
    "HeaderBlock",
    "HexBinary",
    "Integer",
    "Into",
    "IntoIterator",
    "IntoRequest",
    "Iterator",
    "Limit",
    "Name",
    "Namespace",
    "NegativeInteger",
    "Nillable",
    "NonNegativeInteger",
    "NonPositiveInteger",
    "None",
    "NormalizedString",
    "Ok",
    "Operation",
    "OptNillable",
    "Option",
    "Paged",
    "PartialEq",
    "PositiveInteger",
    "ReadError",
    "ReadXml",
    "Reader",
    "Result",
    "Self",
    "Some",
    "String",
    "Time",
    "Token",
    "TypeName",
    "Vec",
    "Visitor",
    "WriteError",
    "WriteXml",
    "Writer",
];

/// Names of methods that a setter may not have: those that every generated struct has, and those of operators, which readers would take for them.
const METHODS: &[&str] =
    &["add", "bitand", "bitor", "bitxor", "clone", "default", "div", "mul", "new", "rem", "shl", "shr", "sub"];

/// The name of a type.
#[must_use]
pub fn type_(name: &str) -> String {
    let camel = camel(name);
    if TAKEN.contains(&camel.as_str()) { format!("{camel}Type") } else { camel }
}

/// The name of an enumeration's value.
#[must_use]
pub fn variant(value: &str) -> String {
    let camel = camel(value);
    if camel == "Self" { "Self_".to_owned() } else { camel }
}

/// The name of a field or method.
#[must_use]
pub fn field(name: &str) -> String {
    let snake = start(&valid(&name.to_snake_case()), "n", "unnamed");
    if METHODS.contains(&snake.as_str()) { format!("{snake}_") } else { snake }
}

/// The name of a constant.
#[must_use]
pub fn constant(name: &str) -> String {
    start(&valid(&name.to_shouty_snake_case()), "N", "UNNAMED")
}

/// The identifier of a name that one of the functions above made: keywords become raw, those that cannot get `_` behind them.
#[must_use]
pub fn ident(name: &str) -> Ident {
    match name {
        "self" | "super" | "crate" | "Self" | "_" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ if is_keyword(name) => Ident::new_raw(name, Span::call_site()),
        _ => Ident::new(&start(&valid(name), "n", "unnamed"), Span::call_site()),
    }
}

fn camel(name: &str) -> String {
    start(&valid(&name.to_upper_camel_case()), "N", &words(name))
}

/// The name with `prefix` before it where no identifier starts like it; `nothing` where it is empty.
fn start(name: &str, prefix: &str, nothing: &str) -> String {
    match name {
        "" => nothing.to_owned(),
        _ if is_identifier(name) => name.to_owned(),
        _ => format!("{prefix}{name}"),
    }
}

/// The name without the characters that no identifier has: of letters and digits in the wide sense of Unicode, some are none to Rust.
fn valid(name: &str) -> String {
    let is_valid = |character: char| match character.is_ascii() {
        true => character.is_ascii_alphanumeric() || character == '_',
        false => is_identifier(&format!("a{character}")),
    };
    name.chars().filter(|character| is_valid(*character)).collect()
}

/// Whether Rust reads the text as one identifier, keywords included.
fn is_identifier(text: &str) -> bool {
    let Ok(tokens) = text.parse::<TokenStream>() else { return false };
    let mut tokens = tokens.into_iter();
    let first = tokens.next();
    matches!((first, tokens.next()), (Some(TokenTree::Ident(ident)), None) if ident == text)
}

/// Words for a text without a letter or digit.
fn words(text: &str) -> String {
    match text {
        "" => "Empty".to_owned(),
        _ => text.chars().map(|character| format!("U{:04X}", u32::from(character))).collect(),
    }
}

/// The keywords of all editions, reserved ones included.
fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_wire_become_names_of_rust() {
        for (xml, camel, snake, shouting) in [
            ("LeadRecord", "LeadRecord", "lead_record", "LEAD_RECORD"),
            ("ForeignSysPersonId", "ForeignSysPersonId", "foreign_sys_person_id", "FOREIGN_SYS_PERSON_ID"),
            ("paramsGetMObjects", "ParamsGetMObjects", "params_get_m_objects", "PARAMS_GET_M_OBJECTS"),
            ("SFDCCampaign", "SfdcCampaign", "sfdc_campaign", "SFDC_CAMPAIGN"),
            ("foo-bar.baz", "FooBarBaz", "foo_bar_baz", "FOO_BAR_BAZ"),
            ("3D", "N3d", "n3d", "N3D"),
            ("straße", "Straße", "straße", "STRASSE"),
            ("dark red", "DarkRed", "dark_red", "DARK_RED"),
            ("new", "New", "new_", "NEW"),
            ("Option", "OptionType", "option", "OPTION"),
            ("default", "DefaultType", "default_", "DEFAULT"),
            ("m²", "M", "m", "M"),
            ("²", "U00B2", "unnamed", "UNNAMED"),
            ("٣", "N٣", "n٣", "N٣"),
            ("_", "U005F", "unnamed", "UNNAMED"),
            ("名", "名", "名", "名"),
        ] {
            assert_eq!((&*type_(xml), &*field(xml), &*constant(xml)), (camel, snake, shouting), "{xml}");
        }
        assert_eq!((ident("a b"), ident(""), ident("1")), (ident("ab"), ident("unnamed"), ident("n1")));
        assert_eq!((&*variant(""), &*variant("+"), &*variant("self")), ("Empty", "U002B", "Self_"));
        assert_eq!((ident("type").to_string(), ident("self").to_string()), ("r#type".to_owned(), "self_".to_owned()));
    }
    #[test]
    fn every_text_has_a_name() {
        for character in (0..=0x2FFFF).step_by(37).filter_map(char::from_u32) {
            for text in [format!("{character}"), format!("a{character}b"), format!("{character}1")] {
                let _ = (ident(&type_(&text)), ident(&variant(&text)), ident(&field(&text)), ident(&constant(&text)));
            }
        }
    }
}
