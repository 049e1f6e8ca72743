//! Troubles in the middle of a file: what is asked for, what stands on disk.

use std::path::PathBuf;
use std::time::Duration;

use fake::bulk::{Empty, Fate, File};
use fake::{Trouble, When};
use runtime::bulk::{DownloadOptions, Downloaded, Error, ErrorKind, ExportId, JobInfo};

use crate::setup::{HASTY, LEADS, PATIENT, Setup};

/// Where files are broken.
const AT: u64 = 20_000;
const REST: &str = "bytes=20000-";

/// 3,000 records.
fn csv() -> Vec<u8> {
    (0..3_000).fold(b"id,email\n".to_vec(), |mut csv, id| {
        csv.extend_from_slice(format!("{id},\"lead\n{id}@example.com\"\n").as_bytes());
        csv
    })
}

/// A job with a file, and where it is downloaded to.
struct Case {
    setup: Setup,
    id: ExportId,
    folder: tempfile::TempDir,
}

impl Case {
    async fn new(idle: Duration, fate: Fate) -> Self {
        let setup = Setup::new(idle).await;
        setup.fake.bulk().next_job(fate);
        let id = setup.created().await;
        setup.client.enqueue(&LEADS, &id).await.unwrap();
        setup.fake.clock().advance(Duration::from_secs(600));
        setup.client.status(&LEADS, &id).await.unwrap();
        setup.fake.clear_calls();
        Self { setup, id, folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("leads.csv")
    }

    async fn info(&self) -> JobInfo {
        self.setup.client.status(&LEADS, &self.id).await.unwrap()
    }

    async fn download(&self) -> Result<Downloaded, Error> {
        self.download_with(&DownloadOptions::default()).await
    }

    async fn download_with(&self, options: &DownloadOptions) -> Result<Downloaded, Error> {
        let info = self.info().await;
        self.setup.fake.clear_calls();
        let outcome = self.setup.client.download(&LEADS, &info, &self.path(), options).await;
        assert_eq!(self.setup.fake.script().pending(), 0);
        outcome
    }

    /// The ranges of all calls for the file, answered with it or not; `-` for the whole.
    fn ranges(&self) -> Vec<String> {
        let calls = self.setup.fake.calls().of("file").into_iter();
        calls.map(|call| call.headers.get("range").map_or("-", |range| range.to_str().unwrap()).to_owned()).collect()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// The file stands there, and nothing beside it.
    fn assert(&self, file: &[u8]) {
        assert!(std::fs::read(self.path()).unwrap() == file);
        assert_eq!(self.names(), ["leads.csv"]);
    }
}

fn fate() -> Fate {
    Fate::new().file(File::new(csv(), 3_000))
}

fn cut() -> Trouble {
    Trouble::none().truncate_at(AT)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_whole_whatever_happens_in_its_middle() {
    let total = csv().len();
    let again = |text: &str| Trouble::none().header("content-range", text);
    let place = format!("bytes {AT}-{}/{total}", total - 1);
    let wrong_start = format!("bytes 19999-{}/{total}", total - 1);
    let wrong_total = format!("bytes {AT}-{}/{}", total - 1, total + 1);
    // What happens to the calls one after another; what becomes of the file; the ranges asked for; how often it is begun anew; new tokens.
    for (name, troubles, fate, ranges, restarts, tokens) in [
        ("nothing", vec![], fate(), vec!["-"], 0, 0),
        ("cut", vec![cut()], fate(), vec!["-", REST], 0, 0),
        ("cut in its first line", vec![Trouble::none().truncate_at(3)], fate(), vec!["-", "bytes=3-"], 0, 0),
        (
            "cut again and again",
            vec![cut(), Trouble::none().truncate_at(1), Trouble::none().truncate_at(10)],
            fate(),
            vec!["-", REST, "bytes=20001-", "bytes=20011-"],
            0,
            0,
        ),
        ("wrong bytes", vec![Trouble::none().corrupt(AT, "X")], fate(), vec!["-", "-"], 1, 0),
        ("wrong bytes after a cut", vec![cut(), Trouble::none().corrupt(5, "X")], fate(), vec!["-", REST, "-"], 1, 0),
        ("200 to a range", vec![cut()], fate().ignores_range(1), vec!["-", REST], 0, 0),
        ("200 to a range, cut", vec![cut(), cut()], fate().ignores_range(1), vec!["-", REST, REST], 0, 0),
        ("a range that begins before", vec![cut(), again(&wrong_start)], fate(), vec!["-", REST, REST], 0, 0),
        ("a range of another file", vec![cut(), again(&wrong_total)], fate(), vec!["-", REST, REST], 0, 0),
        ("a range without a place", vec![cut(), again("")], fate(), vec!["-", REST, REST], 0, 0),
        (
            "206 to no range",
            vec![Trouble::none().status(206).header("content-range", &place)],
            fate(),
            vec!["-", "-"],
            0,
            0,
        ),
        ("JSON in place of a range", vec![cut(), Trouble::error(606)], fate(), vec!["-", REST, REST], 0, 0),
        (
            "JSON that says it is a range",
            vec![cut(), Trouble::error(608).status(206).header("content-range", &place)],
            fate(),
            vec!["-", REST, REST],
            0,
            0,
        ),
        ("JSON that says it is CSV", vec![Trouble::error(615).content_type("text/csv")], fate(), vec!["-", "-"], 0, 0),
        (
            "a file that says it is JSON",
            vec![Trouble::none().content_type("application/json")],
            fate(),
            vec!["-", "-"],
            0,
            0,
        ),
        ("an encoded range", vec![cut(), Trouble::none().gzip()], fate(), vec!["-", REST, REST], 0, 0),
        ("a token that expires", vec![cut()], fate().token_expires_at(10_000), vec!["-", REST, REST], 0, 1),
        ("a token that is revoked", vec![cut()], fate().token_revoked_at(10_000), vec!["-", REST, REST], 0, 1),
        (
            "something else in place of a range",
            vec![cut(), Trouble::answer(200, "text/plain", "busy")],
            fate(),
            vec!["-", REST, REST],
            0,
            0,
        ),
        ("something else", vec![Trouble::answer(200, "text/plain", "busy")], fate(), vec!["-", "-"], 1, 0),
        ("a bad gateway", vec![cut(), Trouble::answer(502, "text/html", "<h1>")], fate(), vec!["-", REST, REST], 0, 0),
        ("no file yet", vec![], fate().missing(2), vec!["-", "-", "-"], 0, 0),
        ("a slow line", vec![Trouble::none().drip(40_000, Duration::from_millis(5))], fate(), vec!["-"], 0, 0),
        ("delivered twice", vec![Trouble::delivered_twice()], fate(), vec!["-"], 0, 0),
    ] {
        let case = Case::new(PATIENT, fate).await;
        for trouble in troubles {
            case.setup.fake.script().on("file", trouble);
        }
        let downloaded = case.download().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            (case.ranges(), downloaded.restarts),
            (ranges.into_iter().map(str::to_owned).collect(), restarts),
            "{name}"
        );
        assert_eq!(case.setup.fake.calls().of("token").len(), tokens, "{name}");
        assert_eq!((downloaded.records, downloaded.resumed), (Some(3_000), 0), "{name}");
        case.assert(&csv());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stall_and_a_reset_are_gone_on_from() {
    let case = Case::new(HASTY, fate()).await;
    case.setup.fake.script().on("file", Trouble::none().stall_at(AT));
    case.download().await.unwrap();
    assert_eq!(case.ranges(), ["-", REST]);
    case.assert(&csv());

    // What was on its way when the connection was reset may be lost with it.
    let case = Case::new(PATIENT, fate()).await;
    case.setup.fake.script().on("file", Trouble::none().reset_at(AT));
    case.download().await.unwrap();
    assert_eq!(case.ranges().len(), 2);
    case.assert(&csv());

    // The option's limit holds below the transport's.
    let case = Case::new(PATIENT, fate()).await;
    case.setup.fake.script().on("file", Trouble::none().stall_at(AT));
    case.download_with(&DownloadOptions::default().idle(HASTY)).await.unwrap();
    assert_eq!(case.ranges(), ["-", REST]);
    case.assert(&csv());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_wrong_is_an_error_and_leaves_no_file() {
    let every = |trouble: Trouble| Some((When::call("file").always(), trouble));
    for (name, trouble, fate, kind, calls, left) in [
        ("wrong bytes", every(Trouble::none().corrupt(AT, "X")), fate(), ErrorKind::Integrity, 2, None),
        (
            "a wrong checksum",
            None,
            fate().checksum(format!("sha256:{}", "0".repeat(64))),
            ErrorKind::Integrity,
            2,
            None,
        ),
        ("fewer bytes than said", None, fate().size(csv().len() as u64 + 1), ErrorKind::Integrity, 2, None),
        ("more bytes than said", None, fate().size(csv().len() as u64 - 1), ErrorKind::Integrity, 2, None),
        ("other records than said", None, fate().records(2_999), ErrorKind::Integrity, 2, None),
        ("no checksum", None, fate().no_checksum(), ErrorKind::Integrity, 0, None),
        ("no size", None, fate().no_size(), ErrorKind::Integrity, 0, None),
        ("no file", None, fate().missing(9), ErrorKind::NoFile, 5, Some(0)),
        ("a file that is gone", None, fate().kept(Duration::from_secs(1)), ErrorKind::NoFile, 5, Some(0)),
        ("encoded", every(Trouble::none().gzip()), fate(), ErrorKind::Answer, 5, Some(0)),
        ("JSON", every(Trouble::error(608)), fate(), ErrorKind::Unavailable, 5, Some(0)),
        ("HTML", every(Trouble::answer(200, "text/html", "<h1>")), fate(), ErrorKind::Answer, 5, Some(0)),
        ("a redirect", every(Trouble::redirect(302, "https://example.com/")), fate(), ErrorKind::Redirect, 1, Some(0)),
        ("nothing", every(Trouble::none().truncate_at(0)), fate(), ErrorKind::Transport, 5, Some(0)),
        ("access denied", every(Trouble::error(603)), fate(), ErrorKind::AccessDenied, 1, Some(0)),
    ] {
        let case = Case::new(PATIENT, fate).await;
        if let Some((when, trouble)) = trouble {
            case.setup.fake.script().add(when, trouble);
        }
        let error = case.download().await.unwrap_err();
        assert_eq!((error.kind(), case.ranges().len()), (kind, calls), "{name}: {error}");
        // What came stays beside, for the next time; what was wrong does not.
        let left = left.map(|length| (case.path().with_file_name(".leads.csv.part"), length));
        match left {
            Some((part, length)) => {
                assert_eq!(case.names(), [".leads.csv.part"], "{name}");
                assert_eq!(std::fs::metadata(part).unwrap().len(), length as u64, "{name}");
            }
            None => assert_eq!(case.names(), Vec::<String>::new(), "{name}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_process_goes_on() {
    let case = Case::new(PATIENT, fate()).await;
    case.setup.fake.script().on("file", cut());
    case.setup.fake.script().on("file", Trouble::error(603));
    assert_eq!(case.download().await.unwrap_err().kind(), ErrorKind::AccessDenied);
    let downloaded = case.download().await.unwrap();
    assert_eq!((downloaded.resumed, case.ranges()), (AT, vec![REST.to_owned()]));
    case.assert(&csv());
    // The third one has nothing left to do.
    case.download().await.unwrap();
    assert_eq!(case.ranges(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_promises_comes_where_that_is_allowed() {
    for fate in [fate().no_checksum(), fate().no_size(), fate().no_size().no_checksum().no_records()] {
        let case = Case::new(PATIENT, fate).await;
        case.setup.fake.script().on("file", cut());
        case.download_with(&DownloadOptions::default().allow_unverified(true)).await.unwrap();
        assert_eq!(case.ranges(), ["-", REST]);
        case.assert(&csv());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_records_are_an_empty_window() {
    for (empty, file) in [(Empty::Header, "id,email\n"), (Empty::NotFound, ""), (Empty::Nothing, "")] {
        let setup = Setup::new(PATIENT).await;
        setup.fake.bulk().style(|style| style.empty = empty);
        let (from, to) =
            ("2026-03-03T00:00:00Z".parse::<jiff::Timestamp>(), "2026-03-04T00:00:00Z".parse::<jiff::Timestamp>());
        let export = setup.client.leads().fields(["id", "email"]).created_at(from.unwrap(), to.unwrap());
        let job = export.create().await.unwrap().enqueue().await.unwrap().wait().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let downloaded = job.download_to(folder.path().join("leads.csv")).await.unwrap();
        assert_eq!((downloaded.bytes, downloaded.records), (file.len() as u64, Some(0)));
        assert_eq!(std::fs::read_to_string(&downloaded.path).unwrap(), file);
    }
}
