"""The proposal: from a file to a mapping that a person confirms or corrects."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from django.utils.translation import gettext_noop

from onboarding.mapping import phrases
from onboarding.mapping.spoken import spoken
from onboarding.mapping.structs import Column, Kind, Layout, Mapping
from onboarding.recognition.columns import propose_columns
from onboarding.recognition.evidence import Table
from onboarding.recognition.facts import Facts
from onboarding.recognition.fixed import controls_of, placed, proved, read_fixed
from onboarding.recognition.kinds import KindFound, find_kind
from onboarding.recognition.meals import find_meals
from onboarding.recognition.profiles import profiles_of
from onboarding.recognition.reading import read_rows
from onboarding.recognition.sampling import Sampled
from onboarding.recognition.school_years import school_year_of
from onboarding.recognition.schools import municipality_of, school_tables
from onboarding.recognition.ties import find_ties
from onboarding.sources.sniffing import sniff
from onboarding.sources.types import Source

DOUBTFUL: Final = 0.75
KINDS: Final[dict[Kind, str]] = {
    "roster": gettext_noop("un elenco di bambini"),
    "transport": gettext_noop("un elenco di mesi di trasporto"),
    "taxes": gettext_noop("un archivio di tributi"),
    "debts": gettext_noop("un elenco di debiti"),
    "treasury": gettext_noop("un giornale di cassa"),
    "other": gettext_noop("d'altro tipo"),
}
ESSENTIAL: Final[dict[Kind, tuple[tuple[str, ...], ...]]] = {
    "roster": (("child_fiscal_code",), ("child_surname", "child_name")),
    "transport": (("child_fiscal_code",), ("month",), ("amount",)),
    "taxes": (("fiscal_code",), ("tax",), ("year",), ("due",), ("paid",)),
    "debts": (("debtor_fiscal_codes",), ("debt_id",), ("status",), ("amount",)),
    "treasury": (("entry_id",), ("booked_on",), ("reason",), ("amount",)),
    "other": (),
}


def propose(source: Source, facts: Facts) -> Mapping:
    """A mapping for the file, whatever it is: what is not understood is left unread, what is doubtful is asked."""
    layout = sniff(source)
    return _fixed(source, layout, facts) if layout.form == "fixed" else _delimited(source, layout, facts)


def _delimited(source: Source, layout: Layout, facts: Facts) -> Mapping:
    read = read_rows(source, layout)
    found = _understand(read.sample, read.layout.header, facts)
    return _mapping(found, read.layout, found.columns)


def _fixed(source: Source, layout: Layout, facts: Facts) -> Mapping:
    read = read_fixed(source, layout)
    found = _understand(read.sample, (), facts)
    columns = placed(found.columns, read.cuts)
    controls = controls_of(source, read, columns, found.kind.kind)
    return msgspec.structs.replace(_mapping(found, read.layout, proved(columns, controls)), controls=controls)


@dataclass(frozen=True, slots=True)
class _Understood:
    kind: KindFound
    town: str
    columns: tuple[Column, ...]
    school_year: int


def _understand(sample: Sampled, header: tuple[str, ...], facts: Facts) -> _Understood:
    """What the sampled rows are: kind, Comune, columns."""
    profiles = profiles_of(sample, header)
    ties = find_ties(profiles, facts.today)
    meals = find_meals(profiles)
    kind = find_kind(profiles, ties, meals)
    town = municipality_of(profiles, facts)
    table = Table(kind.kind, profiles, ties, facts, sample.count, school_tables(profiles, facts, town))
    columns = propose_columns(table, meals)
    return _Understood(kind, town, columns, school_year_of(columns, profiles, facts.today))


def _mapping(found: _Understood, layout: Layout, columns: tuple[Column, ...]) -> Mapping:
    lacking = _lacking(found.kind.kind, columns)
    return Mapping(
        kind=found.kind.kind,
        layout=layout,
        columns=columns,
        municipality=found.town,
        school_year=found.school_year,
        confidence=round(min(found.kind.confidence, _least(columns), 0.5 if lacking else 1.0), 2),
        questions=(*_about_kind(found.kind), *lacking, *_questions(columns)),
    )


def _about_kind(kind: KindFound) -> list[str]:
    if kind.kind == "other":
        return [phrases.UNKNOWN]
    if kind.confidence >= DOUBTFUL:
        return []
    return [phrases.FILE_LOOKS % {"kind": KINDS[kind.kind], "clues": kind.reason}]


def _lacking(kind: Kind, columns: tuple[Column, ...]) -> list[str]:
    """What a file of this kind is there for, and no column seems to say."""
    fields = {column.field for column in columns}
    return [phrases.LACKING % {"field": spoken(some[0])} for some in ESSENTIAL[kind] if not fields & set(some)]


def _least(columns: Iterable[Column]) -> float:
    return min((column.confidence for column in columns if column.field), default=0.0)


def _questions(columns: Iterable[Column]) -> list[str]:
    """What a person is asked: one sentence for each doubtful column."""
    return [
        phrases.COLUMN_LOOKS % {"column": called(column), "field": spoken(column.field)}
        for column in columns
        if column.field and column.confidence < DOUBTFUL
    ]


def called(column: Column) -> str:
    """A column as a person finds it: its place, and its name if it has one."""
    return f"{column.place} («{column.source}»)" if column.source else str(column.place)
