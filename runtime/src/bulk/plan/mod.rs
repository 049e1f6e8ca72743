//! Plans.
mod window;
#[cfg(test)]
mod window_tests;
pub use window::{LONGEST_SECONDS, Window, Windows};
