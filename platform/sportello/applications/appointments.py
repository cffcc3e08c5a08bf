"""Somebody asks to be seen at an office: kept, told to the clerks; the office confirms (C.SE.2.2)."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account, Role
from sportello.applications.models import AppointmentRequest, AppointmentSlot
from sportello.kernel.clock import ROME
from sportello.notifications.notifying import notify


@transaction.atomic
def request_appointment(
    *,
    account: Account | None,
    office: str,
    day: date,
    slot: AppointmentSlot,
    topic: str,
    reason: str,
    name: str,
    email: str,
    phone: str,
    now: datetime,
) -> AppointmentRequest:
    """Keep the request and put a notice on the desk of each clerk of the Comune."""
    request = AppointmentRequest.objects.create(
        account=account,
        office=office,
        day=day,
        slot=slot,
        topic=topic,
        reason=reason,
        name=name,
        email=email,
        phone=phone,
        requested_at=now,
    )
    _tell_clerks(request, now)
    return request


def _tell_clerks(request: AppointmentRequest, now: datetime) -> None:
    today = now.astimezone(ROME).date()
    clerks = Account.objects.filter(
        grants__role=Role.CLERK, grants__valid_during__contains=today, is_active=True
    ).distinct()
    with override("it"):  # the family's language is not the clerk's
        subject = _("Chiesto un appuntamento per il %(day)s") % {"day": f"{request.day:%d/%m/%Y}"}
        body = _("%(slot)s. Chi: %(name)s, %(email)s %(phone)s. Argomento: %(topic)s. Motivo: %(reason)s") % {
            "slot": AppointmentSlot(request.slot).label,
            "name": request.name,
            "email": request.email,
            "phone": request.phone,
            "topic": request.topic,
            "reason": request.reason,
        }
    for clerk in clerks:
        notify(
            account=clerk,
            topic="appointment",
            subject=subject,
            body=body,
            link=reverse("notifications:notices"),
            email="",
            key=f"appointment:{request.public_id}",
            now=now,
        )
