//! Wrappers: structs whose only field is a repeated element, to be handled as the list that they stand for.

/// A struct whose only field is a repeated element. [`list!`](crate::list) implements it.
///
/// It lets arrays and vectors go straight into setters of [`Nillable`](super::Nillable) and [`OptNillable`](super::OptNillable) lists.
pub trait List: FromIterator<<Self as List>::Item> {
    /// The repeated element's type.
    type Item;
}

/// Makes a struct whose only field is a repeated element usable as a list: built from arrays, vectors and iterators of whatever converts
/// into its items, read as a slice, iterated by value and by reference.
///
/// ```
/// #[derive(Debug, Default, PartialEq)]
/// pub struct ArrayOfString {
///     pub string_item: Vec<String>,
/// }
/// runtime::list!(ArrayOfString { string_item: String });
///
/// let mut list = ArrayOfString::from(["a", "b"]);
/// list.extend(["c"]);
/// assert_eq!(list.len(), 3);
/// assert_eq!(list[0], "a");
/// for item in &list {
///     assert_eq!(item.len(), 1);
/// }
/// assert_eq!(list.into_iter().collect::<String>(), "abc");
///
/// use runtime::value::OptNillable;
/// let field = OptNillable::<ArrayOfString>::from(vec!["a"]);
/// assert_eq!(field.as_deref(), Some(&["a".to_owned()][..]));
/// ```
#[macro_export]
macro_rules! list {
    ($type_:ident { $field:ident: $item:ty }) => {
        impl $crate::value::List for $type_ {
            type Item = $item;
        }

        impl<IntoItem: ::core::convert::Into<$item>> ::core::iter::FromIterator<IntoItem> for $type_ {
            fn from_iter<Items: ::core::iter::IntoIterator<Item = IntoItem>>(items: Items) -> Self {
                Self { $field: items.into_iter().map(::core::convert::Into::into).collect() }
            }
        }

        impl<IntoItem: ::core::convert::Into<$item>> ::core::iter::Extend<IntoItem> for $type_ {
            fn extend<Items: ::core::iter::IntoIterator<Item = IntoItem>>(&mut self, items: Items) {
                self.$field.extend(items.into_iter().map(::core::convert::Into::into));
            }
        }

        impl<IntoItem: ::core::convert::Into<$item>> ::core::convert::From<::std::vec::Vec<IntoItem>> for $type_ {
            fn from(items: ::std::vec::Vec<IntoItem>) -> Self {
                items.into_iter().collect()
            }
        }

        impl<IntoItem: ::core::convert::Into<$item>, const N: usize> ::core::convert::From<[IntoItem; N]> for $type_ {
            fn from(items: [IntoItem; N]) -> Self {
                items.into_iter().collect()
            }
        }

        impl ::core::ops::Deref for $type_ {
            type Target = [$item];

            fn deref(&self) -> &[$item] {
                &self.$field
            }
        }

        impl ::core::iter::IntoIterator for $type_ {
            type Item = $item;
            type IntoIter = ::std::vec::IntoIter<$item>;

            fn into_iter(self) -> Self::IntoIter {
                self.$field.into_iter()
            }
        }

        impl<'list> ::core::iter::IntoIterator for &'list $type_ {
            type Item = &'list $item;
            type IntoIter = ::core::slice::Iter<'list, $item>;

            fn into_iter(self) -> Self::IntoIter {
                self.$field.iter()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::value::Nillable;

    #[derive(Debug, Default, PartialEq)]
    struct Numbers {
        number: Vec<Nillable<i32>>,
    }
    crate::list!(Numbers { number: Nillable<i32> });

    #[test]
    fn items_may_be_nillable() {
        let mut numbers = Numbers::from([1, 2]);
        numbers.extend([Nillable::Nil]);
        numbers.extend(Some(4));
        assert_eq!(numbers.iter().filter_map(Nillable::value).sum::<i32>(), 7);
        assert_eq!(Numbers::from(vec![1, 2]), [1, 2].into_iter().collect());
        assert_eq!((&numbers).into_iter().count(), 4);
        assert_eq!(numbers.into_iter().filter(Nillable::is_nil).count(), 1);
    }
}
