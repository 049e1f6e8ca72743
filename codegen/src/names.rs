//! XML names to Rust identifiers.
//!
//! A name enters, an identifier leaves that Rust takes and that hides nothing generated code needs. Whether two of them meet is not known here.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

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
    "Nillable",
    "None",
    "Ok",
    "Operation",
    "OptNillable",
    "Option",
    "Paged",
    "PartialEq",
    "ReadError",
    "ReadXml",
    "Reader",
    "Result",
    "Self",
    "Some",
    "String",
    "Time",
    "TypeName",
    "Vec",
    "Visitor",
    "WriteError",
    "WriteXml",
    "Writer",
];

/// Names of methods that every generated struct has.
const METHODS: &[&str] = &["new"];

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
    let snake = letters(name).to_snake_case();
    let snake = if snake.is_empty() { "unnamed".to_owned() } else { snake };
    let snake = if snake.starts_with(|first: char| first.is_ascii_digit()) { format!("n{snake}") } else { snake };
    if METHODS.contains(&snake.as_str()) { format!("{snake}_") } else { snake }
}

/// The name of a constant.
#[must_use]
pub fn constant(name: &str) -> String {
    let shouting = letters(name).to_shouty_snake_case();
    let shouting = if shouting.is_empty() { "UNNAMED".to_owned() } else { shouting };
    if shouting.starts_with(|first: char| first.is_ascii_digit()) { format!("N{shouting}") } else { shouting }
}

/// The identifier of a name that one of the functions above made: keywords become raw, those that cannot get `_` behind them.
#[must_use]
pub fn ident(name: &str) -> Ident {
    match name {
        "self" | "super" | "crate" | "Self" | "_" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ if is_keyword(name) => Ident::new_raw(name, Span::call_site()),
        _ => Ident::new(name, Span::call_site()),
    }
}

fn camel(name: &str) -> String {
    let camel = letters(name).to_upper_camel_case();
    match camel.chars().next() {
        None => words(name),
        Some(first) if first.is_ascii_digit() => format!("N{camel}"),
        Some(_) => camel,
    }
}

/// Words for a text without a letter or digit.
fn words(text: &str) -> String {
    match text {
        "" => "Empty".to_owned(),
        _ => text.chars().map(|character| format!("U{:04X}", u32::from(character))).collect(),
    }
}

/// The text with every character that no identifier has made a separator.
fn letters(text: &str) -> String {
    text.chars().map(|character| if character.is_alphanumeric() { character } else { '_' }).collect()
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
        ] {
            assert_eq!((&*type_(xml), &*field(xml), &*constant(xml)), (camel, snake, shouting), "{xml}");
        }
        assert_eq!((&*variant(""), &*variant("+"), &*variant("self")), ("Empty", "U002B", "Self_"));
        assert_eq!((ident("type").to_string(), ident("self").to_string()), ("r#type".to_owned(), "self_".to_owned()));
    }
}
