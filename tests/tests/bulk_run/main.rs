//! Plans carried out against the fake, by a clock that passes only when everybody waits.

mod setup;
mod whole;
