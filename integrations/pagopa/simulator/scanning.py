"""What a tobacconist's scanner reads: the QR of a notice (P26), or the postal DataMatrix and its codeline (P28)."""

import re
from dataclasses import dataclass
from typing import Final

QR: Final = re.compile(r"PAGOPA\|002\|(?P<nav>[0-9]{18})\|(?P<fiscal_code>[0-9]{11})\|(?P<cents>[1-9][0-9]{0,10})")
CODELINE: Final = re.compile(r"18(?P<nav>[0-9]{18})12(?P<account>[0-9]{12})10(?P<cents>[0-9]{10})3896")
MATRIX: Final = re.compile(
    r"codfase=NBPA;(?P<codeline>[0-9]{50})1P1(?P<fiscal_code>[0-9]{11})(?P<debtor>[0-9A-Z ]{16})(?P<name>.{40})"
    r"(?P<subject>.{110}) {12}A"
)
MATRIX_LENGTH: Final = 256


class Unreadable(Exception):
    """The scanner does not know these words; `point` says what is wrong."""

    def __init__(self, point: str) -> None:
        super().__init__(point)
        self.point = point


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the code says. A codeline alone does not name the creditor: `fiscal_code` is then empty."""

    nav: str
    fiscal_code: str
    cents: int


def scanned(text: str) -> Scanned:
    """Reads any of the three; raises Unreadable."""
    text = text.strip("\r\n\t")
    if text.startswith("codfase="):
        return _matrix(text)
    if text.strip().startswith("PAGOPA"):
        return _qr(text.strip())
    return _codeline("".join(text.split()).strip("<>"), "")


def _qr(text: str) -> Scanned:
    found = QR.fullmatch(text)
    if found is None:
        raise Unreadable("qr")
    return Scanned(found["nav"], found["fiscal_code"], int(found["cents"]))


def _matrix(text: str) -> Scanned:
    if len(text) != MATRIX_LENGTH or not text.isascii() or text[12:] != text[12:].upper():
        raise Unreadable("matrix")
    found = MATRIX.fullmatch(text)
    if found is None:
        raise Unreadable("matrix")
    return _codeline(found["codeline"], found["fiscal_code"])


def _codeline(text: str, fiscal_code: str) -> Scanned:
    found = CODELINE.fullmatch(text)
    if found is None:
        raise Unreadable("codeline")
    return Scanned(found["nav"], fiscal_code, int(found["cents"]))
