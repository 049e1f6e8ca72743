//! Bindings for Marketo's SOAP API, `mktows`: types and operations, one module a version, each behind a cargo feature of its name.
//!
//! Everything in the modules is generated from the WSDLs in `wsdl/`; [`runtime`] holds what it stands on.
//!
//! ```
//! # #[cfg(feature = "v3_1")] {
//! use generated::v3_1::{LeadKeyRef, LeadKeySelector, ParamsGetMultipleLeads};
//!
//! let selector = LeadKeySelector::new(LeadKeyRef::Email, ["a@example.com", "b@example.com"]);
//! let request = ParamsGetMultipleLeads::new().lead_selector(selector).batch_size(100);
//! assert_eq!(request.batch_size.value(), Some(&100));
//! assert!(request.stream_position.is_absent());
//! # }
//! ```

mod versions;

pub use versions::*;
