use super::{document, reported, right, schema_document, tns};
use crate::model::{
    AttributeTerm, ComplexType, Content, Derivation, FacetKind, Occurs, QName, Schema, SimpleType, Term, Type, TypeRef,
    Use, Variety,
};

fn schema(lines: &str) -> Schema {
    right(&schema_document(lines)).schema
}

fn complex<'a>(schema: &'a Schema, name: &str) -> &'a ComplexType {
    match &schema.types[&tns(name)] {
        Type::Complex(type_) => type_,
        Type::Simple(_) => panic!("{name} is simple"),
    }
}

fn simple<'a>(schema: &'a Schema, name: &str) -> &'a SimpleType {
    match &schema.types[&tns(name)] {
        Type::Simple(type_) => type_,
        Type::Complex(_) => panic!("{name} is complex"),
    }
}

fn sequence(type_: &ComplexType) -> &[crate::model::Particle] {
    match &type_.content {
        Content::Particle(crate::model::Particle { term: Term::Sequence(particles), .. }) => particles,
        other => panic!("{other:?} is no sequence"),
    }
}

#[test]
fn particles_keep_their_order_kind_and_occurrence() {
    let schema = schema(
        r###"<xs:complexType name="T"><xs:sequence>
<xs:element name="a" type="xs:int" minOccurs="0" nillable="1"/>
<xs:element ref="tns:g" maxOccurs="unbounded"/>
<xs:group ref="tns:G" minOccurs="0"/>
<xs:choice maxOccurs="3"><xs:element name="b"/><xs:sequence/></xs:choice>
<xs:any namespace="##other" processContents="lax" minOccurs="0"/>
</xs:sequence></xs:complexType>
<xs:complexType name="All"><xs:all minOccurs="0"><xs:element name="z" type="xs:string"/></xs:all></xs:complexType>
<xs:group name="G"><xs:choice><xs:element name="c" type="xs:string"/></xs:choice></xs:group>"###,
    );
    let type_ = complex(&schema, "T");
    let particles = sequence(type_);
    let occurs = particles.iter().map(|particle| particle.occurs).collect::<Vec<_>>();
    let optional = Occurs { min: 0, max: Some(1) };
    let expected = [optional, Occurs { min: 1, max: None }, optional, Occurs { min: 1, max: Some(3) }, optional];
    assert_eq!(occurs, expected);
    assert!(matches!(&particles[0].term, Term::Element(a) if a.nillable && a.name == QName::new("", "a")
        && matches!(&a.type_, TypeRef::Named(name, _) if name.is_xs("int"))));
    assert!(matches!(&particles[1].term, Term::ElementRef(name, _) if *name == tns("g")));
    assert!(matches!(&particles[2].term, Term::GroupRef(name, _) if *name == tns("G")));
    assert!(matches!(&particles[3].term, Term::Choice(of) if of.len() == 2
        && matches!(&of[0].term, Term::Element(b) if matches!(b.type_, TypeRef::Ur(_)))));
    assert!(matches!(&particles[4].term, Term::Any(any) if any.namespace == "##other"));
    assert!(matches!(&complex(&schema, "All").content, Content::Particle(all)
        if all.occurs == optional && matches!(&all.term, Term::All(of) if of.len() == 1)));
    assert!(matches!(&schema.groups[&tns("G")].term, Term::Choice(of) if of.len() == 1));
}

#[test]
fn complex_types_keep_derivation_content_and_attributes() {
    let schema = schema(
        r###"<xs:complexType name="Base" abstract="true" mixed="true"/>
<xs:complexType name="Derived"><xs:complexContent><xs:extension base="tns:Base">
  <xs:sequence/>
  <xs:attribute name="lang" type="xs:language" use="required" form="qualified"/>
  <xs:attribute ref="xml:space"/>
  <xs:attributeGroup ref="tns:Common"/>
  <xs:anyAttribute namespace="##any"/>
</xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Less"><xs:complexContent mixed="false"><xs:restriction base="tns:Base"/></xs:complexContent></xs:complexType>
<xs:complexType name="Price"><xs:simpleContent><xs:extension base="xs:decimal">
  <xs:attribute name="unit" default="m"><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType></xs:attribute>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:complexType name="Short"><xs:simpleContent><xs:restriction base="tns:Price">
  <xs:simpleType><xs:restriction base="xs:decimal"/></xs:simpleType><xs:maxInclusive value=" 9 "/>
</xs:restriction></xs:simpleContent></xs:complexType>
<xs:attributeGroup name="Common"><xs:attribute name="id" type="xs:ID" use="prohibited"/></xs:attributeGroup>
<xs:attribute name="top" type="xs:string" fixed=" x "/>"###,
    );
    let base = complex(&schema, "Base");
    assert!(base.is_abstract && base.mixed && matches!(base.content, Content::Empty));
    assert!(matches!(base.derivation, Derivation::None));

    let derived = complex(&schema, "Derived");
    assert!(matches!(&derived.derivation, Derivation::Extension(name, _) if *name == tns("Base")));
    assert!(sequence(derived).is_empty() && derived.any_attribute.is_some());
    assert_eq!(derived.attributes[0].use_, Use::Required);
    assert!(matches!(&derived.attributes[0].term, AttributeTerm::Local(lang) if lang.name == tns("lang")));
    let xml = QName::new("http://www.w3.org/XML/1998/namespace", "space");
    assert!(matches!(&derived.attributes[1].term, AttributeTerm::Ref(name, _) if *name == xml));
    assert!(matches!(&derived.attributes[2].term, AttributeTerm::GroupRef(name, _) if *name == tns("Common")));

    assert!(matches!(complex(&schema, "Less").derivation, Derivation::Restriction(..)));
    let price = complex(&schema, "Price");
    assert!(matches!(&price.content, Content::Simple { type_: None, facets } if facets.is_empty()));
    assert!(matches!(&price.attributes[0].term, AttributeTerm::Local(unit)
        if matches!(unit.type_, TypeRef::Anonymous(_)) && unit.default.as_ref().is_some_and(|(text, _)| text == "m")));
    assert!(matches!(&complex(&schema, "Short").content, Content::Simple { type_: Some(_), facets }
        if facets[0].kind == FacetKind::MaxInclusive && facets[0].value == "9"));
    assert_eq!(schema.attribute_groups[&tns("Common")][0].use_, Use::Prohibited);
    assert_eq!(schema.attributes[&tns("top")].fixed.as_ref().map(|(text, _)| text.as_str()), Some(" x "));
}

#[test]
fn simple_types_keep_variety_and_facets() {
    let schema = schema(
        r#"<xs:simpleType name="Colour"><xs:restriction base="xs:string">
  <xs:enumeration value="dark red"><xs:annotation><xs:documentation>Like wine.</xs:documentation></xs:annotation></xs:enumeration>
  <xs:maxLength value="8" fixed="true"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Colours"><xs:list itemType="tns:Colour"/></xs:simpleType>
<xs:simpleType name="Either"><xs:union memberTypes="xs:int
   tns:Colour"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:union></xs:simpleType>"#,
    );
    let Variety::Restriction { base, facets } = &simple(&schema, "Colour").variety else { panic!("no restriction") };
    assert!(matches!(base, TypeRef::Named(name, _) if name.is_xs("string")));
    let values = facets.iter().map(|facet| (facet.kind, facet.value.as_str())).collect::<Vec<_>>();
    assert_eq!(values, [(FacetKind::Enumeration, "dark red"), (FacetKind::MaxLength, "8")]);
    assert_eq!(facets[0].docs, ["Like wine."]);
    assert!(matches!(&simple(&schema, "Colours").variety, Variety::List { item: TypeRef::Named(..) }));
    let Variety::Union { members } = &simple(&schema, "Either").variety else { panic!("no union") };
    assert!(matches!(&members[1], TypeRef::Named(name, _) if *name == tns("Colour")));
    assert!(members.len() == 3 && matches!(members[2], TypeRef::Anonymous(_)));
}

#[test]
fn elements_keep_what_they_declare_and_where_it_stands() {
    let text = schema_document(
        r#"<xs:element name="head" abstract="true" type="xs:string"/>
<xs:element name="member" substitutionGroup="tns:head" default="d" nillable="true">
  <xs:complexType><xs:attribute name="a" type="xs:string"/></xs:complexType>
  <xs:unique name="u"><xs:selector xpath="."/><xs:field xpath="@a"/></xs:unique>
</xs:element>"#,
    );
    let schema = right(&text).schema;
    assert!(schema.elements[&tns("head")].is_abstract);
    let member = &schema.elements[&tns("member")];
    assert!(member.nillable && matches!(member.type_, TypeRef::Anonymous(_)));
    assert_eq!(member.substitution_group.as_ref().map(|(name, _)| name), Some(&tns("head")));
    assert_eq!(member.default.as_ref().map(|(text, _)| text.as_str()), Some("d"));
    assert_eq!(&text[member.span.start as usize..member.span.end as usize], "member");
    let (_, head) = member.substitution_group.as_ref().unwrap();
    assert_eq!(&text[head.start as usize..head.end as usize], "tns:head");
}

#[test]
fn local_names_are_qualified_as_the_schema_or_their_form_says() {
    let schema_of = |forms: &str| {
        let lines = format!(
            "<wsdl:types><xs:schema targetNamespace=\"urn:example:shop\" {forms}><xs:complexType name=\"T\"><xs:sequence>\
             <xs:element name=\"a\"/><xs:element name=\"b\" form=\"unqualified\"/></xs:sequence>\
             <xs:attribute name=\"c\"/></xs:complexType></xs:schema></wsdl:types>"
        );
        right(&document(&lines)).schema
    };
    let names = |schema: &Schema| {
        let type_ = complex(schema, "T");
        let elements = sequence(type_).iter().map(|particle| match &particle.term {
            Term::Element(element) => element.name.to_string(),
            other => panic!("{other:?}"),
        });
        let attributes = type_.attributes.iter().map(|attribute| match &attribute.term {
            AttributeTerm::Local(attribute) => attribute.name.to_string(),
            other => panic!("{other:?}"),
        });
        elements.chain(attributes).collect::<Vec<_>>()
    };
    assert_eq!(names(&schema_of("")), ["a", "b", "c"]);
    let qualified = "elementFormDefault=\"qualified\" attributeFormDefault=\"qualified\"";
    assert_eq!(names(&schema_of(qualified)), ["{urn:example:shop}a", "b", "{urn:example:shop}c"]);
}

#[test]
fn documentation_is_paragraphs_of_plain_text() {
    let schema = schema(
        r#"<xs:element name="e"><xs:annotation><xs:appinfo>not this</xs:appinfo>
<xs:documentation> One
  line.

  Two&#9;&amp; <b>three</b>.</xs:documentation><xs:documentation><p>Four</p>five<br/>six</xs:documentation>
<xs:documentation/></xs:annotation></xs:element>"#,
    );
    assert_eq!(schema.elements[&tns("e")].docs, ["One line.", "Two & three.", "Four", "five six"]);
}

#[test]
fn nesting_is_limited() {
    let nested = |levels: usize| {
        let open = "<xs:sequence>".repeat(levels);
        let close = "</xs:sequence>".repeat(levels);
        schema_document(&format!("<xs:complexType name=\"T\">{open}{close}</xs:complexType>"))
    };
    assert_eq!(reported(&nested(96)), "");
    assert!(reported(&nested(97)).contains("error: elements are nested more than 100 deep\n"));
    assert!(reported(&nested(100_000)).contains("error: elements are nested more than 100 deep\n"));
}
