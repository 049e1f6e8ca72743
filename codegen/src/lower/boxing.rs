//! Boxes: a field is boxed where its type, by value, comes back to the struct it is in.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::{Field, Occurrence, Type, TypeItem};

/// Boxes what would contain itself. A type that could never end is a diagnostic.
pub(super) fn boxes(types: &mut [TypeItem], places: &BTreeMap<String, Span>, diagnostics: &mut Diagnostics) {
    let edges: BTreeMap<_, _> = types.iter().map(|item| (item.name().to_string(), held(item))).collect();
    for item in types.iter_mut() {
        if let TypeItem::Struct(item) = item {
            let owner = item.name.to_string();
            for field in &mut item.fields {
                field.boxed = by_value(field).is_some_and(|held| reaches(&edges, &held, &owner));
            }
        }
    }
    for name in endless(types) {
        if let Some(span) = places.get(&name) {
            diagnostics
                .push(Diagnostic::new(*span, format!("a value of `{name}` would have to contain another without end")));
        }
    }
}

/// The item that a field holds by value.
fn by_value(field: &Field) -> Option<String> {
    match (&field.type_, field.occurrence) {
        (_, Occurrence::Repeated { .. }) => None,
        (Type::Struct(name) | Type::List(name) | Type::Union(name), _) => Some(name.to_string()),
        (Type::Builtin(_) | Type::Enum(_) | Type::Alias(..), _) => None,
    }
}

fn held(item: &TypeItem) -> Vec<String> {
    match item {
        TypeItem::Struct(item) => item.fields.iter().filter_map(by_value).collect(),
        TypeItem::Union(item) => item.members.iter().map(|member| member.name.to_string()).collect(),
        TypeItem::Alias(_) => Vec::new(),
    }
}

fn reaches(edges: &BTreeMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(next) = waiting.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(edges.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// The items of which there is no finite value: each must hold another of them.
fn endless(types: &[TypeItem]) -> Vec<String> {
    let mut finite = BTreeSet::new();
    loop {
        let before = finite.len();
        for item in types {
            let must = |field: &Field| match field.occurrence {
                Occurrence::Required => by_value(field),
                Occurrence::Repeated { min: 1.., nillable: false, .. } => match &field.type_ {
                    Type::Struct(name) | Type::List(name) | Type::Union(name) => Some(name.to_string()),
                    Type::Builtin(_) | Type::Enum(_) | Type::Alias(..) => None,
                },
                _ => None,
            };
            let ends = match item {
                TypeItem::Struct(item) => item.fields.iter().filter_map(must).all(|name| finite.contains(&name)),
                TypeItem::Union(item) => item.members.iter().any(|member| finite.contains(&member.name.to_string())),
                TypeItem::Alias(_) => true,
            };
            if ends {
                finite.insert(item.name().to_string());
            }
        }
        if finite.len() == before {
            break;
        }
    }
    types.iter().map(|item| item.name().to_string()).filter(|name| !finite.contains(name)).collect()
}
