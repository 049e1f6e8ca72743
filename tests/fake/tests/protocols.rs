//! TLS and HTTP/2, through a client that is not ours.

#![expect(clippy::unwrap_used, reason = "a test panics where something is wrong")]

use std::time::Duration;

use fake::{Config, Fake, Limits, Outcome, Trouble};
use reqwest::{Certificate, Client, ClientBuilder, StatusCode, Version};

fn client(fake: &Fake) -> ClientBuilder {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy();
    match fake.certificate_pem() {
        Some(pem) => builder.tls_certs_only([Certificate::from_pem(pem.as_bytes()).unwrap()]),
        None => builder,
    }
}

async fn start(config: Config) -> Fake {
    Fake::start(config.limits(Limits::none())).await.unwrap()
}

async fn call(client: &Client, fake: &Fake) -> reqwest::Result<(StatusCode, Version, String)> {
    let request = client.post(fake.soap_url("3_1")).header("soapaction", "\"getLead\"").body("hello");
    let response = request.send().await?;
    Ok((response.status(), response.version(), response.text().await?))
}

fn text() -> Trouble {
    Trouble::answer(200, "text/plain", "0123456789")
}

#[tokio::test]
async fn tls_is_trusted_by_its_authority_alone() {
    for (config, version) in [(Config::new(), Version::HTTP_2), (Config::new().http1_only(), Version::HTTP_11)] {
        let fake = start(config.tls()).await;
        assert!(fake.url().starts_with("https://127.0.0.1:"));
        fake.script().on("getLead", text());
        let trusting = client(&fake).build().unwrap();
        assert_eq!(call(&trusting, &fake).await.unwrap(), (StatusCode::OK, version, "0123456789".to_owned()));
        let other = start(Config::new().tls()).await;
        let distrusting = client(&other).build().unwrap();
        assert!(call(&distrusting, &fake).await.unwrap_err().is_connect());
        assert_eq!(fake.calls().len(), 1);
    }
}

#[tokio::test]
async fn many_calls_share_a_connection_of_http_2() {
    let fake = start(Config::new()).await;
    let client = client(&fake).http2_prior_knowledge().build().unwrap();
    fake.script().on("getLead", text().delay(Duration::from_millis(20)));
    let (slow, quick) = tokio::join!(call(&client, &fake), call(&client, &fake));
    assert_eq!(slow.unwrap().1, Version::HTTP_2);
    assert_eq!(quick.unwrap().0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(fake.connections(), 1);
    assert_eq!(fake.calls().most_at_once(), 2);
}

#[tokio::test]
async fn troubles_over_tls_and_http_2() {
    let fake = start(Config::new().tls()).await;
    let client = client(&fake).build().unwrap();
    for trouble in [
        Trouble::reset_before_read(),
        Trouble::reset_after_read(),
        Trouble::garbage("garbage"),
        text().reset_at(0),
        text().reset_at(4),
        text().truncate_at(4),
    ] {
        fake.script().on("getLead", trouble.clone());
        call(&client, &fake).await.expect_err(&format!("{trouble:?}"));
        assert_eq!(fake.calls().last().unwrap().outcome, Outcome::Cut);
    }
    fake.script().reset_connections(1);
    assert!(call(&client, &fake).await.unwrap_err().is_connect());
    fake.script().on("getLead", text().drip(3, Duration::from_millis(1)));
    assert_eq!(call(&client, &fake).await.unwrap().2, "0123456789");
}
