//! Bytes to checked text, once for the whole document: encoding, byte order mark, and the characters that XML 1.0 allows.

use super::read_error::{ReadError, ReadErrorKind};

/// Checked text, without a byte order mark.
pub(super) struct Input<'x> {
    pub(super) text: &'x str,
    /// How many bytes came before the text: what an offset in it lacks.
    pub(super) skipped: usize,
    /// Whether line ends may have to be normalised (XML 1.0, section 2.11).
    pub(super) has_cr: bool,
    /// Whether there is a `]` anywhere: only then text can hold what ends CDATA.
    pub(super) has_bracket: bool,
}

/// Checks all of `bytes`.
pub(super) fn check(bytes: &[u8]) -> Result<Input<'_>, ReadError> {
    let skipped = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => 3,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return Err(encoding("UTF-16, big endian")),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return Err(encoding("UTF-16, little endian")),
        _ => 0,
    };
    let text = std::str::from_utf8(&bytes[skipped..]).map_err(|error| {
        let offset = skipped + error.valid_up_to();
        // A declaration that names another encoding explains the bytes better than their offset does.
        match declared(&bytes[skipped..]) {
            Some(name) if !is_utf8(name) => encoding(name),
            _ => ReadError::at(offset, ReadErrorKind::Encoding { found: "bytes that are not UTF-8".to_owned() }),
        }
    })?;
    if let Some(name) = declared(text.as_bytes())
        && !is_utf8(name)
    {
        return Err(encoding(name));
    }
    if text.starts_with('\u{FEFF}') {
        // quick-xml would take it for a mark of its own and count wrong from there on.
        return Err(ReadError::at(skipped, ReadErrorKind::Syntax { message: "two byte order marks".to_owned() }));
    }
    let survey = survey(text.as_bytes());
    if survey.suspicious
        && let Some((offset, character)) = text.char_indices().find(|&(_, character)| !is_xml_char(character))
    {
        return Err(ReadError::at(skipped + offset, ReadErrorKind::Character { character }));
    }
    Ok(Input { text, skipped, has_cr: survey.has_cr, has_bracket: survey.has_bracket })
}

/// Whether XML 1.0 allows `character` (production 2, `Char`).
pub(super) fn is_xml_char(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        _ => character >= ' ',
    }
}

struct Survey {
    has_cr: bool,
    has_bracket: bool,
    /// Whether there may be a character that is not allowed: a control character, or the first byte of U+FFFE and U+FFFF.
    suspicious: bool,
}

/// Looks at every byte, without a branch on any, so that the compiler can take many at a time.
fn survey(bytes: &[u8]) -> Survey {
    let mut survey = Survey { has_cr: false, has_bracket: false, suspicious: false };
    for chunk in bytes.chunks(4096) {
        let (mut cr, mut bracket) = (0u8, 0u8);
        let mut other = 0u8;
        for &byte in chunk {
            cr |= u8::from(byte == b'\r');
            bracket |= u8::from(byte == b']');
            other |=
                u8::from((byte < b' ') & (byte != b'\n') & (byte != b'\t') & (byte != b'\r')) | u8::from(byte == 0xEF);
        }
        survey.has_cr |= cr != 0;
        survey.has_bracket |= bracket != 0;
        survey.suspicious |= other != 0;
    }
    survey
}

/// The encoding that an XML declaration names, if `bytes` begin with one.
fn declared(bytes: &[u8]) -> Option<&str> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).take(200).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// Whether UTF-8 can be read for `name`: itself, or its subset ASCII.
fn is_utf8(name: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn encoding(found: &str) -> ReadError {
    ReadError::at(0, ReadErrorKind::Encoding { found: found.to_owned() })
}
