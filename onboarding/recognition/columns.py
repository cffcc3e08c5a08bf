"""From evidence to columns: each gets the field that suits it best, all together; with its confidence and reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from django.utils.translation import gettext_noop

from onboarding.fields import FIELDS
from onboarding.mapping import phrases
from onboarding.mapping.spoken import spoken
from onboarding.mapping.structs import Column
from onboarding.recognition.assignment import assign
from onboarding.recognition.debts import with_debts
from onboarding.recognition.evidence import OPEN, Evidence, Judge, Table
from onboarding.recognition.formats import (
    date_order,
    decimal_sign,
    digits_of,
    names_order,
    thousands_sign,
    unit_of,
)
from onboarding.recognition.headings import concepts_of, named
from onboarding.recognition.meals import Meals
from onboarding.recognition.numbers import NUMBERS, debt_amount, debt_paid, other_day, paid_word, text
from onboarding.recognition.people import PEOPLE
from onboarding.recognition.places import PLACES
from onboarding.recognition.profiles import Profile
from onboarding.recognition.sampling import WIDEST
from onboarding.recognition.tables import values_of

FEW: Final = 3
LITTLE: Final = 20
THIN: Final = Evidence(0.12, gettext_noop("pochi valori per dirlo"))
_SCHOOL_ORDER: Final = gettext_noop("il mese è quello dell'ordine scolastico")
_NAME_TOO: Final = gettext_noop("il nome della colonna lo dice")
_NAME_ALONE: Final = gettext_noop("lo dice il nome della colonna")
_JUDGES: Final[dict[str, Judge]] = {**NUMBERS, **PEOPLE, **PLACES}
_OF_KIND: Final[dict[tuple[str, str], Judge]] = {
    ("transport", "paid"): paid_word,
    ("debts", "amount"): debt_amount,
    ("debts", "paid"): debt_paid,
    ("debts", "paid_on"): other_day,
    ("treasury", "payer_name"): text,
}


@dataclass(frozen=True, slots=True)
class Match:
    """A column and a field: what the content and the name say."""

    field: str
    content: Evidence
    name: float
    score: float


def propose_columns(table: Table, meals: Meals) -> tuple[Column, ...]:
    """One column of the mapping for each column of the file, in its order."""
    taken = _meals(table, meals)
    free = [profile for profile in table.profiles if profile.at not in taken]
    fields = [
        field.name
        for field in FIELDS[table.kind]
        if field.name not in {"meals", *({"meals_total"} if meals.total >= 0 else ())}
    ]
    matches = [[_match(profile, field, table) for field in fields] for profile in free]
    chosen = _assigned(matches)
    by_place = dict(taken)
    for profile, row, at in zip(free, matches, chosen, strict=True):
        by_place[profile.at] = _column(profile, row, at, table) if at >= 0 else _unread(profile, row)
    columns = [by_place[at] for at in range(len(table.profiles))]
    return _one_unit(with_debts(_one_address(tuple(columns)), table), table)


def _assigned(matches: Sequence[Sequence[Match]]) -> list[int]:
    """The field of each column, -1 for none; columns that fit nothing need not be weighed."""
    weighed = [at for at, row in enumerate(matches) if any(match.score > 0 for match in row)]
    chosen = [-1] * len(matches)
    for at, field in zip(weighed, assign([[match.score for match in matches[at]] for at in weighed]), strict=True):
        chosen[at] = field
    return chosen


def _meals(table: Table, meals: Meals) -> dict[int, Column]:
    """The wide columns of months and their sum."""
    found: dict[int, Column] = {}
    proof = phrases.SUMMED % {"count": round(100 * meals.agreeing)} if meals.total >= 0 else ""
    if "meals" not in {field.name for field in FIELDS[table.kind]}:
        return found
    for at, month in meals.months.items():
        sure = 0.99 if meals.named and meals.total >= 0 else 0.85 if meals.named else 0.5
        told = proof or gettext_noop("numeri piccoli sotto il nome di un mese")
        reason = told if meals.named else f"{told}; {_SCHOOL_ORDER}"
        found[at] = Column(
            source=table.profiles[at].name, place=at + 1, field="meals", part=month, confidence=sure, reason=reason
        )
    if meals.total >= 0:
        name = table.profiles[meals.total].name
        found[meals.total] = Column(
            source=name, place=meals.total + 1, field="meals_total", confidence=0.98, reason=proof
        )
    return found


def _match(profile: Profile, field: str, table: Table) -> Match:
    judge = _OF_KIND.get((table.kind, field)) or _JUDGES[field]
    content = OPEN if len(profile.filled) < FEW else judge(profile, table)
    name = named(table.kind, field, profile.name) if profile.speaks else 0.0
    if len(profile.filled) < LITTLE and name >= 0.9 and content.score < THIN.score:
        # A handful of cells denies nothing: the name is asked about rather than left out.
        content = THIN
    return Match(field, content, name, _score(content, name))


def _score(content: Evidence, name: float) -> float:
    """Content weighs more than the name and can forbid it; a name alone needs content that does not deny it."""
    if content.score <= 0:
        return 0.0
    strong = content.score >= 0.7
    agreeing = (name >= 0.45 and content.score >= 0.12) or (name >= 0.3 and content.score >= 0.4)
    if not (strong or agreeing or content.score >= 0.45):
        return 0.0
    return 0.6 * content.score + 0.4 * name + (0.05 if content.proved else 0.0)


def _column(profile: Profile, row: Sequence[Match], at: int, table: Table) -> Column:
    match = row[at]
    column = Column(
        source=profile.name,
        place=profile.at + 1,
        field=match.field,
        confidence=_confidence(profile, row, match),
        reason=_reason(profile, match),
        values=values_of(match.field, table.kind, profile, table),
    )
    return _written(column, profile, table)


def _confidence(profile: Profile, row: Sequence[Match], match: Match) -> float:
    """Proof by other columns, agreement of name and content, and how near the next best field comes."""
    content, name = match.content, match.name
    if content.proved and content.score >= 0.9:
        base = 0.99 if name >= 0.45 else 0.95
    elif content.score >= 0.8:
        base = 0.95 if name >= 0.6 else 0.85
    elif content.score >= 0.45:
        base = 0.88 if name >= 0.6 else 0.55
    else:
        base = 0.6 if content is THIN else 0.8 if name >= 0.9 else 0.65 if name >= 0.6 else 0.45
    other = max((one.score for one in row if one.field != match.field), default=0.0)
    if match.score - other < 0.08 and not (content.proved and content.score >= 0.9):
        base = min(base, 0.6)
    if profile.speaks and name < 0.3 and _says_otherwise(row, match):
        base = min(base, 0.9)
    return round(base, 2)


def _says_otherwise(row: Sequence[Match], match: Match) -> bool:
    """Whether the name is plainly that of another field."""
    return any(one.name >= 0.9 and one.field != match.field for one in row)


def _reason(profile: Profile, match: Match) -> str:
    parts = [match.content.reason]
    if match.name >= 0.45:
        parts.append(_NAME_TOO if match.content.reason else _NAME_ALONE)
    elif profile.speaks and concepts_of(profile.name)[0] and match.content.proved:
        parts.append(gettext_noop("benché il nome della colonna dica altro"))
    return "; ".join(part for part in parts if part) or gettext_noop("il contenuto lo lascia credere")


def _written(column: Column, profile: Profile, table: Table) -> Column:
    """The column with the way its cells are written."""
    reader = next(field.reader for field in FIELDS[table.kind] if field.name == column.field)
    code = table.ties.payer if column.field.startswith("payer") else table.ties.child
    tie = table.ties.of(profile.at, code)
    if reader == "date":
        return msgspec.structs.replace(column, date_order=date_order(profile, tie))
    if reader == "amount":
        unit, told = unit_of(profile, table.kind, table)
        return msgspec.structs.replace(
            column,
            decimal=decimal_sign(profile),
            thousands=thousands_sign(profile),
            unit=unit,
            reason=f"{column.reason}; {told}" if told else column.reason,
        )
    if reader == "legacy_id":
        return msgspec.structs.replace(column, digits=digits_of(profile))
    if reader == "full_name":
        return msgspec.structs.replace(column, names=names_order(profile, tie, table, _child_name(table)))
    return column


def _child_name(table: Table) -> Profile | None:
    best = max(table.profiles, key=lambda one: table.ties.of(one.at, table.ties.child).full, default=None)
    return best if best is not None and table.ties.of(best.at, table.ties.child).full >= 0.5 else None


def _unread(profile: Profile, row: Sequence[Match]) -> Column:
    if not profile.filled:
        reason = phrases.EMPTY if profile.at < WIDEST else phrases.BEYOND % {"count": WIDEST}
    else:
        best = max(row, key=lambda one: (one.content.score, one.name), default=None)
        twice = best is not None and (best.content.score >= 0.7 or best.name >= 0.6)
        reason = (
            phrases.SAID_BETTER % {"field": spoken(best.field)}
            if best is not None and twice
            else gettext_noop("nessun campo conosciuto")
        )
    return Column(
        source=profile.name, place=profile.at + 1, confidence=0.9 if not profile.filled else 0.7, reason=reason
    )


def _one_unit(columns: tuple[Column, ...], table: Table) -> tuple[Column, ...]:
    """Whole numbers of one file are all of one unit: that of the column which says it most plainly."""
    amounts = {field.name for field in FIELDS[table.kind] if field.reader == "amount"}
    whole = {column.place for column in columns if column.field in amounts and not column.decimal}
    units = [column.unit for column in columns if column.place in whole and column.unit != "euro"]
    if not units:
        return columns
    return tuple(
        msgspec.structs.replace(column, unit=units[0])
        if column.place in whole and table.profiles[column.place - 1].share("digits") >= 0.9
        else column
        for column in columns
    )


def _one_address(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A street without a column of numbers beside it is the whole address."""
    fields = {column.field for column in columns}
    wanted = "street" if "house_number" in fields else "address"
    if {"street", "address"} <= fields:
        return columns
    return tuple(
        msgspec.structs.replace(column, field=wanted) if column.field in {"street", "address"} else column
        for column in columns
    )
