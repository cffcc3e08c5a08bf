"""The months of the nido that were paid, as the bundle for the bonus of INPS tells them (P41)."""

from collections.abc import Iterator, Mapping

from sportello.billing.debts.categories import category_of
from sportello.billing.debts.models import OptionState, PositionLine, PositionState, Purpose
from sportello.billing.documents.notices import notice_sheet
from sportello.billing.documents.people import child_as_addressee
from sportello.billing.documents.receipts import receipts_with_facts, settlement_of
from sportello.billing.papers.nido import NidoMonth
from sportello.billing.papers.sheets import Payee
from sportello.billing.receipts.models import Receipt
from sportello.families.models import Adult
from sportello.families.queries import placements_during
from sportello.kernel.month import Month

NIDO = category_of("nido")


def paid_months(*, payer: Adult, year: int, payee: Payee, services: Mapping[str, str]) -> list[NidoMonth]:
    """The months of that year for which the adult paid one notice whole; others have no place in the bundle."""
    receipts = receipts_with_facts().filter(
        option__position__payer=payer,
        option__position__purpose=Purpose.MONTHLY_FEE,
        option__number=0,
        option__position__lines__month__year=year,
    )
    receipts = receipts.exclude(option__state=OptionState.UNPAID)
    found = receipts.prefetch_related("option__position__lines__account__child", "option__position__options")
    return [month for receipt in found.order_by("paid_at", "pk") for month in _month(receipt, payee, services)]


def nido_years_of(payer: Adult) -> list[int]:
    """The years of whose months the adult paid some notice of the nido, the latest first. One query."""
    lines = PositionLine.objects.filter(
        position__payer=payer,
        position__purpose=Purpose.MONTHLY_FEE,
        position__state__in=[PositionState.PAID, PositionState.REPORTED],
        account__service_code="nido",
    )
    return sorted({month.year for month in lines.order_by().dates("month", "year")}, reverse=True)


def _month(receipt: Receipt, payee: Payee, services: Mapping[str, str]) -> Iterator[NidoMonth]:
    option = receipt.option
    lines = list(option.position.lines.all()) if option else []
    if option is None or len(lines) != 1 or lines[0].month is None:
        return
    line, account = lines[0], lines[0].account
    if category_of(account.service_code) != NIDO:
        return
    month = Month.of(lines[0].month)
    seats = placements_during(account.child, month.period)
    settlement = settlement_of(receipt, payee, dict(services))
    if settlement.amount != option.amount:
        return
    yield NidoMonth(
        child=child_as_addressee(account.child),
        month=month,
        nido=seats[0].section.school.name if seats else services.get(account.service_code, ""),
        licence=payee.name,
        number=f"{month}/{option.notice_number[-8:]}/{line.number}",
        notice=notice_sheet(option.position, payee),
        settlement=settlement,
    )
