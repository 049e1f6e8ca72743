//! Runs a fake Marketo with a small subscription, for other programs to call.
//!
//! ```text
//! cargo run -p fake --bin fake-marketo -- [--port <port>] [--tls] [--no-limits]
//! ```
//!
//! Prints what callers need, one `name=value` a line, and runs until its input ends or a line comes: then it ends too.

use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::process::ExitCode;

use fake::{Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};

const USAGE: &str = "usage: fake-marketo [--port <port>] [--tls] [--no-limits]";

fn main() -> ExitCode {
    let Some(config) = config(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-marketo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn config(mut arguments: impl Iterator<Item = String>) -> Option<Config> {
    let mut config = Config::new();
    while let Some(argument) = arguments.next() {
        config = match argument.as_str() {
            "--port" => config.port(arguments.next()?.parse().ok()?),
            "--tls" => config.tls(),
            "--no-limits" => config.limits(Limits::none()),
            _ => return None,
        };
    }
    Some(config)
}

fn run(config: Config) -> std::io::Result<()> {
    let fake = Fake::start_blocking(config)?;
    fake.store().add_samples();
    let mut out = stdout().lock();
    writeln!(out, "url={}", fake.url())?;
    writeln!(out, "soap={}", fake.soap_url("3_1"))?;
    writeln!(out, "user={USER_ID}")?;
    writeln!(out, "key={ENCRYPTION_KEY}")?;
    out.flush()?;
    drop(out);
    stdin().lock().read_line(&mut String::new())?;
    Ok(())
}
