//! HTTP/2 over TLS where the service speaks it, HTTP/1.1 elsewhere; connections are used again.

use bytes::Bytes;
use fake::{Config, ENCRYPTION_KEY, Fake, Limits, Trouble, When};
use futures_util::future::join_all;
use generated::v3_1::{MktowsPort, ParamsListMObjects};
use http::{Request, Version};
use runtime::transport::{HttpTransport, Transport};

fn fake(config: Config) -> Fake {
    tests::secrets::watch([ENCRYPTION_KEY]);
    Fake::start_blocking(config.limits(Limits::none())).unwrap()
}

fn transport(fake: &Fake) -> HttpTransport {
    let builder = HttpTransport::builder().no_proxy().allow_http();
    let builder = match fake.certificate_pem() {
        Some(pem) => builder.root_certificates(pem.as_bytes()).unwrap(),
        None => builder,
    };
    builder.build().unwrap()
}

#[tokio::test]
async fn the_newest_protocol_that_both_speak() {
    for (config, version) in [
        (Config::new().tls(), Version::HTTP_2),
        (Config::new().tls().http1_only(), Version::HTTP_11),
        (Config::new(), Version::HTTP_11),
    ] {
        let fake = fake(config);
        fake.script().add(When::any(), Trouble::answer(200, "text/plain", "hello"));
        let request = Request::post(fake.soap_url("3_1")).body(Bytes::from_static(b"?")).unwrap();
        let answer = transport(&fake).send(request).await.unwrap();
        assert_eq!(answer.version(), version);
        assert_eq!(answer.into_body().collect(5).await.unwrap(), "hello");
    }
}

#[tokio::test]
async fn one_connection_serves_call_after_call() {
    for config in [Config::new(), Config::new().tls().http1_only(), Config::new().tls()] {
        let fake = fake(config);
        let port = MktowsPort::new(super::client(&fake).transport(transport(&fake)).build().unwrap());
        for _ in 0..20 {
            port.list_m_objects(ParamsListMObjects::new()).await.unwrap();
        }
        assert_eq!((fake.calls().executed(), fake.accepted()), (20, 1));
    }
}

#[tokio::test]
async fn calls_at_once_share_a_connection_of_http_2() {
    let fake = fake(Config::new().tls());
    let port = MktowsPort::new(super::client(&fake).transport(transport(&fake)).build().unwrap());
    port.list_m_objects(ParamsListMObjects::new()).await.unwrap();
    let answers = join_all((0..10).map(|_| port.list_m_objects(ParamsListMObjects::new()))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!((fake.calls().executed(), fake.accepted()), (11, 1));
}
