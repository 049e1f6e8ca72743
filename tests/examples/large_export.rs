//! Downloads a large export and converts it to Parquet, and says how much memory and time that took.
//!
//! ```console
//! cargo run --release -p tests --example large_export                      # 2 GiB of activities
//! cargo run --release -p tests --example large_export -- leads 200MiB /tmp/table
//! ```
//!
//! The fake service runs in a process of its own, so the memory shown is the exporter's alone: the most that was ever resident (`VmHWM` of
//! /proc/self/status). The table is kept where a folder is given for it. With `MOST_MIB=64` in the environment, more memory than that is an error.

mod hurried;

use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fake::bulk::{Fate, Large};
use fake::{CLIENT_ID, CLIENT_SECRET, Config, Fake};
use hurried::Hurried;
use jiff::Timestamp;
use runtime::bulk::ledger::Step;
use runtime::bulk::progress::{Event, Progress, What};
use runtime::bulk::sink::Parquet;
use runtime::bulk::{BulkClient, Ledger, Plan, Run};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [mode, bytes] = &arguments[..]
        && mode == "serve"
    {
        return serve(bytes.parse()?);
    }
    let mut object = "activities";
    let mut bytes = 2 << 30;
    let mut table = None;
    for argument in &arguments {
        match &**argument {
            "leads" | "activities" => object = argument,
            size if size.starts_with(|c: char| c.is_ascii_digit()) => bytes = size_of(size)?,
            folder => table = Some(PathBuf::from(folder)),
        }
    }
    let folder = tempfile::tempdir_in(table.as_deref().and_then(Path::parent).unwrap_or(Path::new(".")))?;
    let table = table.unwrap_or_else(|| folder.path().join("table"));
    let service = Service::start(bytes)?;
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(export(
        &service.url,
        object,
        &table,
        folder.path(),
    ))?;
    let peak = peak()?;
    println!("memory    {:.1} MiB at most", peak as f64 / 1024.0);
    match std::env::var("MOST_MIB") {
        Ok(most) if peak > most.parse::<u64>()? * 1024 => Err(format!("more than {most} MiB of memory").into()),
        _ => Ok(()),
    }
}

async fn export(url: &str, object: &str, table: &Path, folder: &Path) -> Result<()> {
    let client = BulkClient::builder(url)
        .credentials(CLIENT_ID, CLIENT_SECRET)
        .allow_http()
        .clock(Hurried::default())
        .build()?;
    let (start, end): (Timestamp, Timestamp) = ("2025-01-01T00:00:00Z".parse()?, "2025-01-31T23:59:59Z".parse()?);
    let plan: Plan = match object {
        "leads" => {
            let fields = "id email firstName lastName company title phone website country annualRevenue numberOfEmployees dateOfBirth \
                          unsubscribed leadScore createdAt updatedAt";
            client.leads().fields(fields.split(' ')).created_at(start, end).plan()?
        }
        _ => client.activities().created_at(start, end).plan()?,
    };
    let mut ledger = Ledger::open(folder.join("ledger.redb"))?;
    let times = Times::default();
    let report = Run::new().plan(plan, Parquet::new(table)?).daily_bytes(None).go(&mut ledger, &times).await?;
    let window = report.windows().next().ok_or("no window")?;
    let rows = window.rows.ok_or("no rows")?;
    let size = window.jobs.last().and_then(|job| job.info.size).ok_or("no size")?;
    let seconds = |from: Step, to: Step| times.between(from, to).map(|time| time.as_secs_f64()).ok_or("no time");
    let (download, convert) = (seconds(Step::Downloading, Step::Downloaded)?, seconds(Step::Downloaded, Step::Sunk)?);
    let mib = size as f64 / f64::from(1 << 20);
    println!("file      {mib:.0} MiB, {} rows", rows.read);
    println!("download  {download:.1} s, {:.0} MiB/s, verified and synced", mib / download);
    println!("convert   {convert:.1} s, {:.0} MiB/s, {:.0} rows/s", mib / convert, rows.read as f64 / convert);
    println!(
        "table     {:.0} MiB, {} rows, {} misfits",
        folder_size(table)? as f64 / f64::from(1 << 20),
        rows.written,
        rows.misfits
    );
    Ok(())
}

/// When the window came to its steps.
#[derive(Default)]
struct Times(Mutex<Vec<(Step, Instant)>>);

impl Times {
    fn between(&self, from: Step, to: Step) -> Option<Duration> {
        let steps = self.0.lock().ok()?;
        let at = |wanted| steps.iter().find(|(step, _)| *step == wanted).map(|(_, at)| *at);
        Some(at(to)?.duration_since(at(from)?))
    }
}

impl Progress for Times {
    fn on(&self, event: &Event<'_>) {
        if let (What::Step(step), Ok(mut steps)) = (event.what, self.0.lock()) {
            steps.push((step, Instant::now()));
        }
    }
}

/// The fake in a process of its own, which ends with this one.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(bytes: u64) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &bytes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs the fake until the input ends. Every job has a file of so many bytes.
fn serve(bytes: u64) -> Result<()> {
    let fake = Fake::start_blocking(Config::new())?;
    fake.bulk().subscription(|subscription| {
        subscription.bytes_per_day = u64::MAX;
        subscription.queue_time = Duration::ZERO;
        subscription.processing_time = Duration::ZERO;
    });
    fake.bulk().every_job(Fate::new().large(Large { seed: 1, bytes }));
    println!("{}", fake.url());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// `2GiB`, `200MiB`, `5000`.
fn size_of(text: &str) -> Result<u64> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        unit => return Err(format!("`{unit}` is no unit of a size, expected KiB, MiB or GiB").into()),
    };
    Ok(digits.parse::<u64>()? * unit)
}

/// The most memory this process ever had, in KiB.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn folder_size(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            size += entry.metadata()?.len();
        }
    }
    Ok(size)
}
