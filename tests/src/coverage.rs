//! What of a schema stands in documents: each field there and absent, nil and repeated, each derived type, each value of an enumeration.
//!
//! Enter a declaration and documents of it, leave the places that a document can have and those that these have, by names such as
//! `{urn:t}LeadRecord/Email nil`. Types without a name are told by the way to them.

use std::collections::BTreeSet;

use codegen::model::{ComplexType, Element as Declaration, FacetKind, TypeRef};

use crate::document::Element;
use crate::schema::{Body, Schema, Simple, View};

/// Places in documents.
pub type Places = BTreeSet<String>;

/// All places that documents of this root can have.
#[must_use]
pub fn possible(schema: Schema<'_>, declaration: &Declaration) -> Places {
    let mut walk = Possible { schema, places: Places::new(), known: BTreeSet::new() };
    walk.type_(&declaration.type_, &declaration.name.to_string());
    walk.places
}

/// Adds the places that this document has, which must be canonical.
pub fn add(schema: Schema<'_>, declaration: &Declaration, document: &Element, places: &mut Places) {
    Found { schema, places }.element(&declaration.type_, document, &declaration.name.to_string());
}

/// What a type is called here, reached by `way`.
pub(crate) fn name(type_: &TypeRef, way: &str) -> String {
    match type_ {
        TypeRef::Named(name, _) => name.to_string(),
        TypeRef::Anonymous(_) | TypeRef::Ur(_) => way.to_owned(),
    }
}

/// What a complex type is called here, reached by `way`.
pub(crate) fn complex_name(complex: &ComplexType, way: &str) -> String {
    complex.name.as_ref().map_or_else(|| way.to_owned(), ToString::to_string)
}

/// The values that an enumeration lists; none for other types.
pub(crate) fn listed<'d>(simple: &Simple<'d>) -> Vec<&'d str> {
    let Simple::Atomic(_, facets) = simple else { return Vec::new() };
    facets.iter().filter(|facet| facet.kind == FacetKind::Enumeration).map(|facet| &*facet.value).collect()
}

struct Possible<'d> {
    schema: Schema<'d>,
    places: Places,
    known: BTreeSet<String>,
}

impl<'d> Possible<'d> {
    fn type_(&mut self, type_: &'d TypeRef, way: &str) {
        match self.schema.view(type_) {
            View::Simple(simple) => self.simple(&simple, &name(type_, way)),
            View::Complex(complex) => match &complex.name {
                None => self.complex(complex, way),
                Some(name) => {
                    for (derived, complex) in self.schema.substitutes(name) {
                        self.places.insert(format!("{way}: {derived}"));
                        self.complex(complex, &derived.to_string());
                    }
                }
            },
        }
    }

    fn simple(&mut self, simple: &Simple<'d>, name: &str) {
        self.places.extend(listed(simple).into_iter().map(|value| format!("{name} `{value}`")));
    }

    fn complex(&mut self, complex: &'d ComplexType, name: &str) {
        if !self.known.insert(name.to_owned()) {
            return;
        }
        for (attribute, required) in self.schema.attributes(complex) {
            let place = format!("{name}/@{}", attribute.name);
            self.places.extend((!required).then(|| format!("{place} absent")));
            self.simple(&self.schema.simple_ref(&attribute.type_), &place);
            self.places.insert(place);
        }
        let particles = match self.schema.body(complex) {
            Body::Text(simple) => return self.simple(&simple, name),
            Body::Elements(particles) => particles,
        };
        for child in self.schema.children(&particles) {
            let place = format!("{name}/{}", child.element.name);
            self.places.extend(child.optional.then(|| format!("{place} absent")));
            self.places.extend(child.repeated.then(|| format!("{place} repeated")));
            self.places.extend(child.element.nillable.then(|| format!("{place} nil")));
            self.type_(&child.element.type_, &place);
            self.places.insert(place);
        }
    }
}

struct Found<'d, 'p> {
    schema: Schema<'d>,
    places: &'p mut Places,
}

impl<'d> Found<'d, '_> {
    fn element(&mut self, type_: &'d TypeRef, element: &Element, way: &str) {
        match self.schema.view(type_) {
            View::Simple(simple) => self.simple(&simple, &element.text, &name(type_, way)),
            View::Complex(declared) => {
                let complex = self.schema.actual(declared, element.type_name.as_ref());
                let name = complex_name(complex, way);
                self.places.extend(complex.name.is_some().then(|| format!("{way}: {name}")));
                self.complex(complex, element, &name);
            }
        }
    }

    fn simple(&mut self, simple: &Simple<'d>, text: &str, name: &str) {
        if listed(simple).contains(&text) {
            self.places.insert(format!("{name} `{text}`"));
        }
    }

    fn complex(&mut self, complex: &'d ComplexType, element: &Element, name: &str) {
        for (attribute, _) in self.schema.attributes(complex) {
            let place = format!("{name}/@{}", attribute.name);
            match element.attributes.get(&attribute.name) {
                None => _ = self.places.insert(format!("{place} absent")),
                Some(text) => {
                    self.simple(&self.schema.simple_ref(&attribute.type_), text, &place);
                    self.places.insert(place);
                }
            }
        }
        let particles = match self.schema.body(complex) {
            Body::Text(simple) => return self.simple(&simple, &element.text, name),
            Body::Elements(particles) => particles,
        };
        for child in self.schema.children(&particles) {
            let place = format!("{name}/{}", child.element.name);
            let found: Vec<_> = element.children.iter().filter(|found| found.name == child.element.name).collect();
            self.places.extend(found.is_empty().then(|| format!("{place} absent")));
            self.places.extend((found.len() > 1).then(|| format!("{place} repeated")));
            for element in found {
                if element.nil {
                    self.places.insert(format!("{place} nil"));
                } else {
                    self.places.insert(place.clone());
                    self.element(&child.element.type_, element, &place);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Full;
    use crate::canonical::canonical;
    use crate::fixture::schema;

    #[test]
    fn every_place_is_found_where_it_is() {
        let schema = schema();
        let root = schema.element(&crate::fixture::tns("root")).unwrap();
        let possible = possible(schema, root);
        for place in [
            "{urn:t}Root/note absent",
            "{urn:t}Root/when nil",
            "{urn:t}Root/short repeated",
            "{urn:t}Root/selector: {urn:t}ByNameAndId",
            "{urn:t}Color `a b`",
            "{urn:t}Money/@currency",
            "{urn:t}Every/@tokenAttribute absent",
            "{urn:t}Root/array/item nil",
            "{urn:t}BigTree/size",
        ] {
            assert!(possible.contains(place), "{place} is not in {possible:#?}");
        }
        assert!(!possible.contains("{urn:t}Root/id absent") && !possible.contains("{urn:t}Root/id nil"));

        let mut full = Full::new(schema, 1);
        let mut places = Places::new();
        add(schema, root, &Element::new(root.name.clone()), &mut places);
        assert!(places.contains("{urn:t}Root/id absent"));
        places.clear();
        for _ in 0..20 {
            let document = full.element(root);
            add(schema, root, &canonical(schema, &root.type_, &document).document, &mut places);
        }
        let left: Vec<_> = possible.difference(&places).collect();
        assert!(left.is_empty(), "{left:#?}");
        let invented: Vec<_> = places.difference(&possible).collect();
        assert!(invented.is_empty(), "{invented:#?}");
    }
}
