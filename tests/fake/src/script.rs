//! The script of trouble: which calls go wrong, and how.

use std::fmt;
use std::sync::{Arc, Mutex};

use crate::calls::Call;
use crate::lock;
use crate::trouble::Trouble;

/// Which calls a [`Trouble`] is for.
///
/// By itself it means the first matching call that no earlier rule took.
///
/// ```
/// use fake::When;
///
/// let second = When::call("getLead").nth(2);
/// let some = When::any().every(20);
/// let of_new_leads = When::call("syncLead").only_if(|call| !call.body.windows(4).any(|tag| tag == b"<Id>")).always();
/// # let _ = (second, some, of_new_leads);
/// ```
#[derive(Clone)]
pub struct When {
    name: Option<String>,
    filter: Option<Filter>,
    nth: usize,
    every: Option<usize>,
    times: usize,
}

impl When {
    /// Calls with this [name](Call::is): `getLead`, `leads/create`, or `create` for all objects.
    pub fn call(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::any() }
    }

    /// Any call.
    #[must_use]
    pub const fn any() -> Self {
        Self { name: None, filter: None, nth: 1, every: None, times: 1 }
    }

    /// Only calls that `filter` is true for. Where the trouble comes before the request is read, the call's body is empty.
    #[must_use]
    pub fn only_if(mut self, filter: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        self.filter = Some(Arc::new(filter));
        self
    }

    /// Not before the `nth` call that matches, counted from 1 from when the rule was added.
    #[must_use]
    pub const fn nth(mut self, nth: usize) -> Self {
        self.nth = nth;
        self
    }

    /// Every `n`th call that matches.
    #[must_use]
    pub const fn every(mut self, n: usize) -> Self {
        self.every = Some(n);
        self.times = usize::MAX;
        self
    }

    /// So many calls.
    #[must_use]
    pub const fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// All calls from then on.
    #[must_use]
    pub const fn always(self) -> Self {
        self.times(usize::MAX)
    }

    fn matches(&self, call: &Call) -> bool {
        self.name.as_ref().is_none_or(|name| call.is(name)) && self.filter.as_ref().is_none_or(|filter| filter(call))
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When")
            .field("name", &self.name)
            .field("nth", &self.nth)
            .field("every", &self.every)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

type Filter = Arc<dyn Fn(&Call) -> bool + Send + Sync>;

/// The script. Clones share it.
///
/// Every call is held against the rules in the order in which they were added; the first that is due takes it.
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    rules: Vec<Rule>,
    connections: usize,
}

#[derive(Debug)]
struct Rule {
    when: When,
    trouble: Trouble,
    seen: usize,
    taken: usize,
}

impl Script {
    /// Trouble for the first call with this [name](Call::is). Added twice, it is for the first call and the one after it.
    pub fn on(&self, name: &str, trouble: Trouble) {
        self.add(When::call(name), trouble);
    }

    /// Trouble for some calls.
    pub fn add(&self, when: When, trouble: Trouble) {
        lock(&self.0).rules.push(Rule { when, trouble, seen: 0, taken: 0 });
    }

    /// Resets the next `count` connections as soon as they stand: with TLS, before its handshake.
    pub fn reset_connections(&self, count: usize) {
        lock(&self.0).connections += count;
    }

    /// Forgets all rules.
    pub fn clear(&self) {
        *lock(&self.0) = Lines::default();
    }

    /// The number of rules that did not take as many calls as they were made for; endless ones count until they took one.
    #[must_use]
    pub fn pending(&self) -> usize {
        let lines = lock(&self.0);
        let rules = lines.rules.iter();
        rules
            .filter(|rule| if rule.when.times == usize::MAX { rule.taken == 0 } else { rule.taken < rule.when.times })
            .count()
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.0).rules.is_empty()
    }

    /// The trouble for a call: before its body was read, only such as comes before that; afterwards, only other.
    pub(crate) fn take(&self, call: &Call, before_read: bool) -> Option<Trouble> {
        let mut found = None;
        for rule in &mut lock(&self.0).rules {
            if rule.trouble.is_before_read() != before_read || !rule.when.matches(call) {
                continue;
            }
            rule.seen += 1;
            let due = rule.seen >= rule.when.nth
                && rule.taken < rule.when.times
                && rule.when.every.is_none_or(|n| n > 0 && rule.seen.is_multiple_of(n));
            if due && found.is_none() {
                rule.taken += 1;
                found = Some(rule.trouble.clone());
            }
        }
        found
    }

    pub(crate) fn take_connection(&self) -> bool {
        let mut lines = lock(&self.0);
        let resets = lines.connections > 0;
        lines.connections -= usize::from(resets);
        resets
    }
}
