//! Plans.
mod window;
#[cfg(test)]
mod window_tests;
pub use window::Windows;
pub(crate) use window::reached;
