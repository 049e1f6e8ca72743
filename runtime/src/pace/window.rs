//! The calls that still count.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::{BudgetSpent, Limits, next_reset};

/// Calls under way and calls whose window has not passed; and those of the day.
pub(super) struct Window {
    calls: usize,
    window: Duration,
    under_way: usize,
    /// When each call ended, oldest first.
    ended: VecDeque<Duration>,
    daily: Option<Daily>,
    /// The service refused a call for its pace: none is made before.
    closed_until: Duration,
    /// Half of the calls that may be at once: no more are begun before the time beside it.
    half: usize,
    crowded_until: Duration,
}

struct Daily {
    budget: u32,
    spent: u32,
    resets: Timestamp,
}

/// What a call must wait for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wait {
    None,
    For(Duration),
    /// As many calls as may be are under way: until one ends.
    ForEnd,
}

impl Window {
    pub(super) fn new(limits: &Limits) -> Self {
        let daily = limits.daily.map(|budget| Daily { budget, spent: 0, resets: Timestamp::MIN });
        Self {
            calls: limits.calls.get() as usize,
            window: limits.window,
            under_way: 0,
            ended: VecDeque::new(),
            daily,
            closed_until: Duration::ZERO,
            half: limits.at_once.get().div_ceil(2) as usize,
            crowded_until: Duration::ZERO,
        }
    }

    /// Lets no call begin for a time.
    pub(super) fn close(&mut self, elapsed: Duration, time: Duration) {
        self.closed_until = self.closed_until.max(elapsed.saturating_add(time));
    }

    /// Lets no more than half of the calls be under way for a time.
    pub(super) fn crowd(&mut self, elapsed: Duration, time: Duration) {
        self.crowded_until = self.crowded_until.max(elapsed.saturating_add(time));
    }

    /// How long none begins.
    pub(super) fn closed(&self, elapsed: Duration) -> Option<Duration> {
        self.closed_until.checked_sub(elapsed).filter(|time| !time.is_zero())
    }

    /// Begins a call, unless it must wait.
    pub(super) fn begin(&mut self, elapsed: Duration, now: Timestamp) -> Result<Wait, BudgetSpent> {
        if let Some(daily) = &mut self.daily {
            if daily.resets <= now {
                daily.spent = 0;
                daily.resets = next_reset(now);
            }
            if daily.spent >= daily.budget {
                return Err(BudgetSpent { budget: daily.budget, until: daily.resets });
            }
        }
        if elapsed < self.crowded_until && self.under_way >= self.half {
            return Ok(Wait::ForEnd);
        }
        // A call that ended exactly a window ago still shares the closed span with one received now.
        while self.ended.front().is_some_and(|ended| elapsed.saturating_sub(*ended) > self.window) {
            self.ended.pop_front();
        }
        if self.under_way + self.ended.len() < self.calls {
            self.under_way += 1;
            if let Some(daily) = &mut self.daily {
                daily.spent += 1;
            }
            return Ok(Wait::None);
        }
        Ok(match self.ended.front() {
            Some(ended) => Wait::For(
                ended.saturating_add(self.window).saturating_sub(elapsed).saturating_add(Duration::from_millis(1)),
            ),
            None => Wait::ForEnd,
        })
    }

    /// Ends a call.
    pub(super) fn end(&mut self, elapsed: Duration, counted: bool) {
        self.under_way = self.under_way.saturating_sub(1);
        if counted {
            self.ended.push_back(elapsed);
        } else if let Some(daily) = &mut self.daily {
            daily.spent = daily.spent.saturating_sub(1);
        }
    }
}
