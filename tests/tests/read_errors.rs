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
    bytes(b"<a>\xFF</a>", expect![[""]]);
    bytes(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>", expect![[""]]);
    bytes(b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a/>", expect![[""]]);
    bytes(b"\xFF\xFE<\0a\0/\0>\0", expect![[""]]);
    bytes(b"\0<\0a\0/\0>", expect![[""]]);
}

#[test]
fn characters() {
    document("<a>\u{1}</a>", &expect![[""]]);
    document("<a b='\u{FFFE}'/>", &expect![[""]]);
    document("\u{FEFF}\u{FEFF}<a/>", &expect![[""]]);
}

#[test]
fn markup() {
    lead("<Id>1</Email>", &expect![[""]]);
    lead("<Id>1</Id ><Email></leadRecord>", &expect![[""]]);
    lead("<Id a>1</Id>", &expect![[""]]);
    lead("<Id a=1>1</Id>", &expect![[""]]);
    lead("<Id a='1' a='2'>1</Id>", &expect![[""]]);
    lead("<Id a='<'>1</Id>", &expect![[""]]);
    lead("<Id>&amp</Id>", &expect![[""]]);
    lead("<?xml version='1.0'?>", &expect![[""]]);
    lead("<!ELEMENT a>", &expect![[""]]);
    document("text", &expect![[""]]);
    document("</a>", &expect![[""]]);
    document("<![CDATA[a]]>", &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result>{COUNTS}</result></m:successGetMultipleLeads>{CLOSE}<a/>"), &expect![[""]]);
}

#[test]
fn truncation() {
    document("", &expect![[""]]);
    document(OPEN, &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result><returnCount>1"), &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result><returnCount>1</return"), &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result><!-- "), &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result><![CDATA[ "), &expect![[""]]);
    document(&format!("{OPEN}<m:successGetMultipleLeads><result><returnCount a='"), &expect![[""]]);
}

#[test]
fn documents_with_a_type_declaration() {
    document("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", &expect![[""]]);
}

#[test]
fn references() {
    lead("<Email>&nbsp;</Email>", &expect![[""]]);
    lead("<Email>&#0;</Email>", &expect![[""]]);
    lead("<Email>&#xD800;</Email>", &expect![[""]]);
    lead("<Email>&#+65;</Email>", &expect![[""]]);
    lead("<Email xmlns:a='&b;'/>", &expect![[""]]);
}

#[test]
fn prefixes() {
    lead("<x:Id>1</x:Id>", &expect![[""]]);
    lead("<other x:a='1'/>", &expect![[""]]);
    lead("<other xmlns:x=''/>", &expect![[""]]);
    request("<leadSelector xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='x:LeadKeySelector'/>", &expect![[""]]);
}

#[test]
fn depth() {
    let deep = format!("{OPEN}{}", "<a>".repeat(200));
    document(&deep, &expect![[""]]);
    let options = ReadOptions::new().max_depth(3);
    let xml = format!("{OPEN}<m:successGetMultipleLeads><result/></m:successGetMultipleLeads>{CLOSE}");
    expect![[""]].assert_eq(&response_bytes(xml.as_bytes(), options));
}

#[test]
fn roots() {
    document("<a/>", &expect![[""]]);
    document("<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'/>", &expect![[""]]);
    document("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'/>", &expect![[""]]);
    body("", &expect![[""]]);
    body("<successGetMultipleLeads/>", &expect![[""]]);
    body("<m:successGetLead/>", &expect![[""]]);
    body("<s:Fault><faultcode>s:Client</faultcode><faultstring>20014 - Authentication failed</faultstring></s:Fault>", &expect![[""]]);
}

#[test]
fn missing_elements() {
    body("<m:successGetMultipleLeads/>", &expect![[""]]);
    result("<returnCount>1</returnCount><newStreamPosition/>", &expect![[""]]);
    lead("<leadAttributeList><attribute><attrName>A</attrName></attribute></leadAttributeList>", &expect![[""]]);
}

#[test]
fn elements_that_stand_twice() {
    lead("<Id>1</Id><Email/><Id>2</Id>", &expect![[""]]);
    result(&format!("{COUNTS}<returnCount>1</returnCount>"), &expect![[""]]);
}

#[test]
fn unknown_elements_are_an_error_to_a_strict_reader_only() {
    let xml = format!(
        "{OPEN}<m:successGetMultipleLeads><result>{COUNTS}<m:more><deep/></m:more></result></m:successGetMultipleLeads>{CLOSE}"
    );
    assert!(read_response::<GetMultipleLeads>(xml.as_bytes(), ReadOptions::new()).is_ok());
    expect![[""]].assert_eq(&response_bytes(xml.as_bytes(), ReadOptions::new().strict(true)));
}

#[test]
fn text_and_elements_where_they_do_not_belong() {
    lead("oops", &expect![[""]]);
    lead("<Id>1</Id><![CDATA[x]]>", &expect![[""]]);
    lead("<Email>a<b/></Email>", &expect![[""]]);
    lead(&"text that is long ".repeat(9), &expect![[""]]);
}

#[test]
fn values() {
    lead("<Id>seven</Id>", &expect![[""]]);
    lead("<Id>2147483648</Id>", &expect![[""]]);
    result("<returnCount/>", &expect![[""]]);
    request("<lastUpdatedAt>2012-13-01T00:00:00Z</lastUpdatedAt>", &expect![[""]]);
    lead("<Id xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='yes'/>", &expect![[""]]);
    let xml = format!(
        "{OPEN}<m:successScheduleCampaign><result><success>maybe</success></result></m:successScheduleCampaign>{CLOSE}"
    );
    let error = read_response::<ScheduleCampaign>(xml.as_bytes(), ReadOptions::new()).unwrap_err();
    expect![[""]].assert_eq(&error.to_string());
}

#[test]
fn types() {
    let selector = |attributes: &str| {
        format!("<leadSelector xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' {attributes}/>")
    };
    request(&selector("xsi:type='m:LeadSelector'"), &expect![[""]]);
    request(&selector("xsi:type='LeadKeySelector'"), &expect![[""]]);
    request(&selector("xsi:type='m:Unheard'"), &expect![[""]]);
    request(&selector(""), &expect![[""]]);
    lead(
        "<leadAttributeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='m:ArrayOfString'/>",
        &expect![[""]],
    );
}

#[test]
fn nil() {
    result(
        "<returnCount xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/>",
        &expect![[""]],
    );
    lead("<Id xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='1'>5</Id>", &expect![[""]]);
    lead(
        "<leadAttributeList xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'><attribute/></leadAttributeList>",
        &expect![[""]],
    );
}
