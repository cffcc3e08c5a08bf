"""The phrases of which the sentences are made: a band, a rank, a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.describing_fees import percent_text
from services_catalog.grids.words import VALUES, Words
from sportello.kernel.money import Money

_ORDINALS: Mapping[int, Words] = {
    1: gettext_lazy("il primo figlio"),
    2: gettext_lazy("il secondo figlio"),
    3: gettext_lazy("il terzo figlio"),
    4: gettext_lazy("il quarto figlio"),
    5: gettext_lazy("il quinto figlio"),
}
_ONWARDS: Mapping[int, Words] = {
    1: gettext_lazy("tutti i figli"),
    2: gettext_lazy("i figli dal secondo in poi"),
    3: gettext_lazy("i figli dal terzo in poi"),
    4: gettext_lazy("i figli dal quarto in poi"),
    5: gettext_lazy("i figli dal quinto in poi"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence about something that differs between two editions, and the part of the edition it belongs to."""

    section: str
    sentence: str


def span(start: Money, end: Money | None) -> str:
    """The bounds of a band, as they follow the word «fascia»."""
    if end is None:
        return _("da %(start)s in su") % {"start": start.format()}
    if not start:
        return _("fino a %(end)s") % {"end": end.format()}
    return _("da %(start)s a %(end)s") % {"start": start.format(), "end": end.format()}


def children(rank_from: int, rank_to: int | None, least: int, most: int | None) -> str:
    """For which children a row of a sibling table is."""
    if rank_to is None:
        words = str(_ONWARDS.get(rank_from) or _("i figli dal numero %(rank)s in poi") % {"rank": rank_from})
    elif rank_to == rank_from:
        words = str(_ORDINALS.get(rank_from) or _("il figlio numero %(rank)s") % {"rank": rank_from})
    else:
        words = _("i figli dal numero %(first)s al %(last)s") % {"first": rank_from, "last": rank_to}
    if least > 1:
        words += _(", se i figli sono almeno %(count)s") % {"count": least}
    if most is not None:
        words += _(", se i figli sono al massimo %(count)s") % {"count": most}
    return words


def counted(start: int, end: int | None, what: str) -> str:
    """How many the register counts: «da 3 a 5 giorni di assenza»."""
    name = str(VALUES.get(what, what))
    if end is None:
        return _("da %(start)s %(what)s in su") % {"start": start, "what": name}
    if end == start:
        return _("%(count)s %(what)s") % {"count": start, "what": name}
    return _("da %(start)s a %(end)s %(what)s") % {"start": start, "end": end, "what": name}


def subject(row: msgspec.Struct, owner: msgspec.Struct | None) -> str:
    """What a row of a grid is about, as its sentences name it."""
    held: Any = row  # Any: rows of many kinds, told apart by their fields
    names = row.__struct_fields__
    if "rank_from" in names:
        return children(held.rank_from, held.rank_to, held.children_from, held.children_to)
    if "isee_from" in names:
        return span(held.isee_from, held.isee_to)
    if "count_from" in names:
        return counted(held.count_from, held.count_to, str(getattr(owner, "counted", "")))
    if "level" in names:
        return str(VALUES[held.level])
    if "label" in names:
        return str(held.label)
    return str(next(getattr(row, name) for name in names))


def value_words(value: object) -> str:
    """A value inside a sentence; empty for nothing."""
    match value:
        case Money():
            return value.format()
        case Decimal():
            return percent_text(value)
        case bool():
            return _("sì") if value else _("no")
        case date():
            return f"{value:%d/%m/%Y}"
        case tuple():
            return ", ".join(str(VALUES.get(str(one), one)) for one in value)
    return "" if value is None else str(VALUES.get(str(value), value))
