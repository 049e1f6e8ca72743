//! How often a job's state is asked for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::error::{Action, Error, ErrorKind};
use super::repeats::jitter;
use super::settings::Settings;

/// How often a job's state is asked for: never sooner than a minute after the last time, since the service renews it no more often; each wait
/// half as long again as the one before, up to a longest one, plus up to a tenth, drawn by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    first: Duration,
    longest: Duration,
    total: Duration,
}

impl Polling {
    /// The service renews a job's state no sooner than this.
    pub const SHORTEST: Duration = Duration::from_secs(60);

    /// The first wait; a minute at least.
    #[must_use]
    pub fn first(mut self, wait: Duration) -> Self {
        self.first = wait.max(Self::SHORTEST);
        self
    }

    /// The longest wait; a minute at least.
    #[must_use]
    pub fn longest(mut self, wait: Duration) -> Self {
        self.longest = wait.max(Self::SHORTEST);
        self
    }

    /// The greatest time of all waits together.
    #[must_use]
    pub const fn total(mut self, time: Duration) -> Self {
        self.total = time;
        self
    }

    /// The wait before asking once more, after `asked` times, or `None` where it would end later than allowed.
    #[must_use]
    pub fn wait(&self, asked: u32, elapsed: Duration) -> Option<Duration> {
        let grown =
            (0..asked).try_fold(self.first, |wait, _| (wait < self.longest).then(|| wait.saturating_mul(3) / 2));
        let wait = grown.unwrap_or(self.longest).min(self.longest);
        let wait = wait.saturating_add(jitter(wait / 10));
        (elapsed.saturating_add(wait) <= self.total).then_some(wait)
    }
}

/// A minute at first, five at most, a day in all.
impl Default for Polling {
    fn default() -> Self {
        Self { first: Self::SHORTEST, longest: Duration::from_secs(300), total: Duration::from_secs(86_400) }
    }
}

/// The waits of one step, by the client's polling.
pub(super) struct Patience<'a> {
    settings: &'a Settings,
    began: Duration,
    asked: u32,
    /// The reset that was waited for.
    reset: Option<Timestamp>,
}

/// So long after a reset a quota that is still spent is asked about again, before the next reset is waited for: clocks differ, and services
/// are late.
const LATE: SignedDuration = SignedDuration::from_hours(1);

impl<'a> Patience<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, began: settings.clock.elapsed(), asked: 0, reset: None }
    }

    /// Waits until it is time to ask once more; `what` is not so yet.
    ///
    /// # Errors
    ///
    /// All waits together would take longer than allowed.
    pub(super) async fn pause(&mut self, what: impl FnOnce() -> String) -> Result<(), Error> {
        let elapsed = self.settings.clock.elapsed().saturating_sub(self.began);
        let Some(wait) = self.settings.polling.wait(self.asked, elapsed) else {
            let text = format!("{}, after {} seconds", what(), elapsed.as_secs());
            return Err(Error::new(ErrorKind::Patience, text));
        };
        self.asked = self.asked.saturating_add(1);
        self.settings.clock.sleep(wait).await;
        Ok(())
    }

    /// Waits for a place in the queue, and for the service's next day where the client was built to.
    ///
    /// # Errors
    ///
    /// The error itself, where it is another one; no place came within the time allowed.
    pub(super) async fn for_room(&mut self, error: Error) -> Result<(), Error> {
        match error.action() {
            Action::WaitForSlot => self.pause(|| format!("there is no place in the queue ({error})")).await,
            Action::WaitForReset if self.settings.wait_for_reset => {
                let Some(until) = error.until() else { return Err(error) };
                if self.reset.is_some_and(|reset| self.settings.clock.now().duration_since(reset) < LATE) {
                    return self.pause(|| format!("the day's quota is spent still ({error})")).await;
                }
                self.reset = Some(until);
                tracing::info!(%until, "the day's quota is spent; waiting for the next day");
                self.settings.sleep_until_reset(until).await;
                // It was no waiting for a job.
                (self.began, self.asked) = (self.settings.clock.elapsed(), 0);
                Ok(())
            }
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_minute_to_the_longest() {
        let polling = Polling::default();
        for (asked, seconds) in [(0, 60), (1, 90), (2, 135), (3, 202), (4, 300), (5, 300), (4_000_000_000, 300)] {
            let wait = polling.wait(asked, Duration::ZERO).unwrap();
            let shortest = Duration::from_secs(seconds);
            assert!(wait >= shortest && wait <= shortest * 11 / 10 + Duration::from_secs(1), "{asked}: {wait:?}");
        }
        assert_eq!(polling.wait(0, Duration::from_secs(86_341)), None);
        let hasty = Polling::default().first(Duration::ZERO).longest(Duration::from_secs(1));
        assert!(hasty.wait(3, Duration::ZERO).unwrap() >= Polling::SHORTEST);
    }
}
