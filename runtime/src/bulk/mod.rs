//! Marketo's bulk export over REST: jobs are created, enqueued, waited for, downloaded and verified.
//!
//! Filters and fields enter; files leave that are whole and equal to what the service promised. What could not be verified ends in an error,
//! never in a plain end.

mod answer;
mod builder;
mod client;
mod code;
mod describe;
mod download;
mod error;
mod export;
mod folder;
mod handle;
mod identity;
mod job;
pub mod ledger;
mod lenient;
mod object;
pub mod plan;
mod polling;
pub mod progress;
mod repeats;
mod request;
pub mod rows;
pub mod run;
mod schema;
mod settings;
pub mod sink;
mod unborn;

pub use builder::BulkClientBuilder;
pub use client::BulkClient;
pub use describe::{ActivityType, Attribute, Description};
pub use download::{Download, DownloadOptions, Downloaded};
pub use error::{Action, Endpoint, Error, ErrorKind};
pub use export::{
    Activities, ByList, ByRange, CustomObject, Export, Filtered, Leads, NoFields, ProgramMembers, Unfiltered,
    WithFields,
};
pub use handle::{AnyJob, Completed, Created, Job, Queued};
pub use identity::TokenCache;
pub use job::{Checksum, ExportId, JobInfo, Status};
pub use ledger::Ledger;
pub use object::{ApiName, Object};
pub use plan::Plan;
pub use polling::Polling;
pub use progress::Progress;
pub use request::{
    ActivityFilter, ActivityTypes, CreateRequest, Filter, Format, LONGEST_RANGE, MemberFilter, NurtureCadence,
    Programs, TimeRange,
};
pub use run::{Report, Run, RunError};
pub use schema::{Column, Duplicates, Key, Kind, Schema};

#[cfg(test)]
mod tests;
