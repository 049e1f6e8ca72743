//! Escaping on the way out (XML 1.0, sections 2.4 and 2.11, as Canonical XML 1.0 does it): what a reader would take for markup or change.

use super::input::is_xml_char;

/// What a byte means to text and to attribute values.
const PLAIN: u8 = 0;
/// Escaped in both.
const MARKUP: u8 = 1;
/// Escaped in attribute values, where a reader would make it a space: TAB and NL. The quote too.
const ATTRIBUTE: u8 = 2;
/// Not allowed at all, or the first byte of what may not be.
const DOUBTFUL: u8 = 3;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [PLAIN; 256];
    let mut byte = 0;
    while byte < 0x20 {
        classes[byte] = DOUBTFUL;
        byte += 1;
    }
    classes[b'\t' as usize] = ATTRIBUTE;
    classes[b'\n' as usize] = ATTRIBUTE;
    classes[b'"' as usize] = ATTRIBUTE;
    classes[b'\r' as usize] = MARKUP;
    classes[b'<' as usize] = MARKUP;
    classes[b'>' as usize] = MARKUP;
    classes[b'&' as usize] = MARKUP;
    // U+FFFE and U+FFFF begin with it, as do many that are allowed.
    classes[0xEF] = DOUBTFUL;
    classes
}

/// Appends `text` as character data. Answers the character that XML does not allow.
pub(super) fn text(out: &mut String, text: &str) -> Result<(), char> {
    escape(out, text, |class| class & MARKUP != 0)
}

/// Appends `value` as it stands between double quotes. Answers the character that XML does not allow.
pub(super) fn attribute(out: &mut String, value: &str) -> Result<(), char> {
    escape(out, value, |class| class != PLAIN)
}

#[inline]
fn escape(out: &mut String, text: &str, stops: impl Fn(u8) -> bool) -> Result<(), char> {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| stops(CLASS[usize::from(byte)])) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(character) = rest.chars().next() else { break };
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            allowed if is_xml_char(allowed) => out.push(allowed),
            other => return Err(other),
        }
        rest = &rest[character.len_utf8()..];
    }
    out.push_str(rest);
    Ok(())
}
