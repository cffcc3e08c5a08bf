"""The proof of the books: balances worked out again from the messages of the Node, and compared with the ledger.

From nothing: the receipts are read out of the journal, settled in memory by the same rule, and laid on what the ledger
holds beside them (charges, corrections, payments at the desk). Neither receipts nor entries that a receipt became are
read. What came by another way than the station is not in the journal and counts as it stands in the ledger.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from integrations.pagopa.soap.operations import Operation
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.types import FaultCode, ReceiptMessage
from sportello.billing.debts.dues import pieces_of_stored
from sportello.billing.debts.models import DebtPosition, PaymentOption, PositionState, Quote, StateChange
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.pieces import Piece
from sportello.billing.models import Entry, LedgerAccount
from sportello.billing.receipts.models import Attribution, Message, Receipt, ReceiptSource
from sportello.billing.receipts.settlement import Claim, settle_claim

_RECEIPTS: Final = (Operation.SEND_RT.value, Operation.SEND_RT_V2.value)


@dataclass(frozen=True, slots=True)
class Divergence:
    """An account whose balance is not what the messages make it. There must be none."""

    account_id: int
    balance_cents: int
    replayed_cents: int


@dataclass(frozen=True, slots=True)
class Replay:
    """What the messages come to: money that came, attributed and kept aside, and where the ledger says otherwise."""

    receipts: int
    received_cents: int
    attributed_cents: int
    aside_cents: int
    divergences: tuple[Divergence, ...]


@dataclass(slots=True)
class _Books:
    """The state in memory: which options are paid, by a receipt or by hand, which positions are annulled."""

    attributed: Counter[int] = field(default_factory=Counter)
    aside_cents: int = 0
    by_receipt: set[int] = field(default_factory=set)
    by_hand: set[int] = field(default_factory=set)
    annulled: set[int] = field(default_factory=set)


def replay() -> Replay:
    """Settles every receipt of the journal anew. Reads only."""
    ours = our_institution().fiscal_code
    messages = _messages()
    settled = dict(Receipt.objects.filter(settled_at__isnull=False).values_list("receipt_id", "settled_at"))
    came = [(at, one) for one in messages if (at := settled.get(one.receipt_id))]
    books = _Books()
    events: list[tuple[datetime, int, object]] = [(at, 1, one) for at, one in came]
    events += [(change.changed_at, 0, change) for change in _closings()]
    received = 0
    for at, _order, event in sorted(events, key=lambda one: one[:2]):
        if isinstance(event, StateChange):
            _close(books, event)
        elif isinstance(event, ReceiptMessage) and event.outcome == "OK":
            own = sum(part.amount_cents for part in event.transfers if part.fiscal_code == ours)
            received += own
            _settle(books, event, own, at)
    return Replay(
        receipts=len(came),
        received_cents=received,
        attributed_cents=sum(books.attributed.values()),
        aside_cents=books.aside_cents,
        divergences=tuple(_divergences(books.attributed)),
    )


def _messages() -> list[ReceiptMessage]:
    """The receipts of the journal, each once: a repeated one was refused, and is the same."""
    rows = Message.objects.filter(operation__in=_RECEIPTS, fault_code__in=("", FaultCode.PAA_RECEIPT_DUPLICATA))
    found: dict[tuple[str, str], ReceiptMessage] = {}
    for body in rows.order_by("pk").values_list("request", flat=True).iterator():
        message = read_request(bytes(body), None)
        if isinstance(message, ReceiptMessage):
            found.setdefault((message.fiscal_code, message.receipt_id), message)
    return list(found.values())


def _closings() -> Iterable[StateChange]:
    """What people did to notices: annulled them, or closed them because they were paid elsewhere."""
    annulled = StateChange.objects.filter(after=PositionState.INVALID)
    by_hand = StateChange.objects.filter(after=PositionState.PAID, changed_by__isnull=False)
    return [*annulled.order_by("pk"), *by_hand.order_by("pk")]


def _close(books: _Books, change: StateChange) -> None:
    if change.after == PositionState.INVALID:
        books.annulled.add(change.position_id)
        return
    options = list(PaymentOption.objects.filter(position=change.position_id).order_by("number"))
    begun = any(one.number and one.pk in books.by_receipt for one in options)
    whole = not begun and options[0].number == 0
    closed = options[:1] if whole else [one for one in options if one.number and one.pk not in books.by_receipt]
    books.by_hand |= {one.pk for one in closed}


def _settle(books: _Books, message: ReceiptMessage, own: int, at: datetime) -> None:
    options = PaymentOption.objects.filter(transfers__fiscal_code=message.fiscal_code).select_related("position")
    option = options.filter(notice_number=message.notice_number).first()
    outcome = settle_claim(own, None if option is None else _claim(books, option, at))
    books.aside_cents += outcome.aside_cents
    if option is None:
        return
    accounts = dict(option.position.lines.values_list("pk", "account"))
    for part in outcome.parts:
        books.attributed[accounts[part.line_id]] += part.cents
    if outcome.pays:
        books.by_receipt.add(option.pk)


def _claim(books: _Books, option: PaymentOption, at: datetime) -> Claim:
    """The notice as it stood then."""
    position: DebtPosition = option.position
    lines, siblings = list(position.lines.all()), list(position.options.all())
    paid = [one for one in siblings if one.pk in books.by_receipt | books.by_hand]
    quote = Quote.objects.filter(option=option, quoted_at__lte=at).order_by("-pk").first()
    quoted = () if quote is None else tuple(Piece(line, cents) for line, cents in quote.parts)
    known = {piece.line_id for piece in quoted} <= {line.pk for line in lines}
    return Claim(
        pieces=pieces_of_stored(option, lines, siblings),
        quoted=quoted if known else (),
        closed=position.pk in books.annulled or option.pk in books.by_hand,
        paid=option.pk in books.by_receipt,
        excluded=any((one.number == 0) != (option.number == 0) for one in paid),
    )


def _divergences(attributed: Counter[int]) -> Iterable[Divergence]:
    of_receipts = Attribution.objects.filter(receipt__source=ReceiptSource.STATION).values("entry")
    sums: Counter[int] = Counter(attributed)
    rows = Entry.objects.exclude(pk__in=of_receipts).order_by("pk").values_list("account", "amount_cents")
    for account, cents in rows.iterator():
        sums[account] += cents
    for pk, balance in LedgerAccount.objects.order_by("pk").values_list("pk", "balance_cents"):
        if balance != sums[pk]:
            yield Divergence(pk, balance, sums[pk])
