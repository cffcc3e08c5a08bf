"""The office and the money that paid nothing: a queue, the oldest first; each sum ends once, with a note."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from services_catalog.models import Service
from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.models import LedgerAccount
from sportello.billing.receipts.aside import credit_aside, pass_on_aside, refund_aside
from sportello.billing.receipts.forms import CreditForm, EndForm, SearchForm
from sportello.billing.receipts.models import KeptAside
from sportello.families.models import Adult, Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.listing import Tab, list_page

OFFICE: Final = (Role.CLERK, Role.ADMINISTRATOR)
MOST_FOUND: Final = 20
TABS: Final = (
    Tab("", gettext_lazy("Da sistemare"), Q(end="")),
    Tab("chiuse", gettext_lazy("Chiuse"), ~Q(end="")),
)


@require_GET
@role_required(*OFFICE)
def asides(request: IdentifiedRequest) -> HttpResponse:
    """What waits for a decision, the oldest first; and what was decided."""
    page = list_page(
        request,
        KeptAside.objects.select_related("receipt"),
        sorts={"data": ("opened_at",), "importo": ("amount_cents",)},
        default_sort="data",
        tabs=TABS,
        exports=False,
    )
    shown = [(one, Money(one.amount_cents)) for one in page.rows]
    return render(request, "billing/receipts/asides.html", {"page": page, "shown": shown})


@role_required(*OFFICE)
def aside(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One sum: what came, from whom; given back, passed on, or looking for the account it belongs to."""
    held = _aside(public_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end = refund_aside if form.cleaned_data["decision"] == "refund" else pass_on_aside
        try:
            end(aside=held, note=form.cleaned_data["note"], actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Somma sistemata."))
            return redirect("receipts:asides")
    search = SearchForm(request.GET) if "cerca" in request.GET else SearchForm()
    words = search.cleaned_data["cerca"] if search.is_bound and search.is_valid() else ""
    context = {
        "held": held,
        "amount": Money(held.amount_cents),
        "form": form,
        "search": search,
        "words": words,
        "found": _accounts(request, words) if words and not held.end else [],
        "ended_by": Account.objects.filter(pk=held.ended_by).first() if held.ended_by else None,
    }
    return render(request, "billing/receipts/aside.html", context, status=_status(form))


@role_required(*OFFICE)
def credit(request: IdentifiedRequest, public_id: UUID, account_id: int) -> HttpResponse:
    """Says once more to whom the sum goes, and why."""
    held = _aside(public_id)
    account = get_object_or_404(LedgerAccount.objects.select_related("child"), pk=account_id)
    form = CreditForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            credit_aside(
                aside=held,
                child=account.child,
                service_code=account.service_code,
                payer=_payer(held),
                note=form.cleaned_data["note"],
                actor=request.user.pk,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Somma accreditata."))
            return redirect("billing:ledger", account.child.public_id, account.service_code)
    context = {
        "held": held,
        "amount": Money(held.amount_cents),
        "account": account,
        "payer": _payer(held),
        "service": get_object_or_404(Service, code=account.service_code),
        "form": form,
    }
    return render(request, "billing/receipts/credit.html", context, status=_status(form))


def _aside(public_id: UUID) -> KeptAside:
    rows = KeptAside.objects.select_related("receipt__option__position__payer")
    found: KeptAside = get_object_or_404(rows, public_id=public_id)
    return found


def _payer(held: KeptAside) -> Adult | None:
    """Whose credit it becomes: hers to whom the notice was addressed; of a notice nobody knows, hers who paid it."""
    if held.receipt.option is not None:
        return held.receipt.option.position.payer
    code = held.receipt.payer_code
    return Adult.objects.filter(fiscal_code=code).first() if code else None


def _accounts(request: IdentifiedRequest, words: str) -> list[tuple[LedgerAccount, str]]:
    """The accounts of the children so called; every word must be found."""
    wanted = Q()
    for word in words.split():
        wanted &= Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(fiscal_code__iexact=word)
    children = Child.objects.filter(wanted)
    accounts = list(
        LedgerAccount.objects.filter(child__in=children)
        .select_related("child")
        .order_by("child__family_name", "child__given_name", "child", "service_code")[:MOST_FOUND]
    )
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="kept_aside",
        subject="search",
        now=clock.now(),
        details={"count": len(accounts)},
    )
    names = dict(Service.objects.order_by("pk").values_list("code", "name"))
    return [(one, names.get(one.service_code, one.service_code)) for one in accounts]


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
