//! Whole documents: one element with its declarations.

use super::{Element, ReadError, ReadOptions, ReadXml, Reader, WriteError, WriteXml, Writer};

/// Writes `value` as a document whose root is `element`, in UTF-8.
///
/// # Errors
///
/// A character that XML 1.0 does not allow (section 2.2), or a number of elements that the schema does not.
pub fn write<T: WriteXml>(element: &Element<T>, value: &T) -> Result<String, WriteError> {
    let mut writer = Writer::new(element.namespaces);
    writer.declaration();
    writer.root(element.qname, value)?;
    Ok(writer.into_string())
}

/// Reads a document whose root is `element`.
///
/// # Errors
///
/// Input that is no well-formed XML in UTF-8, another root, or content that its type does not allow; each with element path and byte offset.
pub fn read<T: ReadXml>(element: &Element<T>, input: &[u8]) -> Result<T, ReadError> {
    read_with(element, input, ReadOptions::default())
}

/// As [`read`], with limits and strictness of the caller's.
///
/// # Errors
///
/// As [`read`].
pub fn read_with<T: ReadXml>(element: &Element<T>, input: &[u8], options: ReadOptions) -> Result<T, ReadError> {
    let mut reader = Reader::new(input, options)?;
    let name = reader.root()?;
    if !element.name.matches(name) {
        return Err(reader.wrong_root(element.name));
    }
    let value = reader.child()?;
    reader.finish()?;
    Ok(value)
}
