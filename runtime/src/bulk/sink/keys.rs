//! The keys of rows that were written, on disk: rows enter, and whether each is a duplicate leaves. Rows themselves are never kept.
//!
//! A plan's windows meet: each begins with the very second with which the one before it ended, so rows come twice. What is remembered of a window
//! is one entry a record, and a row is compared only with its own window and those that share a second with it; a record that comes again in any
//! other window was changed in between, and is an update however much it looks the same.
//!
//! - Of activities, which do not change, all rows of a key but the first are duplicates.
//! - Of other records, a row is a duplicate if it says the same as its neighbour in the order of the jobs' starts: the last state of the window
//!   whose job started before, or the first one of the window whose job started after. So A, B, A stay three rows.
//!
//! A window's entries become durable in one transaction, after its file has its name. Written again, a window forgets its own entries first, and
//! is compared only with those that were there when it was written first: so it comes out the same however often it is written, after a crash at
//! any point too.
//!
//! The entries of a window are forgotten when it and those on both sides of it are finished, since no window that is yet to be written, or to be
//! written again, shares a second with it. So the file grows with the windows that border on a gap or an end, and with none between. The file is one of redb's, of version
//! [`VERSION`]: a table `windows` from plan and number to start, end, start of the job, all in seconds, and the order of writing; and of
//! each window a table `keys <number> <plan>` from the key to the hashes of the first and the last state there, once if they are the same and not
//! at all where the key alone decides. A short key stands there itself: ids that are near each other in the file are near each other in the tree.
//! A longer one is hashed.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use redb::{Database, ReadableTable, Table, TableDefinition, WriteTransaction};
use sha2::{Digest, Sha256};

use super::error::WriteError;
use crate::bulk::rows::{Header, Record};
use crate::bulk::{Duplicates, Schema, TimeRange, unborn};

/// The version of the file. Another one is refused.
const VERSION: u64 = 1;

/// What redb may keep in memory; beyond it, pages go to the file before the commit.
const CACHE: usize = 8 << 20;

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const WINDOWS: TableDefinition<'_, (&str, u32), (i64, i64, i64, u64)> = TableDefinition::new("windows");

/// The first half of a SHA-256: that two of 2^40 rows have the same is less likely than that the disk lies. Or a short key.
type Hash = [u8; 16];

/// What the hash of a key begins with, and no short key does.
const HASHED: u8 = 0xFF;

/// A file of keys. One process has it open at a time.
pub(super) struct Keys {
    path: PathBuf,
    database: Database,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The window whose rows are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct WindowId<'a> {
    pub(super) plan: &'a str,
    pub(super) number: u32,
    /// None where the plan has no range: then nothing is remembered beyond the window.
    pub(super) range: Option<TimeRange>,
    /// When its job started, where the service says it.
    pub(super) started_at: Option<Timestamp>,
    /// The ranges of the plan's windows that are not written any more, those that meet taken together.
    pub(super) finished: &'a [TimeRange],
}

/// The keys of a window while its rows are written.
pub(super) struct WindowKeys<'txn> {
    path: &'txn Path,
    own: Keyed<'txn>,
    /// Windows that share a second with this one, whose jobs started before: the latest first.
    before: Vec<Keyed<'txn>>,
    /// Those whose jobs started after: the earliest first.
    after: Vec<Keyed<'txn>>,
    identity: Identity,
}

type Keyed<'txn> = Table<'txn, Hash, &'static [u8]>;

/// Where the key and the state of a record lie in its fields.
struct Identity {
    duplicates: Duplicates,
    key: Vec<usize>,
    /// All columns in the schema's order, which a file need not have.
    state: Vec<usize>,
}

/// What is remembered of a record in a window: its first and its last state there. Where the key alone decides, all states are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    first: Hash,
    last: Hash,
}

impl Keys {
    /// Opens the file, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, WriteError> {
        let fail = |error: redb::Error| WriteError::keys(path, &error);
        unborn::clear(path).map_err(|error| fail(redb::Error::Io(error)))?;
        let database = Database::builder().set_cache_size(CACHE).create(path).map_err(|error| fail(error.into()))?;
        let keys = Self { path: path.to_owned(), database };
        let found = keys.transaction(|transaction| {
            let mut meta = transaction.open_table(META)?;
            let found = meta.get("version")?.map(|version| version.value());
            if found.is_none() {
                meta.insert("version", VERSION)?;
            }
            Ok(found.unwrap_or(VERSION))
        })?;
        match found {
            VERSION => Ok(keys),
            found => Err(WriteError::KeysVersion { path: path.to_owned(), found, expected: VERSION }),
        }
    }

    /// Calls `write` with the keys of a window, and remembers them if it succeeds; without any where schema or file have no key.
    pub(super) fn window<T>(
        &self,
        window: &WindowId<'_>,
        schema: &Schema,
        header: &Header,
        write: impl FnOnce(Option<&mut WindowKeys<'_>>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let Some(identity) = Identity::new(schema, header) else { return write(None) };
        let fail = |error: redb::Error| WriteError::keys(&self.path, &error);
        let transaction = self.database.begin_write().map_err(|error| fail(error.into()))?;
        let (before, after) = prepare(&transaction, window).map_err(fail)?;
        let result = {
            let open = |number: u32| {
                let name = table(window.plan, number);
                Ok(transaction.open_table(TableDefinition::new(&name))?)
            };
            let opened = || -> Result<_, redb::Error> {
                let all = |numbers: Vec<u32>| numbers.into_iter().map(open).collect::<Result<Vec<_>, redb::Error>>();
                Ok((open(window.number)?, all(before)?, all(after)?))
            };
            let (own, before, after) = opened().map_err(fail)?;
            let mut keys = WindowKeys { path: &self.path, own, before, after, identity };
            write(Some(&mut keys))?
        };
        if window.range.is_none() {
            let name = table(window.plan, window.number);
            transaction.delete_table(TableDefinition::<Hash, &[u8]>::new(&name)).map_err(|error| fail(error.into()))?;
        }
        transaction.commit().map_err(|error| fail(error.into()))?;
        Ok(result)
    }

    fn transaction<T>(&self, body: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>) -> Result<T, WriteError> {
        let run = || -> Result<T, redb::Error> {
            let transaction = self.database.begin_write()?;
            let value = body(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|error| WriteError::keys(&self.path, &error))
    }

    /// The numbers of a plan's windows whose keys are remembered.
    #[cfg(test)]
    fn remembered(&self, plan: &str) -> Vec<u32> {
        use redb::{ReadableDatabase, TableHandle};
        let transaction = self.database.begin_read().unwrap();
        let tables = transaction.list_tables().unwrap().map(|table| table.name().to_owned());
        tables.filter_map(|name| number(&name, plan)).collect()
    }
}

/// Forgets what can be forgotten and what the window itself left. The windows to compare with, by the starts of their jobs: those before, the
/// latest first, and those after.
fn prepare(transaction: &WriteTransaction, window: &WindowId<'_>) -> Result<(Vec<u32>, Vec<u32>), redb::Error> {
    let own_name = table(window.plan, window.number);
    transaction.delete_table(TableDefinition::<Hash, &[u8]>::new(&own_name))?;
    let Some(range) = window.range else { return Ok((Vec::new(), Vec::new())) };
    let mut table = transaction.open_table(WINDOWS)?;
    let mut written = Vec::new();
    for entry in table.range((window.plan, 0)..=(window.plan, u32::MAX))? {
        let (key, value) = entry?;
        let (start, end, started_at, order) = value.value();
        written.push(Written { number: key.value().1, start, end, started_at, order });
    }
    let order = match written.iter().find(|other| other.number == window.number) {
        Some(before) => before.order,
        None => {
            forget(transaction, window, &written)?;
            written.iter().map(|other| other.order + 1).max().unwrap_or_default()
        }
    };
    let own = Written {
        number: window.number,
        start: range.start().as_second(),
        end: range.end().as_second(),
        started_at: window.started_at.map_or(i64::MIN, Timestamp::as_second),
        order,
    };
    table.insert((window.plan, own.number), (own.start, own.end, own.started_at, own.order))?;
    let mut meeting: Vec<_> = written.into_iter().filter(|other| other.order < order && other.meets(&own)).collect();
    meeting.sort_unstable_by_key(|other| (other.started_at, other.number));
    let place = meeting.partition_point(|other| (other.started_at, other.number) < (own.started_at, own.number));
    let numbers = |windows: &[Written]| windows.iter().map(|window| window.number).collect::<Vec<_>>();
    let (mut before, after) = (numbers(&meeting[..place]), numbers(&meeting[place..]));
    before.reverse();
    Ok((before, after))
}

/// A window that was written.
#[derive(Clone, Copy)]
struct Written {
    number: u32,
    start: i64,
    end: i64,
    started_at: i64,
    /// How many windows of the plan were written before it.
    order: u64,
}

impl Written {
    fn meets(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// Forgets the keys of windows that nothing is written any more that meets them: every second of theirs, and one more on both sides, lies in
/// finished windows.
fn forget(transaction: &WriteTransaction, window: &WindowId<'_>, written: &[Written]) -> Result<(), redb::Error> {
    let runs = window.finished.iter().map(|run| (run.start().as_second(), run.end().as_second()));
    for other in written {
        if runs.clone().any(|run| run.0 < other.start && other.end < run.1) {
            transaction.delete_table(TableDefinition::<Hash, &[u8]>::new(&table(window.plan, other.number)))?;
        }
    }
    Ok(())
}

/// The name of a window's table.
fn table(plan: &str, number: u32) -> String {
    format!("keys {number} {plan}")
}

#[cfg(test)]
fn number(table: &str, plan: &str) -> Option<u32> {
    table.strip_prefix("keys ")?.strip_suffix(plan)?.trim_end().parse().ok()
}

impl WindowKeys<'_> {
    /// Whether a row is to be written: it is no duplicate. A row without a key never is.
    pub(super) fn is_new(&mut self, record: &Record<'_>) -> Result<bool, WriteError> {
        let Some((key, state)) = self.identity.hashes(record) else { return Ok(true) };
        self.look(key, state).map_err(|error| WriteError::keys(self.path, &error))
    }

    fn look(&mut self, key: Hash, state: Hash) -> Result<bool, redb::Error> {
        let with_states = self.identity.duplicates == Duplicates::SameState;
        let (entry, is_new) = match get(&self.own, key)? {
            Some(entry) if entry.last == state => return Ok(false),
            Some(entry) => (Entry { last: state, ..entry }, true),
            None => {
                let is_same = nearest(&self.before, key)?.is_some_and(|entry| entry.last == state)
                    || nearest(&self.after, key)?.is_some_and(|entry| entry.first == state);
                (Entry { first: state, last: state }, !is_same)
            }
        };
        let bytes = [entry.first, entry.last];
        let length = match (with_states, entry.first == entry.last) {
            (false, _) => 0,
            (true, true) => 16,
            (true, false) => 32,
        };
        self.own.insert(key, &bytes.as_flattened()[..length])?;
        Ok(is_new)
    }
}

/// What the first of these windows that has the record remembers of it.
fn nearest(windows: &[Keyed<'_>], key: Hash) -> Result<Option<Entry>, redb::Error> {
    for keys in windows {
        if let Some(entry) = get(keys, key)? {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

fn get(keys: &Keyed<'_>, key: Hash) -> Result<Option<Entry>, redb::Error> {
    Ok(keys.get(key)?.map(|bytes| {
        let (hashes, _) = bytes.value().as_chunks();
        let first = hashes.first().copied().unwrap_or_default();
        Entry { first, last: hashes.get(1).copied().unwrap_or(first) }
    }))
}

impl Identity {
    /// Where the schema's key lies in a file. `None` where it has none, or the file does not hold it; a file without a byte holds every key.
    fn new(schema: &Schema, header: &Header) -> Option<Self> {
        let key = schema.key.as_ref()?;
        let place = |names: &[String]| names.iter().map(|name| header.position(name)).collect::<Option<_>>();
        Some(Self {
            duplicates: key.duplicates,
            key: if header.is_empty() { Vec::new() } else { place(&key.columns)? },
            state: schema.columns.iter().filter_map(|column| header.position(&column.name)).collect(),
        })
    }

    /// The hashes of key and state; no state where the key alone decides. `None` where a part of the key is null.
    fn hashes(&self, record: &Record<'_>) -> Option<(Hash, Hash)> {
        let is_null = |index: &usize| record.field(*index).is_none_or(|field| field.is_null());
        if self.key.iter().any(is_null) {
            return None;
        }
        let state = match self.duplicates {
            Duplicates::SameKey => Hash::default(),
            Duplicates::SameState => hash(record, &self.state),
        };
        Some((key(record, &self.key), state))
    }
}

/// The fields of a key, each after its length, where they have room; their hash otherwise.
fn key(record: &Record<'_>, fields: &[usize]) -> Hash {
    short(record, fields).unwrap_or_else(|| {
        let [_, rest @ ..] = hash(record, fields);
        let mut key = [HASHED; 16];
        key[1..].copy_from_slice(&rest);
        key
    })
}

fn short(record: &Record<'_>, fields: &[usize]) -> Option<Hash> {
    let mut key = Hash::default();
    let mut room = &mut key[..];
    for field in fields.iter().filter_map(|index| record.field(*index)) {
        let (length, rest) = room.split_first_mut()?;
        let (text, rest) = rest.split_at_mut_checked(field.bytes().len())?;
        *length = u8::try_from(text.len()).ok()?;
        text.copy_from_slice(field.bytes());
        room = rest;
    }
    Some(key)
}

/// The hash of some fields of a record: each with its length and whether it is null.
fn hash(record: &Record<'_>, fields: &[usize]) -> Hash {
    let mut hasher = Sha256::new();
    for field in fields.iter().filter_map(|index| record.field(*index)) {
        if field.is_null() {
            hasher.update(u64::MAX.to_le_bytes());
        } else {
            hasher.update((field.bytes().len() as u64).to_le_bytes());
            hasher.update(field.bytes());
        }
    }
    let hash: [u8; 32] = hasher.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
