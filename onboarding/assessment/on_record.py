"""The audit record of an assessment, in the schema where somebody acts: each side's record tells of its own people."""

from datetime import datetime

from onboarding.assessment.hands import Hand
from onboarding.assessment.models import AssessmentRound
from sportello.audit.models import Action
from sportello.audit.recording import record


def round_changed(held: AssessmentRound, *, did: str, hand: Hand, now: datetime, **details: object) -> None:
    """An event about a round. `did` never changes: for searches in the record."""
    record(
        action=Action.ASSESSMENT_CHANGED,
        actor=hand.account,
        subject_kind="assessment_round",
        subject=held.public_id,
        now=now,
        details={"did": did, **details},
    )
