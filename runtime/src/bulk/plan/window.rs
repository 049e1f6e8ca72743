//! A range of time cut into windows that meet. A range enters, windows leave; nothing in here asks the time.
//!
//! Ranges are closed: the service takes both ends as part of them. What it makes of fractions of a second is not documented, so ends are
//! whole seconds and each window begins at the very second where the one before it ended: a row on the border comes twice, never not at all.

use jiff::{SignedDuration, Timestamp};

use crate::bulk::{LONGEST_RANGE, TimeRange};

/// The windows of a range, in order. See [`TimeRange::windows`].
#[derive(Clone, Debug)]
pub struct Windows {
    /// Where the next window begins, unless there is none.
    next: Option<Timestamp>,
    end: Timestamp,
    longest: i64,
}

impl TimeRange {
    /// Cuts into windows of at most `longest` seconds, and never more than [`LONGEST_RANGE`] nor less than one. All but the last have that
    /// length.
    #[must_use]
    pub fn windows(&self, longest: i64) -> Windows {
        Windows { next: Some(self.start()), end: self.end(), longest: longest.clamp(1, LONGEST_RANGE) }
    }

    /// What of this range ends at `latest` or before, and whether that is less than all. `None` where nothing is.
    pub(crate) fn clip(&self, latest: Timestamp) -> (Option<Self>, bool) {
        let latest = Timestamp::from_second(latest.as_nanosecond().div_euclid(1_000_000_000) as i64).unwrap_or(latest);
        if self.end() <= latest {
            return (Some(*self), false);
        }
        ((self.start() < latest).then(|| Self::between(self.start(), latest)), true)
    }

    /// What of this range none of `taken` covers, in order; pieces and windows meet. `taken` may overlap and come in any order.
    pub(crate) fn without(&self, taken: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut taken: Vec<Self> =
            taken.into_iter().filter(|range| range.start() <= self.end() && self.start() <= range.end()).collect();
        if self.start() == self.end() {
            return if taken.is_empty() { vec![*self] } else { Vec::new() };
        }
        taken.sort_by_key(Self::start);
        let mut left = Vec::new();
        let mut from = self.start();
        for range in taken {
            if from < range.start() {
                left.push(Self::between(from, range.start()));
            }
            from = from.max(range.end());
        }
        if from < self.end() {
            left.push(Self::between(from, self.end()));
        }
        left
    }
}

/// Where the unbroken run of `finished` ranges that begins at `start` ends; `start` itself where there is none.
pub(crate) fn reached(start: Timestamp, finished: impl IntoIterator<Item = TimeRange>) -> Timestamp {
    let mut finished: Vec<TimeRange> = finished.into_iter().collect();
    finished.sort_by_key(TimeRange::start);
    finished.iter().fold(start, |at, range| if range.start() <= at { at.max(range.end()) } else { at })
}

impl Iterator for Windows {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        let start = self.next?;
        // Where the sum is past the last second there is, the range's end comes first.
        let end = start.checked_add(SignedDuration::from_secs(self.longest)).map_or(self.end, |end| end.min(self.end));
        self.next = (end < self.end).then_some(end);
        Some(TimeRange::between(start, end))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match self.next {
            None => 0,
            Some(next) => {
                let seconds = self.end.as_second().abs_diff(next.as_second());
                seconds.div_ceil(self.longest.unsigned_abs()).max(1)
            }
        };
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Windows {}
