//! The file endpoint: the whole file, or a range of it (RFC 9110, section 14), streamed as the caller takes it and counted.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;

use super::envelope;
use super::fate::TokenEnd;
use super::inner::{Inner, later};
use super::job::{Job, Read, Status};
use super::style::Empty;
use crate::identity::{Caller, Identity};
use crate::{Body, Response, lock};

/// The most that is handed over at once.
const CHUNK: usize = 64 * 1024;

/// What a call for a file is served from.
pub(super) struct Shelf<'a> {
    pub(super) inner: &'a Arc<Mutex<Inner>>,
    pub(super) identity: &'a Arc<Identity>,
    pub(super) caller: &'a Caller,
    pub(super) now: Timestamp,
}

/// The part of a file that a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Range { start: u64, end: u64 },
    Nowhere,
}

impl Shelf<'_> {
    /// Answers with the file of a job; 404 in plain text where there is none.
    pub(super) fn serve(&self, index: Option<usize>, headers: &HeaderMap) -> Response {
        let mut inner = lock(self.inner);
        let empty = inner.style.empty;
        let kept = inner.subscription.file_kept;
        let content_type = HeaderValue::from_str(&inner.style.content_type);
        let found = index.and_then(|index| Some((index, inner.jobs.get_mut(index)?)));
        let Some((index, job)) = found.filter(|(_, job)| self.is_there(job, empty, kept)) else {
            return envelope::text(StatusCode::NOT_FOUND, "File not found");
        };
        if job.fate.missing > 0 {
            job.fate.missing -= 1;
            return envelope::text(StatusCode::NOT_FOUND, "File not found");
        }
        let Some(file) = job.file.clone() else {
            return envelope::text(StatusCode::NOT_FOUND, "File not found");
        };
        let size = file.size();
        let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
        let mut part = part(range, size);
        // Nothing here has a validator, so a condition on one never holds.
        if headers.contains_key(header::IF_RANGE) {
            part = Part::Whole;
        }
        if part != Part::Whole && job.fate.ignores_range > 0 {
            job.fate.ignores_range -= 1;
            part = Part::Whole;
        }
        let (status, start, end) = match part {
            Part::Whole => (StatusCode::OK, 0, size),
            Part::Range { start, end } => (StatusCode::PARTIAL_CONTENT, start, end),
            Part::Nowhere => {
                let mut response = envelope::text(StatusCode::RANGE_NOT_SATISFIABLE, "Range not satisfiable");
                put(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
                return response;
            }
        };
        let read = job.reads.len();
        job.reads.push(Read { range: range.map(str::to_owned), start, length: end - start, served: 0 });
        drop(inner);

        let (inner, identity, token) = (self.inner.clone(), self.identity.clone(), self.caller.token.clone());
        let mut at = start;
        let mut block = Bytes::new();
        let body = Body::chunks(Some(end - start), move || {
            if at >= end {
                return None;
            }
            if block.is_empty() {
                block = file.read(at);
            }
            let most = usize::try_from(end - at).unwrap_or(usize::MAX).min(CHUNK);
            let chunk = block.split_to(most.min(block.len()));
            at += chunk.len() as u64;
            let ends =
                lock(&inner).jobs.get_mut(index).and_then(|job| count(job, read, chunk.len() as u64, at - start));
            if let Some(how) = ends {
                identity.end(&token, how == TokenEnd::Revoked);
            }
            Some(chunk)
        });
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Ok(content_type) = content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        if status == StatusCode::PARTIAL_CONTENT {
            put(&mut response, header::CONTENT_RANGE, &format!("bytes {start}-{}/{size}", end - 1));
        }
        response
    }

    fn is_there(&self, job: &Job, empty: Empty, kept: std::time::Duration) -> bool {
        let kept = job.finished_at.is_some_and(|at| self.now <= later(at, job.fate.kept.unwrap_or(kept)));
        let no_file = empty == Empty::NotFound && job.file.as_ref().is_none_or(|file| file.records() == 0);
        job.status == Status::Completed && kept && !no_file
    }
}

/// Counts bytes that were handed over; tells when the caller's token is to end by that.
fn count(job: &mut Job, read: usize, bytes: u64, sent: u64) -> Option<TokenEnd> {
    if let Some(read) = job.reads.get_mut(read) {
        read.served += bytes;
    }
    job.fate.token_ends_at.take_if(|(at, _)| sent >= *at).map(|(_, how)| how)
}

fn put(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// What `Range` asks for. What is no single range of bytes asks for nothing.
fn part(range: Option<&str>, size: u64) -> Part {
    let Some(range) = range.and_then(|range| range.trim().strip_prefix("bytes=")) else { return Part::Whole };
    let Some((first, last)) = range.split_once('-') else { return Part::Whole };
    match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(start), "") if start < size => Part::Range { start, end: size },
        (Ok(_), "") => Part::Nowhere,
        (Ok(start), last) => match last.parse::<u64>() {
            Ok(last) if last < start => Part::Whole,
            Ok(last) if start < size => Part::Range { start, end: last.saturating_add(1).min(size) },
            Ok(_) => Part::Nowhere,
            Err(_) => Part::Whole,
        },
        (Err(_), last) if first.is_empty() => match last.parse::<u64>() {
            Ok(0) => Part::Nowhere,
            Ok(_) if size == 0 => Part::Nowhere,
            Ok(count) => Part::Range { start: size.saturating_sub(count), end: size },
            Err(_) => Part::Whole,
        },
        (Err(_), _) => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let range = |start, end| Part::Range { start, end };
        assert_eq!(part(None, 10), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 10), range(0, 10));
        assert_eq!(part(Some("bytes=3-5"), 10), range(3, 6));
        assert_eq!(part(Some("bytes=3-99"), 10), range(3, 10));
        assert_eq!(part(Some("bytes=9-9"), 10), range(9, 10));
        assert_eq!(part(Some("bytes=-4"), 10), range(6, 10));
        assert_eq!(part(Some("bytes=-40"), 10), range(0, 10));
        assert_eq!(part(Some("bytes=10-"), 10), Part::Nowhere);
        assert_eq!(part(Some("bytes=10-12"), 10), Part::Nowhere);
        assert_eq!(part(Some("bytes=-0"), 10), Part::Nowhere);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Nowhere);
        assert_eq!(part(Some("bytes=5-3"), 10), Part::Whole);
        assert_eq!(part(Some("bytes=0-1,3-4"), 10), Part::Whole);
        assert_eq!(part(Some("lines=0-1"), 10), Part::Whole);
    }
}
