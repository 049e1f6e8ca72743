//! Positions in streams: opaque, sealed, and good for the query that they came from only.

use std::hash::{BuildHasher as _, RandomState};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::auth::hex;
use super::fault::{Refusal, refuse};
use crate::store::Mark;

/// Makes and opens positions. Each fake seals with a key of its own.
pub(crate) struct Positions([u8; 8]);

impl Positions {
    pub(crate) fn new() -> Self {
        Self(RandomState::new().hash_one("positions").to_be_bytes())
    }

    /// The position behind `mark` in what `query` asks for.
    pub(crate) fn seal(&self, query: &str, mark: Mark) -> String {
        let Mark { time, number } = mark;
        let plain = format!("{time:x}.{number:x}");
        format!("{plain}.{}", self.mac(query, &plain))
    }

    /// What a position stands for; fault 20122 where it is not one of this query.
    pub(crate) fn open(&self, query: &str, position: &str) -> Result<Mark, Refusal> {
        let open = || {
            let (plain, mac) = position.rsplit_once('.')?;
            if mac != self.mac(query, plain) {
                return None;
            }
            let (time, number) = plain.split_once('.')?;
            Some(Mark { time: parse(time)?, number: parse(number)? })
        };
        open().ok_or_else(|| refuse(20122, "the stream position is not one that this query was given"))
    }

    fn mac(&self, query: &str, plain: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(query.as_bytes());
        mac.update(&[0]);
        mac.update(plain.as_bytes());
        hex(&mac.finalize().into_bytes()[..10])
    }
}

/// The number that `{:x}` wrote: negative ones as their two's complement.
fn parse(digits: &str) -> Option<i64> {
    u64::from_str_radix(digits, 16).ok().map(u64::cast_signed)
}

impl std::fmt::Debug for Positions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Positions")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_good_for_its_query() {
        let positions = Positions::new();
        for mark in [Mark::default(), Mark { time: -5, number: i64::MAX }] {
            let position = positions.seal("a", mark);
            assert_eq!(positions.open("a", &position).unwrap(), mark);
            assert_eq!(positions.open("b", &position).unwrap_err().code, 20122);
            assert_eq!(positions.open("a", &format!("1{position}")).unwrap_err().code, 20122);
        }
        assert_eq!(positions.open("a", "").unwrap_err().code, 20122);
        assert_eq!(positions.open("a", "0.0.x").unwrap_err().code, 20122);
    }
}
