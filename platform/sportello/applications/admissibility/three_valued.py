"""Yes, no, and not known (None): what follows from facts of which some are missing."""

from collections.abc import Iterable

from services_catalog.fees.circumstance import When
from sportello.applications.admissibility.facts import Applicant

type Known = bool | None


def all_of(values: Iterable[Known]) -> Known:
    """No as soon as one is no; yes when all are; else not known."""
    held = list(values)
    if any(value is False for value in held):
        return False
    return None if any(value is None for value in held) else True


def any_of(values: Iterable[Known]) -> Known:
    """Yes as soon as one is yes; no when all are no; else not known."""
    return negated(all_of(negated(value) for value in values))


def negated(value: Known) -> Known:
    """The contrary; what is not known stays so."""
    return None if value is None else not value


def lives_in(applicant: Applicant) -> Known:
    """Whether the child lives in the Comune it applies to."""
    return applicant.residence == applicant.comune if applicant.residence and applicant.comune else None


def holds(when: When, applicant: Applicant) -> Known:
    """Whether all that a circumstance says holds for the child."""
    return all_of((
        *(applicant.conditions.get(code) for code in when.all_of),
        any_of(applicant.conditions.get(code) for code in when.any_of) if when.any_of else True,
        *(negated(applicant.conditions.get(code)) for code in when.none_of),
        _among(applicant.level, when.levels),
        True if when.resident is None else _same(lives_in(applicant), when.resident),
        *_isee(when, applicant.isee_cents),
        *_minors(when, applicant.minors),
    ))  # fmt: skip


def _among(value: str, wanted: tuple[str, ...]) -> Known:
    if not wanted:
        return True
    return value in wanted if value else None


def _same(known: Known, wanted: bool) -> Known:  # noqa: FBT001 -- a value, not a switch
    return None if known is None else known == wanted


def _isee(when: When, cents: int | None) -> Iterable[Known]:
    bounds = (when.isee_from, when.isee_to, when.isee_below, when.isee_above)
    if cents is None:
        return [None for bound in bounds if bound is not None]
    return [
        when.isee_from is None or cents >= when.isee_from.cents,
        when.isee_to is None or cents <= when.isee_to.cents,
        when.isee_below is None or cents < when.isee_below.cents,
        when.isee_above is None or cents > when.isee_above.cents,
    ]


def _minors(when: When, at_least: int | None) -> Iterable[Known]:
    """At least so many are known: enough says yes to a lower bound, too many no to an upper one; else not known."""
    if when.minors_from is not None:
        yield True if at_least is not None and at_least >= when.minors_from else None
    if when.minors_to is not None:
        yield False if at_least is not None and at_least > when.minors_to else None
