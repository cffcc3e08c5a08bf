"""What is overdue, and what is known of who owes it. A fixed number of queries, however many they are."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from sportello.billing.debts.dues import dues_of_accounts, pieces_of_stored, unpaid_lines
from sportello.billing.debts.models import (
    CostShare,
    DebtPosition,
    OptionState,
    PaymentOption,
    PositionLine,
    PositionState,
    Purpose,
)
from sportello.billing.issuing.reading import exempt_on
from sportello.billing.ladder.models import NeedCheck, Pause, StepTaken
from sportello.billing.ladder.rules import Facts, Overdue, Step
from sportello.families.models import PayerAssignment

_LATE = (PositionState.VALID, PositionState.PARTIALLY_PAID, PositionState.EXPIRED)


def overdue_on(today: date, payers: Collection[int] | None = None) -> list[Overdue]:
    """The notices whose day has passed, of these payers (adults, by id) or of all, with what is still due of each.

    Never more than is owed, and nothing that another notice asks for whose day is to come; the oldest counts first.
    """
    late = DebtPosition.objects.filter(
        state__in=_LATE, options__state=OptionState.UNPAID, options__due_on__lt=today
    ).exclude(purpose=Purpose.TOP_UP)
    if payers is not None:
        late = late.filter(payer__in=payers)
    positions = list(late.order_by("pk").distinct().prefetch_related("lines", "options"))
    parts = {position.pk: _parts(position, today) for position in positions}
    left = _left([line for position in positions for line in position.lines.all()], parts)
    taken: dict[int, dict[Step, date]] = {}
    for one in StepTaken.objects.filter(position__in=positions).order_by("pk"):
        taken.setdefault(one.position_id, {})[Step(one.step)] = one.taken_on
    found = []
    for position in positions:
        cents = 0
        for line in position.lines.all():
            key = (line.account_id, position.payer_id)
            part = min(parts[position.pk].get(line.pk, 0), max(0, left.get(key, 0)))
            left[key] = left.get(key, 0) - part
            cents += part
        if cents:
            due_on = min(option.due_on for option in _late_options(position, today))
            found.append(Overdue(position.pk, position.payer_id, cents, due_on, taken.get(position.pk, {})))
    return found


def facts_of(payers: Collection[int], today: date) -> dict[int, Facts]:
    """Why the ladder stands still for them, and what the social services said last."""
    paused = set(
        Pause.objects.filter(payer__in=payers, ended_at=None, until__gte=today)
        .order_by()
        .values_list("payer", flat=True)
    )
    checks = {one.payer_id: one for one in NeedCheck.objects.filter(payer__in=payers).order_by("checked_on", "pk")}
    exempt, plans = _exempt(payers, today), _with_a_plan(payers, today)
    return {
        payer: Facts(
            exempt=payer in exempt,
            has_plan=payer in plans,
            paused=payer in paused,
            collectable=checks[payer].collectable if payer in checks else None,
            checked_on=checks[payer].checked_on if payer in checks else None,
        )
        for payer in payers
    }


def _late_options(position: DebtPosition, today: date) -> list[PaymentOption]:
    """The whole where there is no plan, else the instalments whose day has passed."""
    options = sorted(position.options.all(), key=lambda one: one.number)
    chosen = [one for one in options if one.number] or options
    return [one for one in chosen if one.state == OptionState.UNPAID and one.due_on < today]


def _parts(position: DebtPosition, today: date) -> dict[int, int]:
    """Line id -> cents of it that are late."""
    lines, options = list(position.lines.all()), list(position.options.all())
    found: dict[int, int] = {}
    for option in _late_options(position, today):
        for piece in pieces_of_stored(option, lines, options):
            found[piece.line_id] = found.get(piece.line_id, 0) + piece.cents
    return found


def _left(lines: Iterable[PositionLine], parts: dict[int, dict[int, int]]) -> dict[tuple[int, int | None], int]:
    """(account, payer) -> what is owed and asked for by no notice whose day is to come."""
    accounts = {line.account_id for line in lines}
    left = {(due.account_id, due.payer_id): due.owed_cents for due in dues_of_accounts(accounts)}
    for line, cents in unpaid_lines(accounts):
        key = (line.account_id, line.position.payer_id)
        left[key] = left.get(key, 0) - (cents - parts.get(line.position_id, {}).get(line.pk, 0))
    return left


def _exempt(payers: Collection[int], today: date) -> set[int]:
    """Who pays for a child that is exempt today, in any service."""
    child_of: dict[int, set[int]] = {}
    day = Q(valid_during__contains=today)
    for model in (PayerAssignment, CostShare):
        pairs = model.objects.filter(day, adult__in=payers).order_by().values_list("adult", "child")
        for adult, child in pairs:
            child_of.setdefault(adult, set()).add(child)
    exempt = {child for child, _service in exempt_on(today, {one for held in child_of.values() for one in held})}
    return {payer for payer, children in child_of.items() if children & exempt}


def _with_a_plan(payers: Collection[int], today: date) -> set[int]:
    """Who agreed on instalments, or began to pay them, and is not late with any."""
    agreed = Q(key__startswith="plan:") | Q(state=PositionState.PARTIALLY_PAID)
    plans = DebtPosition.objects.filter(
        agreed, payer__in=payers, state__in=[PositionState.VALID, PositionState.PARTIALLY_PAID], options__number__gt=0
    )
    late = PaymentOption.objects.filter(number__gt=0, state=OptionState.UNPAID, due_on__lt=today)
    held = plans.exclude(pk__in=late.values("position")).order_by()
    return set(held.values_list("payer", flat=True))
