//! The ledger's file: opened, read, written.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{LedgerError, LedgerErrorKind, PlanRecord, WindowRecord};
use crate::bulk::plan::reached;
use crate::bulk::{folder, unborn};

/// The version of the format that is written.
const FORMAT: u32 = 1;

const META: TableDefinition<'_, &str, &str> = TableDefinition::new("meta");
const PLANS: TableDefinition<'_, &str, &str> = TableDefinition::new("plans");
const WINDOWS: TableDefinition<'_, (&str, u32), &str> = TableDefinition::new("windows");

/// A ledger that is open for writing. See the [module](super).
pub struct Ledger {
    store: Database,
    path: PathBuf,
    /// One permit is held by each sink that writes.
    sinks: Arc<Semaphore>,
}

/// More sinks than plans can have.
const SINKS: usize = 1 << 16;

impl Ledger {
    /// Opens the ledger in a file, or begins one if there is none.
    ///
    /// # Errors
    ///
    /// Another writer has it open; a newer version wrote it; it is no ledger; the disk fails.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        unborn::clear(path).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => LedgerError::new(path, LedgerErrorKind::Busy),
            _ => LedgerError::store(path, redb::Error::Io(error)),
        })?;
        // Whatever the file holds is checked first: the store trusts it afterwards. A ledger is small.
        let store = Database::builder()
            .set_cache_size(4 << 20)
            .set_check_integrity_on_open(true)
            .create(path)
            .map_err(|error| LedgerError::store(path, error))?;
        // Not every file system syncs folders; the file itself is safe.
        let _ = folder::sync_of(path);
        let ledger = Self { store, path: path.to_owned(), sinks: Arc::new(Semaphore::new(SINKS)) };
        ledger.check_format()?;
        Ok(ledger)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the plans, in order.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn plans(&self) -> Result<Vec<String>, LedgerError> {
        let plans = self.reading(|read| {
            let table = read.open_table(PLANS)?;
            table.iter()?.map(|entry| Ok(entry?.0.value().to_owned())).collect::<Result<Vec<_>, redb::Error>>()
        })?;
        Ok(plans)
    }

    /// A plan.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn plan(&self, name: &str) -> Result<Option<PlanRecord>, LedgerError> {
        let json = self.reading(|read| Ok(read.open_table(PLANS)?.get(name)?.map(|json| json.value().to_owned())))?;
        json.map(|json| self.decode(&json, name)).transpose()
    }

    /// The windows of a plan in the order in which they were planned.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn windows(&self, plan: &str) -> Result<Vec<WindowRecord>, LedgerError> {
        let json = self.reading(|read| {
            let table = read.open_table(WINDOWS)?;
            let range = table.range((plan, 0)..=(plan, u32::MAX))?;
            range.map(|entry| Ok(entry?.1.value().to_owned())).collect::<Result<Vec<_>, redb::Error>>()
        })?;
        json.iter().map(|json| self.decode(json, plan)).collect()
    }

    /// How far a plan's windows are finished without a gap, from the earliest one on: where the next range begins. `None` where there is no
    /// such plan, or it has no range.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn cursor(&self, plan: &str) -> Result<Option<Timestamp>, LedgerError> {
        let records = self.windows(plan)?;
        let start = records.iter().filter_map(|record| record.range).map(|range| range.start()).min();
        let finished = records.iter().filter(|record| record.is_finished()).filter_map(|record| record.range);
        Ok(start.map(|start| reached(start, finished)))
    }

    /// Writes a plan, and windows with their numbers. On disk when it returns.
    pub(crate) fn put_plan<'a>(
        &mut self,
        name: &str,
        plan: &PlanRecord,
        windows: impl IntoIterator<Item = (u32, &'a WindowRecord)>,
    ) -> Result<(), LedgerError> {
        let plan = self.encode(plan)?;
        let windows: Vec<(u32, String)> = windows
            .into_iter()
            .map(|(number, record)| Ok((number, self.encode(record)?)))
            .collect::<Result<_, LedgerError>>()?;
        self.writing(|write| {
            write.open_table(PLANS)?.insert(name, plan.as_str())?;
            let mut table = write.open_table(WINDOWS)?;
            for (number, json) in &windows {
                table.insert((name, *number), json.as_str())?;
            }
            Ok(())
        })
    }

    /// Writes a window. On disk when it returns.
    pub(crate) fn put_window(&mut self, plan: &str, number: u32, record: &WindowRecord) -> Result<(), LedgerError> {
        let json = self.encode(record)?;
        self.writing(|write| {
            write.open_table(WINDOWS)?.insert((plan, number), json.as_str())?;
            Ok(())
        })
    }

    /// Held by a sink while it writes, which goes on when its run is dropped.
    pub(crate) fn sinking(&self) -> Option<OwnedSemaphorePermit> {
        self.sinks.clone().try_acquire_owned().ok()
    }

    /// Waits for the sinks of a run that was dropped.
    pub(crate) async fn wait_for_sinks(&self) {
        // It is never closed, and there are so many.
        let _ = self.sinks.acquire_many(SINKS as u32).await;
    }

    /// Refuses what a newer version wrote; marks a new ledger.
    fn check_format(&self) -> Result<(), LedgerError> {
        let (found, tables) = self.reading(|read| {
            let tables = read.list_tables()?.count();
            let found = match read.open_table(META) {
                Ok(meta) => meta.get("format")?.map(|version| version.value().to_owned()),
                Err(redb::TableError::TableDoesNotExist(_)) => None,
                Err(error) => return Err(error.into()),
            };
            Ok((found, tables))
        })?;
        let damaged = |what: &str| LedgerError::new(&self.path, LedgerErrorKind::Damaged(what.to_owned()));
        match found {
            None if tables == 0 => self.writing(|write| {
                write.open_table(META)?.insert("format", FORMAT.to_string().as_str())?;
                write.open_table(PLANS)?;
                write.open_table(WINDOWS)?;
                Ok(())
            }),
            None => Err(damaged("it is a store without the mark of a ledger")),
            Some(version) => match version.parse::<u32>() {
                Ok(FORMAT) => Ok(()),
                Ok(found) if found > FORMAT => {
                    Err(LedgerError::new(&self.path, LedgerErrorKind::Newer { found, known: FORMAT }))
                }
                _ => Err(damaged(&format!("its format is `{version}`"))),
            },
        }
    }

    fn reading<T>(
        &self,
        read: impl FnOnce(&redb::ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, LedgerError> {
        let transaction = self.store.begin_read().map_err(|error| LedgerError::store(&self.path, error))?;
        read(&transaction).map_err(|error| LedgerError::store(&self.path, error))
    }

    fn writing(
        &self,
        write: impl FnOnce(&redb::WriteTransaction) -> Result<(), redb::Error>,
    ) -> Result<(), LedgerError> {
        let failed = |error: redb::Error| LedgerError::store(&self.path, error);
        let transaction = self.store.begin_write().map_err(|error| failed(error.into()))?;
        write(&transaction).map_err(failed)?;
        transaction.commit().map_err(|error| failed(error.into()))
    }

    fn encode(&self, record: &impl Serialize) -> Result<String, LedgerError> {
        serde_json::to_string(record)
            .map_err(|error| LedgerError::new(&self.path, LedgerErrorKind::Store(error.into())))
    }

    fn decode<T: DeserializeOwned>(&self, json: &str, plan: &str) -> Result<T, LedgerError> {
        serde_json::from_str(json).map_err(|error| {
            LedgerError::new(&self.path, LedgerErrorKind::Damaged(format!("a record of the plan `{plan}`: {error}")))
        })
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("path", &self.path).finish_non_exhaustive()
    }
}
