//! What becomes of each answer to a call for a file, seen through the stream.

use futures_util::TryStreamExt;
use tokio::io::AsyncReadExt;

use super::*;

const FILE: &[u8] = b"id,email\n1,a@example.com\n2,b@example.com\n";

/// What a stream of the file yields, the ranges that were asked for, and the waits.
async fn streamed(job: JobInfo, replies: Vec<Reply>) -> (Result<Vec<u8>, Error>, Vec<String>, Vec<u64>) {
    let listed = Listed::new(replies);
    let (client, clock) = client(&listed);
    let options = DownloadOptions::default().idle(Duration::from_millis(30));
    let stream = download::stream(&client, &Object::Leads, &job, &options);
    let bytes = match stream {
        Ok(stream) => stream.try_fold(Vec::new(), |all, chunk| async move { Ok([all, chunk.to_vec()].concat()) }).await,
        Err(error) => Err(error),
    };
    listed.done();
    (bytes, listed.ranges(), clock.waits())
}

fn whole() -> Reply {
    Reply::new(200, "text/csv", FILE)
}

fn cut(at: usize, kind: TransportErrorKind) -> Reply {
    Reply::body(200, "text/csv;charset=UTF-8", broken(&[&FILE[..at]], kind))
}

fn expired() -> Reply {
    Reply::error(602, "Access token expired")
}

#[tokio::test]
async fn a_file_is_gone_on_from_after_every_trouble() {
    let rest = |start| Reply::range(FILE, start, FILE.len());
    for (replies, ranges) in [
        (vec![whole()], vec![""]),
        (vec![Reply::range(FILE, 0, FILE.len())], vec![""]),
        // A drop, twice; a body that ends too soon; a stall, in the body and before it.
        (
            vec![
                cut(5, TransportErrorKind::Lost),
                Reply::body(206, "text/csv", broken(&[&FILE[5..9]], TransportErrorKind::Timeout))
                    .header("content-range", &format!("bytes 5-{}/{}", FILE.len() - 1, FILE.len())),
                rest(9),
            ],
            vec!["", "bytes=5-", "bytes=9-"],
        ),
        (vec![Reply::new(200, "text/csv", &FILE[..7]), rest(7)], vec!["", "bytes=7-"]),
        (vec![Reply::body(200, "text/csv", stalled(&[&FILE[..8]])), rest(8)], vec!["", "bytes=8-"]),
        (vec![Reply::Fail(TransportErrorKind::Idle), whole()], vec!["", ""]),
        // Ranges shorter than what was asked for.
        (vec![Reply::range(FILE, 0, 4), Reply::range(FILE, 4, 6), rest(6)], vec!["", "bytes=4-", "bytes=6-"]),
        // The token ends, before and within.
        (vec![expired(), whole()], vec!["", ""]),
        (vec![cut(5, TransportErrorKind::Lost), expired(), rest(5)], vec!["", "bytes=5-", "bytes=5-"]),
        // JSON where the file should go on, with another type of content too.
        (
            vec![cut(5, TransportErrorKind::Lost), Reply::error(606, "Max rate limit"), rest(5)],
            vec!["", "bytes=5-", "bytes=5-"],
        ),
        (
            vec![
                Reply::new(200, "text/csv", r#"{"success":false,"errors":[{"code":"608","message":"x"}]}"#)
                    .header("content-length", "57"),
                whole(),
            ],
            vec!["", ""],
        ),
        // Ranges that are not the one that was asked for.
        (vec![cut(5, TransportErrorKind::Lost), Reply::range(FILE, 4, 20), rest(5)], vec!["", "bytes=5-", "bytes=5-"]),
        (
            vec![
                cut(5, TransportErrorKind::Lost),
                Reply::new(206, "text/csv", &FILE[5..]).header("content-range", "bytes 5-40/50"),
                rest(5),
            ],
            vec!["", "bytes=5-", "bytes=5-"],
        ),
        (
            vec![cut(5, TransportErrorKind::Lost), Reply::new(206, "text/csv", &FILE[5..]), rest(5)],
            vec!["", "bytes=5-", "bytes=5-"],
        ),
        (
            vec![cut(5, TransportErrorKind::Lost), rest(5).header("content-encoding", "gzip"), rest(5)],
            vec!["", "bytes=5-", "bytes=5-"],
        ),
        // The whole file where its rest was asked for: what came before is left out.
        (vec![cut(5, TransportErrorKind::Lost), whole()], vec!["", "bytes=5-"]),
        // The file is there later than the state says.
        (vec![Reply::new(404, "text/plain", "no"), Reply::new(404, "text/plain", "no"), whole()], vec!["", "", ""]),
        (vec![Reply::new(502, "text/html", "<html>"), whole()], vec!["", ""]),
    ] {
        let (bytes, asked, _) = streamed(completed(FILE), replies).await;
        assert_eq!(bytes.unwrap(), FILE);
        assert_eq!(asked, ranges);
    }
}

#[tokio::test]
async fn what_is_wrong_ends_in_an_error() {
    let missing = || Reply::new(404, "text/plain", "no");
    let garbled = [b"jd", &FILE[2..]].concat();
    let promised = |size, records| JobInfo { size: Some(size), records: Some(records), ..completed(FILE) };
    for (job, replies, kind, text) in [
        (
            completed(FILE),
            vec![Reply::new(200, "text/csv", garbled.clone())],
            ErrorKind::Integrity,
            format!(
                "the file's checksum is {}, the job says {}",
                Checksum(Sha256::digest(&garbled).into()),
                completed(FILE).checksum.unwrap()
            ),
        ),
        (promised(41, 3), vec![whole()], ErrorKind::Integrity, "the file has 2 records, the job says 3".to_owned()),
        (
            promised(40, 2),
            vec![whole()],
            ErrorKind::Integrity,
            "file: more than the 40 bytes that were promised".to_owned(),
        ),
        (
            completed(FILE),
            vec![Reply::body(
                200,
                "text/csv",
                Body::from_stream(stream::iter([FILE, b"x"].map(|chunk| Ok(Bytes::from_static(chunk))))),
            )],
            ErrorKind::Integrity,
            "file: more than the 41 bytes that were promised".to_owned(),
        ),
        (
            completed(FILE),
            (0..5).map(|_| missing()).collect(),
            ErrorKind::NoFile,
            "file: HTTP 404: there is no file".to_owned(),
        ),
        (
            completed(FILE),
            (0..5).map(|_| Reply::new(200, "text/csv", &FILE[..0])).collect(),
            ErrorKind::Transport,
            "file: the connection was lost: the body ended too soon".to_owned(),
        ),
        (
            completed(FILE),
            (0..5).map(|_| whole().header("content-encoding", "gzip")).collect(),
            ErrorKind::Answer,
            "file: the file is encoded, although no encoding was asked for".to_owned(),
        ),
        (
            completed(FILE),
            (0..5).map(|_| Reply::json(r#"{"success":true}"#)).collect(),
            ErrorKind::Answer,
            "file: JSON in place of a file".to_owned(),
        ),
        (
            completed(FILE),
            vec![Reply::error(603, "Access denied")],
            ErrorKind::AccessDenied,
            "file: 603: Access denied".to_owned(),
        ),
        (
            completed(FILE),
            vec![Reply::new(307, "text/html", "").header("location", "https://example.com/")],
            ErrorKind::Redirect,
            "file: HTTP 307: a redirect, which is not followed".to_owned(),
        ),
        (completed(FILE), vec![], ErrorKind::JobState, "the job e-1 is Processing, and has no file yet".to_owned()),
        (
            JobInfo { checksum: None, ..completed(FILE) },
            vec![],
            ErrorKind::Integrity,
            "the job e-1 promises no checksum of its file: it cannot be verified".to_owned(),
        ),
        (
            JobInfo { size: None, ..completed(FILE) },
            vec![],
            ErrorKind::Integrity,
            "the job e-1 promises no size of its file: it cannot be verified".to_owned(),
        ),
    ] {
        let job = if kind == ErrorKind::JobState { JobInfo { status: Status::Processing, ..job } } else { job };
        let error = streamed(job, replies).await.0.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (kind, text));
    }
}

#[tokio::test]
async fn no_records_are_no_trouble() {
    let empty = JobInfo { records: Some(0), ..completed(b"id\n") };
    for (job, replies, file) in [
        (empty.clone(), vec![Reply::new(200, "text/csv", "id\n")], "id\n"),
        (empty.clone(), vec![Reply::new(404, "text/plain", "no")], ""),
        (completed(b""), vec![], ""),
        (JobInfo { size: Some(0), checksum: None, records: Some(0), ..empty.clone() }, vec![], ""),
        (JobInfo { size: None, checksum: None, ..empty }, vec![], ""),
    ] {
        assert_eq!(streamed(job, replies).await.0.unwrap(), file.as_bytes());
    }
}

#[tokio::test]
async fn attempts_are_counted_anew_after_progress() {
    let file = vec![b'x'; 6 << 20];
    let replies = (0..5).map(|number| {
        let (start, end) = (number << 20, (number + 1) << 20);
        let place = format!("bytes {start}-{}/{}", file.len() - 1, file.len());
        Reply::body(206, "text/csv", broken(&[&file[start..end]], TransportErrorKind::Lost))
            .header("content-range", &place)
    });
    let replies = replies.chain([Reply::range(&file, 5 << 20, file.len())]).collect();
    let job = JobInfo { format: None, ..completed(&file) };
    let (bytes, ranges, _) = streamed(job, replies).await;
    assert_eq!(bytes.unwrap().len(), file.len());
    assert_eq!(ranges.len(), 6);
}

#[tokio::test]
async fn a_job_without_promises_is_taken_where_that_is_allowed() {
    let job = JobInfo { size: None, checksum: None, ..completed(FILE) };
    let options = DownloadOptions::default().allow_unverified(true);
    for replies in [
        vec![whole()],
        vec![cut(5, TransportErrorKind::Lost), Reply::range(FILE, 5, 20), Reply::range(FILE, 20, FILE.len())],
        vec![whole().header("content-length", "41")],
    ] {
        let listed = Listed::new(replies);
        let download = download::stream(&client(&listed).0, &Object::Leads, &job, &options).unwrap();
        let bytes: Vec<_> = download.try_collect().await.unwrap();
        assert_eq!(bytes.concat(), FILE);
        listed.done();
    }
}

#[tokio::test]
async fn a_reader_ends_where_all_was_verified_and_nowhere_else() {
    let reader = |replies| {
        let listed = Listed::new(replies);
        download::stream(&client(&listed).0, &Object::Leads, &completed(FILE), &DownloadOptions::default()).unwrap()
    };
    let mut read = Vec::new();
    reader(vec![cut(9, TransportErrorKind::Lost), Reply::range(FILE, 9, FILE.len())])
        .read_to_end(&mut read)
        .await
        .unwrap();
    assert_eq!(read, FILE);

    let mut broken = reader(vec![Reply::new(200, "text/csv", vec![b'x'; FILE.len()])]);
    let error = broken.read_to_end(&mut Vec::new()).await.unwrap_err();
    let cause = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(cause.kind(), ErrorKind::Integrity);
    assert_eq!(broken.read(&mut [0; 8]).await.unwrap_err().to_string(), "the download failed before");
}
