//! Every way in which a message cannot be read, with the exact words: place, what was found, what was expected.

use expect_test::{Expect, expect};
use generated::v3_1::operations::{GetMultipleLeads, ScheduleCampaign};
use runtime::soap::{read_request, read_response};
use runtime::xml::ReadOptions;

const OPEN: &str = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:m='http://www.marketo.com/mktows/'>\
                    <s:Body>";
const CLOSE: &str = "</s:Body></s:Envelope>";
const COUNTS: &str = "<returnCount>1</returnCount><remainingCount>0</remainingCount><newStreamPosition/>";

fn response_bytes(bytes: &[u8], options: ReadOptions) -> String {
    match read_response::<GetMultipleLeads>(bytes, options) {
        Ok(response) => panic!("read as {response:?}"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn document(xml: &str, expected: &Expect) {
    expected.assert_eq(&response_bytes(xml.as_bytes(), ReadOptions::new()));
}

/// The error of an envelope with this body.
#[track_caller]
fn body(body: &str, expected: &Expect) {
    document(&format!("{OPEN}{body}{CLOSE}"), expected);
}

/// The error of a response whose result holds this.
#[track_caller]
fn result(content: &str, expected: &Expect) {
    body(&format!("<m:successGetMultipleLeads><result>{content}</result></m:successGetMultipleLeads>"), expected);
}

/// The error of a response whose third lead holds this.
#[track_caller]
fn lead(content: &str, expected: &Expect) {
    let leads = format!("<leadRecord/><leadRecord/><leadRecord>{content}</leadRecord>");
    result(&format!("{COUNTS}<leadRecordList>{leads}</leadRecordList>"), expected);
}

/// The error of a request that holds this.
#[track_caller]
fn request(content: &str, expected: &Expect) {
    let xml = format!("{OPEN}<m:paramsGetMultipleLeads>{content}</m:paramsGetMultipleLeads>{CLOSE}");
    match read_request::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()) {
        Ok(request) => panic!("read as {request:?}"),
        Err(error) => expected.assert_eq(&error.to_string()),
    }
}

#[test]
fn the_messages_that_errors_are_made_from_are_themselves_right() {
    let xml = format!(
        "{OPEN}<m:successGetMultipleLeads><result>{COUNTS}<leadRecordList><leadRecord/></leadRecordList></result>\
         </m:successGetMultipleLeads>{CLOSE}"
    );
    let response = read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).unwrap();
    assert_eq!(response.result.lead_record_list.as_deref().map(<[_]>::len), Some(1));
}

#[test]
fn encodings() {
    let bytes = |bytes: &[u8], expected: Expect| expected.assert_eq(&response_bytes(bytes, ReadOptions::new()));
    bytes(b"<a>\xFF</a>", expect!["(byte 3): found bytes that are not UTF-8, expected UTF-8"]);
    bytes(
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>",
        expect!["(byte 0): found ISO-8859-1, expected UTF-8"],
    );
    bytes(
        b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a/>",
        expect!["(byte 0): found windows-1252, expected UTF-8"],
    );
    bytes(b"\xFF\xFE<\0a\0/\0>\0", expect!["(byte 0): found UTF-16, little endian, expected UTF-8"]);
    bytes(b"\0<\0a\0/\0>", expect!["(byte 0): found UTF-16, big endian, expected UTF-8"]);
}

#[test]
fn characters() {
    document("<a>\u{1}</a>", &expect!["(byte 3): found the character U+0001, which XML does not allow"]);
    document("<a b='\u{FFFE}'/>", &expect!["(byte 6): found the character U+FFFE, which XML does not allow"]);
    document("\u{FEFF}\u{FEFF}<a/>", &expect!["(byte 3): not well-formed: two byte order marks"]);
}

#[test]
fn markup() {
    lead(
        "<Id>1</Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 289): not well-formed: found `</Email>`, expected `</Id>`"
        ],
    );
    lead(
        "<Id>1</Id ><Email></leadRecord>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 302): not well-formed: found `</leadRecord>`, expected `</Email>`"
        ],
    );
    lead(
        "<Id a>1</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 289): not well-formed: an attribute's name must be followed by `=`"
        ],
    );
    lead(
        "<Id a=1>1</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 290): not well-formed: an attribute's value must stand in quotes"
        ],
    );
    lead(
        "<Id a='1' a='2'>1</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 285): not well-formed: the attribute `a` stands twice"
        ],
    );
    lead(
        "<Id a='<'>1</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 285): not well-formed: `<` in an attribute's value"
        ],
    );
    lead(
        "<Id>&amp</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 288): not well-formed: `&` begins a reference that is not closed by `;`"
        ],
    );
    lead(
        "<?xml version='1.0'?>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3] (byte 284): not well-formed: an XML declaration may only stand at the very beginning"
        ],
    );
    lead(
        "<!ELEMENT a>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3] (byte 284): not well-formed: `<!` begins neither a comment nor CDATA"
        ],
    );
    document("text", &expect!["(byte 0): found text `text`, expected only elements"]);
    document("</a>", &expect!["(byte 0): not well-formed: found `</a>`, expected an element"]);
    document("<![CDATA[a]]>", &expect!["(byte 0): not well-formed: expected an element"]);
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result>{COUNTS}</result></m:successGetMultipleLeads>{CLOSE}<a/>"),
        &expect!["(byte 289): not well-formed: there is more after the end of the root element"],
    );
}

#[test]
fn truncation() {
    document("", &expect!["(byte 0): the input ends before the element does"]);
    document(OPEN, &expect!["Envelope/Body (byte 113): the input ends before the element does"]);
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result><returnCount>1"),
        &expect!["successGetMultipleLeads/result/returnCount (byte 162): the input ends before the element does"],
    );
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result><returnCount>1</return"),
        &expect!["successGetMultipleLeads/result/returnCount (byte 162): the input ends before the element does"],
    );
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result><!-- "),
        &expect!["successGetMultipleLeads/result (byte 148): the input ends before the element does"],
    );
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result><![CDATA[ "),
        &expect!["successGetMultipleLeads/result (byte 148): the input ends before the element does"],
    );
    document(
        &format!("{OPEN}<m:successGetMultipleLeads><result><returnCount a='"),
        &expect!["successGetMultipleLeads/result (byte 148): the input ends before the element does"],
    );
}

#[test]
fn documents_with_a_type_declaration() {
    document(
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        &expect!["(byte 0): found a document type declaration, which SOAP does not allow"],
    );
}

#[test]
fn references() {
    lead(
        "<Email>&nbsp;</Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 291): found the reference `&nbsp;`, expected one of XML's own entities or an allowed character"
        ],
    );
    lead(
        "<Email>&#0;</Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 291): found the reference `&#0;`, expected one of XML's own entities or an allowed character"
        ],
    );
    lead(
        "<Email>&#xD800;</Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 291): found the reference `&#xD800;`, expected one of XML's own entities or an allowed character"
        ],
    );
    lead(
        "<Email>&#+65;</Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 291): found the reference `&#+65;`, expected one of XML's own entities or an allowed character"
        ],
    );
    lead(
        "<Email xmlns:a='&b;'/>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email (byte 285): found the reference `&b;`, expected one of XML's own entities or an allowed character"
        ],
    );
}

#[test]
fn prefixes() {
    lead(
        "<x:Id>1</x:Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 284): the prefix `x` is not declared"
        ],
    );
    lead(
        "<other x:a='1'/>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/other (byte 285): the prefix `x` is not declared"
        ],
    );
    lead(
        "<other xmlns:x=''/>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/other (byte 285): not well-formed: the prefix `x` is declared for no namespace"
        ],
    );
    request(
        "<leadSelector xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='x:LeadKeySelector'/>",
        &expect!["paramsGetMultipleLeads/leadSelector (byte 140): the prefix `x` is not declared"],
    );
}

#[test]
fn depth() {
    let deep = format!("{OPEN}{}", "<a>".repeat(200));
    document(
        &deep,
        &expect!["a (byte 113): found element `a`, expected `{http://www.marketo.com/mktows/}successGetMultipleLeads`"],
    );
    let options = ReadOptions::new().max_depth(3);
    let xml = format!("{OPEN}<m:successGetMultipleLeads><result/></m:successGetMultipleLeads>{CLOSE}");
    expect!["successGetMultipleLeads (byte 140): more than 3 elements inside each other"]
        .assert_eq(&response_bytes(xml.as_bytes(), options));
}

#[test]
fn roots() {
    document(
        "<a/>",
        &expect!["a (byte 0): found element `a`, expected `{http://schemas.xmlsoap.org/soap/envelope/}Envelope`"],
    );
    document(
        "<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'/>",
        &expect!["found an envelope of the namespace `http://www.w3.org/2003/05/soap-envelope`, expected SOAP 1.1"],
    );
    document(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>",
        &expect!["Envelope (byte 0): missing required element `Body`"],
    );
    body("", &expect!["Envelope/Body (byte 105): missing required element `message`"]);
    body(
        "<successGetMultipleLeads/>",
        &expect![
            "successGetMultipleLeads (byte 113): found element `successGetMultipleLeads`, expected `{http://www.marketo.com/mktows/}successGetMultipleLeads`"
        ],
    );
    body(
        "<m:successGetLead/>",
        &expect![
            "successGetLead (byte 113): found element `{http://www.marketo.com/mktows/}successGetLead`, expected `{http://www.marketo.com/mktows/}successGetMultipleLeads`"
        ],
    );
    body(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>20014 - Authentication failed</faultstring></s:Fault>",
        &expect!["fault Client: 20014 - Authentication failed"],
    );
}

#[test]
fn missing_elements() {
    body(
        "<m:successGetMultipleLeads/>",
        &expect!["successGetMultipleLeads (byte 113): missing required element `result`"],
    );
    result(
        "<returnCount>1</returnCount><newStreamPosition/>",
        &expect!["successGetMultipleLeads/result (byte 140): missing required element `remainingCount`"],
    );
    lead(
        "<leadAttributeList><attribute><attrName>A</attrName></attribute></leadAttributeList>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/leadAttributeList/attribute[1] (byte 303): missing required element `attrValue`"
        ],
    );
}

#[test]
fn elements_that_stand_twice() {
    lead(
        "<Id>1</Id><Email/><Id>2</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 302): the element stands twice, expected at most one"
        ],
    );
    result(
        &format!("{COUNTS}<returnCount>1</returnCount>"),
        &expect![
            "successGetMultipleLeads/result/returnCount (byte 230): the element stands twice, expected at most one"
        ],
    );
}

#[test]
fn unknown_elements_are_an_error_to_a_strict_reader_only() {
    let xml = format!(
        "{OPEN}<m:successGetMultipleLeads><result>{COUNTS}<m:more><deep/></m:more></result></m:successGetMultipleLeads>{CLOSE}"
    );
    assert!(read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).is_ok());
    expect!["successGetMultipleLeads/result/more (byte 230): unknown element `{http://www.marketo.com/mktows/}more`"]
        .assert_eq(&response_bytes(xml.as_bytes(), ReadOptions::new().strict(true)));
}

#[test]
fn text_and_elements_where_they_do_not_belong() {
    lead(
        "oops",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3] (byte 272): found text `oops`, expected only elements"
        ],
    );
    lead(
        "<Id>1</Id><![CDATA[x]]>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3] (byte 272): found text `x`, expected only elements"
        ],
    );
    lead(
        "<Email>a<b/></Email>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Email/b (byte 292): found element `b`, expected only text"
        ],
    );
    lead(
        &"text that is long ".repeat(9),
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3] (byte 272): found text `text that is long text that is long text that is long text that …`, expected only elements"
        ],
    );
}

#[test]
fn values() {
    lead(
        "<Id>seven</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 284): found `seven`, expected xs:int: a whole number between -2147483648 and 2147483647"
        ],
    );
    lead(
        "<Id>2147483648</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 284): found `2147483648`, expected xs:int: a whole number between -2147483648 and 2147483647"
        ],
    );
    result(
        "<returnCount/>",
        &expect![
            "successGetMultipleLeads/result/returnCount (byte 148): found ``, expected xs:int: a whole number between -2147483648 and 2147483647"
        ],
    );
    request(
        "<lastUpdatedAt>2012-13-01T00:00:00Z</lastUpdatedAt>",
        &expect![
            "paramsGetMultipleLeads/lastUpdatedAt (byte 139): found `2012-13-01T00:00:00Z`, expected xs:dateTime: a month from 01 to 12"
        ],
    );
    lead(
        "<Id xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='yes'/>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 284): found `yes`, expected xs:boolean: `true`, `false`, `1` or `0`"
        ],
    );
    let xml = format!(
        "{OPEN}<m:successScheduleCampaign><result><success>maybe</success></result></m:successScheduleCampaign>{CLOSE}"
    );
    let error = read_response::<ScheduleCampaign>(xml.as_bytes(), ReadOptions::new()).unwrap_err();
    expect!["successScheduleCampaign/result/success (byte 148): found `maybe`, expected xs:boolean: `true`, `false`, `1` or `0`"].assert_eq(&error.to_string());
}

#[test]
fn types() {
    let selector = |attributes: &str| {
        format!("<leadSelector xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' {attributes}/>")
    };
    request(
        &selector("xsi:type='m:LeadSelector'"),
        &expect![
            "paramsGetMultipleLeads/leadSelector (byte 139): found xsi:type `{http://www.marketo.com/mktows/}LeadSelector`, expected one of `LastUpdateAtSelector`, `LeadKeySelector`, `StaticListSelector`"
        ],
    );
    request(
        &selector("xsi:type='LeadKeySelector'"),
        &expect![
            "paramsGetMultipleLeads/leadSelector (byte 139): found xsi:type `LeadKeySelector`, expected one of `LastUpdateAtSelector`, `LeadKeySelector`, `StaticListSelector`"
        ],
    );
    request(
        &selector("xsi:type='m:Unheard'"),
        &expect![
            "paramsGetMultipleLeads/leadSelector (byte 139): found xsi:type `{http://www.marketo.com/mktows/}Unheard`, expected one of `LastUpdateAtSelector`, `LeadKeySelector`, `StaticListSelector`"
        ],
    );
    request(
        &selector(""),
        &expect![
            "paramsGetMultipleLeads/leadSelector (byte 139): the type `LeadSelector` is abstract and there is no xsi:type, expected one of `LastUpdateAtSelector`, `LeadKeySelector`, `StaticListSelector`"
        ],
    );
    lead(
        "<leadAttributeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='m:ArrayOfString'/>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/leadAttributeList (byte 284): found xsi:type `{http://www.marketo.com/mktows/}ArrayOfString`, expected `ArrayOfAttribute`"
        ],
    );
}

#[test]
fn types_of_simple_values() {
    let id = |type_: &str| {
        format!(
            "<Id xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='http://www.w3.org/2001/XMLSchema' xsi:type='{type_}'>1</Id>"
        )
    };
    for (type_, found) in [
        ("x:string", "{http://www.w3.org/2001/XMLSchema}string"),
        ("x:long", "{http://www.w3.org/2001/XMLSchema}long"),
        ("x:unheard", "{http://www.w3.org/2001/XMLSchema}unheard"),
    ] {
        let expected = format!(
            "successGetMultipleLeads/result/leadRecordList/leadRecord[1]/Id (byte 258): found xsi:type `{found}`, expected `xs:int`"
        );
        let leads = format!("<leadRecord>{}</leadRecord>", id(type_));
        let xml = format!(
            "{OPEN}<m:successGetMultipleLeads><result>{COUNTS}<leadRecordList>{leads}</leadRecordList></result></m:successGetMultipleLeads>{CLOSE}"
        );
        assert_eq!(response_bytes(xml.as_bytes(), ReadOptions::new()), expected);
    }
    for type_ in ["x:int", "x:byte", " x:short ", "m:Number"] {
        let xml = format!(
            "{OPEN}<m:successGetMultipleLeads><result>{COUNTS}<leadRecordList><leadRecord>{}</leadRecord></leadRecordList></result></m:successGetMultipleLeads>{CLOSE}",
            id(type_)
        );
        assert!(read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).is_ok(), "{type_}");
    }
}

#[test]
fn nil() {
    result(
        "<returnCount xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/>",
        &expect![
            "successGetMultipleLeads/result/returnCount (byte 148): found xsi:nil on an element that is not nillable"
        ],
    );
    lead(
        "<Id xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='1'>5</Id>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/Id (byte 284): found xsi:nil on an element that is not empty"
        ],
    );
    lead(
        "<leadAttributeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'><attribute/></leadAttributeList>",
        &expect![
            "successGetMultipleLeads/result/leadRecordList/leadRecord[3]/leadAttributeList (byte 284): found xsi:nil on an element that is not empty"
        ],
    );
}
