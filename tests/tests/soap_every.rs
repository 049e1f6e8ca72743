//! Every operation of every version through its port, over HTTP, with everything that its messages and header blocks can hold.
//!
//! The messages are made from the model. What the fake received and what the client read are held against them as trees that none of the
//! code under test made, and counted: a place of the schema that never travelled is an error.

use std::time::Duration;

use codegen::model::{Definitions, Element as Declaration, Message, PartContent, QName, Reference};
use fake::{Config, ENCRYPTION_KEY, Fake, Limits, Outcome, Trouble, USER_ID};
use jiff::Timestamp;
use runtime::client::Client;
use runtime::clock::{BoxFuture, Clock, SystemClock};
use runtime::pace::Pace;
use runtime::sign::Credentials;
use runtime::soap::Signature;
use tests::arbitrary::{Full, Source, plain, spell};
use tests::canonical::{ENVELOPE, canonical_envelope};
use tests::coverage::{self, Places};
use tests::document::{self, Element};
use tests::envelope::{V2_1, V2_2, V2_3, V2_7, V3_1, Version};
use tests::files;
use tests::schema::Schema;

/// Far more calls than any operation needs to send all that it can.
const MOST: usize = 100;

const NOW: &str = "2026-03-02T12:00:00Z";

/// It is always [`NOW`], so that the test knows every signature.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// An operation, as the WSDL declares it.
struct Declared<'d> {
    name: &'d str,
    request: &'d Declaration,
    response: &'d Declaration,
    headers: Vec<&'d Declaration>,
}

fn definitions(source: &str) -> Definitions {
    let path = format!("wsdl/{source}");
    codegen::read(&files::inputs(), &path).unwrap_or_else(|failure| panic!("{failure}")).0
}

fn operations(definitions: &Definitions) -> Vec<Declared<'_>> {
    let message = |reference: &Reference| &definitions.messages[&reference.name];
    let declaration = |message: &Message, part: Option<&str>| {
        let part = message.parts.iter().find(|found| part.is_none_or(|part| found.name == part)).expect("a part");
        let PartContent::Element(reference) = &part.content else { panic!("a part that is an element") };
        &definitions.schema.elements[&reference.name]
    };
    let port = definitions.port_types.values().next().expect("a port type");
    let binding = definitions.bindings.values().next().expect("a binding");
    let bound = |name: &str| binding.operations.iter().find(|bound| bound.name == name).expect("a binding");
    let declared = port.operations.iter().map(|operation| Declared {
        name: &operation.name,
        request: declaration(message(operation.input.as_ref().expect("a request")), None),
        response: declaration(message(operation.output.as_ref().expect("a response")), None),
        headers: bound(&operation.name)
            .input
            .iter()
            .flat_map(|input| &input.headers)
            .map(|header| declaration(message(&header.message), Some(&header.part)))
            .collect(),
    });
    declared.collect()
}

fn envelope(headers: Vec<Element>, message: Element) -> Element {
    let part = |local: &str, children| Element { children, ..Element::new(QName::new(ENVELOPE, local)) };
    let header = (!headers.is_empty()).then(|| part("Header", headers));
    let parts = header.into_iter().chain([part("Body", vec![message])]).collect();
    part("Envelope", parts)
}

/// Puts into the block that signs what only the client can know.
fn sign(block: &mut Element, signature: &Signature) {
    for (name, value) in [
        ("mktowsUserId", &signature.user),
        ("requestSignature", &signature.value),
        ("requestTimestamp", &signature.timestamp),
    ] {
        let field = block.children.iter_mut().find(|field| field.name.local == name).expect("a field of the block");
        value.clone_into(&mut field.text);
    }
}

/// The tree of an envelope that is as the schema wants it.
fn tree(schema: Schema<'_>, envelope: &[u8]) -> Element {
    let text = std::str::from_utf8(envelope).unwrap();
    let canonical = canonical_envelope(schema, &document::parse(text).unwrap()).unwrap();
    assert_eq!(canonical.notes, [""; 0], "{text}");
    canonical.document
}

/// What one operation still owes, on its way out and back.
struct Account<'d> {
    schema: Schema<'d>,
    declarations: Vec<&'d Declaration>,
    owed: Places,
}

impl<'d> Account<'d> {
    fn new(schema: Schema<'d>, declarations: Vec<&'d Declaration>) -> Self {
        let owed = declarations.iter().flat_map(|declaration| coverage::possible(schema, declaration)).collect();
        Self { schema, declarations, owed }
    }

    /// Strikes out what was in an envelope.
    fn pay(&mut self, envelope: &Element) {
        let mut places = Places::new();
        for element in envelope.children.iter().flat_map(|part| &part.children) {
            let declaration = self.declarations.iter().find(|declaration| declaration.name == element.name);
            coverage::add(self.schema, declaration.expect("a declaration"), element, &mut places);
        }
        self.owed.retain(|place| !places.contains(place));
    }
}

/// Calls every operation until all that its messages can hold has travelled.
async fn every<V: Version>(version: &str) {
    tests::secrets::watch([ENCRYPTION_KEY]);
    let definitions = definitions(V::SOURCE);
    let schema = Schema::new(&definitions);
    let fake = Fake::start(Config::new().limits(Limits::none())).await.unwrap();
    let wide = runtime::pace::Limits::default().calls(1_000_000.try_into().unwrap(), Duration::from_secs(20));
    // What the schema allows, the service may refuse: it is not asked here.
    let client = Client::builder(fake.soap_url(version)).unwrap();
    let client =
        client.unchecked().allow_http().credentials(USER_ID, ENCRYPTION_KEY).clock(Noon).pace(&Pace::new(wide)).build();
    let client = client.unwrap();
    let signature = Credentials::new(USER_ID, ENCRYPTION_KEY).sign(NOW.parse().unwrap());

    let operations = operations(&definitions);
    assert_eq!(operations.len(), 23);
    for (seed, operation) in operations.iter().enumerate() {
        let Declared { name, request, response, headers } = operation;
        let mut sent = Account::new(schema, headers.iter().copied().chain([*request]).collect());
        let mut read = Account::new(schema, vec![*response]);
        // Apart, so that what one has does not keep the other from its turn.
        let (mut asking, mut answering) = (Full::new(schema, seed as u64), Full::new(schema, seed as u64));
        let mut calls = 0;
        while !sent.owed.is_empty() || !read.owed.is_empty() {
            calls += 1;
            assert!(calls <= MOST, "{name} never sent {:#?}, never read {:#?}", sent.owed, read.owed);
            let blocks: Vec<_> = headers.iter().map(|header| asking.element(header)).collect();
            let question = envelope(blocks, asking.element(request));
            let answer = envelope(Vec::new(), answering.element(response));
            // The answer comes in other prefixes and quotes than ours.
            let bytes: Vec<_> = (0..400_u32).map(|at| (at * 7919 + calls as u32 * 104_729).to_be_bytes()[3]).collect();
            fake.script().on(name, Trouble::answer(200, "text/xml", spell(&answer, &mut Source::new(&bytes))));

            let result = V::call(client.clone(), name, plain(&question).as_bytes()).await;
            let result = result.unwrap_or_else(|error| panic!("{name}: {error}"));

            let received = fake.calls();
            assert_eq!(received.len(), 1, "{name}");
            assert!(received[0].is(name) && received[0].path.ends_with(version));
            assert_eq!(received[0].headers["content-type"], "text/xml; charset=utf-8");
            assert_eq!(received[0].headers["soapaction"], *format!("\"http://www.marketo.com/mktows/{name}\""));
            assert_eq!(received[0].outcome, Outcome::Answered { status: 200, code: None });
            let mut expected = canonical_envelope(schema, &question).unwrap().document;
            let blocks = expected.children[0].children.iter_mut();
            blocks.filter(|block| block.name.local == "AuthenticationHeader").for_each(|block| sign(block, &signature));
            let found = tree(schema, &received[0].body);
            assert_eq!(found.to_string(), expected.to_string(), "{name}");
            sent.pay(&found);

            let expected = canonical_envelope(schema, &answer).unwrap().document;
            let found = tree(schema, &result);
            assert_eq!(found.to_string(), expected.to_string(), "{name}");
            read.pay(&found);
            fake.clear_calls();
        }
        assert_eq!(fake.script().pending(), 0);
    }
}

#[tokio::test]
async fn version_2_1() {
    every::<V2_1>("2_1").await;
}

#[tokio::test]
async fn version_2_2() {
    every::<V2_2>("2_2").await;
}

#[tokio::test]
async fn version_2_3() {
    every::<V2_3>("2_3").await;
}

#[tokio::test]
async fn version_2_7() {
    every::<V2_7>("2_7").await;
}

#[tokio::test]
async fn version_3_1() {
    every::<V3_1>("3_1").await;
}
