//! The client through the generated port: against the fake over sockets, and against answers made by hand.

mod batches;
mod blocking;
mod headers;
mod matrix;
mod pages;
mod protocols;
mod rules;
mod secrets;
mod spans;
mod tls;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use fake::{Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};
use generated::v3_1::MktowsPort;
use http::{Request, Response};
use runtime::backoff::Backoff;
use runtime::client::{Client, ClientBuilder};
use runtime::clock::BoxFuture;
use runtime::soap::{Operation, write_response};
use runtime::transport::{Body, Transport, TransportError};

/// A fake without limits.
fn fake() -> Fake {
    tests::secrets::watch([ENCRYPTION_KEY]);
    Fake::start_blocking(Config::new().limits(Limits::none())).expect("a fake on loopback")
}

/// A client of it that waits next to nothing between attempts, three of them.
fn client(fake: &Fake) -> ClientBuilder {
    let backoff = Backoff {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(2),
        attempts: 3,
        ..Backoff::default()
    };
    Client::builder(fake.soap_url("3_1"))
        .expect("an endpoint")
        .allow_http()
        .credentials(USER_ID, ENCRYPTION_KEY)
        .backoff(backoff)
        .pace(&pace())
}

/// A pace whose window is next to nothing: waits after fault 20023 are measured by it.
fn pace() -> runtime::pace::Pace {
    let calls = std::num::NonZeroU32::new(1000).expect("it is not zero");
    runtime::pace::Pace::new(runtime::pace::Limits::default().calls(calls, Duration::from_millis(4)))
}

/// Answers by a list, and keeps what it was asked.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    answers: VecDeque<(u16, Vec<u8>)>,
    asked: Vec<Bytes>,
}

impl Answers {
    fn add<O: Operation>(&self, response: &O::Response) {
        self.0.lock().unwrap().answers.push_back((200, write_response::<O>(response).unwrap()));
    }

    fn add_raw(&self, status: u16, body: Vec<u8>) {
        self.0.lock().unwrap().answers.push_back((status, body));
    }

    fn asked(&self) -> Vec<Bytes> {
        self.0.lock().unwrap().asked.clone()
    }

    fn client(&self) -> ClientBuilder {
        let builder = Client::builder("https://soap.example.com/soap/mktows/3_1").unwrap();
        builder.credentials("user", "key").transport(self.clone())
    }

    fn port(&self) -> MktowsPort<Client> {
        MktowsPort::new(self.client().build().unwrap())
    }
}

impl Transport for Answers {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let mut kept = self.0.lock().unwrap();
        kept.asked.push(request.into_body());
        let (status, body) = kept.answers.pop_front().expect("a request that no answer was made for");
        let answer = Response::builder().status(status).header("content-type", "text/xml; charset=utf-8");
        Box::pin(std::future::ready(Ok(answer.body(Body::from(Bytes::from(body))).unwrap())))
    }
}
