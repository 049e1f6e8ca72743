//! A file of any size, made from a seed while it is sent. The file is its header and one block repeated, in which every record has its own
//! number: any byte of it is found by a division, nothing of it is kept but the block.
//!
//! The checksum takes one pass over the file, made in a thread of its own from the moment a job asks for the file, and given up when nobody
//! needs it any more. It costs what SHA-256 costs: a few seconds for 2 GiB where the processor has instructions for it.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::style::Style;
use super::value::write_text;
use crate::lock;

/// The least size of a block, unless ten thousand records have less.
const BLOCK: usize = 64 * 1024;

/// The number of the first record. Numbers have ten digits, so that every block has the same length.
const FIRST: u64 = 1_000_000_000;
const DIGITS: usize = 10;

/// A file of at least so many bytes, of as many whole records as that takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Large {
    /// Files of the same seed and columns are equal as far as both go.
    pub seed: u64,
    /// The least size in bytes; what is above 64 GiB is taken for 64 GiB.
    pub bytes: u64,
}

/// A column: its name in the header, and its type as describe says it.
pub(super) struct Column {
    pub(super) field: String,
    pub(super) header: String,
    pub(super) data_type: String,
}

/// A generated file.
pub(super) struct Generated {
    header: Vec<u8>,
    block: Vec<u8>,
    /// Where each record of the block ends.
    ends: Vec<usize>,
    /// Where numbers stand in the block. It has a power of ten of records, so their last digits never change.
    numbers: Vec<usize>,
    /// How many digits of a number change from block to block: the first ones.
    changing: usize,
    records: u64,
    size: u64,
    sha256: OnceLock<[u8; 32]>,
    hashing: Mutex<Hashing>,
}

/// The checksum on its way.
struct Hashing {
    hash: Sha256,
    /// How far it is.
    at: u64,
}

/// How much is hashed in one step.
const STEP: u64 = 16 << 20;

impl Generated {
    /// Makes the block, and has the checksum computed meanwhile.
    pub(super) fn start(large: Large, columns: &[Column], delimiter: u8, style: &Style) -> Arc<Self> {
        let generated = Arc::new(Self::new(large, columns, delimiter, style));
        let weak = Arc::downgrade(&generated);
        let run = move || while weak.upgrade().is_some_and(|generated| generated.hash().is_none()) {};
        // If no thread can be had, whoever asks first computes it.
        let _ = thread::Builder::new().name("fake-sha256".to_owned()).spawn(run);
        generated
    }

    fn new(large: Large, columns: &[Column], delimiter: u8, style: &Style) -> Self {
        let mut header = Vec::new();
        let names: Vec<_> = columns.iter().map(|column| column.header.clone()).collect();
        super::file::header(&mut header, &names, delimiter, style);
        let mut block = Vec::new();
        let mut ends = Vec::new();
        let mut numbers = Vec::new();
        let mut random = Random(large.seed);
        let (mut records, mut changing) = (1_000, DIGITS - 3);
        while ends.len() < records {
            let number = FIRST + ends.len() as u64;
            for (column, index) in columns.iter().zip(0..) {
                if index > 0 {
                    block.push(delimiter);
                }
                if let Some((before, after)) = numbered(column) {
                    let quote: &[u8] = if style.quote_all { b"\"" } else { b"" };
                    block.extend_from_slice(quote);
                    block.extend_from_slice(before.as_bytes());
                    numbers.push(block.len());
                    block.extend_from_slice(number.to_string().as_bytes());
                    block.extend_from_slice(after.as_bytes());
                    block.extend_from_slice(quote);
                } else {
                    match random.cell(&column.field, &column.data_type) {
                        Some(text) => write_text(&mut block, &text, delimiter, columns.len() == 1, style),
                        None => block.extend_from_slice(b"null"),
                    }
                }
            }
            block.extend_from_slice(style.line_end.as_bytes());
            ends.push(block.len());
            if ends.len() == records && block.len() < BLOCK && records == 1_000 {
                (records, changing) = (10_000, DIGITS - 4);
            }
        }
        let wanted = large.bytes.min(64 << 30).saturating_sub(header.len() as u64);
        let (blocks, rest) = (wanted / block.len() as u64, wanted % block.len() as u64);
        let partial = if rest == 0 { 0 } else { ends.partition_point(|end| (*end as u64) < rest) + 1 };
        let size = header.len() as u64
            + blocks * block.len() as u64
            + partial.checked_sub(1).and_then(|last| ends.get(last)).map_or(0, |end| *end as u64);
        let records = blocks * ends.len() as u64 + partial as u64;
        let hashing = Mutex::new(Hashing { hash: Sha256::new(), at: 0 });
        Self { header, block, ends, numbers, changing, records, size, sha256: OnceLock::new(), hashing }
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) const fn records(&self) -> u64 {
        self.records
    }

    pub(super) fn sha256(&self) -> [u8; 32] {
        loop {
            if let Some(sha256) = self.hash() {
                return sha256;
            }
        }
    }

    /// Takes the checksum a step further; gives it at the end.
    fn hash(&self) -> Option<[u8; 32]> {
        let mut hashing = lock(&self.hashing);
        let end = hashing.at + STEP;
        while hashing.at < end && hashing.at < self.size {
            let bytes = self.read(hashing.at);
            hashing.hash.update(&bytes);
            hashing.at += bytes.len() as u64;
        }
        if hashing.at < self.size {
            return None;
        }
        Some(*self.sha256.get_or_init(|| hashing.hash.clone().finalize().into()))
    }

    /// Whether the checksum is known by now.
    pub(super) fn is_hashed(&self) -> bool {
        self.sha256.get().is_some()
    }

    /// The bytes from `at` to the end of their block.
    pub(super) fn read(&self, at: u64) -> Bytes {
        if at >= self.size {
            return Bytes::new();
        }
        let header = self.header.len() as u64;
        let Some(behind) = at.checked_sub(header) else {
            return Bytes::from(self.header.clone()).slice(usize::try_from(at).unwrap_or_default()..);
        };
        let length = self.block.len() as u64;
        let (number, offset) = (behind / length, behind % length);
        let mut block = self.block.clone();
        self.put_numbers(&mut block, number);
        let end = length.min(self.size - header - number * length);
        let place = |at: u64| usize::try_from(at).unwrap_or_default();
        Bytes::from(block).slice(place(offset)..place(end))
    }

    fn put_numbers(&self, block: &mut [u8], number: u64) {
        let first = (FIRST + number * self.ends.len() as u64).to_string();
        let digits = first.as_bytes().get(..self.changing).unwrap_or_default();
        for at in &self.numbers {
            if let Some(place) = block.get_mut(*at..*at + digits.len()) {
                place.copy_from_slice(digits);
            }
        }
    }
}

/// Shows no content.
impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generated").field("size", &self.size).field("records", &self.records).finish_non_exhaustive()
    }
}

/// The text around the record's number, for columns that have it.
fn numbered(column: &Column) -> Option<(&'static str, &'static str)> {
    match (&*column.field, &*column.data_type) {
        ("id" | "leadId" | "marketoGUID", _) => Some(("", "")),
        (_, "email") => Some(("lead", "@example.com")),
        _ => None,
    }
}

/// SplitMix64: small, and the same on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A value of the type, now and then none.
    fn cell(&mut self, field: &str, data_type: &str) -> Option<String> {
        let required = matches!(field, "createdAt" | "updatedAt" | "activityDate" | "activityTypeId" | "programId");
        if !required && self.below(8) == 0 {
            return None;
        }
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        Some(match data_type {
            "integer" | "reference" => (1 + self.below(100_000)).to_string(),
            "score" => self.below(200).to_string(),
            "percent" => self.below(101).to_string(),
            "float" | "currency" => format!("{}.{:02}", self.below(1_000_000), self.below(100)),
            "boolean" => (self.below(2) == 0).to_string(),
            "date" => format!("2025-{month:02}-{day:02}"),
            "datetime" => {
                format!("2025-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", self.below(24), self.below(60), self.below(60))
            }
            "json" => format!(r#"{{"Reason":"Changed, \"twice\"","New Value":"{}"}}"#, self.below(1_000)),
            "phone" => format!("+1 555 {:07}", self.below(10_000_000)),
            "url" => format!("https://www.example.com/page/{}", self.below(10_000)),
            _ => self.text(),
        })
    }

    fn text(&mut self) -> String {
        const WORDS: [&str; 16] = [
            "north", "harbour", "seven", "lantern", "quiet", "meadow", "copper", "river", "paper", "signal", "winter",
            "orchard", "bridge", "window", "garden", "market",
        ];
        let mut text = String::new();
        for _ in 0..2 + self.below(5) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(WORDS[self.below(16) as usize]);
        }
        // One text in sixteen holds what breaks careless readers.
        match self.below(96) {
            0 => text.push_str(", \"quoted\""),
            1 => text.push_str("\nsecond line"),
            2 => text.push_str("\r\nsecond line"),
            3 => text.push_str(" \u{2028} 𝒜 😀"),
            4 => text.push_str(" ünï\tcode;"),
            5 => "null".clone_into(&mut text),
            _ => {}
        }
        text
    }
}
