//! Identity, bulk export and describe, as a socket sees them.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod describe;
mod files;
mod http;
mod identity;
mod jobs;
mod large;
mod paths;
mod records;
mod requests;
mod trouble;
