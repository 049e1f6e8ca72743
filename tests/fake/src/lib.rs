//! A fake Marketo over real HTTP, on loopback: its SOAP service and its bulk export, with a clock and limits that tests set, a script of
//! trouble, and a record of every call.
//!
//! Requests enter over sockets and answers leave the same way; nothing is written to disk, and no other host is ever called. A fake runs on
//! a thread of its own and ends, with all its connections, when it is dropped.
//!
//! ```
//! use std::time::Duration;
//! use fake::{Clock, Config, Fake, Limits, Trouble, When};
//! use generated::v3_1::LeadRecord;
//!
//! let clock = Clock::at("2026-03-01T12:00:00Z".parse()?);
//! let limits = Limits::default().at_once(2);
//! let fake = Fake::start_blocking(Config::new().tls().clock(clock.clone()).limits(limits))?;
//! assert!(fake.soap_url("3_1").starts_with("https://127.0.0.1:"));
//!
//! // What the service knows.
//! let id = fake.store().add_lead(LeadRecord::new().email("ann@example.com"));
//!
//! // The second getLead is answered with the fault for too many calls, and every twentieth answer is cut.
//! fake.script().add(When::call("getLead").nth(2), Trouble::error(20023));
//! fake.script().add(When::any().every(20), Trouble::none().reset_at(100));
//!
//! // Here the code under test calls; then comes what it left behind.
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(fake.calls().of("getLead").executed(), 0);
//! assert_eq!(fake.calls().most_in(Duration::from_secs(20)), 0);
//! assert_eq!(fake.store().lead(id).unwrap().email.as_deref(), Some("ann@example.com"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
pub mod bulk;
mod calls;
mod clock;
mod config;
pub mod describe;
mod gzip;
mod identity;
mod limits;
mod script;
mod server;
mod soap;
mod state;
pub mod store;
mod trouble;

use std::io;
use std::ops::DerefMut;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use body::Body;
pub use calls::{Call, Calls, Kind, Outcome};
pub use clock::{Clock, day};
pub use config::{Config, ENCRYPTION_KEY, USER_ID};
pub use identity::{CLIENT_ID, CLIENT_SECRET, Identity};
pub use limits::{Exceeded, Limits};
pub use script::{Script, When};
pub use store::Store;
pub use trouble::Trouble;

use bulk::Bulk;
use server::Server;
use state::State;

/// An answer of the fake.
pub type Response = http::Response<Body>;

/// The code of the fault or error that a response holds, as an extension of the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) u32);

/// A fake Marketo that is running. Dropping it ends its thread and closes every connection.
#[derive(Debug)]
pub struct Fake {
    server: Server,
    state: Arc<State>,
}

impl Fake {
    /// Starts a fake.
    ///
    /// # Errors
    ///
    /// The port is taken, or the system has no thread or socket left.
    #[expect(clippy::unused_async, reason = "starting may come to wait for something; callers are ready for it")]
    pub async fn start(config: Config) -> io::Result<Self> {
        Self::start_blocking(config)
    }

    /// As [`start`](Self::start), for tests without an async runtime.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_blocking(config: Config) -> io::Result<Self> {
        let state = Arc::new(State::new(&config));
        Ok(Self { server: Server::start(&config, state.clone())?, state })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`, without a slash at the end: the base of bulk and identity.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.server.certificate_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.server.address.port())
    }

    /// The endpoint of the SOAP service in a version such as `3_1`.
    #[must_use]
    pub fn soap_url(&self, version: &str) -> String {
        format!("{}/soap/mktows/{version}", self.url())
    }

    /// In PEM, the certificate of the authority that callers must trust; `None` without TLS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.server.certificate_pem.as_deref()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    /// The identity endpoint: clients and tokens.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.state.bulk.identity
    }

    /// Bulk export: records, jobs and files.
    #[must_use]
    pub fn bulk(&self) -> &Bulk {
        &self.state.bulk.bulk
    }

    /// The script of trouble.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.state.script
    }

    /// Sets other limits; what was counted stays.
    pub fn set_limits(&self, limits: Limits) {
        self.state.gate.set(limits);
    }

    /// Every call so far.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.state.log.calls()
    }

    /// Forgets the calls so far. Limits go on counting them.
    pub fn clear_calls(&self) {
        self.state.log.clear();
    }

    /// What the SOAP service knows, to fill it or to look into it. Let go of it before the next call: the service waits for it.
    pub fn store(&self) -> impl DerefMut<Target = Store> {
        self.state.soap.store()
    }

    /// The number of connections that stand.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.server.connections()
    }

    /// The number of connections that ever stood.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.server.accepted()
    }
}

/// What is behind a lock. A panic elsewhere leaves nothing half-done: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
