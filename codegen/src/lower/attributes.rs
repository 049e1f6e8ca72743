//! The attributes of a complex type with those that it inherits and those of its groups (Structures 3.4.2 and 3.6).

use super::Lowering;
use super::fields::{Flat, MAX_GROUPS, Owner};
use crate::diag::{Diagnostic, Span};
use crate::model::{Attribute, AttributeTerm, AttributeUse, QName, Use};

/// An attribute of a type.
#[derive(Clone, Copy)]
pub(super) struct Used<'d> {
    pub(super) attribute: &'d Attribute,
    /// Whether it must be there.
    pub(super) required: bool,
    pub(super) owner: Owner<'d>,
    /// Where it is used.
    span: Span,
    /// The type that says so, counted from the outermost base.
    level: usize,
}

impl<'d> Lowering<'d, '_> {
    /// Adds the attributes that a type says it has, to those that it inherits; `restricted` is the base, where it is one that is narrowed.
    pub(super) fn add_attributes(
        &mut self,
        uses: &'d [AttributeUse],
        owner: Owner<'d>,
        restricted: Option<&'d QName>,
        flat: &mut Flat<'d>,
    ) {
        for attribute_use in uses {
            let attribute = match &attribute_use.term {
                AttributeTerm::Local(attribute) => attribute,
                AttributeTerm::Ref(name, span) => {
                    let all = &self.definitions.schema.attributes;
                    match self.find("attribute", all, name, *span, |attribute| attribute.span) {
                        Some((_, attribute)) => attribute,
                        None => continue,
                    }
                }
                AttributeTerm::GroupRef(name, span) => {
                    self.add_group(name, *span, restricted, flat);
                    continue;
                }
            };
            self.add_attribute(attribute, attribute_use, owner, restricted, flat);
        }
    }

    /// Adds a group's attributes, once: where it is named again, they are the same ones.
    fn add_group(&mut self, name: &'d QName, span: Span, restricted: Option<&'d QName>, flat: &mut Flat<'d>) {
        if flat.path.contains(&name) {
            self.error(span, format!("the attribute group `{}` contains itself", self.show(name)));
        } else if flat.path.len() >= MAX_GROUPS {
            self.error(span, format!("more than {MAX_GROUPS} attribute groups contain each other"));
        } else {
            let all = &self.definitions.schema.attribute_groups;
            let start = |uses: &Vec<AttributeUse>| uses.first().map_or(span, |attribute| attribute.span);
            if let Some((name, uses)) = self.find("attribute group", all, name, span, start)
                && flat.attribute_groups.insert(name)
            {
                flat.path.push(name);
                self.add_attributes(uses, Owner::Group(name), restricted, flat);
                flat.path.pop();
            }
        }
    }

    fn add_attribute(
        &mut self,
        attribute: &'d Attribute,
        attribute_use: &'d AttributeUse,
        owner: Owner<'d>,
        restricted: Option<&'d QName>,
        flat: &mut Flat<'d>,
    ) {
        let span = match &attribute_use.term {
            AttributeTerm::Local(attribute) => attribute.span,
            AttributeTerm::Ref(_, span) | AttributeTerm::GroupRef(_, span) => *span,
        };
        let is_prohibited = attribute_use.use_ == Use::Prohibited;
        let local = &attribute.name.local;
        let used = Used { attribute, required: attribute_use.use_ == Use::Required, owner, span, level: flat.level };
        let known = flat.attributes.iter().position(|known| known.attribute.name == attribute.name);
        match (known.and_then(|known| Some((known, *flat.attributes.get(known)?))), restricted) {
            // Outside of a restriction it says nothing (Structures 3.4.2).
            (_, None) if is_prohibited => {}
            (Some((known, base)), Some(_)) if base.level < flat.level => {
                if base.required && !used.required {
                    let message = format!("the attribute `{local}` is required in the base, and so must be here");
                    self.diagnostics.push(Diagnostic::new(span, message).note_at("the base has it", base.span));
                }
                flat.attributes.remove(known);
                if !is_prohibited {
                    flat.attributes.push(used);
                }
            }
            (Some((_, first)), _) => {
                // Structures 3.4.6, Complex Type Definition Properties Correct, 4.
                let message = format!("duplicate attribute `{local}`");
                self.diagnostics.push(Diagnostic::new(span, message).note_at("first defined", first.span));
            }
            (None, Some(base)) => {
                self.error(span, format!("`{}`, which this restricts, has no attribute `{local}`", self.show(base)));
            }
            (None, None) => flat.attributes.push(used),
        }
    }
}
