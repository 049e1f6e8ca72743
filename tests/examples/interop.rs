//! Our client against a server of another stack: `tests/interop/wsgi_server.py` starts it.
//!
//! Of every sample that the server lists, the request is fetched and sent through the client; what was read of the response is written again
//! and handed back. The server compares both with what it made.

use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use generated::{v2_1, v2_2, v2_3, v2_7, v3_1};
use http::Request;
use runtime::backoff::Backoff;
use runtime::client::Client;
use runtime::pace::{Limits, Pace};
use runtime::soap::{self, Client as _, Operation, Visitor, read_request, write_response};
use runtime::transport::{HttpTransport, Transport as _};
use runtime::xml::ReadOptions;
use tokio::runtime::Runtime;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [address, version, user, key] = &*arguments else {
        eprintln!("usage: interop <address> <version> <user> <key>");
        return ExitCode::from(2);
    };
    match run(address, version, (user, key)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(address: &str, version: &str, credentials: (&str, &str)) -> Result<usize, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let server = Server { address, transport: HttpTransport::builder().allow_http().no_proxy().build()? };
    let list = runtime.block_on(server.get("samples"))?;
    let list = String::from_utf8(list)?;
    let samples = list.lines().filter_map(|line| line.split_once(' ')).collect();
    let mut calls = Calls { runtime, server, credentials, samples, failures: 0 };
    match version {
        "2_1" => v2_1::operations::visit(&mut calls),
        "2_2" => v2_2::operations::visit(&mut calls),
        "2_3" => v2_3::operations::visit(&mut calls),
        "2_7" => v2_7::operations::visit(&mut calls),
        "3_1" => v3_1::operations::visit(&mut calls),
        _ => return Err(format!("there is no version {version}").into()),
    }
    Ok(calls.failures)
}

/// The server, beside its service.
struct Server<'a> {
    address: &'a str,
    transport: HttpTransport,
}

impl Server<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        self.send(Request::get(format!("{}/{path}", self.address)).body(Vec::new())?).await
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, Failure> {
        self.send(Request::post(format!("{}/{path}", self.address)).body(body)?).await
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        let response = self.transport.send(request.map(Into::into)).await?;
        let status = response.status();
        let body = response.into_body().collect(1 << 20).await?;
        if status.is_success() { Ok(body.to_vec()) } else { Err(String::from_utf8_lossy(&body).into()) }
    }
}

/// Calls every sample of every operation.
struct Calls<'a> {
    runtime: Runtime,
    server: Server<'a>,
    credentials: (&'a str, &'a str),
    samples: Vec<(&'a str, &'a str)>,
    failures: usize,
}

impl Visitor for Calls<'_> {
    fn operation<O: Operation>(&mut self) {
        for (_, sample) in self.samples.iter().filter(|(operation, _)| *operation == O::NAME) {
            if let Err(error) = self.runtime.block_on(self.call::<O>(sample)) {
                eprintln!("FAIL {} {sample}: {error}", O::NAME);
                self.failures += 1;
            }
        }
    }
}

impl Calls<'_> {
    async fn call<O: Operation>(&self, sample: &str) -> Result<(), Failure> {
        let request = self.server.get(&format!("samples/{sample}/{}", O::NAME)).await?;
        let request = read_request::<O>(&request, ReadOptions::new().strict(true))?;
        let client = self.client(&format!("{}/soap/{sample}/{}", self.server.address, O::NAME))?;
        let answer = client.call::<O>(soap::Request::new(request.message)).await;
        if let Some(expected) = sample.strip_prefix("fault-") {
            let Err(error) = answer else { return Err("there was no fault".into()) };
            let code = error.fault().and_then(|fault| fault.number()).unwrap_or_default();
            let found = format!("{code}-{:?}", error.kind());
            return if found == expected { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) };
        }
        let response = write_response::<O>(&answer?)?;
        self.server.post(&format!("echo/{sample}/{}", O::NAME), response).await?;
        Ok(())
    }

    fn client(&self, endpoint: &str) -> Result<Client, Failure> {
        let (user, key) = self.credentials;
        let pace = Pace::new(Limits::default().calls(NonZeroU32::MAX, Duration::from_secs(1)));
        Ok(Client::builder(endpoint)?
            .allow_http()
            // A message with every field breaks rules that are in no schema.
            .unchecked()
            .credentials(user, key)
            .pace(&pace)
            .backoff(Backoff { attempts: 1, ..Backoff::default() })
            .transport(self.server.transport.clone())
            .read_options(ReadOptions::new().strict(true))
            .build()?)
    }
}
