//! Which leads a request means: keys and selectors; and pages of what was found.

use std::collections::BTreeSet;

use generated::v3_1::{LeadKey, LeadKeyRef, LeadSelector, StaticListSelector};
use jiff::{SignedDuration, Timestamp};
use runtime::value::OptNillable;

use super::Call;
use super::fault::{Refusal, refuse};
use crate::store::{Mark, StaticList, Store, timestamp};

/// The most keys that count in a selector.
const MAX_KEYS: usize = 100;

/// The longest range of a `LastUpdateAtSelector`.
const MAX_RANGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is to be done with keys over the limit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// They do not count.
    Ignored,
    /// Fault 20110.
    Refused,
}

/// The leads that a key names; fault 20102 where it is none.
pub(super) fn by_key(store: &Store, key: &LeadKey) -> Result<Vec<i32>, Refusal> {
    match &key.key_type {
        LeadKeyRef::Unknown(type_) => return Err(refuse(20102, format!("`{type_}` is no type of lead key"))),
        LeadKeyRef::IdNum if key.key_value.parse::<i32>().is_err() => {
            return Err(refuse(20102, "the value of an IDNUM is a number"));
        }
        _ if key.key_value.is_empty() => return Err(refuse(20101, "a lead key has no value")),
        _ => {}
    }
    Ok(store.find(key))
}

/// The leads that a key names; fault 20103 where there is none.
pub(super) fn some_by_key(store: &Store, key: &LeadKey) -> Result<Vec<i32>, Refusal> {
    let found = by_key(store, key)?;
    if found.is_empty() {
        let type_ = key.key_type.as_str();
        return Err(refuse(20103, format!("Lead not found: no lead has this {type_}")));
    }
    Ok(found)
}

/// The leads that a selector names, by id.
pub(super) fn by_selector(call: &Call<'_>, selector: &LeadSelector, excess: Excess) -> Result<BTreeSet<i32>, Refusal> {
    let store = &*call.store;
    match selector {
        LeadSelector::LeadKeySelector(selector) => {
            let keys = &selector.key_values;
            if keys.is_empty() {
                return Err(refuse(20101, "the selector has no key"));
            }
            if keys.len() > MAX_KEYS && excess == Excess::Refused {
                return Err(refuse(20110, format!("{} keys are more than {MAX_KEYS}", keys.len())));
            }
            let keys = keys.iter().take(MAX_KEYS).map(|key| LeadKey::new(selector.key_type.clone(), key.clone()));
            let mut found = BTreeSet::new();
            for key in keys {
                found.extend(by_key(store, &key)?);
            }
            Ok(found)
        }
        LeadSelector::StaticListSelector(selector) => Ok(list(store, selector)?.members.clone()),
        LeadSelector::LastUpdateAtSelector(selector) => {
            let oldest = timestamp(&selector.oldest_updated_at);
            let latest = selector.latest_updated_at.value().map_or(call.now, timestamp);
            updated(store, oldest, latest)
        }
    }
}

/// The leads that were changed in a range, both ends within.
pub(super) fn updated(store: &Store, oldest: Timestamp, latest: Timestamp) -> Result<BTreeSet<i32>, Refusal> {
    if latest.duration_since(oldest) > MAX_RANGE {
        return Err(refuse(20022, "the time range is longer than 30 days"));
    }
    // What messages state are whole seconds.
    let range = oldest.as_second()..=latest.as_second();
    let leads = store.all_leads().filter(|(_, lead)| range.contains(&lead.updated_at.as_second()));
    Ok(leads.map(|(id, _)| id).collect())
}

fn list<'a>(store: &'a Store, selector: &StaticListSelector) -> Result<&'a StaticList, Refusal> {
    let found = match (selector.static_list_id.value(), selector.static_list_name.value()) {
        (Some(id), _) => store.list_by_id(*id),
        (None, Some(name)) => store.list(name),
        (None, None) => return Err(refuse(20109, "a StaticListSelector needs a name or an id")),
    };
    found.ok_or_else(|| refuse(20111, "List not found"))
}

/// How many items a page may have: what was asked for, `max` at most.
pub(super) fn batch(size: &OptNillable<i32>, default: usize, max: usize) -> Result<usize, Refusal> {
    let Some(size) = size.value() else { return Ok(default) };
    match usize::try_from(*size) {
        Ok(size) if size > 0 => Ok(size.min(max)),
        _ => Err(refuse(20110, format!("batchSize is {size}"))),
    }
}

/// A page of a stream.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) remaining: usize,
    /// Where the next one begins, if this was not the last too.
    pub(super) mark: Mark,
}

/// The page behind `from`; fault 20123 where a position was given and nothing is behind it.
pub(super) fn page<T>(
    items: impl Iterator<Item = (Mark, T)>,
    from: Option<Mark>,
    size: usize,
) -> Result<Page<T>, Refusal> {
    let mut items = items.filter(|(mark, _)| from.is_none_or(|from| *mark > from));
    let mut page = Page { items: Vec::new(), remaining: 0, mark: from.unwrap_or_default() };
    for (mark, item) in items.by_ref().take(size) {
        page.items.push(item);
        page.mark = mark;
    }
    page.remaining = items.count();
    if from.is_some() && page.items.is_empty() {
        return Err(refuse(20123, "Stream at end"));
    }
    Ok(page)
}

/// A count as messages state it.
pub(super) fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
