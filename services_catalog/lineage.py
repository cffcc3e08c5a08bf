"""From which metropolitan template a service of this Comune started, in what it differs from it, and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.merging import Point, points
from services_catalog.metropolitan import MetropolitanTemplate
from services_catalog.models import Edition, EditionStatus, OverrideReason, Service, TemplateLineage
from services_catalog.publication import draft_edition, register_service
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.errors import DomainError


class ReasonMissing(DomainError):
    """A reason that says nothing."""


class ServiceAlreadyThere(DomainError):
    """The Comune has said its own rules of the service: it does not start from the template any more."""


class NoSuchDifference(DomainError):
    """The place does not differ from the template, or not any more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A point in which the Comune differs from the template it started from, with the reason written for it."""

    point: Point
    reason: OverrideReason | None


@transaction.atomic
def start_from_template(*, template: MetropolitanTemplate, actor: Account | None, now: datetime) -> Edition:
    """A service that begins as the template says: a draft to confirm, which no family is charged by.

    Raises ServiceAlreadyThere where the Comune has an edition of that service.
    """
    head = template.file.service
    service = register_service(code=head.code, name=head.name.it, archetype=head.archetype)
    if Edition.objects.filter(service=service).exists():
        raise ServiceAlreadyThere(_("Il servizio «%(name)s» ha già le sue regole."), name=service.name)
    draft = draft_edition(service=service, school_year=template.year, content=template.content, actor=actor, now=now)
    follow(service=service, template=template, now=now)
    return draft


@transaction.atomic
def follow(*, service: Service, template: MetropolitanTemplate, now: datetime) -> TemplateLineage:
    """Remember that a service started from that version; one that follows a version already keeps it."""
    return TemplateLineage.objects.get_or_create(
        service=service,
        defaults={
            "version": template.version,
            "fingerprint": template.fingerprint,
            "base": to_builtins(template.content),
            "followed_at": now,
        },
    )[0]


@transaction.atomic
def explain_difference(
    *, lineage: TemplateLineage, place: str, reason: str, author: str, actor: Account | None, now: datetime
) -> None:
    """Write why the Comune differs at a place; a later reason replaces the one before.

    ``actor`` is an account of this Comune, None for the central team, which its own record names.
    Raises ReasonMissing or NoSuchDifference.
    """
    if not reason.strip():
        raise ReasonMissing(_("Scrivi il motivo."))
    if place not in {difference.point.place for difference in differences(lineage)}:
        raise NoSuchDifference(_("Questo punto non è diverso dal modello."))
    OverrideReason.objects.update_or_create(
        lineage=lineage, place=place, defaults={"reason": reason.strip(), "author": author, "written_at": now}
    )
    record_template(lineage, "explained", actor, now, place=place)


def base_of(lineage: TemplateLineage) -> EditionContent:
    """What the version it started from said."""
    return from_builtins(lineage.base, EditionContent)


def current_edition(service: Service) -> Edition | None:
    """The latest edition of a service, in force or being prepared: the one compared with the template."""
    held = Edition.objects.filter(service=service).exclude(status=EditionStatus.SUPERSEDED)
    return held.select_related("service").order_by("-school_year", "-revision").first()


def differences(lineage: TemplateLineage) -> list[Difference]:
    """In what the current edition differs from the template it started from, with the reasons (two queries)."""
    edition = current_edition(lineage.service)
    if edition is None:
        return []
    reasons = {reason.place: reason for reason in lineage.reasons.all()}
    return [Difference(point, reasons.get(point.place)) for point in points(base_of(lineage), edition.rules)]


def record_template(
    lineage: TemplateLineage, event: str, actor: Account | None, now: datetime, **details: str | int
) -> None:
    """The audit record of what happens between the Comune and its template."""
    record(
        action=Action.EDITION_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="template_lineage",
        subject=lineage.pk,
        now=now,
        details={"event": event, "version": lineage.version, **details},
    )
