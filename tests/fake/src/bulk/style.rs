//! Where the documentation contradicts itself or is silent: how files and answers are spelt, settable by a test. Data only.

use std::time::Duration;

/// How files and answers are spelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What ends a line of a file.
    pub line_end: &'static str,
    /// What separates the cells of an SSV file: `b';'` by one page of the documentation, `b' '` by four.
    pub ssv: u8,
    /// A byte order mark before the header.
    pub byte_order_mark: bool,
    /// Whether the last line of a file has an end, too.
    pub last_line_end: bool,
    /// Whether all texts, numbers and headers are quoted, not only those that must be. A missing value never is.
    pub quote_all: bool,
    /// Whether the text `null` is quoted, so that it differs from a missing value.
    pub quote_null: bool,
    /// The shape of the column `attributes` of activities.
    pub attributes: Attributes,
    /// The `Content-Type` of files.
    pub content_type: String,
    /// How a cancelled job's status is spelt.
    pub cancelled: &'static str,
    /// How moments in answers are spelt.
    pub moments: Moments,
    /// Whether codes of errors are numbers instead of strings.
    pub numeric_codes: bool,
    /// Whether answers hold the lists `errors` and `warnings` although they are empty.
    pub empty_lists: bool,
    /// A member that nobody knows in every answer and every job.
    pub unknown_members: bool,
    /// What a window holds at its borders.
    pub borders: Borders,
    /// Shuffles the records of every file by this seed, the same way each time. Otherwise they come as they were made known.
    pub shuffle: Option<u64>,
    /// How a job without records ends.
    pub empty: Empty,
}

/// The shape of the column `attributes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// `{"Reason":"New","Success":true}`.
    Object,
    /// `[{"name":"Reason","value":"New"},…]`.
    Array,
}

/// The spelling of moments in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// `2026-03-01T00:00:00Z`.
    Zulu,
    /// `2026-02-28T18:00:00-06:00`, in US Central time.
    Offset,
    /// `2026-02-28T18:00:00-0600`: the same without a colon.
    Bare,
}

/// What a window holds at its borders. The documentation leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borders {
    /// Whether a record at the very start is in.
    pub start: bool,
    /// Whether a record at the very end is in.
    pub end: bool,
    /// Whether records are compared by whole seconds, rounded down: then one half a second after an inclusive end is in.
    pub whole_seconds: bool,
}

/// How a job without records ends: each has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// A file with a header and no row.
    Header,
    /// A file of no bytes.
    Nothing,
    /// No file: asking for it answers 404, size and checksum are not stated.
    NotFound,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            line_end: "\n",
            ssv: b';',
            byte_order_mark: false,
            last_line_end: true,
            quote_all: false,
            quote_null: true,
            attributes: Attributes::Object,
            content_type: "text/csv;charset=UTF-8".to_owned(),
            cancelled: "Cancelled",
            moments: Moments::Zulu,
            numeric_codes: false,
            empty_lists: false,
            unknown_members: false,
            borders: Borders { start: true, end: true, whole_seconds: false },
            shuffle: None,
            empty: Empty::Header,
        }
    }
}

/// What the subscription allows and how fast its jobs go. Everything here is shared by all four kinds of object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Jobs that may be Queued or Processing together: 10.
    pub queue: usize,
    /// Jobs that may be Processing together: 2.
    pub processing: usize,
    /// Bytes that a day's files may have before create and enqueue are refused: 500,000,000. A day begins at midnight US Central time.
    pub bytes_per_day: u64,
    /// How long a job stays Queued though a place is free.
    pub queue_time: Duration,
    /// How long a job stays Processing.
    pub processing_time: Duration,
    /// How long a file is kept after it was finished: 7 days.
    pub file_kept: Duration,
    /// How long the status of a finished job is kept: 30 days.
    pub status_kept: Duration,
    /// How long jobs are listed after they were made: 7 days.
    pub listed: Duration,
    /// Whether the filters `updatedAt`, `smartListName` and `smartListId` are allowed; otherwise 1035.
    pub gated_filters: bool,
    /// By how much the moments in answers are off the clock, in seconds.
    pub skew: i64,
}

const DAY: u64 = 86_400;

impl Default for Subscription {
    fn default() -> Self {
        Self {
            queue: 10,
            processing: 2,
            bytes_per_day: 500_000_000,
            queue_time: Duration::from_secs(30),
            processing_time: Duration::from_secs(120),
            file_kept: Duration::from_secs(7 * DAY),
            status_kept: Duration::from_secs(30 * DAY),
            listed: Duration::from_secs(7 * DAY),
            gated_filters: true,
            skew: 0,
        }
    }
}
