"""The office and the ledger of a child: what was charged and paid, a payment to record, an entry to correct."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from services_catalog.models import Service
from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.correcting import correct_entry
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.dues import open_notices_of
from sportello.billing.debts.forms import AccountReliefForm
from sportello.billing.debts.writing_off import unasked_of, write_off_unasked
from sportello.billing.forms import CorrectionForm, PaymentForm
from sportello.billing.models import Entry
from sportello.billing.recording_payments import record_payment
from sportello.billing.statements import statement_of
from sportello.families.models import Adult, Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import money

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def ledger(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """The movements of a child in a service, with who posted them."""
    child, service = _subject(public_id, service_code)
    statement = statement_of(child, service.code)
    record(
        action=Action.STATEMENT_READ,
        actor=request.user.pk,
        subject_kind="child",
        subject=child.public_id,
        now=clock.now(),
        details={"service": service.code},
    )
    posters = Account.objects.in_bulk({entry.posted_by for entry in statement.entries if entry.posted_by})
    entries = [(entry, posters.get(entry.posted_by or 0)) for entry in statement.entries]
    may_relieve = Role.ADMINISTRATOR in request.user.roles_on(clock.today())
    context = {
        "child": child,
        "service": service,
        "statement": statement,
        "entries": entries,
        "may_relieve": may_relieve,
    }
    return render(request, "billing/ledger.html", context)


@role_required(*OFFICE)
def payment(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Record a payment made outside the desk."""
    child, service = _subject(public_id, service_code)
    bearers = bearers_of([child.pk])
    who = {one.adult_id for held in (bearers.shares, bearers.payers) for one in held.get(child.pk, ())}
    form = PaymentForm(request.POST or None, bearers=Adult.objects.filter(pk__in=who).order_by("family_name", "pk"))
    if request.method == "POST" and form.is_valid():
        try:
            posted = record_payment(
                child=child, service_code=service.code, actor=request.user.pk, now=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Pagamento registrato.") if posted else _("Pagamento già registrato."))
            return redirect("billing:ledger", child.public_id, service.code)
    statement = statement_of(child, service.code)
    context = {
        "child": child,
        "service": service,
        "form": form,
        "statement": statement,
        "notices": open_notices_of(child, service.code),
    }
    return render(request, "billing/payment.html", context, status=_status(form))


@role_required(*OFFICE)
def correction(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Correct an entry by posting the difference."""
    entry = get_object_or_404(Entry.objects.select_related("account__child"), public_id=public_id)
    child, service = _subject(entry.account.child.public_id, entry.account.service_code)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amount = form.cleaned_data["amount"]
        try:
            correct_entry(
                entry=entry,
                difference=abs(amount) if form.cleaned_data["direction"] == "favour" else -abs(amount),
                reason=form.cleaned_data["reason"],
                token=form.cleaned_data["token"],
                actor=request.user.pk,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Rettifica registrata."))
            return redirect("billing:ledger", child.public_id, service.code)
    context = {"child": child, "service": service, "form": form, "entry": entry}
    return render(request, "billing/correction.html", context, status=_status(form))


@role_required(Role.ADMINISTRATOR)
def relief(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """Gives up what the account owes and no notice asks for, by an act."""
    child, service = _subject(public_id, service_code)
    form = AccountReliefForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        now = clock.now()
        try:
            given_up = write_off_unasked(
                child=child, service_code=service.code, act=form.act, token=token, actor=request.user.pk, now=now
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Cancellati %(sum)s.") % {"sum": money(given_up)})
            return redirect("billing:ledger", child.public_id, service.code)
    unasked = Money(sum(due.to_ask_cents for due in unasked_of(child, service.code)))
    notices = open_notices_of(child, service.code)
    context = {"child": child, "service": service, "form": form, "unasked": unasked, "notices": notices}
    return render(request, "billing/relief.html", context, status=_status(form))


def _subject(public_id: UUID, service_code: str) -> tuple[Child, Service]:
    return get_object_or_404(Child, public_id=public_id), get_object_or_404(Service, code=service_code)


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
