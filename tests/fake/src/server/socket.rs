//! A TCP connection that the script can cut, whatever is spoken over it.
//!
//! A cut is asked for from above and takes place when the protocol flushes: all that it wrote before is in the kernel's hands by then, so
//! the caller gets exactly the bytes that the script grants it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::lock;

/// The connection, as the protocol above reads and writes it.
#[derive(Debug)]
pub(super) struct Socket(Arc<Line>);

/// The same connection, as the script sees it.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    cut: Option<Cut>,
    reader: Option<Waker>,
}

/// How a connection ends.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    /// In good order (FIN).
    Close,
    /// By a reset (RST).
    Reset,
    /// With these bytes.
    Raw(Bytes),
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> (Self, Arc<Line>) {
        let line = Arc::new(Line { stream, state: Mutex::default() });
        (Self(line.clone()), line)
    }
}

impl Line {
    /// Cuts the connection at the next flush.
    pub(super) fn cut(&self, cut: Cut) {
        let mut state = lock(&self.state);
        state.cut.get_or_insert(cut);
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
    }

    /// Makes closing the connection a reset, now and at its end.
    pub(super) fn reset(&self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        lock(&self.0.state).reader = Some(context.waker().clone());
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_read_ready(context))?;
            match stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let stream = &self.0.stream;
        loop {
            ready!(stream.poll_write_ready(context))?;
            match stream.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let cut = lock(&self.0.state).cut.clone();
        match cut {
            None => return Poll::Ready(Ok(())),
            Some(Cut::Close) => {}
            Some(Cut::Reset) => self.0.reset()?,
            Some(Cut::Raw(bytes)) => {
                // What does not fit into the kernel's buffer is not missed.
                let _ = self.0.stream.try_write(&bytes);
            }
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The socket closes when it is dropped, which is next.
        Poll::Ready(Ok(()))
    }
}
