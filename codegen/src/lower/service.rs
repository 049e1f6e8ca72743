//! The service beside its operations: the header block that is signed, and what the codes of its faults mean.

use std::collections::BTreeMap;

use proc_macro2::Ident;

use super::Lowering;
use super::taken::free;
use crate::diag::Span;
use crate::ir::{self, Builtin, Occurrence, Type, TypeItem};
use crate::names;
use crate::service::{Entry, Faults, Kind, Signature};

/// What the facts say of the service; nothing where they say nothing.
pub(super) fn service(
    lowering: &mut Lowering<'_, '_>,
    elements: &[ir::Element],
    port: &ir::Port,
) -> Option<ir::Service> {
    let facts = lowering.facts;
    let signature = facts.signature.as_ref().and_then(|signature| lowering.signature(signature, elements));
    let faults = facts.faults.as_ref().and_then(|faults| lowering.faults(faults, elements));
    if signature.is_none() && faults.is_none() {
        return None;
    }
    let declared = lowering.definitions.services.first().map(|service| service.name.clone());
    let xml = declared.unwrap_or_else(|| port.xml.clone());
    let readable = lowering.readable(&xml);
    let mut taken = lowering.taken.types().clone();
    taken.insert(port.name.to_string());
    let name = names::ident(&free(&mut taken, names::type_(&readable), ""));
    Some(ir::Service { name, xml, signature, faults })
}

impl Lowering<'_, '_> {
    fn signature(&mut self, facts: &Signature, elements: &[ir::Element]) -> Option<ir::Signature> {
        let (element, type_) = self.struct_of(&facts.header, elements)?;
        let [user, signature, timestamp] =
            [&facts.user, &facts.signature, &facts.timestamp].map(|field| self.field_of(&type_, field));
        let (user, signature, timestamp) = (user?, signature?, timestamp?);
        for (field, entry) in [(&user, &facts.user), (&signature, &facts.signature), (&timestamp, &facts.timestamp)] {
            let is_text = matches!(field.type_, Type::Builtin(Builtin::String) | Type::Alias(_, Builtin::String));
            if field.occurrence != Occurrence::Required || !is_text {
                self.error(entry.span, format!("`{}` must be text and required", entry.value));
                return None;
            }
        }
        let struct_ = self.struct_mut(&type_)?;
        let signed = [&user.name, &signature.name, &timestamp.name];
        let needed = |field: &&ir::Field| {
            use Occurrence::{Nillable, Repeated, Required};
            matches!(field.occurrence, Required | Nillable | Repeated { min: 1.., .. })
                && !signed.contains(&&field.name)
        };
        let other = struct_.fields.iter().find(needed).map(|field| field.xml.local.clone());
        let is_taken = struct_.fields.iter().any(|field| field.name == "unsigned");
        let secrets = struct_.fields.iter_mut().filter(|field| field.name == signature.name);
        secrets.for_each(|field| field.secret = true);
        if let Some(other) = other {
            self.error(
                facts.header.span,
                format!("`{}` requires `{other}`, which nobody fills in", facts.header.value),
            );
            return None;
        }
        let new = names::ident(if is_taken { "unsigned_" } else { "unsigned" });
        Some(ir::Signature {
            element,
            type_,
            new,
            user: user.name,
            signature: signature.name,
            timestamp: timestamp.name,
        })
    }

    fn faults(&mut self, facts: &Faults, elements: &[ir::Element]) -> Option<ir::Faults> {
        let (element, type_) = self.struct_of(&facts.detail, elements)?;
        let code = self.field_of(&type_, &facts.code)?;
        let (Type::Enum(codes), Occurrence::Required) = (&code.type_, code.occurrence) else {
            self.error(facts.code.span, format!("`{}` must be an enumeration and required", facts.code.value));
            return None;
        };
        let variants = self.enums.iter().find(|item| item.name == *codes)?.variants.clone();
        let mut kinds: BTreeMap<Kind, Vec<Ident>> = BTreeMap::new();
        for variant in variants {
            match facts.kinds.get(&variant.value) {
                Some(kind) => {
                    self.matched.note(kind.span);
                    kinds.entry(kind.value).or_default().push(variant.name);
                }
                None => self.error(facts.code.span, format!("the code `{}` has no kind", variant.value)),
            }
        }
        let kinds = kinds.into_iter().map(|(kind, codes)| (ir::Kind(names::ident(&format!("{kind:?}"))), codes));
        Some(ir::Faults { element, type_, code: code.name, codes: codes.clone(), kinds: kinds.collect() })
    }

    /// The element of that local name in the target namespace, and the struct that is its type.
    fn struct_of(&mut self, entry: &Entry<String>, elements: &[ir::Element]) -> Option<(usize, Ident)> {
        let found = elements
            .iter()
            .position(|element| element.xml.local == entry.value && matches!(element.xml.namespace, None | Some(0)))?;
        self.matched.note(entry.span);
        match &elements[found].type_ {
            Type::Struct(name) => Some((found, name.clone())),
            _ => self.no_struct(entry.span, &entry.value),
        }
    }

    fn no_struct<T>(&mut self, span: Span, name: &str) -> Option<T> {
        self.error(span, format!("the type of `{name}` has no fields of its own"));
        None
    }

    fn field_of(&mut self, type_: &Ident, entry: &Entry<String>) -> Option<ir::Field> {
        let fields = &self.struct_mut(type_)?.fields;
        let field = fields.iter().find(|field| field.xml.local == entry.value).cloned()?;
        self.matched.note(entry.span);
        Some(field)
    }

    fn struct_mut(&mut self, name: &Ident) -> Option<&mut ir::Struct> {
        self.types.iter_mut().find_map(|item| match item {
            TypeItem::Struct(item) if item.name == *name => Some(item),
            _ => None,
        })
    }
}
