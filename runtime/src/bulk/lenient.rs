//! How values are read that the service spells in more than one way. What cannot be read is not known, and no error.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A value, or `None` where it is absent, null or does not read.
pub(super) fn or_none<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A moment with `Z`, `-08:00` or `+0000`.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// A whole number, bare or in quotes.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A text, or the text of a number.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A list, or an empty one where it is absent or null.
pub(super) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `text` without the commas that stand before a closing bracket, as in the service's own samples; outside strings only.
pub(super) fn without_trailing_commas(text: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    // Where in `kept` a comma stands after which nothing but white space came.
    let mut comma = None;
    for &byte in text {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            match byte {
                b'}' | b']' => {
                    if let Some(comma) = comma.take() {
                        kept.remove(comma);
                    }
                }
                b',' => comma = Some(kept.len()),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => comma = None,
            }
            in_string = byte == b'"';
        }
        kept.push(byte);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_commas_go_and_nothing_else() {
        for (text, expected) in [
            (r#"{"a":1,}"#, r#"{"a":1}"#),
            ("{\"a\":[1,2, \n],\t}", "{\"a\":[1,2 \n]\t}"),
            (r#"{"a":",}","b":"\",]"}"#, r#"{"a":",}","b":"\",]"}"#),
            (r#"[1,,]"#, r#"[1,]"#),
            ("", ""),
        ] {
            assert_eq!(without_trailing_commas(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
