"""Messages made from a WSDL's schema, walked with lxml: one of each kind that says something of its own.

Nothing in here is of the project: what it makes is another reading of the schema than the generator's.
"""

import itertools

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"

# What is said in turn where the schema allows it.
TEXTS = ["text", "a < b & \"c\" 'd' ]]>", "äöü – ‰ 𝄞", "two  spaces", "line\nbreak"]
VALUES = {
    "string": TEXTS,
    "anySimpleType": TEXTS,
    "int": ["7", "-2147483648", "2147483647", "0"],
    "long": ["9007199254740993", "-9223372036854775808", "9223372036854775807"],
    "integer": ["123456789012345678901234567890", "-1"],
    "boolean": ["true", "false"],
    "dateTime": ["2026-03-01T12:00:00-06:00", "2026-03-01T18:00:00Z", "2026-03-01T18:00:00.125+05:30", "2026-02-28T23:59:59"],
    "base64Binary": ["AAEC"],
}


def local(qname):
    return qname.split(":")[-1]


class Schema:
    def __init__(self, path):
        self.tree = etree.parse(path)
        self.node = self.tree.find(".//%sschema" % XS)
        self.namespace = self.node.get("targetNamespace")
        # The schema stands in the WSDL; validated by itself, it needs the prefixes that are declared around it.
        alone = etree.fromstring(etree.tostring(self.node))
        self.validator = etree.XMLSchema(alone)
        named = lambda kind: {each.get("name"): each for each in self.node.findall(XS + kind)}
        self.elements, self.complex, self.simple = named("element"), named("complexType"), named("simpleType")

    def operations(self):
        """Name, SOAPAction, elements of request and response, elements of the header blocks."""
        parts = {}
        for message in self.tree.findall(WSDL + "message"):
            for part in message.findall(WSDL + "part"):
                parts[message.get("name"), part.get("name")] = local(part.get("element"))
        messages = {}
        for operation in self.tree.findall("%sportType/%soperation" % (WSDL, WSDL)):
            way = lambda way: local(operation.find(WSDL + way).get("message"))
            messages[operation.get("name")] = way("input"), way("output")
        for operation in self.tree.findall("%sbinding/%soperation" % (WSDL, WSDL)):
            name = operation.get("name")
            message, answer = messages[name]
            body = operation.find("%sinput/%sbody" % (WSDL, SOAP)).get("parts")
            headers = operation.findall("%sinput/%sheader" % (WSDL, SOAP))
            headers = [parts[local(header.get("message")), header.get("part")] for header in headers]
            (response,) = [element for (known, _), element in parts.items() if known == answer]
            yield name, operation.find(SOAP + "operation").get("soapAction"), parts[message, body], response, headers

    def fields(self, type_):
        """The elements of a complex type, those of its base first."""
        extension = type_.find("%scomplexContent/%sextension" % (XS, XS))
        if extension is None:
            return type_.findall("%ssequence/%selement" % (XS, XS))
        base = self.complex[local(extension.get("base"))]
        return self.fields(base) + extension.findall("%ssequence/%selement" % (XS, XS))

    def derived(self, name):
        """The types that an element of this type may have, where it is abstract."""
        if self.complex[name].get("abstract") != "true":
            return [None]
        bases = lambda type_: [each.get("base") for each in type_.iter(XS + "extension")]
        return [known for known, type_ in self.complex.items() if name in map(local, bases(type_))]

    def selectors(self, element):
        """The abstract type's derived types, if a message of this element may hold such a thing."""
        type_ = self.complex[local(self.elements[element].get("type"))]
        for field in self.fields(type_):
            name = local(field.get("type"))
            if name in self.complex and self.derived(name) != [None]:
                return self.derived(name)
        return [None]


class Maker:
    """Makes messages: `full` has everything, `nil` has nil where it may, `bare` only what must be there."""

    def __init__(self, schema, mode, selector, prefix):
        self.schema, self.mode, self.selector, self.prefix = schema, mode, selector, prefix
        self.numbers = itertools.count()

    def message(self, element):
        names = {self.prefix: self.schema.namespace, "xsi": XSI}
        root = etree.Element("{%s}%s" % (self.schema.namespace, element), nsmap=names)
        self.fill(root, local(self.schema.elements[element].get("type")))
        return root

    def fill(self, node, type_):
        if type_ not in self.schema.complex:
            node.text = self.value(type_)
            return
        if self.schema.complex[type_].get("abstract") == "true":
            type_ = self.selector
            node.set("{%s}type" % XSI, "%s:%s" % (self.prefix, type_) if self.prefix else type_)
        for field in self.schema.fields(self.schema.complex[type_]):
            self.field(node, field)

    def field(self, node, field):
        least, most = int(field.get("minOccurs", "1")), field.get("maxOccurs", "1")
        type_ = local(field.get("type"))
        if self.mode == "bare":
            count = least
        else:
            count = 2 if most == "unbounded" else 1
        for _ in range(count):
            child = etree.SubElement(node, field.get("name"))
            if field.get("nillable") == "true" and self.mode == "nil":
                child.set("{%s}nil" % XSI, "true")
            else:
                self.fill(child, type_)

    def value(self, type_):
        if type_ in self.schema.simple:
            choices = [each.get("value") for each in self.schema.simple[type_].iter(XS + "enumeration")]
        else:
            choices = VALUES[type_]
        return choices[next(self.numbers) % len(choices)]


def differences(expected, got, path=""):
    """Where two elements do not mean the same: names, attributes, text, order of children; prefixes do not count."""
    path = "%s/%s" % (path, etree.QName(expected).localname)
    if expected.tag != got.tag:
        return ["%s: found %s" % (path, got.tag)]
    found = []
    if meaning(expected) != meaning(got):
        found.append("%s: expected %s, found %s" % (path, meaning(expected), meaning(got)))
    if len(expected) == 0 and len(got) == 0 and (expected.text or "") != (got.text or ""):
        found.append("%s: expected %r, found %r" % (path, expected.text, got.text))
    if [each.tag for each in expected] != [each.tag for each in got]:
        found.append("%s: expected %s, found %s" % (path, [e.tag for e in expected], [e.tag for e in got]))
        return found
    for one, other in zip(expected, got):
        found += differences(one, other, path)
    return found


def meaning(node):
    """The attributes, those that hold a qualified name with its namespace."""
    values = dict(node.attrib)
    type_ = values.get("{%s}type" % XSI)
    if type_ is not None:
        prefix, _, name = type_.rpartition(":")
        values["{%s}type" % XSI] = "{%s}%s" % (node.nsmap.get(prefix or None), name)
    return values
