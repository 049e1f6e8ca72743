"""A server of the service that is not ours: requests are validated by libxml2 against the schema of our WSDL, responses are built with lxml.

usage: wsgi_server.py <wsdl> <version> -- <command of our client> …

Our client asks for samples, sends each as a request of its own, reads the response and hands back what it read. Both ways the server
compares with what it made. The command is called with the server's address, the version, the user and the key.
"""

import hashlib
import hmac
import re
import subprocess
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from lxml import etree

from schema import Maker, Schema, differences

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
USER, KEY = "interop@example.com", "interop-key-0123456789"

# Faults that a client must not repeat, with what it must think of them.
FAULTS = {
    "20012": "Client", "20013": "Auth", "20014": "Auth", "20015": "Quota", "20017": "Client", "20019": "Client",
    "20022": "Client", "20101": "Client", "20102": "Client", "20103": "NotFound", "20104": "Client", "20105": "Client",
    "20106": "Client", "20107": "Client", "20108": "NotFound", "20109": "Client", "20110": "Client", "20111": "NotFound",
    "20113": "NotFound", "20114": "Client", "20122": "Client", "20123": "EndOfStream",
}


class Sample:
    """A request and its response, each in a spelling of its own."""

    def __init__(self, schema, operation, mode, selector, spelling):
        self.name, self.action, request, response, self.headers = operation
        self.mode = mode if selector is None else "%s-%s" % (mode, selector)
        # A message of its own prefix, the default namespace, or the vendor's prefix; in UTF-8 or not.
        self.prefix, self.encoding = [("ns1", "UTF-8"), ("mkt", "ISO-8859-1"), (None, "UTF-8")][spelling % 3]
        self.request = Maker(schema, mode, selector, "m").message(request)
        self.response = Maker(schema, mode, selector, self.prefix or "m").message(response)
        for message in (self.request, self.response):
            schema.validator.assertValid(message)
        self.requested = self.read = 0


def envelope(message, encoding, prefix="S"):
    root = etree.Element("{%s}Envelope" % ENVELOPE, nsmap={prefix: ENVELOPE})
    body = etree.SubElement(root, "{%s}Body" % ENVELOPE)
    body.append(etree.fromstring(etree.tostring(message)))
    return etree.tostring(root, xml_declaration=True, encoding=encoding)


def without_prefixes(message, encoding):
    """The same in default namespaces, which lxml cannot take back: the elements below the message are in none."""
    name = etree.QName(message)
    children = "".join(etree.tostring(child, encoding="unicode") for child in message)
    # Said again further down, it changes nothing.
    for child in {child.tag for child in message}:
        children = re.sub(r"<%s(?=[ />])" % child, '<%s xmlns=""' % child, children)
    text = '<Envelope xmlns="%s"><Body><%s xmlns="%s">%s</%s></Body></Envelope>'
    return (text % (ENVELOPE, name.localname, name.namespace, children, name.localname)).encode(encoding)


def fault(namespace, code):
    root = etree.Element("{%s}Envelope" % ENVELOPE, nsmap={"SOAP-ENV": ENVELOPE, "ns1": namespace})
    node = etree.SubElement(etree.SubElement(root, "{%s}Body" % ENVELOPE), "{%s}Fault" % ENVELOPE)
    etree.SubElement(node, "faultcode").text = "SOAP-ENV:Client"
    etree.SubElement(node, "faultstring").text = "%s - no" % code
    exception = etree.SubElement(etree.SubElement(node, "detail"), "{%s}serviceException" % namespace)
    for name, value in (("name", "mktServiceException"), ("message", "no"), ("code", code)):
        etree.SubElement(exception, name).text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class Server:
    def __init__(self, wsdl, version):
        self.schema, self.version = Schema(wsdl), version
        self.samples, self.failures, self.faulted = {}, [], set()
        for operation in self.schema.operations():
            for mode in ("full", "nil", "bare"):
                for selector in self.schema.selectors(operation[2]):
                    sample = Sample(self.schema, operation, mode, selector, len(self.samples))
                    self.samples[sample.name, sample.mode] = sample

    def __call__(self, environment, start):
        status, type_, answer = self.answer(environment)
        start(status, [("Content-Type", type_), ("Content-Length", str(len(answer)))])
        return [answer]

    def answer(self, environment):
        _, *parts = environment["PATH_INFO"].split("/")
        body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        if parts == ["samples"]:
            lines = ["%s %s" % key for key in self.samples] + ["getLead fault-%s-%s" % each for each in FAULTS.items()]
            return "200 OK", "text/plain", "\n".join(lines).encode()
        what, mode, operation = parts
        if mode.startswith("fault-") and what == "soap":
            self.faulted.add(mode.split("-")[1])
            return "500 Internal Server Error", "text/xml", fault(self.schema.namespace, mode.split("-")[1])
        sample = self.samples[operation, "bare" if mode.startswith("fault-") else mode]
        if what == "samples":
            return "200 OK", "text/xml", envelope(sample.request, "UTF-8")
        wrong = self.wrong(what, sample, environment, body)
        if wrong:
            self.failures += ["%s %s %s: %s" % (what, operation, mode, each) for each in wrong]
            return "400 Bad Request", "text/plain", "\n".join(wrong).encode()
        if what == "echo":
            sample.read += 1
            return "200 OK", "text/plain", b""
        sample.requested += 1
        type_ = "text/xml; charset=%s" % sample.encoding
        spell = envelope if sample.prefix else without_prefixes
        return "200 OK", type_, spell(sample.response, sample.encoding)

    def wrong(self, what, sample, environment, body):
        """All that is wrong with a request, or with a response as our client read it."""
        try:
            root = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            return [str(error)]
        found = []
        if root.tag != "{%s}Envelope" % ENVELOPE:
            return ["the root is %s" % root.tag]
        header, content = root.find("{%s}Header" % ENVELOPE), root.find("{%s}Body" % ENVELOPE)
        (message,) = content
        if not self.schema.validator.validate(message):
            found += [str(error) for error in self.schema.validator.error_log]
        if what == "echo":
            return found + differences(sample.response, message)
        found += differences(sample.request, message)
        for blocks in header:
            if not self.schema.validator.validate(blocks):
                found += [str(error) for error in self.schema.validator.error_log]
        blocks = [etree.QName(block).localname for block in header]
        # Of two blocks, the second can be left out.
        if blocks not in (sample.headers[:1], sample.headers):
            found.append("the header blocks are %s, not %s" % (blocks, sample.headers))
        stamp, user, signature = (header[0].findtext(name) for name in ("requestTimestamp", "mktowsUserId", "requestSignature"))
        if user != USER or signature != hmac.new(KEY.encode(), (stamp + user).encode(), hashlib.sha1).hexdigest():
            found.append("the signature is wrong")
        if environment["CONTENT_TYPE"].lower().replace(" ", "") != "text/xml;charset=utf-8":
            found.append("the content type is %s" % environment["CONTENT_TYPE"])
        if environment.get("HTTP_SOAPACTION") != '"%s"' % sample.action:
            found.append("the SOAPAction is %s" % environment.get("HTTP_SOAPACTION"))
        for namespace in (self.schema.namespace, ENVELOPE):
            if body.count(b'"%s"' % namespace.encode()) != 1:
                found.append("the namespace %s is not declared once" % namespace)
        return found


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main(wsdl, version, _, *command):
    server = Server(wsdl, version)
    with make_server("127.0.0.1", 0, server, handler_class=Quiet) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        address = "http://127.0.0.1:%d" % listening.server_port
        done = subprocess.run([*command, address, version, USER, KEY], timeout=600)
        listening.shutdown()
    for failure in server.failures:
        print("FAIL %s" % failure)
    missed = ["%s %s" % key for key, sample in server.samples.items() if (sample.requested, sample.read) != (1, 1)]
    missed += ["fault %s" % code for code in FAULTS if code not in server.faulted]
    for each in missed:
        print("FAIL %s: not asked for once and read back once" % each)
    if done.returncode or server.failures or missed:
        sys.exit(1)
    names = {name for name, _ in server.samples}
    print("PASS our client in %s against libxml2: %d operations, %d messages each way, %d faults" % (version, len(names), len(server.samples), len(FAULTS)))


if __name__ == "__main__":
    main(*sys.argv[1:])
