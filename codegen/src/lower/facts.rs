//! What `<service>.toml` says of operations, held against their requests and responses.

use proc_macro2::Ident;

use super::Lowering;
use crate::diag::Span;
use crate::ir::{self, Builtin, EndValue, Occurrence, Type, TypeItem};
use crate::service::{Entry, Is, Paging};

/// A field with the way to it.
struct Found {
    steps: Vec<ir::Step>,
    type_: Type,
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
                _ => operation.limits.push(ir::Limit { path: path.clone(), max: limit.value, kind }),
            }
        }
        operation.limits.sort_by(|one, other| one.path.cmp(&other.path));
        if let Some(paging) = &entry.value.paging {
            operation.paging = self.paging(paging, request, &elements[operation.response].type_);
        }
        operation
    }

    fn paging(&mut self, entry: &Entry<Paging>, request: &Type, response: &Type) -> Option<ir::Paging> {
        let Paging { request: to, response: from, items, end, is } = &entry.value;
        let to_found = self.step_to(request, to)?;
        let from_found = self.step_to(response, from)?;
        let items_found = self.step_to(response, items)?;
        let end_found = self.step_to(response, end)?;
        self.matched.note(entry.span);
        let mut wrong = Vec::new();
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
            (Is::Number(number), Type::Builtin(builtin)) if is_whole(*builtin) => Some(EndValue::Number(number)),
            (Is::Bool(value), Type::Builtin(Builtin::Boolean)) => Some(EndValue::Bool(value)),
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
            position: to_found.type_,
            request: to_found.steps,
            response: from_found.steps,
            end: end_found.steps,
            end_value: end_value?,
            item: items_found.type_,
            items: items_found.steps,
        })
    }

    fn step_to(&mut self, root: &Type, path: &Entry<String>) -> Option<Found> {
        let found = self.walk(root, &path.value)?;
        self.matched.note(path.span);
        Some(found)
    }

    /// Goes along XML names from a type. Through a union any member's field will do.
    fn walk(&self, root: &Type, path: &str) -> Option<Found> {
        let mut found = Found { steps: Vec::new(), type_: root.clone() };
        for local in path.split('/') {
            let field = self
                .holders(&found.type_)
                .into_iter()
                .find_map(|item| item.fields.iter().find(|field| field.xml.local == local))?;
            found.steps.push(ir::Step { field: field.name.clone(), occurrence: field.occurrence });
            found.type_ = field.type_.clone();
        }
        Some(found)
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

    fn item(&self, name: &Ident) -> Option<&ir::Struct> {
        self.types.iter().find_map(|item| match item {
            TypeItem::Struct(item) if item.name == *name => Some(item),
            _ => None,
        })
    }
}

fn is_number(type_: &Type) -> bool {
    matches!(type_, Type::Builtin(builtin) | Type::Alias(_, builtin) if is_whole(*builtin) || *builtin == Builtin::Integer)
}

fn is_whole(builtin: Builtin) -> bool {
    use Builtin::{Byte, Int, Long, Short, UnsignedByte, UnsignedInt, UnsignedLong, UnsignedShort};
    matches!(builtin, Byte | Short | Int | Long | UnsignedByte | UnsignedShort | UnsignedInt | UnsignedLong)
}
