"""The figures of a what-if in words and drawings: for the page and for the paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sportello.canteen.what_if_figures import BRACKET, LAST_BRACKET, STEPS, Line, Outcome
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


def bars(distribution: Sequence[int]) -> list[Bar]:
    """How many families change by how much over the year, from the greatest saving to the greatest expense."""
    longest = max(distribution) or 1
    return [
        Bar(label, families, round(100 * families / longest))
        for label, families in zip(_classes(), distribution, strict=True)
    ]


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


def _classes() -> list[str]:
    bounds = [money(Money(abs(bound))) for bound in STEPS]
    zero = STEPS.index(0)
    less = [_("Meno %(to)s e oltre") % {"to": bounds[0]}]
    less += [_("Meno da %(from)s a %(to)s") % {"from": bounds[place + 1], "to": bounds[place]} for place in range(zero)]
    more = [
        _("Più da %(from)s a %(to)s") % {"from": bounds[place], "to": bounds[place + 1]}
        for place in range(zero, len(STEPS) - 1)
    ]
    return [*less, _("Uguale"), *more, _("Più %(from)s e oltre") % {"from": bounds[-1]}]
