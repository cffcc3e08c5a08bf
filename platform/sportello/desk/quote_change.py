"""What a new ISEE changes, in words: from when it counts in each service, by which day to file it, what is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from sportello.desk.quote_form import Stated
from sportello.desk.quote_services import Quoted, QuotedYear
from sportello.fees.explanation import unit_sentence
from sportello.fees.facts import Price
from sportello.fees.isee_change import ChildChange, FilingEffect, ServiceChange, change_of_isee, effect_of_filing
from sportello.fees.simulating import PlannedHousehold
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import it_date


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A child: the price of a unit before and after."""

    child: str
    before: Price
    after: Price

    @property
    def unit(self) -> str:
        """What the prices are of."""
        return unit_sentence(self.after)


@dataclass(frozen=True, slots=True)
class ServiceChangeShown:
    """A service: when the new ISEE counts, in sentences, and what changes for each child."""

    service: str
    sentences: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    saved: Money


@dataclass(frozen=True, slots=True)
class Change:
    """The services, and what the household would pay less in all (below zero: more) up to the last day it counts."""

    isee: Money
    filed_on: date
    services: tuple[ServiceChangeShown, ...]

    @property
    def saved(self) -> Money:
        """The sum of the services."""
        return Money.sum(one.saved for one in self.services)

    @property
    def costs(self) -> Money:
        """How much more it would pay, where the new ISEE is dearer."""
        return -self.saved


def change_shown(stated: Stated, household: PlannedHousehold, years: Sequence[QuotedYear]) -> Change | None:
    """What the new ISEE stated changes in the services whose fee reads it; None when none was stated."""
    if stated.new_isee is None:
        return None
    isee, filed_on = stated.new_isee
    shown = [
        _shown(one, stated, year)
        for year in years
        if year.quoted.reads.isee
        for one in [
            change_of_isee(
                household, year.planned(), year.quoted.content.fees.isee, cents=isee.cents, filed_on=filed_on
            )
        ]
        if any(year.quoted.code in child.services for child in stated.children)
    ]
    return Change(isee, filed_on, tuple(shown))


def filing_today(quoted: Sequence[Quoted], today: date) -> list[tuple[str, str]]:
    """For each service whose fee reads the ISEE: from when one filed today counts, and by which day to file it."""
    return [
        (one.title, filing_sentence(effect_of_filing(one.content.fees.isee, today)))
        for one in quoted
        if one.reads.isee and today in one.year
    ]


def _shown(change: ServiceChange, stated: Stated, year: QuotedYear) -> ServiceChangeShown:
    lines = tuple(_line(child, stated) for child in change.children)
    return ServiceChangeShown(year.quoted.title, tuple(_sentences(change, year)), lines, change.saved)


def _line(child: ChildChange, stated: Stated) -> ChangeLine:
    return ChangeLine(stated.children[child.child].name, child.before, child.after)


def _sentences(change: ServiceChange, year: QuotedYear) -> list[str]:
    found = [filing_sentence(change.effect)]
    if change.effect.counts is not None and change.from_day is None:
        found.append(_("In quell'anno scolastico non cambia nulla."))
    if change.until is not None and change.until < (year.quoted.year.last_day or date.max):
        found.append(_("Vale fino al %(day)s: dopo serve un ISEE nuovo.") % {"day": it_date(change.until)})
    unit = change.children[0].after.unit if change.children else ""
    if unit in {"year", "period"} and not change.saved and change.children[0].before != change.children[0].after:
        found.append(_("La tariffa si stabilisce all'inizio: per quest'anno quello che è dovuto non cambia."))
    return found


def filing_sentence(effect: FilingEffect) -> str:
    """By which day to file, and from when it counts: "Se lo presenti entro il 15 dicembre conta dal 1° dicembre"."""
    if effect.counts is None:
        return " ".join([_("Un ISEE presentato quel giorno non conta."), _resumes(effect)]).strip()
    starts = it_date(effect.counts.start)
    if effect.last_day is None:
        return _("Conta dal giorno in cui lo presenti: %(starts)s.") % {"starts": starts}
    said = _("Se lo presenti entro il %(last)s conta dal %(starts)s.") % {
        "last": it_date(effect.last_day),
        "starts": starts,
    }
    if effect.then_from is None:
        return " ".join([said, _("Presentato il giorno dopo non conta."), _resumes(effect)]).strip()
    after = it_date(effect.last_day + timedelta(days=1))
    then = _("Dal %(after)s in poi conta dal %(then)s.") % {"after": after, "then": it_date(effect.then_from)}
    return f"{said} {then}"


def _resumes(effect: FilingEffect) -> str:
    if effect.resumes is None:
        return ""
    day, starts = effect.resumes
    return _("Un ISEE presentato dal %(day)s conta dal %(starts)s.") % {"day": it_date(day), "starts": it_date(starts)}
