//! The attributes of a start tag: declarations into scope, `xsi:type` and `xsi:nil` at hand, the others on demand.

use std::borrow::Cow;

use quick_xml::events::attributes::{AttrError, Attributes};

use super::markup::is_qname;
use super::read_error::{ReadErrorKind, excerpt};
use super::scope::split;
use super::text::{attribute_value, is_space};
use super::{ReadError, Reader, SimpleType, XSI};

/// How many attributes an element may have: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 256;

/// What the element opened last says of itself, as it stands in the document.
#[derive(Clone)]
pub(super) struct Special<'x> {
    /// Where the tag's text begins in the document.
    start: usize,
    /// The tag's text, with its name.
    tag: &'x str,
    name_len: usize,
    /// The value of `xsi:nil`.
    nil: Option<&'x str>,
    /// The value of `xsi:type`.
    type_: Option<Cow<'x, str>>,
}

impl<'x> Special<'x> {
    /// The attributes. Their well-formedness is checked once, by [`Reader::read_attributes`].
    fn attributes(&self) -> impl Iterator<Item = (&'x str, &'x str)> + use<'x> {
        let mut attributes = Attributes::new(self.tag, self.name_len);
        attributes.with_checks(false);
        attributes.map_while(Result::ok).filter_map(|attribute| match attribute.value {
            Cow::Borrowed(value) => Some((attribute.key.0, value)),
            // The attributes of a borrowed tag are borrowed themselves.
            Cow::Owned(_) => None,
        })
    }
}

impl<'x> Reader<'x> {
    /// Reads the attributes of `tag`, which begins at `start` with `name_len` bytes of name.
    pub(super) fn read_attributes(
        &mut self,
        start: usize,
        tag: &'x str,
        name_len: usize,
    ) -> Result<Special<'x>, ReadError> {
        let mut special = Special { start, tag, name_len, nil: None, type_: None };
        self.check_attributes(&special)?;
        for (key, value) in special.attributes() {
            let prefix = match split(key) {
                ("xmlns", prefix) => prefix,
                ("", "xmlns") => "",
                _ => continue,
            };
            let uri = self.attribute_value(start, value)?;
            self.scope.declare(Cow::Borrowed(prefix), uri).map_err(|message| self.syntax_at(start, &message))?;
        }
        // Only now: an attribute may come before the declaration of its prefix.
        for (count, (key, value)) in special.attributes().enumerate() {
            let (prefix, local) = split(key);
            if prefix.is_empty() || prefix == "xmlns" {
                continue;
            }
            let Some(namespace) = self.scope.resolve(prefix) else {
                return Err(self.undeclared(start, prefix));
            };
            // Namespaces in XML 1.0, section 6.3.
            let is_same = |(earlier, _): &(&str, &str)| {
                let (prefix, earlier) = split(earlier);
                earlier == local
                    && !prefix.is_empty()
                    && prefix != "xmlns"
                    && self.scope.resolve(prefix) == Some(namespace)
            };
            if let Some((earlier, _)) = special.attributes().take(count).find(is_same) {
                let (earlier, key) = (excerpt(earlier), excerpt(key));
                return Err(self.syntax_at(start, &format!("the attributes `{earlier}` and `{key}` have one name")));
            }
            match local {
                "nil" if namespace == XSI => special.nil = Some(value),
                "type" if namespace == XSI => special.type_ = Some(self.attribute_value(start, value)?),
                _ => {}
            }
        }
        Ok(special)
    }

    /// Checks what quick-xml leaves open or would need an allocation for.
    fn check_attributes(&self, special: &Special<'x>) -> Result<(), ReadError> {
        let start = special.start;
        let mut attributes = Attributes::new(special.tag, special.name_len);
        for (count, attribute) in attributes.with_checks(false).enumerate() {
            let attribute = attribute.map_err(|error| self.attribute_error(start, &error))?;
            if count >= MAX_ATTRIBUTES {
                return Err(self.syntax_at(start, &format!("more than {MAX_ATTRIBUTES} attributes")));
            }
            let key = attribute.key.0;
            // Both are pieces of the tag's text.
            let at = (key.as_ptr() as usize).saturating_sub(special.tag.as_ptr() as usize);
            if !special.tag.as_bytes().get(at.wrapping_sub(1)).is_some_and(|byte| is_space(*byte)) {
                let message = format!("there is no white space before the attribute `{}`", excerpt(key));
                return Err(self.syntax_at(start + at, &message));
            }
            if !is_qname(key) {
                return Err(self.syntax_at(start + at, &format!("`{}` is no name of an attribute", excerpt(key))));
            }
            if attribute.value.contains('<') {
                return Err(self.syntax_at(start, "`<` in an attribute's value"));
            }
            if attribute.value.contains('&')
                && let Cow::Borrowed(value) = attribute.value
            {
                self.attribute_value(start, value)?;
            }
            if special.attributes().take(count).any(|(earlier, _)| earlier == key) {
                return Err(self.syntax_at(start, &format!("the attribute `{}` stands twice", excerpt(key))));
            }
        }
        Ok(())
    }

    fn attribute_value(&self, start: usize, raw: &'x str) -> Result<Cow<'x, str>, ReadError> {
        attribute_value(raw).map_err(|name| self.error_at(start, ReadErrorKind::Reference { name: excerpt(name) }))
    }

    fn attribute_error(&self, start: usize, error: &AttrError) -> ReadError {
        let (at, message) = match error {
            AttrError::ExpectedEq(at) => (*at, "an attribute's name must be followed by `=`"),
            AttrError::ExpectedValue(at) => (*at, "an attribute has no value"),
            AttrError::UnquotedValue(at) => (*at, "an attribute's value must stand in quotes"),
            AttrError::ExpectedQuote(at, _) => (*at, "an attribute's value lacks its closing quote"),
            AttrError::Duplicated(at, _) => (*at, "an attribute stands twice"),
        };
        self.syntax_at(start + at, message)
    }

    /// Whether `xsi:nil` says that the current element has no value: `true` or `1` (XML Schema Part 1, section 2.6.2).
    ///
    /// # Errors
    ///
    /// A value that is no boolean.
    #[inline]
    pub fn is_nil(&self) -> Result<bool, ReadError> {
        let Some(Special { start, nil: Some(value), .. }) = self.special else { return Ok(false) };
        match value {
            "true" => Ok(true),
            _ => self.parse(self.attribute_value(start, value)?),
        }
    }

    /// The namespace and local name that the current element's `xsi:type` stands for.
    ///
    /// # Errors
    ///
    /// A prefix that is not declared.
    #[inline]
    pub fn type_name(&self) -> Result<Option<(&str, &str)>, ReadError> {
        let Some(Special { start, type_: Some(value), .. }) = &self.special else { return Ok(None) };
        let (prefix, local) = split(value.trim_matches([' ', '\t', '\r', '\n']));
        match self.scope.resolve(prefix) {
            Some(namespace) => Ok(Some((namespace, local))),
            None => Err(self.undeclared(*start, prefix)),
        }
    }

    /// The value of the current element's attribute `local` in `namespace`. Only before its content is read.
    ///
    /// # Errors
    ///
    /// Text that is no value of `T`.
    pub fn attribute<T: SimpleType>(&mut self, namespace: &str, local: &str) -> Result<Option<T>, ReadError> {
        let Some(special) = &self.special else { return Ok(None) };
        for (key, value) in special.attributes() {
            let (prefix, found) = split(key);
            // The default namespace is not for attributes (Namespaces in XML 1.0, section 6.2).
            let found_namespace = if prefix.is_empty() { Some("") } else { self.scope.resolve(prefix) };
            if found == local && found_namespace == Some(namespace) {
                let value = self.attribute_value(special.start, value)?;
                return self.parse(value).map(Some);
            }
        }
        Ok(None)
    }

    /// The value of an attribute that the schema requires.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn need_attribute<T>(&self, value: Option<T>, name: &'static str) -> Result<T, ReadError> {
        value.ok_or_else(|| self.error(ReadErrorKind::MissingAttribute { name }))
    }
}
