//! A value's way out of a document and back into one, for every generated type by its schema name.
//!
//! Enters a document, leave what the bindings wrote of it as XML and as JSON. The list of types is made by the build script from the models.

use std::fmt::Debug;

use runtime::xml::{Element, Namespace, ReadXml, WriteXml};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A module of bindings with the types in it.
#[derive(Debug)]
pub struct Bindings {
    /// The module's name: `v3_1`, or the golden case's.
    pub name: &'static str,
    /// The folder of its inputs from the project's root, and the WSDL's name in it.
    pub source: (&'static str, &'static str),
    /// The types.
    pub types: &'static [Type],
}

/// A generated type.
#[derive(Debug)]
pub struct Type {
    /// The schema type's namespace.
    pub namespace: &'static str,
    /// The schema type's local name.
    pub local: &'static str,
    /// The way out and back of a document whose root is `value`, without a namespace.
    pub trip: fn(&[u8]) -> Result<Trip, String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// What was written of what was read.
    pub xml: String,
    /// What was read, as JSON.
    pub json: String,
}

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));

/// Reads a document, writes it, reads and writes that again; and the same by way of JSON.
///
/// # Errors
///
/// What does not read or write, and what is not the same the second time.
pub fn trip<T>(namespaces: &'static [Namespace], document: &[u8]) -> Result<Trip, String>
where
    T: ReadXml + WriteXml + PartialEq + Debug + Clone + Serialize + DeserializeOwned,
{
    let element = Element::<T>::new(namespaces, "", "value", "value");
    let read = |document: &[u8]| runtime::xml::read(&element, document).map_err(|error| error.to_string());
    let write = |value: &T| runtime::xml::write(&element, value).map_err(|error| error.to_string());
    // A value with a NaN in it is not equal to itself; its text is.
    let same = |one: &T, other: &T| one == other || format!("{one:?}") == format!("{other:?}");

    let value = read(document)?;
    let xml = write(&value)?;
    let again = read(xml.as_bytes())?;
    if !same(&value, &again) {
        return Err(format!("read {value:?}, and from what was written of it {again:?}"));
    }
    if write(&again)? != xml {
        return Err(format!("written once {xml}, written twice {}", write(&again)?));
    }
    let json = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    let from_json: T = serde_json::from_str(&json).map_err(|error| format!("{json}: {error}"))?;
    if !same(&value, &from_json) {
        return Err(format!("read {value:?}, and from its JSON {from_json:?}"));
    }
    Ok(Trip { xml, json })
}
