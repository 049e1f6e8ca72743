//! The port: one port type with its SOAP 1.1 binding (WSDL 1.1, section 3).

use std::collections::BTreeSet;

use super::Lowering;
use super::taken::free;
use crate::diag::Span;
use crate::ir;
use crate::model::{
    Binding, BindingOperation, BoundMessage, Encoding, Message, PartContent, PortOperation, Protocol, QName, Reference,
    Style,
};
use crate::names;

/// SOAP's own name for HTTP (WSDL 1.1, section 3.3).
const HTTP: &str = "http://schemas.xmlsoap.org/soap/http";

/// The port of the document, where it has one. Bindings to other protocols beside it say the same in other words.
pub(super) fn port(lowering: &mut Lowering<'_, '_>, elements: &[ir::Element]) -> Option<ir::Port> {
    let definitions = lowering.definitions;
    let ports = definitions.services.iter().flat_map(|service| &service.ports);
    for port in ports {
        lowering.find("binding", &definitions.bindings, &port.binding.name, port.binding.span, |binding| binding.span);
    }
    let mut found: Option<&Binding> = None;
    for binding in definitions.bindings.values() {
        match (&binding.protocol, found) {
            (Protocol::Soap11 { .. }, None) => found = Some(binding),
            (Protocol::Soap11 { .. }, Some(first)) if first.port_type.name == binding.port_type.name => {}
            (Protocol::Soap11 { .. }, Some(_)) => lowering.unsupported(binding.span, "a second port type"),
            _ => {}
        }
    }
    let Some(binding) = found else {
        let binding = definitions.bindings.values().map(|binding| binding.span).next();
        // Of a port type that nothing binds nobody knows how its operations travel; or its binding has been reported.
        let port_type = definitions.port_types.values().map(|port_type| port_type.span).next();
        if let Some(span) = binding.or(port_type.filter(|_| lowering.diagnostics.is_empty())) {
            lowering.unsupported(span, "a service without a SOAP 1.1 binding");
        }
        return None;
    };
    if let Protocol::Soap11 { transport, .. } = &binding.protocol
        && transport != HTTP
    {
        lowering.unsupported(binding.span, &format!("the transport `{transport}`"));
    }
    let Reference { name, span } = &binding.port_type;
    let (name, port_type) =
        lowering.find("port type", &definitions.port_types, name, *span, |port_type| port_type.span)?;
    let readable = lowering.readable(&name.local);
    // The port stands beside the types in the module; its operations have one of their own.
    let port_name = free(&mut lowering.taken.types().clone(), names::type_(&readable), "");
    let mut taken = BTreeSet::from([port_name.clone()]);
    let ident = names::ident(&port_name);
    let mut methods = BTreeSet::from(["client".to_owned()]);
    let mut operations = Vec::new();
    let mut bound: Vec<_> = binding.operations.iter().collect();
    bound.sort_by_key(|operation| &operation.name);
    for pair in bound.windows(2) {
        if let [first, second] = pair
            && first.name == second.name
        {
            lowering.unsupported(second.span, "a second operation of the same name");
        }
    }
    for bound in bound {
        match port_type.operations.iter().find(|operation| operation.name == bound.name) {
            Some(declared) => {
                let readable = lowering.readable(&bound.name);
                let name = names::ident(&free(&mut taken, names::type_(&readable), ""));
                let method = names::ident(&free(&mut methods, names::field(&readable), "_"));
                operations.extend(lowering.operation(bound, declared, (name, method), elements));
            }
            None => {
                let message = format!("the port type has no operation `{}`", bound.name);
                lowering.error(bound.span, message);
            }
        }
    }
    for declared in &port_type.operations {
        if binding.operations.iter().all(|bound| bound.name != declared.name) {
            lowering.error(declared.span, format!("the binding has no operation `{}`", declared.name));
        }
    }
    // After all operations: theirs are the plain names.
    for operation in &mut operations {
        if let Some(paging) = &mut operation.paging {
            paging.method = names::ident(&free(&mut methods, format!("{}_stream", operation.method), "_"));
        }
        if let Some(batch) = &mut operation.batch {
            batch.method = names::ident(&free(&mut methods, format!("{}_batches", operation.method), "_"));
        }
    }
    Some(ir::Port { name: ident, xml: name.local.clone(), docs: port_type.docs.clone(), operations })
}

impl<'d> Lowering<'d, '_> {
    fn operation(
        &mut self,
        bound: &'d BindingOperation,
        declared: &'d PortOperation,
        (name, method): (proc_macro2::Ident, proc_macro2::Ident),
        elements: &[ir::Element],
    ) -> Option<ir::Operation> {
        if bound.style == Style::Rpc {
            self.unsupported(bound.span, "the style `rpc`");
            return None;
        }
        let (Some(input), Some(output)) = (&declared.input, &declared.output) else {
            self.unsupported(declared.span, "an operation without both input and output");
            return None;
        };
        let request = self.body(input, bound.input.as_ref(), bound.span, elements);
        let response = self.body(output, bound.output.as_ref(), bound.span, elements);
        for header in bound.output.iter().flat_map(|output| &output.headers) {
            self.unsupported(header.span, "a header block of a response");
        }
        for (_, fault) in &declared.faults {
            let Some((_, message)) = self.message(fault) else { continue };
            for part in &message.parts {
                self.part_element(&part.content, elements);
            }
        }
        let mut headers = Vec::new();
        for header in bound.input.iter().flat_map(|input| &input.headers) {
            if header.encoding == Encoding::Encoded {
                self.unsupported(header.span, "`use=\"encoded\"`");
                continue;
            }
            let Some((message_name, message)) = self.message(&header.message) else { continue };
            let Some(part) = message.parts.iter().find(|part| part.name == header.part) else {
                let message = format!("the message `{}` has no part `{}`", self.show(message_name), header.part);
                self.error(header.span, message);
                continue;
            };
            if let Some(element) = self.part_element(&part.content, elements) {
                headers.push(ir::HeaderBlock { element, required: !self.is_optional_header(&elements[element]) });
            }
        }
        let operation = ir::Operation {
            name,
            method,
            xml: bound.name.clone(),
            docs: declared.docs.clone(),
            soap_action: bound.soap_action.clone(),
            request: request?,
            response: response?,
            headers,
            reads: false,
            limits: Vec::new(),
            paging: None,
            rules: Vec::new(),
            batch: None,
        };
        Some(self.with_facts(operation, elements))
    }

    fn message(&mut self, reference: &Reference) -> Option<(&'d QName, &'d Message)> {
        self.find("message", &self.definitions.messages, &reference.name, reference.span, |message| message.span)
    }

    /// The element of the one part that is the body.
    fn body(
        &mut self,
        reference: &'d Reference,
        bound: Option<&'d BoundMessage>,
        operation: Span,
        elements: &[ir::Element],
    ) -> Option<usize> {
        let (_, message) = self.message(reference)?;
        let Some(body) = bound.and_then(|bound| bound.body.as_ref()) else {
            self.error(bound.map_or(operation, |bound| bound.span), "the binding has no `soap:body` here");
            return None;
        };
        if body.encoding == Encoding::Encoded {
            self.unsupported(body.span, "`use=\"encoded\"`");
            return None;
        }
        let headers = bound.map_or(&[][..], |bound| &bound.headers);
        let is_header =
            |name: &String| headers.iter().any(|header| header.message.name == reference.name && header.part == *name);
        let is_body = |name: &String| body.parts.as_ref().map_or(!is_header(name), |parts| parts.contains(name));
        let parts: Vec<_> = message.parts.iter().filter(|part| is_body(&part.name)).collect();
        let is_unknown = |name: &&String| message.parts.iter().all(|part| part.name != **name);
        if let Some(name) = body.parts.iter().flatten().find(is_unknown) {
            let text = format!("the message `{}` has no part `{name}`", self.show(&reference.name));
            self.error(body.span, text);
            return None;
        }
        match &parts[..] {
            [part] => self.part_element(&part.content, elements),
            _ => {
                self.unsupported(body.span, &format!("a body of {} parts", parts.len()));
                None
            }
        }
    }

    fn part_element(&mut self, content: &'d PartContent, elements: &[ir::Element]) -> Option<usize> {
        match content {
            PartContent::Element(Reference { name, span }) => {
                let all = &self.definitions.schema.elements;
                let (name, element) = self.find("element", all, name, *span, |element| element.span)?;
                if element.nillable {
                    self.unsupported(*span, "a nillable element as a message part");
                }
                let xml = self.xml_name(name);
                elements.iter().position(|element| element.xml == xml)
            }
            PartContent::Type(Reference { span, .. }) => {
                self.unsupported(*span, "a message part with a type");
                None
            }
        }
    }
}
