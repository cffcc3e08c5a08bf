"""The family: what is due for the canteen of a child and why, meals day by day, blocks to order.

Who is delegated to pay reads what is due and was paid, not why: the price tells of the ISEE. Blocks, which make a
debt, are ordered by a guardian.
"""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.billing.carts.purse import parts_shown_to
from sportello.canteen.block_forms import BlockForm
from sportello.canteen.blocks import order_block, price_of_block
from sportello.canteen.documents import statement_csv, statement_pdf
from sportello.canteen.queries import with_canteen
from sportello.canteen.service import canteen_service
from sportello.canteen.statement import MealStatement, meal_statements, with_closed_days, without_reasons
from sportello.canteen.views.days import month_asked
from sportello.families.models import Act, Child
from sportello.families.queries import children_for, children_of
from sportello.fees.telling import tell_decision
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@identified
def child_statement(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One child: the calendar of a month, the movements with their explanation, the totals."""
    child, today = _child(request, public_id), clock.today()
    (statement,) = _statements(request, child)
    sells_blocks = (
        children_of(request.user, today).filter(pk=child.pk).exists()
        and price_of_block(child, canteen_service(), today) is not None
    )
    context = {"statement": with_closed_days(statement), "today": today, "sells_blocks": sells_blocks}
    return render(request, "canteen/child_statement.html", context)


@identified
def statement_file(request: IdentifiedRequest, file_format: str, public_id: UUID | None = None) -> HttpResponse:
    """The statement of one child, or of all her children, as PDF (PDF/UA-1; `?archivio=1` PDF/A-3a) or CSV."""
    statements = _statements(request, *([_child(request, public_id)] if public_id else []))
    if file_format == "csv":
        return statement_csv(statements)
    standard = "a-3a" if request.GET.get("archivio") else "ua-1"
    document = statement_pdf(statements, now=clock.now(), archive=standard == "a-3a")
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="estratto-conto-mensa.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@identified
@in_person
def order_blocks(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Order blocks of meals for a child, at the price of today."""
    service, today = canteen_service(), clock.today()
    child = get_object_or_404(children_of(request.user, today), public_id=public_id)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ordered = order_block(
                child=child, service=service, day=today, actor=request.user.pk, now=clock.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            text = ngettext("%(count)d blocchetto ordinato.", "%(count)d blocchetti ordinati.", ordered)
            messages.success(request, text % {"count": ordered})
            return redirect("canteen:statement", child.public_id)
    price = price_of_block(child, service, today)
    context = {"child": child, "form": form, "price": price, "why": tell_decision(price) if price else None}
    return render(request, "canteen/order_block.html", context, status=422 if form.errors else 200)


def _child(request: IdentifiedRequest, public_id: UUID) -> Child:
    return get_object_or_404(children_for(request.user, Act.PAY, clock.today()), public_id=public_id)


def _statements(request: IdentifiedRequest, *chosen: Child) -> list[MealStatement]:
    today: date = clock.today()
    children = list(chosen) or list(with_canteen(children_for(request.user, Act.PAY, today)))
    own = set(children_of(request.user, today).values_list("pk", flat=True))
    parts = parts_shown_to(request.user, children, today)
    statements = meal_statements(children, month=month_asked(request), today=today, parts=parts)
    return [one if one.child.pk in own else without_reasons(one) for one in statements]
