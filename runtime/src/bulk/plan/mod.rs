//! What is to be exported, whole: a request over a range of any length. Requests enter, windows leave; nothing in here calls the service.

mod estimate;
mod forecast;
#[cfg(test)]
mod tests;
mod window;
#[cfg(test)]
mod window_tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

pub use forecast::{Expected, Forecast};
pub use window::Windows;

pub(crate) use estimate::{Estimate, spent_today};
pub(crate) use window::reached;

use super::schema::ACTIVITY;
use super::{BulkClient, CreateRequest, Error, Export, Filtered, LONGEST_RANGE, Object, TimeRange, WithFields};

/// The bytes that a subscription may export a day, unless it has bought more: 500 MB.
pub const DAILY_BYTES: u64 = 500_000_000;

/// More windows than that are a mistake.
const MOST_WINDOWS: usize = 100_000;

/// A request over a range of any length, or one without a range.
///
/// In a ledger a plan goes by its [name](Self::name). What the ledger holds of the plan is not exported again: running a plan twice exports its
/// range once, and running it with a later end exports what came after. A name belongs to the service that it was first run with. The end may lie in the future: each run exports up to
/// [a lag](Self::lag) before its beginning.
#[derive(Clone, Debug)]
pub struct Plan {
    client: BulkClient,
    request: CreateRequest,
    name: Option<String>,
    longest: i64,
    lag: SignedDuration,
    fall_back: bool,
    made_at: Timestamp,
}

/// The end of a plan's range is not past yet, or not for long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clipped {
    /// The end that was asked for.
    pub asked: Timestamp,
    /// The end that stands in its place. `None` where nothing is left of the range.
    pub to: Option<Timestamp>,
}

impl Plan {
    /// A plan by a request whose range may be of any length.
    ///
    /// # Errors
    ///
    /// A rule that the request breaks.
    pub fn new(client: &BulkClient, mut request: CreateRequest) -> Result<Self, Error> {
        request.check_template()?;
        // The service's own choice may change, and all files shall have the same columns.
        if request.fields.is_empty() && *request.object() == Object::Activities {
            request.fields = ACTIVITY.map(str::to_owned).into();
        }
        Ok(Self {
            client: client.clone(),
            request,
            name: None,
            longest: LONGEST_RANGE,
            lag: SignedDuration::from_mins(5),
            fall_back: false,
            made_at: client.clock().now(),
        })
    }

    /// Gives the plan a name of its own.
    ///
    /// A plan without a range, by a list or by programs alone, is one window: once the ledger says that it is done, it is done. Give each
    /// export of a list its own name, such as `customers-2026-03-01`.
    ///
    /// # Errors
    ///
    /// A name that is empty, longer than 100 characters, begins with a dot, or has others than ASCII letters, digits, `-`, `_` and `.`: files
    /// are called by it.
    pub fn named(mut self, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.bytes().all(fits) {
            return Err(Error::refused(format!(
                "the name of a plan is 1 to 100 ASCII letters, digits, `-`, `_` and `.`, the first one no dot: `{name}`"
            )));
        }
        self.name = Some(name);
        Ok(self)
    }

    /// Cuts the range into windows of at most so many whole seconds, so that the file of each fits the day's bytes. 31 days less one second,
    /// which is the most there is, unless this says otherwise.
    #[must_use]
    pub fn longest_window(mut self, longest: Duration) -> Self {
        self.longest = i64::try_from(longest.as_secs()).unwrap_or(LONGEST_RANGE).clamp(1, LONGEST_RANGE);
        self
    }

    /// Exports a window only when its end lies so far in the past: what the service records late is in it. Five minutes, unless this says
    /// otherwise.
    #[must_use]
    pub fn lag(mut self, lag: Duration) -> Self {
        self.lag = SignedDuration::try_from(lag).unwrap_or(SignedDuration::MAX);
        self
    }

    /// Where the subscription does not have the filter updatedAt (1035), goes on with createdAt: changes of older records are then not
    /// exported. Only leads have both.
    #[must_use]
    pub fn fall_back_to_created_at(mut self, allow: bool) -> Self {
        self.fall_back = allow;
        self
    }

    /// The name: the one given, or one made from the request without its range, such as `leads-1f5a3c07`.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| {
            // A request always has a JSON.
            let json = serde_json::to_vec(&template(&self.request)).unwrap_or_default();
            let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(json));
            let object = self.object().to_string().replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
            format!("{object:.80}-{a:02x}{b:02x}{c:02x}{d:02x}")
        })
    }

    /// The object.
    #[must_use]
    pub const fn object(&self) -> &Object {
        self.request.object()
    }

    /// The request, with the whole range.
    #[must_use]
    pub const fn request(&self) -> &CreateRequest {
        &self.request
    }

    /// What of the range lay far enough in the past to be exported when the plan was made; a run looks again. `None` where nothing does, or the plan has no range.
    #[must_use]
    pub fn range(&self) -> Option<TimeRange> {
        self.request.filter().range()?.clip(self.latest()).0
    }

    /// The windows of [`range`](Self::range), in order, whether they have been exported or not.
    #[must_use]
    pub fn windows(&self) -> Option<Windows> {
        self.range().map(|range| range.windows(self.longest))
    }

    /// Whether the range is shorter than asked for, because its end is not past for long enough.
    #[must_use]
    pub fn clipped(&self) -> Option<Clipped> {
        let asked = self.request.filter().range()?;
        let (range, clipped) = asked.clip(self.latest());
        clipped.then(|| Clipped { asked: asked.end(), to: range.map(|range| range.end()) })
    }

    /// The same plan, made at another time.
    pub(crate) fn as_of(&self, now: Timestamp) -> Self {
        Self { made_at: now, ..self.clone() }
    }

    pub(crate) const fn client(&self) -> &BulkClient {
        &self.client
    }

    pub(crate) const fn falls_back(&self) -> bool {
        self.fall_back
    }

    /// When a window may be exported.
    pub(crate) fn ready_at(&self, range: TimeRange) -> Timestamp {
        range.end().checked_add(self.lag).unwrap_or(Timestamp::MAX)
    }

    /// The windows that are missing where `recorded` are there; a plan without a range has one, `None`.
    pub(crate) fn missing(&self, recorded: &[Option<TimeRange>]) -> Result<Vec<Option<TimeRange>>, Error> {
        if self.request.filter().range().is_none() {
            return Ok(if recorded.is_empty() { vec![None] } else { Vec::new() });
        }
        let Some(range) = self.range() else { return Ok(Vec::new()) };
        let pieces = range.without(recorded.iter().copied().flatten());
        let count: usize = pieces.iter().map(|piece| piece.windows(self.longest).len()).sum();
        if count > MOST_WINDOWS {
            return Err(Error::refused(format!(
                "{range} makes {count} windows of at most {} seconds; a plan has at most {MOST_WINDOWS}",
                self.longest
            )));
        }
        Ok(pieces.iter().flat_map(|piece| piece.windows(self.longest)).map(Some).collect())
    }

    fn latest(&self) -> Timestamp {
        self.made_at.checked_sub(self.lag).unwrap_or(Timestamp::MIN)
    }
}

impl<O, F: Filtered> Export<O, F, WithFields> {
    /// A plan: the range may be of any length.
    ///
    /// # Errors
    ///
    /// The first rule that the export breaks.
    pub fn plan(&self) -> Result<Plan, Error> {
        Plan::new(self.client(), self.template()?)
    }
}

/// A request with a range that says nothing: equal for all windows of a plan.
pub(crate) fn template(request: &CreateRequest) -> CreateRequest {
    request.clone().with_range(TimeRange::between(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH))
}
