//! Runs a fake Marketo with a small subscription, for other programs to call.
//!
//! ```text
//! cargo run -p fake --bin fake-marketo -- [--port <port>] [--tls] [--no-limits] [--large <bytes>]
//! ```
//!
//! Jobs of bulk export are done a second after they were enqueued. With `--large` every job has a generated file of so many bytes, and the
//! day's bytes are without limit.
//!
//! Prints what callers need, one `name=value` a line and an empty line at the end, and runs until its input ends or a
//! line comes: then it ends too.
//! With TLS, `certificate` is that of the authority to trust, in PEM with `\n` for line ends.

use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::process::ExitCode;
use std::time::Duration;

use fake::bulk::{Fate, Large};
use fake::{CLIENT_ID, CLIENT_SECRET, Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};

const USAGE: &str = "usage: fake-marketo [--port <port>] [--tls] [--no-limits] [--large <bytes>]";

fn main() -> ExitCode {
    let Some((config, large)) = config(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(config, large) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fake-marketo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn config(mut arguments: impl Iterator<Item = String>) -> Option<(Config, Option<u64>)> {
    let mut config = Config::new();
    let mut large = None;
    while let Some(argument) = arguments.next() {
        config = match argument.as_str() {
            "--port" => config.port(arguments.next()?.parse().ok()?),
            "--tls" => config.tls(),
            "--no-limits" => config.limits(Limits::none()),
            "--large" => {
                large = Some(arguments.next()?.parse().ok()?);
                config
            }
            _ => return None,
        };
    }
    Some((config, large))
}

fn run(config: Config, large: Option<u64>) -> std::io::Result<()> {
    let fake = Fake::start_blocking(config)?;
    fake.store().add_samples();
    fake.bulk().add_samples(1_000);
    fake.bulk().subscription(|subscription| {
        subscription.queue_time = Duration::ZERO;
        subscription.processing_time = Duration::from_secs(1);
    });
    if let Some(bytes) = large {
        fake.bulk().subscription(|subscription| subscription.bytes_per_day = u64::MAX);
        fake.bulk().every_job(Fate::new().large(Large { seed: 0, bytes }));
    }
    let mut out = stdout().lock();
    writeln!(out, "url={}", fake.url())?;
    writeln!(out, "soap={}", fake.soap_url("3_1"))?;
    writeln!(out, "user={USER_ID}")?;
    if let Some(pem) = fake.certificate_pem() {
        writeln!(out, "certificate={}", pem.replace('\n', "\\n"))?;
    }
    writeln!(out, "key={ENCRYPTION_KEY}")?;
    writeln!(out, "client_id={CLIENT_ID}")?;
    writeln!(out, "client_secret={CLIENT_SECRET}\n")?;
    out.flush()?;
    drop(out);
    stdin().lock().read_line(&mut String::new())?;
    Ok(())
}
