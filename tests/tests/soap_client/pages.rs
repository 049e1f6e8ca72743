//! From page to page: over the fake, and over pages that no honest service sends.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use generated::v3_1::operations::{GetLeadChanges, GetMObjects, GetMultipleLeads};
use generated::v3_1::*;
use runtime::client::{Cause, Checkpoint, PageError};
use runtime::clock::BoxFuture;
use runtime::soap::{ErrorKind, Fault, write_fault};
use runtime::transport::{Body, Transport, TransportError};
use runtime::value::DateTime;

use super::{Answers, client, fake};

fn leads(ids: std::ops::Range<i32>, left: i32, position: &str) -> SuccessGetMultipleLeads {
    let records: Vec<_> = ids.map(|id| LeadRecord::new().id(id)).collect();
    let count = i32::try_from(records.len()).unwrap();
    SuccessGetMultipleLeads::new(ResultGetMultipleLeads::new(count, left, position).lead_record_list(records))
}

fn params() -> ParamsGetMultipleLeads {
    ParamsGetMultipleLeads::new().lead_selector(LeadKeySelector::new(LeadKeyRef::IdNum, ["1"])).batch_size(2)
}

fn ids(found: &[LeadRecord]) -> Vec<i32> {
    found.iter().filter_map(|lead| lead.id.value().copied()).collect()
}

#[tokio::test]
async fn a_page_is_asked_for_when_the_one_before_it_was_taken() {
    let answers = Answers::default();
    answers.add::<GetMultipleLeads>(&leads(0..2, 3, "a"));
    answers.add::<GetMultipleLeads>(&leads(2..2, 3, "b"));
    answers.add::<GetMultipleLeads>(&leads(2..5, 0, ""));
    let mut pages = answers.port().get_multiple_leads_stream(params());
    assert_eq!((answers.asked().len(), pages.checkpoint()), (0, &Checkpoint::Start));
    let mut seen = Vec::new();
    let expected = [
        // Id, pages asked for, where to go on.
        (0, 1, Checkpoint::Start),
        (1, 1, Checkpoint::At("a".to_owned())),
        (2, 3, Checkpoint::At("b".to_owned())),
        (3, 3, Checkpoint::At("b".to_owned())),
        (4, 3, Checkpoint::End),
    ];
    for (id, asked, checkpoint) in expected {
        seen.push(pages.next().await.unwrap().unwrap());
        assert_eq!((answers.asked().len(), pages.checkpoint()), (asked, &checkpoint), "{id}");
    }
    assert_eq!(ids(&seen), [0, 1, 2, 3, 4]);
    assert!(pages.next().await.is_none());
    assert!(pages.next().await.is_none());
    let position = |at: usize| {
        let request = String::from_utf8_lossy(&answers.asked()[at]).into_owned();
        request.split_once("<streamPosition>").map(|(_, rest)| rest.split('<').next().unwrap().to_owned())
    };
    assert_eq!([position(0), position(1), position(2)], [None, Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn pages_that_contradict_each_other_are_errors() {
    for (positions, error) in [
        (&["a", "b", "a"][..], PageError::Repeated),
        (&["a", "a"], PageError::Repeated),
        (&["a", ""], PageError::Nowhere),
        (&["resumed"], PageError::Repeated),
    ] {
        let answers = Answers::default();
        for (id, position) in (0..).zip(positions) {
            answers.add::<GetMultipleLeads>(&leads(id..id + 1, 9, position));
        }
        let start = params().stream_position("resumed".to_owned());
        let found: Vec<_> = answers.port().get_multiple_leads_stream(start).collect().await;
        assert_eq!(found.len(), positions.len());
        let last = found.last().unwrap().as_ref().unwrap_err();
        assert!(matches!(last.cause(), Cause::Page(found) if *found == error), "{last}");
        assert_eq!(last.kind(), ErrorKind::Decoding);
        assert_eq!(answers.asked().len(), positions.len());
    }
}

#[tokio::test]
async fn a_page_that_comes_again_under_another_position_is_an_error() {
    for left in [9, 0] {
        let answers = Answers::default();
        // Pages without items may follow each other.
        for (ids, left, position) in [(0..0, 9, "a"), (1..1, 9, "b"), (0..2, 9, "c"), (0..2, left, "d")] {
            answers.add::<GetMultipleLeads>(&leads(ids, left, position));
        }
        let mut pages = answers.port().get_multiple_leads_stream(params());
        let found: Vec<_> = pages.by_ref().collect().await;
        assert_eq!(found.len(), 3);
        let error = found[2].as_ref().unwrap_err();
        assert!(matches!(error.cause(), Cause::Page(PageError::Same)), "{error}");
        assert_eq!(pages.checkpoint(), &Checkpoint::At("c".to_owned()));
    }
}

/// Sets its clock a minute forth with every answer.
#[derive(Clone)]
struct Late(Answers, fake::Clock);

impl Transport for Late {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.1.advance(Duration::from_secs(60));
        self.0.send(request)
    }
}

#[tokio::test]
async fn rules_are_those_of_the_first_page() {
    let answers = Answers::default();
    answers.add::<GetMultipleLeads>(&leads(0..2, 1, "a"));
    answers.add::<GetMultipleLeads>(&leads(2..3, 0, ""));
    // As far back as allowed: a minute later it is too far.
    let selector = LastUpdateAtSelector::new("2026-01-31T12:00:00Z".parse::<DateTime>().unwrap());
    let params = ParamsGetMultipleLeads::new().lead_selector(selector);
    let clock = fake::Clock::at("2026-03-02T12:00:00Z".parse().unwrap());
    let client = answers.client().clock(clock.clone()).transport(Late(answers.clone(), clock)).build().unwrap();
    let port = MktowsPort::new(client);
    let found: Vec<_> = port.get_multiple_leads_stream(params.clone()).map(Result::unwrap).collect().await;
    assert_eq!(ids(&found), [0, 1, 2]);
    let found: Vec<_> = port.get_multiple_leads_stream(params).collect().await;
    assert!(matches!(found[0].as_ref().unwrap_err().cause(), Cause::Rule(_)));
}

#[tokio::test]
async fn a_stream_resumes_from_a_checkpoint() {
    let answers = Answers::default();
    let begin = || answers.port().get_multiple_leads_stream(params().stream_position("old".to_owned()));
    let at = |position: &str| Checkpoint::At(position.to_owned());

    let pages = begin().resume(at("a"));
    assert_eq!(pages.checkpoint(), &at("a"));
    drop(pages);
    answers.add::<GetMultipleLeads>(&leads(2..3, 1, "b"));
    answers.add::<GetMultipleLeads>(&leads(3..4, 0, "c"));
    let mut pages = begin().resume(at("a"));
    assert_eq!(pages.next().await.unwrap().unwrap().id.value(), Some(&2));
    assert_eq!((pages.checkpoint(), pages.end_position()), (&at("b"), None));
    // Under way it stays where it is.
    let mut pages = pages.resume(at("x"));
    assert_eq!(pages.next().await.unwrap().unwrap().id.value(), Some(&3));
    assert!(pages.next().await.is_none());
    assert_eq!((pages.checkpoint(), pages.end_position()), (&Checkpoint::End, Some(&"c".to_owned())));
    let asked: Vec<_> = answers.asked().iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
    for (asked, position) in asked.iter().zip(["a", "b"]) {
        assert!(asked.contains(&format!("<streamPosition>{position}</streamPosition>")), "{asked}");
    }

    // The position that it resumed from, again.
    answers.add::<GetMultipleLeads>(&leads(2..3, 1, "a"));
    let error = begin().resume(at("a")).next().await.unwrap().unwrap_err();
    assert!(matches!(error.cause(), Cause::Page(PageError::Repeated)), "{error}");

    let mut pages = begin().resume(Checkpoint::End);
    assert_eq!(pages.checkpoint(), &Checkpoint::End);
    assert!(pages.next().await.is_none());
    answers.add::<GetMultipleLeads>(&leads(0..1, 0, ""));
    let mut pages = begin().resume(Checkpoint::Start);
    assert!(pages.next().await.unwrap().is_ok());
    // An empty position leads nowhere.
    assert_eq!((pages.checkpoint(), pages.end_position()), (&Checkpoint::End, None));
}

#[tokio::test]
async fn the_fault_for_the_end_is_the_end() {
    let answers = Answers::default();
    answers.add::<GetMultipleLeads>(&leads(0..2, 9, "a"));
    answers.add_raw(500, write_fault(&Fault::new("Client", "20123 - Stream at end")).unwrap());
    let mut pages = answers.port().get_multiple_leads_stream(params());
    let found: Vec<_> = pages.by_ref().map(Result::unwrap).collect().await;
    assert_eq!((ids(&found), pages.checkpoint()), (vec![0, 1], &Checkpoint::End));
    assert_eq!(pages.end_position().map(String::as_str), Some("a"));
}

#[tokio::test]
async fn an_error_ends_it_and_can_be_gone_on_from() {
    let answers = Answers::default();
    answers.add::<GetMultipleLeads>(&leads(0..2, 9, "a"));
    answers.add_raw(404, b"gone".to_vec());
    let mut pages = answers.port().get_multiple_leads_stream(params());
    assert!(pages.next().await.unwrap().is_ok() && pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::Client);
    assert!(pages.next().await.is_none());
    let checkpoint = pages.checkpoint().clone();
    assert_eq!(checkpoint, Checkpoint::At("a".to_owned()));

    answers.add::<GetMultipleLeads>(&leads(2..3, 0, ""));
    let again = answers.port().get_multiple_leads_stream(params()).resume(checkpoint);
    let found: Vec<_> = again.map(Result::unwrap).collect().await;
    assert_eq!(ids(&found), [2]);
}

#[tokio::test]
async fn other_positions_and_ends() {
    let answers = Answers::default();
    let page = |offset: &str, left| {
        let position = StreamPosition::new().offset(offset.to_owned());
        SuccessGetLeadChanges::new(ResultGetLeadChanges::new(0, left, position))
    };
    answers.add::<GetLeadChanges>(&page("10", 1));
    answers.add::<GetLeadChanges>(&page("", 1));
    let start = ParamsGetLeadChanges::new(StreamPosition::new().offset("0".to_owned()));
    let found: Vec<_> = answers.port().get_lead_changes_stream(start).collect().await;
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].as_ref().unwrap_err().cause(), Cause::Page(PageError::Nowhere)));

    let page = |position: &str, more| SuccessGetMObjects::new(ResultGetMObjects::new(0, more, position));
    answers.add::<GetMObjects>(&page("p", true));
    answers.add::<GetMObjects>(&page("", false));
    let found: Vec<_> = answers.port().get_m_objects_stream(ParamsGetMObjects::new("Opportunity")).collect().await;
    assert!(found.is_empty());
}

#[tokio::test]
async fn all_leads_of_the_fake_come_once() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    let emails: Vec<_> = (0..7).map(|at| format!("lead{at}@example.com")).collect();
    for email in &emails {
        port.sync_lead(ParamsSyncLead::new(LeadRecord::new().email(email.clone()), false)).await.unwrap();
    }
    let selector = LeadKeySelector::new(LeadKeyRef::Email, emails.clone());
    let params = ParamsGetMultipleLeads::new().lead_selector(selector).batch_size(3);
    fake.clear_calls();
    let found: Vec<_> = port.get_multiple_leads_stream(params).map(Result::unwrap).collect().await;
    let found: BTreeSet<_> = found.iter().filter_map(|lead| lead.email.value().cloned()).collect();
    assert_eq!(found, emails.into_iter().collect());
    assert_eq!(fake.calls().executed(), 3);
}
