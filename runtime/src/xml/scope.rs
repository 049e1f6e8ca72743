//! The namespaces in scope (Namespaces in XML 1.0, section 6): a stack of declarations.

use std::borrow::Cow;
use std::sync::Arc;

use super::markup;

/// The namespace that the prefix `xml` always has.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace that the prefix `xmlns` always has, and that no declaration may name.
pub(super) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// How many declarations may be in scope at once: more only slows every look-up down.
const MAX_DECLARATIONS: usize = 256;

#[derive(Clone, Debug)]
struct Declaration<'x> {
    prefix: Cow<'x, str>,
    uri: Cow<'x, str>,
}

/// Declarations around an element: prefixes with their URIs.
pub(super) type Inherited = Arc<[(String, Arc<str>)]>;

/// All declarations of the open elements, the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'x> {
    declarations: Vec<Declaration<'x>>,
    /// Whether any of them is for the default namespace: most documents have none, and most names no prefix.
    has_default: bool,
    /// What [`Scope::inherited`] gave last, and for which mark.
    inherited: Option<(u32, Inherited)>,
}

impl<'x> Scope<'x> {
    /// A mark to come back to when the element whose declarations follow ends.
    pub(super) fn mark(&self) -> u32 {
        // At most MAX_DECLARATIONS.
        self.declarations.len() as u32
    }

    /// Forgets what was declared since `mark`.
    pub(super) fn reset(&mut self, mark: u32) {
        if self.declarations.len() > mark as usize {
            self.declarations.truncate(mark as usize);
            self.has_default = self.declarations.iter().any(|declaration| declaration.prefix.is_empty());
            self.inherited.take_if(|(known, _)| *known > mark);
        }
    }

    /// Adds a declaration, the empty prefix being the default namespace. Answers what is wrong with it.
    pub(super) fn declare(&mut self, prefix: Cow<'x, str>, uri: Cow<'x, str>) -> Result<(), String> {
        if self.declarations.len() >= MAX_DECLARATIONS {
            return Err(format!("more than {MAX_DECLARATIONS} namespace declarations in scope"));
        }
        markup::namespace(&prefix, &uri)?;
        self.has_default |= prefix.is_empty();
        self.declarations.push(Declaration { prefix, uri });
        Ok(())
    }

    /// The namespace of `prefix`; the empty prefix has always one, if only none.
    #[inline]
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        if prefix.is_empty() && !self.has_default { Some("") } else { self.look_up(prefix) }
    }

    fn look_up(&self, prefix: &str) -> Option<&str> {
        match self.declarations.iter().rev().find(|declaration| declaration.prefix == prefix) {
            Some(declaration) => Some(&declaration.uri),
            None if prefix == "xml" => Some(XML),
            None => None,
        }
    }

    /// The declarations before `mark`, each prefix once, with its URI. Elements beside each other share one list, or many small ones would take
    /// much more memory than the document does.
    pub(super) fn inherited(&mut self, mark: u32) -> Inherited {
        if let Some((known, inherited)) = &self.inherited
            && *known == mark
        {
            return Arc::clone(inherited);
        }
        let mut inherited: Vec<(String, Arc<str>)> = Vec::new();
        for declaration in self.declarations.iter().take(mark as usize).rev() {
            if inherited.iter().all(|(prefix, _)| *prefix != declaration.prefix) {
                inherited.push((declaration.prefix.to_string(), Arc::from(&*declaration.uri)));
            }
        }
        inherited.reverse();
        let inherited: Inherited = inherited.into();
        self.inherited = Some((mark, Arc::clone(&inherited)));
        inherited
    }

    /// The prefixes declared since `mark`.
    pub(super) fn own(&self, mark: u32) -> impl Iterator<Item = &str> {
        self.declarations.iter().skip(mark as usize).map(|declaration| &*declaration.prefix)
    }
}

/// Splits a name as written at its colon: prefix (empty where there is none) and local part.
#[inline]
pub(super) fn split(qname: &str) -> (&str, &str) {
    // A handful of bytes: a plain loop beats a call to memchr.
    match qname.bytes().position(|byte| byte == b':') {
        Some(colon) => (&qname[..colon], &qname[colon + 1..]),
        None => ("", qname),
    }
}
