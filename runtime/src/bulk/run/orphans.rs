//! Suspected orphans are looked for and cancelled, where the caller says that nobody else's job can be meant.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::RunError;
use super::engine::Engine;
use super::task::Key;
use crate::bulk::{ErrorKind, ExportId, JobInfo, Status};

/// The service's clock and ours may differ by so much.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

impl Engine<'_> {
    /// Cancels the jobs in the state Created that the ledger does not know and that were created while one of our calls went unanswered. What
    /// cannot be looked for or cancelled is so by the next run.
    pub(super) async fn end_orphans(&mut self) -> Result<(), RunError> {
        let known = self.known_jobs()?;
        for line in 0..self.lines.len() {
            let suspects: Vec<Key> = (0..self.lines[line].cells.len())
                .map(|cell| Key { line, cell })
                .filter(|key| self.is_suspect(*key))
                .collect();
            if suspects.is_empty() {
                continue;
            }
            let (client, object) = (self.lines[line].plan.client().clone(), self.lines[line].plan.object().clone());
            // Whether the list takes states, and how they are spelt there, is documented twice: they are looked at here.
            let listed = match client.list(&object, &[]).await {
                Ok(listed) => listed,
                Err(error) => {
                    tracing::warn!(plan = &*self.lines[line].name, %error, "suspected orphans are left alone");
                    continue;
                }
            };
            let unknown: Vec<JobInfo> =
                listed.into_iter().filter(|job| job.status == Status::Created && !known.contains(&job.id)).collect();
            for key in suspects {
                self.cancel_within(key, &unknown).await?;
            }
        }
        Ok(())
    }

    async fn cancel_within(&mut self, key: Key, unknown: &[JobInfo]) -> Result<(), RunError> {
        let (client, object) = {
            let plan = &self.lines[key.line].plan;
            (plan.client().clone(), plan.object().clone())
        };
        for index in 0..self.cell(key).record.orphans.len() {
            let orphan = self.cell(key).record.orphans[index].clone();
            if orphan.cancelled.is_some() {
                continue;
            }
            let (since, until) = (orphan.since.checked_sub(SKEW), orphan.until.checked_add(SKEW));
            let mut cancelled = Vec::new();
            for job in unknown {
                let within = |created| {
                    since.as_ref().is_ok_and(|s| *s <= created) && until.as_ref().is_ok_and(|u| created <= *u)
                };
                if !job.created_at.is_some_and(within) {
                    continue;
                }
                match client.cancel(&object, &job.id).await {
                    Ok(info) if info.status == Status::Cancelled => cancelled.push(job.id.to_string()),
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => {
                        tracing::warn!(plan = &*self.lines[key.line].name, %error, "a suspected orphan is left alone");
                        return Ok(());
                    }
                }
            }
            tracing::info!(
                plan = &*self.lines[key.line].name,
                window = self.number(key),
                ?cancelled,
                "orphans cancelled"
            );
            self.cell(key).record.orphans[index].cancelled = Some(cancelled);
            let line = &self.lines[key.line];
            let cell = &line.cells[key.cell];
            self.ledger.put_window(&line.name, cell.number, &cell.record)?;
        }
        Ok(())
    }

    fn is_suspect(&self, key: Key) -> bool {
        self.lines[key.line].cells[key.cell].record.orphans.iter().any(|orphan| orphan.cancelled.is_none())
    }

    /// Every job of every plan in the ledger.
    fn known_jobs(&self) -> Result<BTreeSet<ExportId>, RunError> {
        let mut known = BTreeSet::new();
        for plan in self.ledger.plans()? {
            for record in self.ledger.windows(&plan)? {
                known.extend(record.jobs.into_iter().map(|job| job.info.id));
            }
        }
        Ok(known)
    }
}
