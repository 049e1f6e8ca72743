//! Campaigns and programs, and what was asked of them.

use generated::v3_1::{Attrib, CampaignRecord, ReqCampSourceType};
use jiff::Timestamp;

use super::Store;

/// A campaign, with the source that may request it.
#[derive(Clone, Debug)]
pub(crate) struct Campaign {
    pub(crate) source: ReqCampSourceType,
    pub(crate) record: CampaignRecord,
    /// The program that it is part of.
    pub(crate) program: Option<String>,
}

/// A program, or a copy of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// When it was copied, where it is a copy.
    pub copied_at: Option<Timestamp>,
}

/// What `requestCampaign` or `scheduleCampaign` asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignRun {
    /// The campaign's id.
    pub campaign_id: i32,
    /// The ids of the leads; none where a batch campaign was scheduled.
    pub leads: Vec<i32>,
    /// The program's tokens.
    pub tokens: Vec<Attrib>,
    /// When it runs.
    pub at: Timestamp,
}

impl Store {
    /// Adds a campaign that stands in no program.
    pub fn add_campaign(&mut self, source: ReqCampSourceType, record: CampaignRecord) {
        self.campaigns.push(Campaign { source, record, program: None });
    }

    /// Adds a program.
    pub fn add_program(&mut self, name: impl Into<String>) {
        self.programs.push(Program { name: name.into(), copied_at: None });
    }

    /// Adds a campaign of a program.
    pub fn add_program_campaign(
        &mut self,
        program: impl Into<String>,
        source: ReqCampSourceType,
        record: CampaignRecord,
    ) {
        self.campaigns.push(Campaign { source, record, program: Some(program.into()) });
    }

    /// The programs.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// What was asked of campaigns, in its order.
    #[must_use]
    pub fn runs(&self) -> &[CampaignRun] {
        &self.runs
    }

    pub(crate) fn campaigns(&self) -> &[Campaign] {
        &self.campaigns
    }

    pub(crate) fn add_run(&mut self, run: CampaignRun) {
        self.runs.push(run);
    }

    /// Copies a program with its campaigns.
    pub(crate) fn copy_program(&mut self, name: &str, copy: &str) {
        self.programs.push(Program { name: copy.to_owned(), copied_at: Some(self.now()) });
        let campaigns: Vec<_> =
            self.campaigns.iter().filter(|campaign| campaign.program.as_deref() == Some(name)).cloned().collect();
        for mut campaign in campaigns {
            campaign.record.id = self.next_id();
            campaign.program = Some(copy.to_owned());
            self.campaigns.push(campaign);
        }
    }
}
