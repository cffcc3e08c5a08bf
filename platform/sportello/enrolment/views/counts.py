"""The office: what was counted in a month for the children of a class, where no roll is called at the desk."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.charge_forms import CountsForm, MonthOfServiceForm
from sportello.enrolment.charge_history import services_charged
from sportello.enrolment.charge_reading import charged_editions
from sportello.enrolment.counting import kept_by_rolls
from sportello.enrolment.recording_counts import (
    children_of_class,
    classes_of,
    counts_asked,
    numbers_known,
    record_counts,
)
from sportello.enrolment.registers import LABELS
from sportello.kernel import clock

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def counts(request: IdentifiedRequest) -> HttpResponse:
    """The children of a class, a box for each count the fee reads; a POST keeps them."""
    services = services_charged()
    chosen = MonthOfServiceForm(request.GET, services=services, today=clock.today()) if services else None
    if chosen is None or not chosen.is_valid():
        raise Http404
    service, month = chosen.service, chosen.month
    classes = classes_of(service, month)
    section = next((one for one in classes if str(one.pk) == request.GET.get("classe", "")), next(iter(classes), None))
    children = children_of_class(service, month, section) if section else []
    kept = kept_by_rolls(service, month.period, [child.pk for child in children])
    asked = counts_asked((edition.rules.fees for edition in charged_editions(service, month).values()), kept)
    known = numbers_known(service, month, children)
    form = CountsForm(request.POST or None, children=children, counted=asked, known=known)
    if request.method == "POST" and form.is_valid():
        changed = record_counts(
            service=service, month=month, numbers=form.numbers(), actor=request.user, now=clock.now()
        )
        text = ngettext("Registrato: %(n)d bambino cambiato.", "Registrato: %(n)d bambini cambiati.", changed)
        messages.success(request, text % {"n": changed} if changed else _("Nessun numero è cambiato."))
        return redirect(request.get_full_path())
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="section",
        subject=section.pk if section else "",
        now=clock.now(),
        details={"service": service.code, "month": str(month)},
    )
    context = {
        "chosen": chosen,
        "service": service,
        "month": month,
        "classes": classes,
        "section": section,
        "form": form,
        "headings": [_(LABELS[name]) for name in asked],
        "rows": form.rows(),
    }
    return render(request, "enrolment/counts.html", context, status=422 if form.errors else 200)
