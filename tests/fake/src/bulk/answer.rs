//! What answers say about a job, in JSON: only what the service states in that state.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::job::{Job, Status};
use super::style::{Empty, Moments, Style};
use super::value::seconds;

/// The job's state as it is spelt.
pub(super) const fn status_name(status: Status, style: &Style) -> &'static str {
    match status {
        Status::Created => "Created",
        Status::Queued => "Queued",
        Status::Processing => "Processing",
        Status::Completed => "Completed",
        Status::Failed => "Failed",
        Status::Cancelled => style.cancelled,
    }
}

/// The job as an answer shows it. `skew` is in seconds.
pub(super) fn job(job: &Job, style: &Style, skew: i64) -> Value {
    let moment = |at: Timestamp| Value::from(moment(at, style.moments, skew));
    let mut json = Map::new();
    let mut put = |name: &str, value: Value| json.insert(name.to_owned(), value);
    put("exportId", job.id.clone().into());
    put("format", job.export.format.name().into());
    put("status", status_name(job.status, style).into());
    put("createdAt", moment(job.created_at));
    put("queuedAt", job.queued_at.map_or(Value::Null, moment));
    put("startedAt", job.started_at.map_or(Value::Null, moment));
    if let (Status::Completed | Status::Failed, Some(at)) = (job.status, job.finished_at) {
        put("finishedAt", moment(at));
    }
    if let (Status::Completed, Some(file)) = (job.status, &job.file) {
        let no_file = file.records() == 0 && style.empty == Empty::NotFound;
        if let Some(records) = job.fate.records.of(|| file.records()) {
            put("numberOfRecords", records.into());
        }
        if let (false, Some(size)) = (no_file, job.fate.size.of(|| file.size())) {
            put("fileSize", size.into());
        }
        if let (false, Some(checksum)) = (no_file, job.fate.checksum.of(|| file.checksum())) {
            put("fileChecksum", checksum.into());
        }
    }
    if let (Status::Failed, super::fate::End::Failed(message)) = (job.status, &job.fate.end) {
        put("errorMsg", message.clone().into());
    }
    if style.unknown_members {
        put("futureMember", Value::from(vec![1, 2]));
    }
    Value::Object(json)
}

fn moment(at: Timestamp, moments: Moments, skew: i64) -> String {
    let at = at.checked_add(SignedDuration::from_secs(skew)).unwrap_or(at);
    let pattern = match moments {
        Moments::Zulu => return seconds(at),
        Moments::Offset => "%Y-%m-%dT%H:%M:%S%:z",
        Moments::Bare => "%Y-%m-%dT%H:%M:%S%z",
    };
    let central = TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(central).strftime(pattern).to_string()
}
