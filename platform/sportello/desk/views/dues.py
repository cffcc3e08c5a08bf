"""The citizen's statement of all that is due, with what she may choose to pay."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.billing.carts.models import MOST_NOTICES
from sportello.billing.carts.planning import may_plan
from sportello.billing.documents.facing import file_of, ourselves
from sportello.desk.dues import FamilyDues, family_dues
from sportello.desk.dues_paper import family_dues_pdf
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@require_GET
@identified
def dues(request: IdentifiedRequest) -> HttpResponse:
    """What is due, overdue and paid for all her children; `?anno=` chooses the year of payments and notices."""
    asked = request.GET.get("anno", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else None
    today = clock.today()
    found = family_dues(request.user, year=year, now=clock.now())
    context = {
        "dues": found,
        "chosen": _chosen(found),
        "may_plan": may_plan(found.to_choose, found.policies),
        "certified": found.certified,
        "nido_years": found.nido_years,
        "token": uuid4(),
        "today": today,
    }
    return render(request, "desk/dues.html", context)


@require_GET
@identified
def dues_file(request: IdentifiedRequest) -> HttpResponse:
    """The same as a PDF/UA-1 to keep."""
    now = clock.now()
    try:
        document = family_dues_pdf(family_dues(request.user, year=None, now=now), ourselves(), made_at=now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("desk:dues")
    return file_of(document, "quanto-devo.pdf")


def _chosen(found: FamilyDues) -> set[str]:
    """What is marked when the page opens: as much as a payment takes; of a plan, the instalment whose turn it is."""
    marked: list[str] = []
    plans: set[int] = set()
    for item in found.to_choose:
        plan = item.option.position_id if item.option and item.instalments else None
        if not item.is_whole_of_plan and plan not in plans:
            marked.append(item.key)
        if item.instalment and plan is not None:
            plans.add(plan)
    return set(marked[:MOST_NOTICES])
