//! A response of the size that services send, for the benches.

use generated::v3_1::{
    Attribute, LeadRecord, ResultGetMultipleLeads, SUCCESS_GET_MULTIPLE_LEADS, SuccessGetMultipleLeads,
};
use runtime::value::nil;

/// A successGetMultipleLeads of this many leads with this many attributes each.
#[must_use]
pub fn leads(leads: usize, attributes: usize) -> SuccessGetMultipleLeads {
    let attribute = |lead: usize, number: usize| {
        Attribute::new(format!("Attribute{number}"), format!("value {lead} of {number}")).attr_type("string")
    };
    let records = (0..leads).map(|lead| {
        LeadRecord::new()
            .id(i32::try_from(lead).unwrap_or(i32::MAX))
            .email(format!("lead{lead}@example.com"))
            .foreign_sys_person_id(nil())
            .foreign_sys_type(nil())
            .lead_attribute_list((0..attributes).map(|number| attribute(lead, number)).collect::<Vec<_>>())
    });
    let count = i32::try_from(leads).unwrap_or(i32::MAX);
    let records: Vec<_> = records.collect();
    SuccessGetMultipleLeads::new(ResultGetMultipleLeads::new(count, 0, "next").lead_record_list(records))
}

/// [`leads`] as a document.
///
/// # Panics
///
/// Never: there is nothing in it that cannot be written.
#[must_use]
pub fn xml(message: &SuccessGetMultipleLeads) -> String {
    runtime::xml::write(&SUCCESS_GET_MULTIPLE_LEADS, message).expect("only letters and digits")
}
