//! The ir as text, for golden tests: a line an item, field, value and operation.

use std::fmt;

use super::{
    Builtin, Docs, EndValue, Faults, Field, FieldKind, Hop, Kind, LimitKind, Module, Occurrence, Operation, Service,
    Signature, Step, Struct, Type, TypeItem, Union, XmlName,
};

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "module {} from {}{}", self.name, self.source, text(&self.docs))?;
        for namespace in &self.namespaces {
            writeln!(f, "namespace {} {}={}", namespace.constant, namespace.prefix, namespace.uri)?;
        }
        for item in &self.enums {
            let base = if item.base == Builtin::String { String::new() } else { format!(" over {}", item.base) };
            writeln!(f, "enum {} {}{base}{}", item.name, self.optional_name(item.xml.as_ref()), text(&item.docs))?;
            for variant in &item.variants {
                writeln!(f, "  {} = {:?}{}", variant.name, variant.value, text(&variant.docs))?;
            }
            writeln!(f, "  {}(..)", item.unknown)?;
        }
        for item in &self.types {
            match item {
                TypeItem::Struct(item) => self.struct_(f, item)?,
                TypeItem::Union(item) => self.union(f, item)?,
                TypeItem::Alias(item) => {
                    let xml = self.optional_name(item.xml.as_ref());
                    writeln!(f, "alias {} {xml} = {:?}{}", item.name, item.target, text(&item.docs))?;
                }
            }
        }
        for item in &self.elements {
            writeln!(f, "element {} {}: {}{}", item.constant, self.name(&item.xml), item.type_, text(&item.docs))?;
        }
        if let Some(port) = &self.port {
            writeln!(f, "port {}{}", port.name, text(&port.docs))?;
            port.operations.iter().try_for_each(|operation| self.operation(f, operation))?;
        }
        if let Some(service) = &self.service {
            self.service(f, service)?;
        }
        Ok(())
    }
}

impl Module {
    fn name(&self, name: &XmlName) -> String {
        match name.namespace.and_then(|index| self.namespaces.get(index)) {
            Some(namespace) => format!("{}:{}", namespace.prefix, name.local),
            None => name.local.clone(),
        }
    }

    fn optional_name(&self, name: Option<&XmlName>) -> String {
        name.map_or_else(|| "(anonymous)".to_owned(), |name| self.name(name))
    }

    fn struct_(&self, f: &mut fmt::Formatter<'_>, item: &Struct) -> fmt::Result {
        let default = if item.default { " default" } else { "" };
        let list = if item.list { " list" } else { "" };
        let xml = self.optional_name(item.xml.as_ref());
        writeln!(f, "struct {} {xml}{default}{list}{}", item.name, text(&item.docs))?;
        item.fields.iter().try_for_each(|field| self.field(f, field))
    }

    fn field(&self, f: &mut fmt::Formatter<'_>, field: &Field) -> fmt::Result {
        let kind = match field.kind {
            FieldKind::Element => self.name(&field.xml),
            FieldKind::Attribute => format!("@{}", self.name(&field.xml)),
            FieldKind::Text => "text".to_owned(),
        };
        let boxed = if field.boxed { " boxed" } else { "" };
        let secret = if field.secret { " secret" } else { "" };
        let (type_, occurrence) = (&field.type_, field.occurrence);
        writeln!(f, "  {} {kind}: {type_} {occurrence}{boxed}{secret}{}", field.name, text(&field.docs))
    }

    fn union(&self, f: &mut fmt::Formatter<'_>, item: &Union) -> fmt::Result {
        writeln!(f, "union {} {}{}", item.name, self.name(&item.xml), text(&item.docs))?;
        for (index, member) in item.members.iter().enumerate() {
            let default = if item.default == Some(index) { " default" } else { "" };
            writeln!(f, "  {} {}{default}", member.name, self.name(&member.xml))?;
        }
        Ok(())
    }

    fn service(&self, f: &mut fmt::Formatter<'_>, item: &Service) -> fmt::Result {
        writeln!(f, "service {} {}", item.name, item.xml)?;
        if let Some(Signature { element, type_, user, signature, timestamp, .. }) = &item.signature {
            let element = self.element(*element);
            writeln!(f, "  signed by {element}: {type_} with {user}, {signature}, {timestamp}")?;
        }
        if let Some(faults) = &item.faults {
            let Faults { element, type_, code, codes, kinds } = faults;
            writeln!(f, "  faults have {}: {type_} with {code}: {codes}", self.element(*element))?;
            for (Kind(kind), codes) in kinds {
                let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
                writeln!(f, "    {kind}: {}", codes.join(", "))?;
            }
        }
        Ok(())
    }

    fn element(&self, index: usize) -> String {
        self.elements.get(index).map_or_else(String::new, |element| element.constant.to_string())
    }

    fn operation(&self, f: &mut fmt::Formatter<'_>, item: &Operation) -> fmt::Result {
        let effect = if item.reads { "reads" } else { "writes" };
        writeln!(
            f,
            "  operation {} {} {} {effect} action {:?}{}",
            item.name,
            item.method,
            item.xml,
            item.soap_action,
            text(&item.docs)
        )?;
        writeln!(f, "    {} -> {}", self.element(item.request), self.element(item.response))?;
        for header in &item.headers {
            let required = if header.required { "required" } else { "optional" };
            writeln!(f, "    header {} {required}", self.element(header.element))?;
        }
        for limit in &item.limits {
            let kind = match limit.kind {
                LimitKind::Items => "items",
                LimitKind::Value => "value",
            };
            writeln!(f, "    limit {kind} {} {}", limit.path, limit.max)?;
        }
        if let Some(paging) = &item.paging {
            let end = match paging.end_value {
                EndValue::Number(number) => number.to_string(),
                EndValue::Bool(value) => value.to_string(),
            };
            let (request, response) = (steps(&paging.request), steps(&paging.response));
            writeln!(
                f,
                "    pages by {} {response} -> {request}, ends with {} = {end}",
                paging.position,
                steps(&paging.end)
            )?;
            writeln!(f, "    items {} {} by {}", paging.item, steps(&paging.items), paging.method)?;
        }
        for rule in &item.rules {
            let fields: Vec<_> = rule.fields.iter().map(|field| field.name.to_string()).collect();
            writeln!(f, "    rule {:?} at {}: {}", rule.kind, hops(&rule.hops), fields.join(", "))?;
        }
        if let Some(batch) = &item.batch {
            let (items, statuses) = (steps(&batch.items), steps(&batch.statuses));
            writeln!(f, "    batches of {} {items} -> {statuses} by {}", batch.max, batch.method)?;
        }
        Ok(())
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(builtin) => write!(f, "{builtin}"),
            Self::Enum(name) => write!(f, "enum {name}"),
            Self::Struct(name) => write!(f, "struct {name}"),
            Self::List(name) => write!(f, "list {name}"),
            Self::Union(name) => write!(f, "union {name}"),
            Self::Alias(name, builtin) => write!(f, "alias {name} ({builtin})"),
        }
    }
}

impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("required"),
            Self::Optional => f.write_str("optional"),
            Self::Nillable => f.write_str("nillable"),
            Self::OptNillable => f.write_str("optional nillable"),
            Self::Repeated { min, max, nillable } => {
                let max = max.map_or_else(|| "*".to_owned(), |max| max.to_string());
                write!(f, "{min}..{max}{}", if *nillable { " nillable" } else { "" })
            }
        }
    }
}

fn steps(steps: &[Step]) -> String {
    steps.iter().map(|step| step.field.to_string()).collect::<Vec<_>>().join(".")
}

fn hops(hops: &[Hop]) -> String {
    let hop = |hop: &Hop| match &hop.member {
        Some(narrow) => format!("{}({})", hop.field, narrow.member),
        None => hop.field.to_string(),
    };
    if hops.is_empty() { "root".to_owned() } else { hops.iter().map(hop).collect::<Vec<_>>().join(".") }
}

fn text(docs: &Docs) -> String {
    if docs.is_empty() { String::new() } else { format!(" // {}", docs.join(" / ")) }
}
