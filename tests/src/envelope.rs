//! An envelope's way into the types of a version and out again, whatever operation it is of; and its way through a version's port.
//!
//! Enters an envelope, leave the message's operation and what the bindings wrote of it. Faults go through [`Fault`] and no version.

use std::future::Future;

use runtime::soap::{self, Client, Fault, Headers, Operation, Request, Visitor};
use runtime::xml::{Element, ReadError, ReadOptions, ReadXml, WriteXml};

/// A version's operations, header blocks and port, by type; the build script implements it.
pub trait Version {
    /// The WSDL's name in `wsdl/`.
    const SOURCE: &'static str;

    /// Shows all operations.
    fn visit(rewriter: &mut Rewriter<'_, Self>)
    where
        Self: Sized;

    /// The request with the header blocks of the version that the envelope had.
    ///
    /// # Errors
    ///
    /// A block that does not read.
    fn with_headers<T>(request: Request<T>, headers: &Headers) -> Result<Request<T>, ReadError>;

    /// Calls an operation through the version's port, with the request and the header blocks of `envelope`, and writes the response into one.
    ///
    /// # Errors
    ///
    /// Those of the client.
    ///
    /// # Panics
    ///
    /// Where there is no such operation or the envelope is none of its requests.
    fn call<C: Client>(client: C, operation: &str, envelope: &[u8]) -> impl Future<Output = Result<Vec<u8>, C::Error>>;
}

/// A version as a value.
#[derive(Debug)]
pub struct VersionEntry {
    /// The module's name: `v3_1`.
    pub name: &'static str,
    /// The WSDL's name in `wsdl/`.
    pub source: &'static str,
    /// [`rewrite`] with its types.
    pub rewrite: fn(&[u8]) -> Result<Rewritten, String>,
}

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

/// The request with this block, if the envelope had it.
///
/// # Errors
///
/// A block that does not read.
pub fn with_header<T, H>(request: Request<T>, headers: &Headers, element: &Element<H>) -> Result<Request<T>, ReadError>
where
    H: ReadXml + WriteXml + Send + Sync + 'static,
{
    Ok(match headers.get(element)? {
        Some(block) => request.header(element, block),
        None => request,
    })
}

/// Reads a request, hands it to `call`, and writes the response.
///
/// # Errors
///
/// Those of `call`.
///
/// # Panics
///
/// Where the envelope is no request of the operation.
pub async fn through<O, V, F, E>(envelope: &[u8], call: impl FnOnce(Request<O::Request>) -> F) -> Result<Vec<u8>, E>
where
    O: Operation,
    V: Version,
    F: Future<Output = Result<O::Response, E>>,
{
    let received = soap::read_request::<O>(envelope, ReadOptions::new()).expect("a request of the operation");
    let request = V::with_headers(Request::new(received.message), &received.headers).expect("header blocks that read");
    let response = call(request).await?;
    Ok(soap::write_response::<O>(&response).expect("a value that was read"))
}

/// What was in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// `getLead request`, `getLead response`, `fault`.
    pub what: String,
    /// The envelope written of what was read.
    pub xml: String,
}

/// Looks for the operation of an envelope among those it is shown, and takes the envelope there and back.
#[derive(Debug)]
pub struct Rewriter<'x, V> {
    input: &'x [u8],
    name: (String, String),
    result: Option<Result<Rewritten, String>>,
    version: std::marker::PhantomData<V>,
}

/// Reads an envelope and writes it again with the types of the version `V`.
///
/// # Errors
///
/// What does not read or write, and a message that the version does not have.
pub fn rewrite<V: Version>(input: &[u8]) -> Result<Rewritten, String> {
    let name = soap::body_name(input).map_err(|error| error.to_string())?;
    if name == (soap::ENVELOPE.to_owned(), "Fault".to_owned()) {
        return fault(input);
    }
    let mut rewriter = Rewriter::<V> { input, name, result: None, version: std::marker::PhantomData };
    V::visit(&mut rewriter);
    let Rewriter { result, name: (namespace, local), .. } = rewriter;
    result.unwrap_or_else(|| Err(format!("no operation has the message `{{{namespace}}}{local}`")))
}

impl<V: Version> Visitor for Rewriter<'_, V> {
    fn operation<O: Operation>(&mut self) {
        let name = (&*self.name.0, &*self.name.1);
        let written = if O::REQUEST.name.matches(name) {
            request::<O, V>(self.input).map(|xml| ("request", xml))
        } else if O::RESPONSE.name.matches(name) {
            response::<O>(self.input).map(|xml| ("response", xml))
        } else {
            return;
        };
        let written = written.map_err(|error| error.to_string()).and_then(|(kind, xml)| {
            Ok(Rewritten {
                what: format!("{} {kind}", O::NAME),
                xml: String::from_utf8(xml).map_err(|error| error.to_string())?,
            })
        });
        self.result = Some(written);
    }
}

fn request<O: Operation, V: Version>(input: &[u8]) -> Result<Vec<u8>, soap::Error> {
    let received = soap::read_request::<O>(input, ReadOptions::new())?;
    soap::write_request::<O>(&V::with_headers(Request::new(received.message), &received.headers)?)
}

fn response<O: Operation>(input: &[u8]) -> Result<Vec<u8>, soap::Error> {
    soap::write_response::<O>(&soap::read_response::<O>(input, ReadOptions::new())?)
}

/// A message that no service has, so that every fault reads as one.
struct Nothing;

impl Operation for Nothing {
    type Service = ();
    type Request = String;
    type Response = String;
    const NAME: &'static str = "nothing";
    const SOAP_ACTION: &'static str = "";
    const REQUEST: Element<String> = Element::new(&[], "", "nothing", "nothing");
    const RESPONSE: Element<String> = Element::new(&[], "", "nothing", "nothing");
    const HEADERS: &'static [soap::HeaderBlock] = &[];
    const EFFECT: soap::Effect = soap::Effect::Reads;
    const LIMITS: &'static [soap::Limit] = &[];
}

/// Reads a fault.
///
/// # Errors
///
/// What is no envelope with a fault.
pub fn read_fault(input: &[u8]) -> Result<Fault, String> {
    match soap::read_response::<Nothing>(input, ReadOptions::new()) {
        Err(soap::Error::Fault(fault)) => Ok(*fault),
        Err(error) => Err(error.to_string()),
        Ok(_) => Err("there is no fault".to_owned()),
    }
}

fn fault(input: &[u8]) -> Result<Rewritten, String> {
    let fault = read_fault(input)?;
    let xml = soap::write_fault(&fault).map_err(|error| error.to_string())?;
    Ok(Rewritten {
        what: format!("fault {}", fault.string),
        xml: String::from_utf8(xml).map_err(|error| error.to_string())?,
    })
}
