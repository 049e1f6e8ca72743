//! How fast calls may go: a limit in a sliding window, one on calls at once, and a daily budget, shared by all clients of a subscription.
//!
//! The window is kept as the service sees it. When a request is received is known only to lie between sending it and its answer, so a call
//! counts from the moment it is sent until a whole window after it ended: however long requests travel, no window at the service ever holds
//! more calls than allowed. Of a call that was dropped under way nobody learns when it was received: it counts until a window after the drop.

mod day;
mod limits;
#[cfg(test)]
mod tests;
mod window;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex as Gate, Notify, OwnedSemaphorePermit, Semaphore};

pub use day::{day_start, next_reset};
pub use limits::Limits;

use crate::clock::{Clock, SystemClock};
use window::{Wait, Window};

/// The pace of a subscription. Clones share it.
#[derive(Clone)]
pub struct Pace(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    limits: Limits,
    at_once: Arc<Semaphore>,
    /// Held by the call that is next: first come, first served.
    gate: Gate<()>,
    window: Mutex<Window>,
    ended: Notify,
}

/// The right to make one call. Hold it until the answer is read; dropping it ends the call.
#[must_use]
pub struct Permit {
    shared: Arc<Shared>,
    counted: bool,
    _at_once: OwnedSemaphorePermit,
}

/// The daily budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetSpent {
    /// The calls that a day has.
    pub budget: u32,
    /// When the next day begins: midnight US Central time.
    pub until: Timestamp,
}

impl Pace {
    /// A pace with these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_clock(limits, Arc::new(SystemClock))
    }

    /// A pace with these limits, by a clock of its own.
    #[must_use]
    pub fn with_clock(limits: Limits, clock: Arc<dyn Clock>) -> Self {
        let window = Mutex::new(Window::new(&limits));
        let at_once = Arc::new(Semaphore::new(limits.at_once.get() as usize));
        Self(Arc::new(Shared { clock, limits, at_once, gate: Gate::new(()), window, ended: Notify::new() }))
    }

    /// Waits for the right to make a call. Calls are served in the order in which they asked; dropping the future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The daily budget is spent.
    pub async fn acquire(&self) -> Result<Permit, BudgetSpent> {
        let shared = &self.0;
        loop {
            let closed = shared.window().closed(shared.clock.elapsed());
            let Some(time) = closed else { break };
            shared.clock.sleep(time).await;
        }
        let Ok(at_once) = shared.at_once.clone().acquire_owned().await else {
            unreachable!("the semaphore is never closed")
        };
        let _gate = shared.gate.lock().await;
        loop {
            let ended = shared.ended.notified();
            let wait = shared.window().begin(shared.clock.elapsed(), shared.clock.now())?;
            match wait {
                Wait::None => return Ok(Permit { shared: shared.clone(), counted: true, _at_once: at_once }),
                Wait::For(duration) => shared.clock.sleep(duration).await,
                Wait::ForEnd => ended.await,
            }
        }
    }

    /// The service refused a call because there were too many before it, others' among them: none is begun for a time.
    pub fn refused(&self, time: Duration) {
        self.0.window().close(self.0.clock.elapsed(), time);
    }

    /// The service refused a call because there were too many at once, others' among them: for a minute, half as many are under way.
    pub fn crowded(&self) {
        self.0.window().crowd(self.0.clock.elapsed(), Duration::from_secs(60));
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Calls that are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.0.limits.at_once.get() as usize - self.0.at_once.available_permits()
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pace")
            .field("limits", &self.0.limits)
            .field("under_way", &self.under_way())
            .finish_non_exhaustive()
    }
}

impl Permit {
    /// Ends a call that surely did not reach the service: it counts for nothing.
    pub fn not_sent(mut self) {
        self.counted = false;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shared.window().end(self.shared.clock.elapsed(), self.counted);
        self.shared.ended.notify_one();
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}

impl Shared {
    fn window(&self) -> std::sync::MutexGuard<'_, Window> {
        // Nothing in there is left half-done by a panic: each method changes it in one step.
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Display for BudgetSpent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the daily budget of {} calls is spent until {}", self.budget, self.until)
    }
}

impl std::error::Error for BudgetSpent {}
