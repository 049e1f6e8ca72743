//! Programs without an async runtime.

use generated::v3_1::*;
use runtime::blocking::Blocking;

use super::{client, fake};

#[test]
fn calls_streams_and_batches_from_threads() {
    let fake = fake();
    let blocking = Blocking::new().unwrap();
    let port = MktowsPort::new(client(&fake).build().unwrap());
    let records: Vec<_> = (0..5).map(|at| LeadRecord::new().email(format!("lead{at}@example.com"))).collect();
    let statuses = blocking.wait(port.sync_multiple_leads_batches(ParamsSyncMultipleLeads::new(records))).unwrap();
    assert_eq!(statuses.len(), 5);
    std::thread::scope(|scope| {
        for at in 0..4 {
            let (blocking, port) = (&blocking, &port);
            scope.spawn(move || {
                let key = LeadKey::new(LeadKeyRef::Email, format!("lead{at}@example.com"));
                assert_eq!(blocking.wait(port.get_lead(ParamsGetLead::new(key))).unwrap().result.count, 1);
            });
        }
    });
    let keys: Vec<_> = (0..5).map(|at| format!("lead{at}@example.com")).collect();
    let params =
        ParamsGetMultipleLeads::new().lead_selector(LeadKeySelector::new(LeadKeyRef::Email, keys)).batch_size(2);
    let found: Result<Vec<_>, _> = blocking.iter(port.get_multiple_leads_stream(params)).collect();
    assert_eq!(found.unwrap().len(), 5);
    assert_eq!(port.client().pace().under_way(), 0);
}
