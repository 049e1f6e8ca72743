//! Marketo's bulk export over REST: jobs are created, enqueued, waited for, downloaded and verified.
//!
//! Filters and fields enter; files leave that are whole and equal to what the service promised. What could not be verified ends in an error,
//! never in a plain end.

mod client;
mod code;
mod download;
mod error;
mod job;
mod lenient;
mod object;
mod request;

pub use client::BulkClient;
pub use download::{DownloadOptions, Downloaded};
pub use error::{Action, Endpoint, Error, ErrorKind};
pub use job::{Checksum, ExportId, JobInfo, Status};
pub use object::{ApiName, Object};
pub use request::{
    ActivityFilter, ActivityTypes, CreateRequest, Filter, Format, LONGEST_RANGE, MemberFilter, NurtureCadence,
    Programs, TimeRange,
};
