//! The transport against sockets that answer by the letter, or not at all.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const HELLO: [u8; 25] =
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0];
const SECRET: &str = "cecil";

/// A server that reads one request a connection and writes each of `pieces`, waiting `pause` before all but the first. Then it closes, or
/// stays silent where `open`.
async fn server(pieces: Vec<Vec<u8>>, pause: Duration, open: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let pieces = pieces.clone();
            tokio::spawn(async move {
                read_request(&mut stream).await;
                for (at, piece) in pieces.iter().enumerate() {
                    tokio::time::sleep(if at == 0 { Duration::ZERO } else { pause }).await;
                    if stream.write_all(piece).await.is_err() {
                        return;
                    }
                }
                if open {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address
}

async fn read_request(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"<body/>") {
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(read) => seen.extend_from_slice(&chunk[..read]),
        }
    }
}

fn message(head: &str, body: &[u8]) -> Vec<Vec<u8>> {
    let mut whole = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    whole.extend_from_slice(body);
    vec![whole]
}

async fn answering(pieces: Vec<Vec<u8>>) -> SocketAddr {
    server(pieces, Duration::ZERO, false).await
}

fn request(address: SocketAddr) -> http::Request<Bytes> {
    let uri = format!("http://{address}/soap?key={SECRET}");
    http::Request::post(uri).body(Bytes::from_static(b"<body/>")).unwrap()
}

fn builder() -> HttpTransportBuilder {
    HttpTransport::builder().allow_http().no_proxy()
}

/// The kind of what keeps the whole answer from coming.
async fn kind(builder: HttpTransportBuilder, request: http::Request<Bytes>) -> TransportErrorKind {
    let transport = builder.build().unwrap();
    let error = match transport.send(request).await {
        Ok(answer) => answer.into_body().collect(1000).await.expect_err("the body came"),
        Err(error) => error,
    };
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains(SECRET) && !text.contains("/soap"), "{text}");
    }
    error.kind()
}

#[tokio::test]
async fn an_answer_of_any_status_comes_as_it_is() {
    for head in ["200 OK", "302 Found\r\nlocation: /other", "503 Service Unavailable\r\nretry-after: 7"] {
        let address = answering(message(head, b"hello")).await;
        let answer = builder().build().unwrap().send(request(address)).await.unwrap();
        assert_eq!(answer.status().as_str(), &head[..3]);
        assert_eq!(answer.headers().len(), head.lines().count(), "{:?}", answer.headers());
        assert_eq!(answer.into_body().collect(5).await.unwrap(), "hello");
    }
}

#[tokio::test]
async fn gzip_is_decoded_unless_the_request_forbids_it() {
    let address = answering(message("200 OK\r\ncontent-encoding: gzip", &HELLO)).await;
    let transport = builder().build().unwrap();
    let answer = transport.send(request(address)).await.unwrap();
    assert_eq!(answer.headers().get(CONTENT_ENCODING), None);
    assert_eq!(answer.into_body().collect(5).await.unwrap(), "hello");

    let mut identity = request(address);
    identity.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let answer = transport.send(identity).await.unwrap();
    assert_eq!(answer.headers()[CONTENT_ENCODING], "gzip");
    assert_eq!(answer.into_body().collect(1000).await.unwrap(), &HELLO[..]);

    let address = answering(message("200 OK\r\ncontent-encoding: br", b"hello")).await;
    assert_eq!(kind(builder(), request(address)).await, TransportErrorKind::Encoding);
}

#[tokio::test]
async fn a_body_is_limited_after_it_is_decoded() {
    let address = answering(message("200 OK\r\ncontent-encoding: gzip", &HELLO)).await;
    let answer = builder().build().unwrap().send(request(address)).await.unwrap();
    let error = answer.into_body().collect(4).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 4 });
}

#[tokio::test]
async fn failures_tell_whether_the_request_may_have_arrived() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    assert_eq!(kind(builder(), request(closed)).await, TransportErrorKind::Connect);
    let https = http::Request::post(format!("https://{}/soap?key={SECRET}", answering(vec![]).await));
    let hurried = builder().connect_time(Duration::from_millis(40));
    assert_eq!(kind(hurried, https.body(Bytes::new()).unwrap()).await, TransportErrorKind::Connect);

    let lost = [vec![], vec![b"nothing of HTTP\r\n\r\n".to_vec()], vec![b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()]];
    for pieces in lost.into_iter().chain([vec![b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhell".to_vec()]]) {
        assert_eq!(kind(builder(), request(answering(pieces).await)).await, TransportErrorKind::Lost);
    }
}

#[tokio::test]
async fn only_https_unless_http_is_allowed() {
    let address = answering(message("200 OK", b"")).await;
    let strict = HttpTransport::builder().no_proxy();
    assert_eq!(kind(strict, request(address)).await, TransportErrorKind::Refused);
    let other = http::Request::post("ftp://127.0.0.1/soap").body(Bytes::new()).unwrap();
    assert_eq!(kind(builder(), other).await, TransportErrorKind::Refused);
}

#[tokio::test]
async fn time_is_limited_until_the_last_byte() {
    let short = Duration::from_millis(40);
    let long = Duration::from_secs(60);
    let silent = server(vec![], long, true).await;
    assert_eq!(kind(builder().idle_time(short), request(silent)).await, TransportErrorKind::Idle);
    assert_eq!(kind(builder().total_time(short), request(silent)).await, TransportErrorKind::Timeout);

    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec();
    let stuck = server(vec![head.clone()], long, true).await;
    assert_eq!(kind(builder().idle_time(short), request(stuck)).await, TransportErrorKind::Idle);

    let drip: Vec<_> = [head].into_iter().chain((0..9).map(|_| b"x".to_vec())).collect();
    let dripping = server(drip, short, true).await;
    let limited = builder().total_time(short * 3);
    assert_eq!(kind(limited.clone(), request(dripping)).await, TransportErrorKind::Timeout);

    // A request's own limit stands above the transport's.
    let mut unlimited = request(dripping);
    unlimited.extensions_mut().insert(TotalTime(None));
    let answer = limited.build().unwrap().send(unlimited).await.unwrap();
    assert_eq!(answer.into_body().collect(9).await.unwrap(), "xxxxxxxxx");
}

#[tokio::test]
async fn a_proxy_gets_what_is_for_others() {
    let proxy = answering(message("200 OK", b"from the proxy")).await;
    let transport = HttpTransport::builder().allow_http().proxy(format!("http://{proxy}")).build().unwrap();
    let request = http::Request::post("http://shop.example.com/soap").body(Bytes::from_static(b"<body/>")).unwrap();
    let answer = transport.send(request).await.unwrap();
    assert_eq!(answer.into_body().collect(100).await.unwrap(), "from the proxy");
    let error = HttpTransport::builder().proxy("http://anna:secret@[").build().err().unwrap();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
}

#[tokio::test]
async fn certificates_must_be_pem() {
    for (pem, message) in [
        (&b""[..], "the request was not sent: there is no root certificate in the PEM"),
        (b"-----BEGIN CERTIFICATE-----\nMII", "the request was not sent: the root certificates are no PEM: "),
    ] {
        let error = HttpTransport::builder().root_certificates(pem).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
