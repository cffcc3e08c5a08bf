"""Between draft and force: an edition is proposed by who wrote it, taken back, or sent back with a reason.

A proposal is frozen, in the database too, so that what is judged is what comes into force.
"""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from services_catalog.approvers import approvers_of, authors_of, check_approver
from services_catalog.models import Edition, EditionStatus
from services_catalog.publication import check_fit, locked_draft, locked_edition, record_event
from sportello.accounts.models import Account
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.notifications.notifying import notify

TOPIC = "catalog"


class NotAProposal(DomainError):
    """Nothing waits for a judgement here: it was taken back, sent back or put in force meanwhile."""


class NotItsAuthor(DomainError):
    """Only who wrote or proposed an edition takes the proposal back; others send it back and say why."""


class ReasonMissing(DomainError):
    """Who sends a proposal back says why."""


class StartOutsideYear(DomainError):
    """An edition holds on days of its school year."""


@transaction.atomic
def propose_edition(
    *, edition: Edition, actor: Account, now: datetime, note: str = "", valid_from: date | None = None
) -> Edition:
    """Freeze a draft and ask the other administrators to judge it; it will hold from ``valid_from``, if said.

    Raises EditionNotDraft, StartOutsideYear, EditionHasErrors or ExamplesDisagree. Every other administrator gets a
    notice, in the same transaction.
    """
    locked = locked_draft(edition)
    year = locked.year.period
    start = valid_from or locked.period.start
    if start not in year:
        raise StartOutsideYear(
            _("La tariffa deve cominciare in un giorno dell'anno scolastico %(year)s."), year=locked.year
        )
    check_fit(locked)
    locked.valid_during = DateRange(start, year.end).bounds
    locked.status = EditionStatus.PROPOSED
    locked.proposed_by, locked.proposed_at = actor, now
    locked.proposal_note, locked.returned_because = note, ""
    locked.save()
    record_event(locked, "proposed", actor, now)
    subject = _("Una tariffa aspetta la tua approvazione: %(edition)s") % {"edition": _name(locked)}
    body = _("%(who)s l'ha proposta. Puoi metterla in vigore con il suo atto, o rimandarla con un motivo.")
    for administrator in approvers_of(locked, now.astimezone(ROME).date()):
        _tell(administrator, locked, subject=subject, body=body % {"who": actor.full_name}, event="proposed", now=now)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def take_back(*, edition: Edition, actor: Account, now: datetime) -> Edition:
    """Make a proposal a draft again, as one of its authors. Raises NotAProposal or NotItsAuthor."""
    locked = _locked_proposal(edition)
    if actor.pk not in authors_of(locked):
        raise NotItsAuthor(_("La proposta la ritira chi l'ha preparata; tu puoi rimandarla con un motivo."))
    return _draft_again(locked, "taken_back", actor, now)


@transaction.atomic
def send_back(*, edition: Edition, reason: str, actor: Account, now: datetime) -> Edition:
    """Make a proposal a draft again, saying to its authors why.

    Raises NotAProposal, ApproverIsAuthor or ReasonMissing.
    """
    locked = _locked_proposal(edition)
    check_approver(locked, actor)
    if not reason.strip():
        raise ReasonMissing(_("Scrivi che cosa va cambiato: chi ha proposto la tariffa lo legge."))
    author = locked.proposed_by
    locked.returned_because = reason.strip()
    if author is not None:
        subject = _("La tariffa che hai proposto torna da correggere: %(edition)s") % {"edition": _name(locked)}
        _tell(author, locked, subject=subject, body=locked.returned_because, event="sent_back", now=now)
    return _draft_again(locked, "sent_back", actor, now)


def _draft_again(locked: Edition, event: str, actor: Account, now: datetime) -> Edition:
    locked.status = EditionStatus.DRAFT
    locked.proposed_by, locked.proposed_at, locked.proposal_note = None, None, ""
    locked.save()
    record_event(locked, event, actor, now)
    return locked


def _locked_proposal(edition: Edition) -> Edition:
    locked = locked_edition(edition)
    if not locked.is_proposed:
        raise NotAProposal(_("Questa proposta non aspetta più una decisione: guarda com'è adesso."))
    return locked


def _tell(account: Account, edition: Edition, *, subject: str, body: str, event: str, now: datetime) -> None:
    notify(
        account=account,
        topic=TOPIC,
        subject=subject,
        body=body,
        link=reverse("services_catalog:edition", args=[edition.pk]),
        email=account.email,
        key=f"edition:{edition.pk}:{event}:{now.isoformat()}",
        now=now,
    )


def _name(edition: Edition) -> str:
    return f"{edition.service.name} {edition.year}"
