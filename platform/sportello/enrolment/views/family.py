"""The family: the account of a child in a service, and why each amount is such.

Who is delegated to pay reads what is due and was paid, not why: the price tells of the ISEE.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from services_catalog.models import Service
from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.billing.carts.purse import parts_shown_to
from sportello.enrolment.account import account_of
from sportello.families.models import Act
from sportello.families.queries import children_for, children_of
from sportello.kernel import clock


@identified
def account(request: IdentifiedRequest, public_id: UUID, service_code: str) -> HttpResponse:
    """What was charged and paid for the child in the service."""
    today = clock.today()
    child = get_object_or_404(children_for(request.user, Act.PAY, today), public_id=public_id)
    service = get_object_or_404(Service, code=service_code)
    own = children_of(request.user, today).filter(pk=child.pk).exists()
    context = {
        "child": child,
        "service": service,
        "account": account_of(
            child, service.code, with_reasons=own, parts=parts_shown_to(request.user, [child], today)
        ),
        "today": today,
    }
    return render(request, "enrolment/account.html", context)
