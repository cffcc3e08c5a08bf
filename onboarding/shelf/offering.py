"""Putting a confirmed mapping on the shelf, and finding what other Comuni put there."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from onboarding.mapping.headings import fingerprint_of, without_data
from onboarding.mapping.structs import Mapping
from onboarding.mapping.texts import mapping_text
from onboarding.shelf.models import SharedMapping
from tenants.models import Municipality

OPEN_VOCABULARIES: Final = ("sex", "trip", "tax", "paid", "instalments", "status", "month", "paid_through_node", "diet")
"""Fields whose value tables hold words of a back-end, never those of a Comune or of a person."""


@transaction.atomic
def offer_mapping(*, mapping: Mapping, source_name: str, municipality: Municipality, now: datetime) -> SharedMapping:
    """On the shelf in the place of what this Comune offered for the same headings; without its data."""
    shared, _made = SharedMapping.objects.update_or_create(
        belfiore_code=municipality.belfiore_code,
        fingerprint=fingerprint_of(mapping),
        defaults={
            "municipality_name": municipality.name,
            "source_name": source_name,
            "kind": mapping.kind,
            "toml": mapping_text(without_data(mapping, OPEN_VOCABULARIES)),
            "confirmed_at": now,
        },
    )
    return shared


def offered_by_others(*, municipality: Municipality, fingerprint: str) -> QuerySet[SharedMapping]:
    """What other Comuni offer for files with these headings, the latest first."""
    offered = SharedMapping.objects.filter(fingerprint=fingerprint).exclude(belfiore_code=municipality.belfiore_code)
    return offered.order_by("-confirmed_at", "pk")


def offered_by(municipality: Municipality) -> QuerySet[SharedMapping]:
    """What this Comune put there."""
    return SharedMapping.objects.filter(belfiore_code=municipality.belfiore_code)
