//! The signature of a request: whose it is, whether it is right, and how old.

use generated::v3_1::{AUTHENTICATION_HEADER, AuthenticationHeaderInfo};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use runtime::soap::Headers;
use runtime::value::DateTime;
use sha1::Sha1;

use super::fault::{Refusal, refuse};
use crate::Config;

/// Who may call.
pub(crate) struct Auth {
    user_id: String,
    encryption_key: String,
    age: SignedDuration,
}

impl Auth {
    pub(crate) fn new(config: &Config) -> Self {
        let Config { user_id, encryption_key, signature_age, .. } = config.clone();
        let age = SignedDuration::try_from(signature_age).unwrap_or(SignedDuration::MAX);
        Self { user_id, encryption_key, age }
    }

    /// Checks the header block that signs a request: HMAC-SHA1 over timestamp and user id, in lower-case hexadecimal digits.
    pub(crate) fn check(&self, headers: &Headers, now: Timestamp) -> Result<(), Refusal> {
        let block = headers.get(&AUTHENTICATION_HEADER).map_err(|error| refuse(20012, error.to_string()))?;
        let AuthenticationHeaderInfo { mktows_user_id, request_signature, request_timestamp, .. } =
            block.ok_or_else(|| refuse(20014, "the header block AuthenticationHeader is missing"))?;
        if mktows_user_id != self.user_id {
            return Err(refuse(20014, "no such user"));
        }
        if request_signature != self.signature(&request_timestamp) {
            return Err(refuse(20014, "the signature is wrong"));
        }
        let signed = request_timestamp.parse::<DateTime>().and_then(Timestamp::try_from);
        let signed = signed.map_err(|error| refuse(20014, format!("the timestamp: {error}")))?;
        let age = now.duration_since(signed);
        if age.abs() > self.age {
            return Err(refuse(20016, format!("Request expired: signed {age:#} ago")));
        }
        Ok(())
    }

    fn signature(&self, timestamp: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.encryption_key.as_bytes()) else { return String::new() };
        mac.update(timestamp.as_bytes());
        mac.update(self.user_id.as_bytes());
        hex(&mac.finalize().into_bytes())
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Made with Python's hmac module, so that it is not this code that says what is right.
    #[test]
    fn a_signature_is_the_one_that_others_make() {
        let auth = Auth::new(&Config::new().user("demo@example.com", "0123456789abcdef").signature_age(Duration::ZERO));
        assert_eq!(auth.signature("2026-03-01T12:00:00-06:00"), "fdb7c4bcf4837950a6a04f784f65acd0c4f19ee4");
    }
}
