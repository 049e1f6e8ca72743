//! How a client is made.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use super::client::BulkClient;
use super::identity::{Credentials, TokenCache};
use super::polling::Polling;
use super::settings::Settings;
use super::{Error, ErrorKind};
use crate::backoff::Backoff;
use crate::clock::{Clock, SystemClock};
use crate::pace::{Limits, Pace};
use crate::transport::Transport;

/// Makes a [`BulkClient`].
#[must_use]
pub struct BulkClientBuilder {
    base_url: String,
    client_id: String,
    client_secret: Option<SecretString>,
    partner_id: Option<SecretString>,
    tokens: TokenCache,
    transport: Option<Arc<dyn Transport>>,
    pace: Option<Pace>,
    clock: Arc<dyn Clock>,
    backoff: Backoff,
    polling: Polling,
    wait_for_reset: bool,
    allow_http: bool,
}

impl BulkClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        Self {
            base_url,
            client_id: String::new(),
            client_secret: None,
            partner_id: None,
            tokens: TokenCache::new(),
            transport: None,
            pace: None,
            clock: Arc::new(SystemClock),
            backoff: Backoff::default(),
            polling: Polling::default(),
            wait_for_reset: false,
            allow_http: false,
        }
    }

    /// The client id and client secret of an API user. The secret is wiped when the client is dropped, and shown nowhere.
    pub fn credentials(mut self, client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        self.client_id = client_id.into();
        self.client_secret = Some(client_secret.into());
        self
    }

    /// The key of a technology partner, which goes along when a token is asked for.
    pub fn partner_id(mut self, key: impl Into<SecretString>) -> Self {
        self.partner_id = Some(key.into());
        self
    }

    /// Shares tokens with other clients.
    pub fn tokens(mut self, tokens: &TokenCache) -> Self {
        self.tokens = tokens.clone();
        self
    }

    /// Sends through this, in place of [`HttpTransport`](crate::transport::HttpTransport). It must not follow redirects, and must leave
    /// bodies as they travelled where a request says `Accept-Encoding: identity`.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Keeps this pace, shared with whatever else calls the same subscription.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = Some(pace);
        self
    }

    /// Tells the time, and waits, by this clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How a call that failed is made again.
    pub const fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// How often a job's state is asked for by [`Job::wait`](super::Job::wait).
    pub const fn polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }

    /// Where the day's calls or bytes are spent, waits for the next day in place of an error. Typed jobs do so, the client's own methods never.
    pub const fn wait_for_reset(mut self, wait: bool) -> Self {
        self.wait_for_reset = wait;
        self
    }

    /// Allows a base URL that begins with `http:` too. Everything, the secret included, then travels readable: for loopback.
    pub const fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// The client. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// A base URL that is none, credentials that are missing, or no transport.
    pub fn build(self) -> Result<BulkClient, Error> {
        let base_url = base_url(&self.base_url, self.allow_http)?;
        let identity_url = format!("{base_url}/identity/oauth/token");
        let secret = self.client_secret.filter(|_| !self.client_id.is_empty());
        let secret = secret.ok_or_else(|| Error::refused("client id and client secret are missing"))?;
        let tokens = self.tokens.slot(&identity_url, &self.client_id);
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.allow_http)?,
        };
        let pace = self.pace.unwrap_or_else(|| Pace::with_clock(Limits::default(), self.clock.clone()));
        Ok(BulkClient::new(Settings {
            base_url,
            identity_url,
            credentials: Credentials { id: self.client_id, secret, partner: self.partner_id },
            tokens,
            transport,
            pace,
            clock: self.clock,
            backoff: self.backoff,
            polling: self.polling,
            wait_for_reset: self.wait_for_reset,
        }))
    }
}

/// Shows no secret and no id.
impl fmt::Debug for BulkClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkClientBuilder").finish_non_exhaustive()
    }
}

/// The base URL without a slash at its end, and without the `/rest` of the endpoint that the service shows its users.
fn base_url(text: &str, allow_http: bool) -> Result<String, Error> {
    let refuse = |why: &str| Err(Error::refused(format!("the base URL {why}")));
    let url = Url::parse(text).map_err(|error| Error::refused(format!("the base URL is none: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if allow_http => {}
        "http" => return refuse("is no https; see `allow_http`"),
        _ => return refuse("is no https"),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return refuse("must have no user, query or fragment");
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/rest").unwrap_or(path);
    if path.contains("//") {
        return refuse("must have no empty step in its path");
    }
    Ok(format!("{}{path}", url.origin().ascii_serialization()))
}

#[cfg(feature = "reqwest")]
fn default_transport(allow_http: bool) -> Result<Arc<dyn Transport>, Error> {
    let builder = crate::transport::HttpTransport::builder();
    let builder = if allow_http { builder.allow_http() } else { builder };
    let transport = builder.build();
    Ok(Arc::new(transport.map_err(|error| Error::new(ErrorKind::Refused, error.to_string()).caused_by(error))?))
}

#[cfg(not(feature = "reqwest"))]
fn default_transport(_: bool) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::new(ErrorKind::Refused, "there is no transport: give one, or build with the feature `reqwest`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        for (text, expected) in [
            ("https://Example.com", "https://example.com"),
            ("https://example.com/", "https://example.com"),
            ("https://example.com/rest/", "https://example.com"),
            ("https://example.com:8443/a/b//", "https://example.com:8443/a/b"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
        ] {
            assert_eq!(base_url(text, true).unwrap(), expected);
        }
        for (text, why) in [
            ("example.com", "the base URL is none: relative URL without a base"),
            ("http://example.com", "the base URL is no https; see `allow_http`"),
            ("ftp://example.com", "the base URL is no https"),
            ("https://a:b@example.com", "the base URL must have no user, query or fragment"),
            ("https://example.com?a=b", "the base URL must have no user, query or fragment"),
            ("https://example.com/a//b", "the base URL must have no empty step in its path"),
        ] {
            assert_eq!(base_url(text, false).unwrap_err().to_string(), format!("refused: {why}"), "{text}");
        }
    }

    #[test]
    fn nothing_of_the_builder_shows() {
        let builder = BulkClient::builder("https://example.com").credentials("the-id", "the-secret").partner_id("key");
        assert_eq!(format!("{builder:?}"), "BulkClientBuilder { .. }");
        let error = BulkClient::builder("https://example.com").credentials("", "the-secret").build().unwrap_err();
        assert_eq!(error.to_string(), "refused: client id and client secret are missing");
    }
}
