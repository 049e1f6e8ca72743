//! Troubles that any call may meet.

use fake::Trouble;
use futures_util::future::join_all;
use runtime::bulk::{Error, ErrorKind, Status};

use crate::setup::{HASTY, LEADS, PATIENT, Setup};

/// The steps of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Token,
    Create,
    Enqueue,
    Status,
    List,
    Cancel,
    Describe,
    File,
}

const STEPS: [Step; 8] =
    [Step::Token, Step::Create, Step::Enqueue, Step::Status, Step::List, Step::Cancel, Step::Describe, Step::File];

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Create => "create",
            Self::Enqueue => "enqueue",
            Self::Status => "status",
            Self::List => "list",
            Self::Cancel => "cancel",
            Self::Describe => "describe",
            Self::File => "file",
        }
    }
}

/// What a trouble comes to.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// The call surely was not executed and is made again.
    Again,
    /// Nobody knows whether the call was executed, and it was so often.
    Doubt(ErrorKind, u32),
    /// A new token is asked for, and the call made again.
    Renew,
    /// The error at once.
    Error(ErrorKind),
}

use Effect::{Again, Doubt, Renew};

const fn error(kind: ErrorKind) -> Effect {
    Effect::Error(kind)
}

/// Every trouble: its name, what it is, what it comes to.
fn troubles() -> Vec<(&'static str, Trouble, Effect)> {
    let html = |status| Trouble::answer(status, "text/html", "<h1>No</h1>");
    let lost = ErrorKind::Transport;
    vec![
        ("601", Trouble::error(601), Renew),
        ("602", Trouble::error(602), Renew),
        ("603", Trouble::error(603), error(ErrorKind::AccessDenied)),
        ("604", Trouble::error(604), Doubt(ErrorKind::Timeout, 0)),
        ("604 after all", Trouble::error(604).executed(), Doubt(ErrorKind::Timeout, 1)),
        ("606", Trouble::error(606), Again),
        ("607", Trouble::error(607), error(ErrorKind::DailyCalls)),
        ("608", Trouble::error(608), Again),
        ("610", Trouble::error(610), error(ErrorKind::Malformed)),
        ("611", Trouble::error(611), Again),
        ("614", Trouble::error(614), Again),
        ("615", Trouble::error(615), Again),
        ("616", Trouble::error(616), error(ErrorKind::Unsupported)),
        ("713", Trouble::error(713), Again),
        ("1003", Trouble::error(1003), error(ErrorKind::Invalid)),
        ("1035", Trouble::error(1035), error(ErrorKind::Filter)),
        ("an unknown code", Trouble::error_with(1999, "Unheard of"), error(ErrorKind::Invalid)),
        ("403", html(403), error(ErrorKind::AccessDenied)),
        ("413", html(413), error(ErrorKind::Malformed)),
        ("429", html(429), Again),
        ("500", html(500), Doubt(ErrorKind::Server, 0)),
        ("502", html(502), Doubt(ErrorKind::Unavailable, 0)),
        ("502 after all", html(502).executed(), Doubt(ErrorKind::Unavailable, 1)),
        ("a redirect", Trouble::redirect(302, "https://example.com/"), error(ErrorKind::Redirect)),
        ("reset before it was read", Trouble::reset_before_read(), Doubt(lost, 0)),
        ("reset after it was read", Trouble::reset_after_read(), Doubt(lost, 0)),
        ("the answer is lost", Trouble::reset_after_execution(), Doubt(lost, 1)),
        ("the answer is cut", Trouble::none().truncate_at(9), Doubt(lost, 1)),
        ("the answer is reset", Trouble::none().reset_at(9), Doubt(lost, 1)),
        ("the answer stalls", Trouble::none().stall_at(9), Doubt(lost, 1)),
        ("silence", Trouble::silence(), Doubt(lost, 0)),
        ("garbage", Trouble::garbage("BEEP"), Doubt(lost, 0)),
        ("HTML", html(200), Doubt(ErrorKind::Answer, 0)),
        ("an empty answer", Trouble::answer(200, "application/json", ""), Doubt(ErrorKind::Answer, 0)),
        ("half an answer", Trouble::answer(200, "application/json", "{\"success\":tr"), Doubt(ErrorKind::Answer, 0)),
        ("no result", Trouble::answer(200, "application/json", "{\"success\":false}"), Doubt(ErrorKind::Answer, 0)),
        ("an encoded answer", Trouble::none().gzip(), Doubt(ErrorKind::Answer, 1)),
    ]
}

/// The outcome and the calls that are expected of a trouble at a step.
fn expected(step: Step, effect: Effect) -> (Result<(), (ErrorKind, bool)>, Vec<String>) {
    let own = step.name();
    let times = |count| if count == 1 { own.to_owned() } else { format!("{own}×{count}") };
    let failed = |count| vec![times(count)];
    let lines = |calls: &[&str]| calls.iter().map(|call| (*call).to_owned()).collect::<Vec<_>>();
    match (step, effect) {
        // Its envelopes are read too; a token that is refused is nobody's.
        (Step::Token, Renew) => (Err((ErrorKind::Token, false)), failed(0)),
        (Step::Token, Effect::Error(kind)) => (Err((kind, false)), failed(0)),
        (Step::Token, Again) => (Ok(()), [failed(0), lines(&["token", "list"])].concat()),
        // An answer without a token, however it is encoded.
        (Step::Token, Doubt(_, count)) => (Ok(()), [failed(count), lines(&["token", "list"])].concat()),
        (_, Effect::Error(ErrorKind::Invalid)) if step == Step::Cancel => {
            (Err((ErrorKind::Invalid, false)), [failed(0), lines(&["status"])].concat())
        }
        (_, Effect::Error(kind)) => (Err((kind, false)), failed(0)),
        (_, Again) => (Ok(()), [failed(0), lines(&[own])].concat()),
        (_, Renew) => (Ok(()), [failed(0), lines(&["token", own])].concat()),
        (Step::Create, Doubt(kind, count)) => (Err((kind, true)), failed(count)),
        (Step::Enqueue, Doubt(_, 0)) => (Ok(()), [failed(0), lines(&["status", "enqueue"])].concat()),
        (Step::Enqueue, Doubt(..)) => (Ok(()), lines(&["enqueue", "status"])),
        (_, Doubt(_, count)) => (Ok(()), [failed(count), lines(&[own])].concat()),
    }
}

async fn take(setup: &Setup, step: Step, trouble: Trouble) -> Result<(), Error> {
    let Setup { fake, client } = setup;
    let id = match step {
        Step::Token | Step::Create | Step::Describe => None,
        _ => Some(setup.created().await),
    };
    if step == Step::File {
        let id = id.as_ref().unwrap();
        client.enqueue(&LEADS, id).await.unwrap();
        fake.clock().advance(std::time::Duration::from_secs(600));
    }
    let completed = match &id {
        Some(id) => Some(client.status(&LEADS, id).await.unwrap()),
        None => None,
    };
    if step != Step::Token && id.is_none() {
        client.list(&LEADS, &[]).await.unwrap();
    }
    fake.clear_calls();
    fake.script().on(step.name(), trouble);
    let id = id.as_ref();
    match step {
        Step::Token => client.list(&LEADS, &[]).await.map(|_| ()),
        Step::Create => client.create(&setup.request()).await.map(|job| assert_eq!(job.status, Status::Created)),
        Step::Enqueue => client.enqueue(&LEADS, id.unwrap()).await.map(|job| assert_eq!(job.status, Status::Queued)),
        Step::Status => client.status(&LEADS, id.unwrap()).await.map(|job| assert_eq!(job.status, Status::Created)),
        Step::List => client.list(&LEADS, &[Status::Created]).await.map(|jobs| assert_eq!(jobs.len(), 1)),
        Step::Cancel => client.cancel(&LEADS, id.unwrap()).await.map(|job| assert_eq!(job.status, Status::Cancelled)),
        Step::Describe => client.describe(&LEADS).await.map(|found| assert!(found.kind("email").is_some())),
        Step::File => {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("leads.csv");
            let options = Default::default();
            client.download(&LEADS, &completed.unwrap(), &path, &options).await.map(|file| {
                let expected = setup.job(id.unwrap()).file.unwrap();
                assert_eq!(file.records, Some(40));
                assert_eq!(std::fs::metadata(&path).unwrap().len(), expected.size());
            })
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_trouble_at_each_step() {
    let cells = troubles().into_iter().flat_map(|(name, trouble, effect)| {
        STEPS.into_iter().map(move |step| {
            let trouble = trouble.clone();
            async move {
                let waits = name == "silence" || name == "the answer stalls";
                let setup = Setup::new(if waits { HASTY } else { PATIENT }).await;
                let outcome = take(&setup, step, trouble).await;
                let outcome = outcome.map_err(|error| (error.kind(), error.fate_unknown()));
                let found = (outcome, setup.calls());
                assert_eq!(setup.fake.script().pending(), 0, "{name} × {step:?}: {found:?}");
                let expected = expected(step, effect);
                (found != expected).then(|| format!("{name} × {step:?}: {found:?}, expected {expected:?}"))
            }
        })
    });
    let wrong: Vec<_> = join_all(cells).await.into_iter().flatten().collect();
    assert_eq!(wrong, Vec::<String>::new(), "\n{}", wrong.join("\n"));
}
