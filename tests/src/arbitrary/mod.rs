//! Documents made at random from a schema, and random spellings of them: same meaning, different bytes.
//!
//! Enter a model and a source of choices, leave trees ([`value`], [`element`]) and their XML ([`spell`], [`plain`]). What comes out is valid
//! under the schema, save that a value of an enumeration is now and then one that the schema does not list; [`scramble`] makes of it what is
//! not, but means the same. What codegen refuses, such as wildcards and
//! mixed content, is left out; patterns, and the bounds of types other than whole numbers, are not looked at.

mod characters;
mod full;
mod moments;
mod numbers;
mod scramble;
mod simple;
mod source;
mod spelling;

use codegen::model::{ComplexType, Element as Declaration, Particle, QName, Term, TypeRef, XS};

pub use full::Full;
pub use scramble::scramble;
pub use simple::{BUILTINS, text};
pub use source::Source;
pub use spelling::{plain, spell};

use crate::document::Element;
use crate::schema::{Body, Schema, Simple, View};

/// How many elements are inside each other before the shortest way out is taken.
const ROOM: usize = 12;

/// A document whose root is this global element.
#[must_use]
pub fn element(schema: Schema<'_>, declaration: &Declaration, source: &mut Source<'_>) -> Element {
    value(schema, declaration.name.clone(), &declaration.type_, source)
}

/// A document whose root has this name and type.
#[must_use]
pub fn value(schema: Schema<'_>, name: QName, type_: &TypeRef, source: &mut Source<'_>) -> Element {
    let mut element = Element::new(name);
    Maker { schema, source }.fill(type_, ROOM, &mut element);
    element
}

struct Maker<'d, 's, 'b> {
    schema: Schema<'d>,
    source: &'s mut Source<'b>,
}

impl<'d> Maker<'d, '_, '_> {
    fn fill(&mut self, type_: &'d TypeRef, room: usize, element: &mut Element) {
        match self.schema.view(type_) {
            View::Simple(simple) => self.fill_simple(type_, &simple, element),
            View::Complex(declared) => self.fill_complex(declared, room, element),
        }
    }

    fn fill_simple(&mut self, type_: &TypeRef, simple: &Simple<'_>, element: &mut Element) {
        if let Simple::Atomic("anySimpleType", _) = simple {
            let types: Vec<_> = simple::BUILTINS.iter().map(|local| QName::new(XS, *local)).collect();
            let types: Vec<_> = types.iter().chain(self.schema.simple_types()).collect();
            if self.source.below(4) > 0 {
                let name = self.source.pick(&types);
                element.type_name = Some(name.clone());
                if let View::Simple(simple) = self.schema.view_named(name) {
                    element.text = simple::text(&simple, self.source);
                }
                return;
            }
        } else if let TypeRef::Named(name, _) = type_
            && self.source.one_in(32)
        {
            element.type_name = Some(name.clone());
        }
        element.text = simple::text(simple, self.source);
    }

    fn fill_complex(&mut self, declared: &'d ComplexType, room: usize, element: &mut Element) {
        let complex = match &declared.name {
            Some(name) => self.substitute(declared, name, room, element),
            None => declared,
        };
        for (attribute, required) in self.schema.attributes(complex) {
            if required || self.source.below(2) > 0 {
                let text = simple::text(&self.schema.simple_ref(&attribute.type_), self.source);
                element.attributes.insert(attribute.name.clone(), text);
            }
        }
        match self.schema.body(complex) {
            Body::Text(simple) => element.text = simple::text(&simple, self.source),
            Body::Elements(particles) => {
                for particle in particles {
                    self.repeat(particle, room, &mut element.children);
                }
            }
        }
    }

    /// The declared type or one derived from it, named where it must be and sometimes where it need not.
    fn substitute(
        &mut self,
        declared: &'d ComplexType,
        name: &QName,
        room: usize,
        element: &mut Element,
    ) -> &'d ComplexType {
        let mut substitutes = self.schema.substitutes(name);
        substitutes.sort_by_key(|(found, complex)| (!self.fits_complex(complex, room), *found != name));
        let fitting = substitutes.iter().filter(|(_, complex)| self.fits_complex(complex, room)).count();
        let Some((found, complex)) = substitutes.get(self.source.below(fitting)) else { return declared };
        if *found != name || self.source.one_in(16) {
            element.type_name = Some((*found).clone());
        }
        complex
    }

    fn repeat(&mut self, particle: &'d Particle, room: usize, children: &mut Vec<Element>) {
        let min = particle.occurs.min;
        let max = particle.occurs.max.unwrap_or(u32::MAX);
        let wanted = if max == 1 && min == 0 {
            u32::from(self.source.below(3) > 0)
        } else {
            min.saturating_add([0, 1, 2, 3, 1, 1, 2, 9][self.source.below(8)]).min(max)
        };
        let fits = self.fits_term(particle, room);
        for _ in 0..if fits { wanted } else { min } {
            self.term(particle, room, children);
        }
    }

    fn term(&mut self, particle: &'d Particle, room: usize, children: &mut Vec<Element>) {
        match &particle.term {
            Term::Element(declaration) => children.push(self.child(declaration, room)),
            Term::ElementRef(name, _) => {
                let declaration = self.schema.element(name);
                children.extend(declaration.map(|declaration| self.child(declaration, room)));
            }
            Term::GroupRef(name, _) => {
                if let Some(group) = self.schema.group(name) {
                    self.repeat(group, room, children);
                }
            }
            Term::Sequence(particles) => particles.iter().for_each(|particle| self.repeat(particle, room, children)),
            Term::All(particles) => {
                let mut particles: Vec<_> = particles.iter().collect();
                while !particles.is_empty() {
                    let next = self.source.below(particles.len());
                    self.repeat(particles.remove(next), room, children);
                }
            }
            Term::Choice(particles) => {
                let fitting: Vec<_> = particles.iter().filter(|particle| self.fits(particle, room)).collect();
                if let Some(particle) = fitting.get(self.source.below(fitting.len())).copied().or(particles.first()) {
                    self.repeat(particle, room, children);
                }
            }
            Term::Any(_) => {}
        }
    }

    fn child(&mut self, declaration: &'d Declaration, room: usize) -> Element {
        let mut element = Element::new(declaration.name.clone());
        if declaration.nillable && self.source.one_in(4) {
            element.nil = true;
        } else {
            self.fill(&declaration.type_, room.saturating_sub(1), &mut element);
        }
        element
    }

    /// Whether the smallest thing that the particle allows ends within `room` levels.
    fn fits(&self, particle: &'d Particle, room: usize) -> bool {
        particle.occurs.min == 0 || self.fits_term(particle, room)
    }

    fn fits_term(&self, particle: &'d Particle, room: usize) -> bool {
        match &particle.term {
            Term::Element(declaration) => self.fits_element(declaration, room),
            Term::ElementRef(name, _) => {
                self.schema.element(name).is_none_or(|declaration| self.fits_element(declaration, room))
            }
            Term::GroupRef(name, _) => self.schema.group(name).is_none_or(|group| self.fits(group, room)),
            Term::Sequence(particles) | Term::All(particles) => {
                particles.iter().all(|particle| self.fits(particle, room))
            }
            Term::Choice(particles) => particles.iter().any(|particle| self.fits(particle, room)),
            Term::Any(_) => true,
        }
    }

    fn fits_element(&self, declaration: &'d Declaration, room: usize) -> bool {
        let Some(room) = room.checked_sub(1) else { return false };
        match self.schema.view(&declaration.type_) {
            View::Simple(_) => true,
            View::Complex(complex) => match &complex.name {
                None => self.fits_complex(complex, room),
                Some(name) => self.schema.substitutes(name).iter().any(|(_, complex)| self.fits_complex(complex, room)),
            },
        }
    }

    fn fits_complex(&self, complex: &'d ComplexType, room: usize) -> bool {
        match self.schema.body(complex) {
            Body::Text(_) => true,
            Body::Elements(particles) => particles.iter().all(|particle| self.fits(particle, room)),
        }
    }
}
