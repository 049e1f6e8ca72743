//! What a request must hold beside its schema: limits and rules between fields, with every way to where they hold.

use super::Lowering;
use crate::diag::Span;
use crate::ir::{self, FieldKind, Occurrence, Type};
use crate::service::{Batch, Entry, Rule, RuleKind};

/// A way to a value, and the value's type.
#[derive(Clone)]
struct Way {
    hops: Vec<ir::Hop>,
    type_: Type,
}

impl Lowering<'_, '_> {
    /// Every way from a type along the names of elements, through each member of a union that has the field. None where there is no such field.
    pub(super) fn ways(&self, root: &Type, path: &str) -> Vec<Vec<ir::Hop>> {
        self.follow(root, path).into_iter().map(|way| way.hops).collect()
    }

    fn follow(&self, root: &Type, path: &str) -> Vec<Way> {
        let mut ways = vec![Way { hops: Vec::new(), type_: root.clone() }];
        for local in path.split('/').filter(|local| !local.is_empty()) {
            ways = ways.iter().flat_map(|way| self.on(way, local)).collect();
        }
        ways
    }

    fn on(&self, way: &Way, local: &str) -> Vec<Way> {
        let mut on = Vec::new();
        for (narrowed, item) in self.members(way) {
            let is_named = |field: &&ir::Field| field.kind == FieldKind::Element && field.xml.local == local;
            let Some(field) = item.fields.iter().find(is_named) else { continue };
            let mut way = narrowed;
            let (field_, occurrence, boxed) = (field.name.clone(), field.occurrence, field.boxed);
            way.hops.push(ir::Hop { field: field_, occurrence, boxed, member: None });
            way.type_ = field.type_.clone();
            on.push(way);
        }
        on
    }

    /// The structs at the end of a way: one, or each member of a union.
    fn members(&self, way: &Way) -> Vec<(Way, &ir::Struct)> {
        match &way.type_ {
            Type::Struct(name) | Type::List(name) => {
                self.item(name).map(|item| (way.clone(), item)).into_iter().collect()
            }
            Type::Union(name) => {
                let Some(union) = self.union_named(name) else { return Vec::new() };
                let only = union.members.len() == 1;
                let narrow = |member: &ir::Member| {
                    let mut way = way.clone();
                    let narrow =
                        ir::Narrow { union: name.clone(), member: member.name.clone(), boxed: member.boxed, only };
                    way.hops.last_mut()?.member = Some(narrow);
                    Some((way, self.item(&member.name)?))
                };
                union.members.iter().filter_map(narrow).collect()
            }
            Type::Builtin(_) | Type::Enum(_) | Type::Alias(..) => Vec::new(),
        }
    }

    fn union_named(&self, name: &proc_macro2::Ident) -> Option<&ir::Union> {
        self.types.iter().find_map(|item| match item {
            ir::TypeItem::Union(union) if union.name == *name => Some(union),
            _ => None,
        })
    }

    /// The rules that this version's request has the fields for.
    pub(super) fn rules(&mut self, rules: &[Entry<Rule>], request: &Type) -> Vec<ir::Rule> {
        rules.iter().flat_map(|rule| self.rule(rule, request)).collect()
    }

    fn rule(&mut self, entry: &Entry<Rule>, request: &Type) -> Vec<ir::Rule> {
        let Rule { kind, at, fields, days } = &entry.value;
        let at = at.as_deref().unwrap_or_default();
        let mut rules = Vec::new();
        let mut wrong = None;
        for way in self.follow(request, at) {
            for (way, item) in self.members(&way) {
                let named = |local: &String| item.fields.iter().find(|field| field.xml.local == *local);
                let Some(found) = fields.iter().map(named).collect::<Option<Vec<_>>>() else { continue };
                let is_date = |field: &&ir::Field| {
                    field.type_ == Type::Builtin(ir::Builtin::DateTime)
                        && !matches!(field.occurrence, Occurrence::Repeated { .. })
                };
                let kind = match (kind, days) {
                    (RuleKind::OneOf, None) => ir::RuleKind::OneOf,
                    (RuleKind::AnyOf, None) => ir::RuleKind::AnyOf,
                    (RuleKind::AtMostOne, None) => ir::RuleKind::AtMostOne,
                    (RuleKind::Together, None) => ir::RuleKind::Together,
                    (RuleKind::Requires, None) => ir::RuleKind::Requires,
                    (RuleKind::WithinDays, Some(days)) if found.len() == 2 && found.iter().all(is_date) => {
                        ir::RuleKind::WithinDays(*days)
                    }
                    (RuleKind::WithinDays, _) => {
                        wrong = Some("`within-days` needs `days` and two fields, each one xs:dateTime");
                        continue;
                    }
                    (_, Some(_)) => {
                        wrong = Some("`days` belongs to `within-days`");
                        continue;
                    }
                };
                let fields = found.into_iter().cloned().collect();
                rules.push(ir::Rule { kind, at: at.to_owned(), hops: way.hops, fields });
            }
        }
        if !rules.is_empty() || wrong.is_some() {
            self.matched.note(entry.span);
        }
        wrong.into_iter().for_each(|message| self.error(entry.span, message));
        rules
    }

    /// How a long list goes in several calls.
    pub(super) fn batch(
        &mut self,
        entry: &Entry<Batch>,
        operation: &ir::Operation,
        request: &Type,
        response: &Type,
    ) -> Option<ir::Batch> {
        let Batch { items, statuses } = &entry.value;
        let (items_found, statuses_found) = (self.step_to(request, items), self.step_to(response, statuses));
        let (items_found, statuses_found) = (items_found?, statuses_found?);
        self.matched.note(entry.span);
        let mut wrong: Vec<(Span, String)> = Vec::new();
        for (path, found) in [(items, &items_found), (statuses, &statuses_found)] {
            if found.union {
                wrong.push((path.span, format!("`{}` goes through a type that stands for several", path.value)));
            }
            let repeats: Vec<_> = found
                .steps
                .iter()
                .map(|step| matches!(step.occurrence, Occurrence::Repeated { nillable: false, .. }))
                .collect();
            if !matches!(repeats.split_last(), Some((true, before)) if !before.contains(&true)) {
                wrong.push((path.span, format!("`{}` must repeat, and nothing on the way to it may", path.value)));
            }
        }
        let needed = items_found.steps.iter().rev().skip(1).all(|step| step.occurrence == Occurrence::Required);
        if !needed {
            wrong.push((items.span, format!("all on the way to `{}` must be required", items.value)));
        }
        let is_limit = |limit: &&ir::Limit| limit.kind == ir::LimitKind::Items && limit.path == items.value;
        let max = operation.limits.iter().find(is_limit).map(|limit| limit.max).filter(|max| *max > 0);
        if max.is_none() {
            wrong.push((items.span, format!("`{}` has no `max_items`", items.value)));
        }
        if !wrong.is_empty() {
            wrong.into_iter().for_each(|(span, message)| self.error(span, message));
            return None;
        }
        Some(ir::Batch {
            method: operation.method.clone(),
            max: max?,
            item: items_found.type_,
            items: items_found.steps,
            status: statuses_found.type_,
            statuses: statuses_found.steps,
        })
    }
}
