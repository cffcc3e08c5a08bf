"""What is written in a cell, by hand or by a spreadsheet: read to a value of the language, and shown again."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from services_catalog.grids.columns import GridColumn, Kind
from services_catalog.grids.words import VALUES
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money

_PERCENT = re.compile(r"(\d{1,5})(?:[.,](\d+))?")
_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_NO_LIMIT = frozenset(
    {"", "-", "\u2013", "\u2014", "…", "...", "∞", "oltre", "e oltre", "ed oltre", "in poi", "in su", "e piu",
     "senza limite", "senza limiti", "nessun limite", "nessuno", "illimitato", "senza isee", "infinito"}
)  # fmt: skip
_YES = frozenset({"si", "x", "1", "vero", "yes", "true"})
_NO = frozenset({"", "no", "0", "falso", "false", "-"})
_ORDINALS = ("primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo")


class UnreadableCell(DomainError):
    """A cell does not hold what its column asks; the sentence says what was read and what was expected."""


class EmptyCell(DomainError):
    """A cell that must be filled is empty."""


def read_cell(column: GridColumn, text: str) -> object:
    """The value of a cell; None (or False, or nothing in a list) for an empty one.

    Raises UnreadableCell, EmptyCell or the kernel's InvalidAmount.
    """
    text = " ".join(text.split()) if column.kind is not Kind.LINES else text
    if column.optional and plain_words(text) in _NO_LIMIT and column.kind in (Kind.MONEY, Kind.COUNT, Kind.PERCENT):
        return None
    if not text and not column.optional and column.kind not in (Kind.FLAG, Kind.CHOICES, Kind.LIST, Kind.LINES):
        raise EmptyCell(gettext_noop("«%(column)s» è vuoto."), column=column.label)
    return _READERS[column.kind](column, text)


def shown(value: object) -> str:
    """A value as the cell shows it: amounts without the sign of the euro, the decimal comma, lists with commas."""
    match value:
        case Money():
            return value.format().removesuffix(" €")
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case bool():
            return "sì" if value else "no"
        case date():
            return f"{value:%d/%m/%Y}"
        case tuple():
            return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def plain_words(text: str) -> str:
    """Small letters without accents and without what stands around words: how two headings are compared."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[()\[\]:€*\"']", " ", bare).casefold().split()).strip(".,; ")


def _percent(column: GridColumn, text: str) -> Decimal:
    bare = text.replace("%", "").replace(" ", "")
    if _PERCENT.fullmatch(bare) is None or Decimal(bare.replace(",", ".")) > (column.high or 100):
        raise UnreadableCell(
            gettext_noop("«%(text)s» non è una percentuale da 0 a 100, per esempio 12,5: la chiede «%(column)s»."),
            text=text,
            column=column.label,
        )
    return Decimal(bare.replace(",", "."))


def _count(column: GridColumn, text: str) -> int:
    bare = re.sub(r"(?i)^(figlio|n\.?|numero)\s*", "", text.rstrip("°ºª^ "))
    number = int(bare) if bare.isascii() and bare.isdigit() else None
    if plain_words(bare) in _ORDINALS:
        number = _ORDINALS.index(plain_words(bare)) + 1
    low, high = column.low or 0, column.high or 400
    if number is None or not low <= number <= high:
        raise UnreadableCell(
            gettext_noop("«%(text)s» non è un numero intero da %(low)s a %(high)s: lo chiede «%(column)s»."),
            text=text,
            low=low,
            high=high,
            column=column.label,
        )
    return number


def _day(column: GridColumn, text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else date.fromisoformat(text)
    except ValueError as error:
        sentence = gettext_noop("«%(text)s» non è un giorno, per esempio 30/09/2026: lo chiede «%(column)s».")
        raise UnreadableCell(sentence, text=text, column=column.label) from error


def _flag(column: GridColumn, text: str) -> bool:
    said = plain_words(text)
    if said not in _YES | _NO:
        sentence = gettext_noop("«%(text)s» non è né sì né no: lo chiede «%(column)s».")
        raise UnreadableCell(sentence, text=text, column=column.label)
    return said in _YES


def _choice(column: GridColumn, text: str) -> str:
    """One of the values by its name or by its words; part of the words is enough when it says one alone."""
    said = plain_words(text)
    names = {
        value: {plain_words(value), plain_words(value.replace("_", " ")), *_said(value)} for value in column.values
    }
    exact = [value for value, words in names.items() if said in words]
    near = exact or [value for value, words in names.items() if any(said in word for word in words)]
    if len(near) != 1:
        raise UnreadableCell(
            gettext_noop("«%(text)s» non è fra i valori di «%(column)s»: %(values)s."),
            text=text,
            column=column.label,
            values=", ".join(str(VALUES.get(value, value)) for value in column.values),
        )
    return near[0]


def _said(value: str) -> set[str]:
    return {plain_words(str(VALUES[value]))} if value in VALUES else set()


def _money(_column: GridColumn, text: str) -> Money:
    return Money.from_decimal_string(re.sub(r"(?i)\beuro\b", "", text))


def _choices(column: GridColumn, text: str) -> tuple[str, ...]:
    return tuple(_choice(column, one) for one in re.split(r"[,;]", text) if one.strip())


def _list(_column: GridColumn, text: str) -> tuple[str | int, ...]:
    return tuple(int(one) if one.isdigit() else one for one in re.split(r"[,;\s]+", text) if one)


def _lines(_column: GridColumn, text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _text(_column: GridColumn, text: str) -> str:
    return text


_READERS: Mapping[Kind, Callable[[GridColumn, str], object]] = {
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.COUNT: _count,
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
    Kind.YES_NO: _flag,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.LIST: _list,
    Kind.LINES: _lines,
}
