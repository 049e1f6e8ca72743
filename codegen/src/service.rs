//! What a service's `<service>.toml` says beside its WSDLs: operations that only read, paging, limits, readable names,
//! signature and faults.
//!
//! The text enters; [`Facts`] leave, each entry with its place. Whether an entry matches anything is for [`lower`](crate::lower) to find out and to
//! note in [`Matched`]; [`unmatched`] reports what no version of the service has. Nothing here knows a WSDL.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use crate::diag::{Diagnostic, Diagnostics, Sources, Span};

/// All that the file says. The default is a service without such a file.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Local names of header elements that a request may lack.
    pub optional_headers: Vec<Entry<String>>,
    /// XML name to Rust name in CamelCase; the place is that of the XML name.
    pub names: BTreeMap<String, Entry<String>>,
    /// Schemas that are read with every version, as locations beside this file.
    pub schemas: Vec<Entry<String>>,
    /// How requests are signed, where they are.
    pub signature: Option<Signature>,
    /// What faults mean, where it is known.
    pub faults: Option<Faults>,
    /// By the operation's name; the place is that of the name.
    pub operations: BTreeMap<String, Entry<Operation>>,
}

/// The header block that says who calls: local names of its element and of fields of its type.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The header element.
    pub header: Entry<String>,
    /// The field that holds the id of the user.
    pub user: Entry<String>,
    /// The field that holds the signature.
    pub signature: Entry<String>,
    /// The field that holds the time.
    pub timestamp: Entry<String>,
}

/// What faults mean.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Local name of the element of a fault's detail that holds the code.
    pub detail: Entry<String>,
    /// The field of it that is the code: an enumeration.
    pub code: Entry<String>,
    /// Each code's kind; the place is that of the code.
    pub kinds: BTreeMap<String, Entry<Kind>>,
}

/// What a fault is about: the kinds that the runtime knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The request is wrong.
    Client,
    /// Who calls is unknown, or may not do this.
    Auth,
    /// The day's calls are used up.
    Quota,
    /// Too many calls lately; not executed.
    Rate,
    /// Too many calls at once; not executed.
    Concurrency,
    /// The signature is too old; not executed.
    Expired,
    /// What the request names is not there.
    NotFound,
    /// There are no more pages.
    EndOfStream,
    /// The service failed; whether it executed the call is unknown.
    Server,
}

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// What is known of one operation.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    /// Whether it only reads.
    pub reads: bool,
    /// Path of a repeated element in the request to its greatest count; the place is that of the path.
    pub max_items: BTreeMap<String, Entry<u32>>,
    /// Path of a number in the request to its greatest value; the place is that of the path.
    pub max_value: BTreeMap<String, Entry<u32>>,
    /// How it pages, where it does.
    pub paging: Option<Entry<Paging>>,
    /// What a request must hold; the place is that of the rule's name.
    pub rules: Vec<Entry<Rule>>,
    /// How a long list goes in several calls, where it does.
    pub batch: Option<Entry<Batch>>,
}

/// A rule between fields of one element.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it says.
    pub kind: RuleKind,
    /// Path of the element in the request; none is the request itself.
    pub at: Option<String>,
    /// Local names of the fields.
    pub fields: Vec<String>,
    /// For [`RuleKind::WithinDays`]: the greatest span.
    pub days: Option<u32>,
}

/// What a rule says of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// Exactly one is given.
    OneOf,
    /// At least one is given.
    AnyOf,
    /// At most one is given.
    AtMostOne,
    /// All are given, or none.
    Together,
    /// With the first, all others are given.
    Requires,
    /// From the first to the second, or else to now, it is no longer than some days.
    WithinDays,
}

/// How a long list goes in several calls. Paths are XML names from the root element, with `/` between.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Path of the repeated element, in the request; it has a greatest count.
    pub items: Entry<String>,
    /// Path of the repeated element that answers each item, in the response.
    pub statuses: Entry<String>,
}

/// How the pages of an operation follow each other. Paths are XML names from the root element, with `/` between.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Path of the field that asks for a page, in the request.
    pub request: Entry<String>,
    /// Path of the field that names the next page, in the response.
    pub response: Entry<String>,
    /// Path of the repeated element, in the response.
    pub items: Entry<String>,
    /// Path of the field that tells the last page, in the response.
    pub end: Entry<String>,
    /// What that field holds on the last page.
    pub is: Entry<Is>,
}

/// A value that ends paging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected an integer or a boolean")]
pub enum Is {
    /// A boolean.
    Bool(bool),
    /// A count or flag.
    Number(i64),
}

/// The entries that matched something in some version of the service.
#[derive(Clone, Debug, Default)]
pub struct Matched(BTreeSet<Span>);

impl Matched {
    /// Notes that the entry at `span` matched.
    pub fn note(&mut self, span: Span) {
        self.0.insert(span);
    }

    /// Whether the entry at `span` matched.
    #[must_use]
    pub fn contains(&self, span: Span) -> bool {
        self.0.contains(&span)
    }
}

/// Reads the file `file` of `sources`. What is wrong with it goes to `diagnostics`, and nothing of it counts.
pub fn parse(sources: &Sources, file: u32, diagnostics: &mut Diagnostics) -> Facts {
    match toml::from_str::<Document>(sources.text(file)) {
        Ok(document) => document.facts(file, diagnostics),
        Err(error) => {
            diagnostics
                .push(Diagnostic::new(place(file, error.span().unwrap_or_default()), first_line(error.message())));
            Facts::default()
        }
    }
}

/// The schemas alone that the file names, with their places: they belong to every WSDL, before the rest can be held against it.
#[must_use]
pub fn schemas(sources: &Sources, file: u32) -> Vec<(String, Span)> {
    let facts = parse(sources, file, &mut Diagnostics::default());
    facts.schemas.into_iter().map(|entry| (entry.value, entry.span)).collect()
}

/// Reports every entry of `facts` that is not in `matched`.
pub fn unmatched(facts: &Facts, matched: &Matched, diagnostics: &mut Diagnostics) {
    let mut check = |name: &str, span: Span| {
        if !matched.contains(span) {
            diagnostics.push(Diagnostic::new(span, format!("`{name}` matches nothing in any version of this service")));
        }
        matched.contains(span)
    };
    for header in &facts.optional_headers {
        check(&header.value, header.span);
    }
    for (name, entry) in &facts.names {
        check(name, entry.span);
    }
    if let Some(Signature { header, user, signature, timestamp }) = &facts.signature
        && check(&header.value, header.span)
    {
        for field in [user, signature, timestamp] {
            check(&field.value, field.span);
        }
    }
    if let Some(Faults { detail, code, kinds }) = &facts.faults
        && check(&detail.value, detail.span)
        && check(&code.value, code.span)
    {
        kinds.iter().for_each(|(code, entry)| {
            check(code, entry.span);
        });
    }
    for (name, entry) in &facts.operations {
        if !check(name, entry.span) {
            continue;
        }
        let operation = &entry.value;
        for (path, limit) in operation.max_items.iter().chain(&operation.max_value) {
            check(path, limit.span);
        }
        for rule in &operation.rules {
            check("rule", rule.span);
        }
        if let Some(batch) = &operation.batch {
            let Batch { items, statuses } = &batch.value;
            if [items, statuses].map(|path| check(&path.value, path.span)) == [true; 2] {
                check("batch", batch.span);
            }
        }
        if let Some(paging) = &operation.paging {
            let Paging { request, response, items, end, .. } = &paging.value;
            // A single check each: all must be reported, not only the first.
            let parts = [request, response, items, end].map(|path| check(&path.value, path.span));
            if parts == [true; 4] {
                check("paging", paging.span);
            }
        }
    }
}

/// The file as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Document {
    optional_headers: Vec<Spanned<String>>,
    names: BTreeMap<Spanned<String>, Spanned<String>>,
    schemas: Vec<Spanned<String>>,
    signature: Option<DocumentSignature>,
    faults: Option<DocumentFaults>,
    operations: BTreeMap<Spanned<String>, DocumentOperation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentSignature {
    header: Spanned<String>,
    user: Spanned<String>,
    signature: Spanned<String>,
    timestamp: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentFaults {
    detail: Spanned<String>,
    code: Spanned<String>,
    #[serde(default)]
    kinds: BTreeMap<Spanned<String>, Kind>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DocumentOperation {
    reads: bool,
    max_items: BTreeMap<Spanned<String>, u32>,
    max_value: BTreeMap<Spanned<String>, u32>,
    paging: Option<Spanned<DocumentPaging>>,
    rules: Vec<DocumentRule>,
    batch: Option<Spanned<DocumentBatch>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentRule {
    rule: Spanned<RuleKind>,
    at: Option<String>,
    fields: Vec<String>,
    days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentBatch {
    items: Spanned<String>,
    statuses: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentPaging {
    request: Spanned<String>,
    response: Spanned<String>,
    items: Spanned<String>,
    end: Spanned<String>,
    is: Spanned<Is>,
}

impl Document {
    fn facts(self, file: u32, diagnostics: &mut Diagnostics) -> Facts {
        for value in self.names.values() {
            if !is_camel_case(value.get_ref()) {
                let message = format!("`{}` is not a name in CamelCase", value.get_ref());
                diagnostics.push(Diagnostic::new(place(file, value.span()), message));
            }
        }
        Facts {
            optional_headers: self.optional_headers.into_iter().map(|header| entry(file, header)).collect(),
            names: self.names.into_iter().map(|(xml, rust)| keyed(file, xml, rust.into_inner())).collect(),
            schemas: self.schemas.into_iter().map(|schema| entry(file, schema)).collect(),
            signature: self.signature.map(|signature| {
                let DocumentSignature { header, user, signature, timestamp } = signature;
                let [header, user, signature, timestamp] =
                    [header, user, signature, timestamp].map(|name| entry(file, name));
                Signature { header, user, signature, timestamp }
            }),
            faults: self.faults.map(|faults| Faults {
                detail: entry(file, faults.detail),
                code: entry(file, faults.code),
                kinds: faults.kinds.into_iter().map(|(code, kind)| keyed(file, code, kind)).collect(),
            }),
            operations: self
                .operations
                .into_iter()
                .map(|(name, operation)| keyed(file, name, operation.operation(file)))
                .collect(),
        }
    }
}

impl DocumentOperation {
    fn operation(self, file: u32) -> Operation {
        Operation {
            reads: self.reads,
            max_items: self.max_items.into_iter().map(|(path, max)| keyed(file, path, max)).collect(),
            max_value: self.max_value.into_iter().map(|(path, max)| keyed(file, path, max)).collect(),
            paging: self.paging.map(|paging| {
                let span = place(file, paging.span());
                let DocumentPaging { request, response, items, end, is } = paging.into_inner();
                let [request, response, items, end] = [request, response, items, end].map(|path| entry(file, path));
                Entry { value: Paging { request, response, items, end, is: entry(file, is) }, span }
            }),
            rules: self.rules.into_iter().map(|rule| rule.rule(file)).collect(),
            batch: self.batch.map(|batch| {
                let span = place(file, batch.span());
                let DocumentBatch { items, statuses } = batch.into_inner();
                Entry { value: Batch { items: entry(file, items), statuses: entry(file, statuses) }, span }
            }),
        }
    }
}

impl DocumentRule {
    fn rule(self, file: u32) -> Entry<Rule> {
        let Self { rule, at, fields, days } = self;
        let span = place(file, rule.span());
        Entry { value: Rule { kind: rule.into_inner(), at, fields, days }, span }
    }
}

fn entry<T>(file: u32, value: Spanned<T>) -> Entry<T> {
    let span = place(file, value.span());
    Entry { value: value.into_inner(), span }
}

fn keyed<T>(file: u32, key: Spanned<String>, value: T) -> (String, Entry<T>) {
    let span = place(file, key.span());
    (key.into_inner(), Entry { value, span })
}

fn place(file: u32, range: Range<usize>) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(range.start), end: byte(range.end) }
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or("this is not TOML")
}

fn is_camel_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}
