//! A plan and its windows while they are carried out.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::sink::Sink;
use super::task::Moved;
use super::{PlanReport, RunError, WindowReport};
use crate::bulk::ledger::{JobRecord, Ledger, PlanRecord, Step, WindowRecord};
use crate::bulk::plan::{Estimate, Plan, reached};
use crate::bulk::progress::Reason;
use crate::bulk::{CreateRequest, Error, Schema, Status, TimeRange};
use crate::clock::Clock;

/// So many files of a plan may be on their way to its sink, or wait for it, before another window is begun: the disk is not filled by a slow
/// one.
const AHEAD: usize = 8;

/// A plan under way.
pub(super) struct Line {
    pub(super) plan: Plan,
    pub(super) name: Arc<str>,
    pub(super) record: Arc<PlanRecord>,
    /// In the order of their ranges.
    pub(super) cells: Vec<Cell>,
    pub(super) sink: Arc<dyn Sink>,
    pub(super) estimate: Estimate,
    /// No window of it is begun any more.
    pub(super) closed: bool,
    /// A window of it is being written.
    pub(super) sinking: bool,
    /// When it was last its turn.
    pub(super) turn: u64,
}

/// A window under way.
pub(super) struct Cell {
    pub(super) number: u32,
    pub(super) record: WindowRecord,
    /// An earlier run finished it.
    pub(super) earlier: bool,
    /// Something is being waited for.
    pub(super) busy: bool,
    /// Its file is to be downloaded, or found whole, and is being so.
    pub(super) wants_file: bool,
    pub(super) coming: bool,
    /// The state of its job, if it is known.
    pub(super) status: Option<Status>,
    /// How often its job's state was asked for, and since when.
    pub(super) asked: u32,
    pub(super) asked_since: Duration,
    /// Calls that failed, one after the other.
    pub(super) attempts: u32,
    /// How often the service took its job into the queue.
    pub(super) enqueued: u32,
    /// How often its completed job promised too little of its file, or had none.
    pub(super) doubts: u32,
    /// What the service said when it would not enqueue its job.
    pub(super) refused: Option<String>,
    /// Whether its job was asked for by createdAt in place of updatedAt.
    pub(super) by_created: bool,
    /// Jobs of this run that came to nothing.
    pub(super) recreated: u32,
    /// Why it is given up for this run.
    pub(super) failed: Option<String>,
    /// What it was last told to wait for.
    pub(super) waits: Option<(Reason, Timestamp)>,
    pub(super) moved: Arc<Moved>,
    /// The bytes that were told.
    pub(super) told: u64,
}

impl Line {
    /// Enters a plan into the ledger, with the windows that are missing there; asks the service for its columns where it is new.
    pub(super) async fn enter(
        plan: &Plan,
        sink: &Arc<dyn Sink>,
        ledger: &mut Ledger,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, RunError> {
        let now = clock.now();
        let plan = plan.as_of(now);
        let name: Arc<str> = plan.name().into();
        plan.check_recorded(ledger)?;
        let of_plan = |error: Error| RunError::from(error).of_plan(&name);
        let record = match ledger.plan(&name)? {
            Some(record) => PlanRecord {
                service: Some(plan.client().service().to_owned()),
                // What is not allowed any more is not gone on with.
                fell_back: record.fell_back && plan.falls_back(),
                ..record
            },
            None => {
                let description = plan.client().describe(plan.object()).await.map_err(of_plan)?;
                let schema = Schema::new(plan.request(), &description).map_err(of_plan)?;
                PlanRecord {
                    service: Some(plan.client().service().to_owned()),
                    request: plan.request().clone(),
                    fell_back: false,
                    schema,
                    made_at: now,
                }
            }
        };
        if record.schema.key.is_none() && plan.request().filter().range().is_some() {
            tracing::warn!(plan = &*name, "no column tells records apart: rows that come twice are kept");
        }
        let mut records = ledger.windows(&name)?;
        let known = records.len();
        let recorded: Vec<Option<TimeRange>> = records.iter().map(|record| record.range).collect();
        let missing = plan.missing(&recorded).map_err(of_plan)?;
        records.extend(missing.into_iter().map(|range| WindowRecord::planned(range, now)));
        let new = (0_u32..).zip(&records).skip(known);
        ledger.put_plan(&name, &record, new)?;
        let estimate = Estimate::of(ledger, &record.request)?;
        let mut cells: Vec<Cell> =
            (0..).zip(records).map(|(number, record)| Cell::new(number, record, clock.elapsed())).collect();
        cells.sort_by_key(|cell| (cell.record.range.map(|range| range.start()), cell.number));
        let record = Arc::new(record);
        Ok(Self { plan, name, record, cells, sink: sink.clone(), estimate, closed: false, sinking: false, turn: 0 })
    }

    /// The window that is begun next.
    pub(super) fn next(&self) -> Option<usize> {
        if self.closed {
            return None;
        }
        let begins = |cell: &Cell| cell.record.step == Step::Planned && !cell.busy && cell.failed.is_none();
        let next = self.cells.iter().position(begins)?;
        // The sink takes windows in order: the one that it waits for is begun in any case.
        let is_waited_for = !self.cells[..next].iter().any(Cell::is_ahead_of_sink);
        let comes = |cell: &&Cell| cell.record.step >= Step::Completed && cell.is_ahead_of_sink();
        (is_waited_for || self.cells.iter().filter(comes).count() < AHEAD).then_some(next)
    }

    /// The ranges of finished windows, those that meet taken together, in order.
    pub(super) fn finished(&self) -> Vec<TimeRange> {
        let mut runs: Vec<TimeRange> = Vec::new();
        for range in self.cells.iter().filter(|cell| cell.record.is_finished()).filter_map(|cell| cell.record.range) {
            match runs.last_mut() {
                Some(run) if range.start() <= run.end() => {
                    *run = TimeRange::between(run.start(), run.end().max(range.end()));
                }
                _ => runs.push(range),
            }
        }
        runs
    }

    pub(super) fn under_way(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_at_service()).count()
    }

    /// The bytes expected of jobs that have not ended.
    pub(super) fn bytes_coming(&self) -> u64 {
        let coming = self.cells.iter().filter(|cell| cell.is_at_service());
        coming.filter_map(|cell| self.estimate.bytes(cell.record.range)).sum()
    }

    pub(super) fn request(&self, range: Option<TimeRange>) -> CreateRequest {
        let request = self.record.request.clone();
        let request = match range {
            Some(range) => request.with_range(range),
            None => request,
        };
        if self.record.fell_back { request.clone().by_created_at().unwrap_or(request) } else { request }
    }

    pub(super) fn report(&self) -> PlanReport {
        let ranges = || self.cells.iter().filter_map(|cell| Some((cell.record.range?, cell.record.is_finished())));
        let start = ranges().map(|(range, _)| range.start()).min();
        let finished = ranges().filter(|(_, finished)| *finished).map(|(range, _)| range);
        let asked = self.plan.request().filter().range().map(|range| range.start());
        PlanReport {
            name: self.name.to_string(),
            object: self.plan.object().clone(),
            clipped: self.plan.clipped(),
            fell_back: self.record.fell_back,
            without_key: self.record.schema.key.is_none() && asked.is_some(),
            cursor: start.or(asked).map(|start| reached(start, finished)),
            windows: self.cells.iter().map(Cell::report).collect(),
        }
    }
}

impl Cell {
    pub(super) fn new(number: u32, record: WindowRecord, now: Duration) -> Self {
        Self {
            number,
            earlier: record.is_finished(),
            record,
            busy: false,
            wants_file: false,
            coming: false,
            status: None,
            asked: 0,
            asked_since: now,
            attempts: 0,
            enqueued: 0,
            doubts: 0,
            refused: None,
            by_created: false,
            recreated: 0,
            failed: None,
            waits: None,
            moved: Arc::default(),
            told: 0,
        }
    }

    /// Whether it takes, or is about to take, a place in the service's queue. A window that was given up is about to take none.
    pub(super) fn is_at_service(&self) -> bool {
        let status = self.status.as_ref();
        let has_place = status.is_some_and(Status::takes_slot);
        let ended = status.is_some_and(Status::is_final);
        (Step::Creating..=Step::Enqueued).contains(&self.record.step) && !ended && (self.failed.is_none() || has_place)
    }

    /// Whether the rows of later windows wait for it.
    pub(super) fn is_ahead_of_sink(&self) -> bool {
        self.record.step < Step::Sunk && self.failed.is_none()
    }

    /// Its job that counts.
    pub(super) fn job(&mut self) -> Option<&mut JobRecord> {
        self.record.jobs.last_mut().filter(|job| job.ending.is_none())
    }

    pub(super) fn report(&self) -> WindowReport {
        WindowReport {
            number: self.number,
            range: self.record.range,
            step: self.record.step,
            earlier: self.earlier,
            jobs: self.record.jobs.clone(),
            orphans: self.record.orphans.clone(),
            rows: self.record.rows,
            failed: self.failed.clone(),
        }
    }
}
