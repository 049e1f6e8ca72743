//! `getCampaignsForSource`, `requestCampaign` and `scheduleCampaign`.

use generated::v3_1::operations::{GetCampaignsForSource, RequestCampaign, ScheduleCampaign};
use generated::v3_1::{
    ArrayOfCampaignRecord, ParamsGetCampaignsForSource, ParamsRequestCampaign, ParamsScheduleCampaign,
    ReqCampSourceType, ResultGetCampaignsForSource, ResultRequestCampaign, ResultScheduleCampaign,
    SuccessGetCampaignsForSource, SuccessRequestCampaign, SuccessScheduleCampaign,
};
use runtime::value::OptNillable;

use super::fault::{Refusal, refuse};
use super::operations::Execute;
use super::select::count;
use super::{Call, select};
use crate::clock::day;
use crate::store::{CampaignRun, timestamp};

/// The most leads that count in one `requestCampaign`.
const MAX_LEADS: usize = 100;

/// The most copies of programs a day.
const MAX_COPIES: usize = 10;

impl Execute for GetCampaignsForSource {
    fn execute(
        call: &mut Call<'_>,
        request: ParamsGetCampaignsForSource,
    ) -> Result<SuccessGetCampaignsForSource, Refusal> {
        known(&request.source)?;
        let name = request.name.as_deref().unwrap_or_default().to_lowercase();
        let exact = request.exact_name.value().copied().unwrap_or(false);
        let found = call.store.campaigns().iter().filter(|campaign| {
            let known = campaign.record.name.to_lowercase();
            campaign.source == request.source
                && (name.is_empty() || if exact { known == name } else { known.contains(&name) })
        });
        let records: ArrayOfCampaignRecord = found.map(|campaign| campaign.record.clone()).collect();
        Ok(SuccessGetCampaignsForSource::new(ResultGetCampaignsForSource {
            return_count: count(records.len()),
            campaign_record_list: if records.is_empty() { OptNillable::Nil } else { records.into() },
        }))
    }
}

impl Execute for RequestCampaign {
    fn execute(call: &mut Call<'_>, request: ParamsRequestCampaign) -> Result<SuccessRequestCampaign, Refusal> {
        known(&request.source)?;
        let names = (request.program_name.value(), request.campaign_name.value());
        let tokens = request.program_token_list.into_value().unwrap_or_default();
        let campaign_id = match (request.campaign_id.value(), names) {
            (Some(id), (None, None)) if tokens.is_empty() => {
                let mut campaigns = call.store.campaigns().iter();
                campaigns.find(|campaign| campaign.record.id == *id && campaign.source == request.source).map(|_| *id)
            }
            (None, (Some(program), Some(name))) => in_program(call, program, name),
            (Some(_), _) => return Err(refuse(20110, "a campaignId stands alone, without names and tokens")),
            (None, _) => return Err(refuse(20109, "a campaignId, or programName and campaignName, are required")),
        };
        let campaign_id = campaign_id.ok_or_else(|| refuse(20113, "Campaign not found"))?;
        let mut leads = Vec::new();
        for key in request.lead_list.as_deref().unwrap_or_default().iter().take(MAX_LEADS) {
            leads.extend(select::some_by_key(call.store, key)?);
        }
        if leads.is_empty() {
            return Err(refuse(20101, "a lead key is required"));
        }
        for lead in &leads {
            call.store.log_activity(*lead, "Request Campaign", Some(&campaign_id.to_string()), &[]);
        }
        let tokens = tokens.into_iter().collect();
        call.store.add_run(CampaignRun { campaign_id, leads, tokens, at: call.now });
        Ok(SuccessRequestCampaign::new(ResultRequestCampaign::new(true)))
    }
}

impl Execute for ScheduleCampaign {
    fn execute(call: &mut Call<'_>, request: ParamsScheduleCampaign) -> Result<SuccessScheduleCampaign, Refusal> {
        let not_found = || refuse(20113, "Campaign not found");
        in_program(call, &request.program_name, &request.campaign_name).ok_or_else(not_found)?;
        let mut program = request.program_name.clone();
        if let Some(copy) = request.clone_to_program_name.value().filter(|name| !name.is_empty()) {
            let programs = call.store.programs();
            if programs.iter().any(|program| program.name == *copy) {
                return Err(refuse(20110, format!("there is a program `{copy}`")));
            }
            let copied_at = programs.iter().filter_map(|program| program.copied_at);
            if copied_at.filter(|at| day(*at) == day(call.now)).count() >= MAX_COPIES {
                return Err(refuse(20015, format!("{MAX_COPIES} copies of programs are all that a day has")));
            }
            call.store.copy_program(&request.program_name, copy);
            program.clone_from(copy);
        }
        let campaign_id = in_program(call, &program, &request.campaign_name).ok_or_else(not_found)?;
        let tokens = request.program_token_list.into_value().unwrap_or_default().into_iter().collect();
        let at = request.campaign_run_at.value().map_or(call.now, timestamp);
        call.store.add_run(CampaignRun { campaign_id, leads: Vec::new(), tokens, at });
        Ok(SuccessScheduleCampaign::new(ResultScheduleCampaign::new(true)))
    }
}

fn known(source: &ReqCampSourceType) -> Result<(), Refusal> {
    match source {
        ReqCampSourceType::Mktows | ReqCampSourceType::Sales => Ok(()),
        other => Err(refuse(20110, format!("`{}` is no source", other.as_str()))),
    }
}

fn in_program(call: &Call<'_>, program: &str, name: &str) -> Option<i32> {
    let mut campaigns = call.store.campaigns().iter();
    let found = campaigns.find(|campaign| campaign.program.as_deref() == Some(program) && campaign.record.name == name);
    found.map(|campaign| campaign.record.id)
}
