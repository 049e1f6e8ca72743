//! Which complex types derive from which.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ComplexType, Definitions, Derivation, Methods, QName, Type};

/// How many complex types may derive from each other in a row.
const MAX_DERIVATIONS: usize = 64;

/// The named complex types with those that derive from them.
#[derive(Debug, Default)]
pub(super) struct Family<'d> {
    complex: BTreeMap<&'d QName, &'d ComplexType>,
    children: BTreeMap<&'d QName, BTreeSet<&'d QName>>,
    /// Types that derive from themselves, or from too many others: they have been reported, and nobody follows them.
    cyclic: BTreeSet<&'d QName>,
}

/// Finds out who derives from whom. A type that derives from itself is a diagnostic.
pub(super) fn family<'d>(definitions: &'d Definitions, diagnostics: &mut Diagnostics) -> Family<'d> {
    let mut family = Family::default();
    for (name, type_) in &definitions.schema.types {
        if let Type::Complex(complex) = type_ {
            family.complex.insert(name, complex);
        }
    }
    for (name, complex) in family.complex.clone() {
        if let Some(base) = base(complex) {
            if let Some((base, _)) = family.complex.get_key_value(base) {
                family.children.entry(base).or_default().insert(name);
            }
            let mut seen = BTreeSet::from([name]);
            let mut next = Some(base);
            while let Some(base) = next {
                if base == name {
                    family.cyclic.insert(name);
                    let message = format!("`{}` derives from itself", super::lookup::show(definitions, name));
                    diagnostics.push(Diagnostic::new(complex.span, message));
                    break;
                }
                if !seen.insert(base) {
                    break;
                }
                if seen.len() > MAX_DERIVATIONS {
                    family.cyclic.insert(name);
                    let message = format!("more than {MAX_DERIVATIONS} types derive from each other");
                    diagnostics.push(Diagnostic::new(complex.span, message));
                    break;
                }
                next = family.complex.get(base).and_then(|complex| self::base(complex));
            }
        }
    }
    family
}

fn base(complex: &ComplexType) -> Option<&QName> {
    match &complex.derivation {
        Derivation::None => None,
        Derivation::Extension(base, _) | Derivation::Restriction(base, _) => Some(base),
    }
}

impl<'d> Family<'d> {
    /// Whether the type derives from itself, or from more types than are followed.
    pub(super) fn is_cyclic(&self, name: &QName) -> bool {
        self.cyclic.contains(name)
    }

    /// Whether the type is complex and abstract.
    pub(super) fn is_abstract(&self, name: &QName) -> bool {
        self.complex.get(name).is_some_and(|complex| complex.is_abstract)
    }

    /// Whether elements of the type may hold several types.
    pub(super) fn has_union(&self, name: &QName) -> bool {
        self.is_abstract(name) || self.members(name, Methods::default()).iter().any(|member| *member != name)
    }

    /// The types that an element of this type may hold: itself and those that derive from it, without abstract ones and those that the type or
    /// the element blocks (Structures 3.3.6, Substitution Group OK; 3.4.6, Type Derivation OK).
    pub(super) fn members(&self, name: &QName, block: Methods) -> Vec<&'d QName> {
        let own = self.complex.get(name).map(|complex| complex.block).unwrap_or_default();
        let (extension, restriction) = (own.extension || block.extension, own.restriction || block.restriction);
        let is_blocked = |child: &QName| match self.complex.get(child).map(|complex| &complex.derivation) {
            Some(Derivation::Extension(..)) => extension,
            Some(Derivation::Restriction(..)) => restriction,
            Some(Derivation::None) | None => false,
        };
        let mut members = BTreeSet::new();
        let mut waiting: Vec<_> = self.complex.get_key_value(name).map(|(name, _)| *name).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if !seen.insert(next) || self.is_cyclic(next) {
                continue;
            }
            if !self.is_abstract(next) {
                members.insert(next);
            }
            waiting.extend(self.children.get(next).into_iter().flatten().filter(|child| !is_blocked(child)));
        }
        members.into_iter().collect()
    }
}
