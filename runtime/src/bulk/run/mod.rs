//! Plans are carried out. Plans, a ledger and sinks enter; files and a report leave. One task does it all: it alone writes the ledger, and each
//! call of the service is a future that it waits for, so that dropping the run drops every call and leaves the ledger right.

mod adopt;
mod engine;
mod error;
mod line;
mod orphans;
mod report;
mod settle;
mod sink;
mod task;

use std::num::NonZeroU32;
use std::sync::Arc;

use tracing::Instrument;

use super::ledger::{Ledger, PlanRecord};
use super::plan::{DAILY_BYTES, Plan};
use super::progress::Progress;
use super::{DownloadOptions, Polling};

pub use error::{RunError, RunErrorKind};
pub use report::{PlanReport, Report, WindowReport};
pub use sink::{Raw, Sink, SinkError, SinkWindow};

/// Several plans that are carried out together, and how.
///
/// At most two jobs run at once, which is what the service runs of a subscription, and at most so many more wait in its queue as
/// [`queued`](Self::queued) says. The plans take turns.
pub struct Run {
    plans: Vec<(Plan, Arc<dyn Sink>)>,
    settings: Settings,
}

#[derive(Clone, Debug)]
struct Settings {
    queued: usize,
    downloads: usize,
    daily_bytes: Option<u64>,
    wait_for_reset: bool,
    jobs: u32,
    cancel_orphans: bool,
    polling: Polling,
    download: DownloadOptions,
}

impl Run {
    /// No plans yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            plans: Vec::new(),
            settings: Settings {
                queued: 2,
                downloads: 2,
                daily_bytes: Some(DAILY_BYTES),
                wait_for_reset: true,
                jobs: 3,
                cancel_orphans: false,
                polling: Polling::default(),
                download: DownloadOptions::default(),
            },
        }
    }

    /// Adds a plan, and where its rows go.
    #[must_use]
    pub fn plan(mut self, plan: Plan, sink: impl Sink) -> Self {
        self.plans.push((plan, Arc::new(sink)));
        self
    }

    /// At most so many of our jobs wait in the subscription's queue, which has ten places for everybody. Two, unless this says otherwise.
    #[must_use]
    pub fn queued(mut self, jobs: NonZeroU32) -> Self {
        self.settings.queued = jobs.get() as usize;
        self
    }

    /// At most so many files come at once, each by a call that lasts until its last byte, or by several with
    /// [`DownloadOptions::ranges`]: a subscription has ten calls at once for everybody. Two, unless this says otherwise.
    #[must_use]
    pub fn downloads(mut self, files: NonZeroU32) -> Self {
        self.settings.downloads = files.get() as usize;
        self
    }

    /// The bytes that the subscription may export a day; a window that is not expected to fit what is left waits for the next one. 500 MB,
    /// unless this says otherwise. `None`: nothing is expected, and the service alone says when the day's bytes are spent.
    #[must_use]
    pub fn daily_bytes(mut self, bytes: Option<u64>) -> Self {
        self.settings.daily_bytes = bytes;
        self
    }

    /// Whether the run waits for the service's next day where the day's bytes or calls are spent. It does, unless this says otherwise: then it
    /// begins no more jobs, finishes those that are there and ends with an error that says when to run again.
    #[must_use]
    pub fn wait_for_reset(mut self, wait: bool) -> Self {
        self.settings.wait_for_reset = wait;
        self
    }

    /// So many jobs of one window may come to nothing, one after the other, before the window is given up. Three, unless this says otherwise.
    #[must_use]
    pub fn jobs_per_window(mut self, jobs: NonZeroU32) -> Self {
        self.settings.jobs = jobs.get();
        self
    }

    /// Cancels suspected orphans at the end: jobs of the plans' objects in the state Created that no plan of the ledger knows and that were
    /// created while a `create` of ours went unanswered.
    ///
    /// The service does not tell which program made a job. Allow this only where no other program, and no other ledger, exports as this API
    /// user: theirs would be cancelled, too. An orphan that is left alone never starts, and takes no place in the queue.
    #[must_use]
    pub fn cancel_orphans(mut self, no_other_program_uses_this_api_user: bool) -> Self {
        self.settings.cancel_orphans = no_other_program_uses_this_api_user;
        self
    }

    /// How often the states of jobs are asked for.
    #[must_use]
    pub fn polling(mut self, polling: Polling) -> Self {
        self.settings.polling = polling;
        self
    }

    /// How files are downloaded. Bytes are told to the run's [`Progress`], not to the options' own.
    #[must_use]
    pub fn download(mut self, options: DownloadOptions) -> Self {
        self.settings.download = options;
        self
    }

    /// Carries the plans out. What the ledger holds of them is taken up where it stands.
    ///
    /// Dropping the future ends the run; the next one goes on from the ledger.
    ///
    /// # Errors
    ///
    /// Whatever keeps a window from being finished. A window that cannot be finished does not keep others from it; the error has the report.
    pub async fn go(&self, ledger: &mut Ledger, progress: &dyn Progress) -> Result<Report, RunError> {
        let plans: Vec<_> = self.plans.iter().map(|(plan, _)| plan.name()).collect();
        let run = async { engine::Engine::new(self, ledger, progress).await?.run().await };
        run.instrument(tracing::info_span!("export", ?plans)).await
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plans: Vec<_> = self.plans.iter().map(|(plan, _)| plan.name()).collect();
        f.debug_struct("Run").field("plans", &plans).field("settings", &self.settings).finish()
    }
}

impl Plan {
    /// Carries this plan out by itself. See [`Run`], which has settings.
    ///
    /// # Errors
    ///
    /// As [`Run::go`].
    pub async fn run(&self, ledger: &mut Ledger, sink: impl Sink, progress: &dyn Progress) -> Result<Report, RunError> {
        Run::new().plan(self.clone(), sink).go(ledger, progress).await
    }

    /// Refuses a ledger that has this plan's name with another request, or for another service.
    pub(crate) fn check_recorded(&self, ledger: &Ledger) -> Result<(), RunError> {
        use super::plan::template;
        let name = self.name();
        match ledger.plan(&name)? {
            Some(record) if template(&record.request) != template(self.request()) => {
                Err(RunError::new(RunErrorKind::OtherPlan).of_plan(&name))
            }
            Some(PlanRecord { service: Some(service), .. }) if service != self.client().service() => {
                Err(RunError::new(RunErrorKind::OtherService).of_plan(&name))
            }
            _ => Ok(()),
        }
    }
}
