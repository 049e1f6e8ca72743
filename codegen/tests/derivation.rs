//! Which types derive from which, what of, and what is said of those that may not.

mod common;

use common::{document, lines, messages, types};

/// A complex type with this content.
fn complex(name: &str, content: &str) -> String {
    format!("<xs:complexType name=\"{name}\">{content}</xs:complexType>\n")
}

/// A complex type that derives by complex content.
fn derived(name: &str, method: &str, base: &str, content: &str) -> String {
    complex(
        name,
        &format!("<xs:complexContent><xs:{method} base=\"{base}\">{content}</xs:{method}></xs:complexContent>"),
    )
}

/// A complex type that derives by simple content.
fn derived_text(name: &str, method: &str, base: &str, content: &str) -> String {
    complex(name, &format!("<xs:simpleContent><xs:{method} base=\"{base}\">{content}</xs:{method}></xs:simpleContent>"))
}

#[test]
fn an_attribute_stands_once_in_a_type_with_what_it_inherits() {
    let a = r#"<xs:attribute name="a" type="xs:int"/>"#;
    let groups = format!(
        "<xs:attributeGroup name=\"G\">{a}</xs:attributeGroup><xs:attributeGroup name=\"H\">{a}</xs:attributeGroup>"
    );
    let (g, h) = (r#"<xs:attributeGroup ref="tns:G"/>"#, r#"<xs:attributeGroup ref="tns:H"/>"#);
    for twice in [
        complex("T", &format!("{a}{g}")),
        complex("T", &format!("{g}{h}")),
        complex("B", a) + &derived("T", "extension", "tns:B", a),
        complex("B", g) + &derived("C", "extension", "tns:B", "") + &derived("T", "extension", "tns:C", h),
    ] {
        let shown = types(&(groups.clone() + &twice));
        assert_eq!(messages(&shown), ["duplicate attribute `a`"], "{twice}");
        assert!(shown.contains("\nnote: first defined (3:"), "{shown}");
    }
    // Named twice, a group has the same attributes.
    let module = types(&(groups.clone() + &complex("B", g) + &derived("T", "extension", "tns:B", g)));
    assert_eq!(lines(&module, "struct T"), ["struct T ns1:T default", "a @a: Int optional"]);
    // Outside of a restriction there is nothing that `prohibited` could take away.
    let prohibited = r#"<xs:attribute name="a" use="prohibited"/>"#;
    let module = types(&(complex("B", a) + &derived("T", "extension", "tns:B", prohibited)));
    assert_eq!(lines(&module, "struct T"), ["struct T ns1:T default", "a @a: Int optional"]);
}

#[test]
fn a_restriction_narrows_the_attributes_that_there_are() {
    let base = derived_text(
        "B",
        "extension",
        "xs:string",
        r#"<xs:attribute name="a" type="xs:int"/><xs:attribute name="b" type="xs:int" use="required"/>"#,
    );
    let restricted = |content: &str| types(&(base.clone() + &derived_text("T", "restriction", "tns:B", content)));
    let module = restricted(r#"<xs:attribute name="a" type="xs:short" use="required"/>"#);
    assert_eq!(
        lines(&module, "struct T"),
        ["struct T ns1:T", "b @b: Int required", "a @a: Short required", "value text: String required"]
    );
    let module = restricted(r#"<xs:attribute name="a" use="prohibited"/>"#);
    assert_eq!(lines(&module, "struct T"), ["struct T ns1:T", "b @b: Int required", "value text: String required"]);
    for (content, message) in [
        (r#"<xs:attribute name="c" type="xs:int"/>"#, "`tns:B`, which this restricts, has no attribute `c`"),
        (r#"<xs:attribute name="c" use="prohibited"/>"#, "`tns:B`, which this restricts, has no attribute `c`"),
        (r#"<xs:attribute name="b" type="xs:int"/>"#, "the attribute `b` is required in the base, and so must be here"),
        (
            r#"<xs:attribute name="b" use="prohibited"/>"#,
            "the attribute `b` is required in the base, and so must be here",
        ),
    ] {
        assert_eq!(messages(&restricted(content)), [message]);
    }
}

#[test]
fn simple_content_restricts_complex_types_only() {
    let simple = r#"<xs:simpleType name="S"><xs:restriction base="xs:string"/></xs:simpleType>"#;
    for base in ["xs:string", "tns:S"] {
        let shown = types(&(simple.to_owned() + &derived_text("T", "restriction", base, "")));
        assert_eq!(messages(&shown), [format!("`{base}` is a simple type, expected a complex one")]);
    }
}

#[test]
fn all_is_all_that_a_type_holds() {
    let all = |name: &str| format!("<xs:all><xs:element name=\"{name}\" type=\"xs:int\"/></xs:all>");
    let sequence = |name: &str| format!("<xs:sequence><xs:element name=\"{name}\" type=\"xs:int\"/></xs:sequence>");
    let message = "with `xs:all`, a type can neither add to what it inherits nor be added to";
    for (base, own) in [(all("a"), sequence("b")), (sequence("a"), all("b")), (all("a"), all("b"))] {
        let shown = types(&(complex("B", &base) + &derived("T", "extension", "tns:B", &own)));
        assert_eq!(messages(&shown), [message], "{base} {own}");
    }
    for (base, own) in [(all("a"), String::new()), (String::new(), all("a")), (all("a"), "<xs:sequence/>".to_owned())] {
        let module = types(&(complex("B", &base) + &derived("T", "extension", "tns:B", &own)));
        assert_eq!(lines(&module, "struct T"), ["struct T ns1:T", "a a: Int required"], "{base} {own}");
    }
    let group = format!("<xs:group name=\"G\">{}</xs:group>", all("a"));
    let module = types(&(group.clone() + &complex("T", r#"<xs:group ref="tns:G"/>"#)));
    assert_eq!(lines(&module, "struct T"), ["struct T ns1:T", "a a: Int required"]);
    let shown = types(&(group + &complex("T", r#"<xs:sequence><xs:group ref="tns:G"/></xs:sequence>"#)));
    assert_eq!(messages(&shown), ["`xs:all` must be all that a type holds"]);
}

#[test]
fn final_types_have_none_derived_from_them() {
    let base = |final_: &str| format!("<xs:complexType name=\"B\" final=\"{final_}\"/>");
    let extension = derived("T", "extension", "tns:B", "");
    for final_ in ["extension", "#all", "restriction extension"] {
        let shown = types(&format!("{}\n{extension}", base(final_)));
        assert_eq!(messages(&shown), ["`tns:B` is final: no extension of it is allowed"]);
        assert!(shown.contains("note: it says so where it is defined (3:"), "{shown}");
    }
    for final_ in ["", "restriction"] {
        assert!(types(&(base(final_) + &extension)).contains("struct T "));
    }
    let text = "<xs:complexType name=\"B\" final=\"restriction\"><xs:simpleContent><xs:extension base=\"xs:string\"/></xs:simpleContent></xs:complexType>";
    let shown = types(&(text.to_owned() + &derived_text("T", "restriction", "tns:B", "")));
    assert_eq!(messages(&shown), ["`tns:B` is final: no restriction of it is allowed"]);
    let simple = "<xs:simpleType name=\"A\" final=\"restriction\"><xs:restriction base=\"xs:string\"/></xs:simpleType>
        <xs:simpleType name=\"T\"><xs:restriction base=\"tns:A\"/></xs:simpleType>";
    assert_eq!(messages(&types(simple)), ["`tns:A` is final: no restriction of it is allowed"]);
    let schema = r#"<xs:schema targetNamespace="urn:example:shop" finalDefault="extension">"#;
    let shown =
        document(&format!("<wsdl:types>{schema}<xs:complexType name=\"B\"/>{extension}</xs:schema></wsdl:types>"), "");
    assert_eq!(messages(&shown), ["`tns:B` is final: no extension of it is allowed"]);
}

#[test]
fn blocked_types_do_not_stand_for_their_base() {
    let document = |type_: &str, element: &str| {
        types(&format!(
            "<xs:complexType name=\"B\"{type_}><xs:simpleContent><xs:extension base=\"xs:string\"/></xs:simpleContent></xs:complexType>\n\
             {}{}<xs:element name=\"b\" type=\"tns:B\"{element}/>",
            derived_text("E", "extension", "tns:B", ""),
            derived_text("R", "restriction", "tns:B", "")
        ))
    };
    let union = |module: &str| lines(module, "union AnyB");
    assert_eq!(union(&document("", "")), ["union AnyB ns1:B", "B ns1:B default", "E ns1:E", "R ns1:R"]);
    assert_eq!(union(&document(" block=\"extension\"", "")), ["union AnyB ns1:B", "B ns1:B default", "R ns1:R"]);
    for module in [document(" block=\"#all\"", ""), document("", " block=\"extension restriction\"")] {
        assert_eq!(lines(&module, "element B"), ["element B ns1:b: struct B"]);
        assert_eq!(union(&module), [""; 0]);
    }
    let shown = document("", " block=\"extension\"");
    assert_eq!(
        messages(&shown),
        ["a `block` on an element that takes away some of the types that it may hold is not supported yet"]
    );
    // What is blocked on the way is blocked with all that comes of it.
    let far = complex("B", "") + &derived("C", "extension", "tns:B", "") + &derived("D", "extension", "tns:C", "");
    let module = types(
        &(far.replace("name=\"B\"", "name=\"B\" block=\"extension\"") + "<xs:element name=\"b\" type=\"tns:B\"/>"),
    );
    assert_eq!(lines(&module, "element B"), ["element B ns1:b: struct B"]);
}
