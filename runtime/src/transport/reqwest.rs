//! The transport over reqwest and rustls: HTTP/1.1 and 2, a pool of connections, limits of time, gzip.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ::reqwest::redirect::Policy;
use ::reqwest::{Client, ClientBuilder, Proxy, Response, retry};
use bytes::Bytes;
use futures_util::stream;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use tokio::time::{Instant, timeout_at};

use super::{Body, TotalTime, Transport, TransportError, TransportErrorKind, gzip};
use crate::clock::BoxFuture;

#[cfg(test)]
mod tests;

/// Sends requests with reqwest. Clones share the connections.
///
/// Only `https`, checked against the certificates that the platform trusts; proxies from the environment (`HTTPS_PROXY`, `NO_PROXY` and so
/// on). Redirects are answers like any other, nothing is sent twice. A body in gzip comes decoded, unless the request says
/// `Accept-Encoding: identity`: then it comes as it travelled, with its headers.
#[derive(Clone)]
pub struct HttpTransport {
    client: Client,
    idle: Duration,
    total: Duration,
    http: bool,
}

/// Makes an [`HttpTransport`].
#[derive(Clone)]
#[must_use]
pub struct HttpTransportBuilder {
    connect: Duration,
    idle: Duration,
    total: Duration,
    http: bool,
    environment: bool,
    proxy: Option<String>,
    user_agent: String,
    certificates: Vec<CertificateDer<'static>>,
}

impl HttpTransport {
    /// A transport with all defaults.
    ///
    /// # Errors
    ///
    /// The platform has no certificates to trust.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// A builder: 10 seconds to connect, 60 without a byte, 300 in all; only `https`; proxies from the environment.
    pub fn builder() -> HttpTransportBuilder {
        HttpTransportBuilder {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            total: Duration::from_secs(300),
            http: false,
            environment: true,
            proxy: None,
            user_agent: concat!("rust-", env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            certificates: Vec::new(),
        }
    }
}

impl HttpTransportBuilder {
    /// The greatest time until a connection stands: name, TCP, TLS.
    pub const fn connect_time(mut self, time: Duration) -> Self {
        self.connect = time;
        self
    }

    /// The greatest time in which nothing comes: before the answer's head, and between two chunks of its body. Connecting counts.
    pub const fn idle_time(mut self, time: Duration) -> Self {
        self.idle = time;
        self
    }

    /// The greatest time of a request in all. A request may carry a [`TotalTime`] of its own.
    pub const fn total_time(mut self, time: Duration) -> Self {
        self.total = time;
        self
    }

    /// Allows addresses that begin with `http:` too. Everything then travels readable: for loopback and test benches.
    pub const fn allow_http(mut self) -> Self {
        self.http = true;
        self
    }

    /// Sends everything through the proxy at `address` and takes none from the environment.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// Takes no proxy from the environment.
    pub const fn no_proxy(mut self) -> Self {
        self.environment = false;
        self
    }

    /// The header field `User-Agent` of requests that have none.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = product.into();
        self
    }

    /// Trusts the authorities in `pem` beside those of the platform.
    ///
    /// # Errors
    ///
    /// This is no PEM, or there is no certificate in it.
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, TransportError> {
        let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let found = found.map_err(|error| refused(format!("the root certificates are no PEM: {error}")))?;
        if found.is_empty() {
            return Err(refused("there is no root certificate in the PEM"));
        }
        self.certificates.extend(found);
        Ok(self)
    }

    /// The transport.
    ///
    /// # Errors
    ///
    /// The platform has no certificates to trust, or an own certificate, the proxy or the user agent is none.
    pub fn build(self) -> Result<HttpTransport, TransportError> {
        let mut client = ClientBuilder::new()
            .tls_backend_preconfigured(self.tls()?)
            .redirect(Policy::none())
            .retry(retry::never())
            .referer(false)
            .user_agent(self.user_agent)
            .connect_timeout(self.connect)
            // Less than servers and balancers keep one: a connection that is about to be closed is not used.
            .pool_idle_timeout(Duration::from_secs(30));
        if let Some(proxy) = self.proxy {
            client = client.proxy(Proxy::all(proxy).map_err(|error| refused(causes(&error.without_url())))?);
        } else if !self.environment {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| refused(causes(&error.without_url())))?;
        Ok(HttpTransport { client, idle: self.idle, total: self.total, http: self.http })
    }

    fn tls(&self) -> Result<ClientConfig, TransportError> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| refused(error.to_string()))?;
        let mut config = match self.verifier(provider) {
            Ok(verifier) => {
                config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
            }
            // A machine without certificates can speak plain HTTP all the same; it trusts no one.
            Err(_) if self.http && self.certificates.is_empty() => {
                config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
            }
            Err(error) => return Err(refused(format!("no certificates to trust: {error}"))),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Verifier, rustls::Error> {
        match &*self.certificates {
            [] => Verifier::new(provider),
            extra => Verifier::new_with_extra_roots(extra.iter().cloned(), provider),
        }
    }
}

/// Without the proxy, whose address may hold a password.
impl fmt::Debug for HttpTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connect, idle, total, http, .. } = self;
        let mut shown = f.debug_struct("HttpTransportBuilder");
        shown.field("connect", connect).field("idle", idle).field("total", total).field("http", http);
        shown.field("proxy", &self.proxy.is_some()).finish_non_exhaustive()
    }
}

/// With its limits only: the client beneath knows a proxy's password.
impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { idle, total, http, .. } = self;
        let mut shown = f.debug_struct("HttpTransport");
        shown.field("idle", idle).field("total", total).field("http", http).finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

impl HttpTransport {
    async fn exchange(&self, mut request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        match request.uri().scheme_str() {
            Some("https") => {}
            Some("http") if self.http => {}
            Some("http") => return Err(refused("the address is no https")),
            _ => return Err(refused("the address is no http or https")),
        }
        let total = request.extensions().get().map_or(Some(self.total), |TotalTime(total)| *total);
        let limits = Limits { idle: self.idle, end: total.and_then(|total| Instant::now().checked_add(total)) };
        let encoded = request.headers().contains_key(ACCEPT_ENCODING);
        if !encoded {
            request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let request = request.try_into().map_err(|error: ::reqwest::Error| refused(causes(&error.without_url())))?;
        let mut answer = limits.within(self.client.execute(request)).await?.map_err(failure)?;
        let mut head = http::Response::new(());
        *head.status_mut() = answer.status();
        *head.version_mut() = answer.version();
        *head.headers_mut() = std::mem::take(answer.headers_mut());
        let body = limits.body(answer);
        if encoded {
            return Ok(head.map(|()| body));
        }
        let headers = head.headers_mut();
        let body = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None => body,
            Some(identity) if identity.eq_ignore_ascii_case(b"identity") => body,
            Some(gzip) if gzip.eq_ignore_ascii_case(b"gzip") || gzip.eq_ignore_ascii_case(b"x-gzip") => {
                headers.remove(CONTENT_ENCODING);
                headers.remove(CONTENT_LENGTH);
                gzip::decoded(body)
            }
            Some(_) => return Err(TransportError::new(TransportErrorKind::Encoding)),
        };
        Ok(head.map(|()| body))
    }
}

/// The limits of time of one request.
#[derive(Clone, Copy)]
struct Limits {
    idle: Duration,
    end: Option<Instant>,
}

impl Limits {
    /// What `step` comes to, unless nothing comes for too long.
    async fn within<T>(self, step: impl Future<Output = T>) -> Result<T, TransportError> {
        let idle = Instant::now().checked_add(self.idle);
        let (at, kind) = match (idle, self.end) {
            (Some(idle), Some(end)) if end <= idle => (end, TransportErrorKind::Timeout),
            (Some(idle), _) => (idle, TransportErrorKind::Idle),
            (None, Some(end)) => (end, TransportErrorKind::Timeout),
            (None, None) => return Ok(step.await),
        };
        timeout_at(at, step).await.map_err(|_| TransportError::new(kind))
    }

    /// The body, each chunk within the limits; it ends with its first error.
    fn body(self, answer: Response) -> Body {
        Body::from_stream(stream::unfold(Some(answer), move |answer| async move {
            let mut answer = answer?;
            match self.within(answer.chunk()).await {
                Ok(Ok(Some(chunk))) => Some((Ok(chunk), Some(answer))),
                Ok(Ok(None)) => None,
                Ok(Err(error)) => Some((Err(failure(error)), None)),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }
}

fn refused(cause: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    TransportError::with_source(TransportErrorKind::Refused, cause)
}

/// What a failure says about the request: hyper calls it cancelled only where not a byte of it was written, and then hands it back.
fn failure(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    let kind = if error.is_builder() {
        TransportErrorKind::Refused
    } else if error.is_connect() || chain(&error).any(cancelled) {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Lost
    };
    TransportError::with_source(kind, causes(&error))
}

fn cancelled(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
}

/// Only the texts are kept: an error's own fields might show an address.
fn causes(error: &::reqwest::Error) -> String {
    let mut texts: Vec<_> = chain(error).skip(1).map(ToString::to_string).collect();
    texts.dedup();
    if texts.is_empty() { error.to_string() } else { texts.join(": ") }
}

fn chain<'a>(error: &'a ::reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error as &(dyn Error + 'static)), |error: &&(dyn Error + 'static)| (*error).source())
}
