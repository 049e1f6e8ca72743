//! Plans carried out against the fake, by a clock that passes only when everybody waits.

mod again;
mod corners;
mod quota;
mod rows;
mod setup;
mod slots;
mod trouble;
mod whole;
