"""What the pages of a load share: the load itself, the tone of a state and of a verdict."""

from typing import Final
from uuid import UUID

from django.shortcuts import get_object_or_404

from onboarding.judging.types import Verdict
from onboarding.models import LoadState, RosterLoad

STATE_TONES: Final = {
    LoadState.UPLOADED: "info",
    LoadState.READING: "info",
    LoadState.MAPPING: "attention",
    LoadState.CHECKING: "info",
    LoadState.CHECKED: "attention",
    LoadState.COMMITTING: "info",
    LoadState.COMMITTED: "success",
    LoadState.UNDOING: "info",
    LoadState.UNDONE: "neutral",
    LoadState.FAILED: "danger",
}
TONES: Final = {
    Verdict.GOOD: "success",
    Verdict.FIX: "info",
    Verdict.REVIEW: "attention",
    Verdict.REJECT: "danger",
    Verdict.DUPLICATE: "neutral",
    Verdict.NOT_DATA: "neutral",
    Verdict.CONTROL: "neutral",
}


def held_load(public_id: UUID) -> RosterLoad:
    """The load of the address, or 404."""
    held = RosterLoad.objects.select_related("job", "uploaded_by", "mapping", "mapping__based_on", "committed_by")
    return get_object_or_404(held, public_id=public_id)
