"""A mapping kept from last time against the file of today: columns that are missing, moved, renamed, new.

What is certain is followed by itself: a column with the same name in another place. The rest is told, for a person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from django.utils.translation import gettext

from onboarding.judging.labels import label
from onboarding.mapping.headings import OURS, plain_heading
from onboarding.mapping.structs import Column, Layout, Mapping
from sportello.kernel.errors import gettext_noop

type What = Literal["missing", "moved", "renamed", "new", "repeated", "width"]


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is that of the mapping (of the file for a new one), `place` where it stands now; 0 = nowhere."""

    what: What
    name: str
    place: int = 0
    now: str = ""

    @property
    def stops(self) -> bool:
        """Whether the file cannot be read before a person has said what it means."""
        return self.what in {"missing", "renamed", "repeated", "width"}


@dataclass(frozen=True, slots=True)
class Fit:
    """The mapping with its columns where they stand now, and what has changed."""

    mapping: Mapping
    changes: tuple[Change, ...]

    @property
    def is_certain(self) -> bool:
        """Whether the file can be read without asking."""
        return not any(change.stops for change in self.changes)


def fit(mapping: Mapping, layout: Layout) -> Fit:
    """The mapping for a file of this layout, as its first lines tell it. A column nobody reads may come and go."""
    if mapping.layout.form == "fixed" or not mapping.layout.header:
        return Fit(mapping, _by_width(mapping, layout))
    names = [_plain(name) for name in layout.header]
    twice = {name for name, times in Counter(names).items() if times > 1 and name}
    changes: list[Change] = []
    columns: list[Column] = []
    for column in mapping.columns:
        found = _found(column, names, twice, mapping)
        changes += found.changes(column, layout)
        if found.place:
            columns.append(msgspec.structs.replace(column, place=found.place, source=layout.header[found.place - 1]))
    changes += _new(columns, layout)
    shifted = _shifted(mapping.layout, layout)
    changes = [change for change in changes if change.what != "moved" or _plain(change.name) in shifted]
    kept = msgspec.structs.replace(mapping.layout, header=layout.header, header_line=layout.header_line)
    written = msgspec.structs.replace(kept, separator=layout.separator, encoding=layout.encoding, sheet=layout.sheet)
    return Fit(msgspec.structs.replace(mapping, layout=written, columns=tuple(columns)), tuple(changes))


SENTENCES: Final[dict[What, str]] = {
    "missing": gettext_noop("La colonna «%(name)s»%(field)s non c'è più."),
    "moved": gettext_noop("La colonna «%(name)s»%(field)s si è spostata al posto %(place)s."),
    "renamed": gettext_noop("La colonna «%(name)s»%(field)s non c'è: al suo posto c'è «%(now)s». È la stessa?"),
    "new": gettext_noop("La colonna «%(name)s» al posto %(place)s è nuova: prima non c'era."),
    "repeated": gettext_noop("Ci sono più colonne di nome «%(name)s»%(field)s: quale vale?"),
    "width": gettext_noop("Le righe sono lunghe %(now)s invece di %(name)s: l'archivio è cambiato."),
}


def sentence(change: Change, mapping: Mapping) -> str:
    """What has changed, in the language of who reads."""
    field = next((column.field for column in mapping.columns if column.source == change.name), "")
    what = f" ({label(field)})" if field else ""
    return gettext(SENTENCES[change.what]) % {
        "name": change.name,
        "field": what,
        "place": change.place,
        "now": change.now or "?",
    }


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    what: Literal["", "missing", "moved", "renamed", "repeated"] = ""

    def changes(self, column: Column, layout: Layout) -> list[Change]:
        if not self.what or (not column.field and self.what != "moved"):
            return []
        now = layout.header[self.place - 1] if self.place else ""
        return [Change(self.what, column.source, self.place, now)]


def _found(column: Column, names: Sequence[str], twice: set[str], mapping: Mapping) -> _Found:
    name = _plain(column.source)
    at_its_place = column.place <= len(names) and names[column.place - 1] == name
    if name in twice and [_plain(one) for one in mapping.layout.header].count(name) != names.count(name):
        return _Found(column.place if at_its_place else 0, "repeated")
    if at_its_place:
        return _Found(column.place)
    if name and name in names:
        return _Found(names.index(name) + 1, "moved")
    before = {_plain(one) for one in mapping.layout.header}
    stranger = column.place <= len(names) and len(names) == len(mapping.layout.header)
    if stranger and names[column.place - 1] not in before:
        return _Found(column.place, "renamed")
    return _Found(0, "missing")


def _new(columns: Sequence[Column], layout: Layout) -> list[Change]:
    known = {column.place for column in columns}
    return [
        Change("new", name, at)
        for at, name in enumerate(layout.header, 1)
        if at not in known and _plain(name) not in OURS | {""}
    ]


def _by_width(mapping: Mapping, layout: Layout) -> tuple[Change, ...]:
    """Without names only the width of the lines tells that something has changed."""
    if mapping.layout.form != layout.form:
        return (Change("width", mapping.layout.form, 0, layout.form),)
    if mapping.layout.width != layout.width:
        return (Change("width", str(mapping.layout.width), 0, str(layout.width)),)
    return ()


def _shifted(before: Layout, after: Layout) -> set[str]:
    """Headings in another order among those that both have: one that only makes room for a new one has not moved."""
    old, new = [_plain(name) for name in before.header], [_plain(name) for name in after.header]
    both_old, both_new = [name for name in old if name in new], [name for name in new if name in old]
    return {name for here, there in zip(both_old, both_new, strict=False) if here != there for name in (here, there)}


def _plain(name: str) -> str:
    return plain_heading(name) or " ".join(name.casefold().split())
