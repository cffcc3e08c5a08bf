"""The lines that wait for a verdict get one, and what agrees is marked as reported. Run again, nothing changes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum

from integrations.pagopa.flows import FlowOutcome
from sportello.billing.debts.models import OptionState, PaymentOption
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.reporting import report_transfers
from sportello.billing.receipts.models import Completion, Receipt, ReceiptSource, ReceiptState
from sportello.billing.receipts.reading import own_transfers
from sportello.billing.reconciliation.matching import Facts, Line, Paid, Verdict, judge
from sportello.billing.reconciliation.models import FlowLine, LineVerdict
from sportello.kernel.errors import gettext_noop

OPEN = ("", LineVerdict.MISSING, LineVerdict.TO_CHECK, LineVerdict.UNKNOWN, LineVerdict.TWICE)
_COMPLETED = Q(verdict=LineVerdict.FROM_FLOW, receipt__completion__isnull=False)
_PARTLY = OptionState.PARTIALLY_REPORTED
_AGREED = Q(flow__is_current=True, verdict__in=(LineVerdict.MATCHED, LineVerdict.FROM_FLOW))


@transaction.atomic
def judge_waiting(*, now: datetime) -> int:
    """Judges the lines of current flows that have no verdict yet, or one that a receipt or a revision may change.

    How many.
    """
    rows = FlowLine.objects.filter(Q(verdict__in=OPEN) | _COMPLETED, flow__is_current=True).select_related("flow")
    lines = list(rows.order_by("flow__published_at", "pk").select_for_update(of=("self",)))
    if not lines:
        return 0
    code = our_institution().segregation_code
    books = _Books(lines)
    for row in lines:
        facts, receipt = books.facts(row)
        line = Line(row.iuv, row.transfer_number, row.amount_cents, FlowOutcome(row.outcome), books.together(row))
        row.verdict = judge(line, facts, segregation_code=code).value
        row.judged_at, row.receipt = now, receipt
        books.saw(row)
    FlowLine.objects.bulk_update(lines, ["verdict", "judged_at", "receipt"], batch_size=2_000)
    return len(lines)


def report_agreed(*, now: datetime) -> int:
    """Marks what agreed lines paid over as reported, and takes it back where a later revision, or the receipt itself,
    no longer says so; returns how many receipts were looked at.
    """
    receipts = Receipt.objects.filter(state=ReceiptState.ATTRIBUTED, option__isnull=False)
    unreported, reported = (OptionState.PAID, _PARTLY), (_PARTLY, OptionState.REPORTED)
    news = FlowLine.objects.filter(_AGREED, receipt__option__state__in=unreported)
    still = FlowLine.objects.filter(_AGREED, iur=OuterRef("iur"), transfer_number=OuterRef("transfer_number"))
    gone = FlowLine.objects.exclude(_AGREED).filter(~Exists(still), receipt__option__state__in=reported)
    wanted = list(receipts.filter(Q(pk__in=news.values("receipt")) | Q(pk__in=gone.values("receipt"))).order_by("pk"))
    of_receipt: defaultdict[int, list[FlowLine]] = defaultdict(list)
    for line in FlowLine.objects.filter(_AGREED, receipt__in=wanted).select_related("flow").order_by("pk"):
        of_receipt[line.receipt_id or 0].append(line)
    for receipt in wanted:
        lines = of_receipt[receipt.pk]
        whole = sum(line.amount_cents for line in lines) == receipt.own_cents
        numbers = None if whole else {line.transfer_number for line in lines}
        reason = lines[-1].flow.fdr if lines else gettext_noop("Una nuova revisione del flusso non lo riporta più")
        report_transfers(option_id=receipt.option_id or 0, numbers=numbers, reason=reason, now=now)
    return len(wanted)


class _Books:
    """What is known of many lines, read at once."""

    def __init__(self, lines: Sequence[FlowLine]) -> None:
        iurs, iuvs = {line.iur for line in lines}, {line.iuv for line in lines}
        rows = Receipt.objects.filter(Q(receipt_id__in=iurs) | Q(iuv__in=iuvs), outcome="OK")
        found = list(rows.select_related("completion").order_by("pk"))
        self._by_iur = {one.receipt_id: one for one in found}
        self._by_iuv: defaultdict[str, list[Receipt]] = defaultdict(list)
        for one in found:
            self._by_iuv[one.iuv].append(one)
        notices = PaymentOption.objects.filter(notice_number__in=[f"3{iuv}" for iuv in iuvs])
        self._notices = {option.iuv for option in notices}
        current = FlowLine.objects.filter(flow__is_current=True).exclude(outcome=FlowOutcome.REVOKED.value)
        judged = current.exclude(verdict__in=OPEN).exclude(pk__in=[line.pk for line in lines]).filter(iur__in=iurs)
        self._reported = set(judged.values_list("iur", "transfer_number"))
        told = [one.receipt_id for one in found]
        self._with_line = set(current.filter(iur__in=told).values_list("iur", flat=True))
        sums = current.filter(iur__in=iurs).values_list("flow_id", "iur").annotate(cents=Sum("amount_cents"))
        self._together: Counter[tuple[int, str]] = Counter({(flow, iur): cents for flow, iur, cents in sums})

    def together(self, row: FlowLine) -> int:
        return self._together[row.flow_id, row.iur]

    def facts(self, row: FlowLine) -> tuple[Facts, Receipt | None]:
        named = self._by_iur.get(row.iur)
        likely = None if named else next(self._likely(row), None)
        facts = Facts(
            named=None if named is None else _paid(named),
            likely=likely is not None,
            has_notice=row.iuv in self._notices,
            reported_before=(row.iur, row.transfer_number) in self._reported,
        )
        return facts, named or likely

    def saw(self, row: FlowLine) -> None:
        """A later line of the same transfer is the second."""
        if row.verdict != Verdict.REVOKED:
            self._reported.add((row.iur, row.transfer_number))

    def _likely(self, row: FlowLine) -> Iterator[Receipt]:
        return (
            one
            for one in self._by_iuv[row.iuv]
            if one.own_cents == row.amount_cents and one.receipt_id not in self._with_line
        )


def _paid(receipt: Receipt) -> Paid:
    """What the receipt says; of one that came after its flow the paper, not the flow's own word."""
    paper: Completion | None = getattr(receipt, "completion", None)
    if paper is not None:
        return Paid(paper.own_cents, own_transfers(paper, receipt.fiscal_code))
    transfers = own_transfers(receipt, receipt.fiscal_code)
    return Paid(receipt.own_cents, transfers, receipt.source == ReceiptSource.FLOW)
