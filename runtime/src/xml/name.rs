//! Names as generated code states them: fixed at compile time, so that writing copies them and reading only compares.

use std::fmt;
use std::marker::PhantomData;

/// A namespace with the prefix that messages declare for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The prefix, never empty.
    pub prefix: &'static str,
    /// The namespace's URI.
    pub uri: &'static str,
}

/// An element's or type's name: a namespace (empty for none) and a local part (Namespaces in XML 1.0, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The namespace's URI, empty for none.
    pub namespace: &'static str,
    /// The local part.
    pub local: &'static str,
}

/// The name of a schema type, as `xsi:type` gives it.
pub type TypeName = Name;

impl Name {
    /// `local` in `namespace`.
    #[must_use]
    pub const fn new(namespace: &'static str, local: &'static str) -> Self {
        Self { namespace, local }
    }

    /// Whether a name found in a document is this one.
    #[must_use]
    pub fn matches(&self, (namespace, local): (&str, &str)) -> bool {
        self.local == local && self.namespace == namespace
    }
}

/// `{namespace}local`, or the local part alone where there is no namespace.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.namespace.is_empty() {
            write!(f, "{{{}}}", self.namespace)?;
        }
        f.write_str(self.local)
    }
}

/// A global element: its name, how it is written, and the type `T` of its content.
pub struct Element<T> {
    /// Its name.
    pub name: Name,
    /// Its name with the prefix it is written with.
    pub qname: &'static str,
    /// The namespaces that a document with it declares.
    pub namespaces: &'static [Namespace],
    type_: PhantomData<fn() -> T>,
}

impl<T> Element<T> {
    /// The element `local` of `namespace`, written as `qname` where `namespaces` are declared.
    #[must_use]
    pub const fn new(
        namespaces: &'static [Namespace],
        namespace: &'static str,
        local: &'static str,
        qname: &'static str,
    ) -> Self {
        Self { name: Name::new(namespace, local), qname, namespaces, type_: PhantomData }
    }
}

impl<T> Clone for Element<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Element<T> {}

impl<T> fmt::Debug for Element<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Element").field(&self.name).finish()
    }
}
