//! A schema for the tests of this crate, with every construct that bindings know: put together by hand, so that it needs no parser.

use std::sync::LazyLock;

use codegen::diag::Span;
use codegen::model::{
    Attribute, AttributeTerm, AttributeUse, ComplexType, Content, Definitions, Derivation, Element, Facet, FacetKind,
    Methods, Occurs, Particle, QName, SimpleType, Term, Type, TypeRef, Use, Variety, XS,
};

use crate::arbitrary::{BUILTINS, Source, value};
use crate::schema::Schema;

pub(crate) const NS: &str = "urn:t";

pub(crate) fn tns(local: &str) -> QName {
    QName::new(NS, local)
}

fn xs(local: &str) -> TypeRef {
    TypeRef::Named(QName::new(XS, local), Span::default())
}

pub(crate) fn named(local: &str) -> TypeRef {
    TypeRef::Named(tns(local), Span::default())
}

fn declaration(name: QName, type_: TypeRef, nillable: bool) -> Element {
    let (span, docs, substitution_group) = (Span::default(), Vec::new(), None);
    let (is_abstract, default, fixed, block) = (false, None, None, Methods::default());
    Element { name, span, docs, type_, nillable, is_abstract, substitution_group, default, fixed, block }
}

fn particle(min: u32, max: Option<u32>, term: Term) -> Particle {
    Particle { occurs: Occurs { min, max }, term, span: Span::default() }
}

/// A local element: `?` after its name makes it optional, `*` repeated, `!` nillable.
fn local(name: &str, type_: TypeRef) -> Particle {
    let plain = name.trim_end_matches(['?', '*', '!']);
    let max = if name.contains('*') { None } else { Some(1) };
    let element = declaration(QName::new("", plain), type_, name.contains('!'));
    particle(u32::from(!name.contains(['?', '*'])), max, Term::Element(Box::new(element)))
}

fn once(term: Term) -> Particle {
    particle(1, Some(1), term)
}

fn attribute(name: QName, type_: TypeRef, use_: Use) -> AttributeUse {
    let (span, docs) = (Span::default(), Vec::new());
    let attribute = Attribute { name, span, docs, type_, default: None, fixed: None };
    AttributeUse { use_, term: AttributeTerm::Local(attribute), span }
}

fn simple(base: &str, facets: &[(FacetKind, &str)]) -> Type {
    let facet = |(kind, value): &(FacetKind, &str)| Facet {
        kind: *kind,
        value: (*value).to_owned(),
        docs: Vec::new(),
        span: Span::default(),
    };
    let variety = Variety::Restriction { base: xs(base), facets: facets.iter().map(facet).collect() };
    let (span, docs, final_) = (Span::default(), Vec::new(), Methods::default());
    Type::Simple(SimpleType { name: None, span, docs, variety, final_ })
}

fn complex(base: Option<&str>, content: Content, attributes: Vec<AttributeUse>) -> ComplexType {
    let derivation = match base {
        Some("decimal") => Derivation::Extension(QName::new(XS, "decimal"), Span::default()),
        Some(base) => Derivation::Extension(tns(base), Span::default()),
        None => Derivation::None,
    };
    let (span, docs) = (Span::default(), Vec::new());
    let (is_abstract, mixed, any_attribute) = (false, false, None);
    let (block, final_) = (Methods::default(), Methods::default());
    let name = None;
    ComplexType { name, span, docs, is_abstract, mixed, derivation, content, attributes, any_attribute, block, final_ }
}

fn sequence(particles: Vec<Particle>) -> Content {
    Content::Particle(once(Term::Sequence(particles)))
}

/// The schema of the global element `root` of type `Root`, and of all that is in it.
pub(crate) fn schema() -> Schema<'static> {
    static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(definitions);
    Schema::new(&DEFINITIONS)
}

/// A random document whose root is `root`.
pub(crate) fn document(bytes: &[u8]) -> crate::document::Element {
    value(schema(), tns("root"), &named("Root"), &mut Source::new(bytes))
}

fn definitions() -> Definitions {
    use FacetKind::{Enumeration, MaxExclusive, MaxLength, MinInclusive, MinLength};

    let mut definitions = Definitions::default();
    let schema = &mut definitions.schema;
    for (name, type_) in [
        ("Color", simple("string", &[(Enumeration, "RED"), (Enumeration, "a b"), (Enumeration, "")])),
        ("Short", simple("string", &[(MinLength, "2"), (MaxLength, "5")])),
        ("Percent", simple("int", &[(MinInclusive, "-7"), (MaxExclusive, "101")])),
        ("Hash", simple("hexBinary", &[(FacetKind::Length, "20")])),
    ] {
        schema.types.insert(tns(name), type_);
    }

    let mut every: Vec<_> = BUILTINS.iter().map(|name| local(&format!("{name}?!"), xs(name))).collect();
    every.extend(BUILTINS.iter().map(|name| local(&format!("{name}List*"), xs(name))));
    let of_every = |name: &&str| attribute(QName::new("", format!("{name}Attribute")), xs(name), Use::Optional);
    let attributes = BUILTINS.iter().filter(|name| **name != "anySimpleType").map(of_every).collect();
    let anonymous = complex(None, sequence(vec![local("item*!", xs("string"))]), Vec::new());
    let ways = vec![local("left?", xs("int")), local("right", named("Color"))];
    let all = vec![local("x?", xs("date")), local("y", xs("boolean"))];
    let root = vec![
        local("id", xs("int")),
        local("note?", xs("string")),
        local("when?!", xs("dateTime")),
        local("color?", named("Color")),
        local("short*", named("Short")),
        local("percent!", named("Percent")),
        local("hash?", named("Hash")),
        local("any*!", xs("anySimpleType")),
        local("every?", named("Every")),
        local("selector", named("Selector")),
        local("tree?!", named("Tree")),
        local("money*", named("Money")),
        local("empty?", named("Empty")),
        local("array?!", TypeRef::Anonymous(Box::new(Type::Complex(anonymous)))),
        once(Term::Choice(ways)),
        particle(0, Some(1), Term::GroupRef(tns("group"), Span::default())),
        particle(0, None, Term::ElementRef(tns("leaf"), Span::default())),
        local("all", named("All")),
    ];
    let currency = attribute(QName::new("", "currency"), named("Short"), Use::Required);
    let lang = attribute(QName::new("http://www.w3.org/XML/1998/namespace", "lang"), xs("language"), Use::Optional);
    let money = complex(Some("decimal"), Content::Simple { type_: None, facets: Vec::new() }, vec![currency]);
    let tree = vec![local("value", xs("double")), local("branch*", named("Tree")), local("Tree?", named("Tree"))];
    let mut selector = complex(None, Content::Empty, vec![lang]);
    selector.is_abstract = true;
    for (name, mut type_) in [
        ("Root", complex(None, sequence(root), Vec::new())),
        ("Every", complex(None, sequence(every), attributes)),
        ("Selector", selector),
        ("ByName", complex(Some("Selector"), sequence(vec![local("name*", xs("string"))]), Vec::new())),
        ("ByTree", complex(Some("Selector"), sequence(vec![local("tree?", named("Tree"))]), Vec::new())),
        ("ByNameAndId", complex(Some("ByName"), sequence(vec![local("id?", xs("integer"))]), Vec::new())),
        ("Tree", complex(None, sequence(tree), Vec::new())),
        ("BigTree", complex(Some("Tree"), sequence(vec![local("size?", xs("float"))]), Vec::new())),
        ("Money", money),
        ("Empty", complex(None, Content::Empty, Vec::new())),
        ("All", complex(None, Content::Particle(once(Term::All(all))), Vec::new())),
    ] {
        type_.name = Some(tns(name));
        schema.types.insert(tns(name), Type::Complex(type_));
    }
    let group = vec![local("one", xs("time")), local("two?", xs("base64Binary"))];
    schema.groups.insert(tns("group"), once(Term::Sequence(group)));
    schema.elements.insert(tns("leaf"), declaration(tns("leaf"), xs("decimal"), false));
    schema.elements.insert(tns("root"), declaration(tns("root"), named("Root"), false));
    definitions
}

/// Byte strings that look random and are the same in every run.
pub(crate) fn random_bytes(count: usize, length: usize) -> Vec<Vec<u8>> {
    let mut state = 1_u64;
    let mut byte = || {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..count).map(|_| (0..length).map(|_| byte()).collect()).collect()
}
