//! How large the next file will be, judged by those that came before.

use jiff::Timestamp;

use super::template;
use crate::bulk::ledger::{Ledger, LedgerError};
use crate::bulk::{CreateRequest, JobInfo, Status, TimeRange};
use crate::pace;

/// So many of the latest windows are judged by.
const LATEST: usize = 30;

/// How large files of a request are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Estimate {
    /// Bytes a second of range.
    rate: Option<f64>,
    /// Bytes of the latest file without a range.
    whole: Option<u64>,
}

impl Estimate {
    /// By the completed jobs that the ledger has of the same request, whatever the plan's name.
    pub(crate) fn of(ledger: &Ledger, request: &CreateRequest) -> Result<Self, LedgerError> {
        let wanted = template(request);
        let mut known = Vec::new();
        for name in ledger.plans()? {
            let Some(plan) = ledger.plan(&name)? else { continue };
            if template(&plan.request) != wanted {
                continue;
            }
            for record in ledger.windows(&name)? {
                let size =
                    record.job().filter(|job| job.info.status == Status::Completed).and_then(|job| job.info.size);
                known.extend(size.map(|size| (record.range, record.since, size)));
            }
        }
        Ok(Self::by(known))
    }

    fn by(mut known: Vec<(Option<TimeRange>, Timestamp, u64)>) -> Self {
        known.sort_by_key(|(range, since, _)| (range.map(|range| range.end()), *since));
        let whole = known.iter().rev().find(|(range, ..)| range.is_none()).map(|(_, _, size)| *size);
        let (mut seconds, mut bytes) = (0.0, 0.0);
        for (range, _, size) in
            known.iter().rev().filter_map(|(range, since, size)| Some((range.as_ref()?, since, size))).take(LATEST)
        {
            seconds += range.seconds().max(1) as f64;
            bytes += *size as f64;
        }
        Self { rate: (seconds > 0.0).then(|| bytes / seconds), whole }
    }

    /// The bytes that a window's file is expected to have.
    pub(crate) fn bytes(&self, range: Option<TimeRange>) -> Option<u64> {
        match range {
            Some(range) => self.rate.map(|rate| (rate * range.seconds().max(1) as f64).ceil() as u64),
            None => self.whole,
        }
    }
}

/// The bytes of jobs in the ledger that ended since the service's day began. Other programs may have spent more.
pub(crate) fn spent_today(ledger: &Ledger, now: Timestamp) -> Result<u64, LedgerError> {
    let start = pace::day_start(now);
    let mut spent = 0_u64;
    for name in ledger.plans()? {
        for record in ledger.windows(&name)? {
            spent = record.jobs.iter().fold(spent, |spent, job| spent.saturating_add(bytes_since(&job.info, start)));
        }
    }
    Ok(spent)
}

fn bytes_since(job: &JobInfo, start: Timestamp) -> u64 {
    match (job.finished_at, job.size) {
        (Some(finished), Some(size)) if finished >= start => size,
        _ => 0,
    }
}
