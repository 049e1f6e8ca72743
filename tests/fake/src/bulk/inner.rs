//! All that bulk export knows at a moment, and how it goes on with time. Enter moments, which only go forward; jobs move on exactly when they
//! are due, however far the clock jumped.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::fate::{Content, End, Fate};
use super::file::{self, File};
use super::generated::{Column, Generated, Large};
use super::history::History;
use super::job::{Job, Status};
use super::object::Object;
use super::request::{Export, Refusal, Rules};
use super::select::{self, Table};
use super::style::{Style, Subscription};
use crate::clock;
use crate::describe::Catalogue;

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) subscription: Subscription,
    pub(super) style: Style,
    pub(super) catalogue: Catalogue,
    pub(super) history: History,
    pub(super) statuses: BTreeSet<String>,
    pub(super) jobs: Vec<Job>,
    pub(super) fates: VecDeque<(Option<Object>, Fate)>,
    pub(super) standing: Vec<(Option<Object>, Fate)>,
    /// Catalogues to come, each after so many more describe calls.
    pub(super) upcoming: Vec<(u32, Catalogue)>,
    requests: u64,
    index: HashMap<String, usize>,
    generated: Vec<Made>,
    at: Timestamp,
}

/// A generated file, kept so that jobs that ask for the same share it.
#[derive(Debug)]
struct Made {
    large: Large,
    export: Export,
    style: Style,
    file: Arc<Generated>,
}

impl Inner {
    pub(super) fn new() -> Self {
        let statuses = ["Not in Program", "Invited", "Registered", "Attended", "No Show", "Member", "Influenced"];
        Self {
            subscription: Subscription::default(),
            style: Style::default(),
            catalogue: Catalogue::default(),
            history: History::default(),
            statuses: statuses.map(str::to_owned).into(),
            jobs: Vec::new(),
            fates: VecDeque::new(),
            standing: Vec::new(),
            upcoming: Vec::new(),
            requests: 0,
            index: HashMap::new(),
            generated: Vec::new(),
            at: Timestamp::MIN,
        }
    }

    /// Lets everything happen that is due by `now`.
    pub(super) fn advance(&mut self, now: Timestamp) {
        loop {
            let ends = self.jobs.iter().zip(0..).filter(|(job, _)| job.status == Status::Processing);
            let end = ends.map(|(job, index)| (self.end_of(job), index)).min();
            let free = self.count(&[Status::Processing]) < self.subscription.processing;
            let waiting = self.jobs.iter().zip(0..).filter(|(job, _)| free && job.status == Status::Queued);
            let start = waiting.map(|(job, index)| (self.ready_at(job), index)).min();
            let start = start.map(|(at, index)| (at.max(self.at), index));
            // A job that ends makes room before the next one begins.
            let ends = match (end, start) {
                (Some(end), Some(start)) => end.0 <= start.0,
                (end, _) => end.is_some(),
            };
            let Some((at, index)) = (if ends { end } else { start }) else { break };
            if at > now {
                break;
            }
            self.at = self.at.max(at);
            if ends { self.finish(index, at) } else { self.start(index, at) }
        }
        self.at = self.at.max(now);
    }

    fn ready_at(&self, job: &Job) -> Timestamp {
        later(job.queued_at.unwrap_or(job.created_at), job.fate.queue_time.unwrap_or(self.subscription.queue_time))
    }

    fn end_of(&self, job: &Job) -> Timestamp {
        let time = job.fate.processing_time.unwrap_or(self.subscription.processing_time);
        later(job.started_at.unwrap_or(job.created_at), time)
    }

    fn start(&mut self, index: usize, at: Timestamp) {
        let Some(job) = self.jobs.get(index) else { return };
        let file = match &job.fate.content {
            Content::File(file) => file.clone(),
            Content::Large(large) => File::generated(self.generate(*large, &job.export.clone())),
            Content::History => File::of_table(&self.table(&job.export, at), &job.export, &self.style),
        };
        if let Some(job) = self.jobs.get_mut(index) {
            job.file = Some(file);
            job.started_at = Some(at);
            job.status = Status::Processing;
        }
    }

    fn finish(&mut self, index: usize, at: Timestamp) {
        let Some(job) = self.jobs.get_mut(index) else { return };
        job.status = match job.fate.end {
            End::Completed => Status::Completed,
            End::Failed(_) => Status::Failed,
            End::Cancelled => Status::Cancelled,
        };
        let ended = if job.status == Status::Cancelled { &mut job.cancelled_at } else { &mut job.finished_at };
        *ended = Some(at);
    }

    pub(super) fn table(&self, export: &Export, at: Timestamp) -> Table {
        select::table(&self.history, &self.catalogue, &self.style, export, at)
    }

    pub(super) fn read(&self, object: Object, body: &[u8]) -> Result<Export, Refusal> {
        if let Object::Custom(name) = &object
            && !self.catalogue.objects.contains_key(name)
        {
            return Err(Refusal::new(1013, format!("Object not found: {name}")));
        }
        let rules = Rules {
            catalogue: &self.catalogue,
            history: &self.history,
            subscription: &self.subscription,
            statuses: &self.statuses,
        };
        rules.read(object, body)
    }

    /// Makes a job. The day's bytes must not be used up.
    pub(super) fn create(&mut self, export: Export, client: &str, now: Timestamp) -> Result<usize, Refusal> {
        self.quota(now)?;
        let index = self.jobs.len();
        let of = |object: &Option<Object>| object.as_ref().is_none_or(|object| *object == export.object);
        let once = self.fates.iter().position(|(object, _)| of(object));
        let fate = match once.and_then(|place| self.fates.remove(place)) {
            Some((_, fate)) => fate,
            None => {
                self.standing.iter().rfind(|(object, _)| of(object)).map(|(_, fate)| fate.clone()).unwrap_or_default()
            }
        };
        if let Content::Large(large) = fate.content {
            // The checksum is under way long before it is asked for.
            self.generate(large, &export);
        }
        let id = export_id(index);
        self.index.insert(id.clone(), index);
        self.jobs.push(Job {
            id,
            export,
            client: client.to_owned(),
            status: Status::Created,
            created_at: now,
            queued_at: None,
            started_at: None,
            finished_at: None,
            cancelled_at: None,
            file: None,
            enqueue_calls: 0,
            enqueued: 0,
            cancel_calls: 0,
            status_calls: 0,
            reads: Vec::new(),
            fate,
        });
        Ok(index)
    }

    pub(super) fn enqueue(&mut self, index: usize, now: Timestamp) -> Result<(), Refusal> {
        let full = self.count(&[Status::Queued, Status::Processing]) >= self.subscription.queue;
        let quota = self.quota(now);
        let job = &mut self.jobs[index];
        job.enqueue_calls += 1;
        match job.status {
            Status::Created => {}
            Status::Cancelled => return Err(Refusal::new(709, "Export job was cancelled")),
            _ => return Err(Refusal::new(1029, "Job already queued")),
        }
        quota?;
        if full {
            return Err(Refusal::new(1029, "Too many jobs in queue"));
        }
        job.enqueued += 1;
        job.status = Status::Queued;
        job.queued_at = Some(now);
        self.advance(now);
        Ok(())
    }

    pub(super) fn cancel(&mut self, index: usize, now: Timestamp) -> Result<(), Refusal> {
        let job = &mut self.jobs[index];
        job.cancel_calls += 1;
        match job.status {
            Status::Created | Status::Queued | Status::Processing => {
                job.status = Status::Cancelled;
                job.cancelled_at = Some(now);
            }
            Status::Cancelled => {}
            Status::Completed | Status::Failed => return Err(Refusal::new(709, "Export job has ended")),
        }
        self.advance(now);
        Ok(())
    }

    /// The place of a job that this client may see and whose status is still kept.
    pub(super) fn find(&self, object: &Object, id: &str, client: &str, now: Timestamp) -> Option<usize> {
        let index = *self.index.get(id)?;
        let job = self.jobs.get(index)?;
        let kept =
            job.finished_at.or(job.cancelled_at).is_none_or(|at| now <= later(at, self.subscription.status_kept));
        (kept && job.client == client && job.export.object == *object).then_some(index)
    }

    /// Jobs of a kind that a client made lately, oldest first.
    pub(super) fn listed(&self, object: &Object, client: &str, now: Timestamp) -> Vec<&Job> {
        let mine = |job: &&Job| job.client == client && job.export.object == *object;
        let recent = |job: &&Job| now <= later(job.created_at, self.subscription.listed);
        self.jobs.iter().filter(mine).filter(recent).collect()
    }

    pub(super) fn count(&self, among: &[Status]) -> usize {
        self.jobs.iter().filter(|job| among.contains(&job.status)).count()
    }

    /// Bytes of the files that were finished on the day of `now`.
    pub(super) fn bytes_today(&self, now: Timestamp) -> u64 {
        let today = clock::day(now);
        let done = self.jobs.iter().filter(|job| job.status == Status::Completed);
        let done = done.filter(|job| job.finished_at.is_some_and(|at| clock::day(at) == today));
        done.filter_map(|job| job.file.as_ref()).map(File::size).sum()
    }

    fn quota(&self, now: Timestamp) -> Result<(), Refusal> {
        let quota = self.subscription.bytes_per_day;
        if self.bytes_today(now) < quota {
            return Ok(());
        }
        Err(Refusal::new(1029, format!("Export daily quota {}MB exceeded.", quota / 1_000_000)))
    }

    fn generate(&mut self, large: Large, export: &Export) -> Arc<Generated> {
        let same = self
            .generated
            .iter()
            .find(|made| made.large == large && made.style == self.style && same_file(&made.export, export));
        if let Some(made) = same {
            return made.file.clone();
        }
        let type_of = |field: &str| {
            let field_type = match &export.object {
                Object::Leads => self.catalogue.lead_field(field),
                Object::Custom(name) => self.catalogue.object_field(name, field),
                Object::ProgramMembers => self.catalogue.member_field(field),
                Object::Activities => None,
            };
            match (field_type, field) {
                (Some(field), _) => field.data_type.clone(),
                (None, "activityDate") => "datetime".to_owned(),
                (None, "activityTypeId" | "campaignId" | "primaryAttributeValueId") => "integer".to_owned(),
                (None, "attributes") => "json".to_owned(),
                (None, _) => "string".to_owned(),
            }
        };
        let program = export.filter.program_column.then_some("programId");
        let columns = program.into_iter().chain(export.fields.iter().map(String::as_str)).map(|field| Column {
            field: field.to_owned(),
            header: export.headers.get(field).cloned().unwrap_or_else(|| field.to_owned()),
            data_type: type_of(field),
        });
        let columns: Vec<_> = columns.collect();
        let delimiter = file::delimiter(export.format, &self.style);
        let generated = Generated::start(large, &columns, delimiter, &self.style);
        let style = self.style.clone();
        self.generated.push(Made { large, export: export.clone(), style, file: generated.clone() });
        generated
    }

    /// Finished files whose checksum is still being computed.
    pub(super) fn unhashed(&self) -> Vec<Arc<Generated>> {
        let done = self.jobs.iter().filter(|job| job.status == Status::Completed);
        done.filter_map(|job| job.file.as_ref()?.unhashed()).collect()
    }

    /// A number for the answer to the next call.
    pub(super) const fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Answers a describe call, and lets the next catalogue come when its time has come.
    pub(super) fn describe(
        &mut self,
        what: impl FnOnce(&Catalogue) -> Option<Vec<Value>>,
    ) -> Result<Vec<Value>, Refusal> {
        let answer = what(&self.catalogue).ok_or_else(|| Refusal::new(1013, "Object not found"))?;
        for (calls, _) in &mut self.upcoming {
            *calls = calls.saturating_sub(1);
        }
        while self.upcoming.first().is_some_and(|(calls, _)| *calls == 0) {
            self.catalogue = self.upcoming.remove(0).1;
        }
        Ok(answer)
    }
}

/// Whether two exports give the same generated file.
fn same_file(one: &Export, other: &Export) -> bool {
    one.object == other.object
        && one.format == other.format
        && one.fields == other.fields
        && one.headers == other.headers
        && one.filter.program_column == other.filter.program_column
}

pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The id of the job at this place: shaped as a UUID, the same in every run.
fn export_id(index: usize) -> String {
    uuid(&format!("export {index}"))
}

/// A UUID's shape, filled from a text.
pub(crate) fn uuid(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mut id = String::new();
    for (byte, index) in hash.iter().take(16).zip(0..) {
        if matches!(index, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        id.push_str(&format!("{byte:02x}"));
    }
    id
}
