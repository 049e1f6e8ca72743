//! `operations.rs`: each operation as a type, and the port with a method for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use super::types::type_path;
use super::uses::Uses;
use super::{number, paging, rules};
use crate::ir::{self, LimitKind, RuleKind};

/// The file.
pub(super) fn file(module: &ir::Module, port: &ir::Port) -> TokenStream {
    let docs = Docs::default()
        .paragraph(
            "The operations: each as a type, and all as methods of the port. What carries a call is the port's client.",
        )
        .inner();
    let uses = uses(module, port);
    let (runtime, files) = (uses.runtime(), uses.file_names());
    let service = service(module);
    let markers = port.operations.iter().map(|operation| marker(module, port, operation));
    let visit = visit(port);
    let port = port_(module, port);
    quote! {
        #docs
        #runtime
        #files
        #service
        #(#markers)*
        #port
        #visit
    }
}

fn uses<'a>(module: &'a ir::Module, port: &'a ir::Port) -> Uses<'a> {
    let mut uses = Uses::default();
    uses.soap(&["Client", "Effect", "HeaderBlock", "IntoRequest", "Limit", "Operation", "Visitor"]);
    uses.xml(&["Element"]);
    for operation in &port.operations {
        for element in [operation.request, operation.response] {
            module.elements.get(element).into_iter().for_each(|element| uses.type_(&element.type_));
        }
        let (checks, nillable) = rules::uses(operation);
        if checks {
            uses.soap(&["Check"]);
        }
        if !operation.rules.is_empty() {
            uses.soap(&["Place"]);
        }
        if nillable {
            uses.occurrence(ir::Occurrence::Nillable);
        }
        if let Some(batch) = &operation.batch {
            uses.soap(&["BatchClient", "BatchError", "Batched"]);
            uses.type_(&batch.item);
            uses.type_(&batch.status);
        }
        if let Some(paging) = &operation.paging {
            uses.soap(&["PageClient", "Paged"]);
            uses.type_(&paging.position);
            uses.type_(&paging.item);
            for step in paging.request.last().into_iter().chain(paging.items.last()) {
                uses.occurrence(step.occurrence);
            }
        }
    }
    uses
}

/// The service's type by its path, where something is known of it.
fn service(module: &ir::Module) -> Option<TokenStream> {
    module.service.as_ref().map(|_| {
        quote!(
            use super::service;
        )
    })
}

fn marker(module: &ir::Module, port: &ir::Port, operation: &ir::Operation) -> TokenStream {
    let docs = Docs::default()
        .paragraph(format!("The operation {}: see [`{}::{}`].", code(&operation.xml), port.name, operation.method))
        .outer();
    let name = &operation.name;
    let xml = &operation.xml;
    let soap_action = &operation.soap_action;
    let request = module.elements.get(operation.request);
    let response = module.elements.get(operation.response);
    let (request_type, response_type) = (request.map(element_type), response.map(element_type));
    let (request, response) = (request.map(constant), response.map(constant));
    let headers = operation.headers.iter().map(|header| header_(module, header));
    let service = match &module.service {
        Some(ir::Service { name, .. }) => quote!(service::#name),
        None => quote!(()),
    };
    let effect = if operation.reads { quote!(Reads) } else { quote!(Writes) };
    let limits = operation.limits.iter().map(limit);
    let check = rules::check(operation);
    let batched = operation.batch.as_ref().map(|batch| paging::batched(name, batch));
    let paged = operation.paging.as_ref().map(|pages| paging::paged(name, pages));
    quote! {
        #docs
        #[derive(Clone, Copy, Debug)]
        pub struct #name;

        impl Operation for #name {
            type Service = #service;
            type Request = #request_type;
            type Response = #response_type;

            const NAME: &'static str = #xml;
            const SOAP_ACTION: &'static str = #soap_action;
            const REQUEST: Element<Self::Request> = #request;
            const RESPONSE: Element<Self::Response> = #response;
            const HEADERS: &'static [HeaderBlock] = &[#(#headers),*];
            const EFFECT: Effect = Effect::#effect;
            const LIMITS: &'static [Limit] = &[#(#limits),*];

            #check
        }

        #batched
        #paged
    }
}

fn element_type(element: &ir::Element) -> TokenStream {
    type_path(&element.type_)
}

fn constant(element: &ir::Element) -> TokenStream {
    let constant = &element.constant;
    quote!(elements::#constant)
}

fn header_(module: &ir::Module, header: &ir::HeaderBlock) -> TokenStream {
    let element = module.elements.get(header.element).map(constant);
    match header.required {
        true => quote!(HeaderBlock::required(#element.name)),
        false => quote!(HeaderBlock::optional(#element.name)),
    }
}

fn limit(limit: &ir::Limit) -> TokenStream {
    let path = &limit.path;
    let max = number(limit.max);
    match limit.kind {
        LimitKind::Items => quote!(Limit::items(#path, #max)),
        LimitKind::Value => quote!(Limit::value(#path, #max)),
    }
}

fn port_(module: &ir::Module, port: &ir::Port) -> TokenStream {
    let docs = Docs::schema(&port.docs).paragraph("Every operation is a method; `C` carries the calls.").outer();
    let name = &port.name;
    let methods = port.operations.iter().map(|operation| method(module, operation));
    let streams: Vec<_> = port.operations.iter().filter_map(|operation| stream(module, operation)).collect();
    let batches: Vec<_> = port.operations.iter().filter_map(|operation| batches(module, operation)).collect();
    let batches = (!batches.is_empty()).then(|| {
        quote! {
            impl<C: BatchClient> #name<C> {
                #(#batches)*
            }
        }
    });
    let streams = (!streams.is_empty()).then(|| {
        quote! {
            impl<C: PageClient> #name<C> {
                #(#streams)*
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name<C> {
            client: C,
        }

        impl<C: Client> #name<C> {
            /// A port whose calls go through `client`.
            #[must_use]
            pub const fn new(client: C) -> Self {
                Self { client }
            }

            /// What the calls go through.
            #[must_use]
            pub const fn client(&self) -> &C {
                &self.client
            }

            #(#methods)*
        }

        #batches
        #streams
    }
}

fn method(module: &ir::Module, operation: &ir::Operation) -> TokenStream {
    let docs = Docs::schema(&operation.docs)
        .paragraph(format!("XML name: {}.", code(&operation.xml)))
        .list(remarks(module, operation))
        .heading("Errors")
        .paragraph("Those of the client.")
        .outer();
    let name = &operation.name;
    let method = &operation.method;
    let request = module.elements.get(operation.request).map(element_type);
    let response = module.elements.get(operation.response).map(element_type);
    quote! {
        #docs
        pub async fn #method(&self, request: impl IntoRequest<#request>) -> Result<#response, C::Error> {
            self.client.call::<#name>(request.into_request()).await
        }
    }
}

fn stream(module: &ir::Module, operation: &ir::Operation) -> Option<TokenStream> {
    let paging = operation.paging.as_ref()?;
    let docs = Docs::default()
        .paragraph(format!(
            "All pages of [`{method}`](Self::{method}), item by item, from that on which the request asks for.",
            method = operation.method
        ))
        .outer();
    let name = &operation.name;
    let method = &paging.method;
    let request = module.elements.get(operation.request).map(element_type);
    Some(quote! {
        #docs
        pub fn #method(&self, request: impl IntoRequest<#request>) -> C::Pages<#name> {
            self.client.pages::<#name>(request.into_request())
        }
    })
}

fn batches(module: &ir::Module, operation: &ir::Operation) -> Option<TokenStream> {
    let batch = operation.batch.as_ref()?;
    let docs = Docs::default()
        .paragraph(format!(
            "Calls [`{method}`](Self::{method}) once for every {max} items of a list of any length: the statuses of all, in order.",
            method = operation.method,
            max = batch.max
        ))
        .heading("Errors")
        .paragraph("Those of the client, with the statuses so far. What comes after is not sent.")
        .outer();
    let name = &operation.name;
    let method = &batch.method;
    let request = module.elements.get(operation.request).map(element_type);
    let status = type_path(&batch.status);
    Some(quote! {
        #docs
        pub async fn #method(&self, request: impl IntoRequest<#request>) -> Result<Vec<#status>, BatchError<#status, C::Error>> {
            self.client.batches::<#name>(request.into_request()).await
        }
    })
}

/// What there is to know of an operation beside its documentation.
fn remarks(module: &ir::Module, operation: &ir::Operation) -> Vec<String> {
    let limits = operation.limits.iter().map(|limit| match limit.kind {
        LimitKind::Items => format!("At most {} {}.", limit.max, code(&limit.path)),
        LimitKind::Value => format!("{} is at most {}.", code(&limit.path), limit.max),
    });
    let headers = operation.headers.iter().filter_map(|header| {
        let name = code(&module.elements.get(header.element)?.xml.local);
        Some(if header.required { format!("{name} (required)") } else { name })
    });
    let headers: Vec<_> = headers.collect();
    let headers = (!headers.is_empty()).then(|| format!("Header blocks: {}.", headers.join(", ")));
    let reads = operation.reads.then(|| "Only reads.".to_owned());
    let pages = operation
        .paging
        .as_ref()
        .map(|paging| format!("Comes in pages: [`{0}`](Self::{0}) has all of them.", paging.method));
    let rules = operation.rules.iter().map(rule);
    limits.chain(rules).chain(headers).chain(reads).chain(pages).collect()
}

fn rule(rule: &ir::Rule) -> String {
    let names: Vec<_> = rule.fields.iter().map(|field| code(&field.xml.local)).collect();
    let place = if rule.at.is_empty() { String::new() } else { format!("In {}: ", code(&rule.at)) };
    let (first, others) = names.split_first().map_or(("", String::new()), |(first, others)| (first, others.join(", ")));
    let names = names.join(", ");
    let says = match rule.kind {
        RuleKind::OneOf => format!("exactly one of {names}."),
        RuleKind::AnyOf => format!("at least one of {names}."),
        RuleKind::AtMostOne => format!("at most one of {names}."),
        RuleKind::Together => format!("all of {names}, or none."),
        RuleKind::Requires => format!("{first} only with {others}."),
        RuleKind::WithinDays(days) => format!("from {first} to {others}, or else to now, {days} days at most."),
    };
    let mut letters = says.chars();
    match letters.next().filter(|_| place.is_empty()) {
        Some(letter) => letter.to_uppercase().chain(letters).collect(),
        None => place + &says,
    }
}

fn visit(port: &ir::Port) -> TokenStream {
    let names = port.operations.iter().map(|operation| &operation.name);
    quote! {
        /// Shows every operation to `visitor`.
        pub fn visit<V: Visitor>(visitor: &mut V) {
            #(visitor.operation::<#names>();)*
        }
    }
}
