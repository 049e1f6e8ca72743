//! Exports as they are asked for: typed builders, of which only those have `create` that name what the service requires.

use std::marker::PhantomData;

use jiff::Timestamp;

use super::handle::{Created, Job};
use super::object::ApiName;
use super::polling::Patience;
use super::repeats::Repeats;
use super::request::{ActivityFilter, Filter, MemberFilter, NurtureCadence, Programs, TimeRange};
use super::{BulkClient, CreateRequest, Error, Format, Object};

/// An export that is being put together: of an object `O`, by a filter `F`, with columns `C`.
///
/// Exactly one filter; a range is closed and in whole seconds, its start rounded down and its end up. What the types do not rule out is refused
/// by [`request`](Self::request), before anything is sent.
///
/// ```no_run
/// # use runtime::bulk::{BulkClient, Error};
/// # async fn example(bulk: BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) -> Result<(), Error> {
/// let job = bulk.leads().fields(["id", "email", "updatedAt"]).created_at(from, to).create().await?;
/// let file = job.enqueue().await?.wait().await?.download_to("leads.csv").await?;
/// # Ok(())
/// # }
/// ```
///
/// A second filter, fields or a filter that are missing, and a filter that the object does not have, do not compile:
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) {
/// bulk.leads().fields(["id"]).created_at(from, to).updated_at(from, to);
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) {
/// bulk.leads().created_at(from, to).create();
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient) {
/// bulk.leads().fields(["id"]).create();
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) {
/// bulk.custom_object("car_c").fields(["vin"]).created_at(from, to);
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) {
/// bulk.activities().updated_at(from, to);
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # fn example(bulk: runtime::bulk::BulkClient, from: jiff::Timestamp, to: jiff::Timestamp) {
/// bulk.program_members().fields(["leadId"]).updated_at(from, to).create();
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Export<O, F = Unfiltered, C = NoFields> {
    client: BulkClient,
    object: Result<Object, String>,
    filter: Option<Result<Filter, String>>,
    fields: Vec<String>,
    headers: Vec<(String, String)>,
    format: Format,
    marker: PhantomData<(O, F, C)>,
}

/// Leads.
#[derive(Clone, Copy, Debug)]
pub enum Leads {}
/// Activities.
#[derive(Clone, Copy, Debug)]
pub enum Activities {}
/// A custom object.
#[derive(Clone, Copy, Debug)]
pub enum CustomObject {}
/// Members of programs.
#[derive(Clone, Copy, Debug)]
pub enum ProgramMembers {}

/// Without a filter yet.
#[derive(Clone, Copy, Debug)]
pub enum Unfiltered {}
/// By a range of time: it can be cut into windows.
#[derive(Clone, Copy, Debug)]
pub enum ByRange {}
/// By a list or a program.
#[derive(Clone, Copy, Debug)]
pub enum ByList {}

/// Without fields, where the service requires them.
#[derive(Clone, Copy, Debug)]
pub enum NoFields {}
/// With fields, or with the service's own choice of them.
#[derive(Clone, Copy, Debug)]
pub enum WithFields {}

/// Filters that can be sent: all but none.
pub trait Filtered {}
impl Filtered for ByRange {}
impl Filtered for ByList {}

impl BulkClient {
    /// An export of leads.
    pub fn leads(&self) -> Export<Leads> {
        Export::new(self, Ok(Object::Leads))
    }

    /// An export of activities. Without fields the service takes its own: marketoGUID, leadId, activityDate, activityTypeId, campaignId,
    /// primaryAttributeValueId, primaryAttributeValue and attributes.
    pub fn activities(&self) -> Export<Activities, Unfiltered, WithFields> {
        Export::new(self, Ok(Object::Activities))
    }

    /// An export of a custom object's records that are linked to leads.
    pub fn custom_object(&self, api_name: impl Into<String>) -> Export<CustomObject> {
        Export::new(self, ApiName::new(api_name).map(Object::CustomObject).map_err(|error| error.message().to_owned()))
    }

    /// An export of members of programs.
    pub fn program_members(&self) -> Export<ProgramMembers> {
        Export::new(self, Ok(Object::ProgramMembers))
    }
}

impl<O, F, C> Export<O, F, C> {
    fn new(client: &BulkClient, object: Result<Object, String>) -> Self {
        Self {
            client: client.clone(),
            object,
            filter: None,
            fields: Vec::new(),
            headers: Vec::new(),
            format: Format::Csv,
            marker: PhantomData,
        }
    }

    fn to<G, D>(self) -> Export<O, G, D> {
        let Self { client, object, filter, fields, headers, format, .. } = self;
        Export { client, object, filter, fields, headers, format, marker: PhantomData }
    }

    fn by<G>(mut self, filter: Result<Filter, Error>) -> Export<O, G, C> {
        self.filter = Some(filter.map_err(|error| error.message().to_owned()));
        self.to()
    }

    /// The columns of the file, by the API names of fields.
    pub fn fields<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Export<O, F, WithFields> {
        self.fields = names.into_iter().map(Into::into).collect();
        self.to()
    }

    /// Another header for a field's column; the field must be among the fields.
    pub fn header(mut self, field: impl Into<String>, header: impl Into<String>) -> Self {
        self.headers.push((field.into(), header.into()));
        self
    }

    /// The format of the file; CSV, unless this says otherwise.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }
}

impl<C> Export<Leads, Unfiltered, C> {
    /// Leads created from `start` to `end`, both included; at most 31 days for one job.
    pub fn created_at(self, start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Export<Leads, ByRange, C> {
        self.by(TimeRange::new(start, end).map(Filter::CreatedAt))
    }
}

/// The filters that leads and custom objects share; those of lists select leads.
macro_rules! list_filters {
    ($object:ident) => {
        impl<C> Export<$object, Unfiltered, C> {
            /// Records of which any field changed last from `start` to `end`, both included; at most 31 days for one job.
            ///
            /// The latest change to any field counts, not the column `updatedAt`. Not every subscription has this filter (1035).
            pub fn updated_at(
                self,
                start: impl Into<Timestamp>,
                end: impl Into<Timestamp>,
            ) -> Export<$object, ByRange, C> {
                self.by(TimeRange::new(start, end).map(Filter::UpdatedAt))
            }

            /// Of the members of a static list when the job begins to run, by the list's id.
            pub fn static_list_id(self, id: u64) -> Export<$object, ByList, C> {
                self.by(Ok(Filter::StaticListId(id)))
            }

            /// Of the members of a static list when the job begins to run, by the list's name.
            pub fn static_list_name(self, name: impl Into<String>) -> Export<$object, ByList, C> {
                self.by(Ok(Filter::StaticListName(name.into())))
            }

            /// Of the members of a smart list when the job begins to run, by the list's id. Not every subscription has this filter (1035).
            pub fn smart_list_id(self, id: u64) -> Export<$object, ByList, C> {
                self.by(Ok(Filter::SmartListId(id)))
            }

            /// Of the members of a smart list when the job begins to run, by the list's name. Not every subscription has this filter
            /// (1035).
            pub fn smart_list_name(self, name: impl Into<String>) -> Export<$object, ByList, C> {
                self.by(Ok(Filter::SmartListName(name.into())))
            }
        }
    };
}

list_filters!(Leads);
list_filters!(CustomObject);

impl<C> Export<Activities, Unfiltered, C> {
    /// Activities that happened from `start` to `end`, both included; at most 31 days for one job.
    pub fn created_at(self, start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Export<Activities, ByRange, C> {
        let filter = |created_at| Filter::Activities { created_at, activity_types: None };
        self.by(TimeRange::new(start, end).map(filter))
    }
}

impl<C> Export<Activities, ByRange, C> {
    /// Only activities of these types, and of these assets where the filter names them.
    pub fn activity_types(mut self, types: impl Into<ActivityFilter>) -> Self {
        if let Some(Ok(Filter::Activities { activity_types, .. })) = &mut self.filter {
            *activity_types = Some(types.into());
        }
        self
    }
}

impl<C> Export<ProgramMembers, Unfiltered, C> {
    /// Members of one program.
    pub fn program_id(self, id: u64) -> Export<ProgramMembers, ByList, C> {
        self.programs(Programs::One(id))
    }

    /// Members of up to ten programs. The service puts a column `programId` in front of the file's others.
    pub fn program_ids(self, ids: impl IntoIterator<Item = u64>) -> Export<ProgramMembers, ByList, C> {
        self.programs(Programs::Several(ids.into_iter().collect()))
    }

    fn programs(self, programs: Programs) -> Export<ProgramMembers, ByList, C> {
        self.by(Ok(Filter::ProgramMembers { programs, members: MemberFilter::default(), updated_at: None }))
    }
}

impl<C> Export<ProgramMembers, ByList, C> {
    /// Only members that changed last from `start` to `end`, both included; at most 31 days for one job. Not every subscription has this
    /// filter (1035).
    pub fn updated_at(
        self,
        start: impl Into<Timestamp>,
        end: impl Into<Timestamp>,
    ) -> Export<ProgramMembers, ByRange, C> {
        let filter = match (TimeRange::new(start, end), self.filter.clone()) {
            (Ok(range), Some(Ok(Filter::ProgramMembers { programs, members, .. }))) => {
                Ok(Filter::ProgramMembers { programs, members, updated_at: Some(range) })
            }
            (Err(error), _) => Err(error),
            (_, filter) => filter.unwrap_or(Err(String::new())).map_err(Error::refused),
        };
        self.by(filter)
    }
}

impl<F: Filtered, C> Export<ProgramMembers, F, C> {
    /// Only members that have, or have not, exhausted the content of an engagement program.
    pub fn is_exhausted(self, exhausted: bool) -> Self {
        self.members(|members| members.is_exhausted = Some(exhausted))
    }

    /// Only members of this cadence.
    pub fn nurture_cadence(self, cadence: NurtureCadence) -> Self {
        self.members(|members| members.nurture_cadence = Some(cadence))
    }

    /// Only members with one of these statuses.
    pub fn status_names<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        self.members(|members| members.status_names = names.into_iter().map(Into::into).collect())
    }

    fn members(mut self, change: impl FnOnce(&mut MemberFilter)) -> Self {
        if let Some(Ok(Filter::ProgramMembers { members, .. })) = &mut self.filter {
            change(members);
        }
        self
    }
}

impl<O, F: Filtered> Export<O, F, WithFields> {
    /// The request, checked.
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn request(&self) -> Result<CreateRequest, Error> {
        let request = self.template()?;
        request.check()?;
        Ok(request)
    }

    /// The client that would send it.
    #[must_use]
    pub const fn client(&self) -> &BulkClient {
        &self.client
    }

    /// The request, checked but for the length of its range.
    pub(super) fn template(&self) -> Result<CreateRequest, Error> {
        let object = self.object.clone().map_err(Error::refused)?;
        let filter = self.filter.clone().unwrap_or_else(|| Err("a filter is missing".to_owned()));
        let mut request = CreateRequest::new(object, filter.map_err(Error::refused)?, self.fields.iter().cloned());
        for (field, header) in &self.headers {
            if request.column_header_names.insert(field.clone(), header.clone()).is_some() {
                return Err(Error::refused(format!("columnHeaderNames names `{field}` twice")));
            }
        }
        request.format = self.format;
        request.check_template()?;
        Ok(request)
    }

    /// Creates the job. Where an answer was lost it is created anew; [`Job::suspected_orphans`] tells how often.
    ///
    /// # Errors
    ///
    /// A rule that the request breaks, what the service says, or no answer within the back-off. A spent quota is waited for only where the
    /// client was built to.
    pub async fn create(self) -> Result<Job<Created>, Error> {
        let request = self.request()?;
        let settings = self.client.settings();
        let mut repeats = Repeats::new(settings);
        let mut patience = Patience::new(settings);
        let mut orphans = 0;
        loop {
            let error = match self.client.create(&request).await {
                Ok(info) => return Ok(Job::created(self.client.clone(), &request, info, orphans)),
                Err(error) => error,
            };
            if error.fate_unknown() {
                orphans += 1;
                tracing::warn!(object = %request.object(), orphans, "a job may have been left in the state Created");
                repeats.again(settings, error).await?;
            } else {
                patience.for_room(error).await?;
            }
        }
    }
}
