//! Tokens: client id and client secret enter, a token that calls carry leaves. Neither secret nor token leaves in any other way.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde_json::Value;

use super::answer;
use super::error::{Endpoint, Error, ErrorKind};
use super::repeats::Repeats;
use super::settings::Settings;

/// A refused token that the service gives out again is waited out where it lives no longer than this.
const WAIT_OUT: Duration = Duration::from_secs(60);
/// The longest answer of the identity service.
const LONGEST: usize = 64 << 10;

/// The tokens of client ids. Clones share them, and clients that are given the same one share one token per client id: the service has no
/// more than one at a time.
#[derive(Clone, Default)]
pub struct TokenCache(Arc<Mutex<Slots>>);

/// By address and client id.
type Slots = HashMap<(String, String), Arc<Slot>>;

/// Client id and secret.
pub(super) struct Credentials {
    pub(super) id: String,
    pub(super) secret: SecretString,
    pub(super) partner: Option<SecretString>,
}

/// The token of one client id.
#[derive(Default)]
pub(super) struct Slot {
    /// Held while a token is asked for, so that callers who come meanwhile get the same.
    state: tokio::sync::Mutex<State>,
    /// How many askings have ended.
    asked: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The last asking, where it failed: its number, and why.
    failure: Option<(u64, Error)>,
}

/// A token.
#[derive(Clone)]
pub(super) struct Token {
    text: Arc<SecretString>,
    /// By [`Clock::elapsed`](crate::clock::Clock::elapsed).
    dies: Duration,
    /// Tells one token from the next without looking at it.
    pub(super) number: u64,
}

impl TokenCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn slot(&self, url: &str, client_id: &str) -> Arc<Slot> {
        // A map is whole between any two of its methods.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry((url.to_owned(), client_id.to_owned())).or_default().clone()
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

impl Token {
    /// The header `Authorization`.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(format!("Bearer {}", self.text.expose_secret()));
        let mut value = HeaderValue::try_from(text.as_str())
            .map_err(|_| Error::new(ErrorKind::Answer, "the token cannot stand in a header").at(Endpoint::Identity))?;
        value.set_sensitive(true);
        Ok(value)
    }

    pub(super) fn expose(&self) -> &str {
        self.text.expose_secret()
    }
}

impl Slot {
    /// The token to call with. `refused` is the number of one that the service refused: it is not given again.
    ///
    /// A token is used until it dies, since the service gives out the same one until then.
    pub(super) async fn token(&self, settings: &Settings, refused: Option<u64>) -> Result<Token, Error> {
        let asked = self.asked.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some((number, error)) = &state.failure
            && *number > asked
        {
            // Someone else asked while we waited.
            return Err(error.repeated());
        }
        if let Some(token) = &state.token
            && Some(token.number) != refused
            && settings.clock.elapsed() < token.dies
        {
            return Ok(token.clone());
        }
        let found = settings.renew(state.token.as_ref(), refused).await;
        let number = self.asked.fetch_add(1, Ordering::AcqRel) + 1;
        match found {
            Ok((text, dies)) => {
                let token = Token { text: Arc::new(text), dies, number };
                *state = State { token: Some(token.clone()), failure: None };
                Ok(token)
            }
            Err(error) => {
                state.failure = Some((number, error.repeated()));
                Err(error)
            }
        }
    }
}

impl Settings {
    /// A token, and when it dies. One that was refused and is about to die is waited out; else the service is taken at its word, and the call
    /// that was refused shows whether that holds.
    async fn renew(&self, old: Option<&Token>, refused: Option<u64>) -> Result<(SecretString, Duration), Error> {
        let old = old.filter(|old| Some(old.number) == refused);
        let mut waited = false;
        loop {
            let (text, life) = self.ask().await?;
            let same = old.is_some_and(|old| old.expose() == text.expose_secret());
            match life {
                Some(life) if same && !waited && life <= WAIT_OUT => {
                    tracing::debug!(?life, "the refused token is the current one still; waiting for its end");
                    waited = true;
                    self.clock.sleep(life + Duration::from_secs(1)).await;
                }
                _ => return Ok((text, self.clock.elapsed().saturating_add(life.unwrap_or(Duration::MAX)))),
            }
        }
    }

    /// Asks until there is an answer, within the back-off. Asking counts against no limit of the subscription.
    async fn ask(&self) -> Result<(SecretString, Option<Duration>), Error> {
        let mut repeats = Repeats::of_identity(self);
        loop {
            match self.ask_once().await {
                Ok(found) => return Ok(found),
                Err(error) => repeats.after(self, error.at(Endpoint::Identity)).await?,
            }
        }
    }

    async fn ask_once(&self) -> Result<(SecretString, Option<Duration>), Error> {
        let request = Request::post(&self.identity_url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "identity")
            .body(self.credentials.form())
            // An error of the builder's own could show the address.
            .map_err(|_| Error::refused("the identity call cannot be built"))?;
        let (head, body) = self.transport.send(request).await?.into_parts();
        let body = body.collect(LONGEST).await?;
        // The texts in here may hold the client id, and the secret if someone mixed them up: only known words are taken over.
        let value = answer::json::<Value>(&body).unwrap_or_default();
        if head.status.is_success()
            && let Some(token) = value.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty())
        {
            let life = match value.get("expires_in") {
                Some(Value::Number(seconds)) => seconds.as_f64(),
                Some(Value::String(seconds)) => seconds.trim().parse().ok(),
                _ => None,
            };
            let life = life.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            return Ok((SecretString::from(token), life));
        }
        if let Some(word @ ("invalid_client" | "unauthorized" | "unauthorized_client" | "invalid_grant")) =
            value.get("error").and_then(Value::as_str)
        {
            let text = format!("client id or client secret is wrong ({word})");
            return Err(Error::new(ErrorKind::Credentials, text).with_status(head.status.as_u16()));
        }
        if let Some(error) = answer::error_of(head.status, &head.headers, &body, Endpoint::Identity, self.clock.now()) {
            return Err(error.without_text());
        }
        if head.status == StatusCode::OK {
            return Err(Error::new(ErrorKind::Answer, "the answer holds no token").with_status(200));
        }
        Err(answer::of_status(head.status, &head.headers, Endpoint::Identity))
    }
}

impl Credentials {
    /// The parameters as the body of a form: an address would be logged on its way.
    fn form(&self) -> Bytes {
        let id = utf8_percent_encode(&self.id, NON_ALPHANUMERIC);
        let secret = utf8_percent_encode(self.secret.expose_secret(), NON_ALPHANUMERIC);
        let mut form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        if let Some(partner) = &self.partner {
            form.push_str("&partner_id=");
            form.extend(utf8_percent_encode(partner.expose_secret(), NON_ALPHANUMERIC));
        }
        form.into()
    }
}
