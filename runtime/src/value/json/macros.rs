//! The macros that make generated types objects in JSON. Each expands to little more than its list of fields: see [`super`] for the work.

/// Makes a struct serializable and deserializable as a JSON object; only with the feature `serde`.
///
/// Each field stands with its occurrence, `required`, `optional`, `nillable`, `opt_nillable` or `repeated`, and its key. Nil is `null`, what is
/// absent has no key, an empty repeated field has none either. Read, unknown keys are ignored.
///
/// ```
/// use runtime::value::{Nillable, OptNillable};
///
/// #[derive(Debug, PartialEq)]
/// pub struct Lead {
///     pub lang: Option<String>,
///     pub id: OptNillable<i32>,
///     pub email: Nillable<String>,
///     pub score: f64,
///     pub tag: Vec<String>,
/// }
/// runtime::json_struct!(Lead {
///     optional lang: "@lang",
///     opt_nillable id: "Id",
///     nillable email: "Email",
///     required score: "score",
///     repeated tag: "tag",
/// });
///
/// let lead = Lead { lang: None, id: 5.into(), email: Nillable::Nil, score: f64::INFINITY, tag: Vec::new() };
/// let json = serde_json::to_string(&lead).unwrap();
/// assert_eq!(json, r#"{"Id":5,"Email":null,"score":"INF"}"#);
/// assert_eq!(serde_json::from_str::<Lead>(&json).unwrap(), lead);
/// ```
#[macro_export]
macro_rules! json_struct {
    ($type_:ident { $($occurrence:ident $field:ident: $key:literal),* $(,)? }) => {
        impl $crate::value::json::serde::Serialize for $type_ {
            fn serialize<S: $crate::value::json::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::value::json::Writing::new(serializer)?$(.$occurrence($key, &self.$field)?)*.end()
            }
        }

        impl $crate::value::json::JsonObject for $type_ {
            const NAME: &'static str = ::core::stringify!($type_);

            fn from_entries<'de, M: $crate::value::json::serde::de::MapAccess<'de>>(
                mut map: $crate::value::json::Reading<M>,
            ) -> ::core::result::Result<Self, M::Error> {
                $(let mut $field = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(key) = map.key(&[$($key),*])? {
                    match key {
                        $(::core::option::Option::Some($key) => map.value($key, &mut $field)?,)*
                        _ => map.skip()?,
                    }
                }
                ::core::result::Result::Ok(Self {
                    $($field: $crate::value::json::$occurrence::<_, M::Error>($field, $key)?,)*
                })
            }
        }

        $crate::__json_object!($type_);
    };
}

/// Makes a union serializable and deserializable as a JSON object whose only key says which member it is; only with the feature `serde`.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// pub struct Circle {
///     pub radius: i32,
/// }
/// runtime::json_struct!(Circle { required radius: "radius" });
///
/// #[derive(Debug, PartialEq)]
/// pub enum Shape {
///     Circle(Circle),
///     Boxed(Box<Circle>),
/// }
/// runtime::json_union!(Shape { Circle: "Circle", Boxed: "Boxed" });
///
/// let shape = Shape::Circle(Circle { radius: 5 });
/// let json = serde_json::to_string(&shape).unwrap();
/// assert_eq!(json, r#"{"Circle":{"radius":5}}"#);
/// assert_eq!(serde_json::from_str::<Shape>(&json).unwrap(), shape);
/// ```
#[macro_export]
macro_rules! json_union {
    ($type_:ident { $($variant:ident: $key:literal),+ $(,)? }) => {
        impl $crate::value::json::serde::Serialize for $type_ {
            fn serialize<S: $crate::value::json::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                let map = $crate::value::json::Writing::new(serializer)?;
                match self {
                    $(Self::$variant(value) => map.required($key, value)?.end(),)+
                }
            }
        }

        impl $crate::value::json::JsonObject for $type_ {
            const NAME: &'static str = ::core::stringify!($type_);

            fn from_entries<'de, M: $crate::value::json::serde::de::MapAccess<'de>>(
                mut map: $crate::value::json::Reading<M>,
            ) -> ::core::result::Result<Self, M::Error> {
                match &*map.only_key()? {
                    $($key => map.only_value().map(Self::$variant),)+
                    key => ::core::result::Result::Err(
                        $crate::value::json::serde::de::Error::unknown_variant(key, &[$($key),+]),
                    ),
                }
            }
        }

        $crate::__json_object!($type_);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __json_object {
    ($type_:ident) => {
        impl<'de> $crate::value::json::serde::Deserialize<'de> for $type_ {
            fn deserialize<D: $crate::value::json::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::value::json::object(deserializer)
            }
        }

        impl $crate::value::json::JsonValue for $type_ {}
    };
}
