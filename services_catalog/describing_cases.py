"""For whom a step of a fee table is, in a few plain words."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from services_catalog.fee_table import When
from sportello.schools.models import Level


def who(when: When, labels: Mapping[str, str]) -> str:
    """The circumstance in words; ``labels`` name the conditions by their code."""
    return ", ".join(_words(when, labels)) or _("per tutti")


def _words(when: When, labels: Mapping[str, str]) -> Iterator[str]:
    yield from (labels.get(code, code) for code in when.all_of)
    if when.any_of:
        yield _(" oppure ").join(labels.get(code, code) for code in when.any_of)
    yield from (_("non: %(condition)s") % {"condition": labels.get(code, code)} for code in when.none_of)
    if when.levels:
        yield ", ".join(str(Level(level).label) for level in when.levels)
    if when.resident is not None:
        yield _("residente nel Comune") if when.resident else _("non residente nel Comune")
    yield from _isee_words(when)
    for name, low, high in (
        (_("figlio numero"), when.rank_from or (1 if when.rank_to else None), when.rank_to),
        (_("figli nel servizio"), when.children_from, when.children_to),
        (_("figli iscritti"), when.enrolled_from, when.enrolled_to),
        (_("minori nel nucleo"), when.minors_from, when.minors_to),
    ):
        if low is not None or high is not None:
            yield f"{name} {_span(low, high)}"
    if when.income is not None:
        yield _("reddito fino a %(first)s, più %(each)s per ogni altro componente") % {
            "first": when.income.first_member.format(),
            "each": when.income.each_further.format(),
        }


def _isee_words(when: When) -> Iterator[str]:
    for sentence, limit in (
        (_("ISEE da %(limit)s"), when.isee_from),
        (_("ISEE fino a %(limit)s"), when.isee_to),
        (_("ISEE inferiore a %(limit)s"), when.isee_below),
        (_("ISEE superiore a %(limit)s"), when.isee_above),
    ):
        if limit is not None:
            yield sentence % {"limit": limit.format()}


def _span(low: int | None, high: int | None) -> str:
    if low == high:
        return str(low)
    if high is None:
        return _("da %(low)s in su") % {"low": low}
    if low is None:
        return _("fino a %(high)s") % {"high": high}
    return _("da %(low)s a %(high)s") % {"low": low, "high": high}
