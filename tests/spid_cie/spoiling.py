"""Answers spoilt at random, from one random number generator: the same seed spoils in the same way."""

import base64
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import quote

from lxml import etree

from integrations.spid_cie.saml.names import DS, ENTITY, SAML, SAMLP, TRANSIENT
from tests.spid_cie.crafting import CONSUMER, PROVIDER, REQUEST, US
from tests.spid_cie.wrapping import WRAPS

SPACES = (SAML, SAMLP, DS, "", "urn:x", "http://www.w3.org/2001/04/xmlenc#", SAML.upper())
NAMES = (
    "Assertion",
    "EncryptedAssertion",
    "Response",
    "Issuer",
    "Subject",
    "NameID",
    "EncryptedID",
    "Conditions",
    "Audience",
    "AttributeValue",
    "Attribute",
    "Signature",
    "Reference",
    "Transform",
    "Object",
    "Manifest",
    "KeyInfo",
    "Extensions",
    "Advice",
    "Status",
    "StatusCode",
    "AuthnStatement",
    "SubjectConfirmation",
    "OneTimeUse",
    "x",
)
ATTRIBUTES = (
    "ID",
    "Id",
    "id",
    "Version",
    "IssueInstant",
    "InResponseTo",
    "Destination",
    "Recipient",
    "NotBefore",
    "NotOnOrAfter",
    "Format",
    "NameQualifier",
    "Method",
    "URI",
    "Algorithm",
    "Name",
    "Value",
    "SessionNotOnOrAfter",
    "Type",
    "x",
    "{http://www.w3.org/XML/1998/namespace}id",
    "{http://www.w3.org/2001/XMLSchema-instance}type",
    "{http://www.w3.org/2001/XMLSchema-instance}nil",
)
VALUES = (
    "",
    " ",
    "x",
    "0",
    "-1",
    "2.0",
    "true",
    "é\u0301",
    "\U0001f600",
    "\u202e",
    "%00",
    "' OR 1=1 --",
    "a" * 300,
    "_" * 5000,
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.999999999Z",
    "0001-01-01T00:00:00Z",
    "2026-11-23T09:00:00Z",
    "2026-11-23T24:00:00Z",
    "2026-11-23T09:00:60Z",
    "2026-02-30T09:00:00Z",
    "٢٠٢٦-11-23T09:00:00Z",
    "2026-11-23T09:00:00.1Z",
    "TINIT-RSSMRA80A01F205X",
    "TINIT-",
    "TINDE-X",
    "RSSMRA80A01F205X",
    "9999-12-31",
    "ErrorCode nr22",
    "ErrorCode nr99999",
    "file:///dev/zero",
    "http://127.0.0.1:9/",
    "#",
    "#xpointer(/)",
    ENTITY,
    TRANSIENT,
    CONSUMER,
    PROVIDER,
    REQUEST,
    US,
    "https://www.spid.gov.it/SpidL1",
    "https://www.spid.gov.it/SpidL3",
    "urn:oasis:names:tc:SAML:2.0:status:Success",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "xs:string",
    "xs:date",
)
HEADS = (
    b'<?xml version="1.0" encoding="UTF-16"?>',
    b'<?xml version="1.0" encoding="latin-1"?>',
    b'<?xml version="1.1"?>',
    b'<?xml version="1.0" encoding="klingon"?>',
    b"<!DOCTYPE x>",
    b'<!DOCTYPE x [<!ENTITY e "x">]>',
    b"\xef\xbb\xbf",
    b" ",
    b"\x00",
    b"<?x y?>",
    b"<!-- x -->",
    b"<x>",
)


class Spoiler:
    """Spoils messages."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def tree(self, root: Any) -> Any:
        """A few strokes on the elements; the root may be another one afterwards."""
        for _stroke in range(self.chance.choice((1, 1, 1, 2, 3, 6))):
            stroke = self.chance.choice(self.STROKES)
            root = stroke(self, root)
        return root

    def bytes_of(self, message: bytes) -> bytes:
        """Cut, turned, doubled or headed otherwise."""
        where, length = self.chance.randrange(len(message) + 1), self.chance.choice((1, 1, 2, 8, 64, 1000))
        before, middle, after = message[:where], message[where : where + length], message[where + length :]
        return self.chance.choice(
            (
                before,
                before + self.chance.randbytes(length) + middle + after,
                before + after,
                before + middle * 2 + after,
                before + bytes([self.chance.randrange(256)]) + message[where + 1 :],
                self.chance.choice(HEADS) + message,
                message.decode(errors="replace").encode(self.chance.choice(("utf-16", "utf-32", "utf-8-sig", "utf-7"))),
                message + self.chance.choice((b" ", b"\n<!-- x -->", b"<x/>", b"\x00", message)),
            )
        )

    def encoding_of(self, message: bytes) -> str:
        """Base64, nearly."""
        words = base64.b64encode(message).decode()
        where = self.chance.randrange(len(words) + 1)
        return self.chance.choice(
            (
                words[:where],
                words[:where] + self.chance.choice("=\n -_%é\x00") + words[where:],
                words.replace("+", "-").replace("/", "_"),
                base64.b64encode(words.encode()).decode(),
                quote(words),
                "\r\n".join(words[place : place + 76] for place in range(0, len(words), 76)),
                message.decode(errors="replace"),
            )
        )

    def _any(self, root: Any) -> Any:
        return self.chance.choice([one for one in root.iter() if isinstance(one.tag, str)])

    def _inner(self, root: Any) -> Any:
        """Any element but the root; None when there is no other."""
        others = [one for one in root.iter() if one is not root and isinstance(one.tag, str)]
        return self.chance.choice(others) if others else None

    def _drop(self, root: Any) -> Any:
        one = self._inner(root)
        if one is not None:
            one.getparent().remove(one)
        return root

    def _double(self, root: Any) -> Any:
        one = self._inner(root)
        if one is not None:
            one.addnext(deepcopy(one))
        return root

    def _move(self, root: Any) -> Any:
        one, target = self._inner(root), self._any(root)
        if one is not None and target not in one.iter():
            target.insert(self.chance.randrange(len(target) + 1), one)
        return root

    def _copy(self, root: Any) -> Any:
        target = self._any(root)
        target.insert(self.chance.randrange(len(target) + 1), deepcopy(self._any(root)))
        return root

    def _rename(self, root: Any) -> Any:
        one = self._any(root)
        space = etree.QName(one).namespace or ""
        one.tag = etree.QName(space or None, self.chance.choice(NAMES))
        return root

    def _respace(self, root: Any) -> Any:
        one = self._any(root)
        one.tag = etree.QName(self.chance.choice(SPACES) or None, etree.QName(one).localname)
        return root

    def _put(self, root: Any) -> Any:
        one = self._any(root)
        name = (
            self.chance.choice(list(one.attrib) or ["x"])
            if self.chance.random() < 0.7
            else self.chance.choice(ATTRIBUTES)
        )
        one.set(name, self._value(root))
        return root

    def _redate(self, root: Any) -> Any:
        dated = [(one, name) for one in root.iter() for name, value in one.attrib.items() if value.endswith("Z")]
        if dated:
            one, name = self.chance.choice(dated)
            one.set(name, self.chance.choice([value for value in VALUES if value.endswith("Z")]))
        return root

    def _forget(self, root: Any) -> Any:
        one = self._any(root)
        if one.attrib:
            del one.attrib[self.chance.choice(list(one.attrib))]
        return root

    def _say(self, root: Any) -> Any:
        one = self._any(root)
        one.text = self._value(root)
        return root

    def _trail(self, root: Any) -> Any:
        one = self._inner(root)
        if one is not None:
            one.tail = self._value(root)
        return root

    def _remark(self, root: Any) -> Any:
        one = self._any(root)
        remark = etree.Comment("x") if self.chance.random() < 0.5 else etree.ProcessingInstruction("x", "y")
        if one.text and len(one.text) > 1:
            where = self.chance.randrange(len(one.text))
            remark.tail, one.text = one.text[where:], one.text[:where]
        one.insert(0, remark)
        return root

    def _insert(self, root: Any) -> Any:
        one = self._any(root)
        fresh = etree.Element(etree.QName(self.chance.choice(SPACES) or None, self.chance.choice(NAMES)))
        fresh.text = self._value(root)
        one.insert(self.chance.randrange(len(one) + 1), fresh)
        return root

    def _enclose(self, root: Any) -> Any:
        one = self._inner(root)
        if one is not None:
            outer = etree.Element(etree.QName(self.chance.choice(SPACES) or None, self.chance.choice(NAMES)))
            one.getparent().replace(one, outer)
            outer.append(one)
        return root

    def _deepen(self, root: Any) -> Any:
        one = self._any(root)
        for _level in range(self.chance.choice((10, 100, 300))):
            one = etree.SubElement(one, one.tag)
        return root

    def _wrap(self, root: Any) -> Any:
        try:
            return self.chance.choice(list(WRAPS.values()))(root)
        except (AttributeError, TypeError):  # nothing left to wrap
            return root

    def _value(self, root: Any) -> str:
        """One of those that hurt, or one that stands elsewhere in the message."""
        if self.chance.random() < 0.3:
            other = self._any(root)
            return self.chance.choice([*other.attrib.values(), other.text or "x"])
        return self.chance.choice(VALUES)

    STROKES = (
        _drop,
        _double,
        _move,
        _copy,
        _rename,
        _respace,
        _put,
        _put,
        _put,
        _forget,
        _say,
        _say,
        _trail,
        _remark,
        _insert,
        _enclose,
        _deepen,
        _wrap,
    )
