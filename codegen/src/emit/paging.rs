//! How pages follow each other, and how a long list is split: `impl Paged`, `impl Batched`.
//!
//! Paths enter as steps. That the request's and the one to the end have nothing optional on the way, and that no path repeats before its end,
//! is [`lower`](crate::lower)'s to see to.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::number;
use super::types::type_path;
use crate::ir::{Batch, EndValue, Occurrence, Paging, Step};

/// The implementation for the operation `name`.
pub(super) fn paged(name: &Ident, paging: &Paging) -> TokenStream {
    let position_type = type_path(&paging.position);
    let item_type = type_path(&paging.item);
    let place = path(quote!(request), &paging.request);
    let value = held(&paging.request, quote!(position));
    let requested = position(quote!(request), &paging.request);
    let position = position(quote!(response), &paging.response);
    let is_last = is_last(&paging.end, paging.end_value);
    let items = items(&paging.items);
    quote! {
        impl Paged for #name {
            type Position = #position_type;
            type Item = #item_type;

            fn set_position(request: &mut Self::Request, position: Self::Position) {
                #place = #value;
            }

            fn requested(request: &Self::Request) -> Option<&Self::Position> {
                #requested
            }

            fn position(response: &Self::Response) -> Option<&Self::Position> {
                #position
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

/// The implementation for the operation `name`.
pub(super) fn batched(name: &Ident, batch: &Batch) -> TokenStream {
    let (item, status) = (type_path(&batch.item), type_path(&batch.status));
    let place = path(quote!(request), &batch.items);
    let statuses = items(&batch.statuses);
    let max = number(batch.max);
    quote! {
        impl Batched for #name {
            type Item = #item;
            type Status = #status;

            const MAX: usize = #max;

            fn items_mut(request: &mut Self::Request) -> &mut Vec<Self::Item> {
                &mut #place
            }

            fn statuses(response: Self::Response) -> Vec<Self::Status> {
                #statuses
            }
        }
    }
}

/// The field at the end of `steps` from `root`.
fn path(root: TokenStream, steps: &[Step]) -> TokenStream {
    let fields = steps.iter().map(|step| &step.field);
    quote!(#root #(.#fields)*)
}

/// `value` as the field at the path's end holds it.
fn held(steps: &[Step], value: TokenStream) -> TokenStream {
    match steps.last().map(|step| step.occurrence) {
        Some(Occurrence::Optional) => quote!(Some(#value)),
        Some(Occurrence::Nillable) => quote!(Nillable::Value(#value)),
        Some(Occurrence::OptNillable) => quote!(OptNillable::Value(#value)),
        Some(Occurrence::Required | Occurrence::Repeated { .. }) | None => value,
    }
}

/// The position at the path's end, where there is one.
fn position(root: TokenStream, steps: &[Step]) -> TokenStream {
    let Walk { value, inside } = walk(root, steps, borrowed);
    if inside.is_some() { value } else { quote!(Some(&#value)) }
}

/// Whether the field at the path's end says so.
fn is_last(steps: &[Step], end: EndValue) -> TokenStream {
    let field = path(quote!(response), steps);
    match end {
        EndValue::Bool(true) => field,
        EndValue::Bool(false) => quote!(!#field),
        EndValue::Number(number) => {
            let sign = (number < 0).then(|| quote!(-));
            let absolute = Literal::u64_unsuffixed(number.unsigned_abs());
            quote!(#field == #sign #absolute)
        }
    }
}

/// The items at the path's end; none where what should hold them is not there.
fn items(steps: &[Step]) -> TokenStream {
    let Walk { value, inside } = walk(quote!(response), steps, owned);
    let default = inside.map(|_| quote!(.unwrap_or_default()));
    let values = match steps.last().map(|step| step.occurrence) {
        Some(Occurrence::Repeated { nillable: true, .. }) => {
            Some(quote!(.into_iter().filter_map(Nillable::into_value).collect()))
        }
        _ => None,
    };
    quote!(#value #default #values)
}

/// The value at a path's end.
struct Walk<'a> {
    /// Its place, or an expression that is an `Option`.
    value: TokenStream,
    /// The field in the `Option`, where it is one.
    inside: Option<&'a Ident>,
}

/// How a field is looked at.
enum Seen {
    /// As it is; in a closure, with this expression.
    Plain(TokenStream),
    /// Through this expression, an `Option`.
    Optional(TokenStream),
}

/// Follows `steps` from `root`: whatever may be absent or nil on the way makes the rest optional.
fn walk(root: TokenStream, steps: &[Step], see: impl Fn(Occurrence, TokenStream) -> Seen) -> Walk<'_> {
    let start = Walk { value: root, inside: None };
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
