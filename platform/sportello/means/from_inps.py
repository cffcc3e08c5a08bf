"""What INPS answered enters the file of the child. Where it would change what counts, it waits for a clerk."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from integrations.inps_isee.types import Answer, Attestation, Figure
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.means.models import EnquiryState, IseeAttestation, IseeEnquiry, IseeKind, Provenance
from sportello.means.policy import policy_of_comune
from sportello.means.queries import attested
from sportello.means.rules import (
    Attested,
    Holding,
    Kind,
    beneficiary_of,
    changes,
    holding_on,
    period_of_validity,
    replaced_by,
)

NOT_COMPUTABLE = "not_computable"
WITH_OTHER_PARENT = frozenset({Figure.ATTRACTED, Figure.ADDITIONAL})


@transaction.atomic
def record_answer(*, enquiry: IseeEnquiry, answer: Answer, now: datetime) -> IseeEnquiry:
    """Keeps the answer; a second answer to the same question changes nothing.

    An attestation that leaves every day's value as it was counts at once and supersedes what was said of the same
    declaration; any other awaits the office, and until then everything is priced as before. Leaves an audit record.
    """
    child = Child.objects.select_for_update().get(pk=enquiry.child_id)
    held = IseeEnquiry.objects.select_for_update().get(pk=enquiry.pk)
    if held.state != EnquiryState.WAITING:
        return held
    held.answered_at, held.answer_digest, held.trouble = now, answer.digest, ""
    found = None if answer.attestation is None else _row(child, answer.attestation)
    held.state = EnquiryState.NOT_FOUND if answer.attestation is None else EnquiryState.ANSWERED
    if found is not None:
        _enter(held, found, now.astimezone(ROME).date())
    elif answer.attestation is not None:
        held.trouble = NOT_COMPUTABLE
    held.save()
    record(
        action=Action.ISEE_CHANGED,
        actor=held.asked_by_id,
        subject_kind="child",
        subject=child.public_id,
        now=now,
        details={"event": "inps_answered", "enquiry": str(held.public_id), "awaits_office": held.changes_value},
    )
    return held


def supersede(rows: list[IseeAttestation], today: date) -> None:
    """They stay in the file and count no more."""
    IseeAttestation.objects.filter(pk__in=[row.pk for row in rows]).update(superseded_on=today)


def replaced_rows(found: IseeAttestation, *, asked_by_code: bool) -> list[IseeAttestation]:
    """The standing rows of the child whose place the attestation takes."""
    standing = _standing(found.child)
    gone = {one.number for one in replaced_by(attested(found), standing.values(), asked_by_code=asked_by_code)}
    return [row for row in _rows(found.child) if row.pk in gone and row.pk != found.pk]


def _enter(enquiry: IseeEnquiry, found: IseeAttestation, today: date) -> None:
    standing = _standing(enquiry.child)
    new = replace(attested(found), number=1 + max(standing, default=0))  # no row has it: it is the one known last
    known = next((pk for pk, one in standing.items() if replace(new, number=pk) == one), None)
    if known is not None:
        enquiry.attestation_id = known
        return
    gone = replaced_by(new, standing.values(), asked_by_code=not enquiry.dsu_protocol)
    before = list(standing.values())
    after = [one for one in before if one not in gone] + [new]
    found.awaits_office = bool(changes(before, after, policy_of_comune()))
    if found.awaits_office:
        _note_difference(enquiry, found, holding_on(before, beneficiary_of(before), today, policy_of_comune()))
    else:
        supersede([row for row in _rows(enquiry.child) if row.pk in {one.number for one in gone}], today)
    found.save()
    enquiry.attestation = found


def _note_difference(enquiry: IseeEnquiry, found: IseeAttestation, before: Holding) -> None:
    enquiry.changes_value = True
    enquiry.before_cents = before.cents
    enquiry.before_source = "" if before.attested is None else before.attested.source.value
    enquiry.after_cents = found.amount_cents


def _row(child: Child, told: Attestation) -> IseeAttestation | None:
    """The attestation as we keep it: the figure of this child; None when INPS could not work one out."""
    minor = told.minor(child.fiscal_code or "")
    cents = told.ordinary_cents if minor is None else minor.cents
    if cents is None:
        return None
    kind = IseeKind.CURRENT if told.is_current else IseeKind.ORDINARY if minor is None else IseeKind.MINORS
    return IseeAttestation(
        child=child,
        kind=kind,
        amount_cents=cents,
        dsu_protocol=told.dsu_protocol,
        filed_on=told.presented_on,
        provenance=Provenance.INPS,
        valid_during=period_of_validity(Kind(kind.value), told.presented_on, told.current_until).bounds,
        attested_on=(minor.released_on if minor else None) or told.released_on,
        discrepancies=",".join(code.value for code in told.discrepancies),
        other_parent=minor is not None and minor.figure in WITH_OTHER_PARENT,
    )


def _rows(child: Child) -> list[IseeAttestation]:
    return list(IseeAttestation.objects.filter(child=child, superseded_on__isnull=True, awaits_office=False))


def _standing(child: Child) -> dict[int, Attested]:
    return {row.pk: attested(row) for row in _rows(child)}
