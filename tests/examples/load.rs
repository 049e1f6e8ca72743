//! How many calls of getMultipleLeads a second one client makes, and how long they take: client and fake in one process, over
//! loopback, limits out of the way.
//!
//! ```sh
//! cargo run --release -p tests --example load -- [calls] [at once] [leads a call]
//! ```
//!
//! A call is what a program waits for: signed, sent, answered, read into leads. The fake's work, which is to read the request, check its
//! signature and write the leads, takes the same processors.

use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fake::{Config, ENCRYPTION_KEY, Fake, USER_ID};
use futures_util::{StreamExt, TryStreamExt, stream};
use generated::v3_1::{Attribute, LeadKeyRef, LeadKeySelector, LeadRecord, MktowsPort, ParamsGetMultipleLeads};
use runtime::client::Client;
use runtime::pace::{Limits, Pace};

type Failure = Box<dyn std::error::Error>;

/// Attributes of a lead, beside its id and address.
const ATTRIBUTES: usize = 20;

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
    let calls: usize = arguments.next().map_or(Ok(5_000), |text| text.parse())?;
    let at_once: u32 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let leads: usize = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let at_once = NonZeroU32::new(at_once).ok_or("at least one call at once")?;

    let fake = Fake::start(Config::new().limits(fake::Limits::none())).await?;
    let addresses: Vec<_> = (0..leads).map(|number| format!("lead{number}@example.com")).collect();
    for address in &addresses {
        let attribute = |number| Attribute::new(format!("Attribute{number}"), format!("value {number}"));
        let attributes: Vec<_> = (0..ATTRIBUTES).map(|number| attribute(number).attr_type("string")).collect();
        fake.store().add_lead(LeadRecord::new().email(&**address).lead_attribute_list(attributes));
    }
    let pace = Pace::new(Limits::default().calls(NonZeroU32::MAX, Duration::from_secs(1)).at_once(at_once));
    let client = Client::builder(fake.soap_url("3_1"))?.allow_http().credentials(USER_ID, ENCRYPTION_KEY);
    let port = MktowsPort::new(client.pace(&pace).build()?);
    let params = || {
        let selector = LeadKeySelector::new(LeadKeyRef::Email, addresses.clone());
        ParamsGetMultipleLeads::new().lead_selector(selector).batch_size(100)
    };

    // Connections, caches: a tenth of the calls before the clock runs.
    let mut began = Instant::now();
    let mut times = Vec::with_capacity(calls);
    for count in [calls / 10, calls] {
        began = Instant::now();
        let made = stream::iter(0..count).map(|_| async {
            let began = Instant::now();
            let response = port.get_multiple_leads(params()).await?;
            if response.result.return_count != i32::try_from(leads)? {
                return Err(format!("{} leads came", response.result.return_count).into());
            }
            Ok::<_, Failure>(began.elapsed())
        });
        times = made.buffer_unordered(at_once.get() as usize).try_collect().await?;
    }
    let rate = calls as f64 / began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("{calls} calls of {leads} leads with {ATTRIBUTES} attributes each, {at_once} at once");
    println!("{rate:.0} calls a second; half within {:.2} ms, 99 of 100 within {:.2} ms", at(0.5), at(0.99));
    Ok(())
}
