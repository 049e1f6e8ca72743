//! What a run has done and is about to do, on disk: plans, windows and jobs. Steps enter before they are taken; after a crash the next run
//! reads from here where each window stands. Never holds a row, a token or a secret.
//!
//! # Store
//!
//! One file of [redb](https://docs.rs/redb): written in Rust alone, so the toolchain builds it; every commit is on disk when it returns; a
//! process killed at any point leaves the last commit whole; and it locks the file, so there is one writer. SQLite would do the same at the
//! price of a C library.
//!
//! # Format 1
//!
//! | table | key | value |
//! |---|---|---|
//! | `meta` | `"format"` | the version, in decimal |
//! | `plans` | name of the plan | a [`PlanRecord`] as JSON |
//! | `windows` | name of the plan, number of the window from 0 | a [`WindowRecord`] as JSON |
//!
//! A window that is done, with its only job:
//!
//! ```json
//! {
//!   "range": { "start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z" },
//!   "step": "done", "since": "2026-02-01T00:09:00Z",
//!   "jobs": [{ "info": { "exportId": "…", "status": "Completed", "fileSize": 9, "…": "…" }, "knownAt": "2026-02-01T00:04:00Z" }],
//!   "orphans": [],
//!   "rows": { "read": 3, "written": 2, "duplicates": 1, "misfits": 0 }
//! }
//! ```
//!
//! A plan names the service that it exports from, and is refused for another one.
//!
//! Keys are strings, and a pair of string and 32-bit number; values are strings. A reader skips members of the JSON that it does not know, so
//! members may be added within a version. A ledger of a newer version is refused.
//!
//! # Steps
//!
//! A window goes through the steps of [`Step`]. Each is written before what it names is done, or right after what it reports came to be; what
//! a run does with a window that it finds at a step stands there.

mod error;
mod record;
mod store;
#[cfg(test)]
mod tests;

pub use error::{LedgerError, LedgerErrorKind};
pub use record::{Counts, Ending, JobRecord, Orphan, PlanRecord, Step, WindowRecord};
pub use store::Ledger;
