//! The five versions, and requests that are none.

use generated::{v2_1, v2_2, v2_3, v3_1};
use runtime::soap::{Operation, Request, Visitor};

use crate::caller::{call_with, post, signature, signed, start};
use fake::USER_ID;

/// A request of every operation, by the newest version's schema but for what a version lacks.
const REQUESTS: &[(&str, &str)] = &[
    (
        "DeleteCustomObjects",
        "<objTypeName>Roadshow</objTypeName><customObjKeyLists><keyList><attribute><attrName>id</attrName><attrValue>1</attrValue></attribute></keyList></customObjKeyLists>",
    ),
    ("DeleteMObjects", "<mObjectList><mObject><type>Opportunity</type><id>77</id></mObject></mObjectList>"),
    ("DescribeMObject", "<objectName>car_c</objectName>"),
    ("GetCampaignsForSource", "<source>MKTOWS</source>"),
    ("GetChannels", ""),
    ("GetCustomObjects", "<objTypeName>Roadshow</objTypeName><includeAttributes/>"),
    ("GetImportToListStatus", "<programName>Spring</programName><listName>Newsletter</listName>"),
    ("GetLead", "<leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey>"),
    ("GetLeadActivity", "<leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey>"),
    ("GetLeadChanges", "<startPosition><oldestCreatedAt>2020-01-01T00:00:00Z</oldestCreatedAt></startPosition>"),
    ("GetMObjects", "<type>Opportunity</type>"),
    (
        "GetMultipleLeads",
        r#"<leadSelector xsi:type="ns1:StaticListSelector"><staticListName>Newsletter</staticListName></leadSelector>"#,
    ),
    ("GetTags", ""),
    (
        "ImportToList",
        "<programName>Spring</programName><importFileHeader>Email</importFileHeader><importFileRows><stringItem>x@example.com</stringItem></importFileRows><importListMode>UPSERTLEADS</importListMode><listName>Newsletter</listName><clearList>false</clearList><campaignName xsi:nil=\"true\"/>",
    ),
    ("ListMObjects", ""),
    (
        "ListOperation",
        "<listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType><keyValue>Newsletter</keyValue></listKey><listMemberList><leadKey><keyType>IDNUM</keyType><keyValue>3</keyValue></leadKey></listMemberList>",
    ),
    (
        "MergeLeads",
        "<winningLeadKeyList><attribute><attrName>IDNUM</attrName><attrValue>4</attrValue></attribute></winningLeadKeyList><losingLeadKeyLists><keyList><attribute><attrName>IDNUM</attrName><attrValue>5</attrValue></attribute></keyList></losingLeadKeyLists>",
    ),
    (
        "RequestCampaign",
        "<source>MKTOWS</source><campaignId>21</campaignId><leadList><leadKey><keyType>IDNUM</keyType><keyValue>1</keyValue></leadKey></leadList>",
    ),
    ("ScheduleCampaign", "<programName>Spring</programName><campaignName>Invitation</campaignName>"),
    (
        "SyncCustomObjects",
        "<objTypeName>Roadshow</objTypeName><customObjList><customObj><customObjKeyList><attribute><attrName>id</attrName><attrValue>2</attrValue></attribute></customObjKeyList></customObj></customObjList>",
    ),
    ("SyncLead", "<leadRecord><Email>ann@example.com</Email></leadRecord><returnLead>true</returnLead>"),
    ("SyncMObjects", "<mObjectList><mObject><type>Boat</type></mObject></mObjectList><operation>UPSERT</operation>"),
    ("SyncMultipleLeads", "<leadRecordList><leadRecord><Email>ann@example.com</Email></leadRecord></leadRecordList>"),
];

fn envelope(operation: &str, content: &str, timestamp: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:ns1='http://www.marketo.com/mktows/' \
         xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><e:Header><ns1:AuthenticationHeader>\
         <mktowsUserId>{USER_ID}</mktowsUserId><requestSignature>{}</requestSignature>\
         <requestTimestamp>{timestamp}</requestTimestamp></ns1:AuthenticationHeader></e:Header>\
         <e:Body><ns1:params{operation}>{content}</ns1:params{operation}></e:Body></e:Envelope>",
        signature(timestamp)
    )
}

/// Reads an answer as the response of the operation of that name.
struct Answer<'a> {
    name: &'a str,
    bytes: &'a [u8],
    read: usize,
}

impl Visitor for Answer<'_> {
    fn operation<O: Operation>(&mut self) {
        if O::NAME.eq_ignore_ascii_case(self.name) {
            let options = runtime::xml::ReadOptions::new().strict(true);
            let response = runtime::soap::read_response::<O>(self.bytes, options);
            response.unwrap_or_else(|error| panic!("{}: {error}: {}", self.name, String::from_utf8_lossy(self.bytes)));
            self.read += 1;
        }
    }
}

#[test]
fn every_operation_answers_in_every_version() {
    for version in ["2_1", "2_2", "2_3", "2_7", "3_1"] {
        let fake = start();
        let timestamp = fake.clock().now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        for &(name, content) in REQUESTS {
            // Asked for first, before anything is imported.
            if name == "GetImportToListStatus" {
                continue;
            }
            ask(&fake, version, name, content, &timestamp);
        }
        let (name, content) = REQUESTS.iter().find(|(name, _)| *name == "GetImportToListStatus").unwrap();
        ask(&fake, version, name, content, &timestamp);
        assert_eq!(fake.calls().executed(), 23, "{version}");
    }
}

fn ask(fake: &fake::Fake, version: &str, name: &str, content: &str, timestamp: &str) {
    let action = format!("http://www.marketo.com/mktows/{}{}", name[..1].to_lowercase(), &name[1..]);
    let (status, bytes) = post(fake, version, &action, envelope(name, content, timestamp).as_bytes());
    assert_eq!(status, 200, "{version} {name}: {}", String::from_utf8_lossy(&bytes));
    let mut answer = Answer { name, bytes: &bytes, read: 0 };
    match version {
        "2_1" => v2_1::operations::visit(&mut answer),
        "2_2" => v2_2::operations::visit(&mut answer),
        "2_3" => v2_3::operations::visit(&mut answer),
        "2_7" => generated::v2_7::operations::visit(&mut answer),
        _ => v3_1::operations::visit(&mut answer),
    }
    assert_eq!(answer.read, 1);
}

#[test]
fn what_only_old_versions_say() {
    let fake = start();
    let signed = |fake: &fake::Fake| {
        let header = signed(fake);
        v2_1::AuthenticationHeaderInfo::new(header.mktows_user_id, header.request_signature, header.request_timestamp)
    };
    let list = v2_1::ListKey::new(v2_1::ListKeyType::MktoListName, "Newsletter");
    let lead = |id: &str| v2_1::LeadKey::new(v2_1::LeadKeyRef::IdNum, id);
    let operate = |operation, quiet: bool| {
        let request = v2_1::ParamsListOperation::new(operation, list.clone(), [lead("3")]).skip_activity_log(quiet);
        let request = Request::new(request).header(&v2_1::AUTHENTICATION_HEADER, signed(&fake));
        call_with::<v2_1::operations::ListOperation>(&fake, "2_1", request).unwrap();
    };
    let activities = || fake.store().activities().count();
    let before = activities();
    operate(v2_1::ListOperationType::AddToList, true);
    assert_eq!(activities(), before);
    operate(v2_1::ListOperationType::RemoveFromList, false);
    assert_eq!(activities(), before + 1);
    operate(v2_1::ListOperationType::ClearList, false);
    assert!(fake.store().list("Newsletter").unwrap().members.is_empty());
}

#[test]
fn what_is_no_request_is_refused() {
    let fake = start();
    let timestamp = fake.clock().now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let code = |version: &str, action: &str, envelope: &str| {
        let (status, bytes) =
            post(&fake, version, &format!("http://www.marketo.com/mktows/{action}"), envelope.as_bytes());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let code = text.split_once("<code>").map(|(_, rest)| rest[..5].parse::<u32>().unwrap());
        (status, code)
    };
    let lead = envelope("GetLead", REQUESTS[7].1, &timestamp);
    assert_eq!(code("3_1", "getLead", &lead), (200, None));
    assert_eq!(code("9_9", "getLead", &lead), (404, None));
    assert_eq!(code("3_1", "syncLead", &lead), (500, Some(20012)));
    assert_eq!(code("3_1", "getLead", "hello"), (500, Some(20012)));
    assert_eq!(code("3_1", "getLead", &lead.replace("IDNUM</keyType>", "IDNUM")), (500, Some(20012)));
    assert_eq!(code("3_1", "getLead", &lead.replace("GetLead", "GetMore")), (500, Some(20019)));
    let unknown = lead.replace("</leadKey>", "</leadKey><partner>7</partner>");
    assert_eq!(code("3_1", "getLead", &unknown), (500, Some(20012)));
    assert_eq!(code("2_1", "getLead", &unknown), (500, Some(20012)));
    assert_eq!(code("3_1", "getLead", &lead.replace("AuthenticationHeader", "Other")), (500, Some(20014)));
    assert_eq!(code("3_1", "getLead", &envelope("GetLead", "", &timestamp)), (500, Some(20012)));
    assert_eq!(fake.calls().executed(), 1);
}
