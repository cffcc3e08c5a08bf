"""A parent agrees to pay in monthly instalments, within the rule of the Comune."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from services_catalog.fees.payment import PaymentPolicy
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.carts.choosing import collected_of, key_of, locked_items, subject_of
from sportello.billing.carts.errors import NothingChosen, PlanRefused
from sportello.billing.carts.offer import Item
from sportello.billing.carts.policies import UNSAID, payment_policies
from sportello.billing.debts.models import DebtPosition, Purpose
from sportello.billing.debts.opening import Instalment, open_position
from sportello.billing.debts.telling import tell_payers
from sportello.families.models import Adult
from sportello.families.queries import accounts_of
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.kernel.month import Month

GRACE: Final = timedelta(days=30)
"""So long after its due day an instalment may still be paid."""


@dataclass(frozen=True, slots=True)
class PlanRule:
    """The strictest of the rules of the services concerned: no plan where `most` is 0."""

    least: Money
    most: int
    each: Money

    @classmethod
    def of(cls, policies: Collection[PaymentPolicy]) -> "PlanRule":
        """What holds for all of them together."""
        return cls(
            least=max(policy.plan_from for policy in policies),
            most=min(policy.plan_most for policy in policies),
            each=max(policy.plan_each for policy in policies),
        )

    def choices(self, total: Money) -> list[int]:
        """In how many instalments the sum may be paid; empty where in none.

        >>> PlanRule(Money(10000), 6, Money(2000)).choices(Money(11000))
        [2, 3, 4, 5]
        """
        if total < self.least:
            return []
        return [count for count in range(2, self.most + 1) if total.cents // count >= self.each.cents]


def instalments_of(total: Money, count: int, first_day: date) -> list[Instalment]:
    """Monthly instalments on the same day of the month, the first a month from that day; odd cents come first.

    >>> [one.cents for one in instalments_of(Money(1000), 3, date(2026, 11, 23))]
    [334, 333, 333]
    """
    floor, odd = divmod(total.cents, count)
    month = Month.of(first_day)
    found = []
    for place in range(count):
        month = month.next
        due_on = min(month.last_day, month.first_day + timedelta(days=first_day.day - 1))
        found.append(Instalment(floor + (place < odd), due_on, due_on + GRACE))
    return found


@transaction.atomic
def agree_plan(*, account: Account, chosen: Collection[str], count: int, token: UUID, now: datetime) -> DebtPosition:
    """Opens one notice with that many instalments for sums that no notice asks for yet, of one payer.

    The same choice and token find the same plan. A payer in whose name somebody else agreed is told. Raises
    NothingChosen, ItemGone, PlanRefused, and what open_position raises.
    """
    if not chosen:
        raise NothingChosen
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    key = f"plan:{key_of(account, [*chosen, str(count)], token)}"
    known = DebtPosition.objects.filter(key=key).first()
    if known is not None:
        return known
    today = now.astimezone(ROME).date()
    items = locked_items(account, chosen, now)
    _check(items, count, today)
    parts = instalments_of(Money.sum(item.amount for item in items), count, today)
    position = open_position(
        payer=Adult.objects.get(pk=items[0].payer_id),
        purpose=Purpose.DUES,
        description=subject_of(items, today),
        lines=collected_of(items),
        due_on=parts[0].due_on,
        last_day=parts[0].last_day,
        instalments=parts,
        key=key,
        actor=account.pk,
        now=now,
    )
    if not accounts_of([position.payer]).filter(pk=account.pk).exists():
        tell_payers([position.payer_id], event=f"position:{position.public_id}", now=now)
    record(
        action=Action.PLAN_AGREED,
        actor=account.pk,
        subject_kind="debt_position",
        subject=position.public_id,
        now=now,
        details={"instalments": count, "cents": sum(part.cents for part in parts)},
    )
    return position


def may_plan(items: Iterable[Item], policies: Mapping[str, PaymentPolicy]) -> bool:
    """Whether something of what is due may be paid in instalments: worth a button. Pure."""
    loose = [item for item in items if item.option is None and not item.month]
    for payer in {item.payer_id for item in loose}:
        held = [item for item in loose if item.payer_id == payer]
        rule = PlanRule.of([policies.get(code, UNSAID) for item in held for code in item.codes])
        if rule.choices(Money.sum(item.amount for item in held)):
            return True
    return False


def admitted(items: Sequence[Item], today: date) -> list[int]:
    """In how many instalments those items may be paid together. Raises NothingChosen, PlanRefused."""
    if not items:
        raise NothingChosen
    if any(item.option is not None or item.month for item in items):
        raise PlanRefused(_("A rate si pagano solo le somme senza avviso, e non le rette mensili."))
    if len({item.payer_id for item in items}) > 1:
        raise PlanRefused(_("Un piano riguarda le somme di una sola persona: scegli quelle di chi paga."))
    policies = payment_policies(today)
    rule = PlanRule.of([policies.get(code, UNSAID) for item in items for code in item.codes])
    if not rule.most:
        raise PlanRefused(_("Per questi servizi il Comune non ammette rate su richiesta: chiedi all'ufficio."))
    choices = rule.choices(Money.sum(item.amount for item in items))
    if not choices:
        raise _outside(rule)
    return choices


def _check(items: Sequence[Item], count: int, today: date) -> None:
    """Raises PlanRefused."""
    choices = admitted(items, today)
    if count not in choices:
        raise PlanRefused(_("Le rate possono essere da %(least)s a %(most)s."), least=choices[0], most=choices[-1])


def _outside(rule: PlanRule) -> PlanRefused:
    return PlanRefused(
        _("Il Comune ammette le rate da %(least)s in su, al massimo %(most)s, di almeno %(each)s l'una."),
        least=rule.least,
        most=rule.most,
        each=rule.each,
    )
