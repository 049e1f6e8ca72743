//! The JSON that a document stands for, made from the model: what the bindings' own JSON is held against.
//!
//! A schema, a type and a tree in canonical form enter; the JSON leaves. Shares nothing with the bindings or the runtime.

use codegen::model::{QName, TypeRef};
use serde_json::{Map, Number, Value};

use crate::document::Element;
use crate::schema::{Body, Schema, Simple, View, whole_number};

/// The JSON of an element of this type: nil is `null`, a type that stands for several has its name as the only key.
#[must_use]
pub fn json<'d>(schema: Schema<'d>, type_: &'d TypeRef, element: &Element) -> Value {
    if element.nil {
        return Value::Null;
    }
    let declared = match schema.view(type_) {
        View::Simple(Simple::Atomic("anySimpleType", _)) => return any(element),
        View::Simple(simple) => return text(&simple, &element.text),
        View::Complex(declared) => declared,
    };
    let actual = schema.actual(declared, element.type_name.as_ref());
    let mut entries = Map::new();
    let attributes = schema.attributes(actual);
    for (attribute, _) in &attributes {
        if let Some(value) = element.attributes.get(&attribute.name) {
            let value = text(&schema.simple_ref(&attribute.type_), value);
            let key = key(&attribute.name, attributes.iter().map(|(other, _)| &other.name));
            entries.insert(format!("@{key}"), value);
        }
    }
    match schema.body(actual) {
        Body::Text(simple) => {
            entries.insert("$text".to_owned(), text(&simple, &element.text));
        }
        Body::Elements(particles) => {
            let children = schema.children(&particles);
            for child in &children {
                let found = element.children.iter().filter(|found| found.name == child.element.name);
                let values: Vec<_> = found.map(|found| json(schema, &child.element.type_, found)).collect();
                let value = match child.repeated {
                    true => (!values.is_empty()).then_some(Value::Array(values)),
                    false => values.into_iter().next(),
                };
                let key = key(&child.element.name, children.iter().map(|other| &other.element.name));
                entries.extend(value.map(|value| (key, value)));
            }
        }
    }
    let value = Value::Object(entries);
    match (&declared.name, &actual.name) {
        (Some(declared), Some(actual)) if stands_for_several(schema, declared) => {
            let members = schema.substitutes(declared);
            Value::Object(Map::from_iter([(key(actual, members.iter().map(|(name, _)| *name)), value)]))
        }
        _ => value,
    }
}

/// The local name, with the namespace before it only where another name would be the same without.
fn key<'n>(name: &QName, mut others: impl Iterator<Item = &'n QName>) -> String {
    match others.any(|other| other.local == name.local && other.namespace != name.namespace) {
        true => name.to_string(),
        false => name.local.clone(),
    }
}

fn stands_for_several(schema: Schema<'_>, name: &QName) -> bool {
    schema.substitutes(name).iter().map(|(name, _)| *name).ne([name])
}

/// A string, or an object with the type that the value says it has.
fn any(element: &Element) -> Value {
    match &element.type_name {
        Some(name) => serde_json::json!({ "$type": name.to_string(), "$text": element.text }),
        None => Value::String(element.text.clone()),
    }
}

/// Numbers that fit those of JSON readers are numbers, booleans are booleans, all else is text.
fn text(simple: &Simple<'_>, text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    let Simple::Atomic(builtin, _) = simple else { return as_text() };
    let number = |value: Option<f64>| value.and_then(Number::from_f64).map_or_else(as_text, Value::Number);
    match *builtin {
        "boolean" => Value::Bool(text == "true"),
        // The fewest digits that tell it from its neighbours, as of the wider type.
        "float" => number(text.parse::<f32>().ok().and_then(|value| format!("{value:?}").parse().ok())),
        "double" => number(text.parse().ok()),
        builtin if matches!(whole_number(builtin), Some((Some(_), Some(_)))) => {
            serde_json::from_str(text).map_or_else(|_| as_text(), Value::Number)
        }
        _ => as_text(),
    }
}
