//! The canonical form of a document under a schema: what remains once everything is put in order that a reader of the schema may overlook.
//!
//! Enters a tree and a schema, leave the tree as the schema would have it and a note on each thing that was changed. Elements go into the
//! order of their declaration; what the schema does not have is left out, and so is an optional element that is empty and whose type has no
//! empty text, an `xsi:type` that says no more than the schema, `xsi:nil` that is false, and whatever stands on or in an element that is nil.
//! Values of numbers, booleans and bytes get one spelling. None of this may be needed by a document that bindings wrote.

use std::fmt;

use codegen::model::{ComplexType, FacetKind, QName, TypeRef};

use crate::document::{Element, is_blank};
use crate::schema::{Body, Child, Schema, Simple, View, whole_number};

/// The namespace of SOAP 1.1's envelope.
pub const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// A document in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The document.
    pub document: Element,
    /// What was changed, each with its place; respelled values are not worth a note.
    pub notes: Vec<String>,
}

/// The canonical form of a document whose root has this type.
#[must_use]
pub fn canonical<'d>(schema: Schema<'d>, type_: &'d TypeRef, document: &Element) -> Canonical {
    let mut rewriter = Rewriter { schema, path: Vec::new(), notes: Vec::new() };
    let document = rewriter.element(type_, document, document.name.local.clone());
    Canonical { document, notes: rewriter.notes }
}

/// The canonical form of a SOAP 1.1 envelope: header blocks by name, then the message. A fault stays as it is.
///
/// # Errors
///
/// What is no envelope with a message, and a message that the schema does not have.
pub fn canonical_envelope(schema: Schema<'_>, envelope: &Element) -> Result<Canonical, String> {
    let soap = |local: &str| QName::new(ENVELOPE, local);
    if envelope.name != soap("Envelope") {
        return Err(format!("`{}` is no envelope", envelope.name));
    }
    let mut rewriter = Rewriter { schema, path: Vec::new(), notes: Vec::new() };
    let (mut header, mut body) = (Element::new(soap("Header")), Element::new(soap("Body")));
    for part in &envelope.children {
        if part.name == header.name {
            header.children.extend(part.children.iter().filter_map(|block| rewriter.block(block)));
        } else if part.name == body.name {
            body.children.extend(part.children.first().map(|message| rewriter.message(message)).transpose()?);
            part.children.iter().skip(1).for_each(|other| rewriter.leave_out(other));
        } else {
            rewriter.leave_out(part);
        }
    }
    if body.children.is_empty() {
        return Err("the envelope has no message".to_owned());
    }
    header.children.sort_by(|one, other| one.name.cmp(&other.name));
    let mut document = Element::new(envelope.name.clone());
    document.children.extend((!header.children.is_empty()).then_some(header));
    document.children.push(body);
    Ok(Canonical { document, notes: rewriter.notes })
}

/// A fault's parts in one order, unqualified, with its code without a prefix and the words of its detail with one space between: all that must
/// come back of it. `None` where the envelope holds none.
#[must_use]
pub fn canonical_fault(envelope: &Element) -> Option<Element> {
    let soap = |local: &str| QName::new(ENVELOPE, local);
    let body = envelope.child(&soap("Body"))?;
    let found = body.children.first().filter(|message| message.name == soap("Fault"))?;
    let part = |local: &str| found.child(&QName::new("", local)).or(found.child(&soap(local)));
    let text = |local: &str, text: &str| Element { text: text.to_owned(), ..Element::new(QName::new("", local)) };
    let mut fault = Element::new(found.name.clone());
    let code = part("faultcode").map_or("", |code| code.text.trim());
    fault.children.push(text("faultcode", code.rsplit(':').next().unwrap_or(code)));
    fault.children.push(text("faultstring", part("faultstring").map_or("", |string| &string.text)));
    fault.children.extend(part("faultactor").map(|actor| text("faultactor", &actor.text)));
    if let Some(detail) = part("detail") {
        let words: Vec<_> = detail.text.split_whitespace().collect();
        let kept = Element { children: detail.children.clone(), ..text("detail", &words.join(" ")) };
        fault.children.extend((!kept.children.is_empty() || !kept.text.is_empty()).then_some(kept));
    }
    Some(fault)
}

struct Rewriter<'d> {
    schema: Schema<'d>,
    path: Vec<String>,
    notes: Vec<String>,
}

impl<'d> Rewriter<'d> {
    fn note(&mut self, what: &str) {
        self.notes.push(format!("{}: {what}", self.path.join("/")));
    }

    fn leave_out(&mut self, element: &Element) {
        self.note(&format!("left out `{}`", element.name));
    }

    fn block(&mut self, block: &Element) -> Option<Element> {
        match self.schema.element(&block.name) {
            Some(declared) => Some(self.element(&declared.type_, block, block.name.local.clone())),
            None => {
                self.leave_out(block);
                None
            }
        }
    }

    fn message(&mut self, message: &Element) -> Result<Element, String> {
        match self.schema.element(&message.name) {
            Some(declared) => Ok(self.element(&declared.type_, message, message.name.local.clone())),
            None if message.name == QName::new(ENVELOPE, "Fault") => Ok(message.clone()),
            None => Err(format!("the schema has no element `{}`", message.name)),
        }
    }

    fn element(&mut self, type_: &'d TypeRef, found: &Element, step: String) -> Element {
        self.path.push(step);
        let mut element = Element::new(found.name.clone());
        if found.nil {
            element.nil = true;
            if *found != (Element { nil: true, ..Element::new(found.name.clone()) }) {
                self.note("left out what stands on or in an element that is nil");
            }
        } else {
            match self.schema.view(type_) {
                View::Simple(simple) => self.simple(&simple, found, &mut element),
                View::Complex(declared) => self.complex(declared, found, &mut element),
            }
        }
        self.path.pop();
        element
    }

    fn simple(&mut self, simple: &Simple<'_>, found: &Element, element: &mut Element) {
        if is_any(simple) {
            element.type_name.clone_from(&found.type_name);
        } else if found.type_name.is_some() {
            self.note("left out xsi:type");
        }
        self.leave_out_attributes(found, &[]);
        self.text(simple, found, element);
    }

    fn complex(&mut self, declared: &'d ComplexType, found: &Element, element: &mut Element) {
        match (&found.type_name, &declared.name) {
            (Some(named), Some(name)) if named != name => element.type_name = Some(named.clone()),
            (Some(_), _) => self.note("left out xsi:type"),
            (None, _) => {}
        }
        let complex = self.schema.actual(declared, found.type_name.as_ref());
        let attributes = self.schema.attributes(complex);
        let names: Vec<_> = attributes.iter().map(|(attribute, _)| &attribute.name).collect();
        self.leave_out_attributes(found, &names);
        for (attribute, _) in attributes {
            if let Some(value) = found.attributes.get(&attribute.name) {
                let simple = self.schema.simple_ref(&attribute.type_);
                element.attributes.insert(attribute.name.clone(), spelling(&simple, value));
            }
        }
        match self.schema.body(complex) {
            Body::Text(simple) => self.text(&simple, found, element),
            Body::Elements(particles) => {
                if !is_blank(&found.text) {
                    self.note("left out text");
                }
                self.children(&self.schema.children(&particles), found, element);
            }
        }
    }

    fn text(&mut self, simple: &Simple<'_>, found: &Element, element: &mut Element) {
        found.children.iter().for_each(|child| self.leave_out(child));
        element.text = spelling(simple, &found.text);
    }

    fn children(&mut self, declared: &[Child<'d>], found: &Element, element: &mut Element) {
        let mut placed = Vec::new();
        let mut counts = vec![0; declared.len()];
        for child in &found.children {
            let Some(place) = declared.iter().position(|known| known.element.name == child.name) else {
                self.leave_out(child);
                continue;
            };
            if declared[place].optional && !declared[place].repeated && self.counts_as_absent(declared[place], child) {
                self.note(&format!("left out `{}`, which is empty", child.name));
                continue;
            }
            counts[place] += 1;
            let step = match declared[place].repeated {
                true => format!("{}[{}]", child.name.local, counts[place]),
                false => child.name.local.clone(),
            };
            placed.push((place, self.element(&declared[place].element.type_, child, step)));
        }
        if !placed.is_sorted_by_key(|(place, _)| place) {
            self.note("put elements in order");
            placed.sort_by_key(|(place, _)| *place);
        }
        element.children = placed.into_iter().map(|(_, child)| child).collect();
    }

    fn counts_as_absent(&self, declared: Child<'_>, found: &Element) -> bool {
        let empty = !found.nil && found.children.is_empty() && is_blank(&found.text);
        empty && matches!(self.schema.view(&declared.element.type_), View::Simple(simple) if !has_empty_text(&simple))
    }

    fn leave_out_attributes(&mut self, found: &Element, known: &[&QName]) {
        for name in found.attributes.keys().filter(|name| !known.contains(name)) {
            self.note(&format!("left out the attribute `{name}`"));
        }
    }
}

fn is_any(simple: &Simple<'_>) -> bool {
    matches!(simple, Simple::Atomic("anySimpleType" | "anyType", _))
}

/// Whether the empty text is a value: of strings, bytes, lists and whatever is bound as text.
pub(crate) fn has_empty_text(simple: &Simple<'_>) -> bool {
    match simple {
        Simple::Atomic(builtin, _) => {
            whole_number(builtin).is_none()
                && !matches!(*builtin, "boolean" | "decimal" | "float" | "double" | "dateTime" | "date" | "time")
        }
        Simple::List(_) | Simple::Union(_) => true,
    }
}

/// The one spelling of a value. Dates and decimals keep theirs, which is part of their value to the bindings; so does all text.
pub(crate) fn spelling(simple: &Simple<'_>, text: &str) -> String {
    let (builtin, facets) = match simple {
        Simple::Atomic(builtin, facets) => (builtin, facets),
        Simple::List(_) => return collapsed(text),
        Simple::Union(_) => return text.to_owned(),
    };
    let says = |value: &str| facets.iter().any(|facet| facet.kind == FacetKind::WhiteSpace && facet.value == value);
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    match (*builtin, trimmed) {
        ("boolean", "1") => "true".to_owned(),
        ("boolean", "0") => "false".to_owned(),
        ("float" | "double", "INF" | "-INF" | "NaN") => trimmed.to_owned(),
        ("float", _) => trimmed.parse().map_or_else(|_| trimmed.to_owned(), |value: f32| float(&value, value.into())),
        ("double", _) => trimmed.parse().map_or_else(|_| trimmed.to_owned(), |value: f64| float(&value, value)),
        ("base64Binary", _) => {
            trimmed.chars().filter(|character| !is_blank(character.encode_utf8(&mut [0; 4]))).collect()
        }
        ("hexBinary", _) => trimmed.to_ascii_uppercase(),
        (builtin, _) if whole_number(builtin).is_some() => digits(trimmed),
        ("string", _) | ("normalizedString", _) if says("collapse") => collapsed(text),
        ("string", _) if !says("replace") => text.to_owned(),
        ("string" | "normalizedString", _) => text.replace(['\t', '\r', '\n'], " "),
        ("anySimpleType" | "anyType", _) => text.to_owned(),
        _ if has_empty_text(simple) => collapsed(text),
        _ => trimmed.to_owned(),
    }
}

/// The words of a text with one space between.
fn collapsed(text: &str) -> String {
    let words = text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A floating-point number in the fewest digits that tell it from its neighbours; one that is too big is infinite.
fn float(shown: &dyn fmt::Debug, value: f64) -> String {
    match value {
        f64::INFINITY => "INF".to_owned(),
        f64::NEG_INFINITY => "-INF".to_owned(),
        _ => format!("{shown:?}"),
    }
}

/// A whole number without `+`, zeros in front, and a sign before 0.
fn digits(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::arbitrary::{Source, scramble};
    use crate::document::parse;
    use crate::fixture::{document, named, schema};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_left_to_do_and_scrambling_is_undone(
            bytes in prop::collection::vec(any::<u8>(), 0..2000),
            more in prop::collection::vec(any::<u8>(), 0..2000),
        ) {
            let schema = schema();
            let root = named("Root");
            let tree = document(&bytes);
            let once = canonical(schema, &root, &tree);
            prop_assert!(once.notes.iter().all(|note| note.contains("xsi:type") || note.contains("in order")), "{:?}", once.notes);
            let again = Canonical { document: once.document.clone(), notes: Vec::new() };
            prop_assert_eq!(&canonical(schema, &root, &once.document), &again);

            let scrambled = scramble(schema, &root, &tree, &mut Source::new(&more));
            prop_assert_eq!(&canonical(schema, &root, &scrambled).document, &once.document, "{}", scrambled);
        }
    }

    #[test]
    fn notes_name_what_was_changed() {
        let found = parse(
            "<t:root xmlns:t='urn:t' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
             <all><y> 1 </y></all><selector i:type='t:ByName' x='1'><name>a</name><t:name/></selector><id>+007</id>\
             <percent i:nil='1' x=''/><color/><note/><when> </when><right i:type='t:Color'>RED</right><short> ab </short></t:root>",
        );
        let canonical = canonical(schema(), &named("Root"), &found.unwrap());
        assert_eq!(
            canonical.document.to_string(),
            "{urn:t}root\n  id \"7\"\n  note\n  color\n  short \" ab \"\n  percent nil\n  selector: {urn:t}ByName\n    \
             name \"a\"\n  right \"RED\"\n  all\n    y \"true\"\n"
        );
        assert_eq!(
            canonical.notes,
            [
                "root/selector: left out the attribute `x`",
                "root/selector: left out `{urn:t}name`",
                "root/percent: left out what stands on or in an element that is nil",
                "root: left out `when`, which is empty",
                "root/right: left out xsi:type",
                "root: put elements in order",
            ]
        );
    }

    #[test]
    fn envelopes_keep_what_the_schema_has() {
        let schema = schema();
        let envelope = |header: &str, body: &str| {
            parse(&format!(
                "<e:Envelope xmlns:e='{ENVELOPE}' xmlns:t='urn:t'>{header}<e:Body>{body}</e:Body></e:Envelope>"
            ))
            .unwrap()
        };
        let found = envelope("<e:Header><x/><t:leaf> 1.50 </t:leaf></e:Header>", "<t:leaf>5.</t:leaf><x/>");
        let canonical = canonical_envelope(schema, &found).unwrap();
        assert_eq!(canonical.document, envelope("<e:Header><t:leaf>1.50</t:leaf></e:Header>", "<t:leaf>5.</t:leaf>"));
        assert_eq!(canonical.notes, [": left out `x`", ": left out `x`"]);
        let fault = envelope("", "<e:Fault><faultcode>e:Server</faultcode></e:Fault>");
        assert_eq!(canonical_envelope(schema, &fault).unwrap().document, fault);
        assert!(canonical_envelope(schema, &envelope("", "")).is_err());
        assert!(canonical_envelope(schema, &envelope("", "<x/>")).is_err());
        assert!(canonical_envelope(schema, &parse("<x/>").unwrap()).is_err());
    }

    #[test]
    fn one_spelling_a_value() {
        for (builtin, text, expected) in [
            ("boolean", " 1\n", "true"),
            ("integer", "-000", "0"),
            ("int", "+0012", "12"),
            ("float", "16777217", "16777216.0"),
            ("float", "1e39", "INF"),
            ("double", "-1E400", "-INF"),
            ("double", "NaN ", "NaN"),
            ("double", "-0", "-0.0"),
            ("decimal", " +01.50 ", "+01.50"),
            ("dateTime", "\t2010-02-28T24:00:00.00+00:00", "2010-02-28T24:00:00.00+00:00"),
            ("base64Binary", " Zm 8 =\r\n", "Zm8="),
            ("hexBinary", " 0aF0 ", "0AF0"),
            ("token", " a  b ", "a b"),
        ] {
            assert_eq!(spelling(&Simple::Atomic(builtin, Vec::new()), text), expected, "{builtin}");
        }
    }
}
