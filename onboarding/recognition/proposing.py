"""The proposal: from a file to a mapping that a person confirms or corrects."""

from collections.abc import Iterable

from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.recognition.columns import propose_columns
from onboarding.recognition.evidence import Table
from onboarding.recognition.facts import Facts
from onboarding.recognition.kinds import find_kind
from onboarding.recognition.meals import find_meals
from onboarding.recognition.profiles import profiles_of
from onboarding.recognition.reading import read_rows
from onboarding.recognition.schools import municipality_of, school_tables
from onboarding.recognition.spoken import spoken
from onboarding.recognition.ties import find_ties
from onboarding.sources.sniffing import sniff
from onboarding.sources.types import Source

DOUBTFUL = 0.75


def propose(source: Source, facts: Facts) -> Mapping:
    """A mapping for the file, whatever it is: what is not understood is left unread, what is doubtful is asked."""
    layout = sniff(source)
    return _delimited(source, layout, facts)


def _delimited(source: Source, layout: Layout, facts: Facts) -> Mapping:
    read = read_rows(source, layout)
    profiles = profiles_of(read.sample, read.layout.header)
    ties = find_ties(profiles, facts.today)
    meals = find_meals(profiles)
    kind = find_kind(profiles, ties, meals)
    town = municipality_of(profiles, facts)
    table = Table(
        kind=kind.kind,
        profiles=profiles,
        ties=ties,
        facts=facts,
        rows=read.sample.count,
        school_names=school_tables(profiles, facts, town),
    )
    columns = propose_columns(table, meals)
    return Mapping(
        kind=kind.kind,
        layout=read.layout,
        columns=columns,
        municipality=town,
        confidence=round(min(kind.confidence, _least(columns)), 2),
        questions=(*_questions(columns),),
    )


def _least(columns: Iterable[Column]) -> float:
    return min((column.confidence for column in columns if column.field), default=0.0)


def _questions(columns: Iterable[Column]) -> list[str]:
    """What a person is asked: one sentence for each doubtful column."""
    return [
        f"La colonna {called(column)} sembra {spoken(column.field)}: è giusto?"
        for column in columns
        if column.field and column.confidence < DOUBTFUL
    ]


def called(column: Column) -> str:
    """A column as a person finds it: its place, and its name if it has one."""
    return f"{column.place} («{column.source}»)" if column.source else str(column.place)
