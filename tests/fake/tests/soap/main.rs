//! The SOAP service over a socket: each operation by its rules, in every version.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test panics where something is wrong")]

mod activities;
mod caller;
mod campaigns;
mod leads;
mod objects;
mod trouble;
mod versions;
