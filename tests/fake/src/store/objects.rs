//! MObjects and what is known of their types.

use std::collections::BTreeMap;

use generated::v3_1::{Attrib, MObjFieldMetadata, MObject, MObjectMetadata};
use jiff::Timestamp;
use runtime::value::nil;

use super::{Store, date_time};

/// Objects by id, and the types that there are.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    types: Vec<MObjectMetadata>,
    all: BTreeMap<i32, MObject>,
}

impl Objects {
    /// No object, but the types that every subscription has.
    pub(super) fn new(now: Timestamp) -> Self {
        let type_ = |name: &str, fields: &[(&str, &str)]| {
            let fields: Vec<_> =
                fields.iter().map(|(field, data_type)| field_of(name, field, data_type, now)).collect();
            MObjectMetadata::new(name, nil(), false, false, fields, date_time(now))
        };
        let types = vec![
            type_("ActivityRecord", &[("Id", "integer"), ("Activity Type", "string")]),
            type_("LeadRecord", &[("Id", "integer"), ("Email", "email"), ("FirstName", "string")]),
            type_("Opportunity", &[("Id", "integer"), ("Name", "string"), ("Amount", "currency"), ("Stage", "string")]),
            type_("OpportunityPersonRole", &[("Id", "integer"), ("Role", "string"), ("IsPrimary", "boolean")]),
            type_("Program", &[("Id", "integer"), ("Name", "string"), ("Channel", "string")]),
        ];
        Self { types, all: BTreeMap::new() }
    }
}

fn field_of(type_: &str, name: &str, data_type: &str, now: Timestamp) -> MObjFieldMetadata {
    let is_key = name == "Id";
    let at = date_time(now);
    let size = (data_type == "string").then_some(255);
    MObjFieldMetadata {
        name: name.to_owned(),
        description: nil(),
        display_name: name.into(),
        source_object: type_.into(),
        data_type: data_type.to_owned(),
        size: size.into(),
        is_readonly: is_key,
        is_update_blocked: false,
        is_name: (name == "Name").into(),
        is_primary_key: is_key,
        is_custom: false,
        is_dynamic: false,
        dynamic_field_ref: nil(),
        updated_at: at,
    }
}

impl Store {
    /// Adds a type of objects, or replaces the one of that name.
    pub fn add_object_type(&mut self, metadata: MObjectMetadata) {
        self.objects.types.retain(|known| known.name != metadata.name);
        self.objects.types.push(metadata);
    }

    /// Adds an object, or replaces the one with its id; one without an id is given one. Returns the id.
    pub fn add_object(&mut self, mut object: MObject) -> i32 {
        let id = object.id.unwrap_or_else(|| self.next_id());
        object.id = Some(id);
        let now = self.now();
        object.created_at.get_or_insert_with(|| date_time(now));
        object.updated_at.get_or_insert_with(|| date_time(now));
        self.objects.all.insert(id, object);
        id
    }

    /// The object with this id.
    #[must_use]
    pub fn object(&self, id: i32) -> Option<&MObject> {
        self.objects.all.get(&id)
    }

    /// All objects, by id.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = &MObject> {
        self.objects.all.values()
    }

    pub(crate) fn object_types(&self) -> &[MObjectMetadata] {
        &self.objects.types
    }

    /// The id of the object of a type that an id or an external key names.
    pub(crate) fn find_object(&self, type_: &str, id: Option<i32>, key: Option<&Attrib>) -> Option<i32> {
        let object = self.objects.all.iter().find(|(known, object)| match (id, key) {
            (Some(id), _) => **known == id && object.r#type == type_,
            (None, Some(key)) => object.r#type == type_ && object.external_key.as_ref() == Some(key),
            (None, None) => false,
        });
        object.map(|(id, _)| *id)
    }

    pub(crate) fn remove_object(&mut self, id: i32) {
        self.objects.all.remove(&id);
    }
}
