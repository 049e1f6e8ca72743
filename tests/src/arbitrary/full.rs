//! Documents that leave nothing out: the first has a value in every field and several in every list; later ones take turns with what else
//! there may be, until nothing is left that was never there.
//!
//! Enter a schema and a number to begin with, leave documents. Where a type is inside itself, the shortest way out is taken at some depth.
//! Of a choice all branches come, one after the other.

use std::collections::BTreeMap;

use codegen::model::{ComplexType, Element as Declaration, Particle, QName, Term, TypeRef, XS};

use super::{Source, simple};
use crate::coverage::{complex_name, listed, name};
use crate::document::Element;
use crate::schema::{Body, Schema, Simple, View};

/// How many elements are inside each other before what is optional is left out.
const ROOM: usize = 8;

/// Makes documents that have everything between them.
#[derive(Debug)]
pub struct Full<'d> {
    schema: Schema<'d>,
    /// How often each place had its turn.
    turns: BTreeMap<String, usize>,
    state: u64,
}

/// What stands in the place of a particle.
#[derive(Clone, Copy)]
enum Turn<'d> {
    Once,
    Many,
    Nil(&'d Declaration),
    Absent,
}

impl<'d> Full<'d> {
    /// Documents of this schema; another `seed` has other texts in them.
    #[must_use]
    pub fn new(schema: Schema<'d>, seed: u64) -> Self {
        Self { schema, turns: BTreeMap::new(), state: seed }
    }

    /// The next document whose root is this global element.
    #[must_use]
    pub fn element(&mut self, declaration: &'d Declaration) -> Element {
        let mut element = Element::new(declaration.name.clone());
        self.fill(&declaration.type_, ROOM, &mut element, &declaration.name.to_string());
        element
    }

    /// The number of the turn, of `many` that take turns at `place`.
    fn turn(&mut self, place: String, many: usize) -> usize {
        let turn = self.turns.entry(place).or_default();
        let now = *turn;
        *turn = (now + 1) % many.max(1);
        now
    }

    fn fill(&mut self, type_: &'d TypeRef, room: usize, element: &mut Element, way: &str) {
        match self.schema.view(type_) {
            View::Simple(Simple::Atomic("anySimpleType", _)) => {
                element.type_name = Some(QName::new(XS, "string"));
                element.text = self.text(&Simple::Atomic("string", Vec::new()), way);
            }
            View::Simple(simple) => element.text = self.text(&simple, &name(type_, way)),
            View::Complex(declared) => self.fill_complex(declared, room, element, way),
        }
    }

    fn fill_complex(&mut self, declared: &'d ComplexType, room: usize, element: &mut Element, way: &str) {
        let mut complex = declared;
        if let Some(name) = &declared.name {
            let substitutes = self.schema.substitutes(name);
            let turn = self.turn(format!("{way}: type"), substitutes.len());
            if let Some((found, substitute)) = substitutes.get(turn).copied() {
                element.type_name = (found != name).then(|| found.clone());
                complex = substitute;
            }
        }
        let name = complex_name(complex, way);
        for (attribute, required) in self.schema.attributes(complex) {
            let place = format!("{name}/@{}", attribute.name);
            if required || self.turn(place.clone(), 2) == 0 {
                let text = self.text(&self.schema.simple_ref(&attribute.type_), &place);
                element.attributes.insert(attribute.name.clone(), text);
            }
        }
        match self.schema.body(complex) {
            Body::Text(simple) => element.text = self.text(&simple, &name),
            Body::Elements(particles) => {
                for (at, particle) in particles.into_iter().enumerate() {
                    self.repeat(particle, room, &format!("{name} {at}"), &name, &mut element.children);
                }
            }
        }
    }

    fn repeat(&mut self, particle: &'d Particle, room: usize, place: &str, name: &str, children: &mut Vec<Element>) {
        let min = particle.occurs.min;
        let max = particle.occurs.max.unwrap_or(u32::MAX);
        let nillable = match &particle.term {
            Term::Element(declaration) => Some(&**declaration),
            Term::ElementRef(name, _) => self.schema.element(name),
            _ => None,
        };
        let nillable = nillable.filter(|declaration| declaration.nillable);
        let mut turns = vec![if max > 1 { Turn::Many } else { Turn::Once }];
        turns.extend(nillable.map(Turn::Nil));
        turns.extend((min == 0).then_some(Turn::Absent));
        let turn = if room == 0 && min == 0 { Turn::Absent } else { turns[self.turn(place.to_owned(), turns.len())] };
        let count = match turn {
            Turn::Absent => 0,
            Turn::Many => self.many(&particle.term).max(min).min(max),
            Turn::Once | Turn::Nil(_) => min.max(1),
        };
        for _ in 0..count {
            match turn {
                Turn::Nil(declaration) => {
                    children.push(Element { nil: true, ..Element::new(declaration.name.clone()) });
                }
                _ => self.term(&particle.term, room, place, name, children),
            }
        }
    }

    /// How often what may stand as often as it likes does: twice, or once for each value of its enumeration.
    fn many(&self, term: &'d Term) -> u32 {
        let values = match term {
            Term::Element(declaration) => match self.schema.view(&declaration.type_) {
                View::Simple(simple) => listed(&simple).len(),
                View::Complex(_) => 0,
            },
            _ => 0,
        };
        u32::try_from(values).unwrap_or(u32::MAX).max(2)
    }

    fn term(&mut self, term: &'d Term, room: usize, place: &str, name: &str, children: &mut Vec<Element>) {
        match term {
            Term::Element(declaration) => children.push(self.child(declaration, room, name)),
            Term::ElementRef(found, _) => {
                if let Some(declaration) = self.schema.element(found) {
                    children.push(self.child(declaration, room, name));
                }
            }
            Term::GroupRef(group, _) => {
                if let Some(group) = self.schema.group(group) {
                    self.repeat(group, room, &format!("{place}.group"), name, children);
                }
            }
            Term::Sequence(particles) | Term::All(particles) => {
                for (at, particle) in particles.iter().enumerate() {
                    self.repeat(particle, room, &format!("{place}.{at}"), name, children);
                }
            }
            Term::Choice(particles) => {
                let turn = self.turn(format!("{place}.choice"), particles.len());
                if let Some(particle) = particles.get(turn) {
                    self.repeat(particle, room, &format!("{place}.{turn}"), name, children);
                }
            }
            Term::Any(_) => {}
        }
    }

    fn child(&mut self, declaration: &'d Declaration, room: usize, name: &str) -> Element {
        let mut element = Element::new(declaration.name.clone());
        let way = format!("{name}/{}", declaration.name);
        self.fill(&declaration.type_, room.saturating_sub(1), &mut element, &way);
        element
    }

    /// The next value of an enumeration; of other types a text that is not empty, if that may be.
    fn text(&mut self, simple: &Simple<'d>, place: &str) -> String {
        let listed = listed(simple);
        if !listed.is_empty() {
            return listed[self.turn(format!("{place} value"), listed.len())].to_owned();
        }
        let drawn = std::iter::repeat_with(|| {
            let bytes: Vec<u8> = (0..64).flat_map(|_| self.random().to_be_bytes()).collect();
            simple::text(simple, &mut Source::new(&bytes))
        });
        drawn.take(8).max_by_key(|text| !text.is_empty()).unwrap_or_default()
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
