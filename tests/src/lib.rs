//! What the tests and benches share: documents made at random from a WSDL's model, and a way to say that two documents mean the same.
//!
//! [`schema`] reads the model independently of codegen's lowering, [`arbitrary`] makes documents that are valid under it and spells them in
//! many ways, [`document`] reads XML into trees with none of the code under test, and [`canonical`] takes out of a tree what a reader of the
//! schema may overlook. Bindings are right when what they write is, tree for tree, the canonical form of what they read.

pub mod arbitrary;
pub mod canonical;
pub mod cases;
pub mod coverage;
pub mod document;
pub mod envelope;
pub mod export;
pub mod files;
pub mod json;
pub mod sample;
pub mod schema;
pub mod secrets;
pub mod trip;

#[cfg(test)]
mod fixture;

/// The README's examples, compiled and run as they stand there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// `partnerId` came with 3.1: a version before it does not compile with it.
///
/// ```
/// let header = generated::v3_1::AuthenticationHeaderInfo::unsigned().audit("a").mode(1).partner_id("p");
/// assert_eq!(header.partner_id.as_deref(), Some("p"));
/// let header = generated::v2_7::AuthenticationHeaderInfo::unsigned().audit("a").mode(1);
/// assert_eq!(header.mode, Some(1));
/// ```
///
/// ```compile_fail,E0599
/// let header = generated::v2_7::AuthenticationHeaderInfo::unsigned().partner_id("p");
/// ```
#[cfg(doctest)]
pub struct PartnerId;
