"""When a step concerns a child: facts that must hold all together."""

from services_catalog.fees.roots import Code, Count, Level, Rank, Rule, check_not_negative
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


class IncomeLimit(Rule, frozen=True, kw_only=True):
    """The yearly income of the household up to a limit that grows with its members (older acts, before the ISEE)."""

    first_member: Money
    each_further: Money = Money(0)

    def __post_init__(self) -> None:
        check_not_negative(self.first_member)
        check_not_negative(self.each_further)


class When(Rule, frozen=True, kw_only=True):
    """All that is written must hold; nothing written holds for everybody.

    ``isee_from`` and ``isee_to`` are inclusive, ``isee_below`` and ``isee_above`` strict; without an ISEE no limit
    on it holds. ``children`` are those counted as ``siblings`` of the table says.
    """

    all_of: tuple[Code, ...] = ()
    any_of: tuple[Code, ...] = ()
    none_of: tuple[Code, ...] = ()
    levels: tuple[Level, ...] = ()
    resident: bool | None = None
    isee_from: Money | None = None
    isee_to: Money | None = None
    isee_below: Money | None = None
    isee_above: Money | None = None
    rank_from: Rank | None = None
    rank_to: Rank | None = None
    children_from: Rank | None = None
    children_to: Rank | None = None
    enrolled_from: Rank | None = None
    enrolled_to: Rank | None = None
    minors_from: Count | None = None
    minors_to: Count | None = None
    income: IncomeLimit | None = None

    def __post_init__(self) -> None:
        pairs = (
            ("rank", self.rank_from, self.rank_to),
            ("children", self.children_from, self.children_to),
            ("enrolled", self.enrolled_from, self.enrolled_to),
            ("minors", self.minors_from, self.minors_to),
        )
        if any(low is not None and high is not None and high < low for _name, low, high in pairs):
            raise ValueError(gettext_noop("un limite «_to» è più piccolo del suo «_from»"))
        if self.isee_from is not None and self.isee_to is not None and self.isee_to < self.isee_from:
            raise ValueError(gettext_noop("«isee_to» è più piccolo di «isee_from»"))

    def conditions(self) -> frozenset[str]:
        """The conditions it reads by name."""
        return frozenset((*self.all_of, *self.any_of, *self.none_of))

    @property
    def everybody(self) -> bool:
        """Whether it holds for all."""
        return self == When()
