//! Sees the bytes of every attempt: for those who must keep them.

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

/// `bytes` with stars in place of the secret.
pub(super) fn masked(bytes: &[u8], secret: &str) -> Vec<u8> {
    let mut masked = bytes.to_vec();
    let places: Vec<_> = memchr::memmem::find_iter(bytes, secret).collect();
    for place in places.into_iter().filter(|_| !secret.is_empty()) {
        masked[place..place + secret.len()].fill(b'*');
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_secret_is_masked_wherever_it_stands() {
        assert_eq!(masked(b"<a>k3y</a><b>k3yk3y</b>", "k3y"), b"<a>***</a><b>******</b>");
        assert_eq!(masked(b"<a>k3y</a>", ""), b"<a>k3y</a>");
        assert_eq!(masked(b"<a>ke", "k3y"), b"<a>ke");
    }
}
