//! Boxes: a field is boxed where its type, by value, comes back to the struct it is in.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::ir::{Field, Occurrence, Type, TypeItem};

/// Boxes what would contain itself. A type that could never end is a diagnostic.
pub(super) fn boxes(types: &mut [TypeItem], places: &BTreeMap<String, Span>, diagnostics: &mut Diagnostics) {
    let graph = Graph::new(types, held);
    let cycles = graph.components();
    for (index, item) in types.iter_mut().enumerate() {
        if let TypeItem::Struct(item) = item {
            for field in &mut item.fields {
                // Two items that hold each other are in one component; so is one that holds itself.
                let held = by_value(field).and_then(|held| graph.index(&held));
                field.boxed = held.is_some_and(|held| cycles[held] == cycles[index]);
            }
        }
    }
    let endless = endless(types);
    let graph =
        Graph::new(types, |item| if endless.contains(&item.name().to_string()) { must_hold(item) } else { Vec::new() });
    let cycles = graph.components();
    for (index, item) in types.iter().enumerate() {
        // Who only holds an endless type is not to blame.
        let is_on_cycle = graph.edges[index].iter().any(|held| cycles[*held] == cycles[index]);
        if let Some(span) = places.get(&item.name().to_string()).filter(|_| is_on_cycle) {
            let message = format!("a value of `{}` would have to contain another without end", item.name());
            diagnostics.push(Diagnostic::new(*span, message));
        }
    }
}

/// Which items hold which.
struct Graph {
    names: BTreeMap<String, usize>,
    edges: Vec<Vec<usize>>,
}

impl Graph {
    fn new(types: &[TypeItem], held: impl Fn(&TypeItem) -> Vec<String>) -> Self {
        let names: BTreeMap<_, _> =
            types.iter().enumerate().map(|(index, item)| (item.name().to_string(), index)).collect();
        let edges =
            types.iter().map(|item| held(item).iter().filter_map(|name| names.get(name).copied()).collect()).collect();
        Self { names, edges }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The strongly connected component of each item (Tarjan, Depth-first search and linear graph algorithms, 1972), without recursion.
    fn components(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let count = self.edges.len();
        let (mut order, mut low, mut component) = (vec![NONE; count], vec![NONE; count], vec![NONE; count]);
        let (mut next, mut open) = (0, Vec::new());
        for root in 0..count {
            let mut path = if order[root] == NONE { vec![(root, 0)] } else { Vec::new() };
            while let Some((item, edge)) = path.pop() {
                if edge == 0 {
                    (order[item], low[item]) = (next, next);
                    next += 1;
                    open.push(item);
                } else {
                    // Back from the edge before.
                    low[item] = low[item].min(low[self.edges[item][edge - 1]]);
                }
                let unseen = (edge..self.edges[item].len()).find(|edge| {
                    let held = self.edges[item][*edge];
                    if order[held] != NONE && component[held] == NONE {
                        low[item] = low[item].min(order[held]);
                    }
                    order[held] == NONE
                });
                if let Some(edge) = unseen {
                    path.extend([(item, edge + 1), (self.edges[item][edge], 0)]);
                } else if low[item] == order[item] {
                    while let Some(member) = open.pop() {
                        component[member] = item;
                        if member == item {
                            break;
                        }
                    }
                }
            }
        }
        component
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

/// The items of which a value must have another.
fn must_hold(item: &TypeItem) -> Vec<String> {
    match item {
        TypeItem::Struct(item) => item.fields.iter().filter_map(must).collect(),
        TypeItem::Union(_) | TypeItem::Alias(_) => held(item),
    }
}

fn must(field: &Field) -> Option<String> {
    match (&field.type_, field.occurrence) {
        (_, Occurrence::Required) => by_value(field),
        (
            Type::Struct(name) | Type::List(name) | Type::Union(name),
            Occurrence::Repeated { min: 1.., nillable: false, .. },
        ) => Some(name.to_string()),
        _ => None,
    }
}

/// The items of which there is no finite value: each must hold another of them.
fn endless(types: &[TypeItem]) -> BTreeSet<String> {
    let mut holders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    // How many of an item's needs are not met yet; a union needs one of its members.
    let mut needs = Vec::new();
    for (index, item) in types.iter().enumerate() {
        let must: BTreeSet<_> = must_hold(item).into_iter().collect();
        needs.push(if matches!(item, TypeItem::Union(_)) { must.len().min(1) } else { must.len() });
        must.into_iter().for_each(|held| holders.entry(held).or_default().push(index));
    }
    let mut endless: BTreeSet<_> = types.iter().map(|item| item.name().to_string()).collect();
    let mut finite: Vec<_> = (0..types.len()).filter(|index| needs[*index] == 0).collect();
    while let Some(index) = finite.pop() {
        let name = types[index].name().to_string();
        endless.remove(&name);
        for holder in holders.remove(&name).unwrap_or_default() {
            if needs[holder] > 0 {
                needs[holder] -= 1;
                finite.extend((needs[holder] == 0).then_some(holder));
            }
        }
    }
    endless
}
