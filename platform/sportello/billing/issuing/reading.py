"""What the plan of an issue is made from: read from the ledger, some thousands of accounts at a time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import batched, groupby
from operator import itemgetter
from typing import Final

from django.db import connection

from sportello.billing.carts.ageing import Charged, by_month, unsettled
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.categories import category_of
from sportello.billing.debts.dues import Due, dues_of_accounts
from sportello.billing.debts.shares import split_on
from sportello.billing.issuing.allotting import Owed, Plan, Terms, plan
from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.models import Entry, LedgerAccount
from sportello.families.models import Adult
from sportello.fees.models import PriceDecision
from sportello.jobs.registry import Progress
from sportello.kernel.clock import ROME

_WHO_MAY_OWE: Final = """
WITH account AS (SELECT id, child_id FROM billing_ledgeraccount WHERE service_code = ANY(%(services)s))
SELECT assignment.adult_id, account.id FROM account JOIN families_payerassignment assignment USING (child_id)
UNION SELECT share.adult_id, account.id FROM account JOIN debts_costshare share USING (child_id)
UNION SELECT entry.payer_id, account.id FROM account JOIN billing_entry entry ON entry.account_id = account.id
WHERE entry.payer_id IS NOT NULL
ORDER BY 1, 2
"""
BATCH: Final = 2000
BY_MONTH: Final = category_of("nido")
"""The nido's months are asked for one by one: the bonus wants a payment for each (P41)."""


def owed_now(issue: NoticeIssue, *, progress: Progress) -> list[Owed]:
    """What is owed for the services of the issue, account by account."""
    accounts = list(
        LedgerAccount.objects.filter(service_code__in=issue.services).order_by("pk").values_list("pk", flat=True)
    )
    owed: list[Owed] = []
    done = 0
    progress.advance(done=done, total=len(accounts))
    for batch in batched(accounts, BATCH, strict=False):
        owed += owed_on(batch)
        done += len(batch)
        progress.advance(done=done)
    return owed


def accounts_by_payer(services: Sequence[str]) -> dict[int, list[int]]:
    """Who may owe something for these services, in rising order: payer id -> the accounts on which she may."""
    with connection.cursor() as cursor:
        cursor.execute(_WHO_MAY_OWE, {"services": list(services)})
        rows = cursor.fetchall()
    return {payer: [account for _payer, account in held] for payer, held in groupby(rows, key=itemgetter(0))}


def accounts_of_nobody(services: Sequence[str]) -> list[int]:
    """The accounts for these services of children for whom nobody was ever assigned to pay."""
    accounts = LedgerAccount.objects.filter(service_code__among=services, child__payers=None)
    return list(accounts.order_by("pk").values_list("pk", flat=True))


def children_with(services: Sequence[str]) -> set[int]:
    """The children who have an account for one of these services."""
    return set(LedgerAccount.objects.filter(service_code__among=services).order_by().values_list("child_id", flat=True))


def plan_for(issue: NoticeIssue, owed: Sequence[Owed], *, now: datetime) -> Plan:
    """Who gets which notice of these sums today. Changes nothing."""
    payers = {one.payer_id for one in owed if one.payer_id}
    coded = Adult.objects.filter(pk__among=payers).exclude(fiscal_code=None).exclude(fiscal_code="")
    exempt = exempt_on(now.astimezone(ROME).date(), {one.child_id for one in owed}) if issue.skips_exempt else set()
    return plan(terms_of(issue), owed, with_code=set(coded.order_by("pk").values_list("pk", flat=True)), exempt=exempt)


def terms_of(issue: NoticeIssue) -> Terms:
    """What the office set."""
    return Terms(
        key=issue.key,
        description=issue.description,
        due_on=issue.due_on,
        last_day=issue.last_day,
        minimum_cents=issue.minimum_cents,
        instalments=issue.instalments,
        instalments_from_cents=issue.instalments_from_cents,
    )


def exempt_on(day: date, children: Collection[int]) -> set[tuple[int, str]]:
    """(child, service) of those whose price in force that day is nothing because of an exemption."""
    held = PriceDecision.objects.in_force().filter(
        child__among=children, valid_during__contains=day, unit_price_cents=0, steps__contains=[{"code": "exemption"}]
    )
    return set(held.order_by("pk").values_list("child", "service__code"))


def owed_on(accounts: Collection[int]) -> Iterator[Owed]:
    """What every payer of those accounts owes on them."""
    dues = [due for due in dues_of_accounts(accounts) if due.owed_cents > 0]
    monthly = [due for due in dues if category_of(due.service_code) == BY_MONTH]
    charges = _charges(monthly) if monthly else {}
    for due in dues:
        if due.payer_id is None or not due.to_ask_cents or category_of(due.service_code) != BY_MONTH:
            cents = due.owed_cents if due.payer_id is None else due.to_ask_cents
            yield _of(due, cents, asked_cents=due.asked_cents)
            continue
        left = unsettled(charges.get((due.account_id, due.payer_id), ()), due.to_ask_cents)
        for month, part in by_month(left).items():
            yield _of(due, sum(one.cents for one in part), month)


def _of(due: Due, cents: int, month: date | None = None, *, asked_cents: int = 0) -> Owed:
    return Owed(due.payer_id, due.child_id, due.service_code, cents, month, asked_cents, due.account_id)


def _charges(dues: Collection[Due]) -> dict[tuple[int, int], list[Charged]]:
    """(account, payer) -> her part of each charge, to know of which months the sum is."""
    children = {due.account_id: due.child_id for due in dues}
    bearers = bearers_of(set(children.values()))
    rows = Entry.objects.filter(account__in=children, amount_cents__lt=0).order_by("competence_on", "pk")
    found: dict[tuple[int, int], list[Charged]] = {}
    for account, on, cents, payer in rows.values_list("account", "competence_on", "amount_cents", "payer"):
        child = children[account]
        shares, payers = bearers.shares.get(child, ()), bearers.payers.get(child, ())
        parts = split_on(-cents, on, shares, payers) if payer is None else {payer: -cents}
        for who, part in parts.items():
            if who is not None:
                found.setdefault((account, who), []).append(Charged(on, on, part))
    return found
