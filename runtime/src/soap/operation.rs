//! An operation as a type: everything the WSDL and the facts beside it say, for clients, servers and tools that know no service by name.

use std::future::Future;

use super::{Check, Request, Service};
use crate::xml::{Element, Name, ReadXml, WriteXml};

/// One operation of a port type (WSDL 1.1, section 2.4) in its SOAP binding (section 3), document style, literal, one part each way.
pub trait Operation {
    /// The service that it is of.
    type Service: Service;

    /// The type of the request's body element.
    type Request: ReadXml + WriteXml + Send + Sync + 'static;

    /// The type of the response's body element.
    type Response: ReadXml + WriteXml + Send + Sync + 'static;

    /// The operation's name in the WSDL.
    const NAME: &'static str;

    /// The value of the HTTP header field `SOAPAction`, without quotes (SOAP 1.1, section 6.1.1).
    const SOAP_ACTION: &'static str;

    /// The request's body element.
    const REQUEST: Element<Self::Request>;

    /// The response's body element.
    const RESPONSE: Element<Self::Response>;

    /// The header blocks that a request has or may have, in the order of the binding.
    const HEADERS: &'static [HeaderBlock];

    /// Whether it changes anything.
    const EFFECT: Effect;

    /// Limits of the service on a request's fields.
    const LIMITS: &'static [Limit];

    /// Tells `check` what `request` holds of that which the service limits or rules.
    fn check(request: &Self::Request, check: &mut Check) {
        let _ = (request, check);
    }
}

/// A header block of an operation's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderBlock {
    /// The block's element.
    pub name: Name,
    /// Whether a request must have it.
    pub required: bool,
}

impl HeaderBlock {
    /// A block that a request must have.
    #[must_use]
    pub const fn required(name: Name) -> Self {
        Self { name, required: true }
    }

    /// A block that a request may have.
    #[must_use]
    pub const fn optional(name: Name) -> Self {
        Self { name, required: false }
    }
}

/// What an operation does to the service's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it can be repeated at will.
    Reads,
    /// It changes something, or may: repeating it needs the certainty that it was not executed.
    Writes,
}

/// A limit of the service that no schema states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The field, as local names from the request's element: `leadRecordList/leadRecord`.
    pub path: &'static str,
    /// The greatest number.
    pub max: u32,
    /// What it counts.
    pub kind: LimitKind,
}

/// What a [`Limit`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// How often the element may stand.
    Items,
    /// The number in the element.
    Value,
}

impl Limit {
    /// At most `max` elements at `path`.
    #[must_use]
    pub const fn items(path: &'static str, max: u32) -> Self {
        Self { path, max, kind: LimitKind::Items }
    }

    /// At most the number `max` at `path`.
    #[must_use]
    pub const fn value(path: &'static str, max: u32) -> Self {
        Self { path, max, kind: LimitKind::Value }
    }
}

/// An operation whose results come in pages.
pub trait Paged: Operation {
    /// Where a page begins. Opaque: it goes back as it came.
    type Position: Clone + PartialEq + WriteXml + Send + Sync + 'static;

    /// What a page holds.
    type Item: WriteXml + Send + 'static;

    /// Lets `request` ask for the page at `position`.
    fn set_position(request: &mut Self::Request, position: Self::Position);

    /// The position of the page that `request` asks for, where it names one.
    fn requested(request: &Self::Request) -> Option<&Self::Position>;

    /// The position of the page after `response`, where the response names one.
    fn position(response: &Self::Response) -> Option<&Self::Position>;

    /// Whether `response` is the last page.
    fn is_last(response: &Self::Response) -> bool;

    /// The items of a page.
    fn items(response: Self::Response) -> Vec<Self::Item>;
}

/// What a generated port calls: something that sends a request and waits for its response.
pub trait Client {
    /// Why a call failed.
    type Error;

    /// Calls the operation `O`.
    fn call<O: Operation>(
        &self,
        request: Request<O::Request>,
    ) -> impl Future<Output = Result<O::Response, Self::Error>> + Send;
}

/// A [`Client`] that goes from page to page by itself.
pub trait PageClient: Client {
    /// The items of all pages, one by one: a stream or an iterator of results.
    type Pages<O: Paged + 'static>;

    /// The items of all pages from that on which `request` asks for.
    fn pages<O: Paged + 'static>(&self, request: Request<O::Request>) -> Self::Pages<O>;
}

/// Sees every operation of a port, each with its own types: see the generated `operations::visit`.
pub trait Visitor {
    /// Is called with each operation.
    fn operation<O: Operation>(&mut self);
}
