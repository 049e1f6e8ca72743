//! Export files as the service writes them, the same at every call.

use std::fmt::Write;

/// The header of [`leads`].
pub const LEADS: &str = "id,email,firstName,lastName,company,leadScore,unsubscribed,createdAt,updatedAt\n";

/// The header of [`activities`].
pub const ACTIVITIES: &str = "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,\
    primaryAttributeValue,attributes\n";

/// A file of leads.
#[must_use]
pub fn leads(count: usize) -> String {
    let mut file = LEADS.to_owned();
    (0..count).for_each(|index| lead(&mut file, index));
    file
}

/// A file of activities.
#[must_use]
pub fn activities(count: usize) -> String {
    let mut file = ACTIVITIES.to_owned();
    (0..count).for_each(|index| activity(&mut file, index));
    file
}

/// Writes the lead of a number.
pub fn lead(file: &mut String, index: usize) {
    let company = ["null", "\"Smith, Jones & Co\"", "Example Ltd", "\"The \"\"Best\"\"\""][index % 4];
    let first = ["Ada", "null", "Zoë", "Joe"][index / 4 % 4];
    let (minute, second) = (index / 60 % 60, index % 60);
    let _ = writeln!(
        file,
        "{index},lead{index}@example.com,{first},Example,{company},{},{},2024-01-15T08:{minute:02}:{second:02}Z,2024-02-03T21:{minute:02}:{second:02}Z",
        index % 100,
        index.is_multiple_of(2),
    );
}

/// Writes the activity of a number.
pub fn activity(file: &mut String, index: usize) {
    // Spread like the service's own, which are random.
    let guid = (index as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    let (minute, second) = (index / 60 % 60, index % 60);
    let _ = writeln!(
        file,
        "{guid:032x},{},2024-01-15T08:{minute:02}:{second:02}Z,{},{},{},\"Lead score\",\"{{\"\"Source\"\":\"\"Web form fillout\"\",\"\"New Value\"\":{},\
         \"\"Reason\"\":\"\"Visited page {}\"\",\"\"Success\"\":{}}}\"",
        index % 9_973,
        1 + index % 40,
        1_000 + index % 50,
        index % 7,
        index % 1_000,
        index % 321,
        !index.is_multiple_of(3),
    );
}
