//! An answer's bytes to UTF-8: byte order mark first, then the `charset` of its content type, then its XML declaration (RFC 7303, section 3).
//!
//! UTF-8 passes untouched. What is in an encoding that nobody knows, or does not decode, is refused by name.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The answer in UTF-8, or what it is in instead.
pub(super) fn to_utf8<'b>(body: &'b [u8], content_type: Option<&str>) -> Result<Cow<'b, [u8]>, String> {
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        // The reader knows this mark.
        return if encoding == UTF_8 { Ok(without_declaration(body)) } else { decode(encoding, &body[mark..]) };
    }
    let encoding = match body {
        [0, b'<', ..] => UTF_16BE,
        [b'<', 0, ..] => UTF_16LE,
        _ => match (content_type.and_then(charset), declared(body)) {
            (Some(label), _) => known(label)?,
            // A declaration that reads byte by byte is in no UTF-16, whatever it says: some write a text before they encode it.
            (None, Some((label, _))) => known(label).map(Encoding::output_encoding)?,
            (None, None) => UTF_8,
        },
    };
    if encoding == UTF_8 { Ok(without_declaration(body)) } else { decode(encoding, body) }
}

fn known(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| format!("the encoding `{label}`"))
}

fn decode(encoding: &'static Encoding, body: &[u8]) -> Result<Cow<'static, [u8]>, String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(body);
    let text = text.ok_or_else(|| format!("bytes that are not {}", encoding.name()))?;
    Ok(Cow::Owned(without_declaration(text.as_bytes()).into_owned()))
}

/// The body with spaces where its declaration names another encoding than UTF-8: offsets stay what they are.
fn without_declaration(body: &[u8]) -> Cow<'_, [u8]> {
    match declared(body) {
        Some((label, end)) if Encoding::for_label(label.as_bytes()) != Some(UTF_8) => {
            let mut blank = body.to_vec();
            blank[start(body)..end].fill(b' ');
            Cow::Owned(blank)
        }
        _ => Cow::Borrowed(body),
    }
}

/// The `charset` of a content type (RFC 9110, section 8.3.2).
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The encoding that the XML declaration names (XML 1.0, section 4.3.3), and where the declaration ends.
fn declared(body: &[u8]) -> Option<(&str, usize)> {
    const LONGEST: usize = 200;
    let rest = body[start(body)..].strip_prefix(b"<?xml")?;
    let length = rest.windows(2).take(LONGEST).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&rest[..length]).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Some((label, start(body) + "<?xml".len() + length + "?>".len()))
}

fn start(body: &[u8]) -> usize {
    if body.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8], content_type: &str) -> Result<String, String> {
        to_utf8(body, Some(content_type)).map(|bytes| String::from_utf8(bytes.into_owned()).unwrap())
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_8_is_not_copied() {
        for body in ["<a>é</a>", "\u{FEFF}<a/>", r#"<?xml version="1.0" encoding="UTF-8"?><a/>"#, ""] {
            for content_type in ["text/xml", "text/xml; charset=UTF-8", "application/soap+xml;charset=\"utf8\""] {
                assert!(
                    matches!(to_utf8(body.as_bytes(), Some(content_type)), Ok(Cow::Borrowed(same)) if same == body.as_bytes())
                );
            }
        }
    }

    #[test]
    fn the_content_type_stands_above_the_declaration() {
        let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
        let blank = " ".repeat(43);
        assert_eq!(text(declared, "text/xml"), Ok(format!("{blank}<a>é</a>")));
        assert_eq!(text(b"<a>\xE9</a>", "text/xml; charset=iso-8859-1"), Ok("<a>é</a>".to_owned()));
        assert_eq!(
            text("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>".as_bytes(), "text/xml; Charset=utf-8"),
            Ok(format!("{blank}<a>é</a>"))
        );
    }

    #[test]
    fn utf_16_with_and_without_a_mark() {
        let document = r#"<?xml version="1.0" encoding="UTF-16"?><a>é</a>"#;
        let expected = Ok(format!("{}<a>é</a>", " ".repeat(39)));
        for mark in ["", "\u{FEFF}"] {
            let document = format!("{mark}{document}");
            assert_eq!(text(&utf16(&document, u16::to_le_bytes), "text/xml"), expected);
            assert_eq!(text(&utf16(&document, u16::to_be_bytes), "text/xml; charset=utf-16"), expected);
        }
    }

    #[test]
    fn utf_16_that_is_declared_in_ascii_is_utf_8() {
        let document = r#"<?xml version="1.0" encoding="utf-16"?><a>é</a>"#;
        assert_eq!(text(document.as_bytes(), "text/xml"), Ok(format!("{}<a>é</a>", " ".repeat(39))));
    }

    #[test]
    fn what_does_not_decode_is_named() {
        assert_eq!(text(b"<a/>", "text/xml; charset=ebcdic-37"), Err("the encoding `ebcdic-37`".to_owned()));
        let declared = b"<?xml version='1.0' encoding='klingon'?><a/>";
        assert_eq!(text(declared, "text/xml"), Err("the encoding `klingon`".to_owned()));
        assert_eq!(text(b"\xFF\xFE<\0a", "text/xml"), Err("bytes that are not UTF-16LE".to_owned()));
    }
}
