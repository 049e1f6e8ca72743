//! What joins parent and child: a socket over which the child reads and moves the fake's clock, and asks to be killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ExitStatus};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::kill::Kill;

/// The parent's end.
pub(crate) struct Control {
    address: String,
    /// A child asks to be killed.
    asked: Mutex<Receiver<()>>,
}

impl Control {
    pub(crate) fn start(clock: fake::Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (ask, asked) = channel();
        // It ends with the process: there are few.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (clock, ask) = (clock.clone(), ask.clone());
                std::thread::spawn(move || serve(stream, &clock, &ask));
            }
        });
        Self { address, asked: Mutex::new(asked) }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Kills the child when it asks for it or its time has come; otherwise waits for its end. Whether it was killed, how it ended, and what it
    /// said.
    pub(crate) fn attend(&self, mut child: Child, kill: &Kill) -> (bool, ExitStatus, String) {
        let asked = self.asked.lock().unwrap();
        let began = Instant::now();
        let killed = loop {
            if child.try_wait().unwrap().is_some() {
                break false;
            }
            let now = matches!(kill, Kill::After(time) if began.elapsed() >= *time);
            match asked.recv_timeout(Duration::from_millis(2)) {
                Err(RecvTimeoutError::Timeout) if !now => {}
                _ => {
                    child.kill().unwrap();
                    break true;
                }
            }
        };
        let status = child.wait().unwrap();
        // One that ended by itself just before was not killed.
        let killed = killed && !status.success();
        while asked.try_recv().is_ok() {}
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (killed, status, errors)
    }
}

fn serve(stream: TcpStream, clock: &fake::Clock, ask: &Sender<()>) {
    stream.set_nodelay(true).unwrap();
    let mut answers = stream.try_clone().unwrap();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if line == "kill" {
            let _ = ask.send(());
            continue;
        }
        if let Some(to) = line.strip_prefix("pass ") {
            let to: Timestamp = to.parse().unwrap();
            clock.set(to.max(clock.now()));
        }
        if writeln!(answers, "{}", clock.now()).is_err() {
            return;
        }
    }
}

/// The child's end.
pub(crate) struct Line(Mutex<BufReader<TcpStream>>);

impl Line {
    pub(crate) fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(Mutex::new(BufReader::new(stream)))
    }

    /// The fake's time; moved on before where `to` says so.
    pub(crate) fn now(&self, to: Option<Timestamp>) -> Timestamp {
        let mut line = self.0.lock().unwrap();
        let ask = to.map_or("now\n".to_owned(), |to| format!("pass {to}\n"));
        line.get_mut().write_all(ask.as_bytes()).unwrap();
        let mut answer = String::new();
        line.read_line(&mut answer).unwrap();
        answer.trim().parse().unwrap()
    }

    /// Asks to be killed, and waits for it.
    pub(crate) fn kill(&self) -> ! {
        let mut line = self.0.lock().unwrap();
        line.get_mut().write_all(b"kill\n").unwrap();
        loop {
            std::thread::park();
        }
    }
}
