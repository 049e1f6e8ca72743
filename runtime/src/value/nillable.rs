//! What may be nil, and what may be absent too.
//!
//! A nillable element that is there with `xsi:nil="true"` says something else than one that is left out (XML Schema Part 1, section 2.6.2):
//! services read the first as "clear this" and the second as "leave it". These types keep the two apart. The conversions into them are what
//! setters of generated types take, so that `100`, `"text"`, `Some(100)`, `nil()` and `["a", "b"]` can all be handed to a setter as they are.

use std::ops::Deref;

use super::{List, Text};

/// A value, or nil: an element that must be there but may be empty with `xsi:nil="true"`.
///
/// ```
/// use runtime::value::{Nillable, nil};
///
/// fn name(name: impl Into<Nillable<String>>) -> Nillable<String> {
///     name.into()
/// }
///
/// assert_eq!(name("x").as_deref(), Some("x"));
/// assert_eq!(name(String::from("x")), Nillable::Value("x".to_owned()));
/// assert!(name(nil()).is_nil());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nillable<T> {
    /// `xsi:nil="true"`.
    Nil,
    /// A value.
    Value(T),
}

/// A value, nil, or nothing at all: an element that may be left out, and may be empty with `xsi:nil="true"` where it is not.
///
/// ```
/// use runtime::value::{OptNillable, nil};
///
/// fn batch_size(size: impl Into<OptNillable<i32>>) -> OptNillable<i32> {
///     size.into()
/// }
///
/// assert_eq!(batch_size(100), OptNillable::Value(100));
/// assert_eq!(batch_size(nil()), OptNillable::Nil);
/// assert_eq!(batch_size(Some(100)), OptNillable::Value(100));
/// assert_eq!(batch_size(None), OptNillable::Absent);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OptNillable<T> {
    /// No element.
    #[default]
    Absent,
    /// `xsi:nil="true"`.
    Nil,
    /// A value.
    Value(T),
}

/// Nil, for a setter of either type.
///
/// ```
/// use runtime::value::{Nillable, OptNillable, nil};
///
/// assert_eq!(nil::<i32>(), Nillable::Nil);
/// assert_eq!(OptNillable::<i32>::from(nil()), OptNillable::Nil);
/// ```
#[must_use]
pub const fn nil<T>() -> Nillable<T> {
    Nillable::Nil
}

impl<T> Nillable<T> {
    /// The value; `None` where nil.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value, to change in place; `None` where nil.
    #[must_use]
    pub const fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value; `None` where nil.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether this is nil.
    #[must_use]
    pub const fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// The same with a reference to the value.
    #[must_use]
    pub const fn as_ref(&self) -> Nillable<&T> {
        match self {
            Self::Nil => Nillable::Nil,
            Self::Value(value) => Nillable::Value(value),
        }
    }

    /// What the value dereferences to, such as `&str` for a `String`; `None` where nil.
    #[must_use]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.value().map(Deref::deref)
    }

    /// The same with what `function` makes of the value.
    #[must_use]
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> Nillable<U> {
        match self {
            Self::Nil => Nillable::Nil,
            Self::Value(value) => Nillable::Value(function(value)),
        }
    }
}

impl<T> OptNillable<T> {
    /// The value; `None` where absent or nil.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Absent | Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value, to change in place; `None` where absent or nil.
    #[must_use]
    pub const fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Absent | Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value; `None` where absent or nil.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Absent | Self::Nil => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether this is nil. What is absent is not.
    #[must_use]
    pub const fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// Whether there is neither a value nor nil.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The same with a reference to the value.
    #[must_use]
    pub const fn as_ref(&self) -> OptNillable<&T> {
        match self {
            Self::Absent => OptNillable::Absent,
            Self::Nil => OptNillable::Nil,
            Self::Value(value) => OptNillable::Value(value),
        }
    }

    /// What the value dereferences to: `&str` for a `String`, a slice for a list; `None` where absent or nil.
    ///
    /// ```
    /// use runtime::value::OptNillable;
    ///
    /// let email = OptNillable::Value("a@example.com".to_owned());
    /// assert_eq!(email.as_deref(), Some("a@example.com"));
    ///
    /// let names = OptNillable::Value(vec!["a", "b"]);
    /// for name in names.as_deref().unwrap_or_default() {
    ///     assert_eq!(name.len(), 1);
    /// }
    /// ```
    #[must_use]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.value().map(Deref::deref)
    }

    /// The same with what `function` makes of the value.
    ///
    /// ```
    /// use runtime::value::OptNillable;
    ///
    /// assert_eq!(OptNillable::Value(5).map(Box::new), OptNillable::Value(Box::new(5)));
    /// ```
    #[must_use]
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> OptNillable<U> {
        match self {
            Self::Absent => OptNillable::Absent,
            Self::Nil => OptNillable::Nil,
            Self::Value(value) => OptNillable::Value(function(value)),
        }
    }
}

impl<T> From<T> for Nillable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// `None` is nil.
impl<T> From<Option<T>> for Nillable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Self::Value)
    }
}

impl<T: Text> From<&str> for Nillable<T> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl<W: List, U: Into<W::Item>> From<Vec<U>> for Nillable<W> {
    fn from(items: Vec<U>) -> Self {
        Self::Value(items.into_iter().map(Into::into).collect())
    }
}

impl<W: List, U: Into<W::Item>, const N: usize> From<[U; N]> for Nillable<W> {
    fn from(items: [U; N]) -> Self {
        Self::Value(items.into_iter().map(Into::into).collect())
    }
}

impl<T> From<T> for OptNillable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Nillable<T>> for OptNillable<T> {
    fn from(value: Nillable<T>) -> Self {
        match value {
            Nillable::Nil => Self::Nil,
            Nillable::Value(value) => Self::Value(value),
        }
    }
}

/// `None` is absent.
impl<T> From<Option<T>> for OptNillable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T: Text> From<&str> for OptNillable<T> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl<W: List, U: Into<W::Item>> From<Vec<U>> for OptNillable<W> {
    fn from(items: Vec<U>) -> Self {
        Nillable::from(items).into()
    }
}

impl<W: List, U: Into<W::Item>, const N: usize> From<[U; N]> for OptNillable<W> {
    fn from(items: [U; N]) -> Self {
        Nillable::from(items).into()
    }
}

#[cfg(test)]
mod tests {
    //! Each argument here is written as a user would: that the file compiles is most of the test.

    use super::*;
    use crate::value::DateTime;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Names {
        item: Vec<String>,
    }
    crate::list!(Names { item: String });

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Numbers {
        item: Vec<i64>,
    }
    crate::list!(Numbers { item: i64 });

    #[derive(Clone, Debug, PartialEq)]
    struct Key {
        value: String,
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Keys {
        item: Vec<Key>,
    }
    crate::list!(Keys { item: Key });

    /// As generated structs with their setters.
    #[derive(Debug, Default, PartialEq)]
    struct Request {
        int: OptNillable<i32>,
        long: OptNillable<i64>,
        double: OptNillable<f64>,
        flag: OptNillable<bool>,
        text: OptNillable<String>,
        since: OptNillable<DateTime>,
        names: OptNillable<Names>,
        numbers: OptNillable<Numbers>,
        keys: OptNillable<Keys>,
        key: OptNillable<Box<Key>>,
        many: Vec<Nillable<i64>>,
    }

    impl Request {
        fn int(mut self, value: impl Into<OptNillable<i32>>) -> Self {
            self.int = value.into();
            self
        }
        fn long(mut self, value: impl Into<OptNillable<i64>>) -> Self {
            self.long = value.into();
            self
        }
        fn double(mut self, value: impl Into<OptNillable<f64>>) -> Self {
            self.double = value.into();
            self
        }
        fn flag(mut self, value: impl Into<OptNillable<bool>>) -> Self {
            self.flag = value.into();
            self
        }
        fn text(mut self, value: impl Into<OptNillable<String>>) -> Self {
            self.text = value.into();
            self
        }
        fn since(mut self, value: impl Into<OptNillable<DateTime>>) -> Self {
            self.since = value.into();
            self
        }
        fn names(mut self, value: impl Into<OptNillable<Names>>) -> Self {
            self.names = value.into();
            self
        }
        fn numbers(mut self, value: impl Into<OptNillable<Numbers>>) -> Self {
            self.numbers = value.into();
            self
        }
        fn keys(mut self, value: impl Into<OptNillable<Keys>>) -> Self {
            self.keys = value.into();
            self
        }
        fn key(mut self, value: impl Into<OptNillable<Key>>) -> Self {
            self.key = value.into().map(Box::new);
            self
        }
        fn many(mut self, values: impl IntoIterator<Item = impl Into<Nillable<i64>>>) -> Self {
            self.many = values.into_iter().map(Into::into).collect();
            self
        }
    }

    fn required_int(value: impl Into<Nillable<i64>>) -> Nillable<i64> {
        value.into()
    }

    fn required_names(value: impl Into<Nillable<Names>>) -> Nillable<Names> {
        value.into()
    }

    #[test]
    fn literals_take_the_setters_type() {
        let request = Request::default().int(100).long(100).double(1.5).flag(true);
        assert_eq!(request.int, OptNillable::Value(100));
        assert_eq!(request.long, OptNillable::Value(100));
        assert_eq!(request.double, OptNillable::Value(1.5));
        assert_eq!(request.flag, OptNillable::Value(true));
        assert_eq!(Request::default().long(5_000_000_000).long.value(), Some(&5_000_000_000));
        assert_eq!(Request::default().int(-1).int.value(), Some(&-1));
        assert_eq!(required_int(7), Nillable::Value(7));
    }

    #[test]
    fn text_is_taken_borrowed_or_owned() {
        let owned = String::from("x");
        for request in [
            Request::default().text("x"),
            Request::default().text(owned.clone()),
            Request::default().text(owned.as_str()),
            Request::default().text(Some(owned)),
        ] {
            assert_eq!(request.text.as_deref(), Some("x"));
        }
    }

    #[test]
    fn nil_and_none_need_no_type() {
        let request = Request::default().int(nil()).text(nil()).names(nil()).since(nil()).key(nil());
        assert!(request.int.is_nil() && request.text.is_nil() && request.names.is_nil());
        assert!(request.since.is_nil() && request.key.is_nil());
        let request = request.int(None).text(None).names(None).since(None).key(None);
        assert_eq!(request, Request::default());
        assert!(required_int(nil()).is_nil());
        assert!(required_int(None).is_nil());
        assert_eq!(required_int(Some(5)), Nillable::Value(5));
        assert_eq!(Request::default().int(Some(5)).int, OptNillable::Value(5));
        assert_eq!(Request::default().int(OptNillable::Absent).int, OptNillable::Absent);
        assert_eq!(Request::default().int(Nillable::Value(5)).int, OptNillable::Value(5));
    }

    #[test]
    fn lists_are_taken_as_arrays_and_vectors() {
        let names = Names { item: vec!["a".to_owned(), "b".to_owned()] };
        for request in [
            Request::default().names(["a", "b"]),
            Request::default().names(vec!["a", "b"]),
            Request::default().names(["a".to_owned(), "b".to_owned()]),
            Request::default().names(vec!["a".to_owned(), "b".to_owned()]),
            Request::default().names(names.clone()),
            Request::default().names(["a", "b"].into_iter().collect::<Names>()),
        ] {
            assert_eq!(request.names.value(), Some(&names));
        }
        assert_eq!(required_names(["a", "b"]).value(), Some(&names));
        assert_eq!(required_names(vec!["a", "b"]).value(), Some(&names));

        let numbers = Request::default().numbers([1, 2]).numbers;
        assert_eq!(numbers.as_deref(), Some(&[1, 2][..]));
        let numbers = Request::default().numbers([5_000_000_000_i64]).numbers;
        assert_eq!(numbers.as_deref(), Some(&[5_000_000_000][..]));

        let key = Key { value: "k".to_owned() };
        assert_eq!(Request::default().keys([key.clone()]).keys.as_deref(), Some(&[key.clone()][..]));
        assert_eq!(Request::default().key(key.clone()).key.as_deref(), Some(&key));
    }

    #[test]
    fn repeated_items_may_be_nil() {
        assert_eq!(Request::default().many([1, 2]).many, [Nillable::Value(1), Nillable::Value(2)]);
        assert_eq!(Request::default().many([nil(), 2.into()]).many, [Nillable::Nil, Nillable::Value(2)]);
        assert_eq!(Request::default().many(vec![Some(1), None]).many, [Nillable::Value(1), Nillable::Nil]);
    }

    #[test]
    fn access() {
        let mut value = OptNillable::Value(5);
        if let Some(number) = value.value_mut() {
            *number += 1;
        }
        assert_eq!(value.as_ref().map(|number| number + 1), OptNillable::Value(7));
        assert_eq!(value.into_value(), Some(6));
        assert_eq!(OptNillable::<i32>::Absent.map(i64::from), OptNillable::Absent);
        assert_eq!(OptNillable::<i32>::Nil.into_value(), None);
        assert!(!OptNillable::<i32>::Absent.is_nil());

        let mut value = Nillable::Value(5);
        if let Some(number) = value.value_mut() {
            *number += 1;
        }
        assert_eq!(value.as_ref().map(|number| number + 1), Nillable::Value(7));
        assert_eq!(value.into_value(), Some(6));
    }
}
