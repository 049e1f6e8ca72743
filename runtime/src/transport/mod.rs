//! How bytes travel: one method that sends an HTTP request and answers with status, headers and a body that streams.
//!
//! Clients of this crate send through a [`Transport`]; tests, recorders, proxies and other HTTP stacks implement it. It adds no
//! authentication, repeats nothing and follows no redirect: what a caller sent is what travels, once.

mod body;
mod error;
#[cfg(feature = "reqwest")]
mod gzip;
#[cfg(feature = "reqwest")]
mod reqwest;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

pub use body::Body;
pub use error::{TransportError, TransportErrorKind};
#[cfg(feature = "reqwest")]
pub use reqwest::{HttpTransport, HttpTransportBuilder};

use crate::clock::BoxFuture;

/// Sends HTTP requests.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` once and waits for the head of the answer. Dropping the future abandons the call and its connection.
    ///
    /// # Errors
    ///
    /// Whatever kept the head of an answer from coming; [`TransportError::reached_service`] tells whether the service may have seen the
    /// request. Any status is an answer, not an error.
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

/// The greatest time of one request in all, from sending it to the end of its body: an extension of a request that stands above what its
/// transport was built with. `None` is no limit, for bodies of unknown length that are read as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TotalTime(pub Option<Duration>);

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        (**self).send(request)
    }
}
