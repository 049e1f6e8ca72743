//! The `attributes` column of activities, in both shapes that the service writes.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What an activity says beside its fixed columns: names and values, in the order in which they stand.
///
/// The vendor's documentation shows the column as a JSON object, `{"Reason":"…"}`, and as an array of objects, `[{"name":"Reason","value":"…"}]`.
/// Both are read. As a field of a struct it is read from the text of a record's field, and from JSON as well. A number beyond 64 bits is kept as
/// the nearest `f64`.
///
/// ```
/// use runtime::bulk::rows::Attributes;
///
/// let object: Attributes = r#"{"Reason":"Bounce","Success":false}"#.parse()?;
/// let array: Attributes = r#"[{"name":"Reason","value":"Bounce"},{"name":"Success","value":false}]"#.parse()?;
/// assert_eq!(object, array);
/// assert_eq!(object.get("Reason").and_then(|value| value.as_str()), Some("Bounce"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(String, Value)>);

impl Attributes {
    /// The first value of this name. Names are compared to the letter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find_map(|(found, value)| (found == name).then_some(value))
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Attributes {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttributesVisitor)
    }
}

struct AttributesVisitor;

impl<'de> Visitor<'de> for AttributesVisitor {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes as a JSON object or an array of `name` and `value`")
    }

    /// JSON inside of a text, as in a file.
    fn visit_str<E: Error>(self, text: &str) -> Result<Attributes, E> {
        let mut json = serde_json::Deserializer::from_str(text);
        let attributes = json.deserialize_any(Inner).map_err(E::custom)?;
        json.end().map_err(E::custom)?;
        Ok(attributes)
    }

    fn visit_unit<E: Error>(self) -> Result<Attributes, E> {
        Inner.visit_unit()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Attributes, A::Error> {
        Inner.visit_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Attributes, A::Error> {
        Inner.visit_seq(items)
    }
}

/// The same without text that is parsed: JSON does not lie in JSON.
struct Inner;

impl<'de> Visitor<'de> for Inner {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AttributesVisitor.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<Attributes, E> {
        Ok(Attributes::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
        let mut attributes = Vec::new();
        while let Some(attribute) = map.next_entry()? {
            attributes.push(attribute);
        }
        Ok(Attributes(attributes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Attributes, A::Error> {
        #[derive(serde::Deserialize)]
        struct Item {
            name: String,
            #[serde(default)]
            value: Value,
        }
        let mut attributes = Vec::new();
        while let Some(Item { name, value }) = items.next_element()? {
            attributes.push((name, value));
        }
        Ok(Attributes(attributes))
    }
}
