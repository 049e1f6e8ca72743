//! Qualified names (Namespaces in XML 1.0, section 4), resolved: a namespace instead of a prefix.

use std::fmt;

/// The namespace of XML Schema's own names.
pub const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// The namespace of `xsi:type` and `xsi:nil`.
pub const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A name in a namespace. No namespace is the empty string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QName {
    /// The namespace's URI, empty for none.
    pub namespace: String,
    /// The part after the prefix.
    pub local: String,
}

impl QName {
    /// `local` in `namespace`.
    pub fn new(namespace: impl Into<String>, local: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), local: local.into() }
    }

    /// Whether this is `local` in XML Schema's namespace.
    #[must_use]
    pub fn is_xs(&self, local: &str) -> bool {
        self.namespace == XS && self.local == local
    }
}

/// `{namespace}local`, or `local` alone where there is no namespace.
impl fmt::Display for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            f.write_str(&self.local)
        } else {
            write!(f, "{{{}}}{}", self.namespace, self.local)
        }
    }
}
