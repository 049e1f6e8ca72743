//! A piece of a document kept for later: a header block, a fault's detail.
//!
//! It is kept as it came, so nothing is lost that no schema describes; with the namespaces around it, so that it means the same elsewhere.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::read_error::ReadErrorKind;
use super::scope::Inherited;
use super::{Element, ReadError, ReadOptions, ReadXml, Reader, WriteError, WriteXml, Writer};

/// An element as it came, with the namespaces that were in scope around it.
#[derive(Clone, PartialEq, Eq)]
pub struct Fragment {
    namespace: Arc<str>,
    local: String,
    source: String,
    /// The declarations around it that it may need, the default namespace with an empty prefix: one list for all that stand beside each other.
    scope: Inherited,
    /// The prefixes among them that it declares itself.
    own: Vec<String>,
}

impl Fragment {
    /// `value` as the content of `element`.
    ///
    /// # Errors
    ///
    /// As [`write`](super::write).
    pub fn new<T: WriteXml>(element: &Element<T>, value: &T) -> Result<Self, WriteError> {
        let mut writer = Writer::new(element.namespaces);
        writer.root(element.qname, value)?;
        Ok(Self {
            namespace: element.name.namespace.into(),
            local: element.name.local.to_owned(),
            source: writer.into_string(),
            scope: Arc::default(),
            own: Vec::new(),
        })
    }

    /// Writes the element, and the declarations that were around it into its start tag.
    pub(crate) fn write(&self, writer: &mut Writer) {
        let (start, rest) = self.source.split_at(name_end(&self.source));
        writer.raw(start);
        for (prefix, uri) in self.scope.iter().filter(|(prefix, _)| !self.own.contains(prefix)) {
            writer.declare(prefix, uri);
        }
        writer.raw(rest);
    }

    /// The element's namespace, empty for none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The element's local name.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The element's text as it stood in the message. Prefixes that were declared around it are not declared in it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether this is `element`.
    #[must_use]
    pub fn is<T>(&self, element: &Element<T>) -> bool {
        element.name.matches((&self.namespace, &self.local))
    }

    /// Reads it as `element`. Offsets in errors count from the fragment's first byte.
    ///
    /// # Errors
    ///
    /// Another element, and content that its type does not allow.
    pub fn read<T: ReadXml>(&self, element: &Element<T>, options: ReadOptions) -> Result<T, ReadError> {
        let mut reader = Reader::new(self.source.as_bytes(), options)?;
        for (prefix, uri) in &*self.scope {
            reader
                .scope
                .declare(Cow::Borrowed(prefix), Cow::Borrowed(uri))
                .map_err(|message| ReadError::at(0, ReadErrorKind::Syntax { message }))?;
        }
        let name = reader.root()?;
        if !element.name.matches(name) {
            return Err(reader.wrong_root(element.name));
        }
        let value = reader.child()?;
        reader.finish()?;
        Ok(value)
    }
}

/// Shows the name only: the content may be secret or personal.
impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fragment({{{}}}{}, {} bytes)", self.namespace, self.local, self.source.len())
    }
}

impl Reader<'_> {
    /// Keeps the current element whole and closes it.
    pub(crate) fn fragment(&mut self) -> Result<Fragment, ReadError> {
        let local = self.name().1.to_owned();
        let mark = self.frame().map_or(0, |frame| frame.scope);
        let scope = self.scope.inherited(mark);
        let own = self.scope.own(mark).filter(|own| scope.iter().any(|(prefix, _)| prefix == own));
        let own = own.map(str::to_owned).collect();
        let namespace = self.name().0;
        let known = scope.iter().map(|(_, uri)| uri).find(|uri| ***uri == *namespace);
        let namespace = known.map_or_else(|| namespace.into(), Arc::clone);
        self.skip()?;
        let source = self.source().to_owned();
        self.close();
        Ok(Fragment { namespace, local, source, scope, own })
    }
}

/// Where the name in the start tag ends that `source` begins with.
fn name_end(source: &str) -> usize {
    source.find(['>', '/', ' ', '\t', '\r', '\n']).unwrap_or(source.len())
}
