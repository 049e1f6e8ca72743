//! How fast a verified download is, beside `curl | tee FILE | sha256sum` and `sync FILE`: the same file from the same fake on loopback, by turns.
//!
//! ```sh
//! cargo run --release -p tests --example download -- [MiB] [rounds] [folder]
//! ```

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use fake::bulk::{Fate, Large};
use fake::{CLIENT_ID, CLIENT_SECRET, Config, Fake};
use runtime::bulk::{BulkClient, DownloadOptions, Error, JobInfo, Object, Status};

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mebibytes: u64 = arguments.next().map_or(Ok(2048), |text| text.parse())?;
    let rounds: usize = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let folder = match arguments.next() {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };

    let fake = Fake::start(Config::new()).await?;
    fake.bulk().subscription(|subscription| subscription.bytes_per_day = u64::MAX);
    fake.bulk().next_job(Fate::new().large(Large { seed: 1, bytes: mebibytes << 20 }));
    let client = BulkClient::builder(fake.url()).credentials(CLIENT_ID, CLIENT_SECRET).allow_http().build()?;
    let job = completed(&fake, &client).await?;
    let bytes = job.size.unwrap_or_default();
    println!("{bytes} bytes, {} records", job.records.unwrap_or_default());

    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        let path = folder.path().join("ours.csv");
        let file = client.download(&Object::Leads, &job, &path, &DownloadOptions::default()).await?;
        ours.push(began.elapsed());
        assert_eq!(Some(file.sha256), job.checksum);
        std::fs::remove_file(&path)?;

        let url = format!("{}/bulk/v1/leads/export/{}/file.json", fake.url(), job.id);
        let token = fake.identity().issued().pop().unwrap_or_default();
        let path = folder.path().join("theirs.csv");
        let began = Instant::now();
        let sum = piped(&url, &token, &path)?;
        theirs.push(began.elapsed());
        assert_eq!(Some(sum.parse()?), job.checksum);
        std::fs::remove_file(&path)?;
        show("runtime::bulk", bytes, ours.last().copied().unwrap_or_default());
        show("curl | tee | sha256sum; sync", bytes, theirs.last().copied().unwrap_or_default());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("median");
    show("runtime::bulk", bytes, ours);
    show("curl | tee | sha256sum; sync", bytes, theirs);
    println!("speed beside curl: {:.2}", theirs.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}

/// A job that has its file; the fake's clock makes it so at once.
async fn completed(fake: &Fake, client: &BulkClient) -> Result<JobInfo, Error> {
    let fields = ["id", "email", "firstName", "lastName", "company", "createdAt", "updatedAt", "leadScore"];
    let request = client.leads().fields(fields).static_list_id(1).request()?;
    fake.bulk().list(1, "All", false);
    let created = client.create(&request).await?;
    client.enqueue(&Object::Leads, &created.id).await?;
    loop {
        fake.clock().advance(Duration::from_secs(600));
        let job = client.status(&Object::Leads, &created.id).await?;
        if job.status == Status::Completed {
            return Ok(job);
        }
    }
}

/// Downloads with curl to `path` and returns the checksum.
fn piped(url: &str, token: &str, path: &Path) -> Result<String, Failure> {
    let script = r#"set -e; curl -sS -H "Authorization: Bearer $2" "$1" | tee "$3" | sha256sum; sync "$3""#;
    let output = Command::new("bash").args(["-c", script, "bash", url, token]).arg(path).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split_whitespace().next().unwrap_or_default().to_owned())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn show(what: &str, bytes: u64, time: Duration) {
    println!("{what:30} {:7.2} s {:8.0} MB/s", time.as_secs_f64(), bytes as f64 / 1e6 / time.as_secs_f64());
}
