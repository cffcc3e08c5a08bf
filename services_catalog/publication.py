"""How an edition comes into force: drafted, corrected, put in force by another and by an act, followed by the next.

Between draft and force it is proposed: :mod:`services_catalog.approval`.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.approvers import check_approver
from services_catalog.findings import EXAMPLE_DISAGREES
from services_catalog.lint import Finding, errors_of, lint
from services_catalog.models import Archetype, Edition, EditionStatus, Service
from services_catalog.reading import canonical_json, to_builtins
from services_catalog.schema import EditionContent
from services_catalog.signals import edition_put_in_force
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear


class EditionNotDraft(DomainError):
    """Only a draft may be changed or put in force."""


class EditionFrozen(EditionNotDraft):
    """A proposal waits for somebody's judgement: until then nobody changes it."""


class EditionHasErrors(DomainError):
    """The linter found holes or overlaps; ``findings`` names them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("La tariffa ha punti da sistemare: %(first)s"), first=findings[0].message)
        self.findings = findings


class ExamplesDisagree(EditionHasErrors):
    """An example of the edition comes out otherwise than its author expects; the first is named."""


class ActMissing(DomainError):
    """An edition in force names the act that decided it."""


class LaterEditionInForce(DomainError):
    """Another edition in force starts later and would be cut in two."""


@dataclass(frozen=True, slots=True)
class Act:
    """The municipal act: number and date are needed to put an edition in force."""

    number: str = ""
    decided_on: date | None = None
    url: str = ""
    approved_by: str = ""


def fingerprint_of(content: EditionContent) -> str:
    """SHA-256 of the content, the same whatever the order it was written in."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


@transaction.atomic
def register_service(*, code: str, name: str, archetype: str) -> Service:
    """The service of that code, made or renamed as said."""
    service, _created = Service.objects.update_or_create(
        code=code, defaults={"name": name, "archetype": Archetype(archetype)}
    )
    return service


@transaction.atomic
def draft_edition(
    *,
    service: Service,
    school_year: SchoolYear,
    content: EditionContent,
    actor: Account | None,
    now: datetime,
    valid_from: date | None = None,
    act: Act | None = None,
) -> Edition:
    """A new draft, with the next revision number of its school year; valid to the end of the school year."""
    act = act or Act()
    Service.objects.select_for_update().get(pk=service.pk)
    latest = Edition.objects.filter(service=service, school_year=school_year.start_year).first()
    period = school_year.period
    edition = Edition.objects.create(
        service=service,
        school_year=school_year.start_year,
        revision=latest.revision + 1 if latest else 1,
        valid_during=DateRange(valid_from or period.start, period.end).bounds,
        act_number=act.number,
        act_date=act.decided_on,
        act_url=act.url,
        approved_by=act.approved_by,
        content=to_builtins(content),
        fingerprint=fingerprint_of(content),
        drafted_by=actor,
    )
    record_event(edition, "drafted", actor, now)
    edition.refresh_from_db()
    return edition


def copy_as_draft(*, edition: Edition, valid_from: date, actor: Account | None, now: datetime) -> Edition:
    """A draft with the content of another edition, to correct it from a date on."""
    return draft_edition(
        service=edition.service,
        school_year=edition.year,
        content=edition.rules,
        valid_from=max(valid_from, edition.year.period.start),
        actor=actor,
        now=now,
    )


@transaction.atomic
def revise_draft(*, edition: Edition, content: EditionContent, actor: Account | None, now: datetime) -> Edition:
    """Give a draft another content; raises EditionNotDraft."""
    locked = locked_draft(edition)
    locked.content = to_builtins(content)
    locked.fingerprint = fingerprint_of(content)
    locked.revised_by = actor
    locked.save(update_fields=["content", "fingerprint", "revised_by"])
    record_event(locked, "revised", actor, now)
    return locked


@transaction.atomic
def discard_draft(*, edition: Edition, actor: Account | None, now: datetime) -> None:
    """Throw a draft away; raises EditionNotDraft."""
    locked = locked_draft(edition)
    record_event(locked, "discarded", actor, now)
    locked.delete()


@transaction.atomic
def put_in_force(
    *, edition: Edition, act: Act, actor: Account | None, now: datetime, valid_from: date | None = None
) -> Edition:
    """Put an edition in force from its first day to the end of its school year.

    Somebody puts in force what another proposed, from the day proposed; only the central team, loading a pack
    (``actor`` None), puts a draft in force by itself, from ``valid_from`` if said. What was in force is closed on the
    day before, or superseded when nothing is left of it; both are one transaction.
    Raises EditionNotDraft, NotProposed, ApproverIsAuthor, ActMissing, EditionHasErrors or LaterEditionInForce.
    """
    if not act.number or act.decided_on is None:
        raise ActMissing(_("Indica il numero e la data dell'atto che approva la tariffa."))
    locked = _locked_to_approve(edition, actor)
    check_fit(locked)
    start = locked.period.start if locked.is_proposed or valid_from is None else valid_from
    period = DateRange(start, locked.year.period.end)
    _make_room(locked.service_id, period, actor, now)
    locked.valid_during = period.bounds
    locked.status = EditionStatus.IN_FORCE
    locked.act_number, locked.act_date, locked.act_url = act.number, act.decided_on, act.url
    locked.approved_by = act.approved_by
    locked.in_force_by = actor
    locked.save()
    record_event(locked, "put_in_force", actor, now)
    locked.refresh_from_db()
    edition_put_in_force.send(sender=Edition, edition=locked, now=now)
    return locked


def check_fit(edition: Edition) -> None:
    """Raises EditionHasErrors, or ExamplesDisagree when nothing but its examples is wrong."""
    errors = errors_of(lint(edition.rules, edition.service.archetype))
    if errors:
        only_examples = all(finding.code == EXAMPLE_DISAGREES for finding in errors)
        raise (ExamplesDisagree if only_examples else EditionHasErrors)(errors)


def _make_room(service_id: int, period: DateRange, actor: Account | None, now: datetime) -> None:
    """Close or supersede what is in force in the period."""
    held = Edition.objects.select_for_update().filter(
        service_id=service_id, status=EditionStatus.IN_FORCE, valid_during__overlap=period.bounds
    )
    for other in held.order_by("valid_during"):
        if not (other.period.start < period.start or period.covers(other.period)):
            raise LaterEditionInForce(
                _("Dal %(day)s è già in vigore un'altra edizione: scegli una data successiva."),
                day=other.period.start.strftime("%d/%m/%Y"),
            )
        if other.period.start < period.start:
            other.valid_during = DateRange(other.period.start, period.start).bounds
            record_event(other, "closed", actor, now)
        else:
            other.status = EditionStatus.SUPERSEDED
            record_event(other, "superseded", actor, now)
        other.save(update_fields=["valid_during", "status"])


def locked_edition(edition: Edition) -> Edition:
    """The row as it is now, held until the transaction ends."""
    return Edition.objects.select_for_update(of=("self",)).select_related("service").get(pk=edition.pk)


def locked_draft(edition: Edition) -> Edition:
    """As :func:`locked_edition`; raises EditionFrozen for a proposal and EditionNotDraft for what was in force."""
    locked = locked_edition(edition)
    if locked.is_proposed:
        raise EditionFrozen(_("Questa tariffa è proposta e aspetta una decisione: per cambiarla va prima ritirata."))
    if not locked.is_draft:
        raise EditionNotDraft(_("Questa edizione non è più una bozza: prepara una nuova revisione."))
    return locked


def _locked_to_approve(edition: Edition, actor: Account | None) -> Edition:
    locked = locked_edition(edition)
    if not (locked.is_draft or locked.is_proposed):
        raise EditionNotDraft(_("Questa edizione non è più una bozza: prepara una nuova revisione."))
    if actor is not None:
        check_approver(locked, actor)
    return locked


def record_event(edition: Edition, event: str, actor: Account | None, now: datetime) -> None:
    """What happened to an edition, on record: its number and fingerprint, no content."""
    record(
        action=Action.EDITION_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="edition",
        subject=edition.pk,
        now=now,
        details={"event": event, "revision": edition.revision, "fingerprint": edition.fingerprint},
    )
