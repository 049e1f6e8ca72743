//! The expected code of the golden cases, compiled: what the generator is expected to write is code that works.

include!(concat!(env!("OUT_DIR"), "/cases.rs"));
