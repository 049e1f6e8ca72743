//! The namespaces in scope (Namespaces in XML 1.0, section 6): a stack of declarations.

use std::borrow::Cow;

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

/// All declarations of the open elements, the innermost last.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'x> {
    declarations: Vec<Declaration<'x>>,
    /// Whether any of them is for the default namespace: most documents have none, and most names no prefix.
    has_default: bool,
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

    /// What an element needs of the declarations around it, which are those before `mark`: each prefix once, with its URI.
    pub(super) fn inherited(&self, mark: u32) -> Vec<(String, String)> {
        let (around, own) = self.declarations.split_at(mark as usize);
        let mut inherited: Vec<(String, String)> = Vec::new();
        for declaration in around.iter().rev() {
            let hidden = own.iter().any(|own| own.prefix == declaration.prefix)
                || inherited.iter().any(|(prefix, _)| *prefix == declaration.prefix);
            if !hidden {
                inherited.push((declaration.prefix.to_string(), declaration.uri.to_string()));
            }
        }
        inherited.reverse();
        inherited
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
