//! `service.rs`: the service as a type, its signed header block, the codes of its faults.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use super::uses::Uses;
use crate::ir::{self, Kind};

/// The file.
pub(super) fn file(module: &ir::Module, service: &ir::Service) -> TokenStream {
    let docs = Docs::default()
        .paragraph("The service: how its requests are signed, and what its faults mean. Clients call it by themselves.")
        .inner();
    let uses = uses(module, service);
    let (runtime, files) = (uses.runtime(), uses.files());
    let name = &service.name;
    let about = Docs::default().paragraph(format!("The service {}.", code(&service.xml))).outer();
    let sign = service.signature.as_ref().map(|signature| sign(module, signature));
    let kind = service.faults.as_ref().map(kind);
    let unsigned = service.signature.as_ref().map(unsigned);
    let of = service.faults.as_ref().map(|faults| of(module, faults));
    quote! {
        #docs
        #runtime
        use super::elements;
        #files

        #about
        #[derive(Clone, Copy, Debug)]
        pub struct #name;

        impl Service for #name {
            #sign
            #kind
        }

        #unsigned
        #of
    }
}

fn uses<'a>(module: &'a ir::Module, service: &'a ir::Service) -> Uses<'a> {
    let mut uses = Uses::default();
    uses.soap(&["Service"]);
    if let Some(signature) = &service.signature {
        uses.soap(&["Error", "Request", "Signature"]);
        module.elements.get(signature.element).into_iter().for_each(|element| uses.type_(&element.type_));
    }
    if let Some(faults) = &service.faults {
        uses.soap(&["ErrorKind", "Fault"]);
        uses.enum_(&faults.codes);
        module.elements.get(faults.element).into_iter().for_each(|element| uses.type_(&element.type_));
    }
    uses
}

fn sign(module: &ir::Module, signature: &ir::Signature) -> TokenStream {
    let element = module.elements.get(signature.element).map(|element| &element.constant);
    let ir::Signature { type_, new, user, signature, timestamp, .. } = signature;
    quote! {
        const SIGNED: bool = true;

        fn sign<T>(request: &mut Request<T>, signature: Signature) -> Result<(), Error> {
            request.fill(&elements::#element, #type_::#new, |header| {
                header.#user = signature.user;
                header.#signature = signature.value;
                header.#timestamp = signature.timestamp;
            })
        }
    }
}

fn unsigned(signature: &ir::Signature) -> TokenStream {
    let ir::Signature { type_, new, .. } = signature;
    quote! {
        impl #type_ {
            /// A block without user, signature and timestamp: the client fills them in when it signs, and leaves the rest.
            #[must_use]
            pub fn #new() -> Self {
                Self::new("", "", "")
            }
        }
    }
}

fn kind(faults: &ir::Faults) -> TokenStream {
    let codes = &faults.codes;
    let arms =
        faults.kinds.iter().map(|(Kind(kind), variants)| quote!(Some(#(#codes::#variants)|*) => ErrorKind::#kind,));
    quote! {
        fn kind(fault: &Fault) -> ErrorKind {
            match #codes::of(fault) {
                #(#arms)*
                _ => fault.kind(),
            }
        }
    }
}

fn of(module: &ir::Module, faults: &ir::Faults) -> TokenStream {
    let element = module.elements.get(faults.element).map(|element| &element.constant);
    let ir::Faults { type_, code, codes, .. } = faults;
    quote! {
        impl #type_ {
            /// What the detail of `fault` says, where it says it.
            #[must_use]
            pub fn of(fault: &Fault) -> Option<Self> {
                fault.detail(&elements::#element).ok().flatten()
            }
        }

        impl #codes {
            /// The code of `fault`: that of its detail, or else the number that its explanation begins with.
            #[must_use]
            pub fn of(fault: &Fault) -> Option<Self> {
                #type_::of(fault).map(|detail| detail.#code).or_else(|| fault.number().map(Self::from))
            }
        }
    }
}
