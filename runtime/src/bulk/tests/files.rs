//! Downloads to disk: the whole verified file stands there, or nothing new.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const FILE: &[u8] = b"id,email\n1,a@example.com\n2,b@example.com\n";

struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("leads.csv")
    }

    fn part(&self) -> PathBuf {
        self.0.path().join(".leads.csv.part")
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    async fn download(&self, job: &JobInfo, replies: Vec<Reply>) -> (Result<Downloaded, Error>, Vec<String>) {
        let options = DownloadOptions::default().idle(Duration::from_millis(30));
        self.download_with(job, replies, &options).await
    }

    async fn download_with(
        &self,
        job: &JobInfo,
        replies: Vec<Reply>,
        options: &DownloadOptions,
    ) -> (Result<Downloaded, Error>, Vec<String>) {
        let listed = Listed::new(replies);
        let (client, _) = client(&listed);
        let outcome = client.download(&Object::Leads, job, &self.path(), options).await;
        listed.done();
        (outcome, listed.ranges())
    }

    /// What stands there, and nothing beside it.
    fn assert(&self, file: &[u8]) {
        assert_eq!(fs::read(self.path()).unwrap(), file);
        assert_eq!(self.names(), ["leads.csv"]);
    }
}

fn whole() -> Reply {
    Reply::new(200, "text/csv", FILE)
}

fn rest(start: usize) -> Reply {
    Reply::range(FILE, start, FILE.len())
}

fn cut(at: usize) -> Reply {
    Reply::body(200, "text/csv", broken(&[&FILE[..at]], TransportErrorKind::Lost))
}

fn garbled() -> Reply {
    Reply::new(200, "text/csv", vec![b'x'; FILE.len()])
}

#[tokio::test]
async fn a_file_comes_whole() {
    let disk = Disk::new();
    let (outcome, ranges) = disk.download(&completed(FILE), vec![whole()]).await;
    let expected = Downloaded {
        path: disk.path(),
        bytes: 41,
        sha256: completed(FILE).checksum.unwrap(),
        records: Some(2),
        resumed: 0,
        restarts: 0,
    };
    assert_eq!((outcome.unwrap(), ranges), (expected, vec![String::new()]));
    disk.assert(FILE);
}

#[tokio::test]
async fn another_process_goes_on_from_what_is_on_disk() {
    let disk = Disk::new();
    fs::write(disk.part(), &FILE[..10]).unwrap();
    let (outcome, ranges) = disk.download(&completed(FILE), vec![rest(10)]).await;
    assert_eq!((outcome.unwrap().resumed, ranges), (10, vec!["bytes=10-".to_owned()]));
    disk.assert(FILE);
}

#[tokio::test]
async fn nothing_is_asked_for_what_is_there() {
    let disk = Disk::new();
    fs::write(disk.part(), FILE).unwrap();
    for _ in 0..2 {
        let (outcome, ranges) = disk.download(&completed(FILE), vec![]).await;
        assert_eq!((outcome.unwrap().resumed, ranges), (41, vec![]));
        disk.assert(FILE);
    }
}

#[tokio::test]
async fn a_file_that_is_another_one_is_replaced() {
    let disk = Disk::new();
    for old in [&b"old"[..], &vec![b'y'; FILE.len()]] {
        fs::write(disk.path(), old).unwrap();
        let (outcome, _) =
            disk.download(&completed(FILE), vec![cut(3), Reply::Fail(TransportErrorKind::Refused)]).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Transport);
        assert_eq!(fs::read(disk.path()).unwrap(), old);
        assert_eq!(fs::read(disk.part()).unwrap(), &FILE[..3]);
        disk.download(&completed(FILE), vec![rest(3)]).await.0.unwrap();
        disk.assert(FILE);
    }
}

#[tokio::test]
async fn what_another_job_left_is_thrown_away() {
    // Of the same length, shorter, longer.
    for (left, replies, ranges) in [
        (vec![b'x'; FILE.len()], vec![whole()], vec![""]),
        (vec![b'x'; 10], vec![rest(10), whole()], vec!["bytes=10-", ""]),
        (vec![b'x'; FILE.len() + 1], vec![whole()], vec![""]),
        // It does not count as the one time that a file may be wrong.
        (vec![b'x'; 10], vec![rest(10), garbled(), whole()], vec!["bytes=10-", "", ""]),
    ] {
        let disk = Disk::new();
        fs::write(disk.part(), &left).unwrap();
        let (outcome, asked) = disk.download(&completed(FILE), replies).await;
        assert_eq!((outcome.unwrap().resumed, asked.iter().map(|range| &**range).collect::<Vec<_>>()), (0, ranges));
        disk.assert(FILE);
    }
}

#[tokio::test]
async fn what_was_left_is_not_gone_on_from_without_a_checksum() {
    let disk = Disk::new();
    fs::write(disk.part(), b"xyz").unwrap();
    let job = JobInfo { checksum: None, ..completed(FILE) };
    let options = DownloadOptions::default().allow_unverified(true);
    let (outcome, ranges) = disk.download_with(&job, vec![whole()], &options).await;
    assert_eq!((outcome.unwrap().resumed, ranges), (0, vec![String::new()]));
    disk.assert(FILE);
}

#[tokio::test]
async fn the_whole_file_in_place_of_its_rest_begins_anew() {
    let disk = Disk::new();
    fs::write(disk.part(), &FILE[..10]).unwrap();
    let (outcome, ranges) = disk.download(&completed(FILE), vec![cut(20), rest(20)]).await;
    let downloaded = outcome.unwrap();
    assert_eq!((downloaded.resumed, downloaded.restarts), (0, 0));
    assert_eq!(ranges, ["bytes=10-", "bytes=20-"]);
    disk.assert(FILE);
}

#[tokio::test]
async fn a_file_that_always_begins_anew_and_never_ends_is_given_up() {
    let file = vec![b'x'; 3 << 20];
    let job = JobInfo { format: None, ..completed(&file) };
    // Two megabytes and a half come each time: progress only the first time.
    let cut = || Reply::body(200, "text/csv", broken(&[&file[..5 << 19]], TransportErrorKind::Lost));
    let disk = Disk::new();
    let (outcome, ranges) = disk.download(&job, (0..5).map(|_| cut()).collect()).await;
    assert_eq!((outcome.unwrap_err().kind(), ranges.len()), (ErrorKind::Transport, 5));
}

#[tokio::test]
async fn a_wrong_file_is_begun_anew_once() {
    let disk = Disk::new();
    let (outcome, ranges) = disk.download(&completed(FILE), vec![garbled(), whole()]).await;
    assert_eq!((outcome.unwrap().restarts, ranges.len()), (1, 2));
    disk.assert(FILE);

    let disk = Disk::new();
    let (outcome, ranges) = disk.download(&completed(FILE), vec![garbled(), garbled()]).await;
    assert_eq!((outcome.unwrap_err().kind(), ranges.len()), (ErrorKind::Integrity, 2));
    assert!(disk.names().is_empty());

    let disk = Disk::new();
    let longer = || Reply::new(200, "text/csv", [FILE, b"3,c\n"].concat());
    let (outcome, _) = disk.download(&completed(FILE), vec![longer(), longer()]).await;
    assert_eq!(outcome.unwrap_err().to_string(), "file: more than the 41 bytes that were promised");
    assert!(disk.names().is_empty());

    let disk = Disk::new();
    let job = JobInfo { records: Some(3), ..completed(FILE) };
    let (outcome, _) = disk.download(&job, vec![whole(), whole()]).await;
    assert_eq!(outcome.unwrap_err().to_string(), "the file has 2 records, the job says 3");
    let options = DownloadOptions::default().count_records(false);
    assert_eq!(disk.download_with(&job, vec![whole()], &options).await.0.unwrap().records, None);
}

#[tokio::test]
async fn an_empty_export_is_an_empty_file() {
    let empty = JobInfo { records: Some(0), ..completed(b"id\n") };
    for (job, replies, file) in [
        (empty.clone(), vec![Reply::new(200, "text/csv", "id\n")], "id\n"),
        (empty.clone(), vec![Reply::new(404, "text/plain", "no")], ""),
        (JobInfo { size: None, checksum: None, ..empty }, vec![], ""),
        (completed(b""), vec![], ""),
    ] {
        let disk = Disk::new();
        let downloaded = disk.download(&job, replies).await.0.unwrap();
        assert_eq!((downloaded.bytes, downloaded.records), (file.len() as u64, Some(0)));
        disk.assert(file.as_bytes());
    }
}

#[tokio::test]
async fn two_downloads_do_not_write_one_file() {
    let disk = Disk::new();
    let other = fs::File::create(disk.part()).unwrap();
    other.try_lock().unwrap();
    let error = disk.download(&completed(FILE), vec![]).await.0.unwrap_err();
    assert_eq!(error.to_string(), format!("another download writes `{}`", disk.part().display()));
    drop(other);
    disk.download(&completed(FILE), vec![whole()]).await.0.unwrap();
    disk.assert(FILE);
}

#[tokio::test]
async fn a_download_that_is_dropped_can_be_gone_on_with() {
    let disk = Disk::new();
    let listed = Listed::new([Reply::body(200, "text/csv", stalled(&[&FILE[..9]]))]);
    let (client, _) = client(&listed);
    let (job, path, options) = (completed(FILE), disk.path(), DownloadOptions::default());
    let dropped = client.download(&Object::Leads, &job, &path, &options);
    assert!(tokio::time::timeout(Duration::from_millis(50), dropped).await.is_err());
    let (outcome, ranges) = disk.download(&job, vec![rest(9)]).await;
    assert_eq!((outcome.unwrap().resumed, ranges), (9, vec!["bytes=9-".to_owned()]));
    disk.assert(FILE);
}

#[tokio::test]
async fn the_disk_may_fail() {
    let disk = Disk::new();
    let (client, _) = client(&Listed::new([]));
    let path = disk.0.path().join("missing/leads.csv");
    let options = DownloadOptions::default();
    let error = client.download(&Object::Leads, &completed(FILE), &path, &options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(
        error.to_string().starts_with(&format!("cannot open `{}`: ", path.with_file_name(".leads.csv.part").display())),
        "{error}"
    );
    let error = client.download(&Object::Leads, &completed(FILE), "/".as_ref(), &options).await.unwrap_err();
    assert_eq!(error.to_string(), "refused: `/` is no path of a file");
}

#[tokio::test]
async fn progress_tells_the_bytes_on_disk() {
    let disk = Disk::new();
    fs::write(disk.part(), &FILE[..10]).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let options = DownloadOptions::default().on_progress(move |bytes| told.lock().unwrap().push(bytes));
    disk.download_with(&completed(FILE), vec![rest(10)], &options).await.0.unwrap();
    assert_eq!(*seen.lock().unwrap(), [41]);
}

/// A transport that has one file and answers each range of it; or always all of it.
#[derive(Clone)]
struct Ranges {
    file: Arc<Vec<u8>>,
    ignores: bool,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Transport for Ranges {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        if request.uri().path() == "/identity/oauth/token" {
            let Reply::Answer(response) = Reply::token("token", 3600) else { unreachable!() };
            return Box::pin(std::future::ready(Ok(response)));
        }
        let range = request.headers().get("range").map_or("", |range| range.to_str().unwrap()).to_owned();
        self.seen.lock().unwrap().push(range.clone());
        let numbers = range.trim_start_matches("bytes=").split_once('-');
        let reply = match numbers {
            Some((start, end)) if !self.ignores => {
                let end = end.parse().map_or(self.file.len(), |last: usize| last + 1);
                Reply::range(&self.file, start.parse().unwrap(), end)
            }
            _ => Reply::new(200, "text/csv", self.file.to_vec()),
        };
        let Reply::Answer(response) = reply else { unreachable!() };
        Box::pin(std::future::ready(Ok(response)))
    }
}

#[tokio::test]
async fn several_ranges_come_at_once_and_in_order() {
    const MIB: usize = 1 << 20;
    let file: Arc<Vec<u8>> = Arc::new((0..9 * MIB + 1).map(|at| (at / 1000 % 251) as u8).collect());
    let job = JobInfo { format: None, ..completed(&file) };
    let options = DownloadOptions::default().ranges(5.try_into().unwrap());
    for (ignores, left, ranges, resumed) in [
        (false, 0, vec!["bytes=0-4194303", "bytes=4194304-8388607", "bytes=8388608-9437184"], 0),
        (false, 6 * MIB, vec!["bytes=6291456-"], 6 * MIB),
        (false, MIB, vec!["bytes=1048576-5242879", "bytes=5242880-9437183", "bytes=9437184-9437184"], MIB),
        // One call tells that ranges are ignored; the rest comes by one more.
        (true, MIB, vec!["bytes=1048576-", "bytes=1048576-5242879"], 0),
    ] {
        let disk = Disk::new();
        if left > 0 {
            fs::write(disk.part(), &file[..left]).unwrap();
        }
        let transport = Ranges { file: file.clone(), ignores, seen: Arc::default() };
        let builder = builder(&Listed::new([]), &Jumping::default()).transport(transport.clone());
        let outcome = builder.build().unwrap().download(&Object::Leads, &job, &disk.path(), &options).await;
        assert_eq!(outcome.unwrap().resumed, resumed as u64);
        let mut seen = transport.seen.lock().unwrap().clone();
        seen.sort();
        assert_eq!(seen, ranges);
        assert!(fs::read(disk.path()).unwrap() == **file);
    }
}
