"""What the central team does about the templates of the Comuni: each act leaves its record in the team's own audit."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from services_catalog.lineage import explain_difference
from services_catalog.models import TemplateLineage
from services_catalog.packs import own_services_of
from services_catalog.proposing import offer_templates
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality


@dataclass(frozen=True, slots=True)
class OfferedToAll:
    """How many services were begun and how many updates proposed, over all the Comuni."""

    started: int
    proposed: int


@transaction.atomic
def offer_to_all(*, actor: Account, now: datetime) -> OfferedToAll:
    """Offer the templates of this release to every Comune whose schema is up to date. Again, it changes nothing."""
    ready = [schema for schema, state in migration_states().items() if state is MigrationState.ALIGNED]
    started = proposed = 0
    for municipality in Municipality.objects.filter(schema_name__in=ready).order_by("istat_code"):
        with in_schema(municipality.schema_name):
            offered = offer_templates(own_services=own_services_of(municipality), now=now)
        started += len(offered.started)
        proposed += len(offered.proposed)
    details = {"started": started, "proposed": proposed}
    record(
        action=Action.EDITION_CHANGED, actor=actor.pk, subject_kind="templates", subject="all", now=now, details=details
    )
    return OfferedToAll(started, proposed)


@transaction.atomic
def explain_for(
    *, municipality: Municipality, code: str, place: str, reason: str, actor: Account, now: datetime
) -> None:
    """Write, for a Comune, why it differs at a place. Raises ReasonMissing, NoSuchDifference, or Http404."""
    author = _("%(name)s, Città metropolitana") % {"name": actor.full_name}
    with in_schema(municipality.schema_name):
        lineage = get_object_or_404(TemplateLineage.objects.select_related("service"), service__code=code)
        explain_difference(lineage=lineage, place=place, reason=reason, author=author, actor=None, now=now)
    record(
        action=Action.EDITION_CHANGED,
        actor=actor.pk,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
        details={"event": "explained", "service": code, "place": place},
    )
