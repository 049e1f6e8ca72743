//! What a request must hold beside its schema: `fn check`.
//!
//! Each way to a value is a chain of iterators, one adapter a field: what may be absent, nil or repeated gives as many values as are there.

use proc_macro2::TokenStream;
use quote::quote;

use super::number;
use crate::ir::{Builtin, Field, Hop, LimitKind, Narrow, Occurrence, Operation, Rule, RuleKind, Type};

/// The function, where there is anything to check.
pub(super) fn check(operation: &Operation) -> Option<TokenStream> {
    let limits: Vec<_> = operation
        .limits
        .iter()
        .flat_map(|limit| {
            limit.ways.iter().map(|way| match limit.kind {
                LimitKind::Items => items(&limit.path, limit.max, way),
                LimitKind::Value => value(&limit.path, limit.max, way),
            })
        })
        .collect();
    let rules: Vec<_> = operation.rules.iter().map(rule).collect();
    (!limits.is_empty() || !rules.is_empty()).then(|| {
        quote! {
            fn check(request: &Self::Request, check: &mut Check) {
                #(#limits)*
                #(#rules)*
            }
        }
    })
}

/// The names of the runtime that it needs.
pub(super) fn uses(operation: &Operation) -> (bool, bool) {
    let nillable = |hop: &Hop| matches!(hop.occurrence, Occurrence::Repeated { nillable: true, .. });
    let limits = operation.limits.iter().flat_map(|limit| {
        limit.ways.iter().flat_map(|way| match limit.kind {
            LimitKind::Items => &way[..way.len().saturating_sub(1)],
            LimitKind::Value => way,
        })
    });
    let rules = operation.rules.iter().flat_map(|rule| &rule.hops);
    (!operation.limits.is_empty() || !operation.rules.is_empty(), limits.chain(rules).any(nillable))
}

fn items(path: &str, max: u32, way: &[Hop]) -> TokenStream {
    let Some((last, parents)) = way.split_last() else { return TokenStream::new() };
    let field = &last.field;
    let max = number(max);
    each(parents, |value| quote!(check.items(#path, #value.#field.len(), #max);))
}

fn value(path: &str, max: u32, way: &[Hop]) -> TokenStream {
    let max = number(max);
    each(way, |value| quote!(check.value(#path, #value, #max);))
}

fn rule(rule: &Rule) -> TokenStream {
    let path = &rule.at;
    let repeats = rule.hops.iter().any(|hop| matches!(hop.occurrence, Occurrence::Repeated { .. }));
    if repeats {
        let parents = values(&rule.hops);
        let body = fields(rule, &quote!(Place::nth(#path, at)), &quote!(value));
        quote! {
            for (at, value) in #parents.enumerate() {
                #body
            }
        }
    } else {
        each(&rule.hops, |value| fields(rule, &quote!(Place::at(#path)), &value))
    }
}

/// What is told of the fields of `value`.
fn fields(rule: &Rule, place: &TokenStream, value: &TokenStream) -> TokenStream {
    let names = rule.fields.iter().map(|field| &field.xml.local);
    if let RuleKind::WithinDays(days) = rule.kind {
        let dates = rule.fields.iter().map(|field| date(field, value));
        let days = number(days);
        return quote!(check.within_days(#place, [#(#names),*], #(#dates),*, #days););
    }
    let given = rule.fields.iter().map(|field| given(field, value));
    let method = match rule.kind {
        RuleKind::OneOf => quote!(one_of),
        RuleKind::AnyOf => quote!(any_of),
        RuleKind::AtMostOne => quote!(at_most_one),
        RuleKind::Together => quote!(together),
        RuleKind::Requires | RuleKind::WithinDays(_) => quote!(requires),
    };
    quote!(check.#method(#place, &[#((#names, #given)),*]);)
}

/// `body` for each value at a way's end: for the request itself, where it goes nowhere.
fn each(way: &[Hop], body: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    if way.is_empty() {
        return body(quote!(request));
    }
    let values = values(way);
    let body = body(quote!(value));
    quote! {
        for value in #values {
            #body
        }
    }
}

/// The values at a way's end, from `request`.
fn values(way: &[Hop]) -> TokenStream {
    way.iter().fold(quote!(Some(request).into_iter()), |values, hop| {
        let field = &hop.field;
        let values = match hop.occurrence {
            Occurrence::Required => quote!(#values.map(|value| &value.#field)),
            Occurrence::Optional => quote!(#values.filter_map(|value| value.#field.as_ref())),
            Occurrence::Nillable | Occurrence::OptNillable => quote!(#values.filter_map(|value| value.#field.value())),
            Occurrence::Repeated { nillable: false, .. } => quote!(#values.flat_map(|value| &value.#field)),
            Occurrence::Repeated { nillable: true, .. } => {
                quote!(#values.flat_map(|value| &value.#field).filter_map(Nillable::value))
            }
        };
        let values = if hop.boxed { quote!(#values.map(|value| &**value)) } else { values };
        match &hop.member {
            None => values,
            Some(Narrow { union, member, boxed, only }) => {
                let value = if *boxed { quote!(&**value) } else { quote!(value) };
                let others = (!only).then(|| quote!(_ => None,));
                quote! {
                    #values.filter_map(|value| match value {
                        types::#union::#member(value) => Some(#value),
                        #others
                    })
                }
            }
        }
    })
}

/// Whether a field is there, with something in it.
fn given(field: &Field, value: &TokenStream) -> TokenStream {
    let name = &field.name;
    let is_text = matches!(field.type_, Type::Builtin(Builtin::String) | Type::Alias(_, Builtin::String));
    match field.occurrence {
        Occurrence::Required if is_text => quote!(!#value.#name.is_empty()),
        Occurrence::Required => quote!(true),
        Occurrence::Optional if is_text => quote!(#value.#name.as_ref().is_some_and(|text| !text.is_empty())),
        Occurrence::Optional => quote!(#value.#name.is_some()),
        Occurrence::Nillable | Occurrence::OptNillable if is_text => {
            quote!(#value.#name.value().is_some_and(|text| !text.is_empty()))
        }
        Occurrence::Nillable | Occurrence::OptNillable => quote!(#value.#name.value().is_some()),
        Occurrence::Repeated { .. } => quote!(!#value.#name.is_empty()),
    }
}

/// A moment, where it is there.
fn date(field: &Field, value: &TokenStream) -> TokenStream {
    let name = &field.name;
    match field.occurrence {
        Occurrence::Required => quote!(Some(&#value.#name)),
        Occurrence::Optional => quote!(#value.#name.as_ref()),
        _ => quote!(#value.#name.value()),
    }
}
