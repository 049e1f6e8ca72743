//! How a fake is set up.

use std::fmt;
use std::time::Duration;

use crate::clock::Clock;
use crate::limits::Limits;

/// The user id that a fake knows unless told otherwise.
pub const USER_ID: &str = "demo@example.com";

/// The encryption key of [`USER_ID`]. Not a secret: it opens nothing but the fake.
pub const ENCRYPTION_KEY: &str = "fake-encryption-key-0123456789";

/// How a fake is set up: in clear, by the machine's clock, with Marketo's limits, unless told otherwise.
#[derive(Clone)]
pub struct Config {
    pub(crate) clock: Clock,
    pub(crate) limits: Limits,
    pub(crate) port: u16,
    pub(crate) tls: bool,
    pub(crate) http1_only: bool,
    pub(crate) user_id: String,
    pub(crate) encryption_key: String,
    pub(crate) signature_age: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            limits: Limits::default(),
            port: 0,
            tls: false,
            http1_only: false,
            user_id: USER_ID.to_owned(),
            encryption_key: ENCRYPTION_KEY.to_owned(),
            signature_age: Duration::from_secs(15 * 60),
        }
    }
}

impl Config {
    /// A fake in clear, by the machine's clock, with Marketo's limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes by this clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Keeps these limits.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Listens on this port; 0, the default, is any that is free.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Speaks TLS, with a certificate made at the start: see [`Fake::certificate_pem`](crate::Fake::certificate_pem).
    #[must_use]
    pub const fn tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Speaks HTTP/1.1 only.
    #[must_use]
    pub const fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// Knows this user of the SOAP service, in place of [`USER_ID`].
    #[must_use]
    pub fn user(mut self, user_id: impl Into<String>, encryption_key: impl Into<String>) -> Self {
        self.user_id = user_id.into();
        self.encryption_key = encryption_key.into();
        self
    }

    /// How old a signature may be, or how far ahead, before it is fault 20016; 15 minutes by default.
    #[must_use]
    pub const fn signature_age(mut self, age: Duration) -> Self {
        self.signature_age = age;
        self
    }
}

/// Shows all but the key.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("clock", &self.clock)
            .field("limits", &self.limits)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("http1_only", &self.http1_only)
            .field("user_id", &self.user_id)
            .field("signature_age", &self.signature_age)
            .finish_non_exhaustive()
    }
}
