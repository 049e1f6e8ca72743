//! The HTTP server: connections in, calls through limits and script to the service, answers out. Runs on a thread of its own, so that a
//! test may block its own, and ends with everything it holds when it is dropped.

mod delivery;
mod serve;
mod socket;
mod tls;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::Config;
use crate::state::State;
use socket::{Line, Socket};

/// A server that is running.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) certificate_pem: Option<String>,
    counts: Arc<Counts>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The numbers of connections that stand, and that ever did.
#[derive(Debug, Default)]
struct Counts {
    standing: AtomicUsize,
    accepted: AtomicUsize,
}

/// Counts a connection while it stands.
struct Standing(Arc<Counts>);

impl Server {
    pub(crate) fn start(config: &Config, state: Arc<State>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (acceptor, certificate_pem) = if config.tls {
            let (acceptor, pem) = tls::acceptor(config.http1_only)?;
            (Some(acceptor), Some(pem))
        } else {
            (None, None)
        };
        let counts = Arc::<Counts>::default();
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let http1_only = config.http1_only;
        let counter = counts.clone();
        let thread = std::thread::Builder::new().name("fake-marketo".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, state, acceptor, http1_only, counter) => {}
                    _ = stopped => {}
                }
            });
            // Dropping the runtime drops every task, and with it every connection.
        })?;
        Ok(Self { address, certificate_pem, counts, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn connections(&self) -> usize {
        self.counts.standing.load(Ordering::SeqCst)
    }

    pub(crate) fn accepted(&self) -> usize {
        self.counts.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic in there was shown when it happened.
            let _ = thread.join();
        }
    }
}

impl Standing {
    fn new(counts: &Arc<Counts>) -> Self {
        counts.standing.fetch_add(1, Ordering::SeqCst);
        counts.accepted.fetch_add(1, Ordering::SeqCst);
        Self(counts.clone())
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.standing.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn accept(
    listener: TcpListener,
    state: Arc<State>,
    acceptor: Option<TlsAcceptor>,
    http1_only: bool,
    counts: Arc<Counts>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        // What fails here is the connection, not the listener; there is nobody to tell.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let standing = Standing::new(&counts);
        tokio::spawn(connection(stream, state.clone(), acceptor.clone(), http1_only, standing));
    }
}

async fn connection(
    stream: TcpStream,
    state: Arc<State>,
    acceptor: Option<TlsAcceptor>,
    http1_only: bool,
    _standing: Standing,
) {
    let _ = stream.set_nodelay(true);
    let (socket, line) = Socket::new(stream);
    if state.script.take_connection() {
        let _ = line.reset();
        return;
    }
    match acceptor {
        None => http(socket, state, line, http1_only).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(socket).await {
                http(stream, state, line, http1_only).await;
            }
        }
    }
}

async fn http<S>(stream: S, state: Arc<State>, line: Arc<Line>, http1_only: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| serve::serve(state.clone(), line.clone(), request));
    let builder = auto::Builder::new(TokioExecutor::new());
    let builder = if http1_only { builder.http1_only() } else { builder };
    // Errors are cuts, and callers that went away.
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}
