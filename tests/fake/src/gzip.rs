//! Answers in gzip (RFC 1952): those that were never asked for, and bombs.

use std::io::Write as _;

use bytes::{BufMut as _, Bytes, BytesMut};
use flate2::{Compress, Compression, Crc, FlushCompress, GzBuilder};
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use crate::{Body, Response};

/// The header of a member: deflate, no flags, no time, no system.
const HEAD: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A last block of deflate without content.
const END: &[u8] = &[3, 0];

/// How much of a bomb one block holds.
const BLOCK: usize = 1 << 20;

/// The same answer, compressed.
pub(crate) fn encode(response: Response) -> Response {
    let (mut head, mut body) = response.into_parts();
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::default());
    let mut written = Ok(());
    while let Some(chunk) = body.next() {
        written = written.and_then(|()| encoder.write_all(&chunk));
    }
    // Writing into memory does not fail.
    let bytes = written.and_then(|()| encoder.finish()).unwrap_or_default();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(head, Body::from(bytes))
}

/// An answer of `length` spaces, or up to a block more, that takes a thousandth of it to send.
pub(crate) fn bomb(length: u64, content_type: HeaderValue) -> Response {
    let plain = vec![b' '; BLOCK];
    let mut crc = Crc::new();
    crc.update(&plain);
    // A block that ends on a byte and looks back on nothing can be repeated.
    let mut block = Vec::with_capacity(BLOCK / 100);
    let compressed = Compress::new(Compression::best(), false).compress_vec(&plain, &mut block, FlushCompress::Full);
    debug_assert!(compressed.is_ok());
    let block = Bytes::from(block);

    let blocks = length.div_ceil(BLOCK as u64);
    let mut sum = Crc::new();
    for _ in 0..blocks {
        sum.combine(&crc);
    }
    let mut tail = BytesMut::from(END);
    tail.put_u32_le(sum.sum());
    tail.put_u32_le(sum.amount());

    let head = std::iter::once(Bytes::from_static(HEAD));
    let blocks = (0..blocks).map(move |_| block.clone());
    let mut chunks = head.chain(blocks).chain(std::iter::once(tail.freeze()));
    let mut response = Response::new(Body::chunks(None, move || chunks.next()));
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn bytes(response: Response) -> Vec<u8> {
        let mut body = response.into_body();
        std::iter::from_fn(|| body.next()).flatten().collect()
    }

    #[test]
    fn a_bomb_is_good_gzip() {
        let bytes = bytes(bomb(3 * BLOCK as u64, HeaderValue::from_static("text/xml")));
        assert!(bytes.len() < 3 * BLOCK / 500, "{}", bytes.len());
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut plain).unwrap();
        assert_eq!(plain.len(), 3 * BLOCK);
    }

    #[test]
    fn an_answer_comes_back() {
        let bytes = bytes(encode(Response::new(Body::from("some text"))));
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut plain).unwrap();
        assert_eq!(plain, "some text");
    }
}
