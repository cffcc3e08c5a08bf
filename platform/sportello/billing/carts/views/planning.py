"""The citizen asks to pay in instalments: the ways the Comune admits, then the plan."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.billing.carts.offer import offer_of
from sportello.billing.carts.planning import admitted, agree_plan, instalments_of
from sportello.billing.carts.purse import purse_of
from sportello.billing.carts.views.paying import token_of
from sportello.billing.debts.opening import Instalment
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Choice:
    """A number of instalments and what they would be."""

    count: int
    parts: list[Instalment]


@require_POST
@identified
@in_person
def plan(request: IdentifiedRequest) -> HttpResponse:
    """Without a number of instalments: what may be chosen. With one: the plan is made."""
    chosen, token, count = request.POST.getlist("voce"), token_of(request), request.POST.get("rate", "")
    try:
        if count.isdecimal() and len(count) < 3:
            agree_plan(account=request.user, chosen=chosen, count=int(count), token=token, now=clock.now())
            messages.success(request, _("Il piano è fatto: le rate sono fra le voci da pagare."))
            return redirect("desk:dues")
        return _choices(request, chosen, token)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("desk:dues")


def _choices(request: IdentifiedRequest, chosen: list[str], token: UUID) -> HttpResponse:
    now, today = clock.now(), clock.today()
    offered = offer_of(purse_of(request.user, today), now).by_key()
    items = [offered[key] for key in dict.fromkeys(chosen) if key in offered]
    total = Money.sum(item.amount for item in items)
    choices = [Choice(count, instalments_of(total, count, today)) for count in admitted(items, today)]
    context = {"items": items, "total": total, "choices": choices, "token": token}
    return render(request, "billing/plan.html", context)
