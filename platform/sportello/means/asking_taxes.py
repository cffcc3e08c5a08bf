"""Asking the tax office how an adult stands: beside the enrolment, never in its way."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange as Range

from integrations.errors import ConnectorError
from integrations.tributi import door
from integrations.tributi.types import TaxVerdict
from integrations.typed_settings import SettingsInvalid
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Adult
from sportello.means.models import TaxPosition

log = logging.getLogger(__name__)


def ask_tax_position(*, adult: Adult, actor: int | None, now: datetime) -> TaxPosition | None:
    """Asks the Comune's tax office and keeps the verdict; None when nothing could be known.

    An answer that fails is in the exchange log and changes nothing: what was known stays until it expires. A temporary
    failure is raised, for the task to come back. Must not be called in a transaction.
    """
    if adult.fiscal_code is None:
        return None
    try:
        verdict, source = door.ask(fiscal_code=adult.fiscal_code, reference=str(adult.public_id), now=now)
    except ConnectorError as failure:
        log.warning("The tax office was asked in vain", extra={"code": failure.code})
        if not failure.permanent:
            raise
        return None
    except SettingsInvalid as failure:
        log.warning("The settings of the tax office are not valid", extra={"code": failure.code})
        return None
    if verdict.expires_on <= now.date():
        return None
    return keep_position(adult=adult, verdict=verdict, source=source, actor=actor, now=now)


@transaction.atomic
def keep_position(*, adult: Adult, verdict: TaxVerdict, source: str, actor: int | None, now: datetime) -> TaxPosition:
    """The verdict in the place of the one before; on record, without saying which it is.

    One that is of an earlier day than what is known changes nothing.
    """
    known = TaxPosition.objects.select_for_update().filter(adult=adult).first()
    if known is not None and known.as_of > verdict.as_of:
        return known
    position, _created = TaxPosition.objects.update_or_create(
        adult=adult,
        defaults={
            "verdict": verdict.verdict.value,
            "reason": verdict.reason.value,
            "taxes": [tax.value for tax in verdict.taxes],
            "as_of": verdict.as_of,
            "valid_during": Range(verdict.as_of, verdict.expires_on),
            "source": source,
            "legal_basis": verdict.legal_basis,
            "recorded_at": now,
        },
    )
    record(
        action=Action.TAX_POSITION_CHANGED,
        actor=actor,
        subject_kind="adult",
        subject=adult.public_id,
        now=now,
        details={"source": source},
    )
    return position
