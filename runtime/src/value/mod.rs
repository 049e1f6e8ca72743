//! The values that messages hold: XML Schema's simple types (XML Schema Part 2: Datatypes), what is nil or absent, and the macros that give
//! generated types their conversions.
//!
//! Text enters and values leave, or the other way round: [`FromStr`](std::str::FromStr) and [`Display`](std::fmt::Display) are exact inverses
//! wherever a type keeps what is written. Elements, attributes and namespaces are [`xml`](crate::xml)'s; nothing here knows of them but
//! [`AnySimple`], which carries its own type.
//!
//! | XML Schema | Rust |
//! |---|---|
//! | `xs:boolean` | `bool` |
//! | `xs:byte`, `xs:short`, `xs:int`, `xs:long` | `i8`, `i16`, `i32`, `i64` |
//! | `xs:unsignedByte`, `xs:unsignedShort`, `xs:unsignedInt`, `xs:unsignedLong` | `u8`, `u16`, `u32`, `u64` |
//! | `xs:integer` | [`Integer`] |
//! | `xs:nonNegativeInteger`, `xs:positiveInteger` | [`NonNegativeInteger`], [`PositiveInteger`] |
//! | `xs:nonPositiveInteger`, `xs:negativeInteger` | [`NonPositiveInteger`], [`NegativeInteger`] |
//! | `xs:decimal` | [`Decimal`] |
//! | `xs:float`, `xs:double` | `f32`, `f64` |
//! | `xs:dateTime`, `xs:date`, `xs:time` | [`DateTime`], [`Date`], [`Time`] |
//! | `xs:base64Binary`, `xs:hexBinary` | [`Base64Binary`], [`HexBinary`] |
//! | `xs:anySimpleType` | [`AnySimple`] |
//! | `xs:string`, unions | `String` |
//! | `xs:normalizedString` | [`NormalizedString`] |
//! | `xs:token` and what derives from it, `xs:anyURI`, lists | [`Token`] |

mod any_simple;
mod binary;
mod bounded;
mod date;
mod date_time;
mod decimal;
mod enumeration;
mod error;
mod hidden;
mod integer;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod json;
mod list;
mod nillable;
mod parts;
mod simple;
mod text;
mod time;

pub use any_simple::{AnySimple, AnyTypeName};
pub use binary::{Base64Binary, HexBinary};
pub use bounded::{NegativeInteger, NonNegativeInteger, NonPositiveInteger, PositiveInteger};
pub use date::Date;
pub use date_time::DateTime;
pub use decimal::Decimal;
pub use enumeration::Text;
pub use error::ValueError;
pub use integer::Integer;
pub use list::List;
pub use nillable::{Nillable, OptNillable, nil};
pub use text::{NormalizedString, Token};
pub use time::Time;
