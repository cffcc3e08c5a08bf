"""The family and the credit of a child in a service: top up, be told, move to a sibling, ask back.

Moving and asking back are for guardians; a delegate to pay tops up and is told. Support may look.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from services_catalog.fees.payment import PaymentPolicy
from services_catalog.models import Service
from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.billing.carts.policies import UNSAID, payment_policies
from sportello.billing.carts.purse import purse_of
from sportello.billing.carts.topping_up import open_top_up
from sportello.billing.credits.alerting import set_credit_alert
from sportello.billing.credits.forms import AlertForm, MoveForm, RefundForm, TopUpForm
from sportello.billing.credits.models import CreditAlert, RefundRequest
from sportello.billing.credits.moving import move_credit
from sportello.billing.credits.refunding import ask_refund
from sportello.billing.credits.standing import Standing, standings_of
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class _Subject:
    """Child and service of the page; `standing` where it is her own child and something was ever posted."""

    child: Child
    service: Service
    policy: PaymentPolicy
    standing: Standing | None
    siblings: tuple[Standing, ...]


@identified
def credit(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """What is there, and what may be done with it."""
    return _page(request, _subject(request, public_id, service_code))


@identified
@in_person
def top_up(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Opens the cart of a top-up and shows it."""
    if request.method != "POST":
        return redirect("credits:credit", public_id, service_code)
    subject, form = _subject(request, public_id, service_code), TopUpForm(request.POST)
    if form.is_valid():
        try:
            cart = open_top_up(
                account=request.user, child=subject.child, service=subject.service, now=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("amount", str(error))
        else:
            return redirect("carts:cart", cart.public_id)
    return _page(request, subject, top_up=form)


@identified
@in_person
def alert(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Sets, changes or takes away the sum below which she is told."""
    if request.method != "POST":
        return redirect("credits:credit", public_id, service_code)
    subject, form = _subject(request, public_id, service_code), AlertForm(request.POST)
    standing = _own(subject)
    if form.is_valid():
        threshold = form.cleaned_data["threshold"]
        set_credit_alert(ledger=standing.ledger, person=request.user, threshold=threshold, now=clock.now())
        messages.success(request, _("Ti avviseremo.") if threshold else _("Non riceverai più questo avviso."))
        return redirect("credits:credit", public_id, service_code)
    return _page(request, subject, alert=form)


@identified
@in_person
def move(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Moves credit to a sibling."""
    if request.method != "POST":
        return redirect("credits:credit", public_id, service_code)
    subject = _subject(request, public_id, service_code)
    standing, form = _own(subject), MoveForm(request.POST, targets=_targets(subject))
    if form.is_valid():
        try:
            moved = move_credit(source=standing.ledger.pk, person=request.user, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error("amount", str(error))
        else:
            messages.success(request, _("Credito spostato.") if moved else _("Questo credito era già spostato."))
            return redirect("credits:credit", public_id, service_code)
    return _page(request, subject, move=form)


@identified
@in_person
def refund(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Asks the office for the credit back."""
    if request.method != "POST":
        return redirect("credits:credit", public_id, service_code)
    subject, form = _subject(request, public_id, service_code), RefundForm(request.POST)
    standing = _own(subject)
    if form.is_valid():
        try:
            ask_refund(ledger=standing.ledger.pk, person=request.user, now=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Richiesta inviata: l'ufficio la esamina."))
            return redirect("credits:credit", public_id, service_code)
    return _page(request, subject, refund=form)


def _subject(request: IdentifiedRequest, public_id: UUID, service_code: str) -> _Subject:
    today = clock.today()
    purse = purse_of(request.user, today)
    child = next((child for child in purse.children.values() if child.public_id == public_id), None)
    if child is None:
        raise Http404
    service = get_object_or_404(Service, code=service_code)
    same = [one for one in standings_of(request.user, today) if one.ledger.service_code == service.code]
    return _Subject(
        child=child,
        service=service,
        policy=payment_policies(today).get(service.code, UNSAID),
        standing=next((one for one in same if one.ledger.child_id == child.pk), None),
        siblings=tuple(one for one in same if one.ledger.child_id != child.pk),
    )


def _own(subject: _Subject) -> Standing:
    if subject.standing is None:
        raise Http404
    return subject.standing


def _targets(subject: _Subject) -> list[tuple[int, str]]:
    return [(one.ledger.pk, one.ledger.child.full_name) for one in subject.siblings]


def _page(request: IdentifiedRequest, subject: _Subject, **bound: forms.Form) -> HttpResponse:
    """The page with all its forms; the one that was sent with its errors."""
    held = subject.standing
    kept = CreditAlert.objects.filter(ledger=held.ledger, person=request.user).first() if held else None
    asked = RefundRequest.objects.filter(ledger=held.ledger, asked_by=request.user).first() if held else None
    shown: dict[str, Any] = {
        "top_up": TopUpForm(),
        "alert": AlertForm(initial={"threshold": kept.threshold if kept else None}),
        "move": MoveForm(targets=_targets(subject)),
        "refund": RefundForm(initial={"holder": request.user.full_name}),
    }
    context = {"subject": subject, "alert": kept, "asked": asked, "forms": shown | bound, "sent": next(iter(bound), "")}
    wrong = any(form.errors for form in bound.values())
    return render(request, "billing/credit.html", context, status=422 if wrong else 200)
