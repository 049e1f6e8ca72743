//! Documents changed in what a reader of the schema may overlook: the counterpart of [`canonical`](crate::canonical::canonical), which takes
//! it all back.
//!
//! Enter a tree and its type, leaves a tree that says the same to whoever knows the type: elements in another order, though those of one name
//! keep theirs; elements and attributes that the schema does not have; optional elements that are empty and so count as absent; white space
//! where nothing may stand.

use codegen::model::{ComplexType, QName, TypeRef, XSI};

use super::Source;
use super::spelling::XML;
use crate::canonical::has_empty_text;
use crate::document::Element;
use crate::schema::{Body, Child, Schema, Simple, View};

/// A namespace that no schema has.
const FOREIGN: &str = "urn:example:foreign";

/// Changes a document whose root has this type without changing its canonical form.
#[must_use]
pub fn scramble(schema: Schema<'_>, type_: &TypeRef, document: &Element, source: &mut Source<'_>) -> Element {
    Scrambler { schema, source }.element(type_, document)
}

struct Scrambler<'d, 's, 'b> {
    schema: Schema<'d>,
    source: &'s mut Source<'b>,
}

impl<'d> Scrambler<'d, '_, '_> {
    fn element(&mut self, type_: &'d TypeRef, element: &Element) -> Element {
        let mut scrambled = element.clone();
        match self.schema.view(type_) {
            _ if element.nil => self.add_attributes(&[], &mut scrambled),
            View::Simple(_) => self.add_attributes(&[], &mut scrambled),
            View::Complex(declared) => {
                let complex = self.schema.actual(declared, element.type_name.as_ref());
                self.complex(complex, &mut scrambled);
            }
        }
        scrambled
    }

    fn complex(&mut self, complex: &'d ComplexType, element: &mut Element) {
        let attributes = self.schema.attributes(complex);
        let known: Vec<_> = attributes.iter().map(|(attribute, _)| &attribute.name).collect();
        self.add_attributes(&known, element);
        let Body::Elements(particles) = self.schema.body(complex) else { return };
        let declared = self.schema.children(&particles);
        let namespace = complex.name.as_ref().map_or(FOREIGN, |name| &name.namespace);
        for child in &mut element.children {
            if let Some(known) = declared.iter().find(|known| known.element.name == child.name) {
                *child = self.element(&known.element.type_, child);
            }
        }
        self.add_empty(&declared, element);
        while self.source.one_in(8) {
            let unknown = self.unknown(&declared, namespace, 3);
            let at = self.source.below(element.children.len() + 1);
            element.children.insert(at, unknown);
        }
        if self.source.one_in(3) {
            self.reorder(&mut element.children);
        }
        if element.children.is_empty() && self.source.one_in(4) {
            element.text.push_str(self.source.pick(&[" ", "\n  ", "\t"]));
        }
    }

    fn add_attributes(&mut self, known: &[&QName], element: &mut Element) {
        while self.source.one_in(12) {
            let name = match self.source.below(5) {
                0 => QName::new("", "unknown"),
                1 => QName::new(XSI, "schemaLocation"),
                2 => QName::new(XML, "lang"),
                3 => QName::new(FOREIGN, "nil"),
                // As a declared one, in another namespace.
                _ => QName::new(FOREIGN, known.first().map_or("type", |name| &name.local)),
            };
            if !known.contains(&&name) {
                element.attributes.insert(name, self.source.pick(&["", "a", "true", " <&>\"'\n"]).to_owned());
            }
        }
    }

    /// Adds empty elements in place of some that are absent, where the type has no empty text.
    fn add_empty(&mut self, declared: &[Child<'d>], element: &mut Element) {
        for child in declared.iter().filter(|child| child.optional && !child.repeated) {
            let has_empty_text = match self.schema.view(&child.element.type_) {
                View::Simple(simple) => has_empty_text(&simple),
                View::Complex(_) => true,
            };
            if !has_empty_text && element.child(&child.element.name).is_none() && self.source.one_in(3) {
                let mut empty = Element::new(child.element.name.clone());
                empty.text.push_str(self.source.pick(&["", "", " ", "\r\n\t"]));
                self.add_attributes(&[], &mut empty);
                let at = self.source.below(element.children.len() + 1);
                element.children.insert(at, empty);
            }
        }
    }

    /// An element that is none of these, with anything in it.
    fn unknown(&mut self, declared: &[Child<'d>], own: &str, depth: usize) -> Element {
        let like = declared.get(self.source.below(declared.len())).map(|child| &child.element.name);
        let local = match like {
            Some(name) if self.source.below(2) == 0 => &name.local,
            _ => "unknown",
        };
        let namespace = match (self.source.below(3), like) {
            // As a declared one, with a namespace that it lacks or without the one that it has.
            (0, Some(name)) if name.namespace.is_empty() => own,
            (0, _) => "",
            _ => FOREIGN,
        };
        let mut element = Element::new(QName::new(namespace, local));
        if declared.iter().any(|child| child.element.name == element.name) {
            element.name = QName::new(FOREIGN, local);
        }
        element.nil = self.source.one_in(4);
        if self.source.one_in(4) {
            element.type_name = Some(QName::new(FOREIGN, "Unknown"));
        }
        self.add_attributes(&[], &mut element);
        match self.source.below(4) {
            1 => element.text = super::simple::text(&Simple::Atomic("string", Vec::new()), self.source),
            2 | 3 if depth > 0 => {
                element.children = (0..=self.source.below(3)).map(|_| self.unknown(declared, own, depth - 1)).collect();
            }
            _ => {}
        }
        element
    }

    /// Puts elements in another order, but not those of the same name.
    fn reorder(&mut self, children: &mut Vec<Element>) {
        let mut queues: Vec<Vec<Element>> = Vec::new();
        for child in children.drain(..).rev() {
            match queues.iter_mut().find(|queue| queue.iter().any(|other| other.name == child.name)) {
                Some(queue) => queue.push(child),
                None => queues.push(vec![child]),
            }
        }
        queues.reverse();
        while !queues.is_empty() {
            let at = self.source.below(queues.len());
            children.extend(queues[at].pop());
            if queues[at].is_empty() {
                queues.remove(at);
            }
        }
    }
}
