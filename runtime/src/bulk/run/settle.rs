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

/// The service's clock may be behind ours.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// How soon a quota that should be new is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);

impl Engine<'_> {
    pub(super) fn settle(&mut self, key: Key, outcome: Outcome) -> Result<(), RunError> {
        self.cell(key).busy = false;
        match outcome {
            Outcome::Created(Ok(info)) => self.created(key, info),
            Outcome::Created(Err(error)) => self.not_created(key, error),
            Outcome::Enqueued(Ok(info)) => self.told(key, info),
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

    fn created(&mut self, key: Key, info: JobInfo) -> Result<(), RunError> {
        let now = self.clock.now();
        let elapsed = self.clock.elapsed();
        let cell = self.cell(key);
        cell.attempts = 0;
        cell.status = None;
        cell.asked = 0;
        cell.asked_since = elapsed;
        cell.record.jobs.push(JobRecord { info, known_at: now, ending: None });
        self.set(key, Step::Created)?;
        self.enqueue(key)
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
                self.held = Some((Reason::Slot, self.after_poll(key)));
                Ok(())
            }
            Action::WaitForReset => self.wait_for_reset(key, error),
            Action::FallBack => self.fall_back(key, error),
            _ if error.is_retryable() => self.try_again(key, error),
            // What is refused of one window is refused of all: they differ in nothing but their range.
            _ => self.give_up_plan(key, error),
        }
    }

    fn not_enqueued(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        match error.action() {
            Action::WaitForSlot => {
                let until = self.after_poll(key);
                self.held = Some((Reason::Slot, until));
                self.pause(key, Some(Reason::Slot), until);
                Ok(())
            }
            Action::WaitForReset => self.wait_for_reset(key, error),
            _ if error.kind() == ErrorKind::NotFound => self.come_to_nothing(key, Ending::Expired),
            _ => self.try_again(key, error),
        }
    }

    /// What the service says of the job.
    fn told(&mut self, key: Key, info: JobInfo) -> Result<(), RunError> {
        let status = info.status.clone();
        let cell = self.cell(key);
        let step = cell.record.step;
        let changed = cell.status.replace(status.clone()).is_none_or(|before| before != status);
        if status != Status::Created {
            cell.attempts = 0;
        }
        if let Some(job) = cell.job() {
            job.info = info.clone();
        }
        if changed {
            self.tell(key, What::Job(&status));
        }
        match status {
            // Nobody enqueued it: the call did not arrive.
            Status::Created if step == Step::Enqueuing => self.enqueue(key),
            Status::Completed => {
                self.note_ended(&info);
                self.set(key, Step::Completed)?;
                self.download(key)
            }
            Status::Failed => self.come_to_nothing(key, Ending::Failed { message: info.error_message }),
            Status::Cancelled => {
                self.end_job(key, Ending::Cancelled)?;
                self.give_up(key, RunErrorKind::Cancelled);
                Ok(())
            }
            _ => {
                if step == Step::Enqueuing {
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
            Action::Recreate => self.come_to_nothing(key, Ending::Expired),
            Action::WaitForReset => self.wait_for_reset(key, error),
            _ => self.try_again(key, error),
        }
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
        if self.cell(key).record.step != Step::Planned {
            self.pause(key, Some(reason), until);
        }
        Ok(())
    }

    /// Takes createdAt in place of updatedAt for all windows of the plan, where that is allowed and possible.
    fn fall_back(&mut self, key: Key, error: Error) -> Result<(), RunError> {
        // Another window of the plan may have been on its way when the first one fell back.
        self.cell(key).attempts += 1;
        let once = self.cell(key).attempts == 1;
        let line = &mut self.lines[key.line];
        if line.record.fell_back && once {
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
        tracing::warn!(plan = &*line.name, window = cell.number, %error, "a window is given up");
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
        self.clock.now().checked_add(SignedDuration::try_from(wait).unwrap_or(SLACK)).unwrap_or(Timestamp::MAX)
    }
}
