//! The 23 operations, and how one is run.

use generated::v3_1::operations as ops;
use jiff::Timestamp;
use runtime::soap::{Operation, read_request, write_response};
use runtime::xml::ReadOptions;

use super::fault::{Refusal, refuse};
use super::{Call, Service, Version};

/// An operation that the service does.
pub(super) trait Execute: Operation {
    /// Does it.
    fn execute(call: &mut Call<'_>, request: Self::Request) -> Result<Self::Response, Refusal>;
}

/// An operation in the table.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) action: &'static str,
    element: &'static str,
    pub(super) run: Run,
}

/// From the envelope of a request to that of its response.
type Run = fn(&Service, Version, &[u8], Timestamp) -> Result<Vec<u8>, Refusal>;

static TABLE: [Entry; 23] = [
    entry::<ops::DeleteCustomObjects>(),
    entry::<ops::DeleteMObjects>(),
    entry::<ops::DescribeMObject>(),
    entry::<ops::GetCampaignsForSource>(),
    entry::<ops::GetChannels>(),
    entry::<ops::GetCustomObjects>(),
    entry::<ops::GetImportToListStatus>(),
    entry::<ops::GetLead>(),
    entry::<ops::GetLeadActivity>(),
    entry::<ops::GetLeadChanges>(),
    entry::<ops::GetMObjects>(),
    entry::<ops::GetMultipleLeads>(),
    entry::<ops::GetTags>(),
    entry::<ops::ImportToList>(),
    entry::<ops::ListMObjects>(),
    entry::<ops::ListOperation>(),
    entry::<ops::MergeLeads>(),
    entry::<ops::RequestCampaign>(),
    entry::<ops::ScheduleCampaign>(),
    entry::<ops::SyncCustomObjects>(),
    entry::<ops::SyncLead>(),
    entry::<ops::SyncMObjects>(),
    entry::<ops::SyncMultipleLeads>(),
];

const fn entry<O: Execute>() -> Entry {
    Entry { name: O::NAME, action: O::SOAP_ACTION, element: O::REQUEST.name.local, run: run::<O> }
}

/// The operation whose request is the element `local`.
pub(super) fn by_element(local: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.element == local)
}

fn run<O: Execute>(service: &Service, version: Version, envelope: &[u8], now: Timestamp) -> Result<Vec<u8>, Refusal> {
    // What an older version demands was checked before; here it is allowed what the newest lacks.
    let options = ReadOptions::new().strict(version == Version::V3_1);
    let request = read_request::<O>(envelope, options).map_err(|error| refuse(20012, error.to_string()))?;
    service.auth.check(&request.headers, now)?;
    let mut store = service.store();
    let headers = &request.headers;
    let mut call = Call { store: &mut store, positions: &service.positions, now, version, headers, envelope };
    let response = O::execute(&mut call, request.message)?;
    write_response::<O>(&response).map_err(|error| refuse(20011, error.to_string()))
}
