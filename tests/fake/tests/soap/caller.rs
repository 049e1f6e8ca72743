//! A caller of the SOAP service with nothing of the client in it: an envelope, a signature, a socket.

use std::io::{Read, Write};
use std::net::TcpStream;

use fake::{Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};
use generated::v3_1::{AUTHENTICATION_HEADER, AuthenticationHeaderInfo};
use hmac::{Hmac, KeyInit, Mac};
use runtime::soap::{Error, Operation, Request, read_response, write_request};
use runtime::xml::ReadOptions;
use sha1::Sha1;

/// A fake without limits that holds the samples.
pub(crate) fn start() -> Fake {
    let fake = Fake::start_blocking(Config::new().limits(Limits::none())).unwrap();
    fake.store().add_samples();
    fake
}

pub(crate) fn signature(timestamp: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(ENCRYPTION_KEY.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(USER_ID.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The header block that signs a request made now.
pub(crate) fn signed(fake: &Fake) -> AuthenticationHeaderInfo {
    let timestamp = fake.clock().now().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    AuthenticationHeaderInfo::new(USER_ID, signature(&timestamp), timestamp)
}

/// What comes back for `envelope`: the status and the body.
pub(crate) fn post(fake: &Fake, version: &str, action: &str, envelope: &[u8]) -> (u16, Vec<u8>) {
    let address = fake.url().strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /soap/mktows/{version} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/xml; charset=utf-8\r\n\
         soapaction: \"{action}\"\r\ncontent-length: {}\r\n\r\n",
        envelope.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(envelope).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let at = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
    (status, answer.split_off(at + 4))
}

/// Calls an operation in a version, with these header blocks.
pub(crate) fn call_with<O: Operation>(
    fake: &Fake,
    version: &str,
    request: Request<O::Request>,
) -> Result<O::Response, u32> {
    let envelope = write_request::<O>(&request).unwrap();
    let (status, answer) = post(fake, version, O::SOAP_ACTION, &envelope);
    // Strictly: what the schema does not have is an error, and so is a wrong order.
    match read_response::<O>(&answer, ReadOptions::new().strict(true)) {
        Ok(response) => {
            assert_eq!(status, 200);
            Ok(response)
        }
        Err(Error::Fault(fault)) => {
            assert_eq!(status, 500);
            Err(fault.string.split(' ').next().unwrap().parse().unwrap())
        }
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&answer)),
    }
}

/// Calls an operation of the newest version, signed; the response or the fault's code.
pub(crate) fn call<O: Operation>(fake: &Fake, request: O::Request) -> Result<O::Response, u32> {
    call_with::<O>(fake, "3_1", Request::new(request).header(&AUTHENTICATION_HEADER, signed(fake)))
}
