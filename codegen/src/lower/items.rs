//! Types and elements: structs with their fields, unions, constants.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::Lowering;
use super::fields::{Flat, Owner, Text, is_wrapper, reference_span};
use super::simple::place;
use super::taken::free;
use crate::diag::Span;
use crate::ir::{self, FieldKind, Occurrence};
use crate::model::{Attribute, ComplexType, Element, Methods, Occurs, QName, Type, TypeRef, XS};
use crate::names;

impl<'d> Lowering<'d, '_> {
    /// Lowers every named type.
    pub(super) fn global_types(&mut self) {
        for (name, type_) in &self.definitions.schema.types {
            let Some(ident) = self.names.get(name).cloned() else { continue };
            match type_ {
                Type::Simple(simple) => {
                    self.simple_item(simple, ident);
                }
                Type::Complex(complex) if complex.is_abstract || self.family.is_cyclic(name) => {
                    // Its fields are part of those that derive from it; what is wrong with them is said even if there are none.
                    if complex.is_abstract {
                        self.flatten(complex);
                    }
                }
                Type::Complex(complex) => self.struct_(complex, ident),
            }
        }
    }

    /// Lowers the types without a name that were met, and those they hold.
    pub(super) fn anonymous_types(&mut self) {
        while !self.waiting.is_empty() {
            for (complex, name) in std::mem::take(&mut self.waiting) {
                self.struct_(complex, name);
            }
        }
    }

    fn struct_(&mut self, complex: &'d ComplexType, name: Ident) {
        let flat = self.flatten(complex);
        self.places.insert(name.to_string(), complex.span);
        let fields = self.fields(flat, &name.to_string());
        let needed = |field: &ir::Field| {
            matches!(
                field.occurrence,
                Occurrence::Required | Occurrence::Nillable | Occurrence::Repeated { min: 1.., .. }
            )
        };
        self.types.push(ir::TypeItem::Struct(ir::Struct {
            xml: complex.name.as_ref().map(|name| self.xml_name(name)),
            docs: complex.docs.clone(),
            default: !fields.iter().any(needed),
            list: is_wrapper(self.definitions, complex),
            fields,
            name,
        }));
    }

    fn fields(&mut self, flat: Flat<'d>, owner: &str) -> Vec<ir::Field> {
        let mut taken = BTreeSet::new();
        let mut fields = Vec::new();
        for used in flat.attributes {
            let owner = self.owner(used.owner, owner);
            fields.extend(self.attribute(used.attribute, used.required, &owner, &mut taken));
        }
        if let Some(text) = flat.text {
            self.used_by = None;
            let field = self.text(text, owner, &mut taken);
            fields.extend(field.map(|field| ir::Field { docs: flat.text_docs, ..field }));
        }
        for (element, occurs, declared) in flat.elements {
            let owner = self.owner(declared, owner);
            fields.extend(self.element_field(element, occurs, &owner, &mut taken));
        }
        self.used_by = None;
        fields
    }

    /// What an anonymous type is named after that is declared there: whoever inherits it has the same. `type_` is the type that is lowered.
    fn owner(&mut self, declared: Owner<'d>, type_: &str) -> String {
        self.used_by = None;
        match declared {
            Owner::Group(name) => self.readable(&name.local),
            Owner::Type(complex) => match complex.name.as_ref().and_then(|name| Some((name, self.names.get(name)?))) {
                Some((name, ident)) => {
                    self.used_by = Some((format!("used by complexType `{}`", name.local), complex.span));
                    ident.to_string()
                }
                None => type_.to_owned(),
            },
        }
    }

    fn field_name(&mut self, xml: &str, taken: &mut BTreeSet<String>) -> Ident {
        let readable = self.readable(xml);
        names::ident(&free(taken, names::field(&readable), "_"))
    }

    fn attribute(
        &mut self,
        attribute: &'d Attribute,
        required: bool,
        owner: &str,
        taken: &mut BTreeSet<String>,
    ) -> Option<ir::Field> {
        self.no_default(&attribute.default, "`default` on an attribute");
        self.no_default(&attribute.fixed, "`fixed` on an attribute");
        let name = self.field_name(&attribute.name.local, taken);
        let type_ = self.value_type(&attribute.type_, Methods::default(), owner, &attribute.name.local)?;
        if !matches!(type_, ir::Type::Builtin(_) | ir::Type::Enum(_) | ir::Type::Alias(..)) {
            let span = reference_span(&attribute.type_);
            self.error(span, "the type of an attribute must be simple");
            return None;
        }
        if matches!(type_, ir::Type::Builtin(ir::Builtin::AnySimple) | ir::Type::Alias(_, ir::Builtin::AnySimple)) {
            self.unsupported(reference_span(&attribute.type_), "an attribute of any simple type");
            return None;
        }
        let occurrence = if required { Occurrence::Required } else { Occurrence::Optional };
        let xml = self.xml_name(&attribute.name);
        Some(ir::Field {
            name,
            xml,
            docs: attribute.docs.clone(),
            kind: FieldKind::Attribute,
            type_,
            occurrence,
            boxed: false,
            secret: false,
        })
    }

    fn text(&mut self, text: Text<'d>, owner: &str, taken: &mut BTreeSet<String>) -> Option<ir::Field> {
        let name = names::ident(&free(taken, "value".to_owned(), "_"));
        let type_ = match text {
            Text::Named(base, span) if base.namespace == XS => ir::Type::Builtin(self.builtin(base, span)?),
            Text::Named(base, span) => self.named_type(base, span, Methods::default())?,
            Text::Inner(inner) => {
                let name = names::ident(&self.taken.type_(names::type_(&format!("{owner} value"))));
                self.simple_item(inner, name)?
            }
        };
        if matches!(type_, ir::Type::Builtin(ir::Builtin::AnySimple) | ir::Type::Alias(_, ir::Builtin::AnySimple)) {
            let span = match text {
                Text::Named(_, span) => span,
                Text::Inner(inner) => inner.span,
            };
            self.unsupported(span, "text of any simple type beside attributes");
            return None;
        }
        let xml = ir::XmlName { namespace: None, local: String::new() };
        let occurrence = Occurrence::Required;
        Some(ir::Field {
            name,
            xml,
            docs: Vec::new(),
            kind: FieldKind::Text,
            type_,
            occurrence,
            boxed: false,
            secret: false,
        })
    }

    fn element_field(
        &mut self,
        element: &'d Element,
        occurs: Occurs,
        owner: &str,
        taken: &mut BTreeSet<String>,
    ) -> Option<ir::Field> {
        if occurs.max == Some(0) {
            return None;
        }
        self.check_element(element);
        let name = self.field_name(&element.name.local, taken);
        let type_ = self.value_type(&element.type_, element.block, owner, &element.name.local)?;
        let occurrence = match (occurs.min, occurs.max, element.nillable) {
            (0, Some(1), false) => Occurrence::Optional,
            (0, Some(1), true) => Occurrence::OptNillable,
            (_, Some(1), false) => Occurrence::Required,
            (_, Some(1), true) => Occurrence::Nillable,
            (min, max, nillable) => Occurrence::Repeated { min, max, nillable },
        };
        let xml = self.xml_name(&element.name);
        Some(ir::Field {
            name,
            xml,
            docs: element.docs.clone(),
            kind: FieldKind::Element,
            type_,
            occurrence,
            boxed: false,
            secret: false,
        })
    }

    fn check_element(&mut self, element: &Element) {
        self.no_default(&element.default, "`default` on an element");
        self.no_default(&element.fixed, "`fixed` on an element");
        if element.is_abstract {
            self.unsupported(element.span, "an abstract element");
        }
        if let Some((_, span)) = &element.substitution_group {
            self.unsupported(*span, "`substitutionGroup`");
        }
    }

    fn no_default(&mut self, value: &Option<(String, Span)>, what: &str) {
        if let Some((_, span)) = value {
            self.unsupported(*span, what);
        }
    }

    /// What a field or element of this type holds that blocks these derived types. An anonymous type gets its item here, named after `owner` and
    /// the field.
    fn value_type(&mut self, type_: &'d TypeRef, block: Methods, owner: &str, local: &str) -> Option<ir::Type> {
        match type_ {
            TypeRef::Named(name, span) if name.namespace == XS => Some(ir::Type::Builtin(self.builtin(name, *span)?)),
            TypeRef::Named(name, span) => self.named_type(name, *span, block),
            TypeRef::Ur(span) => {
                self.unsupported(*span, "an element or attribute without a type");
                None
            }
            TypeRef::Anonymous(type_) => {
                let type_: &'d Type = type_;
                let place = std::ptr::from_ref(type_);
                if let Some(known) = self.anonymous.get(&place) {
                    return known.clone();
                }
                let readable = self.readable(local);
                let name = names::ident(&self.taken.type_(names::type_(&format!("{owner} {readable}"))));
                let lowered = match type_ {
                    Type::Simple(simple) => self.simple_item(simple, name),
                    Type::Complex(complex) => {
                        // Its fields wait: through references to elements they may come back to it, or go on and on.
                        self.waiting.push((complex, name.clone()));
                        let is_list = is_wrapper(self.definitions, complex);
                        Some(if is_list { ir::Type::List(name) } else { ir::Type::Struct(name) })
                    }
                };
                self.anonymous.insert(place, lowered.clone());
                lowered
            }
        }
    }

    fn named_type(&mut self, name: &QName, span: Span, block: Methods) -> Option<ir::Type> {
        let (name, type_) = self.find("type", &self.definitions.schema.types, name, span, place)?;
        let ident = self.names.get(name)?.clone();
        match type_ {
            Type::Simple(simple) => self.simple_kind(simple, ident),
            Type::Complex(complex) => {
                let members = self.family.members(name, block);
                if let Some(union) = self.unions.get(name).cloned().filter(|_| members != [name]) {
                    if members != self.family.members(name, Methods::default()) {
                        self.unsupported(
                            span,
                            "a `block` on an element that takes away some of the types that it may hold",
                        );
                        return None;
                    }
                    if members.is_empty() {
                        let message = format!("`{}` is abstract and no type derives from it", self.show(name));
                        self.error(span, message);
                        return None;
                    }
                    self.used.insert(name);
                    return Some(ir::Type::Union(union));
                }
                Some(if is_wrapper(self.definitions, complex) {
                    ir::Type::List(ident)
                } else {
                    ir::Type::Struct(ident)
                })
            }
        }
    }

    /// The global elements as constants.
    pub(super) fn elements(&mut self) -> Vec<ir::Element> {
        let mut taken: BTreeSet<_> = (1..=self.namespaces.len()).map(|number| format!("NS{number}")).collect();
        taken.extend(["NAMESPACES", "XS"].map(str::to_owned));
        let mut elements = Vec::new();
        let definitions = self.definitions;
        let mut all: Vec<_> = definitions.schema.elements.iter().collect();
        all.sort_by_key(|(name, _)| (name.namespace != definitions.target_namespace, *name));
        for (name, element) in all {
            self.check_element(element);
            let readable = self.readable(&name.local);
            let constant = names::ident(&free(&mut taken, names::constant(&readable), "_"));
            if let Some(type_) = self.value_type(&element.type_, element.block, "", &name.local) {
                elements.push(ir::Element { constant, xml: self.xml_name(name), docs: element.docs.clone(), type_ });
            }
        }
        elements
    }

    /// The unions of the types that something is declared with.
    pub(super) fn unions(&mut self) {
        for name in std::mem::take(&mut self.used) {
            let (Some(ident), Some(Type::Complex(complex))) =
                (self.unions.get(name).cloned(), self.definitions.schema.types.get(name))
            else {
                continue;
            };
            let members = self.family.members(name, Methods::default()).into_iter();
            let mut members: Vec<_> = members.filter_map(|member| Some((member, self.member(member)?))).collect();
            members.sort_by_key(|(_, member)| member.name.to_string());
            let default = members.iter().position(|(member, _)| *member == name);
            self.places.insert(ident.to_string(), complex.span);
            self.types.push(ir::TypeItem::Union(ir::Union {
                name: ident,
                xml: self.xml_name(name),
                docs: complex.docs.clone(),
                members: members.into_iter().map(|(_, member)| member).collect(),
                default,
            }));
        }
    }

    fn member(&self, name: &QName) -> Option<ir::Member> {
        let docs = match self.definitions.schema.types.get(name) {
            Some(Type::Complex(complex)) => complex.docs.clone(),
            _ => Vec::new(),
        };
        Some(ir::Member { name: self.names.get(name)?.clone(), xml: self.xml_name(name), boxed: false, docs })
    }
}
