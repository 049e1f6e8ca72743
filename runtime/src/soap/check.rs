//! What a service expects of a request beside its schema: generated code tells a [`Check`] what is there, and the first thing wrong leaves.

use std::fmt;

use crate::value::{DateTime, Integer};

/// Looks at a request before it is sent. Keeps the first violation.
#[derive(Debug)]
pub struct Check {
    now: i64,
    skipped: usize,
    violation: Option<Violation>,
}

/// A request that the service would refuse, or of which it would silently drop a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    field: String,
    rule: String,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    path: &'static str,
    at: Option<usize>,
}

impl Place {
    /// At a path; the empty one is the request itself.
    #[must_use]
    pub const fn at(path: &'static str) -> Self {
        Self { path, at: None }
    }

    /// At a path on which something repeats, counted from 0.
    #[must_use]
    pub const fn nth(path: &'static str, at: usize) -> Self {
        Self { path, at: Some(at) }
    }

    fn field(self, name: &str, skipped: usize) -> String {
        let separator = if self.path.is_empty() { "" } else { "/" };
        match self.at {
            Some(at) => format!("{}[{}]{separator}{name}", self.path, skipped + at + 1),
            None => format!("{}{separator}{name}", self.path),
        }
    }
}

impl Check {
    /// A check at the moment `now`, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn new(now: i64) -> Self {
        Self { now, skipped: 0, violation: None }
    }

    /// The check of a part of a list, so many items of which come before it: they count where an item is named.
    #[must_use]
    pub const fn after(mut self, items: usize) -> Self {
        self.skipped = items;
        self
    }

    /// What is wrong, if anything is.
    ///
    /// # Errors
    ///
    /// The first violation.
    pub fn end(self) -> Result<(), Violation> {
        self.violation.map_or(Ok(()), Err)
    }

    /// At most `max` elements at `path`.
    pub fn items(&mut self, path: &'static str, found: usize, max: u32) {
        if found > max as usize {
            self.violated(path.to_owned(), format!("found {found} elements, the service takes at most {max}"));
        }
    }

    /// At most the number `max` at `path`.
    pub fn value(&mut self, path: &'static str, found: &impl Whole, max: u32) {
        if found.exceeds(max) {
            self.violated(path.to_owned(), format!("found {found}, the service takes at most {max}"));
        }
    }

    /// Exactly one of the fields is given.
    pub fn one_of(&mut self, place: Place, fields: &[(&str, bool)]) {
        self.any_of(place, fields);
        self.at_most_one(place, fields);
    }

    /// At least one of the fields is given.
    pub fn any_of(&mut self, place: Place, fields: &[(&str, bool)]) {
        if let [(first, false), others @ ..] = fields
            && others.iter().all(|(_, given)| !given)
        {
            let others: String = others.iter().map(|(other, _)| format!(" or `{other}`")).collect();
            self.violated(place.field(first, self.skipped), format!("missing: the service wants `{first}`{others}"));
        }
    }

    /// At most one of the fields is given.
    pub fn at_most_one(&mut self, place: Place, fields: &[(&str, bool)]) {
        let mut given = fields.iter().filter(|(_, given)| *given);
        if let (Some((first, _)), Some((second, _))) = (given.next(), given.next()) {
            self.violated(
                place.field(second, self.skipped),
                format!("given beside `{first}`: the service takes one of them"),
            );
        }
    }

    /// All of the fields are given, or none.
    pub fn together(&mut self, place: Place, fields: &[(&str, bool)]) {
        let given = fields.iter().find(|(_, given)| *given);
        let missing = fields.iter().find(|(_, given)| !given);
        if let (Some((given, _)), Some((missing, _))) = (given, missing) {
            self.violated(place.field(missing, self.skipped), format!("missing: the service wants it with `{given}`"));
        }
    }

    /// Where the first field is given, all others are.
    pub fn requires(&mut self, place: Place, fields: &[(&str, bool)]) {
        if let [(first, true), others @ ..] = fields
            && let Some((missing, _)) = others.iter().find(|(_, given)| !given)
        {
            self.violated(place.field(missing, self.skipped), format!("missing: the service wants it with `{first}`"));
        }
    }

    /// From the first moment to the second, or else to now, it is no longer than so many days. A moment without an offset is not judged: its
    /// time zone is the service's to know.
    pub fn within_days(
        &mut self,
        place: Place,
        [from_name, to_name]: [&str; 2],
        from: Option<&DateTime>,
        to: Option<&DateTime>,
        days: u32,
    ) {
        let now = Some(self.now);
        let (Some(start), Some(end)) =
            (from.and_then(|from| from.unix_seconds()), to.map_or(now, |to| to.unix_seconds()))
        else {
            return;
        };
        if end.saturating_sub(start) > i64::from(days) * 86_400 {
            let until = if to.is_some() { format!("`{to_name}`") } else { "now".to_owned() };
            let rule = format!("more than {days} days before {until}: the service takes no longer range");
            self.violated(place.field(from_name, self.skipped), rule);
        }
    }

    fn violated(&mut self, field: String, rule: String) {
        self.violation.get_or_insert(Violation { field, rule });
    }
}

impl Violation {
    /// The field, as local names from the request's element, with `[n]` behind the nth of a repeated one.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.field, self.rule)
    }
}

impl std::error::Error for Violation {}

/// A whole number of any type.
pub trait Whole: fmt::Display {
    /// Whether it is greater than `max`.
    fn exceeds(&self, max: u32) -> bool;
}

macro_rules! whole {
    ($($type_:ty),*) => {
        $(impl Whole for $type_ {
            fn exceeds(&self, max: u32) -> bool {
                i128::from(*self) > i128::from(max)
            }
        })*
    };
}

whole!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Whole for Integer {
    fn exceeds(&self, max: u32) -> bool {
        let text = self.to_string();
        // What is no i128 is far from any limit, on the side that its sign says.
        text.parse::<i128>().map_or(!text.starts_with('-'), |number| number > i128::from(max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(with: impl FnOnce(&mut Check)) -> Option<String> {
        // 2026-03-02T12:00:00Z
        let mut check = Check::new(1_772_452_800);
        with(&mut check);
        check.end().err().map(|violation| violation.to_string())
    }

    #[test]
    fn counts_and_numbers() {
        assert_eq!(found(|check| check.items("a/b", 100, 100)), None);
        let text = "`a/b`: found 101 elements, the service takes at most 100";
        assert_eq!(found(|check| check.items("a/b", 101, 100)).as_deref(), Some(text));
        assert_eq!(found(|check| check.value("size", &-1, 100)), None);
        let text = "`size`: found 101, the service takes at most 100";
        assert_eq!(found(|check| check.value("size", &101_u64, 100)).as_deref(), Some(text));
        let long: Integer = "123456789012345678901234567890123456789012345".parse().unwrap();
        assert!(found(|check| check.value("size", &long, 100)).is_some());
        let long: Integer = "-123456789012345678901234567890123456789012345".parse().unwrap();
        assert_eq!(found(|check| check.value("size", &long, 100)), None);
    }

    #[test]
    fn fields_beside_each_other() {
        type Rule = fn(&mut Check, Place, &[(&str, bool)]);
        let none = "`x[3]/a`: missing: the service wants `a` or `b`";
        let both = "`x[3]/b`: given beside `a`: the service takes one of them";
        let with_a = "`x[3]/b`: missing: the service wants it with `a`";
        let with_b = "`x[3]/a`: missing: the service wants it with `b`";
        // For neither, a, b, and both.
        let cases: [(Rule, [Option<&str>; 4]); 5] = [
            (Check::one_of, [Some(none), None, None, Some(both)]),
            (Check::any_of, [Some(none), None, None, None]),
            (Check::at_most_one, [None, None, None, Some(both)]),
            (Check::together, [None, Some(with_a), Some(with_b), None]),
            (Check::requires, [None, Some(with_a), None, None]),
        ];
        for (rule, expected) in cases {
            for (given, expected) in
                [(false, false), (true, false), (false, true), (true, true)].into_iter().zip(expected)
            {
                let text = found(|check| rule(check, Place::nth("x", 2), &[("a", given.0), ("b", given.1)]));
                assert_eq!(text.as_deref(), expected, "{given:?}");
            }
        }
        let text = found(|check| check.any_of(Place::at(""), &[("a", false)]));
        assert_eq!(text.as_deref(), Some("`a`: missing: the service wants `a`"));
    }

    #[test]
    fn ranges_end_at_a_moment_or_now() {
        let range = |from: &str, to: Option<&str>| {
            let (from, to) = (from.parse().unwrap(), to.map(|to| to.parse().unwrap()));
            found(|check| check.within_days(Place::at("s"), ["from", "to"], Some(&from), to.as_ref(), 30))
        };
        assert_eq!(range("2026-01-31T12:00:00Z", None), None);
        assert_eq!(range("2026-01-01T00:00:00+01:00", Some("2026-01-30T23:00:00Z")), None);
        let text = "`s/from`: more than 30 days before now: the service takes no longer range";
        assert_eq!(range("2026-01-31T11:59:59Z", None).as_deref(), Some(text));
        let text = "`s/from`: more than 30 days before `to`: the service takes no longer range";
        assert_eq!(range("2026-01-01T00:00:00Z", Some("2026-01-31T00:00:01Z")).as_deref(), Some(text));
        assert_eq!(range("2020-01-01T00:00:00", None), None);
    }

    #[test]
    fn the_first_violation_is_kept() {
        let text = found(|check| {
            check.items("a", 2, 1);
            check.items("b", 2, 1);
        });
        assert_eq!(text.as_deref(), Some("`a`: found 2 elements, the service takes at most 1"));
    }
}
