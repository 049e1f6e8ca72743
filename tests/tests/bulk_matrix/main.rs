//! Each trouble × each step of bulk export, against the fake: the exact outcome, and the exact calls that the fake counted.

mod files;
mod logs;
mod quotas;
mod setup;
mod steps;
