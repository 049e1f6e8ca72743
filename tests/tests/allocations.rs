//! Reading allocates once for each string that is kept and for the growth of vectors, and nothing else.

use generated::v3_1::operations::GetTags;
use generated::v3_1::{LeadRecord, SUCCESS_GET_MULTIPLE_LEADS, SuccessGetMultipleLeads};
use runtime::soap::{read_request, read_response};
use runtime::xml::ReadOptions;

/// The reader's own: the stack of open elements, the declared namespaces, and two buffers of quick-xml.
const READER: u64 = 4;

/// How often a vector grows while this many items are pushed: to 4, 8, 16 …
fn growth(items: usize) -> u64 {
    match items {
        0 => 0,
        _ => 1 + u64::from(items.div_ceil(4).next_power_of_two().ilog2()),
    }
}

fn strings_and_growth(message: &SuccessGetMultipleLeads) -> u64 {
    let kept = |text: &str| u64::from(!text.is_empty());
    let lead = |lead: &LeadRecord| {
        let attributes = lead.lead_attribute_list.as_deref().unwrap_or_default();
        let strings = attributes.iter().map(|attribute| {
            kept(&attribute.attr_name)
                + kept(attribute.attr_type.as_deref().unwrap_or_default())
                + kept(&attribute.attr_value)
        });
        strings.sum::<u64>() + growth(attributes.len()) + kept(lead.email.as_deref().unwrap_or_default())
    };
    let leads = message.result.lead_record_list.as_deref().unwrap_or_default();
    kept(&message.result.new_stream_position) + leads.iter().map(lead).sum::<u64>() + growth(leads.len())
}

#[test]
fn reading_allocates_for_what_is_kept() {
    for (leads, attributes) in [(0, 0), (1, 1), (100, 20), (1_000, 5)] {
        let message = tests::sample::leads(leads, attributes);
        let document = tests::sample::xml(&message);
        let mut read = None;
        let counted = allocation_counter::measure(|| {
            read = Some(runtime::xml::read(&SUCCESS_GET_MULTIPLE_LEADS, document.as_bytes()));
        });
        assert_eq!(read, Some(Ok(message.clone())));
        assert_eq!(
            counted.count_total,
            strings_and_growth(&message) + READER,
            "{leads} leads of {attributes} attributes"
        );
    }
}

#[test]
fn writing_allocates_for_the_growth_of_one_buffer() {
    let message = tests::sample::leads(1_000, 20);
    let mut document = String::new();
    let counted = allocation_counter::measure(|| document = tests::sample::xml(&message));
    // From the buffer's first kilobyte, doubled until all fits.
    let doublings = u64::from((document.len() / 1024).ilog2()) + 1;
    assert!(counted.count_total <= 1 + doublings, "{} allocations for {} bytes", counted.count_total, document.len());
}

#[test]
fn header_blocks_take_no_more_memory_than_they_are_long() {
    let uri = "u".repeat(100_000);
    let blocks = "<x:b xmlns:y='v'/>".repeat(5_000);
    let xml = format!(
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:x='{uri}' xmlns:m='http://www.marketo.com/mktows/'>\
         <s:Header>{blocks}</s:Header><s:Body><m:paramsGetTags/></s:Body></s:Envelope>"
    );
    let used = allocation_counter::measure(|| {
        let received = read_request::<GetTags>(xml.as_bytes(), ReadOptions::new()).unwrap();
        assert_eq!(received.headers.blocks().len(), 5_000);
    });
    // What is around them, the namespace's address of 100,000 bytes with it, they share.
    assert!(used.bytes_max < 20 * xml.len() as u64, "{} of {}", used.bytes_max, xml.len());
    // Nobody asks for those of a response.
    let xml = xml.replace("<m:paramsGetTags/>", "<m:successGetTags/>");
    let used = allocation_counter::measure(|| {
        let error = read_response::<GetTags>(xml.as_bytes(), ReadOptions::new()).unwrap_err();
        assert!(error.to_string().ends_with("missing required element `result`"), "{error}");
    });
    assert!(used.bytes_max < 100_000, "{}", used.bytes_max);
}
