//! What the service says of an export job.
//!
//! Read leniently: the service's own samples disagree with its schema on case, spelling, missing members and the form of moments and numbers.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::object::is_segment;
use super::{Error, Format, lenient};

/// The id of an export job: not empty, and no step of a path by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExportId(String);

/// The state of an export job.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Made, and inert until it is enqueued.
    Created,
    /// Waits for one of the subscription's two places to run.
    Queued,
    /// Runs.
    Processing,
    /// Ended by its owner. Documented as `Canceled` and as `Cancelled`.
    Cancelled,
    /// Ended; its file is kept for seven days.
    Completed,
    /// Ended without a file.
    Failed,
    /// A state that is not documented.
    Other(String),
}

/// An export job, as the service last told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobInfo {
    /// Its id.
    #[serde(rename = "exportId")]
    pub id: ExportId,
    /// Its state.
    pub status: Status,
    /// The format of its file.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient::moment", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When it was enqueued.
    #[serde(default, deserialize_with = "lenient::moment", skip_serializing_if = "Option::is_none")]
    pub queued_at: Option<Timestamp>,
    /// When it began to run.
    #[serde(default, deserialize_with = "lenient::moment", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended; only of completed and failed jobs.
    #[serde(default, deserialize_with = "lenient::moment", skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// The records in its file, without the header; only of completed jobs.
    #[serde(
        default,
        rename = "numberOfRecords",
        deserialize_with = "lenient::whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub records: Option<u64>,
    /// The bytes of its file; only of completed jobs.
    #[serde(
        default,
        rename = "fileSize",
        deserialize_with = "lenient::whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub size: Option<u64>,
    /// The SHA-256 of its file; only of completed jobs.
    #[serde(
        default,
        rename = "fileChecksum",
        deserialize_with = "lenient::or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub checksum: Option<Checksum>,
    /// Why it failed; only of failed jobs.
    #[serde(default, rename = "errorMsg", deserialize_with = "lenient::text", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
}

/// A SHA-256, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum(pub [u8; 32]);

impl JobInfo {
    /// A job of which nothing but id and state is known.
    #[must_use]
    pub const fn new(id: ExportId, status: Status) -> Self {
        Self {
            id,
            status,
            format: None,
            created_at: None,
            queued_at: None,
            started_at: None,
            finished_at: None,
            records: None,
            size: None,
            checksum: None,
            error_message: None,
        }
    }
}

impl ExportId {
    /// An id.
    ///
    /// # Errors
    ///
    /// An id that is empty, `.` or `..`.
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        if is_segment(&id) {
            return Ok(Self(id));
        }
        Err(Error::refused(format!("`{id}` cannot be the id of an export job")))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ExportId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        Self::new(id)
    }
}

impl From<ExportId> for String {
    fn from(id: ExportId) -> Self {
        id.0
    }
}

impl Status {
    /// Whether the job can change no more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Completed | Self::Failed)
    }

    /// Whether the job takes one of the subscription's ten places: queued and running jobs do.
    #[must_use]
    pub const fn takes_slot(&self) -> bool {
        matches!(self, Self::Queued | Self::Processing)
    }

    /// Its name as the documentation's samples spell it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Created => "Created",
            Self::Queued => "Queued",
            Self::Processing => "Processing",
            Self::Cancelled => "Cancelled",
            Self::Completed => "Completed",
            Self::Failed => "Failed",
            Self::Other(name) => name,
        }
    }
}

/// In any case, and `Canceled` too.
impl From<&str> for Status {
    fn from(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "created" => Self::Created,
            "queued" => Self::Queued,
            "processing" => Self::Processing,
            "cancelled" | "canceled" => Self::Cancelled,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            _ => Self::Other(name.to_owned()),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(&*String::deserialize(deserializer)?))
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// With `sha256:` in front or without, in any case.
impl std::str::FromStr for Checksum {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::refused(format!("`{text}` is no `sha256:` with 64 hexadecimal digits"));
        let trimmed = text.trim();
        let digits = match trimmed.split_once(':') {
            Some((name, digits)) if name.eq_ignore_ascii_case("sha256") => digits,
            Some(_) => return Err(wrong()),
            None => trimmed,
        };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { return Err(wrong()) };
        let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(wrong)
    }
}

impl Serialize for Checksum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Checksum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_reads_leniently() {
        let job: JobInfo = serde_json::from_str(
            r#"{"exportId": "ce45a7a1-f19d-4ce2-882c-a3c795940a7d", "status": "completed", "format": "CSV",
                "createdAt": "2026-01-21T11:47:30-08:00", "queuedAt": "2026-01-21T19:48:30Z",
                "startedAt": "2026-01-21T19:51:30+0000", "finishedAt": null,
                "numberOfRecords": "122323", "fileSize": 123424,
                "fileChecksum": "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "somethingNew": [1]}"#,
        )
        .unwrap();
        let at = |text: &str| Some(text.parse().unwrap());
        assert_eq!(job.status, Status::Completed);
        assert_eq!(job.format, Some(Format::Csv));
        assert_eq!(job.created_at, at("2026-01-21T19:47:30Z"));
        assert_eq!(job.queued_at, at("2026-01-21T19:48:30Z"));
        assert_eq!(job.started_at, at("2026-01-21T19:51:30Z"));
        assert_eq!(job.finished_at, None);
        assert_eq!((job.records, job.size), (Some(122_323), Some(123_424)));
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(job.checksum.unwrap().to_string(), empty);
        let written = serde_json::to_string(&job).unwrap();
        assert_eq!(serde_json::from_str::<JobInfo>(&written).unwrap(), job);
    }

    #[test]
    fn what_does_not_read_is_not_known() {
        let job: JobInfo = serde_json::from_str(
            r#"{"exportId": "a", "status": "Paused", "format": "XLS", "createdAt": "yesterday", "queuedAt": 5,
                "numberOfRecords": -1, "fileSize": "many", "fileChecksum": "md5:00", "errorMsg": 5}"#,
        )
        .unwrap();
        let expected = JobInfo::new(ExportId::new("a").unwrap(), Status::Other("Paused".to_owned()));
        assert_eq!(job, JobInfo { error_message: Some("5".to_owned()), ..expected });
        for wrong in [r#"{"exportId": "", "status": "Created"}"#, r#"{"status": "Created"}"#, r#"{"exportId": "a"}"#] {
            assert!(serde_json::from_str::<JobInfo>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn both_spellings_of_cancelled_in_any_case() {
        for name in ["Cancelled", "Canceled", "cancelled", "CANCELED"] {
            assert_eq!(Status::from(name), Status::Cancelled, "{name}");
        }
    }
}
