//! Static lists.

use std::collections::BTreeSet;

use generated::v3_1::{ListKey, ListKeyType};

use super::Store;

/// A static list, or the list of a sales user's leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticList {
    /// Its id.
    pub id: i32,
    /// The kind of [`key`](Self::key): a list's name, or a sales user's id.
    pub key_type: ListKeyType,
    /// Its name, or the sales user's id.
    pub key: String,
    /// The ids of the leads on it.
    pub members: BTreeSet<i32>,
}

impl Store {
    /// Adds an empty list with this name, unless there is one, and returns its id.
    pub fn add_list(&mut self, name: impl Into<String>) -> i32 {
        self.add_keyed_list(ListKey::new(ListKeyType::MktoListName, name.into()))
    }

    /// Adds an empty list with this key, unless there is one, and returns its id.
    pub fn add_keyed_list(&mut self, key: ListKey) -> i32 {
        if let Some(list) = self.list_by_key(&key) {
            return list.id;
        }
        let id = self.next_id();
        self.lists.push(StaticList { id, key_type: key.key_type, key: key.key_value, members: BTreeSet::new() });
        id
    }

    /// The list with this name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&StaticList> {
        self.lists.iter().find(|list| list.key == name && list.key_type == ListKeyType::MktoListName)
    }

    /// The list with this id, to change it.
    pub fn list_mut(&mut self, id: i32) -> Option<&mut StaticList> {
        self.lists.iter_mut().find(|list| list.id == id)
    }

    pub(crate) fn list_by_id(&self, id: i32) -> Option<&StaticList> {
        self.lists.iter().find(|list| list.id == id)
    }

    pub(crate) fn list_by_key(&self, key: &ListKey) -> Option<&StaticList> {
        self.lists.iter().find(|list| list.key == key.key_value && list.key_type == key.key_type)
    }
}
