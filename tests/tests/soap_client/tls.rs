//! TLS: trust, and connections that end before there is one.

use fake::{Config, ENCRYPTION_KEY, Fake, Limits, USER_ID};
use generated::v3_1::{LeadRecord, MktowsPort, ParamsListMObjects, ParamsSyncLead};
use runtime::client::{Client, ClientBuilder, Fate};
use runtime::soap::ErrorKind;
use runtime::transport::HttpTransport;

fn fake() -> Fake {
    tests::secrets::watch([ENCRYPTION_KEY]);
    Fake::start_blocking(Config::new().tls().limits(Limits::none())).unwrap()
}

fn client(fake: &Fake, trusting: bool) -> ClientBuilder {
    let mut transport = HttpTransport::builder().no_proxy();
    if trusting {
        transport = transport.root_certificates(fake.certificate_pem().unwrap().as_bytes()).unwrap();
    }
    let transport = transport.build().or_else(|_| {
        // A machine that trusts nobody: with a certificate of another fake it trusts only that.
        let other = self::fake();
        HttpTransport::builder().no_proxy().root_certificates(other.certificate_pem().unwrap().as_bytes())?.build()
    });
    super::client(fake).credentials(USER_ID, ENCRYPTION_KEY).transport(transport.unwrap())
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_by_name() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake, true).build().unwrap());
    port.list_m_objects(ParamsListMObjects::new()).await.unwrap();
    assert_eq!(fake.calls().executed(), 1);

    let port: MktowsPort<Client> = MktowsPort::new(client(&fake, false).build().unwrap());
    let error = port.list_m_objects(ParamsListMObjects::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Transport, Fate::NotExecuted));
    assert!(error.to_string().contains("invalid peer certificate: UnknownIssuer"), "{error}");
    assert_eq!(fake.calls().len(), 1);
}

/// The same troubles as in clear, over HTTP/2, where one connection carries all calls; and over HTTP/1.1.
#[tokio::test]
async fn connections_that_break() {
    for config in [Config::new().tls(), Config::new().tls().http1_only()] {
        let fake = Fake::start_blocking(config.limits(Limits::none())).unwrap();
        let port = MktowsPort::new(client(&fake, true).build().unwrap());
        super::matrix::hold(&fake, &port, super::matrix::connections()).await;
    }
}

#[tokio::test]
async fn a_call_that_writes_is_made_again_where_the_handshake_failed() {
    let fake = fake();
    let port = MktowsPort::new(client(&fake, true).build().unwrap());
    fake.script().reset_connections(2);
    let lead = LeadRecord::new().email("tls@example.com");
    port.sync_lead(ParamsSyncLead::new(lead, false)).await.unwrap();
    assert_eq!((fake.calls().len(), fake.calls().executed()), (1, 1));
}
