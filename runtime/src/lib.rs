//! What generated bindings stand on: typed XML in and out, the simple types of XML Schema, SOAP 1.1 envelopes.
//!
//! Values enter and bytes leave, or the other way round. Generated code implements the traits of [`xml`] and [`soap`] and holds the types of
//! [`value`]; what opens connections is behind features: `client` for the SOAP client over a transport of one's own, `reqwest` for the one
//! built in, `blocking` for programs without an async runtime, `bulk` for bulk export.
//!
//! ```
//! use runtime::value::{OptNillable, nil};
//!
//! // Absent, nil and a value are three different things in a message.
//! let mut batch_size: OptNillable<i32> = OptNillable::Absent;
//! assert!(batch_size.is_absent());
//! batch_size = nil().into();
//! assert!(batch_size.is_nil());
//! batch_size = 100.into();
//! assert_eq!(batch_size.value(), Some(&100));
//! ```

#[cfg(feature = "client")]
pub mod backoff;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "bulk")]
pub mod bulk;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod clock;
#[cfg(feature = "client")]
pub mod pace;
#[cfg(feature = "client")]
pub mod sign;
pub mod soap;
#[cfg(feature = "client")]
pub mod transport;
pub mod value;
pub mod xml;
