//! Each trouble of the script, as a socket sees it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test panics where something is wrong")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use fake::{Config, Exceeded, Fake, Limits, Outcome, Trouble, When};

const BODY: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// What came back until the connection ended, and how it ended.
#[derive(Debug)]
struct Got {
    bytes: Vec<u8>,
    reset: bool,
}

impl Got {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn head(&self) -> String {
        self.text().split_once("\r\n\r\n").map_or_else(|| self.text(), |(head, _)| head.to_owned())
    }

    fn body(&self) -> &[u8] {
        let at = self.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
        &self.bytes[at + 4..]
    }
}

fn start() -> Fake {
    Fake::start_blocking(Config::new().limits(Limits::none())).unwrap()
}

fn connect(fake: &Fake) -> TcpStream {
    let stream = TcpStream::connect(fake.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Whether the fake was quicker to reset the connection.
fn send(mut stream: &TcpStream, operation: &str) -> bool {
    let request = format!(
        "POST /soap/mktows/3_1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\nsoapaction: \"http://www.marketo.com/mktows/{operation}\"\r\n\
         content-length: 5\r\n\r\nhello"
    );
    stream.write_all(request.as_bytes()).is_err()
}

fn receive(mut stream: &TcpStream) -> Got {
    let mut bytes = Vec::new();
    let reset = match stream.read_to_end(&mut bytes) {
        Ok(_) => false,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
        Err(error) => panic!("{error}"),
    };
    Got { bytes, reset }
}

fn call(fake: &Fake, operation: &str) -> Got {
    let stream = connect(fake);
    let reset = send(&stream, operation);
    // A reset is told once: to the writer, or to the reader.
    let got = receive(&stream);
    Got { reset: got.reset || reset, ..got }
}

fn text() -> Trouble {
    Trouble::answer(200, "text/plain", BODY)
}

#[test]
fn an_answer_of_the_scripts_own() {
    let fake = start();
    fake.script().on("getLead", Trouble::answer(502, "text/html", "<h1>Bad</h1>").header("x-y", "z"));
    let got = call(&fake, "getLead");
    assert!(got.head().starts_with("HTTP/1.1 502"), "{}", got.head());
    assert!(got.head().contains("content-type: text/html\r\n") && got.head().contains("x-y: z\r\n"), "{}", got.head());
    assert_eq!(got.body(), b"<h1>Bad</h1>");
    let calls = fake.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].name, "getLead");
    assert_eq!(calls[0].body, "hello");
    assert_eq!(calls[0].outcome, Outcome::Answered { status: 502, code: None });
    assert_eq!(calls.executed(), 0);
    assert_eq!(fake.script().pending(), 0);
}

#[test]
fn a_fault_by_its_code() {
    let fake = start();
    fake.script().on("getLead", Trouble::error(20023));
    let got = call(&fake, "getLead");
    assert!(got.head().starts_with("HTTP/1.1 500"));
    assert!(got.text().contains("<faultstring>20023 - "), "{}", got.text());
    assert!(got.text().contains("<code>20023</code>"), "{}", got.text());
    assert_eq!(fake.calls()[0].code(), Some(20023));
}

#[test]
fn resets_come_at_their_step() {
    let fake = start();
    for (trouble, body) in [(Trouble::reset_before_read(), ""), (Trouble::reset_after_read(), "hello")] {
        fake.script().on("getLead", trouble);
        let got = call(&fake, "getLead");
        assert!(got.reset && got.bytes.is_empty(), "{got:?}");
        let calls = fake.calls();
        assert_eq!(calls.last().unwrap().body, body);
        assert_eq!(calls.last().unwrap().outcome, Outcome::Cut);
        assert_eq!(calls.executed(), 0);
    }
}

#[test]
fn a_connection_is_reset_before_anything() {
    let fake = start();
    fake.script().reset_connections(1);
    let got = call(&fake, "getLead");
    assert!(got.reset && got.bytes.is_empty(), "{got:?}");
    assert!(fake.calls().is_empty());
    assert!(!call(&fake, "getLead").reset);
}

#[test]
fn an_answer_ends_at_the_byte() {
    let fake = start();
    let whole = BODY.len();
    for at in [0, 1, 17, whole as u64] {
        for (trouble, reset) in [(text().truncate_at(at), false), (text().reset_at(at), true)] {
            fake.script().on("getLead", trouble);
            let got = call(&fake, "getLead");
            assert_eq!(got.reset, reset, "{at}");
            assert!(got.head().contains(&format!("content-length: {whole}\r\n")), "{}", got.head());
            assert_eq!(got.body(), &BODY.as_bytes()[..usize::try_from(at).unwrap()]);
            assert_eq!(fake.calls().last().unwrap().outcome, Outcome::Cut);
        }
    }
}

#[test]
fn a_stall_keeps_the_connection() {
    let fake = start();
    fake.script().on("getLead", text().stall_at(3));
    let stream = connect(&fake);
    send(&stream, "getLead");
    let mut got = Vec::new();
    let mut byte = [0];
    while !got.ends_with(b"\r\n\r\n012") {
        assert_eq!((&stream).read(&mut byte).unwrap(), 1);
        got.push(byte[0]);
    }
    stream.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let error = (&stream).read(&mut byte).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    assert_eq!(fake.calls()[0].outcome, Outcome::UnderWay);
    drop(fake);
    // The fake takes its connections with it.
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert!(matches!((&stream).read(&mut byte), Ok(0) | Err(_)));
}

#[test]
fn a_slow_drip_is_whole_in_the_end() {
    let fake = start();
    fake.script().on("getLead", text().drip(5, Duration::from_millis(1)));
    assert_eq!(call(&fake, "getLead").body(), BODY.as_bytes());
}

#[test]
fn wrong_bytes_keep_the_length() {
    let fake = start();
    fake.script().on("getLead", text().corrupt(2, "XY"));
    assert_eq!(call(&fake, "getLead").body(), b"01XY456789abcdefghijklmnopqrstuvwxyz");
}

#[test]
fn garbage_is_no_http() {
    let fake = start();
    fake.script().on("getLead", Trouble::garbage("\0\u{1}garbage"));
    let got = call(&fake, "getLead");
    assert_eq!(got.bytes, b"\0\x01garbage");
}

#[test]
fn redirects_and_wrong_types() {
    let fake = start();
    fake.script().on("getLead", Trouble::redirect(302, "https://example.com/"));
    fake.script().on("getLead", Trouble::none().content_type("text/html"));
    let got = call(&fake, "getLead");
    assert!(got.head().starts_with("HTTP/1.1 302"));
    assert!(got.head().contains("location: https://example.com/\r\n"));
    assert!(call(&fake, "getLead").head().contains("content-type: text/html\r\n"));
}

#[test]
fn gzip_and_bombs() {
    let fake = start();
    fake.script().on("getLead", text().gzip());
    let got = call(&fake, "getLead");
    assert!(got.head().contains("content-encoding: gzip"));
    let mut plain = String::new();
    flate2::read::GzDecoder::new(got.body()).read_to_string(&mut plain).unwrap();
    assert_eq!(plain, BODY);
    fake.script().on("getLead", Trouble::bomb("text/xml", 1 << 30));
    let got = call(&fake, "getLead");
    assert!(got.head().contains("content-encoding: gzip") && got.bytes.len() < 2 << 20, "{}", got.bytes.len());
}

#[test]
fn rules_take_calls_in_their_order() {
    let fake = start();
    let script = fake.script();
    script.add(When::call("getLead").nth(2), Trouble::answer(202, "", ""));
    script.add(When::any().every(3), Trouble::answer(203, "", ""));
    script.add(When::any().only_if(|call| call.body == "hello").times(2), Trouble::answer(201, "", ""));
    let statuses: Vec<_> = (0..6).map(|_| call(&fake, "getLead").text()[9..12].to_owned()).collect();
    assert_eq!(statuses, ["201", "202", "203", "201", "415", "203"]);
    script.clear();
    assert_eq!(script.pending(), 0);
    assert_eq!(&call(&fake, "getLead").text()[9..12], "415");
}

#[test]
fn limits_hold_and_are_counted() {
    let clock = fake::Clock::at("2026-03-01T12:00:00Z".parse().unwrap());
    let limits = Limits::none().calls(2, Duration::from_secs(20)).daily(3);
    let fake = Fake::start_blocking(Config::new().clock(clock.clone()).limits(limits)).unwrap();
    let refused = |fake: &Fake| {
        call(fake, "getLead");
        fake.calls().last().unwrap().refused
    };
    assert_eq!([refused(&fake), refused(&fake), refused(&fake)], [None, None, Some(Exceeded::Rate)]);
    assert_eq!(fake.calls().last().unwrap().code(), Some(20023));
    clock.advance(Duration::from_secs(20));
    assert_eq!([refused(&fake), refused(&fake)], [None, Some(Exceeded::Daily)]);
    assert_eq!(fake.calls().last().unwrap().code(), Some(20015));
    assert_eq!(fake.calls().most_in(Duration::from_secs(20)), 3);
    assert_eq!(fake.calls().most_in(Duration::from_secs(21)), 5);
    assert_eq!(fake.calls().most_at_once(), 1);
}

#[test]
fn too_many_at_once_are_refused() {
    let fake = start();
    fake.set_limits(Limits::none().at_once(1));
    fake.script().on("getLead", Trouble::silence());
    let stream = connect(&fake);
    send(&stream, "getLead");
    while fake.calls().is_empty() || fake.calls()[0].body.is_empty() {
        std::thread::yield_now();
    }
    assert!(call(&fake, "syncLead").text().contains("20024 - "));
    assert_eq!(fake.calls().most_at_once(), 2);
    drop(stream);
    while fake.calls()[0].outcome != Outcome::Abandoned {
        std::thread::yield_now();
    }
    assert!(!call(&fake, "syncLead").text().contains("20024 - "));
}

#[test]
fn nothing_is_left() {
    let fake = start();
    let stream = connect(&fake);
    send(&stream, "getLead");
    receive(&stream);
    drop(stream);
    while fake.connections() > 0 {
        std::thread::yield_now();
    }
    let idle = connect(&fake);
    while fake.connections() == 0 {
        std::thread::yield_now();
    }
    drop(fake);
    assert!(matches!((&idle).read(&mut [0]), Ok(0) | Err(_)));
}
