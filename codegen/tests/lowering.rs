//! What small documents become in Rust terms, and what is said of those that cannot become anything.

mod common;

use common::{lines, messages, types};

#[test]
fn an_unknown_type_is_shown_with_its_user_and_the_nearest_name() {
    let shown = types(
        r#"  <xs:complexType name="Order"><xs:sequence>
    <xs:element name="item" type="tns:Itme"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="Item"/>"#,
    );
    assert_eq!(
        shown,
        "a.wsdl:4:35: error: unknown type `tns:Itme`\n\
         4 |     <xs:element name=\"item\" type=\"tns:Itme\"/>\n  \
           |                                   ^^^^^^^^\n\
         note: used by complexType `Order` (3:25)\n\
         help: `tns:Item` is defined at 6:25\n"
    );
}

#[test]
fn a_type_without_a_name_is_one_wherever_it_is_met() {
    let module = types(
        r#"<xs:element name="search"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="A"><xs:sequence><xs:element ref="tns:search"/></xs:sequence></xs:complexType>
  <xs:complexType name="B"><xs:sequence>
    <xs:element ref="tns:search"/>
    <xs:element name="unit"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="m"/></xs:restriction></xs:simpleType></xs:element>
  </xs:sequence></xs:complexType>
  <xs:complexType name="AaB"><xs:complexContent><xs:extension base="tns:B"/></xs:complexContent></xs:complexType>"#,
    );
    assert_eq!(lines(&module, "struct A "), ["struct A ns1:A", "search ns1:search: struct Search required"]);
    assert_eq!(
        lines(&module, "struct AaB "),
        ["struct AaB ns1:AaB", "search ns1:search: struct Search required", "unit unit: enum BUnit required"]
    );
    assert_eq!(lines(&module, "element SEARCH"), ["element SEARCH ns1:search: struct Search"]);
    assert_eq!(module.matches("(anonymous)").count(), 2);
}

#[test]
fn a_type_without_a_name_may_come_back_to_itself() {
    let module = types(
        r#"<xs:element name="node"><xs:complexType><xs:sequence><xs:element ref="tns:node" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    assert_eq!(
        lines(&module, "struct Node"),
        ["struct Node (anonymous) default", "node ns1:node: struct Node optional boxed"]
    );
}

#[test]
fn only_what_closes_a_cycle_is_boxed() {
    let module = types(
        r#"<xs:complexType name="A"><xs:sequence><xs:element name="b" type="tns:B"/></xs:sequence></xs:complexType>
  <xs:complexType name="B"><xs:sequence><xs:element name="a" type="tns:A" minOccurs="0"/><xs:element name="c" type="tns:C"/></xs:sequence></xs:complexType>
  <xs:complexType name="C"><xs:sequence><xs:element name="b" type="tns:B" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:complexType name="D"><xs:sequence><xs:element name="a" type="tns:A"/></xs:sequence></xs:complexType>"#,
    );
    assert_eq!(lines(&module, "struct A "), ["struct A ns1:A", "b b: struct B required boxed"]);
    assert_eq!(lines(&module, "struct B "), ["struct B ns1:B", "a a: struct A optional boxed", "c c: list C required"]);
    assert_eq!(lines(&module, "struct C "), ["struct C ns1:C default list", "b b: struct B 0..*"]);
    assert_eq!(lines(&module, "struct D "), ["struct D ns1:D", "a a: struct A required"]);
}

#[test]
fn who_only_holds_an_endless_type_is_not_to_blame() {
    let shown = types(
        r#"<xs:complexType name="Endless"><xs:sequence><xs:element name="again" type="tns:Endless" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:complexType name="Holder"><xs:sequence><xs:element name="endless" type="tns:Endless"/></xs:sequence></xs:complexType>
  <xs:complexType name="Nil"><xs:sequence><xs:element name="nil" type="tns:Nil" nillable="true"/></xs:sequence></xs:complexType>"#,
    );
    assert_eq!(messages(&shown), ["a value of `Endless` would have to contain another without end"]);
}

#[test]
fn text_that_is_no_identifier_becomes_one() {
    let values = ["m²", "²", "½", "٣", "-1", "1", "+", "", "Self", "self", "unknown"];
    let values = values.map(|value| format!("<xs:enumeration value=\"{value}\"/>")).concat();
    let module = types(&format!(
        "<xs:simpleType name=\"Unit\"><xs:restriction base=\"xs:string\">{values}</xs:restriction></xs:simpleType>"
    ));
    let names: Vec<_> =
        lines(&module, "enum").iter().filter_map(|line| line.split(" = ").next().map(str::to_owned)).collect();
    assert_eq!(
        names[1..],
        ["M", "U00B2", "U00BD", "N٣", "N1", "N1_2", "U002B", "Empty", "Self_", "Self2", "Unknown", "Unknown_(..)"]
    );
}

#[test]
fn setters_hide_no_method() {
    let names = ["new", "default", "clone", "add", "type", "self", "fooBar", "foo_bar", "new_"];
    let fields = names.map(|name| format!("<xs:element name=\"{name}\" type=\"xs:int\" minOccurs=\"0\"/>")).concat();
    let module = types(&format!("<xs:complexType name=\"T\"><xs:sequence>{fields}</xs:sequence></xs:complexType>"));
    let names: Vec<_> = lines(&module, "struct T")
        .iter()
        .skip(1)
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .collect();
    assert_eq!(names, ["new_", "default_", "clone_", "add_", "r#type", "self_", "foo_bar", "foo_bar_2", "new_2"]);
}

#[test]
fn few_groups_make_no_work_without_end() {
    let reference = |number: usize| format!("<xs:group ref=\"tns:G{}\"/>", number + 1).repeat(2);
    let group =
        |number| format!("<xs:group name=\"G{number}\"><xs:sequence>{}</xs:sequence></xs:group>\n", reference(number));
    let groups: String = (0..60).map(group).collect();
    let shown = types(&format!(
        "{groups}<xs:group name=\"G60\"><xs:sequence/></xs:group>\n\
         <xs:complexType name=\"T\"><xs:sequence><xs:group ref=\"tns:G0\"/></xs:sequence></xs:complexType>"
    ));
    assert_eq!(messages(&shown), ["a second reference to a group in one type is not supported yet"; 60]);
}

#[test]
fn what_derives_too_far_is_said_and_not_followed() {
    let next = |number: usize| {
        let base = number + 1;
        format!(
            "<xs:complexType name=\"T{number}\"><xs:complexContent><xs:extension base=\"tns:T{base}\"/></xs:complexContent></xs:complexType>
             <xs:group name=\"G{number}\"><xs:sequence><xs:group ref=\"tns:G{base}\"/></xs:sequence></xs:group>
             <xs:simpleType name=\"S{number}\"><xs:restriction base=\"tns:S{base}\"/></xs:simpleType>"
        )
    };
    let all: String = (0..70).map(next).collect();
    let shown = types(&format!(
        "{all}<xs:complexType name=\"T70\"/><xs:group name=\"G70\"><xs:sequence/></xs:group>
         <xs:simpleType name=\"S70\"><xs:restriction base=\"xs:int\"/></xs:simpleType>"
    ));
    let messages = messages(&shown);
    assert!(messages.contains(&"more than 64 types derive from each other"));
    assert!(messages.contains(&"more than 64 groups contain each other"));
}

#[test]
fn text_and_elements_do_not_mix() {
    let shown = types(
        r#"<xs:complexType name="P"><xs:simpleContent><xs:extension base="xs:decimal"/></xs:simpleContent></xs:complexType>
  <xs:complexType name="Q"><xs:complexContent><xs:extension base="tns:P"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="R"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>
  <xs:complexType name="S"><xs:simpleContent><xs:extension base="tns:R"/></xs:simpleContent></xs:complexType>
  <xs:complexType name="U"><xs:simpleContent><xs:extension base="xs:anySimpleType"/></xs:simpleContent></xs:complexType>
  <xs:complexType name="W"><xs:complexContent><xs:extension base="xs:anyType"/></xs:complexContent></xs:complexType>"#,
    );
    assert_eq!(
        messages(&shown),
        [
            "a type that holds text cannot hold elements",
            "`tns:R` holds no text",
            "text of any simple type beside attributes is not supported yet",
            "an extension of `xs:anyType` is not supported yet",
        ]
    );
}

#[test]
fn what_a_restriction_says_of_text_is_documented() {
    let module = types(
        r#"<xs:complexType name="P"><xs:simpleContent><xs:extension base="xs:decimal"/></xs:simpleContent></xs:complexType>
  <xs:complexType name="V"><xs:simpleContent><xs:restriction base="tns:P"><xs:maxInclusive value="5"/></xs:restriction></xs:simpleContent></xs:complexType>"#,
    );
    let expected = ["struct V ns1:V", "value text: Decimal required // The schema's limits: at most `5`."];
    assert_eq!(lines(&module, "struct V"), expected);
}
