//! What operations become, with the facts that no WSDL states, and what is said of those that cannot become anything.

use std::collections::BTreeMap;

use codegen::diag::{Diagnostics, Sources};
use codegen::service::{self, Matched};
use codegen::{lower, parse};

/// A service of one operation that reads books page by page; `<!--…-->` are places to put things in.
const LIBRARY: &str = r#"<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:example:library" targetNamespace="urn:example:library">
  <wsdl:types><xs:schema targetNamespace="urn:example:library">
    <xs:element name="card" type="xs:string"/>
    <xs:element name="empty" type="xs:string" nillable="true"/>
    <xs:element name="listBooks"><xs:complexType><xs:sequence>
      <xs:element name="from" type="xs:string" minOccurs="0"/>
      <xs:element name="filter" type="tns:Filter" minOccurs="0"/>
      <xs:element name="size" type="tns:Size" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="books"><xs:complexType><xs:sequence>
      <xs:element name="next" type="xs:string"/>
      <xs:element name="left" type="xs:unsignedByte"/>
      <xs:element name="more" type="xs:boolean"/>
      <xs:element name="filter" type="tns:Filter" minOccurs="0"/>
      <xs:element name="book" type="tns:Book" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:simpleType name="Size"><xs:restriction base="xs:int"/></xs:simpleType>
    <xs:complexType name="Book"><xs:sequence><xs:element name="title" type="xs:string"/></xs:sequence></xs:complexType>
    <xs:complexType name="Filter" abstract="true"/>
    <xs:complexType name="ByAuthor"><xs:complexContent><xs:extension base="tns:Filter"><xs:sequence>
      <xs:element name="is" type="xs:string"/>
    </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
    <xs:complexType name="ByTitle"><xs:complexContent><xs:extension base="tns:Filter"><xs:sequence>
      <xs:element name="is" type="tns:Book"/>
      <xs:element name="word" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  </xs:schema></wsdl:types>
  <wsdl:message name="In"><wsdl:part name="body" element="tns:listBooks"/><wsdl:part name="card" element="tns:card"/></wsdl:message>
  <wsdl:message name="Out"><wsdl:part name="body" element="tns:books"/><wsdl:part name="empty" element="tns:empty"/></wsdl:message>
  <wsdl:portType name="Library">
    <wsdl:operation name="listBooks"><wsdl:input message="tns:In"/><wsdl:output message="tns:Out"/><!--fault--></wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="LibrarySoap" type="tns:Library">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="listBooks">
      <soap:operation soapAction="urn:example:library#listBooks"/>
      <wsdl:input><soap:header message="tns:In" part="card" use="literal"/><soap:body use="literal"/></wsdl:input>
      <wsdl:output><!--header--><soap:body parts="body" use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
</wsdl:definitions>
"#;

/// The operations of a document with these facts, or what is wrong with them.
fn operations(wsdl: &str, facts: &str) -> String {
    let files = [("a.wsdl".to_owned(), wsdl.to_owned()), ("a.toml".to_owned(), facts.to_owned())];
    let sources = Sources::new(&BTreeMap::from(files));
    let mut diagnostics = Diagnostics::default();
    let file = |path| sources.file(path).unwrap_or_default();
    let facts = service::parse(&sources, file("a.toml"), &mut diagnostics);
    let definitions = parse::parse(&sources, file("a.wsdl"), &[], &mut diagnostics);
    let mut matched = Matched::default();
    let module = lower::lower(&definitions, &facts, &mut matched, "v1_0", "a.wsdl", &mut diagnostics).to_string();
    if diagnostics.is_empty() {
        service::unmatched(&facts, &matched, &mut diagnostics);
    }
    if !diagnostics.is_empty() {
        return diagnostics.render(&sources);
    }
    module.lines().skip_while(|line| !line.starts_with("port")).map(|line| format!("{line}\n")).collect()
}

/// The messages of diagnostics, without their places.
fn messages(rendered: &str) -> Vec<&str> {
    rendered.lines().filter_map(|line| line.split_once(": error: ")).map(|(_, message)| message).collect()
}

#[test]
fn a_header_block_of_the_same_message_is_no_part_of_the_body() {
    assert_eq!(
        operations(LIBRARY, ""),
        "port Library\n  \
           operation ListBooks list_books listBooks writes action \"urn:example:library#listBooks\"\n    \
             LIST_BOOKS -> BOOKS\n    \
             header CARD required\n"
    );
}

#[test]
fn facts_say_what_the_wsdl_does_not() {
    let facts = r#"
optional_headers = ["card"]
[names]
listBooks = "FindBooks"
[operations.listBooks]
reads = true
max_items = { "filter/word" = 9 }
max_value = { size = 100 }
paging = { request = "from", response = "next", items = "book", end = "left", is = 0 }
"#;
    assert_eq!(
        operations(LIBRARY, facts),
        "port Library\n  \
           operation FindBooks find_books listBooks reads action \"urn:example:library#listBooks\"\n    \
             FIND_BOOKS -> BOOKS\n    \
             header CARD optional\n    \
             limit items filter/word 9\n    \
             limit value size 100\n    \
             pages by String next -> from, ends with left = 0\n    \
             items struct Book book by find_books_stream\n"
    );
}

#[test]
fn a_way_through_a_union_goes_on_in_the_member_that_has_it() {
    // The first member's `is` is text: only that of the second leads further.
    let facts = "[operations.listBooks]\nmax_items = { \"filter/is/title\" = 1 }\n";
    assert_eq!(messages(&operations(LIBRARY, facts)), ["`filter/is/title` does not repeat"]);
}

#[test]
fn each_path_that_leads_nowhere_is_said_by_itself() {
    let facts = r#"[operations.listBooks]
paging = { request = "form", response = "next", items = "book", end = "left", is = 0 }
max_items = { "filter/" = 1 }
"#;
    assert_eq!(
        operations(LIBRARY, facts),
        "a.toml:2:22: error: `form` matches nothing in any version of this service\n\
         2 | paging = { request = \"form\", response = \"next\", items = \"book\", end = \"left\", is = 0 }\n  \
           |                      ^^^^^^\n\
         \n\
         a.toml:3:15: error: `filter/` matches nothing in any version of this service\n\
         3 | max_items = { \"filter/\" = 1 }\n  \
           |               ^^^^^^^^^\n"
    );
}

#[test]
fn facts_that_cannot_be_so_are_refused() {
    for (end, wrong) in [
        (r#"end = "left", is = -1"#, "`left` cannot hold this"),
        (r#"end = "left", is = 256"#, "`left` cannot hold this"),
        (r#"end = "left", is = false"#, "`left` cannot hold this"),
        (r#"end = "more", is = 0"#, "`more` cannot hold this"),
        (r#"end = "book", is = 0"#, "`book` and all on the way to it must be required"),
    ] {
        let facts = format!(
            "[operations.listBooks]\npaging = {{ request = \"from\", response = \"next\", items = \"book\", {end} }}\n"
        );
        assert_eq!(messages(&operations(LIBRARY, &facts)).first(), Some(&wrong), "{end}");
    }
    let facts = r#"[operations.listBooks]
paging = { request = "from", response = "next", items = "filter/word", end = "left", is = 0 }
"#;
    assert_eq!(messages(&operations(LIBRARY, facts)), ["`filter/word` goes through a type that stands for several"]);
    let facts = "[names]\nlistBooks = \"LISTBooks\"\n";
    assert_eq!(messages(&operations(LIBRARY, facts)), ["the name `LISTBooks` would become `ListBooks`"]);
}

#[test]
fn what_has_no_place_in_an_operation_is_said() {
    for (from, to, wrong) in [
        (
            "<!--header-->",
            r#"<soap:header message="tns:Out" part="empty" use="literal"/>"#,
            "a header block of a response is not supported yet",
        ),
        (r#"parts="body""#, r#"parts="empty""#, "a nillable element as a message part is not supported yet"),
        (r#"parts="body""#, r#"parts="body bdoy""#, "the message `tns:Out` has no part `bdoy`"),
        (r#"parts="body""#, "", "a body of 2 parts is not supported yet"),
        ("<!--fault-->", r#"<wsdl:fault name="f" message="tns:Fault"/>"#, "unknown message `tns:Fault`"),
        ("soap/http\"", "soap/smtp\"", "the transport `http://schemas.xmlsoap.org/soap/smtp` is not supported yet"),
    ] {
        assert_eq!(messages(&operations(&LIBRARY.replace(from, to), "")), [wrong], "{to}");
    }
    let unbound: String =
        LIBRARY.split("  <wsdl:binding").next().into_iter().chain(["</wsdl:definitions>\n"]).collect();
    assert_eq!(messages(&operations(&unbound, "")), ["a service without a SOAP 1.1 binding is not supported yet"]);
}
