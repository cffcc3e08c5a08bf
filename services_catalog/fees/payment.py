"""How what is due may be paid: within how many days, in advance, in instalments."""

from services_catalog.fees.roots import Count, Rule, check_not_negative
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


class PaymentPolicy(Rule, frozen=True, kw_only=True):
    """What a Comune asks of who pays a service; unset, what most Comuni do.

    A charge without a notice is overdue after ``days_to_pay``. ``in_advance``: families put money on the account of a
    child before it is used, each time between ``top_up_from`` and ``top_up_to``. From ``plan_from`` on a family may
    agree a plan by itself: at most ``plan_most`` monthly instalments of at least ``plan_each``; none where it is 0.
    """

    days_to_pay: Count = 30
    in_advance: bool = False
    top_up_from: Money = Money(10_00)
    top_up_to: Money = Money(200_00)
    plan_from: Money = Money(100_00)
    plan_most: Count = 6
    plan_each: Money = Money(20_00)

    def __post_init__(self) -> None:
        for amount in (self.top_up_from, self.plan_from, self.plan_each):
            check_not_negative(amount)
        if self.top_up_to < self.top_up_from:
            raise ValueError(gettext_noop("«top_up_to» è più piccolo di «top_up_from»"))
        if self.plan_most == 1:
            raise ValueError(gettext_noop("un piano ha almeno due rate: scrivi 0 in «plan_most» per non offrirlo"))
