//! What a complex type holds, flat: its particles, attributes and text with all that it inherits.

use std::collections::BTreeMap;

use super::Lowering;
use super::simple::place;
use crate::diag::{Diagnostic, Span};
use crate::model::{
    Attribute, AttributeTerm, AttributeUse, ComplexType, Content, Definitions, Derivation, Element, Occurs, Particle,
    QName, Term, Type, TypeRef, Use, XS,
};

/// A complex type without its bases, groups and references.
#[derive(Default)]
pub(super) struct Flat<'d> {
    /// In order; each must be there or may be.
    pub(super) attributes: Vec<(&'d Attribute, bool)>,
    /// The type of its text: a name, or facets on one.
    pub(super) text: Option<Text<'d>>,
    /// In order.
    pub(super) elements: Vec<(&'d Element, Occurs)>,
}

/// What simple content is.
#[derive(Clone, Copy)]
pub(super) enum Text<'d> {
    /// A simple type by name.
    Named(&'d QName, Span),
    /// One that a restriction defines on the spot.
    Inner(&'d crate::model::SimpleType),
}

impl<'d> Lowering<'d, '_> {
    /// What `complex` holds, its bases' part first.
    pub(super) fn flatten(&mut self, complex: &'d ComplexType) -> Flat<'d> {
        let mut flat = Flat::default();
        self.add_type(complex, &mut flat);
        let mut seen: BTreeMap<&QName, Span> = BTreeMap::new();
        for (element, _) in &flat.elements {
            if let Some(first) = seen.insert(&element.name, element.span) {
                let message = format!("duplicate element `{}`", element.name.local);
                self.diagnostics.push(Diagnostic::new(element.span, message).note_at("first defined", first));
            }
        }
        flat
    }

    fn add_type(&mut self, complex: &'d ComplexType, flat: &mut Flat<'d>) {
        if complex.mixed {
            self.unsupported(complex.span, "mixed content");
        }
        let base = match &complex.derivation {
            Derivation::None => None,
            Derivation::Extension(base, span) => Some((base, *span)),
            Derivation::Restriction(base, span) => {
                if !matches!(complex.content, Content::Simple { .. }) && *base != QName::new(XS, "anyType") {
                    self.unsupported(*span, "a restriction of complex content");
                }
                Some((base, *span))
            }
        };
        if let Some((base, span)) = base {
            self.add_base(complex, base, span, flat);
        }
        match &complex.content {
            Content::Empty => {}
            Content::Particle(particle) => self.add_particle(particle, &mut Vec::new(), &mut flat.elements),
            Content::Simple { type_: Some(inner), .. } => flat.text = Some(Text::Inner(inner)),
            Content::Simple { type_: None, .. } => {}
        }
        self.add_attributes(&complex.attributes, &mut Vec::new(), flat);
        if let Some(wildcard) = &complex.any_attribute {
            self.unsupported(wildcard.span, "`xs:anyAttribute`");
        }
    }

    fn add_base(&mut self, complex: &'d ComplexType, base: &'d QName, span: Span, flat: &mut Flat<'d>) {
        let is_simple = matches!(complex.content, Content::Simple { .. });
        if base.namespace == XS {
            match (is_simple, base.local.as_str()) {
                (true, _) => flat.text = Some(Text::Named(base, span)),
                (false, "anyType") => {}
                (false, _) => {
                    self.error(span, format!("`{}` is a simple type, expected a complex one", self.show(base)))
                }
            }
            return;
        }
        match self.find("type", &self.definitions.schema.types, base, span, place) {
            Some((name, Type::Complex(complex))) if !self.family.is_cyclic(name) => self.add_type(complex, flat),
            Some((name, Type::Simple(_))) if is_simple => flat.text = Some(Text::Named(name, span)),
            Some((_, Type::Simple(_))) => {
                self.error(span, format!("`{}` is a simple type, expected a complex one", self.show(base)));
            }
            _ => {}
        }
    }

    fn add_particle(
        &mut self,
        particle: &'d Particle,
        groups: &mut Vec<&'d QName>,
        elements: &mut Vec<(&'d Element, Occurs)>,
    ) {
        match &particle.term {
            Term::Element(element) => elements.push((element, particle.occurs)),
            Term::ElementRef(name, span) => {
                let found =
                    self.find("element", &self.definitions.schema.elements, name, *span, |element| element.span);
                elements.extend(found.map(|(_, element)| (element, particle.occurs)));
            }
            Term::GroupRef(name, span) => {
                if groups.contains(&name) {
                    self.error(*span, format!("the group `{}` contains itself", self.show(name)));
                    return;
                }
                let found = self.find("group", &self.definitions.schema.groups, name, *span, |group| group.span);
                if let Some((name, group)) = found
                    && self.is_once(particle, "`xs:group`")
                {
                    groups.push(name);
                    self.add_particle(group, groups, elements);
                    groups.pop();
                }
            }
            Term::Sequence(particles) if particles.is_empty() => {}
            Term::Sequence(particles) => {
                if self.is_once(particle, "`xs:sequence`") {
                    particles.iter().for_each(|particle| self.add_particle(particle, groups, elements));
                }
            }
            Term::All(particles) => {
                if self.is_once(particle, "`xs:all`") {
                    particles.iter().for_each(|particle| self.add_particle(particle, groups, elements));
                }
            }
            Term::Choice(_) => self.unsupported(particle.span, "`xs:choice`"),
            Term::Any(wildcard) => self.unsupported(wildcard.span, "`xs:any`"),
        }
    }

    fn is_once(&mut self, particle: &Particle, what: &str) -> bool {
        let is_once = particle.occurs == Occurs::ONCE;
        if !is_once {
            self.unsupported(particle.span, &format!("{what} that may be left out or repeats"));
        }
        is_once
    }

    fn add_attributes(&mut self, uses: &'d [AttributeUse], groups: &mut Vec<&'d QName>, flat: &mut Flat<'d>) {
        for attribute_use in uses {
            let attribute = match &attribute_use.term {
                AttributeTerm::Local(attribute) => Some(attribute),
                AttributeTerm::Ref(name, span) => {
                    let all = &self.definitions.schema.attributes;
                    self.find("attribute", all, name, *span, |attribute| attribute.span).map(|(_, attribute)| attribute)
                }
                AttributeTerm::GroupRef(name, span) => {
                    if groups.contains(&name) {
                        self.error(*span, format!("the attribute group `{}` contains itself", self.show(name)));
                    } else {
                        let all = &self.definitions.schema.attribute_groups;
                        let start = |uses: &Vec<AttributeUse>| uses.first().map_or(*span, |attribute| attribute.span);
                        if let Some((name, uses)) = self.find("attribute group", all, name, *span, start) {
                            groups.push(name);
                            self.add_attributes(uses, groups, flat);
                            groups.pop();
                        }
                    }
                    None
                }
            };
            let Some(attribute) = attribute else { continue };
            flat.attributes.retain(|(known, _)| known.name != attribute.name);
            if attribute_use.use_ != Use::Prohibited {
                flat.attributes.push((attribute, attribute_use.use_ == Use::Required));
            }
        }
    }
}

/// Whether a type is a wrapper: nothing but one repeated element. Asked before types are lowered, so it reports nothing.
pub(super) fn is_wrapper(definitions: &Definitions, complex: &ComplexType) -> bool {
    let plain = matches!(complex.derivation, Derivation::None)
        && complex.attributes.is_empty()
        && complex.any_attribute.is_none()
        && !complex.mixed
        && !complex.is_abstract;
    let Content::Particle(particle) = &complex.content else { return false };
    let mut occurs = Vec::new();
    collect(definitions, particle, 0, &mut occurs);
    plain && matches!(&occurs[..], [only] if only.max.is_none_or(|max| max > 1))
}

fn collect(definitions: &Definitions, particle: &Particle, depth: usize, occurs: &mut Vec<Occurs>) {
    const MAX_DEPTH: usize = 64;
    match &particle.term {
        // One that occurs at most never is no field.
        Term::Element(_) | Term::ElementRef(..) if particle.occurs.max == Some(0) => {}
        Term::Element(_) | Term::ElementRef(..) | Term::Any(_) => occurs.push(particle.occurs),
        Term::GroupRef(name, _) if depth < MAX_DEPTH => {
            if let Some(group) = definitions.schema.groups.get(name) {
                collect(definitions, group, depth + 1, occurs);
            }
        }
        Term::GroupRef(..) => {}
        Term::Sequence(particles) | Term::All(particles) | Term::Choice(particles) => {
            particles.iter().for_each(|particle| collect(definitions, particle, depth + 1, occurs));
        }
    }
}

/// The place of a type where it is used.
pub(super) fn reference_span(type_: &TypeRef) -> Span {
    match type_ {
        TypeRef::Named(_, span) | TypeRef::Ur(span) => *span,
        TypeRef::Anonymous(type_) => place(type_),
    }
}
