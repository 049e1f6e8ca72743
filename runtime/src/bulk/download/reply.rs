//! Which answers to a call for a file are the part of it that was asked for.
//!
//! Bytes are appended to what is there only where the answer proves that they belong there (RFC 9110, section 14.4): 206, a Content-Range that
//! begins where we are and whose total is the file's size.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::bulk::answer;
use crate::bulk::error::{Endpoint, Error, ErrorKind};

/// What an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Whether it begins at the file's first byte, although another was asked for.
    pub(super) whole: bool,
    /// The byte after its last one, where it says so.
    pub(super) end: Option<u64>,
    /// The size of the file, where it says so.
    pub(super) size: Option<u64>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The first byte.
    pub(super) start: u64,
    /// The byte after the last one, where not all was asked for.
    pub(super) end: Option<u64>,
    /// The size of the file, where it is known.
    pub(super) size: Option<u64>,
}

impl Asked {
    /// The header `Range`; none for the whole file.
    pub(super) fn range(&self) -> Option<HeaderValue> {
        let range = match (self.start, self.end) {
            (0, None) => return None,
            (start, None) => format!("bytes={start}-"),
            (start, Some(end)) => format!("bytes={start}-{}", end.saturating_sub(1)),
        };
        HeaderValue::try_from(range).ok()
    }

    /// Takes an answer that is neither JSON nor encoded, or says why it is none.
    pub(super) fn take(&self, status: StatusCode, headers: &HeaderMap) -> Result<Held, Error> {
        let wrong =
            |text: String| Err(Error::new(ErrorKind::Answer, text).at(Endpoint::File).with_status(status.as_u16()));
        match status {
            StatusCode::OK => {
                let length = length(headers);
                if let (Some(length), Some(size)) = (length, self.size)
                    && length != size
                {
                    let text = format!("a file of {length} bytes, expected {size}");
                    // In place of a range it is something else; as the file itself it is the wrong one.
                    let kind = if self.start > 0 { ErrorKind::Answer } else { ErrorKind::Integrity };
                    return Err(Error::new(kind, text).at(Endpoint::File));
                }
                Ok(Held { whole: self.start > 0 || self.end.is_some(), end: length, size: length })
            }
            StatusCode::PARTIAL_CONTENT => {
                let Some(range) = headers.get(CONTENT_RANGE).and_then(content_range) else {
                    return wrong("a range without its place and the file's size".to_owned());
                };
                if range.start != self.start {
                    return wrong(format!("asked for bytes from {}, got some from {}", self.start, range.start));
                }
                if self.size.is_some_and(|size| size != range.size) {
                    let size = self.size.unwrap_or_default();
                    return wrong(format!("a range of a file of {} bytes, expected {size}", range.size));
                }
                if range.end > self.end.unwrap_or(range.size) || range.end > range.size {
                    return wrong(format!("a range that ends at byte {}, after what was asked for", range.end));
                }
                Ok(Held { whole: false, end: Some(range.end), size: Some(range.size) })
            }
            StatusCode::RANGE_NOT_SATISFIABLE => wrong(format!("the file has no byte {}", self.start)),
            _ => Err(answer::of_status(status, headers, Endpoint::File)),
        }
    }
}

pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

struct ContentRange {
    start: u64,
    end: u64,
    size: u64,
}

/// `bytes <first>-<last>/<size>`.
fn content_range(value: &HeaderValue) -> Option<ContentRange> {
    let text = value.to_str().ok()?.trim();
    let (unit, text) = text.split_once(' ')?;
    let (range, size) = text.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (start, last, size) = (number(first)?, number(last)?, number(size)?);
    let end = last.checked_add(1)?;
    (unit.eq_ignore_ascii_case("bytes") && start < end).then_some(ContentRange { start, end, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(asked: Asked, status: u16, header: Option<(&str, &str)>) -> Result<Held, String> {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        asked.take(StatusCode::from_u16(status).unwrap(), &headers).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_asked_for() {
        let range = |start, end| {
            let range = Asked { start, end, size: None }.range();
            range.map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(range(0, None), None);
        assert_eq!(range(725, None).as_deref(), Some("bytes=725-"));
        assert_eq!(range(0, Some(10)).as_deref(), Some("bytes=0-9"));
    }

    #[test]
    fn only_the_range_that_was_asked_for_is_taken() {
        let asked = Asked { start: 725, end: None, size: Some(1000) };
        let range = |value| take(asked, 206, Some(("content-range", value)));
        let held = |end| Ok(Held { whole: false, end: Some(end), size: Some(1000) });
        assert_eq!(range("bytes 725-999/1000"), held(1000));
        assert_eq!(range("Bytes 725-800/1000"), held(801));
        for (value, why) in [
            ("bytes 0-999/1000", "asked for bytes from 725, got some from 0"),
            ("bytes 726-999/1000", "asked for bytes from 725, got some from 726"),
            ("bytes 725-999/1001", "a range of a file of 1001 bytes, expected 1000"),
            ("bytes 725-1000/1000", "a range that ends at byte 1001, after what was asked for"),
            ("bytes 725-999/*", "a range without its place and the file's size"),
            ("bytes 725-724/1000", "a range without its place and the file's size"),
            ("lines 725-999/1000", "a range without its place and the file's size"),
            ("bytes 725-18446744073709551615/1000", "a range without its place and the file's size"),
            ("", "a range without its place and the file's size"),
        ] {
            assert_eq!(range(value), Err(format!("file: HTTP 206: {why}")), "{value}");
        }
        let segment = Asked { end: Some(800), ..asked };
        let longer = take(segment, 206, Some(("content-range", "bytes 725-800/1000")));
        assert_eq!(longer, Err("file: HTTP 206: a range that ends at byte 801, after what was asked for".to_owned()));
    }

    #[test]
    fn a_whole_file_is_known_as_one() {
        let from = |start| Asked { start, end: None, size: Some(1000) };
        let whole = Held { whole: true, end: Some(1000), size: Some(1000) };
        assert_eq!(take(from(725), 200, Some(("content-length", "1000"))), Ok(whole));
        for start in [0, 725] {
            let wrong = take(from(start), 200, Some(("content-length", "999")));
            assert_eq!(wrong, Err("file: a file of 999 bytes, expected 1000".to_owned()));
        }
        assert_eq!(take(from(0), 200, None), Ok(Held { whole: false, end: None, size: None }));
        assert_eq!(take(from(0), 404, None), Err("file: HTTP 404: there is no file".to_owned()));
        assert_eq!(take(from(9), 416, None), Err("file: HTTP 416: the file has no byte 9".to_owned()));
        assert_eq!(take(from(0), 204, None), Err("file: HTTP 204: the status is not one that is expected".to_owned()));
    }
}
