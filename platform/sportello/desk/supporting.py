"""Support goes to a citizen's side, and she is told."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from sportello.accounts.models import Account, SupportVisit
from sportello.accounts.supporting import start_visit
from sportello.notifications.notifying import notify


@transaction.atomic
def assist_citizen(
    *, request: HttpRequest, supporter: Account, citizen: Account, reason: str, minutes: int, now: datetime
) -> SupportVisit:
    """Starts the visit and tells the citizen who, when and why; raises what `start_visit` raises.

    The notice is written before anything is done in her name, and support cannot take it away.
    """
    visit = start_visit(request=request, supporter=supporter, citizen=citizen, reason=reason, minutes=minutes, now=now)
    begun, until = timezone.localtime(visit.started_at), timezone.localtime(visit.ends_at)
    notify(
        account=citizen,
        topic="support",
        subject="L'assistenza del Comune ha aperto la tua area personale",
        body=(
            f"Il {begun:%d/%m/%Y} dalle {begun:%H:%M}, al massimo fino alle {until:%H:%M}, {supporter.full_name} "
            f"dell'assistenza ha agito nella tua area personale. Motivo: {visit.reason}\n\n"
            "Ogni pagina aperta è registrata. L'assistenza non può inviare domande né dichiarazioni al tuo posto. "
            "Se non lo avevi chiesto, scrivi al Comune."
        ),
        link=reverse("notifications:notices"),
        email=citizen.email,
        key=f"support:{visit.public_id}",
        now=now,
    )
    return visit
