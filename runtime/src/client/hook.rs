//! Sees the bytes of every attempt: for those who must keep them.

use std::borrow::Cow;

use http::StatusCode;

/// Sees requests and answers as they travel, signatures masked. They hold personal data: where they go is the hook's responsibility.
///
/// It is called within the call, which waits for it.
pub trait Hook: Send + Sync + 'static {
    /// An envelope that is about to be sent.
    fn request(&self, attempt: Attempt, envelope: &[u8]) {
        let _ = (attempt, envelope);
    }

    /// The body of an answer, as it came and decompressed.
    fn response(&self, attempt: Attempt, status: StatusCode, body: &[u8]) {
        let _ = (attempt, status, body);
    }
}

/// One attempt of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The name of the operation.
    pub operation: &'static str,
    /// The number of the call, in the order in which this client began them; the same for all its attempts.
    pub call: u64,
    /// The number of the attempt, the first being 1.
    pub number: u32,
}

/// `bytes` with stars in place of the secret; as they are where it is not in them.
pub(super) fn masked<'b>(bytes: &'b [u8], secret: &str) -> Cow<'b, [u8]> {
    let mut masked = Cow::Borrowed(bytes);
    if !secret.is_empty() {
        for place in memchr::memmem::find_iter(bytes, secret) {
            masked.to_mut()[place..place + secret.len()].fill(b'*');
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        assert_eq!(*masked(b"<a>k3y</a><b>k3yk3y</b>", "k3y"), b"<a>***</a><b>******</b>"[..]);
        for (bytes, secret) in [(&b"<a>k3y</a>"[..], ""), (b"<a>ke", "k3y")] {
            assert!(matches!(masked(bytes, secret), Cow::Borrowed(same) if same == bytes));
        }
    }
}
