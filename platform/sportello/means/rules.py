"""Which ISEE holds for a child on a day, and why. Pure: attestations in; the one that holds and a reason for each out.

Sources: DPCM 159/2013 art. 7 (minors whose parents live apart), art. 9 (current ISEE), art. 10 (it lapses on 31
December), art. 11 (omissions and discrepancies).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sportello.kernel.dates import DateRange, change_dates, cut, merge_equal
from sportello.kernel.errors import gettext_noop, told

CURRENT_MONTHS = 6

type Precedence = tuple[bool, bool, date, int]


class Kind(StrEnum):
    """What the indicator is for."""

    ORDINARY = "ordinary"
    MINORS = "minors"
    CURRENT = "current"


class Source(StrEnum):
    """Who says so."""

    DECLARED = "declared"
    LEGACY = "legacy"
    DOCUMENT = "document"
    INPS = "inps"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason, in the reader's language when it is read."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return told(self.template, self.params)


@dataclass(frozen=True, slots=True)
class Attested:
    """One attestation of a child. `other_parent` says that INPS counted a parent who lives elsewhere."""

    number: int
    kind: Kind
    source: Source
    cents: int
    period: DateRange
    filed_on: date
    dsu_protocol: str = ""
    discrepancies: tuple[str, ...] = ()
    other_parent: bool = False
    awaits_office: bool = False
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """What the choice depends on of the child."""

    parents_apart: bool = False


@dataclass(frozen=True, slots=True)
class HoldingPolicy:
    """What the Comune decided: whether omissions and discrepancies are accepted; whether the service is for minors."""

    accepts_discrepancies: bool = False
    for_minors: bool = True


@dataclass(frozen=True, slots=True)
class Holding:
    """The attestation that holds, why, and why each of the others does not (by its number)."""

    attested: Attested | None
    why: Sentence
    others: Mapping[int, Sentence]

    @property
    def cents(self) -> int | None:
        """The value that counts; None when none does."""
        return None if self.attested is None else self.attested.cents


@dataclass(frozen=True, slots=True)
class Change:
    """Days on which another value would count."""

    period: DateRange
    before_cents: int | None
    after_cents: int | None


def period_of_validity(kind: Kind, filed_on: date, current_until: date | None = None) -> DateRange:
    """From the day of the declaration to 31 December of its year; a current ISEE for six months, or as INPS says."""
    if kind != Kind.CURRENT:
        return DateRange(filed_on, date(filed_on.year + 1, 1, 1))
    if current_until is not None and current_until >= filed_on:
        return DateRange.inclusive(filed_on, current_until)
    return DateRange(filed_on, _months_later(filed_on, CURRENT_MONTHS))


def beneficiary_of(attestations: Iterable[Attested]) -> Beneficiary:
    """What INPS lets us know of the family: a parent counted from elsewhere means that the parents live apart."""
    return Beneficiary(parents_apart=any(one.other_parent and not one.superseded for one in attestations))


def holding_on(
    attestations: Sequence[Attested], child: Beneficiary, day: date, policy: HoldingPolicy = HoldingPolicy()
) -> Holding:
    """The attestation that holds on the day, with the reason for every one of them.

    First those that cannot count are left out: superseded, waiting for the office, replaced by what INPS says of the
    same declaration, of other days, with omissions the Comune does not accept. Of the rest the current one prevails,
    then the one for minors where the parents live apart, then the one filed last.
    """
    said_by_inps = {
        one.dsu_protocol for one in attestations if one.source == Source.INPS and one.dsu_protocol and _stands(one)
    }
    left_out: dict[int, Sentence] = {}
    usable = []
    for one in attestations:
        reason = _why_not(one, day, policy, said_by_inps)
        if reason is None:
            usable.append(one)
        else:
            left_out[one.number] = reason
    if not usable:
        why = Sentence(gettext_noop("Nessuna attestazione vale in questo giorno: si applica la fascia più alta."))
        return Holding(None, why, left_out)
    minors_first = child.parents_apart and policy.for_minors
    ordered = sorted(usable, key=lambda one: _precedence(one, minors_first=minors_first), reverse=True)
    best = ordered[0]
    for one in ordered[1:]:
        left_out[one.number] = Sentence(
            gettext_noop("Prevale quella presentata il %(day)s."), {"day": f"{best.filed_on:%d/%m/%Y}"}
        )
    return Holding(best, _why(best, ordered[1:], minors_first=minors_first), left_out)


def over_time(
    attestations: Sequence[Attested], child: Beneficiary, policy: HoldingPolicy = HoldingPolicy()
) -> list[tuple[DateRange, int]]:
    """The value that counts, period by period; days without one are left out."""
    held = [(piece, holding_on(attestations, child, piece.start, policy).cents) for piece in _pieces(attestations)]
    return merge_equal([(piece, cents) for piece, cents in held if cents is not None])


def standing(
    attestations: Sequence[Attested], child: Beneficiary, policy: HoldingPolicy = HoldingPolicy()
) -> list[tuple[Attested, Precedence]]:
    """Those that count in their days, each with its precedence: for whoever decides which days those are.

    On each day of its period the one with the greatest precedence is that of :func:`holding_on`.
    """
    said_by_inps = {
        one.dsu_protocol for one in attestations if one.source == Source.INPS and one.dsu_protocol and _stands(one)
    }
    minors_first = child.parents_apart and policy.for_minors
    return [
        (one, _precedence(one, minors_first=minors_first))
        for one in attestations
        if _why_not(one, max(one.filed_on, one.period.start), policy, said_by_inps) is None
    ]


def changes(before: Sequence[Attested], after: Sequence[Attested], policy: HoldingPolicy) -> list[Change]:
    """The days on which another value counts after than before: what nobody may change silently."""
    told_before, told_after = beneficiary_of(before), beneficiary_of(after)
    compared = [
        (
            piece,
            (
                holding_on(before, told_before, piece.start, policy).cents,
                holding_on(after, told_after, piece.start, policy).cents,
            ),
        )
        for piece in _pieces([*before, *after])
    ]
    merged = merge_equal([(piece, values) for piece, values in compared if values[0] != values[1]])
    return [Change(piece, *values) for piece, values in merged]


def replaced_by(new: Attested, standing: Iterable[Attested], *, asked_by_code: bool) -> list[Attested]:
    """What an attestation from INPS takes the place of: whatever is said of the same declaration.

    Asked which one holds, and not for a declaration by its protocol, INPS also contradicts what was only declared, or
    brought over from an archive, for the same days.
    """
    return [
        one
        for one in standing
        if (one.dsu_protocol and one.dsu_protocol == new.dsu_protocol)
        or (one.source == Source.INPS and (one.kind, one.filed_on) == (new.kind, new.filed_on))
        or (asked_by_code and one.source in {Source.DECLARED, Source.LEGACY} and one.period.overlaps(new.period))
    ]


def _pieces(attestations: Sequence[Attested]) -> list[DateRange]:
    """All the days of the attestations, cut wherever one begins, ends or is filed."""
    if not attestations:
        return []
    periods = [one.period for one in attestations]
    ends = [period.end for period in periods]
    closed = [end for end in ends if end is not None]
    whole = DateRange(min(period.start for period in periods), max(closed) if len(closed) == len(ends) else None)
    return cut(whole, change_dates(periods) | {one.filed_on for one in attestations})


def _stands(one: Attested) -> bool:
    return not one.superseded and not one.awaits_office


def _why_not(one: Attested, day: date, policy: HoldingPolicy, said_by_inps: set[str]) -> Sentence | None:
    if one.superseded:
        return Sentence(gettext_noop("Superata: resta nel fascicolo e non conta."))
    if one.awaits_office:
        return Sentence(gettext_noop("Attende la conferma dell'ufficio."))
    if one.source != Source.INPS and one.dsu_protocol in said_by_inps:
        return Sentence(gettext_noop("Prevale quello che dice INPS della stessa DSU."))
    if day < one.filed_on or day not in one.period:
        return _not_on(one.period, one.filed_on, day)
    if one.discrepancies and not policy.accepts_discrepancies:
        return Sentence(
            gettext_noop("Ha omissioni o difformità (%(codes)s): conta come se mancasse."),
            {"codes": ", ".join(one.discrepancies)},
        )
    return None


def _not_on(period: DateRange, filed_on: date, day: date) -> Sentence:
    last = period.last_day
    if day < max(period.start, filed_on) or last is None:
        return Sentence(gettext_noop("Non vale ancora."))
    return Sentence(gettext_noop("Scaduta il %(day)s."), {"day": f"{last:%d/%m/%Y}"})


def _precedence(one: Attested, *, minors_first: bool) -> Precedence:
    return one.kind == Kind.CURRENT, minors_first and one.kind == Kind.MINORS, one.filed_on, one.number


def _why(best: Attested, others: Sequence[Attested], *, minors_first: bool) -> Sentence:
    if best.discrepancies:
        return Sentence(
            gettext_noop("Ha omissioni o difformità (%(codes)s): vale solo per i servizi che le accettano."),
            {"codes": ", ".join(best.discrepancies)},
        )
    if best.kind == Kind.CURRENT:
        return Sentence(gettext_noop("È un ISEE corrente: prevale finché vale (DPCM 159/2013 art. 9)."))
    if minors_first and best.kind == Kind.MINORS:
        return Sentence(gettext_noop("I genitori non convivono: vale quella per i minorenni (DPCM 159/2013 art. 7)."))
    if minors_first:
        return Sentence(gettext_noop("Vale, ma i genitori non convivono: serve quella per i minorenni."))
    if others:
        return Sentence(gettext_noop("È la DSU presentata per ultima."))
    return Sentence(gettext_noop("È l'unica valida in questo giorno."))


def _months_later(day: date, months: int) -> date:
    """The same day some months on; the first of the next month where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return day.replace(year=day.year + years, month=month + 1)
    except ValueError:
        later, then = divmod(day.month + months, 12)
        return date(day.year + later, then + 1, 1)
