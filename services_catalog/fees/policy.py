"""What holds around a price: who is the first child, which ISEE counts and when, arrears, credit of the purse."""

from typing import Annotated, Literal

import msgspec

from services_catalog.fees.roots import Code, Count, Percent, Rule, check_not_negative
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

type MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
type IseeState = Literal["attested", "declared", "with_omissions"]


class SiblingCounting(Rule, frozen=True, kw_only=True):
    """Who counts as a brother or sister, and who comes first: acts seldom say, so it is a declared setting.

    Counted are those who use the service that day, those enrolled in it at any time of the year, or the minors of
    the household. First comes the eldest, the youngest, or who pays most or least; ``services`` puts the children
    of one service before those of another.
    """

    counted: Literal["users_of_service", "enrolled_in_service", "minors_of_household"] = "users_of_service"
    order: Literal["eldest_first", "youngest_first", "dearest_first", "cheapest_first"] = "eldest_first"
    services: tuple[Code, ...] = ()
    assumption: str = ""


class FilingWindow(Rule, frozen=True, kw_only=True):
    """Who files from ``first`` to ``last`` (MM-DD, both included) is counted from ``starts`` of that year."""

    first: MonthDay
    last: MonthDay
    starts: MonthDay

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(gettext_noop("«last» viene prima di «first»"))


class IseePolicy(Rule, frozen=True, kw_only=True):
    """Which ISEE counts, from when and until when, and what happens to a family that files none.

    Five settings: ``effective`` (with ``counts_by``, the date that counts), ``cut_off_day``, ``retroactive``,
    ``kept_until`` and ``missing``. ``windows`` are filings that count from a day of their own.
    """

    kind: Literal["minorenni", "ordinario"] = "minorenni"
    missing: Literal["top_band", "last_known", "refused"] = "top_band"
    non_resident: Literal["same", "top_band"] = "same"
    asked_up_to: Money | None = None
    counts_by: Literal["filing", "protocol", "dsu"] = "filing"
    effective: Literal["validity", "same_day", "month_of_filing", "next_month"] = "validity"
    cut_off_day: Annotated[int, msgspec.Meta(ge=1, le=31)] | None = None
    windows: tuple[FilingWindow, ...] = ()
    retroactive: bool = False
    kept_until: Literal["validity", "end_of_school_year", "year_after_issue"] = "validity"
    kept_until_day: MonthDay = "08-31"
    filed_by: MonthDay | None = None
    issued_in_year_of_start: bool = False
    accepted: tuple[Literal["declared", "with_omissions"], ...] = ()

    def __post_init__(self) -> None:
        if self.cut_off_day is not None and self.effective != "month_of_filing":
            raise ValueError(gettext_noop("«cut_off_day» vuole «effective» uguale a «month_of_filing»"))


class ArrearsPolicy(Rule, frozen=True, kw_only=True):
    """What unpaid past fees bring about: nothing, unless the Comune says so. ``spared`` are conditions that escape.

    With ``overdue_after_days`` the ledger itself says who is in arrears: a charge not paid so many days after it was
    due and told, where the household owes more than ``above`` in all. Unset, the office recognises the condition by
    hand. ``local_taxes``: unpaid local taxes bring about the same. ``warns_enrolment``: nobody is refused, the family
    and the office read that something is unpaid.
    """

    condition: Code = "arrears"
    refuses: Literal["nothing", "reductions", "reductions_and_exemptions"] = "nothing"
    blocks_enrolment: bool = False
    warns_enrolment: bool = False
    spared: tuple[Code, ...] = ()
    overdue_after_days: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    above: Money = Money(0)
    local_taxes: bool = False

    def __post_init__(self) -> None:
        check_not_negative(self.above)
        if self.above.cents and self.overdue_after_days is None:
            raise ValueError(gettext_noop("«above» vuole «overdue_after_days»"))
        if self.blocks_enrolment and self.warns_enrolment:
            raise ValueError(gettext_noop("scrivi «blocks_enrolment» oppure «warns_enrolment», uno solo dei due"))
        if self.local_taxes and not self.does_something:
            raise ValueError(gettext_noop("«local_taxes» vuole «refuses», «blocks_enrolment» o «warns_enrolment»"))

    @property
    def does_something(self) -> bool:
        """Whether arrears change a price or an enrolment at all."""
        return self.refuses != "nothing" or self.blocks_enrolment or self.warns_enrolment


class CreditPolicy(Rule, frozen=True, kw_only=True):
    """How many units a prepaid purse may run below nothing before the service is suspended."""

    advanced_units: Count = 0


class Statement(Rule, frozen=True, kw_only=True):
    """What the prose says of a printed amount ("half of 35,00"): the table rules, the linter tells a difference."""

    text: str
    printed: Money
    percent: Percent
    of: Money
    rounded_to: Money = Money(1)

    def __post_init__(self) -> None:
        check_not_negative(self.printed)
        if self.rounded_to.cents < 1:
            raise ValueError(gettext_noop("«rounded_to» è almeno un centesimo"))
