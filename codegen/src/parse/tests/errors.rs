use super::{document, reported, schema_document};

/// Asserts what is reported, in short: `line:column message`, the marked text, and the remarks, a line each.
fn assert_reported(text: &str, expected: &[&str]) {
    let report = reported(text);
    let mut short = Vec::new();
    for diagnostic in report.split("\n\n").filter(|diagnostic| !diagnostic.is_empty()) {
        let lines = diagnostic.lines().collect::<Vec<_>>();
        let place = lines[0].strip_prefix("a.wsdl:").unwrap().replacen(": error:", "", 1);
        let start = lines[2].find('^').unwrap();
        let marked = lines[1].chars().skip(start).take(lines[2].len() - start).collect::<String>();
        short.push(format!("{place} | {marked}"));
        short.extend(lines[3..].iter().map(|line| (*line).to_owned()));
    }
    assert_eq!(short, expected, "\n{report}");
}

fn schema(lines: &str, expected: &[&str]) {
    assert_reported(&schema_document(lines), expected);
}

fn wsdl(lines: &str, expected: &[&str]) {
    assert_reported(&document(lines), expected);
}

#[test]
fn a_report_shows_the_line_and_marks_the_value() {
    assert_eq!(
        reported(&schema_document(
            "<xs:element name=\"a\" type=\"x1:A\"/>\n  <xs:element name=\"a\" nillable=\"maybe\"/>"
        )),
        "a.wsdl:3:28: error: prefix `x1` is not declared\n\
         3 | <xs:element name=\"a\" type=\"x1:A\"/>\n  \
           |                            ^^^^\n\
         \n\
         a.wsdl:4:21: error: duplicate element `a`\n\
         4 |   <xs:element name=\"a\" nillable=\"maybe\"/>\n  \
           |                     ^\n\
         note: first defined (3:19)\n\
         \n\
         a.wsdl:4:34: error: bad value `maybe` for `nillable`: expected `true` or `false`\n\
         4 |   <xs:element name=\"a\" nillable=\"maybe\"/>\n  \
           |                                  ^^^^^\n"
    );
}

#[test]
fn text_that_is_no_xml() {
    assert_reported("", &["1:1 not well-formed XML: the document does not have a root node | "]);
    let unclosed = "2:4 not well-formed XML: the root node was opened but never closed | ";
    assert_reported("<a>\n<b>", &[unclosed, "note: `b` is open here (2:2)"]);
    assert_reported(
        "<a x='>'><!-- <c> --><b\n y=\"'/>\">\n<c/><?d <e>?><![CDATA[<f>]]>\n</a>",
        &["4:1 not well-formed XML: expected 'b' tag, not 'a' | <", "note: `b` is open here (1:23)"],
    );
    assert_reported("</a>", &["1:2 not well-formed XML: invalid name token | /"]);
    assert_reported("<a>\n <é b='1' b='2'/></a>", &["2:11 not well-formed XML: attribute 'b' is already defined | b"]);
    assert_reported("<a>&b;</a>", &["1:4 not well-formed XML: unknown entity reference 'b' | &"]);
    assert_reported("<!DOCTYPE a []>\n<a/>", &["1:1 a document type declaration is refused | <!DOCTYPE"]);
}

#[test]
fn a_root_that_is_no_wsdl() {
    assert_reported(
        "<html/>",
        &[
            "1:1 expected the root element `wsdl:definitions`, found `html` | <html/>",
            "note: it is in no namespace, that of WSDL 1.1 is `http://schemas.xmlsoap.org/wsdl/`",
        ],
    );
    assert_reported(
        "<d:description xmlns:d=\"http://www.w3.org/ns/wsdl\"/>",
        &[
            "1:1 expected the root element `wsdl:definitions`, found `d:description` | <d:description xmlns:d=\"http://www.w3.org/ns/wsdl\"/>",
            "note: its namespace is `http://www.w3.org/ns/wsdl`, that of WSDL 1.1 is `http://schemas.xmlsoap.org/wsdl/`",
        ],
    );
}

#[test]
fn attributes_missing_unknown_and_wrong() {
    schema(
        "<xs:element type=\"xs:int\"/>",
        &["3:1 missing attribute `name` on `xs:element` | <xs:element type=\"xs:int\"/>"],
    );
    schema("<xs:element name=\"a\" typ=\"b\"/>", &["3:22 unknown attribute `typ` on `xs:element` | typ"]);
    schema("<xs:element name=\"a\" xs:type=\"b\"/>", &["3:22 unknown attribute `xs:type` on `xs:element` | xs:type"]);
    schema(
        "<xs:element name=\"1a\" type=\"a b\"/>",
        &[
            "3:19 bad value `1a` for `name`: expected an XML name without a colon | 1a",
            "3:29 bad value `a b` for `type`: expected a qualified name | a b",
        ],
    );
    schema(
        "<xs:simpleType name=\"S\"><xs:restriction base=\"xs:string\"><xs:length value=\"long\"/>\n\
         <xs:whiteSpace value=\"keep\"/><xs:enumeration/></xs:restriction></xs:simpleType>",
        &[
            "3:76 bad value `long` for `value`: expected a whole number | long",
            "4:23 bad value `keep` for `value`: expected `preserve`, `replace` or `collapse` | keep",
            "4:30 missing attribute `value` on `xs:enumeration` | <xs:enumeration/>",
        ],
    );
}

#[test]
fn occurrences() {
    let element = |occurs: &str| {
        format!(
            "<xs:complexType name=\"T\"><xs:sequence>\n<xs:element name=\"a\" {occurs}/></xs:sequence></xs:complexType>"
        )
    };
    for (occurs, message) in [
        ("minOccurs=\"-1\"", "4:33 bad value `-1` for `minOccurs`: expected a whole number | -1"),
        ("maxOccurs=\"many\"", "4:33 bad value `many` for `maxOccurs`: expected a whole number or `unbounded` | many"),
        ("minOccurs=\"2\"", "4:33 `maxOccurs` (1) is less than `minOccurs` (2) | 2"),
        ("minOccurs=\"3\" maxOccurs=\"2\"", "4:47 `maxOccurs` (2) is less than `minOccurs` (3) | 2"),
        ("maxOccurs=\"4294967296\"", "4:33 `maxOccurs` of more than 4294967295 is not supported yet | 4294967296"),
    ] {
        schema(&element(occurs), &[message]);
    }
    schema(
        "<xs:complexType name=\"T\"><xs:all>\n<xs:element name=\"a\" maxOccurs=\"2\"/></xs:all></xs:complexType>",
        &["4:33 bad value `2` for `maxOccurs`: expected `1` in `xs:all` | 2"],
    );
}

#[test]
fn elements_unknown_misplaced_and_not_supported() {
    schema("<xs:elment name=\"a\"/>", &["3:1 unknown element `xs:elment` in `xs:schema` | <xs:elment name=\"a\"/>"]);
    schema("<xs:sequence/>", &["3:1 `xs:sequence` may not stand in `xs:schema` | <xs:sequence/>"]);
    schema("<x:y/>", &["3:1 `x:y` may not stand in `xs:schema` | <x:y/>"]);
    schema("stray", &["3:1 text may not stand in `xs:schema` | stray"]);
    schema(
        "<xs:redefine schemaLocation=\"b.xsd\"/>",
        &["3:1 `xs:redefine` is not supported yet | <xs:redefine schemaLocation=\"b.xsd\"/>"],
    );
    schema("<xs:notation name=\"n\"/>", &["3:1 `xs:notation` is not supported yet | <xs:notation name=\"n\"/>"]);
    schema(
        "<xs:simpleType name=\"S\"><xs:restriction base=\"xs:int\">\n<xs:assertion test=\"1\"/><xs:size value=\"1\"/>\
         </xs:restriction></xs:simpleType>",
        &[
            "4:1 `xs:assertion` is not supported yet | <xs:assertion test=\"1\"/>",
            "4:25 unknown element `xs:size` in `xs:restriction` | <xs:size value=\"1\"/>",
        ],
    );
    schema(
        "<xs:complexType name=\"T\"><xs:attribute name=\"a\"/>\n<xs:sequence/></xs:complexType>\n\
         <xs:complexType name=\"U\"><xs:sequence/>\n<xs:choice/></xs:complexType>",
        &[
            "4:1 `xs:sequence` may not stand after `xs:attribute` in `xs:complexType` | <xs:sequence/>",
            "6:1 `xs:choice` may not stand after `xs:sequence` in `xs:complexType` | <xs:choice/>",
        ],
    );
    schema(
        "<xs:attributeGroup name=\"G\">\n<xs:anyAttribute/></xs:attributeGroup>",
        &["4:1 `xs:anyAttribute` in `xs:attributeGroup` is not supported yet | <xs:anyAttribute/>"],
    );
}

#[test]
fn what_excludes_each_other() {
    let sequence =
        |element: &str| format!("<xs:complexType name=\"T\"><xs:sequence>\n{element}</xs:sequence></xs:complexType>");
    schema(
        &sequence("<xs:element ref=\"tns:a\" name=\"b\"/>"),
        &["4:25 `xs:element` has both `ref` and `name` | name"],
    );
    schema(&sequence("<xs:element/>"), &["4:1 missing attribute `name` or `ref` on `xs:element` | <xs:element/>"]);
    schema(
        "<xs:element name=\"a\" type=\"xs:int\">\n<xs:simpleType><xs:restriction base=\"xs:int\"/></xs:simpleType></xs:element>",
        &["4:1 `xs:element` has both `type` and `xs:simpleType` | <xs:simpleType>"],
    );
    schema(
        "<xs:element name=\"a\" default=\"1\" fixed=\"2\"/>",
        &["3:34 `xs:element` has both `default` and `fixed` | fixed"],
    );
    schema(
        "<xs:simpleType name=\"S\"/>",
        &["3:1 `xs:simpleType` holds no `xs:restriction`, `xs:list` or `xs:union` | <xs:simpleType name=\"S\"/>"],
    );
    schema(
        "<xs:simpleType name=\"S\">\n<xs:list/></xs:simpleType>",
        &["4:1 `xs:list` has neither `itemType` nor `xs:simpleType` | <xs:list/>"],
    );
    schema(
        "<xs:complexType name=\"T\">\n<xs:complexContent/></xs:complexType>",
        &["4:1 `xs:complexContent` holds no `xs:extension` or `xs:restriction` | <xs:complexContent/>"],
    );
}

#[test]
fn duplicate_names() {
    schema(
        "<xs:complexType name=\"A\"/>\n<xs:simpleType name=\"A\"><xs:restriction base=\"xs:int\"/></xs:simpleType>",
        &["4:22 duplicate type `A` | A", "note: first defined (3:23)"],
    );
    schema(
        "<xs:attributeGroup name=\"G\"><xs:attribute name=\"a\"/>\n<xs:attribute name=\"a\"/></xs:attributeGroup>",
        &["4:21 duplicate attribute `a` | a", "note: first defined (3:49)"],
    );
    wsdl(
        "<wsdl:message name=\"m\"/>\n<wsdl:message name=\"m\"/>",
        &["3:21 duplicate message `m` | m", "note: first defined (2:21)"],
    );
}

#[test]
fn message_parts() {
    wsdl(
        "<wsdl:message name=\"m\"><wsdl:part name=\"a\"/>\n<wsdl:part name=\"b\" element=\"tns:e\" type=\"xs:int\"/></wsdl:message>",
        &[
            "2:24 part `a` has neither `element` nor `type` | <wsdl:part name=\"a\"/>",
            "3:37 part `b` has both `element` and `type` | type",
        ],
    );
}

#[test]
fn operations() {
    wsdl(
        "<wsdl:portType name=\"P\"><wsdl:operation name=\"o\"/>\n<wsdl:operation name=\"p\">\n\
         <wsdl:output message=\"tns:m\"/><wsdl:input/></wsdl:operation>\n\
         <wsdl:operation name=\"p\"><wsdl:input message=\"tns:m\"/></wsdl:operation></wsdl:portType>",
        &[
            "2:25 `wsdl:operation` has neither `wsdl:input` nor `wsdl:output` | <wsdl:operation name=\"o\"/>",
            "4:1 `wsdl:output` before `wsdl:input` is not supported yet | <wsdl:output message=\"tns:m\"/>",
            "note: in this order the service asks and the client answers (WSDL 1.1, 2.4.3)",
            "4:31 missing attribute `message` on `wsdl:input` | <wsdl:input/>",
            "5:23 overloaded operation `p` is not supported yet | p",
            "note: first defined (3:23)",
        ],
    );
}

#[test]
fn extensions_that_must_be_understood() {
    wsdl("<x:policy/><x:policy wsdl:required=\"false\"/>", &[]);
    wsdl(
        "<x:policy wsdl:required=\"true\"/>",
        &["2:1 extension `x:policy` is required but not supported | <x:policy wsdl:required=\"true\"/>"],
    );
    wsdl(
        "<x:policy wsdl:required=\"perhaps\"/>",
        &["2:26 bad value `perhaps` for `wsdl:required`: expected `true` or `false` | perhaps"],
    );
    wsdl(
        "<wsdl:types><schema xmlns=\"http://www.w3.org/1999/XMLSchema\"/></wsdl:types>",
        &[
            "2:13 `schema` is not supported yet | <schema xmlns=\"http://www.w3.org/1999/XMLSchema\"/>",
            "note: its namespace is `http://www.w3.org/1999/XMLSchema`, that of XML Schema 1.0 is `http://www.w3.org/2001/XMLSchema`",
        ],
    );
}

#[test]
fn soap_bindings() {
    wsdl(
        "<wsdl:binding name=\"B\" type=\"tns:P\">\n<soap:binding style=\"loud\"/>\n<wsdl:operation name=\"o\">\
         <soap:operation action=\"a\"/>\n<wsdl:input><soap:header use=\"plain\" part=\"p\"/>\n<soap:address/>\n\
         <m:multipartRelated xmlns:m=\"http://schemas.xmlsoap.org/wsdl/mime/\"/></wsdl:input>\n\
         </wsdl:operation></wsdl:binding>",
        &[
            "3:1 missing attribute `transport` on `soap:binding` | <soap:binding style=\"loud\"/>",
            "3:22 bad value `loud` for `style`: expected `document` or `rpc` | loud",
            "4:42 unknown attribute `action` on `soap:operation` | action",
            "5:13 missing attribute `message` on `soap:header` | <soap:header use=\"plain\" part=\"p\"/>",
            "5:31 bad value `plain` for `use`: expected `literal` or `encoded` | plain",
            "6:1 `soap:address` may not stand in `wsdl:input` | <soap:address/>",
            "7:1 `m:multipartRelated` is not supported yet | <m:multipartRelated xmlns:m=\"http://schemas.xmlsoap.org/wsdl/mime/\"/>",
        ],
    );
}
