//! How a client is made.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use secrecy::SecretString;
use url::Url;

use super::hook::Hook;
use super::{Client, Shared};
use crate::backoff::Backoff;
use crate::clock::{Clock, SystemClock};
use crate::pace::{Limits, Pace};
use crate::sign::Credentials;
use crate::soap::Request;
use crate::transport::{Transport, TransportError};
use crate::xml::{Element, ReadOptions, WriteXml};

/// Makes a [`Client`].
#[must_use]
pub struct ClientBuilder {
    endpoint: Url,
    allow_http: bool,
    credentials: Option<Credentials>,
    transport: Option<Arc<dyn Transport>>,
    pace: Option<Pace>,
    clock: Arc<dyn Clock>,
    backoff: Backoff,
    response_limit: usize,
    read: ReadOptions,
    headers: Request<()>,
    rules: bool,
    hook: Option<Arc<dyn Hook>>,
}

/// A client cannot be made like this.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// The endpoint is no address that a client can send to.
    Endpoint {
        /// What is wrong with it.
        reason: String,
    },
    /// The transport cannot be made.
    Transport(TransportError),
    /// No transport was given, and none is built in.
    NoTransport,
}

impl ClientBuilder {
    pub(super) fn new(endpoint: &str) -> Result<Self, ConfigError> {
        let refuse = |reason: &str| Err(ConfigError::Endpoint { reason: reason.to_owned() });
        let endpoint = match Url::parse(endpoint.trim()) {
            Ok(url) => url,
            Err(error) => return refuse(&error.to_string()),
        };
        if !matches!(endpoint.scheme(), "https" | "http") {
            return refuse("it is no http or https");
        }
        if !endpoint.username().is_empty() || endpoint.password().is_some() {
            return refuse("it holds a user or a password");
        }
        if endpoint.fragment().is_some() {
            return refuse("it has a fragment");
        }
        Ok(Self {
            endpoint,
            allow_http: false,
            credentials: None,
            transport: None,
            pace: None,
            clock: Arc::new(SystemClock),
            backoff: Backoff::default(),
            response_limit: 256 << 20,
            read: ReadOptions::default(),
            headers: Request::new(()),
            rules: true,
            hook: None,
        })
    }

    /// Signs requests as this user.
    pub fn credentials(self, user_id: impl Into<String>, encryption_key: impl Into<SecretString>) -> Self {
        self.signed_by(Credentials::new(user_id, encryption_key))
    }

    /// Signs requests with these credentials.
    pub fn signed_by(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Allows an endpoint that begins with `http:`. Everything then travels readable: for loopback and test benches.
    pub const fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Sends through `transport`, with its limits, instead of reqwest with its defaults.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Keeps this pace instead of one of its own: share one between all clients of a subscription.
    pub fn pace(mut self, pace: &Pace) -> Self {
        self.pace = Some(pace.clone());
        self
    }

    /// Repeats failed calls like this: attempts, waits, and the greatest time of a call in all, waiting included.
    pub const fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// The greatest length of an answer in bytes, after decompression; 256 MiB unless set.
    pub const fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Reads answers with these limits and strictness.
    pub const fn read_options(mut self, options: ReadOptions) -> Self {
        self.read = options;
        self
    }

    /// Puts the header block `element` into every request whose operation has it and that brings none of its own. In the block that is signed,
    /// everything but user, signature and timestamp stays as it is here.
    pub fn header<H: WriteXml + Send + Sync + 'static>(mut self, element: &Element<H>, value: impl Into<H>) -> Self {
        self.headers = self.headers.header(element, value);
        self
    }

    /// Sends also what the service is known to refuse, or to drop in silence: without this it is refused before it is sent.
    pub const fn unchecked(mut self) -> Self {
        self.rules = false;
        self
    }

    /// Takes the time from `clock`: for signatures, waits, and the pace, unless one is given.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Shows the bytes of every attempt to `hook`.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// The endpoint is no `https` where only that is allowed, and what keeps the transport from being made.
    pub fn build(self) -> Result<Client, ConfigError> {
        if self.endpoint.scheme() == "http" && !self.allow_http {
            return Err(ConfigError::Endpoint { reason: "it is no https".to_owned() });
        }
        let endpoint = self.endpoint.as_str().parse();
        let endpoint =
            endpoint.map_err(|error: http::uri::InvalidUri| ConfigError::Endpoint { reason: error.to_string() })?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.allow_http)?,
        };
        let pace = self.pace.unwrap_or_else(|| Pace::with_clock(Limits::default(), self.clock.clone()));
        Ok(Client(Arc::new(Shared {
            endpoint,
            credentials: self.credentials,
            transport,
            pace,
            clock: self.clock,
            backoff: self.backoff,
            response_limit: self.response_limit,
            read: self.read,
            headers: self.headers,
            rules: self.rules,
            hook: self.hook,
            calls: AtomicU64::new(0),
        })))
    }
}

#[cfg(feature = "reqwest")]
fn default_transport(allow_http: bool) -> Result<Arc<dyn Transport>, ConfigError> {
    let builder = crate::transport::HttpTransport::builder();
    let builder = if allow_http { builder.allow_http() } else { builder };
    Ok(Arc::new(builder.build().map_err(ConfigError::Transport)?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_: bool) -> Result<Arc<dyn Transport>, ConfigError> {
    Err(ConfigError::NoTransport)
}

/// Without what the header blocks hold.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("host", &self.endpoint.host_str())
            .field("credentials", &self.credentials)
            .field("backoff", &self.backoff)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint { reason } => write!(f, "the endpoint cannot be called: {reason}"),
            Self::Transport(error) => write!(f, "{error}"),
            Self::NoTransport => {
                f.write_str("a client needs a transport: give one, or build with the feature `reqwest`")
            }
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Endpoint { .. } | Self::NoTransport => None,
        }
    }
}
