//! What may stand in a document, as the model says it: each type with all that it inherits, each simple type down to the built-in.
//!
//! Enters the model, leave views of it. A second opinion on purpose: it shares nothing with codegen's lowering, whose result the tests judge
//! by it. The definitions must be without diagnostics; a name that is nowhere defined counts as a built-in of that name.

use codegen::model::{
    Attribute, AttributeTerm, AttributeUse, ComplexType, Content, Definitions, Derivation, Element, Facet, Particle,
    QName, SimpleType, Term, Type, TypeRef, Use, Variety,
};

/// The schema of one WSDL.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'d>(&'d Definitions);

/// What an element may hold.
#[derive(Clone, Debug)]
pub enum View<'d> {
    /// Text.
    Simple(Simple<'d>),
    /// Attributes, and text or elements.
    Complex(&'d ComplexType),
}

/// A simple type without the names in between.
#[derive(Clone, Debug)]
pub enum Simple<'d> {
    /// One of XML Schema's own, by local name, narrowed by these facets.
    Atomic(&'d str, Vec<&'d Facet>),
    /// White-space separated items.
    List(Box<Self>),
    /// One of these.
    Union(Vec<Self>),
}

/// What a complex type holds beside attributes.
#[derive(Clone, Debug)]
pub enum Body<'d> {
    /// Text.
    Text(Simple<'d>),
    /// Elements: one particle after the other, inherited ones first.
    Elements(Vec<&'d Particle>),
}

/// An element that a complex type may hold, however deep in groups and choices it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Child<'d> {
    /// Its declaration.
    pub element: &'d Element,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may stand more than once.
    pub repeated: bool,
}

impl<'d> Schema<'d> {
    /// The schema of `definitions`.
    #[must_use]
    pub fn new(definitions: &'d Definitions) -> Self {
        Self(definitions)
    }

    /// The global element of this name.
    #[must_use]
    pub fn element(self, name: &QName) -> Option<&'d Element> {
        self.0.schema.elements.get(name)
    }

    /// The names of all named simple types.
    pub fn simple_types(self) -> impl Iterator<Item = &'d QName> {
        self.0.schema.types.iter().filter(|(_, type_)| matches!(type_, Type::Simple(_))).map(|(name, _)| name)
    }

    /// What a type is.
    #[must_use]
    pub fn view(self, type_: &'d TypeRef) -> View<'d> {
        match type_ {
            TypeRef::Named(name, _) => self.view_named(name),
            TypeRef::Anonymous(type_) => self.view_type(type_),
            TypeRef::Ur(_) => View::Simple(Simple::Atomic("anySimpleType", Vec::new())),
        }
    }

    /// What the type of this name is.
    #[must_use]
    pub fn view_named(self, name: &'d QName) -> View<'d> {
        match self.0.schema.types.get(name) {
            Some(type_) => self.view_type(type_),
            None => View::Simple(Simple::Atomic(&name.local, Vec::new())),
        }
    }

    fn view_type(self, type_: &'d Type) -> View<'d> {
        match type_ {
            Type::Simple(simple) => View::Simple(self.simple(simple)),
            Type::Complex(complex) => View::Complex(complex),
        }
    }

    fn simple(self, simple: &'d SimpleType) -> Simple<'d> {
        match &simple.variety {
            Variety::Restriction { base, facets } => self.simple_ref(base).restricted(facets),
            Variety::List { item } => Simple::List(Box::new(self.simple_ref(item))),
            Variety::Union { members } => Simple::Union(members.iter().map(|member| self.simple_ref(member)).collect()),
        }
    }

    /// What a reference to a simple type stands for; for a complex one with simple content, its text.
    #[must_use]
    pub fn simple_ref(self, type_: &'d TypeRef) -> Simple<'d> {
        self.text_of(self.view(type_))
    }

    fn text_of(self, view: View<'d>) -> Simple<'d> {
        match view {
            View::Simple(simple) => simple,
            View::Complex(complex) => match self.body(complex) {
                Body::Text(simple) => simple,
                Body::Elements(_) => Simple::Atomic("anySimpleType", Vec::new()),
            },
        }
    }

    fn complex_named(self, name: &QName) -> Option<&'d ComplexType> {
        match self.0.schema.types.get(name) {
            Some(Type::Complex(complex)) => Some(complex),
            _ => None,
        }
    }

    /// What a complex type holds, with what it inherits (Structures, section 3.4.2).
    #[must_use]
    pub fn body(self, complex: &'d ComplexType) -> Body<'d> {
        match (&complex.content, &complex.derivation) {
            (Content::Simple { type_: Some(type_), facets }, _) => Body::Text(self.simple(type_).restricted(facets)),
            (
                Content::Simple { type_: None, facets },
                Derivation::Extension(base, _) | Derivation::Restriction(base, _),
            ) => Body::Text(self.text_of(self.view_named(base)).restricted(facets)),
            (own, Derivation::Extension(base, _)) => match self.complex_named(base).map(|base| self.body(base)) {
                Some(Body::Elements(mut particles)) => {
                    particles.extend(particle(own));
                    Body::Elements(particles)
                }
                Some(text) => text,
                None => Body::Elements(particle(own).into_iter().collect()),
            },
            (own, Derivation::None | Derivation::Restriction(..)) => {
                Body::Elements(particle(own).into_iter().collect())
            }
        }
    }

    /// A complex type's attributes with those that it inherits, and whether each must be there.
    #[must_use]
    pub fn attributes(self, complex: &'d ComplexType) -> Vec<(&'d Attribute, bool)> {
        let mut attributes = match &complex.derivation {
            Derivation::Extension(base, _) | Derivation::Restriction(base, _) => {
                self.complex_named(base).map(|base| self.attributes(base)).unwrap_or_default()
            }
            Derivation::None => Vec::new(),
        };
        self.add_attributes(&complex.attributes, &mut attributes);
        attributes
    }

    fn add_attributes(self, uses: &'d [AttributeUse], attributes: &mut Vec<(&'d Attribute, bool)>) {
        for attribute_use in uses {
            let attribute = match &attribute_use.term {
                AttributeTerm::Local(attribute) => Some(attribute),
                AttributeTerm::Ref(name, _) => self.0.schema.attributes.get(name),
                AttributeTerm::GroupRef(name, _) => {
                    if let Some(group) = self.0.schema.attribute_groups.get(name) {
                        self.add_attributes(group, attributes);
                    }
                    None
                }
            };
            let Some(attribute) = attribute else { continue };
            attributes.retain(|(known, _)| known.name != attribute.name);
            if attribute_use.use_ != Use::Prohibited {
                attributes.push((attribute, attribute_use.use_ == Use::Required));
            }
        }
    }

    /// The type of this name and all that derive from it, without abstract ones: what an element declared with it may hold.
    #[must_use]
    pub fn substitutes(self, declared: &QName) -> Vec<(&'d QName, &'d ComplexType)> {
        let complex = self.0.schema.types.iter().filter_map(|(name, type_)| match type_ {
            Type::Complex(complex) if !complex.is_abstract => Some((name, complex)),
            _ => None,
        });
        complex.filter(|(name, _)| self.derives(name, declared)).collect()
    }

    /// The type of an element that is declared with one type and may name another, derived from it: the declared one where it does not.
    #[must_use]
    pub fn actual(self, declared: &'d ComplexType, named: Option<&QName>) -> &'d ComplexType {
        let (Some(name), Some(named)) = (&declared.name, named) else { return declared };
        self.substitutes(name).iter().find(|(name, _)| *name == named).map_or(declared, |(_, complex)| complex)
    }

    fn derives(self, name: &QName, ancestor: &QName) -> bool {
        name == ancestor
            || match self.complex_named(name).map(|complex| &complex.derivation) {
                Some(Derivation::Extension(base, _) | Derivation::Restriction(base, _)) => self.derives(base, ancestor),
                _ => false,
            }
    }

    /// The particle of the model group of this name.
    #[must_use]
    pub fn group(self, name: &QName) -> Option<&'d Particle> {
        self.0.schema.groups.get(name)
    }

    /// The elements that a type with these particles may hold, in order of declaration.
    #[must_use]
    pub fn children(self, particles: &[&'d Particle]) -> Vec<Child<'d>> {
        let mut children = Vec::new();
        for particle in particles {
            self.add_children(particle, false, false, &mut children);
        }
        children
    }

    fn add_children(self, particle: &'d Particle, optional: bool, repeated: bool, children: &mut Vec<Child<'d>>) {
        let optional = optional || particle.occurs.min == 0;
        let repeated = repeated || particle.occurs.max.is_none_or(|max| max > 1);
        let mut add = |element: &'d Element| match children.iter_mut().find(|known| known.element.name == element.name)
        {
            Some(known) => known.repeated = true,
            None => children.push(Child { element, optional, repeated }),
        };
        match &particle.term {
            Term::Element(element) => add(element),
            Term::ElementRef(name, _) => self.element(name).into_iter().for_each(add),
            Term::GroupRef(name, _) => {
                if let Some(group) = self.group(name) {
                    self.add_children(group, optional, repeated, children);
                }
            }
            Term::Sequence(particles) | Term::All(particles) => {
                particles.iter().for_each(|particle| self.add_children(particle, optional, repeated, children));
            }
            Term::Choice(particles) => {
                let optional = optional || particles.len() > 1;
                particles.iter().for_each(|particle| self.add_children(particle, optional, repeated, children));
            }
            Term::Any(_) => {}
        }
    }
}

fn particle(content: &Content) -> Option<&Particle> {
    match content {
        Content::Particle(particle) => Some(particle),
        Content::Empty | Content::Simple { .. } => None,
    }
}

impl<'d> Simple<'d> {
    fn restricted(self, more: &'d [Facet]) -> Self {
        match self {
            Self::Atomic(builtin, mut facets) => {
                facets.extend(more);
                Self::Atomic(builtin, facets)
            }
            // The facets of lists and unions count items or pick members: nothing that the tests need.
            other => other,
        }
    }
}

/// The bounds of XML Schema's whole numbers (Datatypes, section 3.3), `None` where there is none; nothing for other types.
#[must_use]
pub fn whole_number(builtin: &str) -> Option<(Option<i128>, Option<i128>)> {
    let range = |min: i128, max: i128| Some((Some(min), Some(max)));
    match builtin {
        "integer" => Some((None, None)),
        "nonPositiveInteger" => Some((None, Some(0))),
        "negativeInteger" => Some((None, Some(-1))),
        "nonNegativeInteger" => Some((Some(0), None)),
        "positiveInteger" => Some((Some(1), None)),
        "long" => range(i64::MIN.into(), i64::MAX.into()),
        "int" => range(i32::MIN.into(), i32::MAX.into()),
        "short" => range(i16::MIN.into(), i16::MAX.into()),
        "byte" => range(i8::MIN.into(), i8::MAX.into()),
        "unsignedLong" => range(0, u64::MAX.into()),
        "unsignedInt" => range(0, u32::MAX.into()),
        "unsignedShort" => range(0, u16::MAX.into()),
        "unsignedByte" => range(0, u8::MAX.into()),
        _ => None,
    }
}
