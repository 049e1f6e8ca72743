//! What a complex type holds, flat: its particles and text with all that it inherits; its attributes are collected next door.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use super::attributes::Used;
use super::simple::{in_words, place};
use crate::diag::{Diagnostic, Span};
use crate::model::{
    ComplexType, Content, Definitions, Derivation, Element, Occurs, Particle, QName, Term, Type, TypeRef, XS,
};

/// How many groups may contain each other in a row.
pub(super) const MAX_GROUPS: usize = 64;

/// A complex type without its bases, groups and references.
#[derive(Default)]
pub(super) struct Flat<'d> {
    /// In order.
    pub(super) attributes: Vec<Used<'d>>,
    /// The type of its text: a name, or facets on one.
    pub(super) text: Option<Text<'d>>,
    /// What restrictions say of the text, in words.
    pub(super) text_docs: Vec<String>,
    /// In order.
    pub(super) elements: Vec<(&'d Element, Occurs, Owner<'d>)>,
    /// The groups that the walk is in.
    pub(super) path: Vec<&'d QName>,
    /// The groups that it was in: none is taken apart twice, or few groups would make many elements.
    groups: BTreeSet<&'d QName>,
    pub(super) attribute_groups: BTreeSet<&'d QName>,
    /// How many bases the walk is away from the outermost.
    pub(super) level: usize,
    /// Whether elements come from an `xs:all`.
    all: bool,
}

/// Where an element or attribute is declared.
#[derive(Clone, Copy)]
pub(super) enum Owner<'d> {
    /// In a complex type.
    Type(&'d ComplexType),
    /// In a group or attribute group.
    Group(&'d QName),
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
        for (element, ..) in &flat.elements {
            if let Some(first) = seen.insert(&element.name, element.span) {
                let message = format!("duplicate element `{}`", element.name.local);
                self.diagnostics.push(Diagnostic::new(element.span, message).note_at("first defined", first));
            }
        }
        if flat.text.is_some() && !flat.elements.is_empty() {
            self.error(complex.span, "a type that holds text cannot hold elements");
        }
        flat
    }

    /// Looks at the groups that no type refers to: what is not supported is said of them as well.
    pub(super) fn check_groups(&mut self) {
        for (name, group) in &self.definitions.schema.groups {
            let mut flat = Flat { path: vec![name], groups: BTreeSet::from([name]), ..Flat::default() };
            self.add_particle(group, Owner::Group(name), true, &mut flat);
        }
    }

    fn add_type(&mut self, complex: &'d ComplexType, flat: &mut Flat<'d>) {
        if complex.mixed {
            self.unsupported(complex.span, "mixed content");
        }
        let base = match &complex.derivation {
            Derivation::None => None,
            Derivation::Extension(base, span) => {
                if *base == QName::new(XS, "anyType") {
                    self.unsupported(*span, "an extension of `xs:anyType`");
                }
                Some((base, *span))
            }
            Derivation::Restriction(base, span) => {
                if !matches!(complex.content, Content::Simple { .. }) && *base != QName::new(XS, "anyType") {
                    self.unsupported(*span, "a restriction of complex content");
                }
                Some((base, *span))
            }
        };
        if let Some((base, span)) = base {
            self.add_base(complex, base, span, flat);
            flat.level += 1;
        }
        match &complex.content {
            Content::Empty => {}
            Content::Particle(particle) => {
                let inherited = flat.elements.len();
                self.add_particle(particle, Owner::Type(complex), true, flat);
                // Structures 3.8.6, All Group Limited.
                if flat.all && inherited > 0 && flat.elements.len() > inherited {
                    self.error(
                        particle.span,
                        "with `xs:all`, a type can neither add to what it inherits nor be added to",
                    );
                }
            }
            Content::Simple { type_, facets } => {
                if let Some(inner) = type_ {
                    flat.text = Some(Text::Inner(inner));
                }
                flat.text_docs.extend(in_words(&[facets]));
                if flat.text.is_none()
                    && let Some((base, span)) = base
                    && let Some(Type::Complex(_)) = self.definitions.schema.types.get(base)
                {
                    self.error(span, format!("`{}` holds no text", self.show(base)));
                }
            }
        }
        let restricted = match &complex.derivation {
            Derivation::Restriction(base, _) => Some(base),
            Derivation::None | Derivation::Extension(..) => None,
        };
        self.add_attributes(&complex.attributes, Owner::Type(complex), restricted, flat);
        if let Some(wildcard) = &complex.any_attribute {
            self.unsupported(wildcard.span, "`xs:anyAttribute`");
        }
    }

    fn add_base(&mut self, complex: &'d ComplexType, base: &'d QName, span: Span, flat: &mut Flat<'d>) {
        let is_simple = matches!(complex.content, Content::Simple { .. });
        let restricts = matches!(complex.derivation, Derivation::Restriction(..));
        if base.namespace == XS {
            match (is_simple, base.local.as_str()) {
                (true, _) if restricts => self.error(span, expected_complex(&self.show(base))),
                (true, _) => flat.text = Some(Text::Named(base, span)),
                (false, "anyType") => {}
                (false, _) => self.error(span, expected_complex(&self.show(base))),
            }
            return;
        }
        match self.find("type", &self.definitions.schema.types, base, span, place) {
            Some((name, Type::Complex(inherited))) if !self.family.is_cyclic(name) => {
                let (final_, method) = match restricts {
                    true => (inherited.final_.restriction, "restriction"),
                    false => (inherited.final_.extension, "extension"),
                };
                if final_ {
                    self.refuse_final(name, method, span, inherited.span);
                }
                self.add_type(inherited, flat);
            }
            Some((name, Type::Simple(_))) if is_simple && !restricts => flat.text = Some(Text::Named(name, span)),
            Some((name, Type::Simple(_))) => self.error(span, expected_complex(&self.show(name))),
            _ => {}
        }
    }

    /// Reports a type derived from one that says that it is final.
    pub(super) fn refuse_final(&mut self, base: &QName, method: &str, span: Span, defined: Span) {
        let message = format!("`{}` is final: no {method} of it is allowed", self.show(base));
        self.diagnostics.push(Diagnostic::new(span, message).note_at("it says so where it is defined", defined));
    }

    /// `outermost` says whether the particle is all that its type holds.
    fn add_particle(&mut self, particle: &'d Particle, owner: Owner<'d>, outermost: bool, flat: &mut Flat<'d>) {
        match &particle.term {
            Term::Element(element) => flat.elements.push((element, particle.occurs, owner)),
            Term::ElementRef(name, span) => {
                let found =
                    self.find("element", &self.definitions.schema.elements, name, *span, |element| element.span);
                flat.elements.extend(found.map(|(_, element)| (element, particle.occurs, owner)));
            }
            Term::GroupRef(name, span) => {
                let found = self.find("group", &self.definitions.schema.groups, name, *span, |group| group.span);
                if let Some((name, group)) = found
                    && self.is_once(particle, "`xs:group`")
                    && self.enters(name, *span, flat)
                {
                    flat.path.push(name);
                    self.add_particle(group, Owner::Group(name), outermost, flat);
                    flat.path.pop();
                }
            }
            Term::Sequence(particles) if particles.is_empty() => {}
            Term::Sequence(particles) => {
                if self.is_once(particle, "`xs:sequence`") {
                    particles.iter().for_each(|particle| self.add_particle(particle, owner, false, flat));
                }
            }
            Term::All(particles) => {
                if !outermost {
                    self.error(particle.span, "`xs:all` must be all that a type holds");
                } else if self.is_once(particle, "`xs:all`") {
                    flat.all = true;
                    particles.iter().for_each(|particle| self.add_particle(particle, owner, false, flat));
                }
            }
            Term::Choice(_) => self.unsupported(particle.span, "`xs:choice`"),
            Term::Any(wildcard) => self.unsupported(wildcard.span, "`xs:any`"),
        }
    }

    /// Whether a reference to a group can be followed from where the walk is.
    fn enters(&mut self, name: &'d QName, span: Span, flat: &mut Flat<'d>) -> bool {
        if flat.path.contains(&name) {
            self.error(span, format!("the group `{}` contains itself", self.show(name)));
            return false;
        }
        if flat.path.len() >= MAX_GROUPS {
            self.error(span, format!("more than {MAX_GROUPS} groups contain each other"));
            return false;
        }
        let is_new = flat.groups.insert(name);
        if !is_new {
            self.unsupported(span, "a second reference to a group in one type");
        }
        is_new
    }

    fn is_once(&mut self, particle: &Particle, what: &str) -> bool {
        let is_once = particle.occurs == Occurs::ONCE;
        if !is_once {
            self.unsupported(particle.span, &format!("{what} that may be left out or repeats"));
        }
        is_once
    }
}

fn expected_complex(base: &str) -> String {
    format!("`{base}` is a simple type, expected a complex one")
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
    collect(definitions, particle, &mut BTreeSet::new(), &mut occurs);
    plain && matches!(&occurs[..], [only] if only.max.is_none_or(|max| max > 1))
}

/// The occurrences of all elements. Goes into a group once: a second time is refused when the type is lowered.
fn collect<'d>(
    definitions: &'d Definitions,
    particle: &'d Particle,
    groups: &mut BTreeSet<&'d QName>,
    occurs: &mut Vec<Occurs>,
) {
    match &particle.term {
        // One that occurs at most never is no field.
        Term::Element(_) | Term::ElementRef(..) if particle.occurs.max == Some(0) => {}
        Term::Element(_) | Term::ElementRef(..) | Term::Any(_) => occurs.push(particle.occurs),
        Term::GroupRef(name, _) => {
            if let Some(group) = definitions.schema.groups.get(name)
                && groups.len() < MAX_GROUPS
                && groups.insert(name)
            {
                collect(definitions, group, groups, occurs);
            }
        }
        Term::Sequence(particles) | Term::All(particles) | Term::Choice(particles) => {
            particles.iter().for_each(|particle| collect(definitions, particle, groups, occurs));
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
