//! Envelopes: header blocks, faults, versions, and what must not be shown.

use expect_test::expect;
use generated::v3_1::operations::{GetLead, SyncLead};
use generated::v3_1::{
    AUTHENTICATION_HEADER, AuthenticationHeaderInfo, LeadKey, LeadKeyRef, LeadRecord, MKTOWS_CONTEXT_HEADER,
    MktowsContextHeaderInfo, ParamsGetLead, ParamsSyncLead,
};
use runtime::soap::{self, ENVELOPE, Error, Fault, FaultCode, Operation, Request};
use runtime::xml::{Element, Fragment, Namespace, ReadOptions};

fn authentication() -> AuthenticationHeaderInfo {
    AuthenticationHeaderInfo::new("user", "0123456789abcdef", "2013-06-11T09:30:00-07:00")
}

fn sync() -> ParamsSyncLead {
    ParamsSyncLead::new(LeadRecord::new().email("a@example.com"), false)
}

#[test]
fn header_blocks_go_out_in_the_order_of_the_binding() {
    let request = Request::new(sync())
        .header(&MKTOWS_CONTEXT_HEADER, MktowsContextHeaderInfo::new("Default"))
        .header(&AUTHENTICATION_HEADER, authentication());
    let written = String::from_utf8(soap::write_request::<SyncLead>(&request).unwrap()).unwrap();
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="http://www.marketo.com/mktows/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Header><ns1:AuthenticationHeader><mktowsUserId>user</mktowsUserId><requestSignature>0123456789abcdef</requestSignature><requestTimestamp>2013-06-11T09:30:00-07:00</requestTimestamp></ns1:AuthenticationHeader><ns1:MktowsContextHeader><targetWorkspace>Default</targetWorkspace></ns1:MktowsContextHeader></soap:Header><soap:Body><ns1:paramsSyncLead><leadRecord><Email>a@example.com</Email></leadRecord><returnLead>false</returnLead></ns1:paramsSyncLead></soap:Body></soap:Envelope>"#]]
    .assert_eq(&written);

    let received = soap::read_request::<SyncLead>(written.as_bytes(), ReadOptions::new()).unwrap();
    assert_eq!(received.message, sync());
    assert_eq!(received.headers.get(&AUTHENTICATION_HEADER), Ok(Some(authentication())));
    assert_eq!(received.headers.get(&MKTOWS_CONTEXT_HEADER).unwrap().unwrap().target_workspace, "Default");
    assert_eq!(received.headers.blocks().len(), 2);
}

#[test]
fn a_header_block_can_be_replaced_and_missing_or_foreign_ones_are_errors() {
    let request = Request::new(sync());
    expect![
        "the header block `{http://www.marketo.com/mktows/}AuthenticationHeader`, which `syncLead` requires, is missing"
    ]
    .assert_eq(&soap::write_request::<SyncLead>(&request).unwrap_err().to_string());

    let request = request.header(&AUTHENTICATION_HEADER, AuthenticationHeaderInfo::new("old", "", ""));
    let request = request.header(&AUTHENTICATION_HEADER, authentication());
    let written = soap::write_request::<SyncLead>(&request).unwrap();
    assert!(!String::from_utf8_lossy(&written).contains("old"));

    let params = ParamsGetLead::new(LeadKey::new(LeadKeyRef::Email, "a@example.com"));
    let request = Request::new(params)
        .header(&AUTHENTICATION_HEADER, authentication())
        .header(&MKTOWS_CONTEXT_HEADER, MktowsContextHeaderInfo::new("Default"));
    expect!["`getLead` has no header block `{http://www.marketo.com/mktows/}MktowsContextHeader`"]
        .assert_eq(&soap::write_request::<GetLead>(&request).unwrap_err().to_string());
}

#[test]
fn debug_shows_the_names_of_header_blocks_and_not_what_is_in_them() {
    let request = Request::new(sync()).header(&AUTHENTICATION_HEADER, authentication());
    let shown = format!("{request:?}");
    assert!(shown.contains("ns1:AuthenticationHeader") && !shown.contains("0123456789abcdef"), "{shown}");

    let written = soap::write_request::<SyncLead>(&request).unwrap();
    let received = soap::read_request::<SyncLead>(&written, ReadOptions::new()).unwrap();
    let shown = format!("{received:?}");
    assert!(shown.contains("AuthenticationHeader") && !shown.contains("0123456789abcdef"), "{shown}");
}

#[test]
fn debug_shows_no_signature_anywhere() {
    let shown = format!("{:?}", authentication());
    assert_eq!(
        shown,
        "AuthenticationHeaderInfo { mktows_user_id: \"user\", request_signature: …, request_timestamp: \
         \"2013-06-11T09:30:00-07:00\", partner_id: None, audit: None, mode: None }"
    );
    let xml = runtime::xml::write(&AUTHENTICATION_HEADER, &authentication()).unwrap();
    let mut reader = runtime::xml::Reader::new(xml.as_bytes(), ReadOptions::new()).unwrap();
    reader.root().unwrap();
    assert_eq!(format!("{reader:?}"), format!("Reader(byte 206 of {}, in `AuthenticationHeader`)", xml.len()));
    let mut writer = runtime::xml::Writer::new(&[]);
    writer.text_str("0123456789abcdef").unwrap();
    assert_eq!(format!("{writer:?}"), "Writer(16 bytes)");
}

/// The fault with these parts.
fn fault(parts: &str) -> Fault {
    let xml = format!("<s:Envelope xmlns:s='{ENVELOPE}'><s:Body><s:Fault>{parts}</s:Fault></s:Body></s:Envelope>");
    match soap::read_response::<GetLead>(xml.as_bytes(), ReadOptions::new().strict(true)) {
        Err(Error::Fault(fault)) => *fault,
        other => panic!("{parts}: {other:?}"),
    }
}

#[test]
fn a_fault_is_read_as_one_whatever_is_wrong_with_it() {
    let code = |namespace: &str, local: &str| FaultCode { namespace: namespace.to_owned(), local: local.to_owned() };
    assert_eq!(fault(""), Fault { code: code("", ""), ..Fault::new("", "") });
    let plain = Fault::new("Client", "no");
    for parts in [
        "<faultcode>s:Client</faultcode><faultstring>no</faultstring>",
        "<s:faultstring>no</s:faultstring><s:faultcode> s:Client\n</s:faultcode>",
        "<more><deep/></more><faultcode>s:Client</faultcode><faultstring xml:lang='en'>n<!-- -->o</faultstring>",
    ] {
        assert_eq!(fault(parts), plain, "{parts}");
    }
    assert_eq!(fault("<faultcode>x:Own</faultcode>").code, code("", "Own"));
    let nil = "<faultactor xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='true'/>";
    assert_eq!(fault(nil).actor.as_deref(), Some(""));
    let detail = fault("<detail> at\n line <a>x</a>12:<b/><![CDATA[<end>]]> </detail>");
    assert_eq!(detail.detail_text, "at line 12: <end>");
    assert_eq!(detail.detail.iter().map(Fragment::source).collect::<Vec<_>>(), ["<a>x</a>", "<b/>"]);
    let written = String::from_utf8(soap::write_fault(&detail).unwrap()).unwrap();
    assert!(
        written.contains("<detail>at line 12: &lt;end&gt;<a xmlns:s=") && written.contains("</a><b xmlns:s="),
        "{written}"
    );
}

#[test]
fn faults_keep_their_code_and_detail() {
    const SERVICE: &[Namespace] = &[Namespace { prefix: "e", uri: "urn:example:errors" }];
    const REASON: Element<String> = Element::new(SERVICE, "urn:example:errors", "reason", "e:reason");

    let code = FaultCode { namespace: "urn:example:errors".to_owned(), local: "Busy".to_owned() };
    let fault = Fault { code, actor: Some("gate".to_owned()), ..Fault::new("", "come again & again") };
    let fault = fault.with_detail(&REASON, &"<late>".to_owned()).unwrap();
    let written = soap::write_fault(&fault).unwrap();
    let Err(Error::Fault(read)) = soap::read_response::<GetLead>(&written, ReadOptions::new()) else {
        panic!("no fault")
    };
    assert_eq!((&read.code, &read.string, &read.actor), (&fault.code, &fault.string, &fault.actor));
    assert_eq!(read.detail(&REASON), Ok(Some("<late>".to_owned())));
    assert_eq!(read.to_string(), "fault Busy: come again & again");

    let plain = Fault::new("Server", "20011 - internal error");
    let written = soap::write_fault(&plain).unwrap();
    let Err(Error::Fault(read)) = soap::read_response::<GetLead>(&written, ReadOptions::new()) else {
        panic!("no fault")
    };
    assert_eq!(*read, plain);
    assert_eq!(read.code, FaultCode { namespace: ENVELOPE.to_owned(), local: "Server".to_owned() });
}

#[test]
fn a_fault_detail_means_the_same_in_another_envelope() {
    let envelope = r#"<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="urn:a" xmlns="urn:d"><S:Body>
        <S:Fault><faultcode xmlns="">S:Client</faultcode><faultstring xmlns="">no</faultstring><detail xmlns="">
        <a:x a:y="1"/><z xmlns="urn:d"><a:b xmlns:a="urn:b"/></z></detail></S:Fault></S:Body></S:Envelope>"#;
    let Err(Error::Fault(fault)) = soap::read_response::<GetLead>(envelope.as_bytes(), ReadOptions::new()) else {
        panic!("no fault")
    };
    assert_eq!(
        fault.detail.iter().map(|detail| (detail.namespace(), detail.local())).collect::<Vec<_>>(),
        [("urn:a", "x"), ("urn:d", "z")]
    );
    let written = String::from_utf8(soap::write_fault(&fault).unwrap()).unwrap();
    let body = |xml: &str| {
        let envelope = tests::document::parse(xml).unwrap();
        envelope.children[0].children[0].children.last().unwrap().to_string()
    };
    assert_eq!(body(&written), body(envelope));
}

#[test]
fn the_name_of_a_message_is_known_before_its_operation() {
    let envelope =
        soap::write_response::<GetLead>(&generated::v3_1::SuccessGetLead::new(generated::v3_1::ResultGetLead::new(0)));
    let (namespace, local) = soap::body_name(&envelope.unwrap()).unwrap();
    assert_eq!((&*namespace, &*local), (GetLead::RESPONSE.name.namespace, "successGetLead"));
}

#[test]
fn what_xml_cannot_hold_is_not_written() {
    let request = Request::new(sync().marketo_cookie("id:\u{1}")).header(&AUTHENTICATION_HEADER, authentication());
    expect!["paramsSyncLead/marketoCookie: the character U+0001 is not allowed in XML"]
        .assert_eq(&soap::write_request::<SyncLead>(&request).unwrap_err().to_string());
}
