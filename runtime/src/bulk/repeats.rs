//! What follows an error: a wait and another attempt, or giving up. By the table of codes, within the back-off.

use std::time::Duration;

use super::error::{Action, Endpoint, Error, ErrorKind};
use super::settings::Settings;
use crate::backoff::Backoff;

/// The most long waits of one call.
const MOST_SLOW: u32 = 3;

/// The attempts of one call.
#[derive(Debug)]
pub(super) struct Repeats {
    /// Whether it is a token that is asked for. What came of that is no reason to make another call again.
    identity: bool,
    began: Duration,
    attempts: u32,
    slow: u32,
    /// The token of the last attempt, by its number.
    pub(super) token: Option<u64>,
    /// The token that was refused. A second one ends the call.
    pub(super) refused: Option<u64>,
}

impl Repeats {
    pub(super) fn new(settings: &Settings) -> Self {
        let began = settings.clock.elapsed();
        Self { identity: false, began, attempts: 0, slow: 0, token: None, refused: None }
    }

    pub(super) fn of_identity(settings: &Settings) -> Self {
        Self { identity: true, ..Self::new(settings) }
    }

    /// Something came of it: what follows is counted anew.
    pub(super) fn progress(&mut self, settings: &Settings) {
        *self = Self { identity: self.identity, token: self.token, ..Self::new(settings) };
    }

    /// Waits until it is time for the next attempt.
    ///
    /// # Errors
    ///
    /// The error itself, where it is time to give up.
    pub(super) async fn after(&mut self, settings: &Settings, error: Error) -> Result<(), Error> {
        if error.kind() == ErrorKind::Concurrency {
            settings.pace.crowded();
        }
        match error.action() {
            _ if error.endpoint() == Some(Endpoint::Identity) && !self.identity => Err(error),
            Action::Renew if self.refused.is_none() && self.token.is_some() => {
                self.refused = self.token;
                Ok(())
            }
            Action::Retry => self.again(settings, error).await,
            Action::RetrySlowly if self.slow < MOST_SLOW => {
                self.slow += 1;
                let wait = settings.backoff.longest.saturating_mul(self.slow);
                self.pause(settings, wait, error).await
            }
            Action::WaitForWindow => {
                let window = settings.pace.limits().window();
                settings.pace.refused(window);
                let wait = window.saturating_add(jitter(settings.backoff.first));
                self.attempts += 1;
                if self.attempts >= settings.backoff.attempts {
                    Err(error)
                } else {
                    self.pause(settings, wait, error).await
                }
            }
            _ => Err(error),
        }
    }

    /// Waits as the back-off says, or as the service does where that is longer.
    ///
    /// # Errors
    ///
    /// The error itself, where it is time to give up.
    pub(super) async fn again(&mut self, settings: &Settings, error: Error) -> Result<(), Error> {
        self.attempts += 1;
        match settings.backoff.wait(self.attempts, self.elapsed(settings)) {
            Some(wait) => self.pause(settings, wait.max(error.retry_after().unwrap_or_default()), error).await,
            None => Err(error),
        }
    }

    async fn pause(&self, settings: &Settings, wait: Duration, error: Error) -> Result<(), Error> {
        if self.elapsed(settings).saturating_add(wait) > settings.backoff.total {
            return Err(error);
        }
        tracing::debug!(%error, ?wait, "called again after a wait");
        settings.clock.sleep(wait).await;
        Ok(())
    }

    fn elapsed(&self, settings: &Settings) -> Duration {
        settings.clock.elapsed().saturating_sub(self.began)
    }
}

/// A time drawn evenly between nothing and `bound`.
pub(super) fn jitter(bound: Duration) -> Duration {
    let once = Backoff { first: bound, longest: bound, attempts: 2, total: Duration::MAX };
    once.wait(1, Duration::ZERO).unwrap_or_default()
}
