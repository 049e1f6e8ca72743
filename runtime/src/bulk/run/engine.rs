//! The state of a run, and its loop: windows are begun where there is room, what they wait for is waited for, what comes of it is settled.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::line::{Cell, Line};
use super::sink::SinkWindow;
use super::task::{self, Key, Task};
use super::{Report, Run, RunError, RunErrorKind, Settings};
use crate::bulk::ledger::{Ledger, Step};
use crate::bulk::progress::{Event, Progress, Reason, Totals, What};
use crate::bulk::{JobInfo, Status};
use crate::clock::Clock;
use crate::pace;

/// The service runs at most so many jobs of a subscription.
const RUNNING: usize = 2;

/// The service's clock may be behind ours by less than that.
const MOST_SKEW: SignedDuration = SignedDuration::from_hours(24);

pub(super) struct Engine<'a> {
    pub(super) settings: &'a Settings,
    pub(super) ledger: &'a mut Ledger,
    pub(super) progress: &'a dyn Progress,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lines: Vec<Line>,
    tasks: FuturesUnordered<Task>,
    /// No job is begun before: the queue is full, or the day's bytes or calls are spent.
    pub(super) held: Option<(Reason, Timestamp)>,
    /// When windows are looked at again.
    waking: BTreeSet<Timestamp>,
    /// How often a full queue was met since a place was last found, and since when.
    pub(super) full: Option<(u32, Duration)>,
    /// No job is begun any more.
    pub(super) closed: bool,
    /// The first thing that kept a window from being finished.
    pub(super) failure: Option<RunError>,
    pub(super) totals: Totals,
    /// The jobs that ended today or before: when, and their bytes.
    ended: Vec<(Timestamp, u64)>,
    began: Duration,
    turn: u64,
    moved: Arc<Notify>,
    stop: Arc<AtomicBool>,
}

impl<'a> Engine<'a> {
    /// Enters the plans into the ledger, with the windows that are missing there.
    pub(super) async fn new(
        run: &'a Run,
        ledger: &'a mut Ledger,
        progress: &'a dyn Progress,
    ) -> Result<Self, RunError> {
        let clock: Arc<dyn Clock> = match run.plans.first() {
            Some((plan, _)) => plan.client().clock().clone(),
            None => Arc::new(crate::clock::SystemClock),
        };
        let mut services = run.plans.iter().map(|(plan, _)| plan.client().service());
        let first = services.next();
        if services.any(|service| Some(service) != first) {
            return Err(RunError::new(RunErrorKind::SeveralServices));
        }
        let mut lines: Vec<Line> = Vec::new();
        for (plan, sink) in &run.plans {
            let line = Line::enter(plan, sink, ledger, &clock).await?;
            if lines.iter().any(|other| other.name == line.name) {
                return Err(RunError::new(RunErrorKind::SamePlan).of_plan(&line.name));
            }
            lines.push(line);
        }
        let windows = lines.iter().flat_map(|line| &line.cells).filter(|cell| !cell.earlier).count();
        let began = clock.elapsed();
        Ok(Self {
            settings: &run.settings,
            ended: ended(ledger)?,
            ledger,
            progress,
            clock,
            lines,
            tasks: FuturesUnordered::new(),
            held: None,
            full: None,
            waking: BTreeSet::new(),
            closed: false,
            failure: None,
            totals: Totals { windows, ..Totals::default() },
            began,
            turn: 0,
            moved: Arc::new(Notify::new()),
            stop: Arc::new(AtomicBool::new(false)),
        })
    }

    pub(super) async fn run(mut self) -> Result<Report, RunError> {
        match self.work().await {
            Ok(()) => match self.failure.take() {
                None => Ok(self.report()),
                Some(error) => Err(error.with_report(self.report())),
            },
            Err(error) => Err(error.with_report(self.report())),
        }
    }

    async fn work(&mut self) -> Result<(), RunError> {
        self.ledger.wait_for_sinks().await;
        self.adopt()?;
        loop {
            self.begin_windows()?;
            self.begin_downloads()?;
            self.sink_windows();
            if self.tasks.is_empty() {
                break;
            }
            let moved = self.moved.clone();
            tokio::select! {
                Some((key, outcome)) = self.tasks.next() => match key {
                    Some(key) => self.settle(key, outcome)?,
                    None => self.waking.retain(|time| *time > self.clock.now()),
                },
                () = moved.notified() => self.tell_bytes(),
            }
        }
        let cells = || self.lines.iter().flat_map(|line| &line.cells);
        let left = cells().filter(|cell| !cell.record.is_finished() && cell.failed.is_none()).count();
        if self.failure.is_none() && left > 0 {
            return Err(RunError::new(RunErrorKind::Unfinished(left)));
        }
        if self.settings.cancel_orphans && self.failure.is_none() {
            self.end_orphans().await?;
        }
        Ok(())
    }

    /// Begins windows while there is room, the plans taking turns: first the one with the fewest jobs, then the one whose turn is longest ago.
    fn begin_windows(&mut self) -> Result<(), RunError> {
        let now = self.clock.now();
        if self.closed || self.is_held(now) {
            return Ok(());
        }
        let mut passed = BTreeSet::new();
        loop {
            let (queued, running) = self.slots();
            if queued >= self.settings.queued || queued + running >= RUNNING + self.settings.queued {
                return Ok(());
            }
            let next = |line: &&(usize, &Line)| !passed.contains(&line.0) && line.1.next().is_some();
            let lines: Vec<_> = self.lines.iter().enumerate().collect();
            let Some((index, line)) =
                lines.iter().filter(next).min_by_key(|(_, line)| (line.under_way(), line.turn)).copied()
            else {
                return Ok(());
            };
            let Some(cell) = line.next() else { return Ok(()) };
            let key = Key { line: index, cell };
            match self.obstacle(key, now) {
                Some((reason, until)) => {
                    self.wait_for(key, reason, until);
                    passed.insert(index);
                }
                None => {
                    self.turn += 1;
                    self.lines[index].turn = self.turn;
                    self.create(key)?;
                }
            }
        }
    }

    /// What keeps a window from being begun, and until when.
    fn obstacle(&self, key: Key, now: Timestamp) -> Option<(Reason, Timestamp)> {
        let line = &self.lines[key.line];
        let range = line.cells[key.cell].record.range;
        let ready = range.map_or(now, |range| line.plan.ready_at(range));
        if now < ready {
            return Some((Reason::Lag, ready));
        }
        let expected = line.estimate.bytes(range)?;
        let daily = self.settings.daily_bytes?;
        let day = pace::day_start(now);
        let spent: u64 = self.ended.iter().filter(|(ended, _)| *ended >= day).map(|(_, bytes)| bytes).sum();
        let coming: u64 = self.lines.iter().map(Line::bytes_coming).sum();
        let taken = spent.saturating_add(coming);
        // What no day's bytes are enough for is the first of a day.
        let is_first = taken == 0 || expected > daily && spent == 0 && coming < daily;
        (!is_first && taken.saturating_add(expected) > daily).then(|| (Reason::Bytes, pace::next_reset(now)))
    }

    /// How many of our jobs are queued, or are about to be, and how many run. Of more that ran when they were last asked for, the others ended.
    fn slots(&self) -> (usize, usize) {
        let cells = || self.lines.iter().flat_map(|line| &line.cells).filter(|cell| cell.is_at_service());
        let running = cells().filter(|cell| cell.status == Some(Status::Processing)).count();
        (cells().count() - running, running.min(RUNNING))
    }

    fn create(&mut self, key: Key) -> Result<(), RunError> {
        self.set(key, Step::Creating)?;
        let by_created = self.lines[key.line].record.fell_back;
        self.cell(key).by_created = by_created;
        let line = &self.lines[key.line];
        let request = line.request(line.cells[key.cell].record.range);
        let task = task::create(line.plan.client(), request, key);
        self.spawn(key, task);
        Ok(())
    }

    /// Enqueues a window's job once its range lies in the past by the service's clock too, as the time tells when it created the job.
    pub(super) fn enqueue_in_time(&mut self, key: Key) -> Result<(), RunError> {
        let line = &self.lines[key.line];
        let record = &line.cells[key.cell].record;
        if let (Some(range), Some(job)) = (record.range, record.job())
            && let Some(created) = job.info.created_at
        {
            let ahead = job.known_at.duration_since(created).max(SignedDuration::ZERO);
            let until = line.plan.ready_at(range).checked_add(ahead).unwrap_or(Timestamp::MAX);
            // Clocks that differ by more are no clocks.
            if ahead < MOST_SKEW && self.clock.now() < until {
                self.pause(key, Some(Reason::Lag), until);
                return Ok(());
            }
        }
        self.enqueue(key)
    }

    pub(super) fn enqueue(&mut self, key: Key) -> Result<(), RunError> {
        if self.cell(key).record.step != Step::Enqueuing {
            self.set(key, Step::Enqueuing)?;
        }
        let line = &self.lines[key.line];
        if let Some(job) = line.cells[key.cell].record.job() {
            let task = task::enqueue(line.plan.client(), line.plan.object(), &job.info, key);
            self.spawn(key, task);
        }
        Ok(())
    }

    /// Asks for the state of a window's job after a wait.
    pub(super) fn ask(&mut self, key: Key, wait: Duration) {
        let line = &self.lines[key.line];
        if let Some(job) = line.cells[key.cell].record.job() {
            let task = task::ask(line.plan.client(), line.plan.object(), &job.info, wait, key);
            self.spawn(key, task);
        }
    }

    /// Lets a window's file be downloaded when it is its turn.
    pub(super) fn download(&mut self, key: Key) {
        self.cell(key).wants_file = true;
    }

    /// Begins downloads while there is room: first of the plan with the fewest, in the order of windows.
    fn begin_downloads(&mut self) -> Result<(), RunError> {
        loop {
            let coming = |line: &Line| line.cells.iter().filter(|cell| cell.coming).count();
            if self.lines.iter().map(coming).sum::<usize>() >= self.settings.downloads {
                return Ok(());
            }
            let wanted = self.lines.iter().enumerate().filter_map(|(line, plan)| {
                let cell = plan.cells.iter().position(|cell| cell.wants_file)?;
                Some((coming(plan), Key { line, cell }))
            });
            let Some((_, key)) = wanted.min_by_key(|(coming, _)| *coming) else { return Ok(()) };
            let cell = self.cell(key);
            (cell.wants_file, cell.coming) = (false, true);
            self.begin_download(key)?;
        }
    }

    fn begin_download(&mut self, key: Key) -> Result<(), RunError> {
        if self.cell(key).record.step < Step::Downloading {
            self.set(key, Step::Downloading)?;
        }
        let line = &self.lines[key.line];
        if let Some(window) = self.sink_window(key) {
            let signs = (&line.cells[key.cell].moved, &self.moved);
            let task = task::download(line.plan.client(), &window, &line.sink, &self.settings.download, signs, key);
            self.spawn(key, task);
        }
        Ok(())
    }

    /// Hands downloaded files to the sinks: of each plan one at a time, in the order of windows, past those that failed or are not begun any
    /// more.
    fn sink_windows(&mut self) {
        for index in 0..self.lines.len() {
            let line = &mut self.lines[index];
            let closed = self.closed || line.closed;
            let is_left = |cell: &Cell| closed && cell.record.step == Step::Planned && !cell.busy;
            let first = line.cells.iter().position(|cell| cell.is_ahead_of_sink() && !is_left(cell));
            let Some(cell) = first.filter(|cell| !line.sinking && line.cells[*cell].record.step == Step::Downloaded)
            else {
                continue;
            };
            if line.cells[cell].busy || line.cells[cell].wants_file {
                continue;
            }
            line.sinking = true;
            let key = Key { line: index, cell };
            if let Some(window) = self.sink_window(key) {
                let window = window.with_finished(self.lines[index].finished());
                let task = task::sink(&self.lines[index].sink, window, self.ledger.sinking(), key);
                self.spawn(key, task);
            }
        }
    }

    pub(super) fn sink_window(&self, key: Key) -> Option<SinkWindow> {
        let line = &self.lines[key.line];
        let cell = &line.cells[key.cell];
        let job = cell.record.job()?.info.clone();
        Some(SinkWindow::new(&line.name, &line.record, cell.number, cell.record.range, job, &self.stop))
    }

    pub(super) fn sank(&mut self, key: Key) {
        self.lines[key.line].sinking = false;
    }

    /// Puts a window at a step: on disk first, then told.
    pub(super) fn set(&mut self, key: Key, step: Step) -> Result<(), RunError> {
        let now = self.clock.now();
        let line = &mut self.lines[key.line];
        let cell = &mut line.cells[key.cell];
        cell.record.at(step, now);
        self.ledger.put_window(&line.name, cell.number, &cell.record)?;
        tracing::debug!(plan = &*line.name, window = cell.number, ?step, "window");
        if step == Step::Sunk {
            self.totals.finished += 1;
        }
        self.tell(key, What::Step(step));
        Ok(())
    }

    /// Notes that a job ended, for the day's bytes.
    pub(super) fn note_ended(&mut self, job: &JobInfo) {
        let now = self.clock.now();
        self.ended.extend(job.size.map(|size| (job.finished_at.unwrap_or(now), size)));
    }

    pub(super) fn spawn(&mut self, key: Key, task: Task) {
        self.cell(key).busy = true;
        self.tasks.push(task);
    }

    /// Lets a window wait.
    pub(super) fn pause(&mut self, key: Key, reason: Option<Reason>, until: Timestamp) {
        if let Some(reason) = reason {
            self.wait_for(key, reason, until);
        }
        let task = task::wait(&self.clock, until, Some(key));
        self.spawn(key, task);
    }

    /// Tells that a window waits, and looks at it again when the time has come.
    pub(super) fn wait_for(&mut self, key: Key, reason: Reason, until: Timestamp) {
        if self.waking.insert(until) {
            self.tasks.push(task::wait(&self.clock, until, None));
        }
        let line = &mut self.lines[key.line];
        let cell = &mut line.cells[key.cell];
        if cell.waits.replace((reason, until)) != Some((reason, until)) {
            tracing::info!(plan = &*line.name, window = cell.number, %reason, %until, "a window waits");
            self.tell(key, What::Waiting { reason, until });
        }
    }

    fn is_held(&mut self, now: Timestamp) -> bool {
        self.held = self.held.filter(|(_, until)| now < *until);
        let Some((reason, until)) = self.held else { return false };
        for index in 0..self.lines.len() {
            if let Some(cell) = self.lines[index].next() {
                self.wait_for(Key { line: index, cell }, reason, until);
            }
        }
        true
    }

    pub(super) fn tell(&mut self, key: Key, what: What<'_>) {
        let (queued, running) = self.slots();
        self.totals.queued = queued;
        self.totals.running = running;
        self.totals.elapsed = self.clock.elapsed().saturating_sub(self.began);
        let line = &self.lines[key.line];
        let cell = &line.cells[key.cell];
        let event =
            Event { plan: &line.name, window: cell.number, range: cell.record.range, what, totals: &self.totals };
        self.progress.on(&event);
    }

    pub(super) fn tell_bytes(&mut self) {
        for line in 0..self.lines.len() {
            for cell in 0..self.lines[line].cells.len() {
                self.tell_bytes_of(Key { line, cell });
            }
        }
    }

    fn tell_bytes_of(&mut self, key: Key) {
        let cell = self.cell(key);
        let have = cell.moved.bytes.load(Ordering::Relaxed);
        if have == cell.told {
            return;
        }
        let more = have.saturating_sub(cell.told);
        cell.told = have;
        let of = cell.record.job().and_then(|job| job.info.size);
        self.totals.bytes += more;
        self.tell(key, What::Bytes { have, of });
    }

    pub(super) fn cell(&mut self, key: Key) -> &mut Cell {
        &mut self.lines[key.line].cells[key.cell]
    }

    /// A window's number within its plan.
    pub(super) fn number(&self, key: Key) -> u32 {
        self.lines[key.line].cells[key.cell].number
    }

    fn report(&self) -> Report {
        Report { plans: self.lines.iter().map(Line::report).collect() }
    }
}

/// Sinks that still write learn that the run is gone.
impl Drop for Engine<'_> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The completed jobs of a ledger: when they ended, and their bytes.
fn ended(ledger: &Ledger) -> Result<Vec<(Timestamp, u64)>, RunError> {
    let mut ended = Vec::new();
    for plan in ledger.plans()? {
        for record in ledger.windows(&plan)? {
            ended.extend(record.jobs.iter().filter_map(|job| Some((job.info.finished_at?, job.info.size?))));
        }
    }
    Ok(ended)
}
