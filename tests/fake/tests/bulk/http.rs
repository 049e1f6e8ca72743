//! A client of nothing but a socket: what it sends and gets is what travels.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use fake::bulk::Object;
use fake::{CLIENT_ID, CLIENT_SECRET, Clock, Config, Fake, Limits};
use serde_json::{Value, json};

/// The moment at which every test begins.
pub(crate) const START: &str = "2026-03-10T12:00:00Z";

/// An answer, as far as it came.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) reset: bool,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The code and the message of an error that rides on HTTP 200.
    pub(crate) fn error(&self) -> (String, String) {
        let json = self.json();
        assert_eq!((self.status, &json["success"]), (200, &Value::Bool(false)), "{json}");
        let error = &json["errors"][0];
        (error["code"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
    }

    /// What was asked for.
    pub(crate) fn result(&self) -> Value {
        let json = self.json();
        assert_eq!((self.status, &json["success"]), (200, &Value::Bool(true)), "{json}");
        json["result"].clone()
    }
}

pub(crate) fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

pub(crate) fn start() -> Fake {
    Fake::start_blocking(Config::new().clock(Clock::at(at(START))).limits(Limits::none())).unwrap()
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn call(fake: &Fake, method: &str, path: &str, headers: &str, body: &[u8]) -> Got {
    let stream = TcpStream::connect(fake.url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(seconds(30))).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}").into_bytes();
    request.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    request.extend_from_slice(body);
    // Fails where the fake was quicker to reset the connection: the reading below then sees a mere end.
    let sent = (&stream).write_all(&request).is_ok();
    let mut bytes = Vec::new();
    let reset = match (&stream).read_to_end(&mut bytes) {
        Ok(_) => !sent,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
        Err(error) => panic!("{error}"),
    };
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        assert!(bytes.is_empty(), "half a head");
        return Got { status: 0, head: String::new(), body: bytes, reset };
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Got { status, head, body: bytes[end + 4..].to_vec(), reset }
}

/// A caller with a token.
pub(crate) struct Caller<'a> {
    pub(crate) fake: &'a Fake,
    pub(crate) token: String,
}

impl<'a> Caller<'a> {
    pub(crate) fn new(fake: &'a Fake) -> Self {
        Self::of(fake, CLIENT_ID, CLIENT_SECRET)
    }

    pub(crate) fn of(fake: &'a Fake, id: &str, secret: &str) -> Self {
        let got = token(fake, id, secret).json();
        Self { fake, token: got["access_token"].as_str().unwrap().to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Got {
        self.get_with(path, "")
    }

    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Got {
        call(self.fake, "GET", path, &format!("authorization: Bearer {}\r\n{headers}", self.token), b"")
    }

    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Got {
        let headers = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", self.token);
        call(self.fake, "POST", path, &headers, body)
    }

    pub(crate) fn create(&self, object: &Object, body: &Value) -> Got {
        self.post(&format!("/bulk/v1/{object}/export/create.json"), body.to_string().as_bytes())
    }

    pub(crate) fn enqueue(&self, object: &Object, id: &str) -> Got {
        self.post(&format!("/bulk/v1/{object}/export/{id}/enqueue.json"), b"")
    }

    pub(crate) fn cancel(&self, object: &Object, id: &str) -> Got {
        self.post(&format!("/bulk/v1/{object}/export/{id}/cancel.json"), b"")
    }

    pub(crate) fn status(&self, object: &Object, id: &str) -> Value {
        self.get(&format!("/bulk/v1/{object}/export/{id}/status.json")).result()[0].clone()
    }

    pub(crate) fn file(&self, object: &Object, id: &str, range: &str) -> Got {
        let headers = if range.is_empty() { String::new() } else { format!("range: {range}\r\n") };
        self.get_with(&format!("/bulk/v1/{object}/export/{id}/file.json"), &headers)
    }

    /// A job that was made; its id.
    pub(crate) fn created(&self, object: &Object, body: &Value) -> String {
        self.create(object, body).result()[0]["exportId"].as_str().unwrap().to_owned()
    }

    /// A job that was made and enqueued; its id.
    pub(crate) fn queued(&self, object: &Object, body: &Value) -> String {
        let id = self.created(object, body);
        assert_eq!(self.enqueue(object, &id).result()[0]["status"], "Queued");
        id
    }

    /// A job that completed, 150 seconds later; its id.
    pub(crate) fn completed(&self, object: &Object, body: &Value) -> String {
        let id = self.queued(object, body);
        self.fake.clock().advance(seconds(150));
        assert_eq!(self.status(object, &id)["status"], "Completed");
        id
    }
}

pub(crate) fn token(fake: &Fake, id: &str, secret: &str) -> Got {
    let query = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    call(fake, "GET", &format!("/identity/oauth/token?{query}"), "", b"")
}

/// Leads created in February, some columns.
pub(crate) fn leads() -> Value {
    leads_with(&["id", "email"])
}

pub(crate) fn leads_with(fields: &[&str]) -> Value {
    let range = json!({ "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-28T23:59:59Z" });
    json!({ "fields": fields, "filter": { "createdAt": range } })
}

pub(crate) fn activities() -> Value {
    json!({ "filter": { "createdAt": { "startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-28T23:59:59Z" } } })
}
