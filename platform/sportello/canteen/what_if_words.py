"""The figures of a what-if in words and drawings: for the page and for the paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sportello.canteen.what_if_figures import BRACKET, LAST_BRACKET, Line, Outcome, Spread
from sportello.kernel.money import Money
from sportello.schools.models import School
from sportello.ui.templatetags.ui import money


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, with what it is called."""

    label: str
    line: Line

    @property
    def before(self) -> Money:
        return Money(self.line.before_cents)

    @property
    def after(self) -> Money:
        return Money(self.line.after_cents)

    @property
    def change(self) -> Money:
        return Money(self.line.change_cents)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the drawing: families whose year changes so. Lengths in hundredths of the longest."""

    label: str
    families: int
    length: int


def bracket_rows(outcome: Outcome) -> list[Row]:
    """The brackets of ISEE, the small ones last."""
    return [Row(_bracket(line.key), line) for line in outcome.brackets]


def school_rows(outcome: Outcome) -> list[Row]:
    """The schools by name, the small ones last; one query."""
    names = dict(School.objects.filter(pk__in=[line.key for line in outcome.schools]).values_list("pk", "name"))
    named = [Row(names.get(line.key, "?"), line) for line in outcome.schools if line.key is not None]
    rest = [Row(_small(), line) for line in outcome.schools if line.key is None]
    return sorted(named, key=lambda row: row.label) + rest


def bars(distribution: Sequence[Spread]) -> list[Bar]:
    """How many families change by how much over the year, from the greatest saving to the greatest expense."""
    longest = max(one.families for one in distribution) or 1
    return [Bar(_span(one), one.families, round(100 * one.families / longest)) for one in distribution]


def _bracket(key: int | None) -> str:
    if key is None:
        return _small()
    if key < 0:
        return _("Senza ISEE")
    if key == LAST_BRACKET:
        return _("Oltre %(from)s") % {"from": money(Money(key))}
    return _("Da %(from)s a %(to)s") % {"from": money(Money(key)), "to": money(Money(key + BRACKET))}


def _small() -> str:
    return _("Altri, insieme perché pochi")


def _span(spread: Spread) -> str:
    low = None if spread.low is None else money(Money(spread.low))
    high = None if spread.high is None else money(Money(spread.high))
    if low == high:
        return _("Uguale") if low else _("Tutte insieme")
    if low is None:
        return _("Fino a %(to)s") % {"to": high}
    if high is None:
        return _("Oltre %(from)s") % {"from": low}
    return _("Da %(from)s a %(to)s") % {"from": low, "to": high}
