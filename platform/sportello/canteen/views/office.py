"""The office: the canteen of today school by school, the months and their closing, blocks ordered at the counter."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.canteen.attendance import names_of, schools_on
from sportello.canteen.block_forms import BlockForm
from sportello.canteen.blocks import order_block, price_of_block
from sportello.canteen.models import MonthClose
from sportello.canteen.month import Month
from sportello.canteen.months import month_row, months_of
from sportello.canteen.reckoning import reckon
from sportello.canteen.service import canteen_service, why_closed
from sportello.canteen.tasks import MONTH_CLOSE
from sportello.canteen.views.days import day_asked
from sportello.enrolment.charge_reckoning import reckon_charges
from sportello.enrolment.sending_prices import drafts_within
from sportello.families.models import Child
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.schools.scoping import sections_visible_to

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def office(request: IdentifiedRequest) -> HttpResponse:
    """The schools on a day: rolls called, meals, diets."""
    today = clock.today()
    day = day_asked(request, today)
    schools = schools_on(sections_visible_to(request.user, today), day)
    context = {
        "day": day,
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1) if day < today else None,
        "schools": [(school, "" if school.is_open else why_closed(school.sections[0].verdict)) for school in schools],
        "meals": sum(school.meals for school in schools if school.is_open),
        "called": sum(school.called for school in schools),
        "sections": sum(len(school.sections) for school in schools if school.is_open),
    }
    return render(request, "canteen/office.html", context)


@role_required(*OFFICE)
def months(request: IdentifiedRequest) -> HttpResponse:
    """The months of the canteen, newest first."""
    return render(request, "canteen/months.html", {"rows": months_of(canteen_service(), clock.today())})


@role_required(*OFFICE)
def close_month(request: IdentifiedRequest, month: Month) -> HttpResponse:
    """A month: what closing it would post, the button, what it posted; a POST starts the job."""
    service = canteen_service()
    if request.method == "POST":
        return _start(request, service, month)
    row = month_row(service, month, clock.today())
    reckoning = reckon(service, month)
    beside = reckon_charges(service, month)
    closes = list(MonthClose.objects.filter(service=service, month=month.first_day).order_by("revision"))
    names = names_of(close.closed_by for close in closes)
    context = {
        "row": row,
        "reckoning": reckoning,
        "to_send": drafts_within(service, month.period).count(),
        "beside": beside,
        "whole": reckoning.whole + beside.whole if reckoning.summed else reckoning.whole,
        "beside_url": f"{reverse('enrolment:charges')}?servizio={service.code}&mese={month}",
        "prices": [(Money(cents), meals, Money(cents * meals)) for cents, meals in reckoning.meals_at.items()],
        "to_post": -(reckoning.to_post + beside.to_post),
        "to_give_back": reckoning.to_post + beside.to_post,
        "may_close": row.is_over
        and row.running is None
        and (row.close is None or bool(reckoning.lines or beside.lines)),
        "closes": [
            (close, names.get(close.closed_by or 0, ""), Money(close.totals["posted_cents"])) for close in closes
        ],
    }
    return render(request, "canteen/month.html", context)


def _start(request: IdentifiedRequest, service: Service, month: Month) -> HttpResponse:
    row = month_row(service, month, clock.today())
    if row.running is not None:
        return redirect("jobs:job", row.running.public_id)
    if not row.is_over:
        messages.error(request, _("Il mese non è finito: si chiude dal primo giorno del mese dopo."))
        return redirect("canteen:close_month", month)
    job = start_job(
        kind=MONTH_CLOSE,
        arguments={"service": service.code, "month": str(month)},
        requested_by=request.user.pk,
        now=clock.now(),
    )
    return redirect("jobs:job", job.public_id)


@role_required(*OFFICE)
def order_blocks(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """At the counter: order blocks of meals for a child, at the price of today."""
    child, service, today = get_object_or_404(Child, public_id=public_id), canteen_service(), clock.today()
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
            return redirect("billing:ledger", child.public_id, service.code)
    context = {"child": child, "form": form, "price": price_of_block(child, service, today)}
    return render(request, "canteen/office_order_block.html", context, status=422 if form.errors else 200)
