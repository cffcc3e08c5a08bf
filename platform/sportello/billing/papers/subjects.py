"""What the subject of a payment (causale) may say: the service and the period, never a person (P30)."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from sportello.billing.papers.errors import MissingText, PersonalSubject, TextTooLong

SUBJECT_LENGTH: Final = 90
_WORD: Final = re.compile(r"[a-z]+")
_FISCAL_CODE: Final = re.compile(r"\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b")
_SENSITIVE: Final = re.compile(
    r"\b(celiac|diabet|allerg|intolleran|disabil|handicap|invalid|autis|sostegno|patolog|malatti|certificat[oi] medic"
    r"|diet[ae]|senza glutine|halal|kosher|vegan|vegetarian|isee|legge 104|l\.? ?104|assistenza specialistica)"
)
_COMMON: Final = frozenset(
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
        "natale",
        "pasqua",
        "estate",
        "mensa",
        "scolastica",
        "scolastico",
        "scuola",
        "nido",
        "asilo",
        "infanzia",
        "trasporto",
        "retta",
        "rata",
        "rate",
        "servizio",
        "mese",
        "anno",
        "saldo",
        "acconto",
        "bus",
        "centro",
        "estivo",
        "pedibus",
        "quota",
        "pasti",
    ]
)
"""Words of calendars and services that are also names of people (Maggio, Natale): alone they betray nobody."""


def checked_subject(subject: str, *, children: Iterable[str]) -> str:
    """The subject, when it may be printed and sent; `children` are the full names of those it is about.

    Raises PersonalSubject for a word of a child's name, a fiscal code, or a word of health, diet or means.
    """
    if not subject.strip():
        raise MissingText(field=_("Oggetto del pagamento"))
    if len(subject) > SUBJECT_LENGTH:
        raise TextTooLong(field=_("Oggetto del pagamento"), length=len(subject), limit=SUBJECT_LENGTH)
    plain = _plain(subject)
    words = set(_WORD.findall(plain))
    named = any(len(word) > 2 and word in words - _COMMON for name in children for word in _WORD.findall(_plain(name)))
    if named or _SENSITIVE.search(plain) or _FISCAL_CODE.search(subject.upper()):
        raise PersonalSubject
    return subject


def _plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
