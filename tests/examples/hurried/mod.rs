//! A clock for programs that show what an export does, and not how long a job takes.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use runtime::clock::{BoxFuture, Clock};

/// The system's clock, by which a minute's wait takes half a second.
#[derive(Default)]
pub(crate) struct Hurried(Mutex<Duration>);

impl Hurried {
    fn skipped(&self) -> Duration {
        self.0.lock().map(|skipped| *skipped).unwrap_or_default()
    }
}

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        let skipped = SignedDuration::try_from(self.skipped()).unwrap_or_default();
        runtime::clock::SystemClock.now().checked_add(skipped).unwrap_or(Timestamp::MAX)
    }

    fn elapsed(&self) -> Duration {
        runtime::clock::SystemClock.elapsed() + self.skipped()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            // What takes less than a minute is a limit of the time for a call, and stays.
            let real = if duration < Duration::from_secs(60) { duration } else { duration / 120 };
            tokio::time::sleep(real).await;
            if let Ok(mut skipped) = self.0.lock() {
                *skipped += duration - real;
            }
        })
    }
}
