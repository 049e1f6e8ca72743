//! A body that was compressed on its way, decoded as it comes.

use std::io;

use async_compression::tokio::bufread::GzipDecoder;
use futures_util::TryStreamExt;
use tokio_util::io::{ReaderStream, StreamReader};

use super::{Body, TransportError, TransportErrorKind};

/// How much is decoded at once: all that a body of any length takes.
const CHUNK: usize = 32 * 1024;

/// The decoded `body`. Several members on end are one body (RFC 1952, section 2.2).
pub(super) fn decoded(body: Body) -> Body {
    let mut decoder = GzipDecoder::new(StreamReader::new(body.map_err(io::Error::other)));
    decoder.multiple_members(true);
    Body::from_stream(ReaderStream::with_capacity(decoder, CHUNK).map_err(error))
}

/// What cut the body beneath comes through as it was; all else is the decoder's.
fn error(error: io::Error) -> TransportError {
    match error.downcast::<TransportError>() {
        Ok(error) => error,
        Err(error) => TransportError::with_source(TransportErrorKind::Encoding, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    /// `hello` by gzip.
    const HELLO: [u8; 25] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0,
        0,
    ];

    fn body(chunks: Vec<Result<Vec<u8>, TransportErrorKind>>) -> Body {
        let chunks = chunks.into_iter().map(|chunk| chunk.map(Bytes::from).map_err(TransportError::new));
        Body::from_stream(stream::iter(chunks.collect::<Vec<_>>()))
    }

    async fn read(chunks: Vec<Result<Vec<u8>, TransportErrorKind>>) -> Result<Bytes, TransportErrorKind> {
        decoded(body(chunks)).collect(1000).await.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn decodes_whole_bodies_only() {
        let bytes = |range: std::ops::Range<usize>| Ok(HELLO[range].to_vec());
        assert_eq!(read(vec![bytes(0..25)]).await, Ok("hello".into()));
        assert_eq!(read((0..25).map(|at| bytes(at..at + 1)).collect()).await, Ok("hello".into()));
        assert_eq!(read(vec![bytes(0..25), bytes(0..25)]).await, Ok("hellohello".into()));
        assert_eq!(read(vec![bytes(0..20)]).await, Err(TransportErrorKind::Encoding));
        assert_eq!(read(vec![bytes(0..17), bytes(0..8)]).await, Err(TransportErrorKind::Encoding));
        assert_eq!(read(vec![Ok(b"<html>".to_vec())]).await, Err(TransportErrorKind::Encoding));
    }

    #[tokio::test]
    async fn what_cut_the_body_comes_through() {
        let cut = vec![Ok(HELLO[..12].to_vec()), Err(TransportErrorKind::Idle)];
        assert_eq!(read(cut).await, Err(TransportErrorKind::Idle));
    }
}
