//! Header blocks: the signed one with what else may stand in it, and one that an operation may have.

use generated::v2_1;
use generated::v3_1::operations::{GetLead, SyncLead};
use generated::v3_1::*;
use runtime::soap::{Operation, Received, Request, read_request};
use runtime::xml::ReadOptions;

use super::Answers;

fn received<O: Operation>(answers: &Answers, at: usize) -> Received<O::Request> {
    read_request::<O>(&answers.asked()[at], ReadOptions::new()).unwrap()
}

fn key() -> LeadKey {
    LeadKey::new(LeadKeyRef::IdNum, "7")
}

#[tokio::test]
async fn what_the_client_was_given_is_in_every_signed_block() {
    let answers = Answers::default();
    answers.add_raw(404, Vec::new());
    answers.add_raw(404, Vec::new());
    let template = AuthenticationHeaderInfo::unsigned().partner_id("partner").audit("why").mode(2);
    let port = MktowsPort::new(answers.client().header(&AUTHENTICATION_HEADER, template).build().unwrap());
    let _ = port.get_lead(ParamsGetLead::new(key())).await;
    let own = AuthenticationHeaderInfo::unsigned().mode(3);
    let _ = port.get_lead(Request::new(ParamsGetLead::new(key())).header(&AUTHENTICATION_HEADER, own)).await;
    for (at, partner, mode) in [(0, Some("partner"), 2), (1, None, 3)] {
        let header = received::<GetLead>(&answers, at).headers.get(&AUTHENTICATION_HEADER).unwrap().unwrap();
        assert_eq!((header.partner_id.as_deref(), header.mode), (partner, Some(mode)));
        assert_eq!((&*header.mktows_user_id, header.request_signature.len()), ("user", 40));
        assert!(header.request_timestamp.ends_with("+00:00"), "{}", header.request_timestamp);
        assert!(!format!("{header:?}").contains(&header.request_signature));
    }
}

#[tokio::test]
async fn a_block_of_another_version_is_an_error() {
    let answers = Answers::default();
    let template = AuthenticationHeaderInfo::unsigned();
    let client = answers.client().header(&AUTHENTICATION_HEADER, template).build().unwrap();
    let port = v2_1::MktowsPort::new(client);
    let key = v2_1::LeadKey::new(v2_1::LeadKeyRef::IdNum, "7");
    let error = port.get_lead(v2_1::ParamsGetLead::new(key)).await.unwrap_err();
    assert!(error.to_string().ends_with("is of another type, or of another version of the service"), "{error}");
    assert_eq!(answers.asked().len(), 0);
}

#[tokio::test]
async fn the_block_that_sync_lead_may_have() {
    let answers = Answers::default();
    answers.add_raw(404, Vec::new());
    answers.add_raw(404, Vec::new());
    let params = ParamsSyncLead::new(LeadRecord::new().id(7), false);
    let _ = answers.port().sync_lead(params.clone()).await;
    let request = Request::new(params).header(&MKTOWS_CONTEXT_HEADER, MktowsContextHeaderInfo::new("Europe"));
    let _ = answers.port().sync_lead(request).await;
    assert_eq!(received::<SyncLead>(&answers, 0).headers.get(&MKTOWS_CONTEXT_HEADER).unwrap(), None);
    let context = received::<SyncLead>(&answers, 1).headers.get(&MKTOWS_CONTEXT_HEADER).unwrap().unwrap();
    assert_eq!(context.target_workspace, "Europe");
}
