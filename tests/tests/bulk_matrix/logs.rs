//! What is logged and what errors say, searched for secrets.

use std::io;
use std::sync::{Arc, Mutex};

use fake::{CLIENT_ID, CLIENT_SECRET, Trouble};
use runtime::bulk::{Error, TokenCache};
use tests::secrets::{Secrets, shown};
use tracing_subscriber::fmt::MakeWriter;

use crate::setup::{LEADS, PATIENT, Setup};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_is_logged_or_said() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let cache = TokenCache::new();
    let setup = Setup::with(PATIENT, |builder| builder.partner_id("partner-key-123").tokens(&cache)).await;
    let mut errors: Vec<Error> = Vec::new();
    // What others say of the secrets that they were sent.
    let script = setup.fake.script();
    script.on("token", Trouble::answer(401, "text/plain", CLIENT_SECRET));
    errors.extend(setup.client.list(&LEADS, &[]).await.err());
    let redirect = format!("https://example.com/?client_secret={CLIENT_SECRET}");
    script.on("token", Trouble::redirect(302, &redirect));
    errors.extend(setup.client.list(&LEADS, &[]).await.err());
    script.on("token", Trouble::error_with(603, CLIENT_SECRET));
    errors.extend(setup.client.list(&LEADS, &[]).await.err());
    script.add(fake::When::call("token").times(5), Trouble::garbage(CLIENT_SECRET));
    errors.extend(setup.client.list(&LEADS, &[]).await.err());

    let id = setup.created().await;
    let token = setup.fake.identity().issued().pop().unwrap();
    for trouble in [Trouble::error_with(1003, format!("{token} is bad")), Trouble::redirect(307, &redirect)] {
        script.on("enqueue", trouble);
        errors.extend(setup.client.enqueue(&LEADS, &id).await.err());
    }
    setup.client.enqueue(&LEADS, &id).await.unwrap();
    setup.fake.clock().advance(std::time::Duration::from_secs(600));
    let job = setup.client.status(&LEADS, &id).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    script.on("file", Trouble::none().truncate_at(100));
    script.on("file", Trouble::error_with(608, token.clone()));
    script.on("file", Trouble::error_with(603, token));
    for _ in 0..2 {
        let path = folder.path().join("leads.csv");
        errors.extend(setup.client.download(&LEADS, &job, &path, &Default::default()).await.err());
    }
    assert_eq!((errors.len(), script.pending()), (7, 0));

    let issued = setup.fake.identity().issued();
    let mut secrets = Secrets::new([CLIENT_SECRET, CLIENT_ID, "partner-key-123"]);
    secrets.add(issued.iter().map(String::as_str));
    secrets.check(&format!("{:?} {cache:?}", setup.client));
    errors.iter().for_each(|error| secrets.check(&shown(error)));
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("downloaded") && logged.contains("enqueue"), "nothing was logged: {logged}");
    logged.lines().for_each(|line| secrets.check(line));
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    files.iter().for_each(|path| secrets.check(&String::from_utf8_lossy(&std::fs::read(path).unwrap())));
    // Of leads, nothing above debug.
    let told = logged.lines().filter(|line| line.contains(" INFO ") || line.contains(" WARN "));
    assert!(told.into_iter().all(|line| !line.contains('@')), "{logged}");
}
