//! Campaigns, programs, tags and channels.

use std::time::Duration;

use fake::{Config, Fake, Limits};
use generated::v3_1::operations::{GetCampaignsForSource, GetChannels, GetTags, RequestCampaign, ScheduleCampaign};
use generated::v3_1::*;

use crate::caller::{call, start};

fn lead(id: &str) -> LeadKey {
    LeadKey::new(LeadKeyRef::IdNum, id)
}

#[test]
fn campaigns_are_found_by_their_name() {
    let fake = start();
    let found = |request: ParamsGetCampaignsForSource| {
        let result = call::<GetCampaignsForSource>(&fake, request).unwrap().result;
        let records = result.campaign_record_list.into_value().unwrap_or_default();
        assert_eq!(result.return_count, i32::try_from(records.len()).unwrap());
        records.iter().map(|record| record.id).collect::<Vec<_>>()
    };
    let of = ParamsGetCampaignsForSource::new;
    assert_eq!(found(of(ReqCampSourceType::Mktows)), [21, 31]);
    assert_eq!(found(of(ReqCampSourceType::Sales)), [22]);
    assert_eq!(found(of(ReqCampSourceType::Mktows).name("welc")), [21]);
    assert_eq!(found(of(ReqCampSourceType::Mktows).name("welc").exact_name(true)), [] as [i32; 0]);
    assert_eq!(found(of(ReqCampSourceType::Mktows).name("Welcome").exact_name(true)), [21]);
    let unknown = of(ReqCampSourceType::from("OTHER"));
    assert_eq!(call::<GetCampaignsForSource>(&fake, unknown).unwrap_err(), 20110);
}

#[test]
fn a_campaign_is_requested_by_id_or_by_names() {
    let fake = start();
    let request =
        |request: ParamsRequestCampaign| call::<RequestCampaign>(&fake, request).map(|done| done.result.success);
    let of = || ParamsRequestCampaign::new(ReqCampSourceType::Mktows);
    assert_eq!(request(of().campaign_id(21).lead_list([lead("1"), lead("2")])), Ok(true));
    let named = || of().program_name("Spring").campaign_name("Invitation");
    let token = Attrib::new("{{my.date}}", "1 May");
    assert_eq!(request(named().lead_list([lead("3")]).program_token_list([token.clone()])), Ok(true));
    let runs = fake.store().runs().to_vec();
    assert_eq!((runs[0].campaign_id, &*runs[0].leads), (21, &[1, 2][..]));
    assert_eq!((runs[1].campaign_id, &*runs[1].leads, &*runs[1].tokens), (31, &[3][..], &[token][..]));
    assert_eq!(fake.store().activities().last().unwrap().activity_type, "Request Campaign");

    // Only a hundred leads count.
    let mut many = vec![lead("1"); 100];
    many.push(lead("2"));
    assert_eq!(request(of().campaign_id(21).lead_list(many)), Ok(true));
    assert_eq!(fake.store().runs()[2].leads, [1; 100]);

    assert_eq!(request(named().campaign_id(21).lead_list([lead("1")])), Err(20110));
    assert_eq!(request(of().lead_list([lead("1")])), Err(20109));
    assert_eq!(request(of().program_name("Spring").lead_list([lead("1")])), Err(20109));
    assert_eq!(request(of().campaign_id(22).lead_list([lead("1")])), Err(20113));
    assert_eq!(request(of().campaign_id(21).lead_list([lead("77")])), Err(20103));
    assert_eq!(request(of().campaign_id(21)), Err(20101));
    assert_eq!(fake.store().runs().len(), 3);
}

#[test]
fn a_campaign_is_scheduled_and_its_program_copied() {
    let clock = fake::Clock::at("2026-03-01T12:00:00Z".parse().unwrap());
    let fake = Fake::start_blocking(Config::new().clock(clock.clone()).limits(Limits::none())).unwrap();
    fake.store().add_samples();
    let schedule =
        |request: ParamsScheduleCampaign| call::<ScheduleCampaign>(&fake, request).map(|done| done.result.success);
    let of = |program: &str| ParamsScheduleCampaign::new(program, "Invitation");
    let at: runtime::value::DateTime = "2026-05-01T08:00:00+02:00".parse().unwrap();
    assert_eq!(schedule(of("Spring").campaign_run_at(at)), Ok(true));
    assert_eq!(fake.store().runs()[0].at.to_string(), "2026-05-01T06:00:00Z");
    assert_eq!(fake.store().runs()[0].campaign_id, 31);
    assert_eq!(schedule(of("Autumn")), Err(20113));
    for number in 0..10 {
        assert_eq!(schedule(of("Spring").clone_to_program_name(format!("Spring {number}"))), Ok(true));
    }
    assert_ne!(fake.store().runs()[1].campaign_id, 31);
    assert_eq!(schedule(of("Spring").clone_to_program_name("Spring 1")), Err(20110));
    assert_eq!(schedule(of("Spring").clone_to_program_name("Spring 10")), Err(20015));
    clock.advance(Duration::from_secs(86_400));
    assert_eq!(schedule(of("Spring").clone_to_program_name("Spring 10")), Ok(true));
    assert_eq!(fake.store().programs().len(), 12);
}

#[test]
fn tags_and_channels() {
    let fake = start();
    let tags = |request: ParamsGetTags| {
        let tags = call::<GetTags>(&fake, request).unwrap().result.tag_list;
        let all = tags.iter().flat_map(|tag| tag.values.as_deref().unwrap_or_default());
        all.cloned().collect::<Vec<_>>()
    };
    assert_eq!(tags(ParamsGetTags::new()), ["North", "South", "Webinar"]);
    assert_eq!(tags(ParamsGetTags::new().tag_list([Tag::new().r#type("Region")])), ["North", "South"]);
    assert_eq!(tags(ParamsGetTags::new().tag_list([Tag::new().r#type("Region").values(["South"])])), ["South"]);

    let channels = |request: ParamsGetChannels| call::<GetChannels>(&fake, request).unwrap().result.tags;
    let found = channels(ParamsGetChannels::new());
    assert_eq!(found[0].tag_value, "Webinar");
    let status = &found[0].status_list[1].progression_status.as_deref().unwrap();
    assert_eq!(status[0], Attrib::new("name", "Attended"));
    assert_eq!(channels(ParamsGetChannels::new().tag(Tag::new().r#type("Channel").values(["Webinar"]))).len(), 1);
    assert_eq!(channels(ParamsGetChannels::new().tag(Tag::new().r#type("Region"))).len(), 0);
}
