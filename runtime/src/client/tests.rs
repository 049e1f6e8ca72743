//! Every decision of a call, over a transport that answers by a script.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::*;
use crate::clock::BoxFuture;
use crate::pace::Limits;
use crate::soap::{Client as _, Effect, ErrorKind, Fault, HeaderBlock, Limit, Signature, read_request, write_fault};
use crate::transport::{Body, TransportError, TransportErrorKind};
use crate::xml::{Element, Namespace};

const NS: &str = "urn:example:shop";
const NAMESPACES: &[Namespace] = &[Namespace { prefix: "ns1", uri: NS }];
const HEADER: Element<String> = element("ns1:signed", "signed");
const NOTE: Element<String> = element("ns1:note", "note");
const KEY: &str = "the-key-of-anna";

const fn element(qname: &'static str, local: &'static str) -> Element<String> {
    Element::new(NAMESPACES, NS, local, qname)
}

struct Shop;

impl Service for Shop {
    const SIGNED: bool = true;

    fn sign<T>(request: &mut soap::Request<T>, signature: Signature) -> Result<(), soap::Error> {
        request.fill(&HEADER, String::new, |header| {
            *header = format!("{} {} {}", signature.user, signature.timestamp, signature.value);
        })
    }

    fn kind(fault: &Fault) -> ErrorKind {
        match fault.number() {
            Some("1") => ErrorKind::Rate,
            Some("2") => ErrorKind::Concurrency,
            Some("3") => ErrorKind::Expired,
            Some("4") => ErrorKind::Quota,
            Some("5") => ErrorKind::NotFound,
            Some("6") => ErrorKind::Server,
            _ => fault.kind(),
        }
    }
}

macro_rules! operation {
    ($name:ident, $effect:ident) => {
        struct $name;

        impl Operation for $name {
            type Service = Shop;
            type Request = String;
            type Response = String;

            const NAME: &'static str = stringify!($name);
            const SOAP_ACTION: &'static str = "urn:example:shop/action";
            const REQUEST: Element<String> = element("ns1:ask", "ask");
            const RESPONSE: Element<String> = element("ns1:answer", "answer");
            const HEADERS: &'static [HeaderBlock] =
                &[HeaderBlock::required(HEADER.name), HeaderBlock::optional(NOTE.name)];
            const EFFECT: Effect = Effect::$effect;
            const LIMITS: &'static [Limit] = &[];
        }
    };
}

operation!(Look, Reads);
operation!(Order, Writes);

/// What the transport does with one request.
enum Step {
    Answer(Response<Bytes>),
    Cut(Response<Bytes>, TransportErrorKind),
    Fail(TransportErrorKind),
    Hang,
}

#[derive(Clone, Default)]
struct Script(Arc<Mutex<Played>>);

#[derive(Default)]
struct Played {
    steps: VecDeque<Step>,
    seen: Vec<Request<Bytes>>,
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let mut played = self.0.lock().unwrap();
        played.seen.push(request);
        let step = played.steps.pop_front().expect("a request that the script does not know");
        Box::pin(async move {
            match step {
                Step::Answer(answer) => Ok(answer.map(Body::from)),
                Step::Cut(answer, kind) => Ok(answer.map(|bytes| {
                    let chunks = [Ok(bytes), Err(TransportError::new(kind))];
                    Body::from_stream(futures_util::stream::iter(chunks))
                })),
                Step::Fail(kind) => Err(TransportError::new(kind)),
                Step::Hang => std::future::pending().await,
            }
        })
    }
}

/// Tokio's paused time; the day begins where it began.
#[derive(Clone)]
struct TestClock(Instant);

const NOON: &str = "2026-03-02T12:00:00Z";

impl Default for TestClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        NOON.parse::<Timestamp>().unwrap() + SignedDuration::try_from(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

struct Bench {
    script: Script,
    client: Client,
}

fn bench(steps: impl IntoIterator<Item = Step>) -> Bench {
    bench_with(steps, |builder| builder)
}

fn bench_with(steps: impl IntoIterator<Item = Step>, with: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Bench {
    let script = Script::default();
    script.0.lock().unwrap().steps.extend(steps);
    let builder = Client::builder("https://shop.example.com/soap").unwrap();
    let builder = builder.credentials("anna", KEY).transport(script.clone()).clock(TestClock::default());
    Bench { client: with(builder).build().unwrap(), script }
}

impl Bench {
    async fn look(&self) -> Result<String, Error> {
        self.client.call::<Look>(soap::Request::new("?".to_owned())).await
    }

    async fn order(&self) -> Result<String, Error> {
        self.client.call::<Order>(soap::Request::new("!".to_owned())).await
    }

    fn sent(&self) -> usize {
        self.script.0.lock().unwrap().seen.len()
    }

    fn headers(&self, at: usize) -> String {
        let body = self.script.0.lock().unwrap().seen[at].body().clone();
        read_request::<Look>(&body, ReadOptions::new()).unwrap().headers.get(&HEADER).unwrap().unwrap()
    }
}

fn http(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response<Bytes> {
    let response = Response::builder().status(status).header("content-type", content_type);
    response.body(Bytes::from(body.into())).unwrap()
}

fn envelope(text: &str) -> Vec<u8> {
    soap::write_response::<Look>(&text.to_owned()).unwrap()
}

fn ok() -> Step {
    Step::Answer(http(200, "text/xml; charset=utf-8", envelope("yes")))
}

fn fault(text: &str) -> Step {
    fault_with("Server", text, 500)
}

fn fault_with(code: &str, text: &str, status: u16) -> Step {
    Step::Answer(http(status, "text/xml", write_fault(&Fault::new(code, text)).unwrap()))
}

fn page(status: u16) -> Step {
    Step::Answer(http(status, "text/html", "<html>Oops</html>"))
}

/// What a call came to: kind, attempts, fate, and whether it can be repeated.
fn seen(error: &Error) -> (ErrorKind, u32, Fate, bool) {
    (error.kind(), error.attempts(), error.fate(), error.is_retryable())
}

#[tokio::test(start_paused = true)]
async fn a_call_is_signed_sent_and_read() {
    let bench = bench([ok()]);
    assert_eq!(bench.look().await.unwrap(), "yes");
    let credentials = Credentials::new("anna", KEY);
    let signature = credentials.sign(NOON.parse().unwrap());
    assert_eq!(bench.headers(0), format!("anna 2026-03-02T12:00:00+00:00 {}", signature.value));
    let played = bench.script.0.lock().unwrap();
    let request = &played.seen[0];
    assert_eq!(
        (request.method().as_str(), request.uri().to_string()),
        ("POST", "https://shop.example.com/soap".to_owned())
    );
    assert_eq!(request.headers()["content-type"], "text/xml; charset=utf-8");
    assert_eq!(request.headers()["soapaction"], "\"urn:example:shop/action\"");
}

/// Each trouble, three times over: what a reading and a writing call come to.
#[tokio::test(start_paused = true)]
async fn what_is_repeated() {
    use ErrorKind::{Auth, Client, Concurrency, Decoding, NotFound, Quota, Rate, Server, Transport};
    use Fate::{NotExecuted, Unknown};
    type Trouble = fn() -> Step;
    let cases: [(Trouble, ErrorKind, bool, Fate, bool); 26] = [
        // Trouble, kind, does a reading call try again, fate, does a writing call.
        (|| fault("1 - slower"), Rate, true, NotExecuted, true),
        (|| fault("2 - fewer"), Concurrency, true, NotExecuted, true),
        (|| fault("4 - tomorrow"), Quota, false, NotExecuted, false),
        (|| fault("5 - nobody"), NotFound, false, NotExecuted, false),
        (|| fault("6 - sorry"), Server, true, Unknown, false),
        (|| fault_with("Server", "what", 200), Server, true, Unknown, false),
        (|| fault_with("Client", "no", 500), Client, false, NotExecuted, false),
        (|| fault_with("Client.Authentication", "no", 403), Client, false, NotExecuted, false),
        (|| page(500), Server, true, Unknown, false),
        (|| page(503), Server, true, Unknown, false),
        (|| Step::Answer(http(502, "text/xml", "")), Server, true, Unknown, false),
        (|| page(429), Rate, true, Unknown, false),
        (|| page(401), Auth, false, Unknown, false),
        (|| page(404), Client, false, Unknown, false),
        (|| page(302), Client, false, Unknown, false),
        (|| page(200), Decoding, false, Unknown, false),
        (|| Step::Answer(http(200, "text/xml", "")), Decoding, false, Unknown, false),
        (|| Step::Answer(http(200, "text/xml", &envelope("yes")[..90])), Decoding, false, Unknown, false),
        (|| Step::Answer(http(500, "text/xml", envelope("yes"))), Server, true, Unknown, false),
        (|| Step::Answer(http(200, "text/xml; charset=x-none", envelope("yes"))), Decoding, false, Unknown, false),
        (|| Step::Fail(TransportErrorKind::Connect), Transport, true, NotExecuted, true),
        (|| Step::Fail(TransportErrorKind::Refused), Client, false, NotExecuted, false),
        (|| Step::Fail(TransportErrorKind::Lost), Transport, true, Unknown, false),
        (|| Step::Fail(TransportErrorKind::Idle), Transport, true, Unknown, false),
        (|| Step::Cut(http(200, "text/xml", "<"), TransportErrorKind::Lost), Transport, true, Unknown, false),
        (|| Step::Cut(http(200, "text/xml", "<"), TransportErrorKind::Encoding), Decoding, false, Unknown, false),
    ];
    for (at, (trouble, kind, read_again, fate, write_again)) in cases.into_iter().enumerate() {
        let passes = read_again;
        for (again, is_read) in [(read_again, true), (write_again, false)] {
            let bench = bench_with((0..3).map(|_| trouble()), |builder| {
                builder.backoff(Backoff { attempts: 3, ..Backoff::default() })
            });
            let outcome = if is_read { bench.look().await } else { bench.order().await };
            let attempts = if again { 3 } else { 1 };
            let retryable = passes && (is_read || fate == NotExecuted);
            let error = outcome.unwrap_err();
            assert_eq!(seen(&error), (kind, attempts, fate, retryable), "case {at}: {error}");
            assert_eq!(bench.sent(), attempts as usize, "case {at}");
            assert_eq!(bench.client.pace().under_way(), 0, "case {at}");
            let says = error.to_string().ends_with("; whether it was executed is unknown");
            assert_eq!(says, !is_read && fate == Unknown, "{error}");

            // And where the next attempt succeeds, the call does.
            let bench = bench_with([trouble(), ok()], |builder| builder);
            let outcome = if is_read { bench.look().await } else { bench.order().await };
            assert_eq!(outcome.is_ok(), again, "case {at}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_signature_is_renewed_once() {
    for write in [false, true] {
        let bench = bench([fault("3 - too late"), ok()]);
        assert!(if write { bench.order().await } else { bench.look().await }.is_ok());
        assert_eq!(bench.sent(), 2);

        let late = || {
            let Step::Answer(mut answer) = fault("3 - too late") else { unreachable!() };
            answer.headers_mut().insert("date", "Mon, 02 Mar 2026 11:48:20 GMT".parse().unwrap());
            Step::Answer(answer)
        };
        let bench = self::bench([late(), late()]);
        let error = if write { bench.order().await } else { bench.look().await }.unwrap_err();
        assert_eq!(seen(&error), (ErrorKind::Expired, 2, Fate::NotExecuted, false));
        let text = error.to_string();
        let name = if write { "Order" } else { "Look" };
        let expected =
            "fault Server: 3 - too late; this machine's clock is 700s ahead of the service's, after 2 attempts";
        assert_eq!(text, format!("{name}: {expected}"));
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_signed_anew() {
    let bench = bench_with([Step::Fail(TransportErrorKind::Connect), ok()], |builder| {
        builder.backoff(Backoff {
            first: Duration::from_secs(200),
            longest: Duration::from_secs(200),
            ..Backoff::default()
        })
    });
    assert!(bench.look().await.is_ok());
    assert!(bench.headers(0).starts_with("anna 2026-03-02T12:00:00+00:00 "));
    // The wait was drawn; whatever it was, the signature is of the time after it.
    let at = bench.client.0.clock.now().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    assert!(bench.headers(1).contains(&at), "{} {at}", bench.headers(1));
}

#[tokio::test(start_paused = true)]
async fn the_answer_says_how_long_to_wait() {
    let asked = |value: &str| {
        let mut answer = http(503, "text/html", "later");
        answer.headers_mut().insert("retry-after", value.parse().unwrap());
        answer.headers_mut().insert("date", "Mon, 02 Mar 2026 12:00:00 GMT".parse().unwrap());
        Step::Answer(answer)
    };
    for value in ["45", "Mon, 02 Mar 2026 12:00:45 GMT"] {
        let bench = bench([asked(value), ok()]);
        let begun = Instant::now();
        assert!(bench.look().await.is_ok());
        assert_eq!(begun.elapsed().as_secs(), 45);
    }
    // Longer than the call may take: the caller learns it at once.
    for seconds in [4000, u64::MAX] {
        let bench = bench([asked(&seconds.to_string())]);
        let error = bench.look().await.unwrap_err();
        assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(seconds))));
    }
    // Beside a fault too, where the same call may succeed later.
    let beside = |text: &str| {
        let Step::Answer(mut answer) = fault(text) else { unreachable!() };
        answer.headers_mut().insert("retry-after", "45".parse().unwrap());
        Step::Answer(answer)
    };
    let bench = self::bench([beside("6 - sorry"), ok()]);
    let begun = Instant::now();
    assert!(bench.look().await.is_ok());
    assert_eq!(begun.elapsed().as_secs(), 45);
    assert_eq!(self::bench([beside("5 - nobody")]).look().await.unwrap_err().retry_after(), None);
}

#[tokio::test(start_paused = true)]
async fn a_quota_lasts_until_midnight_us_central() {
    let error = bench([fault("4 - tomorrow")]).look().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(18 * 3600)));

    let bench = bench_with([ok()], |builder| {
        builder.pace(&Pace::with_clock(Limits::default().daily(1), Arc::new(TestClock::default())))
    });
    assert!(bench.look().await.is_ok());
    let error = bench.look().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Quota, 0, Fate::NotExecuted, false));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(18 * 3600)));
    assert_eq!(error.to_string(), "Look: the daily budget of 1 calls is spent until 2026-03-03T06:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn a_call_has_a_time_in_all() {
    let short = Backoff { total: Duration::from_secs(7), ..Backoff::default() };
    let bench = bench_with([Step::Hang, Step::Hang, ok()], |builder| builder.backoff(short));
    let begun = Instant::now();
    let error = bench.order().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Transport, 1, Fate::Unknown, false));
    assert_eq!(error.to_string(), "Order: the call took longer than 7s; whether it was executed is unknown");
    assert_eq!(begun.elapsed().as_secs(), 7);
    let error = bench.look().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Transport, 1, Fate::Unknown, true));

    // The wait for the pace counts, and then nothing was sent.
    let one = Limits::default().at_once(NonZeroU32::MIN);
    let bench = bench_with([], |builder| builder.backoff(short).pace(&Pace::new(one)));
    let _permit = bench.client.pace().acquire().await.unwrap();
    let error = bench.order().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Transport, 0, Fate::NotExecuted, true));
    assert_eq!(error.to_string(), "Order: the call took longer than 7s; it waited for its turn and was not sent");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_leaves_nothing() {
    let bench = bench([Step::Hang, ok()]);
    let dropped = tokio::time::timeout(Duration::from_secs(1), bench.look()).await;
    assert!(dropped.is_err());
    assert_eq!(bench.client.pace().under_way(), 0);
    assert!(bench.look().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_body_is_shown_by_its_accessor_alone() {
    let body = format!("<html>anna@example.com{}</html>", " ".repeat(5000));
    let bench = bench([Step::Answer(http(200, "text/html", body.clone()))]);
    let error = bench.look().await.unwrap_err();
    let expected = "Look: the answer is no SOAP message (HTTP status 200 OK, content type `text/html`)";
    assert_eq!(error.to_string(), expected);
    assert!(!format!("{error:?}").contains("anna@"));
    let answer = error.answer().unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.beginning(), &body.as_bytes()[..4096]);
    assert_eq!(answer.length(), body.len());
    assert!(answer.content().is_none());

    let bench = self::bench([Step::Answer(Response::builder().status(502).body(Bytes::new()).unwrap())]);
    let error = bench.order().await.unwrap_err();
    let expected = "Order: the answer is empty (HTTP status 502 Bad Gateway, no content type)";
    assert_eq!(error.to_string(), format!("{expected}; whether it was executed is unknown"));

    let other = String::from_utf8(envelope("yes")).unwrap().replace("answer", "other");
    let bench = self::bench([Step::Answer(http(200, "text/xml", other))]);
    let error = bench.look().await.unwrap_err();
    let expected = "Look: the answer does not read (HTTP status 200 OK, content type `text/xml`): ";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert!(error.answer().unwrap().content().is_some());

    // Neither is a value in a message.
    let other = String::from_utf8(envelope("yes")).unwrap().replace("</soap:Body>", "anna@example.com</soap:Body>");
    let bench = self::bench([Step::Answer(http(200, "text/xml", other))]);
    let error = bench.look().await.unwrap_err();
    assert!(error.to_string().ends_with("found text `…`, expected only elements"), "{error}");
    assert!(!format!("{error:?}").contains("anna@"), "{error:?}");
    assert!(error.answer().unwrap().content().unwrap().to_string().contains("anna@"));

    // A fault that does not read is said to be one, and its status still counts.
    let mut broken = write_fault(&Fault::new("Server", "sorry")).unwrap();
    broken.truncate(broken.len() - 50);
    let bench = self::bench([Step::Answer(http(500, "text/xml", broken))]);
    let error = bench.order().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Server, 1, Fate::Unknown, false));
    assert!(error.to_string().contains("the answer does not read (HTTP status 500"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn answers_in_other_encodings_are_read() {
    let text = String::from_utf8(envelope("Zoë")).unwrap();
    let latin: Vec<u8> = text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let wide: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let bench = bench([
        Step::Answer(http(200, "text/xml; charset=ISO-8859-1", latin)),
        Step::Answer(http(200, "text/xml", wide)),
        Step::Answer(http(200, "text/xml", format!("\u{FEFF}{text}"))),
    ]);
    for _ in 0..3 {
        assert_eq!(bench.look().await.unwrap(), "Zoë");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_limited() {
    let bench = bench_with([ok()], |builder| builder.response_limit(50));
    let error = bench.look().await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Decoding, 1, Fate::Unknown, false));
    assert_eq!(error.to_string(), "Look: the answer is longer than 50 bytes");
}

#[tokio::test(start_paused = true)]
async fn a_signature_that_comes_back_does_not_show() {
    let signature = Credentials::new("anna", KEY).sign(NOON.parse().unwrap()).value;
    let error = bench([fault(&format!("5 - signature {signature} of anna"))]).look().await.unwrap_err();
    assert_eq!(error.to_string(), format!("Look: fault Server: 5 - signature {} of anna", "*".repeat(40)));
    assert!(!format!("{error:?}").contains(&signature));
    let error = bench([Step::Answer(http(200, "text/plain", signature.clone()))]).look().await.unwrap_err();
    assert_eq!(error.answer().unwrap().beginning(), "*".repeat(40).as_bytes());
}

#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<(Attempt, String)>>>);

impl Hook for Tape {
    fn request(&self, attempt: Attempt, envelope: &[u8]) {
        self.0.lock().unwrap().push((attempt, String::from_utf8_lossy(envelope).into_owned()));
    }

    fn response(&self, attempt: Attempt, status: StatusCode, body: &[u8]) {
        self.0.lock().unwrap().push((attempt, format!("{status} {}", String::from_utf8_lossy(body))));
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_sees_all_but_the_signature() {
    let tape = Tape::default();
    let bench = bench_with([page(503), ok()], |builder| builder.hook(tape.clone()));
    assert!(bench.look().await.is_ok());
    let tape = tape.0.lock().unwrap();
    assert_eq!(tape.len(), 4);
    for (at, (attempt, text)) in tape.iter().enumerate() {
        let number = u32::try_from(at / 2 + 1).unwrap();
        assert_eq!(*attempt, Attempt { operation: "Look", call: 0, number });
        assert_eq!(text.contains(&"*".repeat(40)), at % 2 == 0, "{text}");
        assert_eq!(text.contains("<ns1:ask>?</ns1:ask>"), at % 2 == 0, "{text}");
    }
    assert_eq!(tape[1].1, "503 Service Unavailable <html>Oops</html>");
}

#[tokio::test(start_paused = true)]
async fn header_blocks_of_the_client_go_where_an_operation_has_them() {
    let bench = bench_with([ok(), ok()], |builder| {
        builder.header(&NOTE, "gently").header(&element("ns1:foreign", "foreign"), "nowhere")
    });
    assert!(bench.look().await.is_ok());
    let own = soap::Request::new("?".to_owned()).header(&NOTE, "roughly");
    assert!(bench.client.call::<Look>(own).await.is_ok());
    let played = bench.script.0.lock().unwrap();
    for (at, note) in ["gently", "roughly"].into_iter().enumerate() {
        let received = read_request::<Look>(played.seen[at].body(), ReadOptions::new()).unwrap();
        assert_eq!(received.headers.blocks().len(), 2);
        assert_eq!(received.headers.get(&NOTE).unwrap().as_deref(), Some(note));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_write_is_not_sent() {
    let bench = bench([]);
    let error = bench.client.call::<Look>(soap::Request::new("\0".to_owned())).await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Client, 1, Fate::NotExecuted, false));
    // Nobody to sign as.
    let script = Script::default();
    let unsigned = Client::builder("https://shop.example.com/").unwrap().transport(script.clone()).build().unwrap();
    let error = unsigned.call::<Look>(soap::Request::new("?".to_owned())).await.unwrap_err();
    assert_eq!(seen(&error), (ErrorKind::Client, 1, Fate::NotExecuted, false));
    assert_eq!(error.to_string(), "Look: the client has no credentials, and the request must be signed");
    // One who brings the block signs by other means.
    script.0.lock().unwrap().steps.push_back(ok());
    let own = soap::Request::new("?".to_owned()).header(&HEADER, "by hand");
    assert!(unsigned.call::<Look>(own).await.is_ok());
}

#[test]
fn endpoints_are_checked() {
    let build = |endpoint: &str| Client::builder(endpoint)?.transport(Script::default()).build().map(|_| ());
    assert!(build("https://shop.example.com/soap?site=7").is_ok());
    for (endpoint, reason) in [
        ("shop", "relative URL without a base"),
        ("ftp://shop.example.com/", "it is no http or https"),
        ("https://anna:secret@shop.example.com/", "it holds a user or a password"),
        ("https://shop.example.com/#top", "it has a fragment"),
        ("http://shop.example.com/", "it is no https"),
    ] {
        let error = build(endpoint).unwrap_err();
        assert_eq!(error.to_string(), format!("the endpoint cannot be called: {reason}"));
    }
    let http = Client::builder("http://127.0.0.1:9/").unwrap().allow_http().transport(Script::default());
    assert!(http.build().is_ok());
}
