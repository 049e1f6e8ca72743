//! Rust types around the values of fields and elements.

use proc_macro2::{Ident, Span, TokenStream};
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
    let name = Ident::new(name(builtin), Span::call_site());
    quote!(#name)
}

/// Its name in the runtime, where it is there.
pub(super) fn runtime_name(builtin: Builtin) -> Option<&'static str> {
    (builtin != Builtin::String && !is_primitive(builtin)).then(|| name(builtin))
}

fn name(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::String => "String",
        Builtin::NormalizedString => "NormalizedString",
        Builtin::Token => "Token",
        Builtin::Boolean => "bool",
        Builtin::Byte => "i8",
        Builtin::Short => "i16",
        Builtin::Int => "i32",
        Builtin::Long => "i64",
        Builtin::UnsignedByte => "u8",
        Builtin::UnsignedShort => "u16",
        Builtin::UnsignedInt => "u32",
        Builtin::UnsignedLong => "u64",
        Builtin::Integer => "Integer",
        Builtin::NonNegativeInteger => "NonNegativeInteger",
        Builtin::PositiveInteger => "PositiveInteger",
        Builtin::NonPositiveInteger => "NonPositiveInteger",
        Builtin::NegativeInteger => "NegativeInteger",
        Builtin::Decimal => "Decimal",
        Builtin::Float => "f32",
        Builtin::Double => "f64",
        Builtin::DateTime => "DateTime",
        Builtin::Date => "Date",
        Builtin::Time => "Time",
        Builtin::Base64Binary => "Base64Binary",
        Builtin::HexBinary => "HexBinary",
        Builtin::AnySimple => "AnySimple",
    }
}

/// Whether a value is a plain number or boolean, which nothing converts into by itself.
pub(super) fn is_plain(type_: &Type) -> bool {
    matches!(type_, Type::Builtin(builtin) | Type::Alias(_, builtin) if is_primitive(*builtin))
}

fn is_primitive(builtin: Builtin) -> bool {
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
