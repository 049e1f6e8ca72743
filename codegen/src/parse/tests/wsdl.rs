use super::{TNS, document, reported, right, tns};
use crate::model::{Encoding, PartContent, Protocol, Style};

fn shop() -> String {
    document(
        r#"<wsdl:documentation>Sells   things.

  All of them.</wsdl:documentation>
<wsdl:message name="buyIn"><wsdl:part name="body" element="tns:buy"/></wsdl:message>
<wsdl:message name="buyOut"><wsdl:part name="body" element="tns:bought"/><wsdl:part name="head" type="xs:int"/></wsdl:message>
<wsdl:message name="soldOut"><wsdl:part name="fault" element="tns:soldOut"/></wsdl:message>
<wsdl:portType name="Shop">
  <wsdl:operation name="buy">
    <wsdl:documentation>Buys <i>one</i> thing.</wsdl:documentation>
    <wsdl:input message="tns:buyIn"/><wsdl:output message="tns:buyOut"/>
    <wsdl:fault name="soldOut" message="tns:soldOut"/>
  </wsdl:operation>
  <wsdl:operation name="tell"><wsdl:input message="tns:buyIn"/></wsdl:operation>
</wsdl:portType>
<wsdl:binding name="ShopSoap" type="tns:Shop">
  <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="rpc"/>
  <wsdl:operation name="buy">
    <soap:operation soapAction="urn:buy" style="document"/>
    <wsdl:input>
      <soap:header message="tns:buyIn" part="body" use="encoded"/>
      <soap:body use="literal" parts="body  other" namespace="urn:body"/>
    </wsdl:input>
    <wsdl:output><soap:body/></wsdl:output>
    <wsdl:fault name="soldOut"><soap:fault name="soldOut" use="literal"/></wsdl:fault>
  </wsdl:operation>
  <wsdl:operation name="tell"/>
</wsdl:binding>
<wsdl:binding name="Other" type="tns:Shop"><x:binding><x:verb/></x:binding></wsdl:binding>
<wsdl:service name="ShopService">
  <wsdl:port name="ShopPort" binding="tns:ShopSoap"><soap:address location="http://localhost/"/></wsdl:port>
</wsdl:service>"#,
    )
}

#[test]
fn a_document_becomes_its_messages_port_types_bindings_and_services() {
    let definitions = right(&shop());
    assert_eq!(definitions.target_namespace, TNS);
    assert_eq!(definitions.prefixes.get("tns").map(String::as_str), Some(TNS));
    assert_eq!(definitions.docs, ["Sells things.", "All of them."]);

    let parts = &definitions.messages[&tns("buyOut")].parts;
    assert!(matches!(&parts[0].content, PartContent::Element(element) if element.name == tns("bought")));
    assert!(matches!(&parts[1].content, PartContent::Type(type_) if type_.name.is_xs("int")));

    let operations = &definitions.port_types[&tns("Shop")].operations;
    assert_eq!((operations[0].name.as_str(), &*operations[0].docs), ("buy", &["Buys one thing.".to_owned()][..]));
    assert_eq!(operations[0].output.as_ref().map(|output| &output.name), Some(&tns("buyOut")));
    assert_eq!((operations[0].faults[0].0.as_str(), &operations[0].faults[0].1.name), ("soldOut", &tns("soldOut")));
    assert!(operations[1].output.is_none());

    let binding = &definitions.bindings[&tns("ShopSoap")];
    let transport = "http://schemas.xmlsoap.org/soap/http".to_owned();
    assert_eq!(binding.protocol, Protocol::Soap11 { transport, style: Style::Rpc });
    assert_eq!(binding.port_type.name, tns("Shop"));
    let buy = &binding.operations[0];
    assert_eq!((buy.soap_action.as_str(), buy.style), ("urn:buy", Style::Document));
    let input = buy.input.as_ref().unwrap();
    let header = &input.headers[0];
    assert_eq!(
        (&header.message.name, header.part.as_str(), header.encoding),
        (&tns("buyIn"), "body", Encoding::Encoded)
    );
    let body = input.body.as_ref().unwrap();
    assert_eq!(body.parts.as_deref(), Some(&["body".to_owned(), "other".to_owned()][..]));
    assert_eq!((body.namespace.as_deref(), body.encoding), (Some("urn:body"), Encoding::Literal));
    let body = buy.output.as_ref().unwrap().body.as_ref().unwrap();
    assert_eq!((body.parts.as_ref(), body.encoding), (None, Encoding::Literal));
    assert_eq!((binding.operations[1].soap_action.as_str(), binding.operations[1].style), ("", Style::Rpc));
    assert!(binding.operations[1].input.is_none());

    assert_eq!(definitions.bindings[&tns("Other")].protocol, Protocol::Unknown);
    let service = &definitions.services[0];
    assert_eq!((service.name.as_str(), service.ports[0].name.as_str()), ("ShopService", "ShopPort"));
    assert_eq!(service.ports[0].binding.name, tns("ShopSoap"));
}

#[test]
fn a_binding_is_told_by_the_namespace_of_its_protocol() {
    for (namespace, protocol) in [
        ("http://schemas.xmlsoap.org/wsdl/soap12/", Protocol::Soap12),
        ("http://schemas.xmlsoap.org/wsdl/http/", Protocol::Http),
        ("urn:example:other", Protocol::Unknown),
    ] {
        let binding = format!(
            "<wsdl:binding name=\"B\" type=\"tns:P\"><p:binding xmlns:p=\"{namespace}\"/><wsdl:operation name=\"o\"/></wsdl:binding>"
        );
        let definitions = right(&document(&binding));
        let binding = &definitions.bindings[&tns("B")];
        assert_eq!(binding.protocol, protocol);
        assert!(binding.operations.is_empty());
    }
}

#[test]
fn a_document_cut_off_anywhere_is_an_error_and_nothing_worse() {
    let text = shop();
    for end in (0..text.trim_end().len()).filter(|&end| text.is_char_boundary(end)) {
        assert!(reported(&text[..end]).contains("error: not well-formed XML"), "cut at {end}");
    }
}
