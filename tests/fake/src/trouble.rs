//! What can go wrong with a call.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use runtime::soap::{Operation, write_response};

use crate::gzip;
use crate::{Body, Response};

/// Trouble with a call: what is answered instead, and how the answer travels.
///
/// Constructors say what happens; methods add to it. Positions count bytes of the answer's body, as it travels.
///
/// ```
/// use std::time::Duration;
/// use fake::Trouble;
///
/// let refused = Trouble::error(20023);
/// let bad_gateway = Trouble::answer(502, "text/html", "<h1>Bad Gateway</h1>");
/// let lost_after_all = Trouble::answer(502, "text/html", "").executed();
/// let half = Trouble::none().delay(Duration::from_millis(5)).reset_at(40);
/// # let _ = (refused, bad_gateway, lost_after_all, half);
/// ```
#[derive(Clone, Debug)]
pub struct Trouble {
    pub(crate) act: Act,
    /// How often the service does what is asked, where it does not answer itself.
    pub(crate) executions: u32,
    pub(crate) delay: Option<Duration>,
    pub(crate) changes: Changes,
}

/// What answers a call.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The service.
    Service,
    /// This.
    Answer(Answer),
    /// A SOAP fault or a REST error.
    Error { code: u32, message: Option<String> },
    /// The answer to the last call of that name that was answered whole, once more.
    Previous,
    /// A compressed answer that is so many bytes long when it is not.
    Bomb { length: u64, content_type: HeaderValue },
    /// Nothing: the connection is reset.
    Reset { before_read: bool },
    /// These bytes, whatever the protocol says; then the end of the connection.
    Raw(Bytes),
    /// Nothing, ever, while the connection stands.
    Silence,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    content_type: Option<HeaderValue>,
    body: Bytes,
}

/// What happens to an answer on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) gzip: bool,
    pub(crate) corrupt: Option<(u64, Bytes)>,
    pub(crate) drip: Option<(usize, Duration)>,
    pub(crate) end: Option<(u64, End)>,
}

/// How an answer ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Close,
    Reset,
    Stall,
}

impl Trouble {
    const fn new(act: Act) -> Self {
        let changes = Changes { status: None, headers: Vec::new(), gzip: false, corrupt: None, drip: None, end: None };
        Self { act, executions: 0, delay: None, changes }
    }

    /// None yet: the service answers, and methods say what happens to the answer.
    #[must_use]
    pub const fn none() -> Self {
        Self::new(Act::Service)
    }

    /// A SOAP fault or a REST error with this code; nothing is executed.
    #[must_use]
    pub const fn error(code: u32) -> Self {
        Self::new(Act::Error { code, message: None })
    }

    /// As [`error`](Self::error), with a message of its own.
    pub fn error_with(code: u32, message: impl Into<String>) -> Self {
        Self::new(Act::Error { code, message: Some(message.into()) })
    }

    /// An answer that is not the service's; nothing is executed. An empty content type leaves the header field out.
    ///
    /// # Panics
    ///
    /// No status from 100 to 999, or a content type that no header field may hold.
    #[expect(clippy::expect_used, reason = "a script is written by hand: it is wrong before anything runs")]
    pub fn answer(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status from 100 to 999");
        let content_type =
            (!content_type.is_empty()).then(|| HeaderValue::from_str(content_type).expect("a content type"));
        Self::new(Act::Answer(Answer { status, content_type, body: body.into() }))
    }

    /// A response of the operation `O`, whatever the service would say; nothing is executed.
    ///
    /// ```
    /// use fake::Trouble;
    /// use generated::v3_1::operations::RequestCampaign;
    /// use generated::v3_1::{ResultRequestCampaign, SuccessRequestCampaign};
    ///
    /// let response = SuccessRequestCampaign::new(ResultRequestCampaign::new(false));
    /// let trouble = Trouble::response::<RequestCampaign>(&response)?;
    /// # Ok::<(), runtime::soap::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A value that XML cannot hold.
    pub fn response<O: Operation>(response: &O::Response) -> Result<Self, runtime::soap::Error> {
        Ok(Self::answer(200, "text/xml; charset=utf-8", write_response::<O>(response)?))
    }

    /// A redirect to `location`; nothing is executed.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer) and [`header`](Self::header).
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::answer(status, "", "").header(LOCATION.as_str(), location)
    }

    /// The answer to the last call of that name that was answered whole, byte for byte; nothing is executed. A page comes twice.
    #[must_use]
    pub const fn previous() -> Self {
        Self::new(Act::Previous)
    }

    /// An answer in gzip, small, that holds `length` bytes; nothing is executed.
    ///
    /// # Panics
    ///
    /// As [`answer`](Self::answer).
    #[must_use]
    #[expect(clippy::expect_used, reason = "as in `answer`")]
    pub fn bomb(content_type: &str, length: u64) -> Self {
        let content_type = HeaderValue::from_str(content_type).expect("a content type");
        Self::new(Act::Bomb { length, content_type })
    }

    /// Resets the connection once the request's head was seen, without reading its body.
    #[must_use]
    pub const fn reset_before_read() -> Self {
        Self::new(Act::Reset { before_read: true })
    }

    /// Resets the connection once the request was read; nothing is executed.
    #[must_use]
    pub const fn reset_after_read() -> Self {
        Self::new(Act::Reset { before_read: false })
    }

    /// Executes the request and resets the connection: the answer is lost.
    #[must_use]
    pub const fn reset_after_execution() -> Self {
        Self::new(Act::Reset { before_read: false }).executed()
    }

    /// Writes `bytes` into the connection where an answer should be, and closes it; nothing is executed.
    pub fn garbage(bytes: impl Into<Bytes>) -> Self {
        Self::new(Act::Raw(bytes.into()))
    }

    /// Never answers; the connection stays. Nothing is executed.
    #[must_use]
    pub const fn silence() -> Self {
        Self::new(Act::Silence)
    }

    /// Executes the request all the same, and drops the service's own answer.
    #[must_use]
    pub const fn executed(mut self) -> Self {
        self.executions = 1;
        self
    }

    /// Executes the request twice, as when something on the way sent it again; the caller gets the second answer.
    #[must_use]
    pub const fn delivered_twice() -> Self {
        let mut trouble = Self::none();
        trouble.executions = 1;
        trouble
    }

    /// Waits so long before anything is executed or answered, in the machine's time.
    #[must_use]
    pub const fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Another status.
    ///
    /// # Panics
    ///
    /// No status from 100 to 999.
    #[must_use]
    #[expect(clippy::expect_used, reason = "as in `answer`")]
    pub fn status(mut self, status: u16) -> Self {
        self.changes.status = Some(StatusCode::from_u16(status).expect("a status from 100 to 999"));
        self
    }

    /// Another content type.
    ///
    /// # Panics
    ///
    /// What no header field may hold.
    #[must_use]
    pub fn content_type(self, content_type: &str) -> Self {
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// A header field, in place of those of that name. An empty value takes them away.
    ///
    /// # Panics
    ///
    /// What no header field may be named or hold.
    #[must_use]
    #[expect(clippy::expect_used, reason = "as in `answer`")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the name of a header field");
        self.changes.headers.push((name, HeaderValue::from_str(value).expect("the value of a header field")));
        self
    }

    /// Compresses the answer with gzip, asked for or not.
    #[must_use]
    pub const fn gzip(mut self) -> Self {
        self.changes.gzip = true;
        self
    }

    /// Other bytes from `offset` on, the length stays.
    #[must_use]
    pub fn corrupt(mut self, offset: u64, bytes: impl Into<Bytes>) -> Self {
        self.changes.corrupt = Some((offset, bytes.into()));
        self
    }

    /// Sends the answer in pieces of `bytes` bytes, each so long after the one before, in the machine's time.
    #[must_use]
    pub const fn drip(mut self, bytes: usize, every: Duration) -> Self {
        self.changes.drip = Some((bytes, every));
        self
    }

    /// Closes the connection in good order after so many bytes; the length that was announced stays.
    #[must_use]
    pub const fn truncate_at(mut self, bytes: u64) -> Self {
        self.changes.end = Some((bytes, End::Close));
        self
    }

    /// Resets the connection (TCP's RST) after so many bytes. Of a caller that reads slower than it is sent to, the system may drop some that
    /// are still on their way.
    #[must_use]
    pub const fn reset_at(mut self, bytes: u64) -> Self {
        self.changes.end = Some((bytes, End::Reset));
        self
    }

    /// Sends nothing more after so many bytes; the connection stays.
    #[must_use]
    pub const fn stall_at(mut self, bytes: u64) -> Self {
        self.changes.end = Some((bytes, End::Stall));
        self
    }

    pub(crate) const fn is_before_read(&self) -> bool {
        matches!(self.act, Act::Reset { before_read: true })
    }
}

impl Answer {
    pub(crate) fn response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        if let Some(content_type) = self.content_type {
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        response
    }
}

impl Changes {
    /// What concerns the answer's head, and the body as a whole.
    pub(crate) fn apply(&self, response: Response) -> Response {
        let mut response = if self.gzip { gzip::encode(response) } else { response };
        if let Some(status) = self.status {
            *response.status_mut() = status;
        }
        for (name, value) in &self.headers {
            if value.is_empty() {
                response.headers_mut().remove(name);
            } else {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }
}
