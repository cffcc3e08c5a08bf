"""The proof of the books: balances worked out again from the messages of the Node, and compared with the ledger.

From nothing: the receipts are read out of the journal, those that were asked for or told by a flow out of the bytes
that were kept, settled in memory by the same rule, and laid on what the ledger holds beside them (charges,
corrections, payments at the desk). The entries that a receipt became are not read. Of the rows of receipts only when
each was settled, which is the order in which they paid.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Final

from integrations.pagopa.soap.operations import Operation
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.types import FaultCode, ReceiptMessage
from sportello.billing.debts.dues import pieces_of_stored
from sportello.billing.debts.models import DebtPosition, PaymentOption, PositionState, StateChange
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.pieces import Piece
from sportello.billing.models import Entry, LedgerAccount
from sportello.billing.receipts.models import Attribution, Message, Receipt, ReceiptSource
from sportello.billing.receipts.reading import message_of, own_part, own_transfers
from sportello.billing.receipts.settlement import Claim, settle_claim

_RECEIPTS: Final = (Operation.SEND_RT.value, Operation.SEND_RT_V2.value)
AT_ONCE: Final = 1_000
type Turn = tuple[datetime, int, datetime, int]
"""When it was settled; then people's acts before receipts, and receipts settled in one go as they arrived."""


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


@dataclass(frozen=True, slots=True)
class _Came:
    """Money that came: no more of a receipt is needed, and there may be very many."""

    fiscal_code: str
    notice_number: str
    own_cents: int
    paid: bool


@dataclass(slots=True)
class _Books:
    """The state in memory: which options are paid, by a receipt or by hand, which positions are annulled."""

    attributed: Counter[int] = field(default_factory=Counter)
    aside_cents: int = 0
    by_receipt: set[int] = field(default_factory=set)
    by_hand: set[int] = field(default_factory=set)
    annulled: set[int] = field(default_factory=set)


def replay() -> Replay:
    """Settles every receipt anew. Reads only; a fixed number of queries for each thousand receipts."""
    came = [*_from_journal(our_institution().fiscal_code), *_from_elsewhere()]
    books = _Books()
    events: list[tuple[Turn, _Came | StateChange]] = list(came)
    events += [((change.changed_at, 0, change.changed_at, change.pk), change) for change in _closings()]
    events.sort(key=lambda one: one[0])
    for some in batched(events, AT_ONCE, strict=False):
        notices = _notices([one.notice_number for _turn, one in some if isinstance(one, _Came)])
        for turn, event in some:
            if isinstance(event, StateChange):
                _close(books, event)
            elif event.paid:
                _settle(books, event, notices.get((event.notice_number, event.fiscal_code)), turn[0])
    return Replay(
        receipts=len(came),
        received_cents=sum(one.own_cents for _turn, one in came if one.paid),
        attributed_cents=sum(books.attributed.values()),
        aside_cents=books.aside_cents,
        divergences=tuple(_divergences(books.attributed)),
    )


def _from_journal(ours: str) -> Iterator[tuple[Turn, _Came]]:
    """The receipts of the journal that were settled, each once: a repeated one was refused, and is the same."""
    settled = Receipt.objects.filter(settled_at__isnull=False, source=ReceiptSource.STATION).order_by("pk")
    turns = {
        (code, name): (at, 1, arrived, pk)
        for code, name, at, arrived, pk in settled.values_list(
            "fiscal_code", "receipt_id", "settled_at", "arrived_at", "pk"
        ).iterator()
        if at is not None
    }
    rows = Message.objects.filter(operation__in=_RECEIPTS, fault_code__in=("", FaultCode.PAA_RECEIPT_DUPLICATA))
    for body in rows.order_by("pk").values_list("request", flat=True).iterator():
        message = read_request(bytes(body), None)
        if not isinstance(message, ReceiptMessage):
            continue
        turn = turns.pop((message.fiscal_code, message.receipt_id), None)
        if turn is not None:
            own = own_part(message, ours)
            yield turn, _Came(message.fiscal_code, message.notice_number, own, message.outcome == "OK")


def _from_elsewhere() -> Iterator[tuple[Turn, _Came]]:
    """Those that came by no message of the Node, out of their bytes."""
    rows = Receipt.objects.filter(settled_at__isnull=False).exclude(source=ReceiptSource.STATION).order_by("pk")
    for row in rows.iterator():
        if row.settled_at is None:
            continue
        if row.source == ReceiptSource.FLOW:
            own = sum((own_transfers(row, row.fiscal_code) or {}).values())
        else:
            message = message_of(bytes(row.raw), row.fiscal_code)
            own = 0 if message is None else own_part(message, row.fiscal_code)
        turn = (row.settled_at, 1, row.arrived_at, row.pk)
        yield turn, _Came(row.fiscal_code, row.notice_number, own, row.outcome == "OK")


def _notices(numbers: Sequence[str]) -> dict[tuple[str, str], PaymentOption]:
    """(notice number, fiscal code of a transfer) -> the option, with all that a claim looks at."""
    rows = PaymentOption.objects.filter(notice_number__in=numbers).select_related("position")
    rows = rows.prefetch_related("position__options", "position__lines", "quotes", "transfers")
    return {(one.notice_number, part.fiscal_code): one for one in rows.order_by("pk") for part in one.transfers.all()}


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


def _settle(books: _Books, came: _Came, option: PaymentOption | None, at: datetime) -> None:
    outcome = settle_claim(came.own_cents, None if option is None else _claim(books, option, at))
    books.aside_cents += outcome.aside_cents
    if option is None:
        return
    accounts = {line.pk: line.account_id for line in option.position.lines.all()}
    for part in outcome.parts:
        books.attributed[accounts[part.line_id]] += part.cents
    if outcome.pays:
        books.by_receipt.add(option.pk)


def _claim(books: _Books, option: PaymentOption, at: datetime) -> Claim:
    """The notice as it stood then."""
    position: DebtPosition = option.position
    lines, siblings = list(position.lines.all()), list(position.options.all())
    paid = [one for one in siblings if one.pk in books.by_receipt or one.pk in books.by_hand]
    quote = max((one for one in option.quotes.all() if one.quoted_at <= at), key=lambda one: one.pk, default=None)
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
    of_receipts = Attribution.objects.values("entry")
    sums: Counter[int] = Counter(attributed)
    rows = Entry.objects.exclude(pk__in=of_receipts).order_by("pk").values_list("account", "amount_cents")
    for account, cents in rows.iterator():
        sums[account] += cents
    for pk, balance in LedgerAccount.objects.order_by("pk").values_list("pk", "balance_cents"):
        if balance != sums[pk]:
            yield Divergence(pk, balance, sums[pk])
