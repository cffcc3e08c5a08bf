"""Payers are told that notices were made in their name: once for each event, with no name, sum or child in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.families.models import Adult
from sportello.families.queries import accounts_with
from sportello.notifications.notifying import Message, notify_many

TOPIC: Final = "payments"


def tell_payers(payers: Sequence[int], *, event: str, now: datetime) -> int:
    """Tells those of the adults (by id) who have entered; returns how many are told. In the caller's transaction."""
    codes = Adult.objects.filter(pk__among=set(payers)).exclude(fiscal_code=None).order_by("pk")
    accounts = accounts_with(codes.values_list("fiscal_code", flat=True))
    with override("it"):  # the office's language is not the family's
        message = Message(
            topic=TOPIC,
            subject=_("Nuovi avvisi di pagamento"),
            body=_(
                "Il Comune ha emesso avvisi di pagamento a tuo nome: nella pagina trovi quanto, entro quando e come."
            ),
            link=reverse("desk:dues"),
        )
    ids = list(accounts.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    return notify_many(accounts=ids, message=message, key=event, now=now)
