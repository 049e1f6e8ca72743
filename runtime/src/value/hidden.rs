//! `Debug` that leaves out what is secret.

/// Gives a struct `Debug` in which the values of hidden fields do not show.
///
/// ```
/// pub struct Header {
///     pub user: String,
///     pub signature: String,
/// }
/// runtime::debug_struct!(Header {
///     shown user,
///     hidden signature,
/// });
///
/// let header = Header { user: "u-1".to_owned(), signature: "0f3a".to_owned() };
/// assert_eq!(format!("{header:?}"), r#"Header { user: "u-1", signature: … }"#);
/// ```
#[macro_export]
macro_rules! debug_struct {
    ($type_:ident { $($how:ident $field:ident),* $(,)? }) => {
        impl ::core::fmt::Debug for $type_ {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut fields = f.debug_struct(::core::stringify!($type_));
                $($crate::debug_struct!(@$how fields, $field, self);)*
                fields.finish()
            }
        }
    };
    (@shown $fields:ident, $field:ident, $self:ident) => {
        $fields.field(::core::stringify!($field), &$self.$field);
    };
    (@hidden $fields:ident, $field:ident, $self:ident) => {
        $fields.field(::core::stringify!($field), &::core::format_args!("…"));
    };
}
