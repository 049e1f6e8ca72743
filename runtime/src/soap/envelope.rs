//! Envelopes (SOAP 1.1, section 4): a header, a body, one message.

use super::request::Block;
use super::{Error, Fault, Headers, Operation, Received, Request};
use crate::xml::{Element, Name, Namespace, ReadOptions, ReadXml, Reader, Writer, excerpt};

/// The namespace of SOAP 1.1's envelope.
pub const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

const SOAP: Namespace = Namespace { prefix: "soap", uri: ENVELOPE };

/// Writes a request of the operation `O`, its header blocks in the order of the binding.
///
/// # Errors
///
/// A header block that is missing or that the operation does not have, and a value that does not write.
pub fn write_request<O: Operation>(request: &Request<O::Request>) -> Result<Vec<u8>, Error> {
    let headers = request.headers();
    if let Some(block) = headers.iter().find(|block| O::HEADERS.iter().all(|known| known.name != block.name)) {
        return Err(Error::UnknownHeader { name: block.name, operation: O::NAME });
    }
    let mut ordered = Vec::with_capacity(headers.len());
    for known in O::HEADERS {
        match headers.iter().find(|block| block.name == known.name) {
            Some(block) => ordered.push(block),
            None if known.required => {
                return Err(Error::MissingHeader { name: known.name, operation: O::NAME });
            }
            None => {}
        }
    }
    envelope(O::REQUEST.namespaces, &ordered, |writer| Ok(writer.element(O::REQUEST.qname, request.message())?))
}

/// Writes a response of the operation `O`.
///
/// # Errors
///
/// A value that does not write.
pub fn write_response<O: Operation>(response: &O::Response) -> Result<Vec<u8>, Error> {
    envelope(O::RESPONSE.namespaces, &[], |writer| Ok(writer.element(O::RESPONSE.qname, response)?))
}

/// Writes a fault with all its detail.
///
/// # Errors
///
/// A character that XML does not allow.
pub fn write_fault(fault: &Fault) -> Result<Vec<u8>, Error> {
    envelope(&[], &[], |writer| {
        writer.raw("<soap:Fault><faultcode");
        let prefix = match &*fault.code.namespace {
            ENVELOPE => "soap:",
            "" => "",
            namespace => {
                writer.declare("code", namespace);
                "code:"
            }
        };
        writer.raw(">");
        writer.raw(prefix);
        writer.text_str(&fault.code.local)?;
        writer.raw("</faultcode>");
        writer.element("faultstring", &fault.string)?;
        writer.element("faultactor", &fault.actor)?;
        if !fault.detail.is_empty() || !fault.detail_text.is_empty() {
            writer.raw("<detail>");
            writer.text_str(&fault.detail_text)?;
            fault.detail.iter().for_each(|detail| detail.write(writer));
            writer.raw("</detail>");
        }
        writer.raw("</soap:Fault>");
        Ok(())
    })
}

fn envelope(
    namespaces: &'static [Namespace],
    headers: &[&Block],
    body: impl FnOnce(&mut Writer) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(namespaces);
    writer.declaration();
    writer.start_root("soap:Envelope", &[SOAP]);
    writer.raw(">");
    if !headers.is_empty() {
        writer.raw("<soap:Header>");
        for block in headers {
            block.value.write_block(block.qname, &mut writer)?;
        }
        writer.raw("</soap:Header>");
    }
    writer.raw("<soap:Body>");
    body(&mut writer)?;
    writer.raw("</soap:Body></soap:Envelope>");
    Ok(writer.into_string().into_bytes())
}

/// Reads a request of the operation `O` with its header blocks.
///
/// # Errors
///
/// What is no envelope of SOAP 1.1, another message, and content that its type does not allow.
pub fn read_request<O: Operation>(input: &[u8], options: ReadOptions) -> Result<Received<O::Request>, Error> {
    let mut headers = Headers::default();
    let message = read(input, options, O::REQUEST, Some(&mut headers))?;
    Ok(Received { message, headers })
}

/// Reads a response of the operation `O`.
///
/// # Errors
///
/// A fault; what is no envelope of SOAP 1.1, another message, and content that its type does not allow.
pub fn read_response<O: Operation>(input: &[u8], options: ReadOptions) -> Result<O::Response, Error> {
    read(input, options, O::RESPONSE, None)
}

/// The namespace and local name of the message in an envelope: what tells a service which operation is called, and a reader of archives what
/// it has before it. Reads no further.
///
/// # Errors
///
/// What is no envelope of SOAP 1.1 with a message.
pub fn body_name(input: &[u8]) -> Result<(String, String), Error> {
    let mut reader = Reader::new(input, ReadOptions::default())?;
    open(&mut reader)?;
    to_message(&mut reader, None)?;
    let (namespace, local) = reader.name();
    Ok((namespace.to_owned(), local.to_owned()))
}

fn read<T: ReadXml>(
    input: &[u8],
    options: ReadOptions,
    element: Element<T>,
    headers: Option<&mut Headers>,
) -> Result<T, Error> {
    let mut reader = Reader::new(input, options)?;
    open(&mut reader)?;
    to_message(&mut reader, headers)?;
    let name = reader.name();
    if !element.name.matches(name) {
        if name == (ENVELOPE, "Fault") {
            return Err(Error::Fault(Box::new(reader.child()?)));
        }
        return Err(reader.wrong_root(element.name).into());
    }
    let message = reader.child()?;
    // Nothing else is of the message: blocks that SOAP's encoding puts beside it, and header entries that come late.
    for _ in ["Body", "Envelope"] {
        while reader.next_child()?.is_some() {
            reader.unknown()?;
        }
        reader.close();
    }
    reader.finish()?;
    Ok(message)
}

/// Opens the envelope.
fn open(reader: &mut Reader<'_>) -> Result<(), Error> {
    match reader.root()? {
        (ENVELOPE, "Envelope") => Ok(()),
        (namespace, "Envelope") => Err(Error::Version { namespace: excerpt(namespace) }),
        _ => Err(reader.wrong_root(Name::new(ENVELOPE, "Envelope")).into()),
    }
}

/// Reads on to the message and opens it, keeping header blocks where somebody wants them. Paths begin with it.
fn to_message(reader: &mut Reader<'_>, mut headers: Option<&mut Headers>) -> Result<(), Error> {
    while let Some(name) = reader.next_child()? {
        match name {
            (ENVELOPE, "Header") => {
                while reader.next_child()?.is_some() {
                    match &mut headers {
                        Some(headers) => headers.blocks.push(reader.fragment()?),
                        None => {
                            reader.skip()?;
                            reader.close();
                        }
                    }
                }
                reader.close();
            }
            (ENVELOPE, "Body") => {
                if reader.next_child()?.is_none() {
                    return Err(reader.missing("message").into());
                }
                reader.begin_path();
                return Ok(());
            }
            _ => reader.unknown()?,
        }
    }
    Err(reader.missing("Body").into())
}
