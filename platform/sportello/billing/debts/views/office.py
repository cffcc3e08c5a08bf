"""The office and one notice: what it asks, its story; to adjust, to annul, to close because it was paid elsewhere."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from services_catalog.models import Service
from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.debts.changing import adjust_amount, invalidate_position
from sportello.billing.debts.forms import AmountsForm, ReasonForm, ReliefForm
from sportello.billing.debts.models import DebtPosition, PositionLine, PositionState
from sportello.billing.debts.states import CHANGEABLE, PAYABLE
from sportello.billing.debts.writing_off import write_off
from sportello.billing.forms import PaidForm
from sportello.billing.recording_payments import record_paid_elsewhere
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money

OFFICE: Final = (Role.CLERK, Role.ADMINISTRATOR)
RELIEVERS: Final = (Role.ADMINISTRATOR,)


@require_GET
@role_required(*OFFICE)
def position(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What it asks and what happened to it."""
    held = _position(public_id)
    changes = list(held.state_changes.order_by("pk"))
    people = Account.objects.in_bulk({one.changed_by for one in changes if one.changed_by})
    options = sorted(held.options.all(), key=lambda option: option.number)
    context = {
        "position": held,
        "options": options,
        "lines": [(line, label, Money(line.amount_cents)) for line, label in _lines(held)],
        "changes": [(one, people.get(one.changed_by or 0)) for one in changes],
        "may_change": held.state in CHANGEABLE,
        "may_adjust": held.state in CHANGEABLE and len(options) == 1,
        "may_be_relieved": bool(request.user.roles_on(clock.today()) & set(RELIEVERS))
        and held.state in CHANGEABLE | {PositionState.PARTIALLY_PAID},
        "may_be_paid": held.state in PAYABLE or held.state == "EXPIRED",
    }
    return render(request, "billing/debts/position.html", context)


@role_required(*OFFICE)
def adjust(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Other sums under the same number."""
    held = _position(public_id)
    form = AmountsForm(request.POST or None, lines=_lines(held))

    def change() -> None:
        reason = form.cleaned_data["reason"]
        adjust_amount(position=held, amounts=form.amounts, reason=reason, actor=request.user.pk, now=clock.now())

    return _page(request, held, form, change, gettext_lazy("Correggi l'importo"))


@role_required(*OFFICE)
def annul(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """For good; what is owed stays owed, and may be asked for by another notice."""
    held = _position(public_id)
    form = ReasonForm(request.POST or None)

    def change() -> None:
        reason = form.cleaned_data["reason"]
        invalidate_position(position=held, reason=reason, actor=request.user.pk, now=clock.now())

    return _page(request, held, form, change, gettext_lazy("Annulla l'avviso"))


@role_required(*OFFICE)
def paid(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Paid at the desk or by transfer: nobody pays it again."""
    held = _position(public_id)
    form = PaidForm(request.POST or None)

    def change() -> None:
        record_paid_elsewhere(position=held, actor=request.user.pk, now=clock.now(), **form.cleaned_data)

    return _page(request, held, form, change, gettext_lazy("Registra il pagamento"))


@role_required(*RELIEVERS)
def relief(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The Comune gives the sum up, by an act."""
    held = _position(public_id)
    form = ReliefForm(request.POST or None)

    def change() -> None:
        write_off(position=held, act=form.act, actor=request.user.pk, now=clock.now())

    return _page(request, held, form, change, gettext_lazy("Cancella il debito"))


def _page(
    request: IdentifiedRequest, held: DebtPosition, form: forms.Form, change: Callable[[], None], title: str | Promise
) -> HttpResponse:
    """Asks; sent, makes the one change."""
    if request.method == "POST" and form.is_valid():
        try:
            change()
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Avviso aggiornato."))
            return redirect("debts:position", held.public_id)
    context: dict[str, Any] = {"position": held, "form": form, "title": title}
    return render(request, "billing/debts/change.html", context, status=422 if form.errors else 200)


def _position(public_id: UUID) -> DebtPosition:
    rows = DebtPosition.objects.prefetch_related("lines__account__child", "options")
    found: DebtPosition = get_object_or_404(rows, public_id=public_id)
    return found


def _lines(held: DebtPosition) -> list[tuple[PositionLine, str]]:
    """Each line with child and service, as the office reads it."""
    names = dict(Service.objects.order_by("pk").values_list("code", "name"))
    return [
        (line, f"{line.account.child.full_name}, {names.get(line.account.service_code, line.account.service_code)}")
        for line in held.lines.all()
    ]
