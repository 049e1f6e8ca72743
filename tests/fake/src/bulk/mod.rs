//! Bulk export for tests: what the subscription holds, what becomes of its jobs, and what callers did.
//!
//! Records enter as changes in time; jobs made by callers leave files that hold the records as they stood when processing began. All goes by
//! the fake's clock: nothing happens while it stands.
//!
//! ```
//! use std::time::Duration;
//!
//! use fake::bulk::{Change, Fate, Large, Object};
//! use fake::{Clock, Config, Fake};
//!
//! let fake = Fake::start_blocking(Config::new().clock(Clock::at("2026-03-01T12:00:00Z".parse()?)))?;
//! let bulk = fake.bulk();
//! bulk.lead(1, Change::at("2026-02-01T08:00:00Z".parse()?).set("email", "joe@example.com"));
//! bulk.lead(1, Change::at("2026-02-03T09:30:00.5Z".parse()?).set("company", "Example, \"the\" Company"));
//!
//! // The next job of activities has a file of two gigabytes; the one after it fails.
//! bulk.next_job_of(Object::Activities, Fate::new().large(Large { seed: 1, bytes: 2 << 30 }));
//! bulk.next_job_of(Object::Activities, Fate::new().fails("Export job failed"));
//!
//! let leads = bulk.records(&Object::Leads, fake.clock().now());
//! assert_eq!(leads[0].changed_at.to_string(), "2026-02-03T09:30:00.5Z");
//! fake.clock().advance(Duration::from_secs(60));
//! assert_eq!(bulk.jobs().len(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod download;
mod endpoint;
mod envelope;
mod fate;
mod file;
mod generated;
mod history;
mod inner;
mod job;
mod object;
mod request;
mod samples;
mod select;
mod service;
mod style;
mod value;

use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;

pub use fate::Fate;
pub use file::File;
pub use generated::Large;
pub use history::{Change, List, State};
pub use job::{Job, Read, Status};
pub use object::Object;
pub use request::{Export, Filter, Format, Window};
pub use select::Table;
pub use style::{Attributes, Borders, Empty, Moments, Style, Subscription};
pub use value::Value;

pub(crate) use inner::uuid;
pub(crate) use service::{Service, error, handle, name};

use crate::clock::Clock;
use crate::describe::Catalogue;
use crate::lock;
use inner::Inner;

/// The bulk export of the fake.
#[derive(Debug)]
pub struct Bulk {
    clock: Clock,
    inner: Arc<Mutex<Inner>>,
}

impl Bulk {
    fn new(clock: Clock) -> Self {
        Self { clock, inner: Arc::new(Mutex::new(Inner::new())) }
    }

    /// All that happened by now.
    fn now(&self) -> MutexGuard<'_, Inner> {
        let mut inner = lock(&self.inner);
        inner.advance(self.clock.now());
        inner
    }

    /// Changes what the subscription allows, and how fast its jobs go.
    pub fn subscription(&self, change: impl FnOnce(&mut Subscription)) {
        change(&mut self.now().subscription);
    }

    /// Changes how files and answers are spelt: files whose processing begins from now on.
    pub fn style(&self, change: impl FnOnce(&mut Style)) {
        change(&mut self.now().style);
    }

    /// Changes the fields and types that the subscription has.
    pub fn catalogue(&self, change: impl FnOnce(&mut Catalogue)) {
        change(&mut self.now().catalogue);
    }

    /// As [`catalogue`](Self::catalogue), but not before so many describe calls were answered from now on.
    pub fn catalogue_after(&self, calls: u32, change: impl FnOnce(&mut Catalogue)) {
        let mut inner = self.now();
        let mut catalogue = inner.upcoming.last().map_or(&inner.catalogue, |(_, catalogue)| catalogue).clone();
        change(&mut catalogue);
        inner.upcoming.push((calls, catalogue));
    }

    /// Adds a status to those that program members can have: the filter `statusNames` refuses others with 1003.
    pub fn member_status(&self, name: impl Into<String>) {
        self.now().statuses.insert(name.into());
    }

    /// A change of a lead. Sets its field `id`.
    pub fn lead(&self, id: i64, change: Change) {
        self.now().history.change(Object::Leads, id.to_string(), change.set("id", id));
    }

    /// An activity: its change's moment is its `activityDate`. Sets its field `marketoGUID`.
    pub fn activity(&self, guid: &str, change: Change) {
        self.now().history.change(Object::Activities, guid.to_owned(), change.set("marketoGUID", guid));
    }

    /// A change of a custom object's record. Sets its field `marketoGUID`; `leadId` ties it to a lead.
    pub fn custom_object(&self, name: &str, guid: &str, change: Change) {
        self.now().history.change(Object::custom(name), guid.to_owned(), change.set("marketoGUID", guid));
    }

    /// A change of a program's member. Sets its fields `leadId` and `programId`.
    pub fn program_member(&self, lead: i64, program: i64, change: Change) {
        let change = change.set("leadId", lead).set("programId", program);
        self.now().history.change(Object::ProgramMembers, format!("{lead}:{program}"), change);
    }

    /// Adds a list of leads, in place of one with the same number. Its members stay.
    pub fn list(&self, id: i64, name: impl Into<String>, smart: bool) {
        self.now().history.list(List { id, name: name.into(), smart });
    }

    /// A lead comes into a list. Jobs look at a list when their processing begins.
    pub fn join(&self, list: i64, lead: i64, at: Timestamp) {
        self.now().history.member(list, lead, at, true);
    }

    /// A lead goes out of a list.
    pub fn leave(&self, list: i64, lead: i64, at: Timestamp) {
        self.now().history.member(list, lead, at, false);
    }

    /// The records of a kind as they stand at a moment, in the order in which they were made known.
    #[must_use]
    pub fn records(&self, object: &Object, at: Timestamp) -> Vec<State> {
        let inner = self.now();
        let records = inner.history.records(object).iter();
        records.filter_map(|record| select::state(&inner.catalogue, object, record, at, at)).collect()
    }

    /// Every state that a record was in by a moment, one for each of its changes, oldest first.
    #[must_use]
    pub fn states(&self, object: &Object, key: &str, by: Timestamp) -> Vec<State> {
        let inner = self.now();
        let Some(record) = inner.history.record(object, key) else { return Vec::new() };
        record.moments(by).filter_map(|at| select::state(&inner.catalogue, object, record, at, by)).collect()
    }

    /// What a job would export whose body of create is this and whose processing began at `at`.
    ///
    /// # Errors
    ///
    /// The body breaks a rule: code and message of the error that create gives.
    pub fn expected(&self, object: &Object, create: &serde_json::Value, at: Timestamp) -> Result<Table, (u32, String)> {
        let inner = self.now();
        let export = inner.read(object.clone(), create.to_string().as_bytes());
        let export = export.map_err(|refusal| (refusal.code, refusal.message))?;
        Ok(inner.table(&export, at))
    }

    /// Adds `leads` leads, created evenly over the 30 days before now, a third of them changed a day later; an activity of each; a custom object
    /// `car_c` of every second; and a membership in program 1001 of every fourth. The same leads every time, but for their times.
    pub fn add_samples(&self, leads: u32) {
        samples::add(self, leads, self.clock.now());
    }

    /// What becomes of the next job that is made and that no earlier fate is for.
    pub fn next_job(&self, fate: Fate) {
        self.now().fates.push_back((None, fate));
    }

    /// As [`next_job`](Self::next_job), of this kind.
    pub fn next_job_of(&self, object: Object, fate: Fate) {
        self.now().fates.push_back((Some(object), fate));
    }

    /// What becomes of every job that is made from now on, and that no other fate is for.
    pub fn every_job(&self, fate: Fate) {
        self.now().standing.push((None, fate));
    }

    /// As [`every_job`](Self::every_job), of this kind.
    pub fn every_job_of(&self, object: Object, fate: Fate) {
        self.now().standing.push((Some(object), fate));
    }

    /// Every job that was ever made, oldest first, as it stands now.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.now().jobs.clone()
    }

    /// The job with this id.
    #[must_use]
    pub fn job(&self, id: &str) -> Option<Job> {
        self.now().jobs.iter().find(|job| job.id == id).cloned()
    }

    /// Bytes of all files that were finished on the service's day.
    #[must_use]
    pub fn bytes_today(&self) -> u64 {
        self.now().bytes_today(self.clock.now())
    }

    /// Jobs that are Queued or Processing.
    #[must_use]
    pub fn slots_taken(&self) -> usize {
        self.now().count(&[Status::Queued, Status::Processing])
    }

    /// The greatest number of jobs that were Queued or Processing at any moment so far.
    #[must_use]
    pub fn most_slots_taken(&self) -> usize {
        job::most_at_once(self.now().jobs.iter().filter_map(Job::queued))
    }

    /// The greatest number of jobs that were Processing at any moment so far.
    #[must_use]
    pub fn most_processing(&self) -> usize {
        job::most_at_once(self.now().jobs.iter().filter_map(Job::processing))
    }
}
