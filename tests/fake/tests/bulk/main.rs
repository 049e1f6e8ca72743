//! Identity, bulk export and describe, as a socket sees them.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod http;
mod identity;
mod jobs;
mod requests;
