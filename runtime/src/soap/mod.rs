//! SOAP 1.1 (W3C Note of 8 May 2000): operations as generated code states them, envelopes in and out, faults.
//!
//! Values enter and bytes leave, or the other way round. How bytes travel, and how a signature is computed, is not known here.

mod batch;
mod check;
mod envelope;
mod error;
mod fault;
mod operation;
mod request;
mod service;

pub use batch::{BatchClient, BatchError, Batched, Statuses};
pub use check::{Check, Place, Violation, Whole};
pub use envelope::{ENVELOPE, body_name, read_request, read_response, write_fault, write_request, write_response};
pub use error::Error;
pub use fault::{Fault, FaultCode};
pub use operation::{Client, Effect, HeaderBlock, Limit, LimitKind, Operation, PageClient, Paged, Visitor};
pub use request::{Headers, IntoRequest, Received, Request};
pub use service::{ErrorKind, Service, Signature};
