//! How pages follow each other: `impl Paged`.
//!
//! Paths enter as steps. That no step on the way is repeated, and that the last ones have the types they need, is
//! [`lower`](crate::lower)'s to see to.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::types::type_;
use crate::ir::{EndValue, Occurrence, Paging, Step};

/// The implementation for the operation `name`.
pub(super) fn paged(name: &Ident, paging: &Paging) -> TokenStream {
    let position = type_(&paging.position);
    let item = type_(&paging.item);
    let set = set(&paging.request);
    let get = get(&paging.response);
    let is_last = is_last(&paging.end, paging.end_value);
    let items = items(&paging.items);
    quote! {
        impl Paged for #name {
            type Position = #position;
            type Item = #item;

            fn set_position(request: &mut Self::Request, position: Self::Position) {
                #set
            }

            fn position(response: &Self::Response) -> Option<&Self::Position> {
                #get
            }

            fn is_last(response: &Self::Response) -> bool {
                #is_last
            }

            fn items(response: Self::Response) -> Vec<Self::Item> {
                #items
            }
        }
    }
}

/// Puts `position` where the path leads; nowhere, where what should hold it is not there.
fn set(steps: &[Step]) -> TokenStream {
    let mut around: Vec<(&Ident, TokenStream)> = Vec::new();
    let mut place = quote!(request);
    let mut assignment = TokenStream::new();
    for (index, step) in steps.iter().enumerate() {
        let field = &step.field;
        let is_last = index + 1 == steps.len();
        match step.occurrence {
            Occurrence::Required if is_last => assignment = quote!(#place.#field = position;),
            Occurrence::Optional if is_last => assignment = quote!(#place.#field = Some(position);),
            Occurrence::Nillable if is_last => assignment = quote!(#place.#field = Nillable::Value(position);),
            Occurrence::OptNillable if is_last => assignment = quote!(#place.#field = OptNillable::Value(position);),
            Occurrence::Required | Occurrence::Repeated { .. } => place = quote!(#place.#field),
            Occurrence::Optional => {
                around.push((field, quote!(#place.#field.as_mut())));
                place = quote!(#field);
            }
            Occurrence::Nillable | Occurrence::OptNillable => {
                around.push((field, quote!(#place.#field.value_mut())));
                place = quote!(#field);
            }
        }
    }
    around.into_iter().rev().fold(assignment, |inner, (field, outer)| {
        quote! {
            if let Some(#field) = #outer {
                #inner
            }
        }
    })
}

/// Where the next page begins, where the response says so.
fn get(steps: &[Step]) -> TokenStream {
    let Walk { value, inside } = walk(steps, borrowed);
    match inside {
        None => quote!(Some(&#value)),
        Some(_) => value,
    }
}

/// Whether the field at the path's end says so; without it there is no more to come.
fn is_last(steps: &[Step], end: EndValue) -> TokenStream {
    let Walk { value, inside } = walk(steps, borrowed);
    match (inside, end) {
        (None, EndValue::Bool(true)) => value,
        (None, EndValue::Bool(false)) => quote!(!#value),
        (None, EndValue::Number(number)) => {
            let number = signed(number);
            quote!(#value == #number)
        }
        (Some(field), EndValue::Bool(true)) => quote!(#value.is_none_or(|#field| *#field)),
        (Some(field), EndValue::Bool(false)) => quote!(#value.is_none_or(|#field| !*#field)),
        (Some(field), EndValue::Number(number)) => {
            let number = signed(number);
            quote!(#value.is_none_or(|#field| *#field == #number))
        }
    }
}

fn signed(number: i64) -> TokenStream {
    let absolute = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#absolute) } else { quote!(#absolute) }
}

/// The items at the path's end; none where what should hold them is not there.
fn items(steps: &[Step]) -> TokenStream {
    let Walk { value, inside } = walk(steps, owned);
    let items = if inside.is_some() { quote!(#value.unwrap_or_default()) } else { value };
    match steps.last().map(|step| step.occurrence) {
        Some(Occurrence::Repeated { nillable: true, .. }) => {
            quote!(#items.into_iter().filter_map(Nillable::into_value).collect())
        }
        _ => items,
    }
}

/// The value at a path's end.
struct Walk<'a> {
    /// The value's place, or an expression that is an `Option`.
    value: TokenStream,
    /// The field in the `Option`, where it is one.
    inside: Option<&'a Ident>,
}

/// How a field is looked at.
enum Seen {
    /// As it is, in a closure with this expression.
    Plain(TokenStream),
    /// Through this expression, an `Option`.
    Optional(TokenStream),
}

/// Follows `steps` through `response`: whatever may be absent or nil on the way makes the rest optional.
fn walk(steps: &[Step], see: impl Fn(Occurrence, TokenStream) -> Seen) -> Walk<'_> {
    let start = Walk { value: quote!(response), inside: None };
    steps.iter().fold(start, |Walk { value, inside }, step| {
        let field = &step.field;
        let place = inside.map_or_else(|| quote!(#value.#field), |outer| quote!(#outer.#field));
        match (inside, see(step.occurrence, place.clone())) {
            (None, Seen::Plain(_)) => Walk { value: place, inside: None },
            (None, Seen::Optional(seen)) => Walk { value: seen, inside: Some(field) },
            (Some(outer), Seen::Plain(seen)) => Walk { value: quote!(#value.map(|#outer| #seen)), inside: Some(field) },
            (Some(outer), Seen::Optional(seen)) => {
                Walk { value: quote!(#value.and_then(|#outer| #seen)), inside: Some(field) }
            }
        }
    })
}

fn borrowed(occurrence: Occurrence, place: TokenStream) -> Seen {
    match occurrence {
        Occurrence::Required | Occurrence::Repeated { .. } => Seen::Plain(quote!(&#place)),
        Occurrence::Optional => Seen::Optional(quote!(#place.as_ref())),
        Occurrence::Nillable | Occurrence::OptNillable => Seen::Optional(quote!(#place.value())),
    }
}

fn owned(occurrence: Occurrence, place: TokenStream) -> Seen {
    match occurrence {
        Occurrence::Required | Occurrence::Repeated { .. } => Seen::Plain(place),
        Occurrence::Optional => Seen::Optional(place),
        Occurrence::Nillable | Occurrence::OptNillable => Seen::Optional(quote!(#place.into_value())),
    }
}
