//! Custom objects.

use std::collections::BTreeMap;

use generated::v3_1::{ArrayOfAttribute, Attribute, CustomObj};

use super::{Store, attribute, set_attributes};

/// A type of custom objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct CustomType {
    /// The names of the attributes that make its key.
    keys: Vec<String>,
    objects: BTreeMap<i64, (Vec<Attribute>, Vec<Attribute>)>,
}

impl Store {
    /// Adds a type of custom objects with the names of the attributes that make its key.
    pub fn add_custom_type(&mut self, name: impl Into<String>, keys: &[&str]) {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        self.custom.insert(name.into(), CustomType { keys, objects: BTreeMap::new() });
    }

    /// Adds a custom object to a type, which is made where there is none: with the object's own keys.
    pub fn add_custom_object(&mut self, type_: &str, object: CustomObj) {
        let number = self.next_number();
        let keys: Vec<_> = object.custom_obj_key_list.as_deref().unwrap_or_default().to_vec();
        let names = keys.iter().map(|key| key.attr_name.clone());
        let type_ = self.custom.entry(type_.to_owned());
        let type_ = type_.or_insert_with(|| CustomType { keys: names.collect(), objects: BTreeMap::new() });
        type_.objects.insert(number, (keys, object.custom_obj_attribute_list.as_deref().unwrap_or_default().to_vec()));
    }

    /// The custom objects of a type, in the order in which they were added.
    pub fn custom_objects(&self, type_: &str) -> impl Iterator<Item = CustomObj> {
        self.custom
            .get(type_)
            .into_iter()
            .flat_map(|type_| type_.all().map(|(_, keys, attributes)| object(keys, attributes)))
    }

    pub(crate) fn custom_type(&self, name: &str) -> Option<&CustomType> {
        self.custom.get(name)
    }

    /// Adds or changes the object with these keys; `None` where the type is not known.
    pub(crate) fn put_custom(&mut self, type_: &str, keys: &[Attribute], attributes: &[Attribute]) -> Option<()> {
        let number = self.next_number();
        let type_ = self.custom.get_mut(type_)?;
        let number = type_.find(keys).unwrap_or(number);
        let (known, old) = type_.objects.entry(number).or_default();
        if known.is_empty() {
            *known = keys.to_vec();
        }
        set_attributes(old, attributes);
        Some(())
    }

    /// Takes the object with these keys away; whether there was one.
    pub(crate) fn remove_custom(&mut self, type_: &str, keys: &[Attribute]) -> bool {
        self.custom.get_mut(type_).is_some_and(|type_| {
            let number = type_.find(keys);
            number.is_some_and(|number| type_.objects.remove(&number).is_some())
        })
    }
}

impl CustomType {
    /// Whether these are all the attributes of the key, and no other.
    pub(crate) fn is_key(&self, keys: &[Attribute]) -> bool {
        keys.len() == self.keys.len() && self.keys.iter().all(|name| attribute(keys, name).is_some())
    }

    /// The number of the object with these keys.
    pub(crate) fn find(&self, keys: &[Attribute]) -> Option<i64> {
        self.all().find(|(_, known, _)| matches(known, keys)).map(|(number, ..)| number)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (i64, &[Attribute], &[Attribute])> {
        self.objects.iter().map(|(number, (keys, attributes))| (*number, &**keys, &**attributes))
    }
}

/// Whether all of `wanted` stands in `known`.
pub(crate) fn matches(known: &[Attribute], wanted: &[Attribute]) -> bool {
    wanted.iter().all(|wanted| attribute(known, &wanted.attr_name) == Some(&wanted.attr_value))
}

fn object(keys: &[Attribute], attributes: &[Attribute]) -> CustomObj {
    CustomObj::new()
        .custom_obj_key_list(ArrayOfAttribute::from(keys.to_vec()))
        .custom_obj_attribute_list(ArrayOfAttribute::from(attributes.to_vec()))
}
