use super::{document, parse_files, right, schema_document, tns};
use crate::model::{QName, Type, TypeRef, Variety};

const XSD: &str = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";

fn base_of(type_: &Type) -> &QName {
    match type_ {
        Type::Simple(simple) => match &simple.variety {
            Variety::Restriction { base: TypeRef::Named(name, _), .. } => name,
            other => panic!("{other:?}"),
        },
        Type::Complex(other) => panic!("{other:?}"),
    }
}

#[test]
fn documents_are_found_beside_the_one_that_imports_them_and_read_once() {
    let wsdl = document(
        "<wsdl:import namespace=\"urn:example:messages\" location=\"more/messages.wsdl\"/>\n\
         <wsdl:types><xs:schema><xs:import namespace=\"urn:example:b\" schemaLocation=\"more/b.xsd\"/></xs:schema></wsdl:types>",
    );
    let messages = "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:b=\"urn:example:b\" \
        targetNamespace=\"urn:example:messages\"><import namespace=\"urn:example:shop\" location=\"../a.wsdl\"/>\
        <import namespace=\"urn:example:b\" location=\"b.xsd\"/>\
        <message name=\"m\"><part name=\"p\" element=\"b:e\"/></message><service name=\"S\"/></definitions>";
    let b = format!(
        "<xs:schema {XSD} targetNamespace=\"urn:example:b\"><xs:import namespace=\"urn:example:c\" schemaLocation=\"../c.xsd\"/>\
         <xs:include schemaLocation=\"./b.xsd\"/><xs:element name=\"e\"/></xs:schema>"
    );
    let c = format!(
        "<xs:schema {XSD} targetNamespace=\"urn:example:c\"><xs:import namespace=\"urn:example:b\" \
         schemaLocation=\"more/b.xsd\"/><xs:element name=\"e\"/></xs:schema>"
    );
    let (definitions, report) =
        parse_files(&[("w/a.wsdl", &wsdl), ("w/more/messages.wsdl", messages), ("w/more/b.xsd", &b), ("w/c.xsd", &c)]);
    assert_eq!(report, "");
    let elements = definitions.schema.elements.keys().map(QName::to_string).collect::<Vec<_>>();
    assert_eq!(elements, ["{urn:example:b}e", "{urn:example:c}e"]);
    assert!(definitions.messages.contains_key(&QName::new("urn:example:messages", "m")));
    assert_eq!(definitions.services.len(), 1);
    assert_eq!(definitions.target_namespace, "urn:example:shop");
}

#[test]
fn an_included_schema_without_a_namespace_takes_that_of_each_that_includes_it() {
    let lines = |namespace: &str| {
        format!("<xs:schema targetNamespace=\"{namespace}\"><xs:include schemaLocation=\"common.xsd\"/></xs:schema>")
    };
    let wsdl = document(&format!("<wsdl:types>{}{}</wsdl:types>", lines("urn:example:shop"), lines("urn:example:b")));
    let common = format!(
        "<xs:schema {XSD}><xs:simpleType name=\"A\"><xs:restriction base=\"xs:string\"/></xs:simpleType>\
         <xs:simpleType name=\"B\"><xs:restriction base=\"A\"/></xs:simpleType></xs:schema>"
    );
    let (definitions, report) = parse_files(&[("a.wsdl", &wsdl), ("common.xsd", &common)]);
    assert_eq!(report, "");
    assert_eq!(base_of(&definitions.schema.types[&tns("B")]), &tns("A"));
    let b = |local| QName::new("urn:example:b", local);
    assert_eq!(base_of(&definitions.schema.types[&b("B")]), &b("A"));
}

#[test]
fn an_import_needs_no_location_where_the_namespace_is_inline() {
    right(&document(
        "<wsdl:types><xs:schema targetNamespace=\"urn:example:a\"><xs:import namespace=\"urn:example:b\" \
         schemaLocation=\"b.xsd\"/><xs:import namespace=\"urn:example:c\"/><xs:import \
         namespace=\"http://www.w3.org/2001/XMLSchema\" schemaLocation=\"XMLSchema.xsd\"/></xs:schema>\
         <xs:schema targetNamespace=\"urn:example:b\"/></wsdl:types>",
    ));
}

#[test]
fn what_is_missing_or_something_else_is_reported_where_it_is_asked_for() {
    let text = schema_document(
        "<xs:include schemaLocation=\"../b.xsd\"/>\n<xs:include schemaLocation=\"c.xsd\"/>\n\
         <xs:import namespace=\"urn:example:d\" schemaLocation=\"d.xsd\"/>\n<xs:import namespace=\"urn:example:shop\"/>\n\
         <xs:include schemaLocation=\"broken.xsd\"/>",
    );
    let d = format!("<xs:schema {XSD} targetNamespace=\"urn:example:e\"/>");
    let files = [("w/a.wsdl", text.as_str()), ("w/broken.xsd", "<a>\n <b></a>"), ("w/c.xsd", "<c/>"), ("w/d.xsd", &d)];
    assert_eq!(
        parse_files(&files).1,
        "w/a.wsdl:3:29: error: `../b.xsd` is not among the input files\n\
         3 | <xs:include schemaLocation=\"../b.xsd\"/>\n  \
           |                             ^^^^^^^^\n\
         note: looked for `b.xsd`\n\
         \n\
         w/a.wsdl:4:29: error: `w/c.xsd` is not a schema\n\
         4 | <xs:include schemaLocation=\"c.xsd\"/>\n  \
           |                             ^^^^^\n\
         note: its root element is `c` (w/c.xsd:1:1)\n\
         \n\
         w/a.wsdl:5:23: error: `w/d.xsd` has the target namespace `urn:example:e`, not `urn:example:d`\n\
         5 | <xs:import namespace=\"urn:example:d\" schemaLocation=\"d.xsd\"/>\n  \
           |                       ^^^^^^^^^^^^^\n\
         note: the imported document says so (w/d.xsd:1:73)\n\
         \n\
         w/a.wsdl:6:23: error: `xs:import` of the schema's own namespace\n\
         6 | <xs:import namespace=\"urn:example:shop\"/>\n  \
           |                       ^^^^^^^^^^^^^^^^\n\
         help: `xs:include` adds what has the same namespace\n\
         \n\
         w/broken.xsd:2:5: error: not well-formed XML: expected 'b' tag, not 'a'\n\
         2 |  <b></a>\n  \
           |     ^\n\
         note: `b` is open here (2:3)\n"
    );
}
