//! `xs:base64Binary` and `xs:hexBinary`: bytes as text.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::{Deref, DerefMut};
use std::str::FromStr;

use base64::display::Base64Display;
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::ValueError;
use super::simple::{is_space, text_type};

/// Bytes that are written in base64: `xs:base64Binary` (Datatypes, section 3.2.16; RFC 4648, section 4).
///
/// White space may stand anywhere between the characters that are read; padding must be there, and the bits that it leaves over must be zero.
/// `Debug` shows how many bytes there are, and none of them.
///
/// ```
/// use runtime::value::Base64Binary;
///
/// let binary: Base64Binary = "AAEC /w==".parse()?;
/// assert_eq!(binary[..], [0, 1, 2, 255]);
/// assert_eq!(binary.to_string(), "AAEC/w==");
/// assert_eq!(format!("{binary:?}"), "Base64Binary(4 bytes)");
/// assert_eq!(Base64Binary::from(*b"abc").into_inner(), b"abc");
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Base64Binary(Vec<u8>);

/// Bytes that are written in hexadecimal digits, two a byte: `xs:hexBinary` (Datatypes, section 3.2.15).
///
/// Digits are read in either case and written in upper case. `Debug` shows how many bytes there are, and none of them.
///
/// ```
/// use runtime::value::HexBinary;
///
/// let binary: HexBinary = "000102ff".parse()?;
/// assert_eq!(binary[..], [0, 1, 2, 255]);
/// assert_eq!(binary.to_string(), "000102FF");
/// # Ok::<(), runtime::value::ValueError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct HexBinary(Vec<u8>);

macro_rules! bytes {
    ($($type_:ident),+) => {$(
        impl $type_ {
            /// The bytes, without a copy.
            #[must_use]
            pub fn into_inner(self) -> Vec<u8> {
                self.0
            }
        }

        impl Deref for $type_ {
            type Target = [u8];

            fn deref(&self) -> &[u8] {
                &self.0
            }
        }

        impl DerefMut for $type_ {
            fn deref_mut(&mut self) -> &mut [u8] {
                &mut self.0
            }
        }

        impl AsRef<[u8]> for $type_ {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl From<Vec<u8>> for $type_ {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }

        impl From<&[u8]> for $type_ {
            fn from(bytes: &[u8]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl<const N: usize> From<[u8; N]> for $type_ {
            fn from(bytes: [u8; N]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl<const N: usize> From<&[u8; N]> for $type_ {
            fn from(bytes: &[u8; N]) -> Self {
                Self(bytes.to_vec())
            }
        }

        impl From<$type_> for Vec<u8> {
            fn from(binary: $type_) -> Self {
                binary.0
            }
        }

        impl fmt::Debug for $type_ {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($type_), "({} bytes)"), self.0.len())
            }
        }
    )+};
}

bytes!(Base64Binary, HexBinary);

impl FromStr for Base64Binary {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let text = if text.bytes().any(is_space) {
            Cow::Owned(text.bytes().filter(|byte| !is_space(*byte)).collect())
        } else {
            Cow::Borrowed(text.as_bytes())
        };
        match BASE64_STANDARD.decode(&*text) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_) => Err(ValueError::new("base64 with its padding")),
        }
    }
}

impl fmt::Display for Base64Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(&self.0, &BASE64_STANDARD).fmt(f)
    }
}

impl FromStr for HexBinary {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|nibble| u8::try_from(nibble).ok());
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> =
            pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
        match bytes {
            Some(bytes) if rest.is_empty() => Ok(Self(bytes)),
            _ => Err(ValueError::new("hexadecimal digits, two for each byte")),
        }
    }
}

impl fmt::Display for HexBinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
        for byte in &self.0 {
            f.write_char(DIGITS[usize::from(byte >> 4)].into())?;
            f.write_char(DIGITS[usize::from(byte & 15)].into())?;
        }
        Ok(())
    }
}

text_type!(Base64Binary, "xs:base64Binary", true);
text_type!(HexBinary, "xs:hexBinary", true);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64_takes_white_space_and_nothing_else() {
        // RFC 4648, section 10.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("fooba", " Zm9v\r\n\tYmE ="),
        ] {
            assert_eq!(text.parse::<Base64Binary>(), Ok(Base64Binary::from(bytes.as_bytes())), "{text}");
        }
        for text in ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "====", "Zg==Zg==", "Zm-v", "Zm9v\u{a0}"] {
            assert!(text.parse::<Base64Binary>().is_err(), "{text}");
        }
    }

    #[test]
    fn hexadecimal_takes_both_cases() {
        assert_eq!("0aF0".parse::<HexBinary>(), Ok(HexBinary::from([0x0a, 0xf0])));
        assert_eq!("".parse::<HexBinary>(), Ok(HexBinary::default()));
        for text in ["0", "0g", "0x00", "+1", "0 0", "ａｂ"] {
            assert!(text.parse::<HexBinary>().is_err(), "{text}");
        }
    }

    #[test]
    fn content_stays_out_of_debug() {
        assert_eq!(format!("{:?}", HexBinary::from(b"secret")), "HexBinary(6 bytes)");
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let base64 = Base64Binary::from(bytes.clone());
            prop_assert_eq!(base64.to_string().parse::<Base64Binary>(), Ok(base64));
            let hex = HexBinary::from(bytes);
            prop_assert_eq!(hex.to_string().parse::<HexBinary>(), Ok(hex));
        }
    }
}
