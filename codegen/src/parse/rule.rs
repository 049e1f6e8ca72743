//! What an element may hold: its attributes, its child elements, their order and number.
//!
//! An element and its rule enter, the children to read leave; what the rule does not know is a diagnostic. Extensions that WSDL leaves
//! room for are passed over, unless they say that they must be understood (WSDL 1.1, 2.1.3). Never looks into the children.

use super::Walk;
use super::node::{Attr, Node, WSDL};
use super::value;
use crate::diag::Span;
use crate::model::XS;

/// What an element may hold, beside what every element may.
pub(super) struct Rule {
    /// Attributes that must be there.
    pub(super) required: &'static [&'static str],
    /// Attributes that may be there.
    pub(super) optional: &'static [&'static str],
    /// Children in the element's own namespace, in the order they must have.
    pub(super) children: &'static [Group],
    /// Other namespaces whose elements are read.
    pub(super) extensions: &'static [&'static str],
}

/// Children that stand at the same place.
pub(super) enum Group {
    /// At most one of these.
    One(&'static [&'static str]),
    /// Any number of these, in any order.
    Many(&'static [&'static str]),
}

impl Group {
    fn names(&self) -> &'static [&'static str] {
        match self {
            Self::One(names) | Self::Many(names) => names,
        }
    }
}

/// Elements of XML Schema that are known and cannot be used: the first two of version 1.0, the others of 1.1.
const UNSUPPORTED: [&str; 9] = [
    "redefine",
    "notation",
    "override",
    "openContent",
    "defaultOpenContent",
    "alternative",
    "assert",
    "assertion",
    "explicitTimezone",
];

/// The elements of XML Schema 1.0 and of WSDL 1.1.
const KNOWN: [(&str, &[&str]); 2] = [
    (
        XS,
        &[
            "all",
            "annotation",
            "any",
            "anyAttribute",
            "appinfo",
            "attribute",
            "attributeGroup",
            "choice",
            "complexContent",
            "complexType",
            "documentation",
            "element",
            "enumeration",
            "extension",
            "field",
            "fractionDigits",
            "group",
            "import",
            "include",
            "key",
            "keyref",
            "length",
            "list",
            "maxExclusive",
            "maxInclusive",
            "maxLength",
            "minExclusive",
            "minInclusive",
            "minLength",
            "pattern",
            "restriction",
            "schema",
            "selector",
            "sequence",
            "simpleContent",
            "simpleType",
            "totalDigits",
            "union",
            "unique",
            "whiteSpace",
        ],
    ),
    (
        WSDL,
        &[
            "binding",
            "definitions",
            "documentation",
            "fault",
            "import",
            "input",
            "message",
            "operation",
            "output",
            "part",
            "port",
            "portType",
            "service",
            "types",
        ],
    ),
];

/// Holds `node` against `rule`. Returns the children to read: those the rule names, without annotations, and known extensions.
pub(super) fn check<'a>(node: Node<'a>, rule: &Rule, walk: &mut Walk<'_>) -> Vec<Node<'a>> {
    attributes(node, rule, walk);
    if let Some(span) = node.stray_text() {
        walk.error(span, format!("text may not stand in `{}`", node.written()));
    }
    let mut place = Place { group: 0, filled: false, previous: None };
    let mut children = Vec::new();
    for child in node.children() {
        if child.namespace() != node.namespace() {
            if rule.extensions.contains(&child.namespace()) {
                children.push(child);
            } else {
                extension(node, child, walk);
            }
        } else if place.admits(node, child, rule.children, walk)
            && !matches!(child.local(), "annotation" | "documentation")
        {
            children.push(child);
        }
    }
    children
}

/// Reports that an element is known, but cannot be used.
pub(super) fn unsupported(node: Node<'_>, walk: &mut Walk<'_>) {
    walk.error(node.span(), format!("`{}` is not supported yet", node.written()));
}

fn attributes(node: Node<'_>, rule: &Rule, walk: &mut Walk<'_>) {
    for name in rule.required.iter().filter(|name| node.attribute(name).is_none()) {
        walk.error(node.span(), format!("missing attribute `{name}` on `{}`", node.written()));
    }
    for attribute in node.attributes() {
        let local = attribute.local();
        let known = match attribute.namespace() {
            "" => {
                rule.required.contains(&local)
                    || rule.optional.contains(&local)
                    || local == "id" && node.namespace() == XS
            }
            // Attributes of other namespaces are extensions, in WSDL as in XML Schema.
            namespace => namespace != node.namespace(),
        };
        if !known {
            walk.error(
                attribute.name_span(),
                format!("unknown attribute `{}` on `{}`", attribute.written(), node.written()),
            );
        }
    }
}

/// An element of a namespace that `parent` knows nothing of.
fn extension(parent: Node<'_>, child: Node<'_>, walk: &mut Walk<'_>) {
    // XML Schema has room for other elements in `xs:appinfo` only.
    if parent.namespace() == XS {
        walk.error(child.span(), format!("`{}` may not stand in `{}`", child.written(), parent.written()));
    } else if value::boolean(child.attribute_in(WSDL, "required"), walk) == Some(true) {
        walk.error(child.span(), format!("extension `{}` is required but not supported", child.written()));
    }
}

/// How far the children of an element have come in its groups.
struct Place<'a> {
    group: usize,
    filled: bool,
    previous: Option<Node<'a>>,
}

impl<'a> Place<'a> {
    /// Whether `child` is to be read. One that stands wrong is reported and read all the same: what it defines may be used elsewhere.
    fn admits(&mut self, parent: Node<'a>, child: Node<'a>, groups: &[Group], walk: &mut Walk<'_>) -> bool {
        let local = child.local();
        let has = |index: &usize| groups.get(*index).is_some_and(|group| group.names().contains(&local));
        let full = |index: &usize| *index == self.group && self.filled;
        if let Some(found) = (self.group..groups.len()).find(|index| has(index) && !full(index)) {
            self.group = found;
            self.filled = matches!(groups.get(found), Some(Group::One(_)));
            self.previous = Some(child);
            return true;
        }
        let (child_name, parent_name) = (child.written(), parent.written());
        let known = |(namespace, names): &(&str, &[&str])| *namespace == parent.namespace() && names.contains(&local);
        match self.previous {
            Some(previous) if (0..groups.len()).any(|index| has(&index)) => {
                let message = format!("`{child_name}` may not stand after `{}` in `{parent_name}`", previous.written());
                walk.error(child.span(), message);
                return true;
            }
            _ if parent.namespace() == XS && UNSUPPORTED.contains(&local) => unsupported(child, walk),
            _ if KNOWN.iter().any(known) => {
                walk.error(child.span(), format!("`{child_name}` may not stand in `{parent_name}`"));
            }
            _ => walk.error(child.span(), format!("unknown element `{child_name}` in `{parent_name}`")),
        }
        false
    }
}

/// Reports attributes that may not stand beside another one.
pub(super) fn exclude(node: Node<'_>, present: &str, others: &[&str], walk: &mut Walk<'_>) {
    if node.attribute(present).is_none() {
        return;
    }
    for other in others.iter().filter_map(|other| node.attribute(other)) {
        walk.error(other.name_span(), both(node, present, other.written()));
    }
}

/// What to say of two things that exclude each other.
pub(super) fn both(node: Node<'_>, one: &str, other: &str) -> String {
    format!("`{}` has both `{one}` and `{other}`", node.written())
}

/// The place of an attribute's value, or of the start tag without it.
pub(super) fn value_span(attribute: Option<Attr<'_>>, node: Node<'_>) -> Span {
    attribute.map_or_else(|| node.span(), Attr::span)
}
