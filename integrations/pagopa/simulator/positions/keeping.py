"""GPD's and ACA's use cases on positions. `product` is "gpd" or "aca": the same machine, two stores."""

from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from msgspec import UNSET

from integrations.pagopa.simulator.models import Option, Position
from integrations.pagopa.simulator.positions import states
from integrations.pagopa.simulator.positions.judging import wrong_with, zoned
from integrations.pagopa.simulator.positions.structs import PaymentOption, PaymentPosition

PAYING: Final = ("gpd", "myp")
"""Where a notice is paid without asking the creditor: GPD, and the dues of MyPay. ACA's are copies."""


class Refused(Exception):
    """GPD does not do it: `status` and words of its problem+json."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def create(*, product: str, fiscal_code: str, sent: PaymentPosition, publish: bool, now: datetime) -> Position:
    """A new position. Raises Refused (400 for what is wrong with it, 409 where it or its notice exists)."""
    _require_sound(sent)
    try:
        with transaction.atomic():
            position = Position(product=product, fiscal_code=fiscal_code, iupd=sent.iupd, inserted_at=now)
            _write(position, sent, publish=publish, now=now)
    except IntegrityError as error:
        raise Refused(409, "Conflict", f"The iupd {sent.iupd}, or a nav or iuv of it, already exists") from error
    return position


def update(
    *, product: str, fiscal_code: str, iupd: str, sent: PaymentPosition, publish: bool, now: datetime
) -> Position:
    """Puts new content in place of the old. Raises Refused."""
    _require_sound(sent)
    if sent.iupd != iupd:
        raise Refused(400, "Bad request", "The iupd of the body is not that of the address")
    try:
        with transaction.atomic():
            position = find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=now, lock=True)
            _require(position, states.UPDATABLE, "updated")
            was_valid = position.state == states.VALID and sent.validity_date is UNSET
            kept = position.valid_from if was_valid else None
            position.options.all().delete()
            _write(position, sent, publish=publish or position.state != states.DRAFT, now=now, kept=kept)
    except IntegrityError as error:
        raise Refused(409, "Conflict", "A nav or iuv belongs to another position") from error
    return position


def publish(*, product: str, fiscal_code: str, iupd: str, now: datetime) -> Position:
    """DRAFT becomes PUBLISHED, and VALID at once where no later day was set. Raises Refused."""
    with transaction.atomic():
        position = find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=now, lock=True)
        _require(position, frozenset({states.DRAFT}), "published")
        position.published_at = now
        position.state = states.when_sent(publish=True, valid_from=position.valid_from, now=now)
        _save(position, now)
    return position


def invalidate(*, product: str, fiscal_code: str, iupd: str, now: datetime) -> Position:
    """For good. Raises Refused."""
    with transaction.atomic():
        position = find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=now, lock=True)
        _require(position, states.INVALIDABLE, "invalidated")
        position.state = states.INVALID
        _save(position, now)
    return position


def delete(*, product: str, fiscal_code: str, iupd: str, now: datetime) -> None:
    """Only what nobody has paid. Raises Refused."""
    with transaction.atomic():
        position = find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=now, lock=True)
        _require(position, states.UPDATABLE | {states.INVALID}, "deleted")
        position.delete()


def mark_paid(
    *, product: str, fiscal_code: str, nav: str, paid_at: datetime, now: datetime, receipt_id: str = "", psp: str = ""
) -> Option:
    """An option was paid, here or elsewhere, whatever the state of its position (P23). Raises Refused."""
    with transaction.atomic():
        held = Option.objects.select_for_update(of=("self", "position")).filter(
            product=product, fiscal_code=fiscal_code, nav=nav
        )
        option = held.select_related("position").first()
        if option is None:
            raise Refused(404, "Not found", f"No payment option with nav {nav}")
        if option.state != states.UNPAID:
            raise Refused(409, "Conflict", f"The payment option with nav {nav} is already paid")
        option.state, option.paid_at, option.receipt_id, option.psp_name = "PO_PAID", paid_at, receipt_id, psp
        option.save()
        left = option.position.options.filter(partial=True, state=states.UNPAID).count()
        option.position.state = states.when_paid(partial=option.partial, left=left)
        _save(option.position, now)
    return option


def change_iban(*, product: str, fiscal_code: str, old: str, new: str, now: datetime) -> int:
    """The same account in all positions that may still be changed; returns how many transfers."""
    changed = 0
    with transaction.atomic():
        held = Position.objects.filter(product=product, fiscal_code=fiscal_code, state__in=states.UPDATABLE)
        for position in held.select_for_update().order_by("id"):
            for option in position.options.order_by("id"):
                lines = [line for line in option.content["transfer"] if line.get("iban") == old]
                for line in lines:
                    line["iban"] = new
                if lines:
                    option.save(update_fields=["content"])
                    _save(position, now)
                changed += len(lines)
    return changed


def find(*, product: str, fiscal_code: str, iupd: str, now: datetime, lock: bool = False) -> Position:
    """The position as time has left it. Raises Refused (404)."""
    held = Position.objects.filter(product=product, fiscal_code=fiscal_code, iupd=iupd)
    position = (held.select_for_update() if lock else held).first()
    if position is None:
        raise Refused(404, "Not found", f"No debt position with iupd {iupd}")
    return aged(position, now)


def aged(position: Position, now: datetime) -> Position:
    """Brings the state up to what the calendar says."""
    state = states.when_read(
        position.state,
        valid_from=position.valid_from,
        dues=[option.due_at for option in position.options.all()],
        expires=bool(position.content["switchToExpired"]),
        now=now,
    )
    if state != position.state:
        position.state = state
        position.save(update_fields=["state"])
    return position


def payable(*, product: str, fiscal_code: str, nav: str, now: datetime) -> tuple[Option | None, str]:
    """The option of a notice, and the fault for who would pay it now ("": none). No option: GPD does not hold it."""
    held: QuerySet[Option] = Option.objects.filter(product=product, fiscal_code=fiscal_code, nav=nav)
    option = held.select_related("position").first()
    if option is None:
        return None, ""
    position = aged(option.position, now)
    paid = position.options.exclude(pk=option.pk).exclude(state=states.UNPAID)
    fault = states.refusal(
        position.state,
        partial=option.partial,
        option_state=option.state,
        others_paid=list(paid.values_list("partial", flat=True)),
    )
    return option, fault


def _require_sound(sent: PaymentPosition) -> None:
    wrong = wrong_with(sent)
    if wrong:
        raise Refused(400, "Bad request", "; ".join(wrong))


def _require(position: Position, allowed: frozenset[str], verb: str) -> None:
    if position.state not in allowed:
        raise Refused(409, "Conflict", f"A debt position in state {position.state} cannot be {verb}")


def _write(
    position: Position, sent: PaymentPosition, *, publish: bool, now: datetime, kept: datetime | None = None
) -> None:
    valid_from = kept if sent.validity_date is UNSET else zoned(sent.validity_date)
    position.content = msgspec.to_builtins(sent)
    position.valid_from = valid_from
    position.state = states.when_sent(publish=publish, valid_from=valid_from, now=now)
    position.published_at = now if publish else None
    _save(position, now)
    Option.objects.bulk_create([_option(position, one) for one in sent.payment_option])


def _option(position: Position, sent: PaymentOption) -> Option:
    content: dict[str, Any] = msgspec.to_builtins(sent)
    return Option(
        position=position,
        product=position.product,
        fiscal_code=position.fiscal_code,
        nav=f"3{sent.iuv}" if sent.nav is UNSET else sent.nav,
        iuv=sent.iuv,
        amount_cents=sent.amount,
        partial=sent.is_partial_payment,
        due_at=zoned(sent.due_date),
        content=content,
    )


def _save(position: Position, now: datetime) -> None:
    position.updated_at = now
    position.save()
