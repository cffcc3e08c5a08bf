"""What the flows of a period brought, by service and chapter: their sums are those of the flows, to the cent (P35)."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.billing.accounting.chapters import Chapters
from sportello.billing.accounting.models import Chapter
from sportello.billing.accounting.rules import Brought, Part, allot
from sportello.billing.debts.categories import category_of
from sportello.billing.debts.models import Purpose
from sportello.billing.receipts.models import AsideReason, Attribution, KeptAside, Receipt
from sportello.billing.reconciliation.models import Flow, FlowLine, LineVerdict
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money

_WITH_RECEIPT: Final = (LineVerdict.MATCHED, LineVerdict.FROM_FLOW, LineVerdict.AMOUNT)
NO_CHAPTER: Final = _("Capitolo da configurare")
UNKNOWN: Final = _("Non ancora abbinato a un servizio")
DECLARED: Final = _("Differenza fra quanto il flusso dichiara e le sue righe")


@dataclass(frozen=True, slots=True)
class Use:
    """What money is for: a service and purpose, or the reason why it is none yet."""

    service_code: str = ""
    purpose: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """A row of the statement. Without a chapter `note` says why."""

    flow: Flow
    paid_on: date | None
    service: str
    purpose: str | Promise
    chapter: Chapter | None
    amount: Money
    note: str | Promise = ""


@dataclass(frozen=True, slots=True)
class _Books:
    """What every row looks at: the chapters, and the names of the services by code."""

    chapters: Chapters
    names: dict[str, str]


def collected(*, first: date, last: date) -> list[Collected]:
    """The rows of the current flows whose money reached the bank from the first to the last day, both included.

    All rows of a flow together are what it declares.
    """
    flows = list(Flow.objects.filter(is_current=True, regulated_on__range=(first, last)).order_by("regulated_on", "pk"))
    lines = list(FlowLine.objects.filter(flow__in=flows).select_related("flow").order_by("flow", "index"))
    uses = _uses(lines)
    books = _Books(Chapters(), dict(Service.objects.order_by("pk").values_list("code", "name")))
    of_flow: defaultdict[int, Counter[tuple[date | None, Use]]] = defaultdict(Counter)
    for line in lines:
        for use, cents in uses[line.pk]:
            of_flow[line.flow_id][line.paid_at.astimezone(ROME).date(), use] += cents
    rows: list[Collected] = []
    for flow in flows:
        sums = of_flow[flow.pk]
        for day, use in sorted(
            sums, key=lambda key: (key[0] or first, key[1].service_code, key[1].purpose, key[1].reason)
        ):
            rows.append(_row(flow, day, use, Money(sums[day, use]), books))
        rest = flow.declared_cents - sum(sums.values())
        if rest:
            rows.append(Collected(flow, None, "", "", None, Money(rest), DECLARED))
    return rows


def without_chapter(rows: Iterable[Collected]) -> Money:
    """What of it still needs a person: a chapter, or a use."""
    return Money.sum(row.amount for row in rows if row.note)


def _row(flow: Flow, day: date | None, use: Use, amount: Money, books: _Books) -> Collected:
    if not use.service_code:
        return Collected(flow, day, "", "", None, amount, _reason(use.reason))
    chapter = books.chapters.on(use.service_code, use.purpose, flow.regulated_on)
    purpose = Purpose(use.purpose).label if use.purpose else ""
    name = books.names.get(use.service_code, use.service_code)
    return Collected(flow, day, name, purpose, chapter, amount, "" if chapter else NO_CHAPTER)


def _reason(reason: str) -> str | Promise:
    if reason in AsideReason.values:
        return AsideReason(reason).label
    return LineVerdict(reason).label if reason in LineVerdict.values else UNKNOWN


def _uses(lines: Sequence[FlowLine]) -> dict[int, list[tuple[Use, int]]]:
    """Line id -> what it brought; all cents of the line. Of a receipt whose lines stand in several flows all count."""
    found: dict[int, list[tuple[Use, int]]] = {
        line.pk: [(Use(reason=line.verdict), line.amount_cents)] for line in lines if line.verdict not in _WITH_RECEIPT
    }
    receipts = {line.receipt_id for line in lines if line.verdict in _WITH_RECEIPT and line.receipt_id}
    together: defaultdict[int, list[Brought]] = defaultdict(list)
    same = FlowLine.objects.filter(flow__is_current=True, verdict__in=_WITH_RECEIPT, receipt__in=receipts)
    for one in same.order_by("flow__regulated_on", "flow", "index"):
        together[one.receipt_id or 0].append(Brought(one.pk, one.transfer_number, one.amount_cents))
    parts = _parts(receipts)
    verdicts = {line.pk: line.verdict for line in lines}
    for receipt, brought in together.items():
        for key, pieces in allot(brought, parts.get(receipt, ())).items():
            if key in verdicts:
                found[key] = [(_use(use, verdicts[key]), cents) for use, cents in pieces]
    return found


def _use(use: Hashable | None, verdict: str) -> Use:
    return use if isinstance(use, Use) else Use(reason=verdict if verdict == LineVerdict.AMOUNT else "")


def _parts(receipts: Iterable[int]) -> dict[int, list[Part]]:
    """Receipt id -> what became of its money."""
    wanted = list(receipts)
    transfers: dict[int, dict[str, int]] = {}
    rows = Receipt.objects.filter(pk__in=wanted).select_related("option__position")
    known = {one.pk: one for one in rows.prefetch_related("option__transfers").order_by("pk")}
    for pk, one in known.items():
        held = one.option.transfers.all() if one.option else ()
        transfers[pk] = {part.category: part.number for part in held}
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for paid in Attribution.objects.filter(receipt__in=wanted).select_related("entry__account").order_by("pk"):
        code, option = paid.entry.account.service_code, known[paid.receipt_id].option
        use = Use(code, option.position.purpose if option else "")
        found[paid.receipt_id].append(Part(use, transfers[paid.receipt_id].get(category_of(code)), paid.amount_cents))
    for aside in KeptAside.objects.filter(receipt__in=wanted).select_related("entry__account").order_by("pk"):
        use = Use(aside.entry.account.service_code) if aside.entry else Use(reason=aside.reason)
        found[aside.receipt_id].append(Part(use, None, aside.amount_cents))
    return found
