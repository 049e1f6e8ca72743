//! x
pub mod diag;
pub mod ir;
pub mod lower;
pub mod model;
pub mod names;
pub mod parse;
pub mod service;
