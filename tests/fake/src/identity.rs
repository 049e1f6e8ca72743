//! The identity endpoint: client credentials in, tokens out, and the check of the tokens that other calls carry. Tokens live by the fake's
//! clock.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};

use crate::bulk::uuid;
use crate::clock::Clock;
use crate::lock;

/// The client id that a fake knows unless told otherwise.
pub const CLIENT_ID: &str = "fake-client-id";

/// The client secret of [`CLIENT_ID`]. Not a secret: it opens nothing but the fake.
pub const CLIENT_SECRET: &str = "fake-client-secret-0123456789";

/// The identity service of the fake.
pub struct Identity {
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    clients: BTreeMap<String, String>,
    lifetime: Duration,
    tokens: Vec<Token>,
    partners: Vec<String>,
}

struct Token {
    text: String,
    client: String,
    expires: Timestamp,
    revoked: bool,
}

/// What a call for a token got.
pub(crate) enum Grant {
    Token {
        text: String,
        seconds: i64,
        client: String,
    },
    /// HTTP 401, with OAuth's word for it.
    Unauthorized(&'static str),
}

impl Identity {
    pub(crate) fn new(clock: Clock) -> Self {
        let clients = BTreeMap::from([(CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned())]);
        let lifetime = Duration::from_secs(3_600);
        Self { clock, state: Mutex::new(State { clients, lifetime, tokens: Vec::new(), partners: Vec::new() }) }
    }

    /// Knows one more client, an API user of its own: it sees no other's jobs.
    pub fn client(&self, id: impl Into<String>, secret: impl Into<String>) {
        self.state().clients.insert(id.into(), secret.into());
    }

    /// How long tokens live that are issued from now on: an hour unless told otherwise.
    pub fn lifetime(&self, lifetime: Duration) {
        self.state().lifetime = lifetime;
    }

    /// Lets every token expire: error 602 for calls that carry one. Whoever asks gets a new one.
    pub fn expire(&self) {
        let now = self.clock.now();
        self.each(|token| token.expires = token.expires.min(now));
    }

    /// Makes every token invalid: error 601 for calls that carry one. Whoever asks gets a new one.
    pub fn revoke(&self) {
        self.each(|token| token.revoked = true);
    }

    /// Every token that was issued, oldest first, each once however often it was asked for.
    #[must_use]
    pub fn issued(&self) -> Vec<String> {
        self.state().tokens.iter().map(|token| token.text.clone()).collect()
    }

    /// The `partner_id` of every call for a token that had one.
    #[must_use]
    pub fn partner_ids(&self) -> Vec<String> {
        self.state().partners.clone()
    }

    /// Answers a call for a token, whose parameters came in the query or as a form.
    pub(crate) fn grant(&self, parameters: &[(String, String)]) -> Grant {
        let parameter = |name: &str| parameters.iter().find(|(other, _)| other == name).map(|(_, value)| &**value);
        let now = self.clock.now();
        let mut state = self.state();
        state.partners.extend(parameter("partner_id").map(str::to_owned));
        if parameter("grant_type") != Some("client_credentials") {
            return Grant::Unauthorized("unsupported_grant_type");
        }
        let (Some(client), Some(secret)) = (parameter("client_id"), parameter("client_secret")) else {
            return Grant::Unauthorized("invalid_client");
        };
        if state.clients.get(client).is_none_or(|known| known != secret) {
            return Grant::Unauthorized("invalid_client");
        }
        let client = client.to_owned();
        let lives = |token: &&Token| token.client == client && !token.revoked && token.expires > now;
        if let Some(token) = state.tokens.iter().find(lives) {
            let left = token.expires.duration_since(now).as_nanos();
            // Rounded down: a token never lives shorter than it says.
            let seconds = i64::try_from(left / 1_000_000_000).unwrap_or(i64::MAX);
            return Grant::Token { text: token.text.clone(), seconds, client };
        }
        let lifetime = SignedDuration::try_from(state.lifetime).unwrap_or(SignedDuration::MAX);
        let text = format!("{}:fake", uuid(&format!("token {} of {client}", state.tokens.len())));
        let expires = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        state.tokens.push(Token { text: text.clone(), client: client.clone(), expires, revoked: false });
        Grant::Token { text, seconds: lifetime.as_secs(), client }
    }

    /// The client whose token a call carries, or the code of the error: 601 for none or an invalid one, 602 for one that expired.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<Caller, u32> {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let text = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(601_u32)?;
        let now = self.clock.now();
        let state = self.state();
        let token = state.tokens.iter().find(|token| token.text == text).ok_or(601_u32)?;
        match token {
            Token { revoked: true, .. } => Err(601),
            Token { expires, .. } if *expires <= now => Err(602),
            _ => Ok(Caller { client: token.client.clone(), token: text.to_owned() }),
        }
    }

    /// Ends one token, as [`expire`](Self::expire) or [`revoke`](Self::revoke) end all.
    pub(crate) fn end(&self, text: &str, revoke: bool) {
        let now = self.clock.now();
        self.each(|token| {
            if token.text == text {
                token.revoked |= revoke;
                token.expires = token.expires.min(now);
            }
        });
    }

    fn each(&self, change: impl FnMut(&mut Token)) {
        self.state().tokens.iter_mut().for_each(change);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// Shows no secret and no token.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Who makes a call.
pub(crate) struct Caller {
    pub(crate) client: String,
    pub(crate) token: String,
}
