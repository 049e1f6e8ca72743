//! Who calls, and the proof of it: a user's id and key enter, a signature of the moment leaves. The key never does.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

use crate::soap::Signature;

/// A user of the service with the key that signs. The key is wiped from memory on drop.
#[derive(Clone)]
pub struct Credentials {
    user: String,
    key: SecretString,
}

impl Credentials {
    /// Credentials from the id of a user and its encryption key.
    pub fn new(user_id: impl Into<String>, encryption_key: impl Into<SecretString>) -> Self {
        Self { user: user_id.into(), key: encryption_key.into() }
    }

    /// The id of the user.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user
    }

    /// The signature of the moment `at`.
    #[must_use]
    pub fn sign(&self, at: Timestamp) -> Signature {
        // W3C's profile of ISO 8601: to the second, with an offset.
        let timestamp = at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let value = self.signature(&timestamp);
        Signature { user: self.user.clone(), timestamp, value }
    }

    /// HMAC-SHA1 (RFC 2104) over the timestamp and the user's id, in lower-case hexadecimal.
    fn signature(&self, timestamp: &str) -> String {
        let Ok(mac) = Hmac::<Sha1>::new_from_slice(self.key.expose_secret().as_bytes()) else {
            unreachable!("HMAC takes keys of any length")
        };
        let digest = mac.chain_update(timestamp).chain_update(&self.user).finalize().into_bytes();
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// Without the key.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user_id", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials::new("demo17_1_809934544BFABAE58E5D27", "27272727aa")
    }

    #[test]
    fn published_vectors() {
        for (timestamp, signature) in [
            ("2013-08-02T15:47:06-07:00", "146ec93f4f1e2a45f7a545f7e42e2d053c0457e7"),
            ("2013-08-01T18:22:30-07:00", "b5e21953ae9f1b263e644da5eccce9ff33802513"),
        ] {
            assert_eq!(credentials().signature(timestamp), signature);
        }
    }

    #[test]
    fn a_moment_is_signed_as_it_is_written() {
        let signature = credentials().sign("2026-02-03T04:05:06.789Z".parse().unwrap());
        assert_eq!(signature.user, "demo17_1_809934544BFABAE58E5D27");
        assert_eq!(signature.timestamp, "2026-02-03T04:05:06+00:00");
        assert_eq!(signature.value, credentials().signature("2026-02-03T04:05:06+00:00"));
        assert_eq!(signature.value.len(), 40);
    }

    #[test]
    fn neither_key_nor_signature_shows() {
        let credentials = credentials();
        let signature = credentials.sign(Timestamp::UNIX_EPOCH);
        let text = format!("{credentials:?} {signature:?}");
        assert!(text.contains("demo17_1"), "{text}");
        assert!(!text.contains("27272727aa") && !text.contains(&signature.value), "{text}");
    }
}
