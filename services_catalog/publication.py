"""How an edition comes into force: drafted, corrected while a draft, put in force by an act, followed by another."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

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


class EditionHasErrors(DomainError):
    """The linter found holes or overlaps; ``findings`` names them."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("La tariffa ha punti da sistemare: %(first)s"), first=findings[0].message)
        self.findings = findings


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
    )
    _record(edition, "drafted", actor, now)
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
    locked = _locked_draft(edition)
    locked.content = to_builtins(content)
    locked.fingerprint = fingerprint_of(content)
    locked.save(update_fields=["content", "fingerprint"])
    _record(locked, "revised", actor, now)
    return locked


@transaction.atomic
def discard_draft(*, edition: Edition, actor: Account | None, now: datetime) -> None:
    """Throw a draft away; raises EditionNotDraft."""
    locked = _locked_draft(edition)
    _record(locked, "discarded", actor, now)
    locked.delete()


@transaction.atomic
def put_in_force(
    *, edition: Edition, act: Act, actor: Account | None, now: datetime, valid_from: date | None = None
) -> Edition:
    """Put a draft in force from its first day (or ``valid_from``) to the end of its school year.

    What was in force is closed on the day before, or superseded when nothing is left of it; both are one transaction.
    Raises EditionNotDraft, ActMissing, EditionHasErrors or LaterEditionInForce.
    """
    if not act.number or act.decided_on is None:
        raise ActMissing(_("Indica il numero e la data dell'atto che approva la tariffa."))
    locked = _locked_draft(edition)
    errors = errors_of(lint(locked.rules, locked.service.archetype))
    if errors:
        raise EditionHasErrors(errors)
    period = DateRange(valid_from or locked.period.start, locked.year.period.end)
    _make_room(locked.service_id, period, actor, now)
    locked.valid_during = period.bounds
    locked.status = EditionStatus.IN_FORCE
    locked.act_number, locked.act_date, locked.act_url = act.number, act.decided_on, act.url
    locked.approved_by = act.approved_by
    locked.save()
    _record(locked, "put_in_force", actor, now)
    locked.refresh_from_db()
    edition_put_in_force.send(sender=Edition, edition=locked, now=now)
    return locked


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
            _record(other, "closed", actor, now)
        else:
            other.status = EditionStatus.SUPERSEDED
            _record(other, "superseded", actor, now)
        other.save(update_fields=["valid_during", "status"])


def _locked_draft(edition: Edition) -> Edition:
    locked = Edition.objects.select_for_update(of=("self",)).select_related("service").get(pk=edition.pk)
    if not locked.is_draft:
        raise EditionNotDraft(_("Questa edizione non è più una bozza: prepara una nuova revisione."))
    return locked


def _record(edition: Edition, event: str, actor: Account | None, now: datetime) -> None:
    record(
        action=Action.EDITION_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="edition",
        subject=edition.pk,
        now=now,
        details={"event": event, "revision": edition.revision, "fingerprint": edition.fingerprint},
    )
