//! What `<service>.toml` says of operations, held against their requests and responses.

use proc_macro2::Ident;

use super::Lowering;
use crate::diag::Span;
use crate::ir::{self, Builtin, EndValue, FieldKind, Occurrence, Type, TypeItem};
use crate::service::{Entry, Is, Paging};

/// A field with the way to it.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) steps: Vec<ir::Step>,
    pub(super) type_: Type,
    /// Whether the field is boxed.
    boxed: bool,
    /// Whether the way goes through a type that stands for several.
    pub(super) union: bool,
}

impl Lowering<'_, '_> {
    /// Whether a request may lack this header block.
    pub(super) fn is_optional_header(&mut self, element: &ir::Element) -> bool {
        let entry = self.facts.optional_headers.iter().find(|entry| entry.value == element.xml.local);
        if let Some(entry) = entry {
            self.matched.note(entry.span);
        }
        entry.is_some()
    }

    /// The operation with what the facts say of it.
    pub(super) fn with_facts(&mut self, mut operation: ir::Operation, elements: &[ir::Element]) -> ir::Operation {
        let Some(entry) = self.facts.operations.get(&operation.xml) else { return operation };
        self.matched.note(entry.span);
        operation.reads = entry.value.reads;
        let request = &elements[operation.request].type_;
        let limits = entry.value.max_items.iter().map(|(path, limit)| (path, limit, ir::LimitKind::Items));
        let limits =
            limits.chain(entry.value.max_value.iter().map(|(path, limit)| (path, limit, ir::LimitKind::Value)));
        for (path, limit, kind) in limits {
            // A version without the field has no such limit.
            let Some(found) = self.walk(request, path) else { continue };
            self.matched.note(limit.span);
            let repeats = found.steps.last().is_some_and(|step| matches!(step.occurrence, Occurrence::Repeated { .. }));
            match kind {
                ir::LimitKind::Items if !repeats => self.error(limit.span, format!("`{path}` does not repeat")),
                ir::LimitKind::Value if !is_number(&found.type_) => {
                    self.error(limit.span, format!("`{path}` is no number"))
                }
                _ => {
                    let ways = self.ways(request, path);
                    operation.limits.push(ir::Limit { path: path.clone(), max: limit.value, kind, ways });
                }
            }
        }
        operation.limits.sort_by(|one, other| one.path.cmp(&other.path));
        operation.rules = self.rules(&entry.value.rules, request);
        if let Some(batch) = &entry.value.batch {
            operation.batch = self.batch(batch, &operation, request, &elements[operation.response].type_);
        }
        if let Some(paging) = &entry.value.paging {
            let method = operation.method.clone();
            operation.paging = self.paging(paging, method, request, &elements[operation.response].type_);
        }
        operation
    }

    fn paging(&mut self, entry: &Entry<Paging>, method: Ident, request: &Type, response: &Type) -> Option<ir::Paging> {
        let Paging { request: to, response: from, items, end, is } = &entry.value;
        // All are looked up before one that is not there ends this: each is noted by itself.
        let found = (self.step_to(request, to), self.step_to(response, from));
        let ((Some(to_found), Some(from_found)), (Some(items_found), Some(end_found))) =
            (found, (self.step_to(response, items), self.step_to(response, end)))
        else {
            return None;
        };
        self.matched.note(entry.span);
        let mut wrong = Vec::new();
        for (path, found) in [(to, &to_found), (from, &from_found), (items, &items_found), (end, &end_found)] {
            if found.union {
                wrong.push((path.span, format!("`{}` goes through a type that stands for several", path.value)));
            }
        }
        for (path, found) in [(to, &to_found), (from, &from_found)] {
            if found.boxed {
                wrong.push((path.span, format!("`{}` holds a type that may hold itself", path.value)));
            }
        }
        if !matches!(&to_found.steps[..], [step] if !matches!(step.occurrence, Occurrence::Repeated { .. })) {
            wrong.push((to.span, format!("`{}` must be a field of the request itself, and may not repeat", to.value)));
        }
        if to_found.type_ != from_found.type_ {
            wrong.push((from.span, format!("`{}` has another type than `{}`", from.value, to.value)));
        }
        let repeats = |found: &Found| {
            found.steps.iter().map(|step| matches!(step.occurrence, Occurrence::Repeated { .. })).collect::<Vec<_>>()
        };
        if !matches!(repeats(&items_found).split_last(), Some((true, before)) if !before.contains(&true)) {
            wrong.push((items.span, format!("`{}` must repeat, and nothing on the way to it may", items.value)));
        }
        if repeats(&from_found).contains(&true) {
            wrong.push((from.span, format!("`{}` may not repeat", from.value)));
        }
        if end_found.steps.iter().any(|step| step.occurrence != Occurrence::Required) {
            wrong.push((end.span, format!("`{}` and all on the way to it must be required", end.value)));
        }
        let end_value = match (is.value, &end_found.type_) {
            (Is::Number(number), Type::Builtin(builtin) | Type::Alias(_, builtin)) if holds(*builtin, number) => {
                Some(EndValue::Number(number))
            }
            (Is::Bool(value), Type::Builtin(Builtin::Boolean) | Type::Alias(_, Builtin::Boolean)) => {
                Some(EndValue::Bool(value))
            }
            _ => {
                wrong.push((is.span, format!("`{}` cannot hold this", end.value)));
                None
            }
        };
        if !wrong.is_empty() {
            wrong.into_iter().for_each(|(span, message): (Span, String)| self.error(span, message));
            return None;
        }
        Some(ir::Paging {
            method,
            position: to_found.type_,
            request: to_found.steps,
            response: from_found.steps,
            end: end_found.steps,
            end_value: end_value?,
            item: items_found.type_,
            items: items_found.steps,
        })
    }

    pub(super) fn step_to(&mut self, root: &Type, path: &Entry<String>) -> Option<Found> {
        let found = self.walk(root, &path.value)?;
        self.matched.note(path.span);
        Some(found)
    }

    /// Goes along the names of elements from a type. Through a union any member's field will do from which the way goes on.
    fn walk(&self, root: &Type, path: &str) -> Option<Found> {
        let mut ways = vec![Found { steps: Vec::new(), type_: root.clone(), boxed: false, union: false }];
        for local in path.split('/') {
            let mut on: Vec<Found> = Vec::new();
            for way in &ways {
                for item in self.holders(&way.type_) {
                    let is_named = |field: &&ir::Field| field.kind == FieldKind::Element && field.xml.local == local;
                    let Some(field) = item.fields.iter().find(is_named) else { continue };
                    // Two ways to one type go on alike.
                    if on.iter().any(|known| known.type_ == field.type_) {
                        continue;
                    }
                    let mut way = way.clone();
                    way.steps.push(ir::Step { field: field.name.clone(), occurrence: field.occurrence });
                    way.union |= matches!(way.type_, Type::Union(_));
                    (way.type_, way.boxed) = (field.type_.clone(), field.boxed);
                    on.push(way);
                }
            }
            ways = on;
        }
        ways.into_iter().next()
    }

    fn holders(&self, type_: &Type) -> Vec<&ir::Struct> {
        match type_ {
            Type::Struct(name) | Type::List(name) => self.item(name).into_iter().collect(),
            Type::Union(name) => {
                let union = self.types.iter().find_map(|item| match item {
                    TypeItem::Union(union) if union.name == *name => Some(union),
                    _ => None,
                });
                union
                    .into_iter()
                    .flat_map(|union| &union.members)
                    .filter_map(|member| self.item(&member.name))
                    .collect()
            }
            Type::Builtin(_) | Type::Enum(_) | Type::Alias(..) => Vec::new(),
        }
    }

    pub(super) fn item(&self, name: &Ident) -> Option<&ir::Struct> {
        self.types.iter().find_map(|item| match item {
            TypeItem::Struct(item) if item.name == *name => Some(item),
            _ => None,
        })
    }
}

fn is_number(type_: &Type) -> bool {
    matches!(type_, Type::Builtin(builtin) | Type::Alias(_, builtin) if is_whole(*builtin) || is_unbounded(*builtin))
}

fn is_whole(builtin: Builtin) -> bool {
    use Builtin::{Byte, Int, Long, Short, UnsignedByte, UnsignedInt, UnsignedLong, UnsignedShort};
    matches!(builtin, Byte | Short | Int | Long | UnsignedByte | UnsignedShort | UnsignedInt | UnsignedLong)
}

fn is_unbounded(builtin: Builtin) -> bool {
    use Builtin::{Integer, NegativeInteger, NonNegativeInteger, NonPositiveInteger, PositiveInteger};
    matches!(builtin, Integer | NegativeInteger | NonNegativeInteger | NonPositiveInteger | PositiveInteger)
}

/// Whether a whole number of this type can be `number`.
fn holds(builtin: Builtin, number: i64) -> bool {
    match builtin {
        Builtin::Byte => i8::try_from(number).is_ok(),
        Builtin::Short => i16::try_from(number).is_ok(),
        Builtin::Int => i32::try_from(number).is_ok(),
        Builtin::Long => true,
        Builtin::UnsignedByte => u8::try_from(number).is_ok(),
        Builtin::UnsignedShort => u16::try_from(number).is_ok(),
        Builtin::UnsignedInt => u32::try_from(number).is_ok(),
        Builtin::UnsignedLong => number >= 0,
        _ => false,
    }
}
