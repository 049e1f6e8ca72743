//! Generated files: every range equal to the whole, size, records and checksum true, the same in every run.

use fake::bulk::{Fate, File, Large, Object};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::{Caller, activities, leads_with, start};

const FIELDS: [&str; 8] =
    ["id", "email", "company", "annualRevenue", "unsubscribed", "dateOfBirth", "updatedAt", "notes"];

fn generated(large: Large) -> File {
    let fake = start();
    fake.bulk().next_job(Fate::new().large(large));
    let caller = Caller::new(&fake);
    let id = caller.completed(&Object::Leads, &leads_with(&FIELDS));
    fake.bulk().job(&id).unwrap().file.unwrap()
}

/// Records by counting line ends outside quotes.
fn records(bytes: &[u8]) -> usize {
    let mut quoted = false;
    let ends = bytes.iter().filter(|byte| {
        quoted ^= **byte == b'"';
        !quoted && **byte == b'\n'
    });
    ends.count() - 1
}

#[test]
fn every_range_is_a_part_of_the_whole() {
    let fake = start();
    fake.bulk().next_job(Fate::new().large(Large { seed: 42, bytes: 1_000_000 }));
    let caller = Caller::new(&fake);
    let id = caller.completed(&Object::Leads, &leads_with(&FIELDS));
    let status = caller.status(&Object::Leads, &id);
    let whole = caller.file(&Object::Leads, &id, "").body;
    assert!((1_000_000..1_001_000).contains(&whole.len()), "{}", whole.len());
    assert!(whole.starts_with(b"id,email,company,"));
    assert_eq!(status["fileSize"], whole.len());
    assert_eq!(status["numberOfRecords"], records(&whole));
    let hash = Sha256::digest(&whole).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(status["fileChecksum"], format!("sha256:{hash}"));
    let size = whole.len();
    // A block has some 200,000 bytes: ranges across its borders, in the header, and at the end.
    for (first, last) in
        [(0, 0), (3, 90), (262_000, 263_000), (100, 600_000), (size - 1, size - 1), (524_000, size - 1)]
    {
        let got = caller.file(&Object::Leads, &id, &format!("bytes={first}-{last}"));
        assert_eq!(got.status, 206);
        assert!(got.body == whole[first..=last], "{first}-{last}");
    }
    let ids = whole.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"1000"));
    let ids: Vec<_> = ids.map(|line| line[..10].to_vec()).collect();
    assert_eq!((ids.len(), ids[0].as_slice()), (records(&whole), &b"1000000000"[..]));
    assert!(ids.is_sorted_by(|one, two| one < two), "a number twice");
}

#[test]
fn the_same_seed_gives_the_same_file() {
    let large = Large { seed: 7, bytes: 400_000 };
    let file = generated(large);
    assert_eq!(file.sha256(), generated(large).sha256());
    assert_ne!(file.sha256(), generated(Large { seed: 8, ..large }).sha256());
    let longer = generated(Large { bytes: 600_000, ..large });
    assert!(file.bytes(0..400_000) == longer.bytes(0..400_000));
}

#[test]
fn every_size_ends_with_a_record() {
    for bytes in [0, 1, 100, 262_144, 263_000, 524_500] {
        let file = generated(Large { seed: 3, bytes });
        let whole = file.bytes(0..file.size());
        assert!(file.size() >= bytes && whole.ends_with(b"\n"), "{bytes}");
        assert_eq!(records(&whole) as u64, file.records(), "{bytes}");
    }
}

#[test]
fn activities_have_attributes_and_programs_their_column() {
    let fake = start();
    fake.bulk().every_job(Fate::new().large(Large { seed: 1, bytes: 10_000 }));
    let caller = Caller::new(&fake);
    let id = caller.completed(&Object::Activities, &activities());
    let text = caller.file(&Object::Activities, &id, "").text();
    assert!(text.contains(r#"{""Reason"":""Changed, \""twice\"""""#), "{}", &text[..400]);
    let body = json!({ "fields": ["leadId"], "filter": { "programIds": [1, 2] } });
    let id = caller.completed(&Object::ProgramMembers, &body);
    let text = caller.file(&Object::ProgramMembers, &id, "").text();
    assert!(
        text.starts_with("programId,leadId\n") && text.lines().nth(1).unwrap().ends_with(",1000000000"),
        "{}",
        &text[..60]
    );
}
