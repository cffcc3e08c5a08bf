"""The ISEE of a child as the office reads it: each attestation with its reason, and how the question to INPS stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.inps_isee.asking import is_on
from sportello.families.models import Child
from sportello.kernel.money import Money
from sportello.means.from_inps import NOT_COMPUTABLE
from sportello.means.models import EnquiryState, IseeAttestation, IseeEnquiry, Provenance
from sportello.means.policy import policy_of_comune
from sportello.means.queries import attested
from sportello.means.rules import beneficiary_of, holding_on


@dataclass(frozen=True, slots=True)
class ShownAttestation:
    """A row, whether it holds today, and why or why not."""

    row: IseeAttestation
    holds: bool
    why: str


@dataclass(frozen=True, slots=True)
class ShownIsee:
    """The part of a child's file about ISEE. `finding` is a difference that waits for a clerk."""

    attestations: list[ShownAttestation]
    why: str
    enquiry: str
    finding: IseeEnquiry | None
    difference: str
    may_ask: bool


def isee_of_file(child: Child, today: date) -> ShownIsee:
    """Reads it; three queries at most, whatever the number of attestations."""
    rows = list(IseeAttestation.objects.filter(child=child))
    facts = [attested(row) for row in rows]
    holding = holding_on(facts, beneficiary_of(facts), today, policy_of_comune())
    held = 0 if holding.attested is None else holding.attested.number
    enquiries = list(IseeEnquiry.objects.filter(child=child))
    finding = next((one for one in enquiries if one.is_open_finding), None)
    waiting = any(one.state == EnquiryState.WAITING for one in enquiries)
    return ShownIsee(
        attestations=[
            ShownAttestation(row, row.pk == held, str(holding.why if row.pk == held else holding.others[row.pk]))
            for row in rows
        ],
        why=str(holding.why),
        enquiry=_told(enquiries[0]) if enquiries else "",
        finding=finding,
        difference=_difference(finding, rows) if finding else "",
        may_ask=is_on() and finding is None and not waiting,
    )


def _told(enquiry: IseeEnquiry) -> str:
    """How the last question stands, in a sentence."""
    if enquiry.state == EnquiryState.WAITING:
        return _waiting(enquiry)
    day = _day(enquiry.answered_at)
    if enquiry.trouble == NOT_COMPUTABLE:
        return _("%(day)s: per INPS l'ISEE di questo minorenne non è calcolabile.") % {"day": day}
    sentences = {
        EnquiryState.ANSWERED: _("%(day)s: INPS ha risposto."),
        EnquiryState.NOT_FOUND: _("%(day)s: INPS non trova l'attestazione. Vale quello che si sapeva."),
        EnquiryState.REFUSED: _("%(day)s: INPS non può rispondere. Verifica l'attestazione a mano."),
        EnquiryState.GIVEN_UP: _("%(day)s: INPS non ha risposto. Vale quello che si sapeva; puoi chiedere di nuovo."),
    }
    return sentences[EnquiryState(enquiry.state)] % {"day": day}


def _waiting(enquiry: IseeEnquiry) -> str:
    when = timezone.localtime(enquiry.next_attempt_at)
    if enquiry.trouble == "over_limit":
        return _("Le richieste a INPS di oggi sono finite: riproviamo il %(day)s.") % {"day": f"{when:%d/%m/%Y}"}
    if enquiry.trouble:
        return _("INPS non risponde: riproviamo alle %(time)s.") % {"time": f"{when:%H:%M}"}
    return _("La domanda a INPS parte tra poco.")


def _difference(finding: IseeEnquiry, rows: list[IseeAttestation]) -> str:
    """ "dichiarato 8.500,00, INPS 9.120,00", and what else differs."""
    told = _("%(before)s, INPS %(after)s") % {"before": _before(finding), "after": _amount(finding.after_cents or 0)}
    found = next(row for row in rows if row.pk == finding.attestation_id)
    if found.discrepancies:
        return _("%(values)s; INPS segnala omissioni o difformità (%(codes)s)") % {
            "values": told,
            "codes": found.discrepancies.replace(",", ", "),
        }
    if finding.before_cents == finding.after_cents:
        return _("%(values)s; cambia la validità") % {"values": told}
    return told


def _before(finding: IseeEnquiry) -> str:
    if finding.before_cents is None:
        return _("nessun ISEE che vale oggi")
    return f"{Provenance(finding.before_source).label} {_amount(finding.before_cents)}"


def _amount(cents: int) -> str:
    return Money(cents).format().removesuffix("€").strip()


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""
