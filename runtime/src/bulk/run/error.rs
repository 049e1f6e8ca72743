//! Why a run ended before its windows were done.

use std::fmt;

use super::{Report, SinkError};
use crate::bulk::Error;
use crate::bulk::ledger::LedgerError;

/// Why a run ended before its windows were done. What was done stays done: the next run with the same ledger goes on from there.
pub struct RunError(Box<Inner>);

struct Inner {
    kind: RunErrorKind,
    plan: Option<String>,
    window: Option<String>,
    report: Option<Report>,
}

/// What ended a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunErrorKind {
    /// The service, the disk, or a rule.
    Bulk(Error),
    /// The ledger.
    Ledger(LedgerError),
    /// A sink.
    Sink(SinkError),
    /// The ledger has a plan of this name that asks for something else.
    OtherPlan,
    /// The ledger has a plan of this name that exports from another service.
    OtherService,
    /// The plans of the run export from several services: places in the queue and quotas are those of one.
    SeveralServices,
    /// Two plans of the run have this name.
    SamePlan,
    /// So many jobs for one window came to nothing, one after the other; what the service said of the last one.
    Jobs(u32, Option<String>),
    /// Somebody cancelled the window's job.
    Cancelled,
    /// The window's job did not end in the time that polling is allowed.
    Patience,
    /// The service's queue was full for as long as polling is allowed.
    QueueFull,
    /// So many windows were left without a reason: a defect here. The next run takes them up.
    Unfinished(usize),
}

impl RunError {
    pub(crate) fn new(kind: impl Into<RunErrorKind>) -> Self {
        Self(Box::new(Inner { kind: kind.into(), plan: None, window: None, report: None }))
    }

    pub(crate) fn of_plan(mut self, plan: &str) -> Self {
        self.0.plan.get_or_insert_with(|| plan.to_owned());
        self
    }

    pub(super) fn of_window(mut self, window: impl fmt::Display) -> Self {
        self.0.window.get_or_insert_with(|| window.to_string());
        self
    }

    pub(super) fn with_report(mut self, report: Report) -> Self {
        self.0.report = Some(report);
        self
    }

    /// What ended the run.
    #[must_use]
    pub fn kind(&self) -> &RunErrorKind {
        &self.0.kind
    }

    /// The error of the service, the disk or a rule, if it was one: it tells what to do, and when a spent quota is new.
    #[must_use]
    pub fn bulk(&self) -> Option<&Error> {
        match &self.0.kind {
            RunErrorKind::Bulk(error) => Some(error),
            _ => None,
        }
    }

    /// The name of the plan that it happened to.
    #[must_use]
    pub fn plan(&self) -> Option<&str> {
        self.0.plan.as_deref()
    }

    /// What the run did until then; `None` where it had not begun.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.0.report.as_ref()
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(plan) = &self.0.plan {
            write!(f, "{plan}")?;
            if let Some(window) = &self.0.window {
                write!(f, " {window}")?;
            }
            f.write_str(": ")?;
        }
        match &self.0.kind {
            RunErrorKind::Bulk(error) => error.fmt(f),
            RunErrorKind::Ledger(error) => error.fmt(f),
            RunErrorKind::Sink(error) => error.fmt(f),
            RunErrorKind::OtherPlan => f.write_str("the ledger has a plan of this name that asks for something else"),
            RunErrorKind::OtherService => {
                f.write_str("the ledger has a plan of this name that exports from another service: name this one")
            }
            RunErrorKind::SeveralServices => f.write_str("the plans of a run export from one service"),
            RunErrorKind::SamePlan => f.write_str("two plans of the run have this name"),
            RunErrorKind::Jobs(count, message) => {
                write!(f, "jobs that came to nothing, one after the other: {count}")?;
                message.as_ref().map_or(Ok(()), |message| write!(f, "; the last one: {message}"))
            }
            RunErrorKind::Cancelled => f.write_str("somebody cancelled the job"),
            RunErrorKind::Patience => f.write_str("the job did not end in the time that it was given"),
            RunErrorKind::QueueFull => f.write_str("the service's queue was full for longer than it is waited for"),
            RunErrorKind::Unfinished(windows) => write!(f, "windows that were left unfinished: {windows}"),
        }
    }
}

impl fmt::Debug for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunError")
            .field("kind", &self.0.kind)
            .field("plan", &self.0.plan)
            .field("window", &self.0.window)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            RunErrorKind::Bulk(error) => Some(error),
            RunErrorKind::Ledger(error) => Some(error),
            RunErrorKind::Sink(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl From<Error> for RunErrorKind {
    fn from(error: Error) -> Self {
        Self::Bulk(error)
    }
}

impl From<LedgerError> for RunErrorKind {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

impl From<LedgerError> for RunError {
    fn from(error: LedgerError) -> Self {
        Self::new(error)
    }
}
