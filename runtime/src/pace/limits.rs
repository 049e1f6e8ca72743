//! What a subscription allows.

use std::num::NonZeroU32;
use std::time::Duration;

/// The limits of a subscription. They hold for everything that calls it: leave room for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(super) calls: NonZeroU32,
    pub(super) window: Duration,
    pub(super) at_once: NonZeroU32,
    pub(super) daily: Option<u32>,
}

impl Limits {
    /// The span in which calls are counted.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// At most `calls` in any span of `window`.
    #[must_use]
    pub const fn calls(mut self, calls: NonZeroU32, window: Duration) -> Self {
        self.calls = calls;
        self.window = window;
        self
    }

    /// At most `calls` at once.
    #[must_use]
    pub const fn at_once(mut self, calls: NonZeroU32) -> Self {
        self.at_once = calls;
        self
    }

    /// At most `calls` a day, counted by this program from its start; a day begins at midnight US Central time.
    #[must_use]
    pub const fn daily(mut self, calls: u32) -> Self {
        self.daily = Some(calls);
        self
    }
}

/// 100 calls in 20 seconds, 10 at once, no daily budget: what Marketo allows a subscription.
impl Default for Limits {
    fn default() -> Self {
        const CALLS: NonZeroU32 = NonZeroU32::new(100).expect("it is not zero");
        const AT_ONCE: NonZeroU32 = NonZeroU32::new(10).expect("it is not zero");
        Self { calls: CALLS, window: Duration::from_secs(20), at_once: AT_ONCE, daily: None }
    }
}
