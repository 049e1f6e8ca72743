//! Many calls at once through trouble: every read is answered with what it asked for, no write is done twice, no limit is exceeded, and
//! nothing stays behind.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fake::{Config, ENCRYPTION_KEY, Fake, Trouble, USER_ID, When};
use futures_util::{StreamExt, stream};
use generated::v3_1::{ForeignSysType, LeadKey, LeadKeyRef, LeadRecord, MktowsPort, ParamsGetLead, ParamsSyncLead};
use runtime::backoff::Backoff;
use runtime::client::{Client, Error, Fate};
use runtime::pace::{Limits, Pace};
use runtime::transport::HttpTransport;
use tokio::runtime::Handle;

/// The limit at the service and at the client: so many calls in any [`WINDOW`].
const CALLS: u32 = 300;

const WINDOW: Duration = Duration::from_millis(300);

/// One call in so many, 5 of 100 in all troubles together.
const ONE_IN: u64 = 100;

/// SplitMix64, drawn from whatever thread comes next: yes in one of [`ONE_IN`] cases.
fn draws(seed: u64) -> impl Fn(&fake::Call) -> bool {
    let state = AtomicU64::new(seed);
    move |_| {
        let drawn = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).is_multiple_of(ONE_IN)
    }
}

fn add_trouble(fake: &Fake) {
    let troubles = [
        Trouble::reset_before_read(),
        Trouble::reset_after_read(),
        Trouble::reset_after_execution(),
        Trouble::none().reset_at(0),
        Trouble::none().reset_at(100),
    ];
    for (seed, trouble) in troubles.into_iter().enumerate() {
        fake.script().add(When::any().only_if(draws(seed as u64)).always(), trouble);
    }
}

fn email(number: usize) -> String {
    format!("lead{number}@example.com")
}

/// Every fourth call writes a lead of its own; the others read one that was there.
fn writes(number: usize) -> bool {
    number.is_multiple_of(4)
}

async fn call(port: &MktowsPort<Client>, number: usize) -> Result<(), Error> {
    let found = if writes(number) {
        let lead = LeadRecord::new().email(email(number));
        let lead = lead.foreign_sys_person_id(format!("person-{number}.")).foreign_sys_type(ForeignSysType::Custom);
        let response = port.sync_lead(ParamsSyncLead::new(lead, true)).await?;
        response.result.lead_record.into_value().map(|lead| vec![lead])
    } else {
        let response = port.get_lead(ParamsGetLead::new(LeadKey::new(LeadKeyRef::Email, email(number)))).await?;
        response.result.lead_record_list.as_deref().map(<[_]>::to_vec)
    };
    // No call got the answer to another.
    let found = found.expect("leads");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].email.value(), Some(&email(number)));
    Ok(())
}

/// Comes back once `gone` is true: what ends by itself may take a moment.
async fn wait_until(what: &str, gone: impl Fn() -> bool) {
    for _ in 0..5_000 {
        if gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{what}");
}

async fn load(config: Config, count: usize, attempts: u32) {
    tests::secrets::watch([ENCRYPTION_KEY]);
    let limits = fake::Limits::none().calls(CALLS as usize, WINDOW).at_once(10);
    let fake = Fake::start(config.limits(limits)).await.unwrap();
    for number in (0..count).filter(|number| !writes(*number)) {
        fake.store().add_lead(LeadRecord::new().email(email(number)));
    }
    add_trouble(&fake);

    let tasks = Handle::current().metrics().num_alive_tasks();
    let pace = Pace::new(Limits::default().calls(CALLS.try_into().unwrap(), WINDOW));
    let transport = HttpTransport::builder().no_proxy().allow_http();
    let transport = match fake.certificate_pem() {
        Some(pem) => transport.root_certificates(pem.as_bytes()).unwrap(),
        None => transport,
    };
    let (first, longest) = (Duration::from_millis(1), Duration::from_millis(5));
    let client = Client::builder(fake.soap_url("3_1"))
        .unwrap()
        .allow_http()
        .credentials(USER_ID, ENCRYPTION_KEY)
        .transport(transport.build().unwrap())
        .pace(&pace)
        .backoff(Backoff { first, longest, attempts, total: Duration::from_secs(600) })
        .build()
        .unwrap();
    let port = MktowsPort::new(client);

    // Three times as many calls as may be under way: the pace holds them back.
    let calls = stream::iter(0..count).map(|number| {
        let port = port.clone();
        async move { (number, tokio::spawn(async move { call(&port, number).await }).await.unwrap()) }
    });
    let outcomes: Vec<_> = calls.buffer_unordered(30).collect().await;
    assert_eq!(pace.under_way(), 0);
    drop(port);
    wait_until("connections are left", || fake.connections() == 0).await;
    wait_until("tasks are left", || Handle::current().metrics().num_alive_tasks() == tasks).await;

    let received = fake.calls();
    assert!(received.iter().all(|call| call.refused.is_none()));
    assert!(received.most_in(WINDOW) <= CALLS as usize, "{}", received.most_in(WINDOW));
    assert!(received.most_at_once() <= 10, "{}", received.most_at_once());
    assert_eq!(fake.script().pending(), 0, "some trouble never came");

    let mut executions: HashMap<usize, u32> = HashMap::new();
    for call in received.of("syncLead").iter() {
        // A body that was never read belongs to no call that was executed.
        let body = std::str::from_utf8(&call.body).unwrap();
        let number = body.split_once("person-").and_then(|(_, rest)| rest.split_once('.')).map(|(number, _)| number);
        let Some(number) = number else { continue };
        *executions.entry(number.parse().unwrap()).or_default() += call.executed;
    }
    let mut unknown = 0;
    for (number, outcome) in &outcomes {
        let executed = executions.get(number).copied().unwrap_or_default();
        match outcome {
            Ok(()) if writes(*number) => assert_eq!(executed, 1, "{number}"),
            Ok(()) => {}
            Err(error) => {
                assert!(writes(*number), "{number}: {error}");
                // Its fate is unknown, and the error says so; it was tried no further.
                assert_eq!(error.fate(), Fate::Unknown, "{error}");
                assert!(error.to_string().ends_with("; whether it was executed is unknown"), "{error}");
                assert!(executed <= 1, "{number}: {executed}");
                unknown += 1;
            }
        }
    }
    assert!(unknown > 0, "no write was cut");
    assert_eq!(outcomes.len(), count);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_calls() {
    load(Config::new(), 2_000, 10).await;
}

/// Over HTTP/2 a reset takes all calls of the connection with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_calls_over_one_connection() {
    load(Config::new().tls(), 400, 50).await;
}
