//! How long to wait before a call is made again: exponential, with full jitter, within a number of attempts and a total time.

use std::time::{Duration, SystemTime};

use retry_policies::policies::ExponentialBackoff;
use retry_policies::{Jitter, RetryDecision, RetryPolicy};

/// When to try again, and when to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The bound of the first wait; each later one doubles it. A wait is drawn evenly between nothing and its bound.
    pub first: Duration,
    /// No wait is longer.
    pub longest: Duration,
    /// The greatest number of attempts, the first included.
    pub attempts: u32,
    /// The greatest time from the beginning to the last attempt; a wait that would end later is not begun. A call of the SOAP client ends with
    /// it in any case, waits for the pace and attempts under way included.
    pub total: Duration,
}

impl Backoff {
    /// The wait after `attempts` attempts that took `elapsed` in all, or `None` where it is time to give up.
    #[must_use]
    pub fn wait(&self, attempts: u32, elapsed: Duration) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        // No longer than what the policy can multiply and a date can be moved by.
        let longest = self.longest.clamp(Duration::from_millis(1), Duration::from_secs(365 * 86_400));
        let policy = ExponentialBackoff::builder()
            .retry_bounds(self.first.clamp(Duration::from_millis(1), longest), longest)
            .jitter(Jitter::Full)
            .build_with_max_retries(self.attempts);
        let now = SystemTime::now();
        let RetryDecision::Retry { execute_after } = policy.should_retry(now, attempts.saturating_sub(1)) else {
            return None;
        };
        let wait = execute_after.duration_since(now).unwrap_or_default().min(longest);
        (elapsed.saturating_add(wait) <= self.total).then_some(wait)
    }
}

/// Half a second at first, 30 seconds at most, five attempts within five minutes.
impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            attempts: 5,
            total: Duration::from_secs(300),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_end() {
        let backoff = Backoff { attempts: 12, ..Backoff::default() };
        for attempt in 1..12 {
            let bound = (Duration::from_millis(500) * 2_u32.pow(attempt - 1)).min(Duration::from_secs(30));
            let waits: Vec<_> = (0..200).map(|_| backoff.wait(attempt, Duration::ZERO).unwrap()).collect();
            // The time the policy itself takes may show.
            assert!(waits.iter().all(|wait| *wait <= bound + Duration::from_millis(50)), "{attempt}: {waits:?}");
            assert!(waits.iter().any(|wait| *wait > bound / 2), "{attempt}");
            assert!(waits.iter().any(|wait| *wait < bound / 2), "{attempt}");
        }
        assert_eq!(backoff.wait(12, Duration::ZERO), None);
        assert_eq!(backoff.wait(1, Duration::from_secs(301)), None);
    }

    #[test]
    fn no_bound_is_too_long() {
        let all = Duration::MAX;
        let backoff = Backoff { first: all, longest: all, attempts: u32::MAX, total: all };
        assert!([1, 2, 40, u32::MAX - 1].iter().all(|attempts| backoff.wait(*attempts, all).is_some()));
    }
}
