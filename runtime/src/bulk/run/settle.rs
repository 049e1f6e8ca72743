//! What comes of what a window waited for: its next step, a wait, another job, or giving up.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::engine::Engine;
use super::sink::SinkError;
use super::task::{Key, Outcome};
use super::{RunError, RunErrorKind};
use crate::bulk::ledger::{Counts, Ending, JobRecord, Orphan, Step};
use crate::bulk::progress::{Reason, What};
use crate::bulk::{Action, Downloaded, Error, ErrorKind, JobInfo, Status};
use crate::pace;

/// Failed calls of a window in a row, each repeated by the client already, before it is given up.
const MOST_ATTEMPTS: u32 = 10;

/// How often a service that says that it took a job into the queue, and then that it did not, is taken at its word.
const MOST_ENQUEUED: u32 = 5;

/// How often a completed job that promises too little of its file, or has none, is asked about again.
const MOST_DOUBTS: u32 = 5;

/// A file may appear later than the state Completed, but not by so much.
const LATE_FILE: SignedDuration = SignedDuration::from_hours(24);

/// The service's clock may be behind ours.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// How soon a quota that should be new is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);

impl Engine<'_> {
    pub(super) fn settle(&mut self, key: Key, outcome: Outcome) -> Result<(), RunError> {
        let cell = self.cell(key);
        (cell.busy, cell.coming) = (false, false);
        match outcome {
            Outcome::Created(Ok(info)) => self.created(key, info),
            Outcome::Created(Err(error)) => self.not_created(key, error),
            Outcome::Enqueued(Ok(info)) => self.enqueued(key, info),
            Outcome::Enqueued(Err(error)) => self.not_enqueued(key, error),
            Outcome::Told(Ok(info)) => self.told(key, info),
            Outcome::Told(Err(error)) => self.not_told(key, error),
            Outcome::Downloaded(Ok(file)) => self.downloaded(key, &file),
            Outcome::Downloaded(Err(error)) => self.not_downloaded(key, error),
            Outcome::Sunk(Ok(counts)) => self.sunk(key, counts),
            Outcome::Sunk(Err(error)) => self.not_sunk(key, error),
            Outcome::Waited => self.take_up(key),
        }
    }

    fn created(&mut self, key: Key, mut info: JobInfo) -> Result<(), RunError> {
        let now = self.clock.now();
        self.complete(key, &mut info);
        let cell = self.cell(key);
        cell.attempts = 0;
        cell.enqueued = 0;
        cell.doubts = 0;
        cell.refused = None;
        cell.status = None;
        cell.record.jobs.push(JobRecord { info, known_at: now, ending: None });
        self.set(key, Step::Created)?;
        self.enqueue_in_time(key)
    }

    fn not_created(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        if error.fate_unknown() {
            let since = self.cell(key).record.since;
            self.suspect(key, Orphan { since, until: self.clock.now(), cancelled: None })?;
            return self.try_again(key, error);
        }
        self.set(key, Step::Planned)?;
        match error.action() {
            Action::WaitForSlot => {
                self.wait_for_slot(key);
                Ok(())
            }
            Action::WaitForReset => self.wait_for_reset(key, error),
            Action::FallBack => self.fall_back(key, error),
            _ if error.is_retryable() => self.try_again(key, error),
            // What is refused of one window is refused of all: they differ in nothing but their range.
            _ => self.give_up_plan(key, error),
        }
    }

    /// The service took the job into the queue. The state that it tells with that may be from before.
    fn enqueued(&mut self, key: Key, mut info: JobInfo) -> Result<(), RunError> {
        self.full = None;
        self.cell(key).enqueued += 1;
        if info.status == Status::Created {
            info.status = Status::Queued;
        }
        self.told(key, info)
    }

    fn not_enqueued(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        match error.action() {
            Action::WaitForSlot => {
                if let Some(until) = self.wait_for_slot(key) {
                    self.pause(key, Some(Reason::Slot), until);
                }
                Ok(())
            }
            Action::WaitForReset => self.wait_for_reset(key, error),
            _ if error.kind() == ErrorKind::NotFound => self.come_to_nothing(key, Ending::Expired),
            // Its state tells whether that is for ever: whether it was enqueued before, or never will be.
            _ if error.kind() == ErrorKind::Invalid => {
                self.cell(key).refused = Some(error.to_string());
                self.ask(key, Duration::ZERO);
                Ok(())
            }
            _ => self.try_again(key, error),
        }
    }

    /// What the service says of the job.
    fn told(&mut self, key: Key, mut info: JobInfo) -> Result<(), RunError> {
        self.complete(key, &mut info);
        let status = info.status.clone();
        let unpromised =
            (status == Status::Completed).then(|| self.settings.download.check_promise(&info).err()).flatten();
        let cell = self.cell(key);
        let step = cell.record.step;
        let refused = cell.refused.take();
        let changed = cell.status.replace(status.clone()).is_none_or(|before| before != status);
        if status != Status::Created {
            cell.attempts = 0;
        }
        let mut is_news = true;
        if let Some(job) = cell.job() {
            is_news = !is_ended(&job.info);
            job.info = info.clone();
        }
        let (asked, enqueued) = (cell.asked, cell.enqueued);
        if changed {
            self.tell(key, What::Job(&status));
        }
        if is_news && is_ended(&info) {
            self.note_ended(&info);
        }
        match status {
            Status::Created if refused.is_some() || enqueued >= MOST_ENQUEUED => {
                self.come_to_nothing(key, Ending::Refused { message: refused })
            }
            // Nobody enqueued it: the call did not arrive.
            Status::Created if step == Step::Enqueuing => self.enqueue(key),
            // It was in no queue, whatever was said. The first answer may be of a minute before.
            Status::Created if asked > 1 => self.enqueue(key),
            Status::Completed => match unpromised {
                Some(error) => self.doubt(key, error),
                None => {
                    if step < Step::Completed {
                        self.set(key, Step::Completed)?;
                    }
                    self.download(key);
                    Ok(())
                }
            },
            Status::Failed => self.come_to_nothing(key, Ending::Failed { message: info.error_message }),
            Status::Cancelled => {
                self.end_job(key, Ending::Cancelled)?;
                self.give_up(key, RunErrorKind::Cancelled);
                Ok(())
            }
            _ => {
                if step == Step::Enqueuing {
                    let elapsed = self.clock.elapsed();
                    let cell = self.cell(key);
                    // What it waited for until now was a place, or another day.
                    cell.asked = 0;
                    cell.asked_since = elapsed;
                    self.set(key, Step::Enqueued)?;
                }
                self.poll(key);
                Ok(())
            }
        }
    }

    fn poll(&mut self, key: Key) {
        let elapsed = self.clock.elapsed();
        let polling = self.settings.polling;
        let cell = self.cell(key);
        match polling.wait(cell.asked, elapsed.saturating_sub(cell.asked_since)) {
            Some(wait) => {
                cell.asked = cell.asked.saturating_add(1);
                self.ask(key, wait);
            }
            None => self.give_up(key, RunErrorKind::Patience),
        }
    }

    /// Asks once more about a job that is completed, as it says, and whose file cannot be had; not for ever.
    fn doubt(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        let cell = self.cell(key);
        cell.doubts += 1;
        let doubts = cell.doubts;
        match self.settings.polling.wait(doubts, Duration::ZERO) {
            Some(wait) if doubts < MOST_DOUBTS => {
                self.ask(key, wait);
                Ok(())
            }
            _ if error.action() == Action::Recreate => self.come_to_nothing(key, Ending::Expired),
            _ => self.give_up_for(key, error),
        }
    }

    /// Fills in what the service leaves out of its answers and the request says.
    fn complete(&self, key: Key, info: &mut JobInfo) {
        info.format.get_or_insert(self.lines[key.line].record.request.format());
    }

    fn not_told(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        match error.action() {
            Action::WaitForReset => self.wait_for_reset(key, error),
            _ if error.kind() == ErrorKind::NotFound => self.come_to_nothing(key, Ending::Expired),
            _ => self.try_again(key, error),
        }
    }

    fn downloaded(&mut self, key: Key, file: &Downloaded) -> Result<(), RunError> {
        self.tell_bytes();
        self.cell(key).attempts = 0;
        tracing::debug!(bytes = file.bytes, resumed = file.resumed, restarts = file.restarts, "downloaded");
        // Found after a crash, it may be there already.
        if self.cell(key).record.step < Step::Downloaded { self.set(key, Step::Downloaded) } else { Ok(()) }
    }

    fn not_downloaded(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        match error.action() {
            Action::Recreate if self.may_be_late(key) => self.doubt(key, error),
            Action::Recreate => self.come_to_nothing(key, Ending::Expired),
            Action::WaitForReset => self.wait_for_reset(key, error),
            // What the job promised may have been wrong: the next run asks anew.
            _ if error.kind() == ErrorKind::Integrity => {
                self.set(key, Step::Enqueued)?;
                self.give_up_for(key, error)
            }
            _ => self.try_again(key, error),
        }
    }

    /// Whether a window's job ended so lately that its file may be yet to come.
    fn may_be_late(&mut self, key: Key) -> bool {
        let now = self.clock.now();
        let finished = self.cell(key).job().and_then(|job| job.info.finished_at);
        finished.is_some_and(|finished| now.duration_since(finished) < LATE_FILE)
    }

    fn sunk(&mut self, key: Key, counts: Counts) -> Result<(), RunError> {
        self.sank(key);
        self.cell(key).record.rows = Some(counts);
        self.totals.rows += counts.written;
        self.set(key, Step::Sunk)?;
        self.finish(key)
    }

    fn not_sunk(&mut self, key: Key, error: SinkError) -> Result<(), RunError> {
        self.sank(key);
        self.give_up(key, RunErrorKind::Sink(error));
        Ok(())
    }

    /// Removes what is left of a window whose rows are written.
    pub(super) fn finish(&mut self, key: Key) -> Result<(), RunError> {
        if let Some(window) = self.sink_window(key) {
            let cleaned = self.lines[key.line].sink.clean(&window);
            if let Err(error) = cleaned {
                self.give_up(key, RunErrorKind::Sink(error));
                return Ok(());
            }
        }
        self.set(key, Step::Done)
    }

    /// Notes that a job came to nothing, and plans its window anew; not for ever.
    fn come_to_nothing(&mut self, key: Key, ending: Ending) -> Result<(), RunError> {
        let message = match &ending {
            Ending::Failed { message } => message.clone(),
            _ => None,
        };
        self.end_job(key, ending.clone())?;
        let cell = self.cell(key);
        cell.recreated += 1;
        let recreated = cell.recreated;
        if recreated >= self.settings.jobs {
            self.give_up(key, RunErrorKind::Jobs(recreated, message));
        } else {
            self.tell(key, What::Again(&ending));
        }
        Ok(())
    }

    fn end_job(&mut self, key: Key, ending: Ending) -> Result<(), RunError> {
        let cell = self.cell(key);
        cell.status = None;
        if let Some(job) = cell.job() {
            job.ending = Some(ending);
        }
        self.set(key, Step::Planned)
    }

    /// When a full queue is tried again. `None` where it was full for long enough: the window is given up, and no other one is begun.
    fn wait_for_slot(&mut self, key: Key) -> Option<Timestamp> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        // Others met it just now.
        if let Some((Reason::Slot, until)) = self.held.filter(|(_, until)| now < *until) {
            return Some(until);
        }
        let (asked, since) = self.full.unwrap_or((0, elapsed));
        self.full = Some((asked.saturating_add(1), since));
        let Some(wait) = self.settings.polling.wait(asked, elapsed.saturating_sub(since)) else {
            self.closed = true;
            self.give_up(key, RunErrorKind::QueueFull);
            return None;
        };
        let until = later(now, wait);
        self.held = Some((Reason::Slot, until));
        Some(until)
    }

    /// Waits until the next day, where that is allowed.
    fn wait_for_reset(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        let reason = if error.kind() == ErrorKind::ByteQuota { Reason::Bytes } else { Reason::Calls };
        if !self.settings.wait_for_reset {
            self.closed = true;
            self.give_up(key, RunErrorKind::Bulk(error));
            return Ok(());
        }
        let now = self.clock.now();
        // A quota that was to be new a moment ago is late, not spent again.
        let fresh = now.duration_since(pace::day_start(now)) < SignedDuration::from_hours(1);
        let until = if fresh {
            now.checked_add(AGAIN).unwrap_or(Timestamp::MAX)
        } else {
            let reset = error.until().filter(|until| *until > now).unwrap_or_else(|| pace::next_reset(now));
            reset.checked_add(SLACK).unwrap_or(Timestamp::MAX)
        };
        self.held = Some((reason, until));
        // It is no waiting for a job.
        let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        let elapsed = self.clock.elapsed();
        self.cell(key).asked_since = elapsed.saturating_add(wait);
        if self.cell(key).record.step != Step::Planned {
            self.pause(key, Some(reason), until);
        }
        Ok(())
    }

    /// Takes createdAt in place of updatedAt for all windows of the plan, where that is allowed and possible.
    fn fall_back(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        let by_created = self.cell(key).by_created;
        let line = &mut self.lines[key.line];
        // It was on its way when another window of the plan fell back.
        if line.record.fell_back && !by_created {
            return Ok(());
        }
        if line.record.fell_back || !line.plan.falls_back() || line.record.request.clone().by_created_at().is_none() {
            return self.give_up_plan(key, error);
        }
        let mut record = (*line.record).clone();
        record.fell_back = true;
        self.ledger.put_plan(&line.name, &record, [])?;
        line.record = Arc::new(record);
        tracing::warn!(plan = &*line.name, "no filter updatedAt in this subscription: by createdAt instead");
        self.tell(key, What::FellBack);
        Ok(())
    }

    /// Lets a window wait and then do again what failed, if that can help; not for ever.
    fn try_again(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        let attempts = &mut self.cell(key).attempts;
        *attempts += 1;
        if *attempts >= MOST_ATTEMPTS || !(error.is_retryable() || error.fate_unknown()) {
            return self.give_up_for(key, error);
        }
        let until = self.after_poll(key);
        tracing::warn!(plan = &*self.lines[key.line].name, window = self.number(key), %error, %until, "tried again");
        self.pause(key, None, until);
        Ok(())
    }

    /// Gives up what an error concerns: the window, or the whole run where it would meet every call.
    fn give_up_for(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        match error.kind() {
            ErrorKind::Credentials | ErrorKind::Token | ErrorKind::AccessDenied | ErrorKind::Subscription => {
                let line = &self.lines[key.line];
                Err(RunError::new(error).of_plan(&line.name))
            }
            _ => {
                self.give_up(key, RunErrorKind::Bulk(error));
                Ok(())
            }
        }
    }

    fn give_up_plan(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        self.lines[key.line].closed = true;
        self.give_up_for(key, error)
    }

    /// Gives a window up for this run: the ledger keeps its step, and the next run takes it up.
    fn give_up(&mut self, key: Key, kind: RunErrorKind) {
        let line = &mut self.lines[key.line];
        let cell = &mut line.cells[key.cell];
        let mut error = RunError::new(kind);
        if let RunErrorKind::Sink(_) = error.kind() {
            // It may show a value of a record.
            tracing::warn!(plan = &*line.name, window = cell.number, "a window is given up: the sink failed");
            tracing::debug!(plan = &*line.name, window = cell.number, %error, "the sink failed");
        } else {
            tracing::warn!(plan = &*line.name, window = cell.number, %error, "a window is given up");
        }
        cell.failed = Some(error.to_string());
        error = error.of_plan(&line.name);
        if let Some(range) = cell.record.range {
            error = error.of_window(range);
        }
        self.failure.get_or_insert(error);
    }

    /// A time as long from now as polls are apart.
    fn after_poll(&mut self, key: Key) -> Timestamp {
        let attempts = self.cell(key).attempts;
        let wait = self.settings.polling.wait(attempts, Duration::ZERO).unwrap_or(Duration::from_secs(60));
        later(self.clock.now(), wait)
    }
}

/// Whether the job is completed, and how many bytes it took of the day's is known.
fn is_ended(job: &JobInfo) -> bool {
    job.status == Status::Completed && job.size.is_some()
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.checked_add(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)).unwrap_or(Timestamp::MAX)
}
