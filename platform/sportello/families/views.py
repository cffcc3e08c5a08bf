"""Delegations: those for one's children and those one holds; giving one; ending one, after having been asked."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.families.delegating import delegate, revoke
from sportello.families.errors import DelegationRefused
from sportello.families.forms import DelegationForm
from sportello.families.models import Delegation
from sportello.families.queries import children_of, delegations_about, delegations_held
from sportello.families.shown_delegations import shown
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@identified
@in_person
def delegations(request: IdentifiedRequest) -> HttpResponse:
    """Live ones first; those that ended stay, for who gave them to read. A delegate sees hers while they live."""
    today = clock.today()
    children = children_of(request.user, today)
    about = [shown(one, counts=counts, today=today) for one, counts in delegations_about(children, today)]
    held = delegations_held(request.user, today).select_related("child", "granted_by")
    context = {
        "live": [one for one in about if one.is_live],
        "ended": [one for one in about if not one.is_live],
        "held": [shown(one, counts=True, today=today) for one in held],
        "may_delegate": children.exists(),
    }
    return render(request, "families/delegations.html", context)


@identified
@in_person
def new_delegation(request: IdentifiedRequest) -> HttpResponse:
    """Only for one's own children; `?figlio=` chooses the child from whose page she came."""
    today = clock.today()
    children = list(children_of(request.user, today))
    if not children:
        return redirect("families:delegations")
    form = DelegationForm(children, today, request.POST or None, initial=_preferred(request))
    if request.method == "POST" and form.is_valid():
        try:
            delegate(**form.stated(), actor=request.user, now=clock.now())
        except DelegationRefused as failure:
            form.refuse(failure)
        else:
            messages.success(request, _("Delega data. Puoi revocarla quando vuoi."))
            return redirect("families:delegations")
    context = {"form": form, "has_errors": bool(form.errors)}
    return render(request, "families/new_delegation.html", context, status=422 if form.errors else 200)


@identified
@in_person
def revoke_delegation(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Asks first, then ends it: revoked by a guardian of the child, renounced by who holds it."""
    today = clock.today()
    found, renounces = _within_reach(request, public_id, today)
    if request.method == "POST":
        try:
            revoke(delegation=found, actor=request.user, now=clock.now())
        except DomainError as failure:
            messages.warning(request, failure.message)
        else:
            messages.success(request, _("Hai rinunciato alla delega.") if renounces else _("Delega revocata."))
        return redirect("families:delegations")
    context = {"delegation": shown(found, counts=True, today=today), "renounces": renounces}
    return render(request, "families/revoke_delegation.html", context)


def _preferred(request: IdentifiedRequest) -> dict[str, str]:
    wanted = request.GET.get("figlio", "")
    return {"child": wanted} if wanted else {}


def _within_reach(request: IdentifiedRequest, public_id: UUID, today: date) -> tuple[Delegation, bool]:
    """The delegation, and whether she holds it herself; 404 when it is neither hers nor of her children."""
    held = delegations_held(request.user, today).select_related("child", "granted_by").filter(public_id=public_id)
    mine = held.first()
    if mine is not None:
        return mine, True
    about = Delegation.objects.filter(child__in=children_of(request.user, today)).select_related("child", "granted_by")
    return get_object_or_404(about, public_id=public_id), False
