//! Rust types around the values of fields and elements.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Builtin, Field, Occurrence, Type};

/// The type of one value.
pub(super) fn type_(type_: &Type) -> TokenStream {
    match type_ {
        Type::Builtin(builtin) => builtin_(*builtin),
        Type::Enum(name) | Type::Struct(name) | Type::List(name) | Type::Union(name) | Type::Alias(name, _) => {
            quote!(#name)
        }
    }
}

/// As [`type_`], by its path in the module: where operations stand, one may have a type's name.
pub(super) fn type_path(type_: &Type) -> TokenStream {
    match type_ {
        Type::Builtin(builtin) => builtin_(*builtin),
        Type::Enum(name) => quote!(enums::#name),
        Type::Struct(name) | Type::List(name) | Type::Union(name) | Type::Alias(name, _) => quote!(types::#name),
    }
}

/// One of XML Schema's own types.
pub(super) fn builtin_(builtin: Builtin) -> TokenStream {
    match builtin {
        Builtin::String => quote!(String),
        Builtin::Boolean => quote!(bool),
        Builtin::Byte => quote!(i8),
        Builtin::Short => quote!(i16),
        Builtin::Int => quote!(i32),
        Builtin::Long => quote!(i64),
        Builtin::UnsignedByte => quote!(u8),
        Builtin::UnsignedShort => quote!(u16),
        Builtin::UnsignedInt => quote!(u32),
        Builtin::UnsignedLong => quote!(u64),
        Builtin::Integer => quote!(Integer),
        Builtin::Decimal => quote!(Decimal),
        Builtin::Float => quote!(f32),
        Builtin::Double => quote!(f64),
        Builtin::DateTime => quote!(DateTime),
        Builtin::Date => quote!(Date),
        Builtin::Time => quote!(Time),
        Builtin::Base64Binary => quote!(Base64Binary),
        Builtin::HexBinary => quote!(HexBinary),
        Builtin::AnySimple => quote!(AnySimple),
    }
}

/// Whether a value is a plain number or boolean, which nothing converts into by itself.
pub(super) fn is_plain(type_: &Type) -> bool {
    let (Type::Builtin(builtin) | Type::Alias(_, builtin)) = type_ else { return false };
    matches!(
        builtin,
        Builtin::Boolean
            | Builtin::Byte
            | Builtin::Short
            | Builtin::Int
            | Builtin::Long
            | Builtin::UnsignedByte
            | Builtin::UnsignedShort
            | Builtin::UnsignedInt
            | Builtin::UnsignedLong
            | Builtin::Float
            | Builtin::Double
    )
}

/// A field's type.
pub(super) fn field(field: &Field) -> TokenStream {
    let value = value(field);
    let item = item(field);
    match field.occurrence {
        Occurrence::Required => value,
        Occurrence::Optional => quote!(Option<#value>),
        Occurrence::Nillable => quote!(Nillable<#value>),
        Occurrence::OptNillable => quote!(OptNillable<#value>),
        Occurrence::Repeated { .. } => quote!(Vec<#item>),
    }
}

/// The type of one item of a repeated field.
pub(super) fn item(field: &Field) -> TokenStream {
    let value = value(field);
    match field.occurrence {
        Occurrence::Repeated { nillable: true, .. } => quote!(Nillable<#value>),
        _ => value,
    }
}

fn value(field: &Field) -> TokenStream {
    let type_ = type_(&field.type_);
    if field.boxed { quote!(Box<#type_>) } else { type_ }
}
