//! What an earlier run left under way is taken up: each window by its step in the ledger.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::RunError;
use super::engine::Engine;
use super::task::Key;
use crate::bulk::ledger::{Orphan, Step};
use crate::bulk::progress::What;

/// No call takes longer to be executed, with all its waits.
const LONGEST_CALL: SignedDuration = SignedDuration::from_hours(1);

impl Engine<'_> {
    /// Takes up every window that is neither planned nor done.
    pub(super) fn adopt(&mut self) -> Result<(), RunError> {
        for line in 0..self.lines.len() {
            for cell in 0..self.lines[line].cells.len() {
                self.take_up(Key { line, cell })?;
            }
        }
        Ok(())
    }

    /// Does what comes next at a window's step.
    pub(super) fn take_up(&mut self, key: Key) -> Result<(), RunError> {
        let record = &self.cell(key).record;
        let (step, since, has_job) = (record.step, record.since, record.job().is_some());
        match step {
            Step::Planned | Step::Done => Ok(()),
            Step::Creating => {
                let until = since.checked_add(LONGEST_CALL).unwrap_or(Timestamp::MAX).min(self.clock.now());
                self.suspect(key, Orphan { since, until, cancelled: None })
            }
            // Nothing that this library wrote: without its job there is nothing to go on with.
            _ if !has_job => self.set(key, Step::Planned),
            Step::Created => self.enqueue_in_time(key),
            Step::Enqueuing | Step::Enqueued => {
                self.ask(key, Duration::ZERO);
                Ok(())
            }
            Step::Completed | Step::Downloading if !self.is_promised(key) => {
                self.ask(key, Duration::ZERO);
                Ok(())
            }
            // Where the whole file is there, the download asks for nothing.
            Step::Completed | Step::Downloading | Step::Downloaded => {
                self.download(key);
                Ok(())
            }
            Step::Sunk => self.finish(key),
        }
    }

    /// Whether the job promises enough of its file, as far as the ledger knows.
    fn is_promised(&self, key: Key) -> bool {
        let job = self.lines[key.line].cells[key.cell].record.job();
        job.is_some_and(|job| self.settings.download.check_promise(&job.info).is_ok())
    }

    /// Notes that a job may have been made that nobody here knows, and plans the window anew.
    pub(super) fn suspect(&mut self, key: Key, orphan: Orphan) -> Result<(), RunError> {
        self.cell(key).record.orphans.push(orphan.clone());
        self.set(key, Step::Planned)?;
        tracing::warn!(
            plan = &*self.lines[key.line].name,
            window = self.number(key),
            "a job may have been left created"
        );
        self.tell(key, What::Orphan(&orphan));
        Ok(())
    }
}
