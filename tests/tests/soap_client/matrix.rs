//! Each trouble, met by a call that reads and by one that writes: what it comes to, how often it is tried, and how often it arrives.

use std::time::Duration;

use fake::{Fake, Trouble, When};
use generated::v3_1::{
    LeadRecord, MktowsPort, ParamsListMObjects, ParamsSyncLead, ServiceException, ServiceExceptionCode,
};
use runtime::client::{Client, Error, Fate};
use runtime::soap::ErrorKind::{
    self, Auth, Client as Wrong, Concurrency, Decoding, EndOfStream, Expired, NotFound, Quota, Rate, Server, Transport,
};
use runtime::transport::HttpTransport;

use super::{client, fake};

/// What a call comes to that meets the trouble at every attempt.
pub(super) struct Case {
    name: &'static str,
    trouble: Trouble,
    kind: ErrorKind,
    fate: Fate,
    /// Attempts of a call that reads, and of one that writes.
    attempts: [u32; 2],
    /// How often an attempt is executed.
    executed: u32,
}

const NOT: Fate = Fate::NotExecuted;
const MAY: Fate = Fate::Unknown;

fn case(name: &'static str, trouble: Trouble, kind: ErrorKind, fate: Fate, attempts: [u32; 2]) -> Case {
    Case { name, trouble, kind, fate, attempts, executed: 0 }
}

fn executed(case: Case) -> Case {
    Case { executed: 1, ..case }
}

fn faults() -> Vec<Case> {
    let codes: [(u32, ErrorKind); 27] = [
        (10001, Server),
        (20011, Server),
        (20012, Wrong),
        (20013, Auth),
        (20014, Auth),
        (20015, Quota),
        (20016, Expired),
        (20017, Wrong),
        (20019, Wrong),
        (20022, Wrong),
        (20023, Rate),
        (20024, Concurrency),
        (20101, Wrong),
        (20102, Wrong),
        (20103, NotFound),
        (20104, Wrong),
        (20105, Wrong),
        (20106, Wrong),
        (20107, Wrong),
        (20108, NotFound),
        (20109, Wrong),
        (20110, Wrong),
        (20111, NotFound),
        (20113, NotFound),
        (20114, Wrong),
        (20122, Wrong),
        (20123, EndOfStream),
    ];
    let code = |(code, kind): (u32, ErrorKind)| {
        let (fate, attempts) = match kind {
            Server => (MAY, [3, 1]),
            Expired => (NOT, [2, 2]),
            Rate | Concurrency => (NOT, [3, 3]),
            _ => (NOT, [1, 1]),
        };
        case("fault", Trouble::error(code), kind, fate, attempts)
    };
    // A code that is not in the table, and faults with a status that goes with none.
    let others = [
        case("unknown code", Trouble::error(29999), Wrong, NOT, [1, 1]),
        case("fault with 200", Trouble::error(20103).status(200), NotFound, NOT, [1, 1]),
        case("fault with 503", Trouble::error(20023).status(503), Rate, NOT, [3, 3]),
        case("fault in HTML", Trouble::error(20103).content_type("text/html"), NotFound, NOT, [1, 1]),
        case("fault in gzip", Trouble::error(20103).gzip(), NotFound, NOT, [1, 1]),
    ];
    codes.into_iter().map(code).chain(others).collect()
}

fn answers() -> Vec<Case> {
    let page = |status| Trouble::answer(status, "text/html", "<html><body>Oops</body></html>");
    vec![
        case("HTML with 200", page(200), Decoding, MAY, [1, 1]),
        case("redirect", Trouble::redirect(302, "/elsewhere"), Wrong, MAY, [1, 1]),
        case("HTML with 401", page(401), Auth, MAY, [1, 1]),
        case("HTML with 403", page(403), Auth, MAY, [1, 1]),
        case("HTML with 404", page(404), Wrong, MAY, [1, 1]),
        case("HTML with 408", page(408), Server, MAY, [3, 1]),
        case("HTML with 429", page(429), Rate, MAY, [3, 1]),
        case("HTML with 500", page(500), Server, MAY, [3, 1]),
        case("empty 502", Trouble::answer(502, "", ""), Server, MAY, [3, 1]),
        case("HTML with 503", page(503), Server, MAY, [3, 1]),
        executed(case("lost 504", page(504).executed(), Server, MAY, [3, 1])),
        case("empty 200", Trouble::answer(200, "text/xml", ""), Decoding, MAY, [1, 1]),
        case("half a message", Trouble::answer(200, "text/xml", "<a><b>"), Decoding, MAY, [1, 1]),
        executed(case("message with 500", Trouble::none().status(500), Server, MAY, [3, 1])),
        executed(case(
            "unknown charset",
            Trouble::none().content_type("text/xml; charset=x-ours"),
            Decoding,
            MAY,
            [1, 1],
        )),
        executed(case("no XML inside", Trouble::none().corrupt(60, "<<<<"), Decoding, MAY, [1, 1])),
        case("bomb", Trouble::bomb("text/xml", 1 << 30), Decoding, MAY, [1, 1]),
    ]
}

pub(super) fn connections() -> Vec<Case> {
    vec![
        case("reset before read", Trouble::reset_before_read(), Transport, MAY, [3, 1]),
        case("reset after read", Trouble::reset_after_read(), Transport, MAY, [3, 1]),
        executed(case("reset after execution", Trouble::reset_after_execution(), Transport, MAY, [3, 1])),
        case("garbage", Trouble::garbage("220 mail.example.com ESMTP\r\n"), Transport, MAY, [3, 1]),
        executed(case("cut body", Trouble::none().truncate_at(80), Transport, MAY, [3, 1])),
        executed(case("reset in the body", Trouble::none().reset_at(80), Transport, MAY, [3, 1])),
    ]
}

fn waits() -> Vec<Case> {
    vec![
        case("silence", Trouble::silence(), Transport, MAY, [3, 1]),
        executed(case("stalled body", Trouble::none().stall_at(80), Transport, MAY, [3, 1])),
    ]
}

/// A call that reads, or writes.
async fn call(port: &MktowsPort<Client>, write: bool) -> Result<(), Error> {
    if write {
        let lead = LeadRecord::new().email("matrix@example.com");
        port.sync_lead(ParamsSyncLead::new(lead, false)).await.map(drop)
    } else {
        port.list_m_objects(ParamsListMObjects::new()).await.map(drop)
    }
}

pub(super) async fn hold(fake: &Fake, port: &MktowsPort<Client>, cases: Vec<Case>) {
    for Case { name, trouble, kind, fate, attempts, executed } in cases {
        for write in [false, true] {
            let attempts = attempts[usize::from(write)];
            let what = format!("{name} ({trouble:?}), write: {write}");
            fake.script().clear();
            fake.clear_calls();
            fake.script().add(When::any().always(), trouble.clone());
            let error = call(port, write).await.expect_err(&what);
            assert_eq!((error.kind(), error.fate(), error.attempts()), (kind, fate, attempts), "{what}: {error}");
            assert_eq!(fake.calls().len(), attempts as usize, "{what}");
            assert_eq!(fake.calls().executed(), executed * attempts, "{what}");
            assert!(!write || fake.calls().executed() <= 1, "written twice: {what}");
            assert_eq!(port.client().pace().under_way(), 0, "{what}");

            // Met once, it is no error where the call is made again.
            fake.script().clear();
            fake.clear_calls();
            fake.script().add(When::any(), trouble.clone());
            let outcome = call(port, write).await;
            assert_eq!(outcome.is_ok(), attempts > 1, "{what}: {outcome:?}");
            assert_eq!(fake.calls().len(), if attempts > 1 { 2 } else { 1 }, "{what}");
            assert!(!write || fake.calls().executed() <= 1, "written twice: {what}");
        }
    }
}

async fn matrix(cases: Vec<Case>) {
    let fake = fake();
    let client = client(&fake).response_limit(1 << 20).build().unwrap();
    hold(&fake, &MktowsPort::new(client), cases).await;
}

#[tokio::test]
async fn every_fault() {
    matrix(faults()).await;
}

#[tokio::test]
async fn answers_that_are_no_message() {
    matrix(answers()).await;
}

#[tokio::test]
async fn connections_that_break() {
    matrix(connections()).await;
}

#[tokio::test]
async fn answers_that_do_not_come() {
    let fake = fake();
    // Long enough for what does come, and not needed where nothing does.
    let transport = HttpTransport::builder().allow_http().no_proxy().idle_time(Duration::from_millis(300)).build();
    let client = client(&fake).transport(transport.unwrap()).build().unwrap();
    hold(&fake, &MktowsPort::new(client), waits()).await;
}

#[tokio::test]
async fn what_is_odd_and_right_is_read() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    for trouble in [
        Trouble::none().gzip(),
        Trouble::none().content_type("application/octet-stream"),
        Trouble::none().header("content-type", ""),
        Trouble::none().drip(50, Duration::from_millis(1)),
    ] {
        for write in [false, true] {
            fake.clear_calls();
            fake.script().add(When::any(), trouble.clone());
            call(&port, write).await.unwrap();
            assert_eq!(fake.calls().executed(), 1);
        }
    }
}

/// A server may close a connection that idles in the client's pool at any moment. A call that writes must not be lost to that where it was
/// not sent, nor be sent twice where it may have been.
#[tokio::test]
async fn connections_that_were_closed_while_idle_are_not_used() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    for _ in 0..5 {
        fake.script().add(When::any(), Trouble::none().header("connection", "close"));
        call(&port, false).await.unwrap();
        call(&port, true).await.unwrap();
    }
    assert_eq!((fake.calls().len(), fake.calls().executed()), (10, 10));
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let client = {
        let fake = fake();
        client(&fake).build().unwrap()
    };
    let port = MktowsPort::new(client);
    for write in [false, true] {
        let error = call(&port, write).await.unwrap_err();
        assert_eq!((error.kind(), error.fate(), error.attempts()), (Transport, NOT, 3), "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_fault_is_typed() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    fake.script().on("syncLead", Trouble::error_with(20106, "no such attribute"));
    fake.script().on("syncLead", Trouble::error(29999));
    let error = call(&port, true).await.unwrap_err();
    assert_eq!(error.to_string(), "syncLead: fault Client: 20106 - no such attribute");
    let fault = error.fault().unwrap();
    let exception = ServiceException::of(fault).unwrap();
    assert_eq!(exception.code, ServiceExceptionCode::LeadSyncFailed);
    assert_eq!(exception.message.as_deref(), Some("no such attribute"));
    assert_eq!(ServiceExceptionCode::of(fault), Some(ServiceExceptionCode::LeadSyncFailed));
    let error = call(&port, true).await.unwrap_err();
    let code = ServiceExceptionCode::of(error.fault().unwrap());
    assert_eq!(code, Some(ServiceExceptionCode::Unknown("29999".to_owned())));
}

#[tokio::test]
async fn a_wrong_clock_is_named() {
    let fake = fake();
    fake.clock().advance(Duration::from_secs(3600));
    let port = MktowsPort::new(client(&fake).build().unwrap());
    let error = call(&port, true).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), fake.calls().executed()), (Expired, 2, 0), "{error}");
    assert!(error.to_string().contains("this machine's clock is "), "{error}");
}
