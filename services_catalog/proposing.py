"""A newer metropolitan template is proposed to a Comune, never forced: its administrator accepts or declines."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.lineage import (
    ReasonMissing,
    base_of,
    current_edition,
    record_template,
    start_from_template,
)
from services_catalog.merging import Merged, merge
from services_catalog.metropolitan import MetropolitanTemplate, latest_templates
from services_catalog.models import Edition, ProposalState, Service, TemplateLineage, TemplateProposal
from services_catalog.publication import draft_edition, fingerprint_of
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.kernel.errors import DomainError


class ProposalDecided(DomainError):
    """Somebody has decided already, or a newer version took its place."""


class NothingToUpdate(DomainError):
    """The service has no edition into which an update could be brought."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What an offer did in a Comune: the services begun, and those to which an update was proposed."""

    started: tuple[str, ...]
    proposed: tuple[str, ...]


@transaction.atomic
def offer_templates(*, own_services: frozenset[str], now: datetime) -> Offered:
    """Begin what this Comune says nothing of, and propose the newer versions; doing it again changes nothing.

    ``own_services`` are those its pack speaks of: they begin with the pack.
    """
    started, proposed = [], []
    lineages = {lineage.service.code: lineage for lineage in TemplateLineage.objects.select_related("service")}
    held = set(Service.objects.filter(editions__isnull=False).values_list("code", flat=True))
    for code, template in latest_templates().items():
        lineage = lineages.get(code)
        if lineage is None:
            if template.file.starts_everywhere and code not in held | own_services:
                start_from_template(template=template, actor=None, now=now)
                started.append(code)
        elif propose(lineage=lineage, template=template, now=now) is not None:
            proposed.append(code)
    return Offered(tuple(started), tuple(proposed))


@transaction.atomic
def propose(*, lineage: TemplateLineage, template: MetropolitanTemplate, now: datetime) -> TemplateProposal | None:
    """Propose a newer version to the Comune; None where it has it, or was asked already.

    A proposal still open for an older version gives way: the newer one holds its changes too.
    """
    if template.version <= lineage.version or lineage.proposals.filter(version__gte=template.version).exists():
        return None
    lineage.proposals.filter(state=ProposalState.PROPOSED).update(state=ProposalState.OVERTAKEN, decided_at=now)
    proposal = TemplateProposal.objects.create(
        lineage=lineage,
        version=template.version,
        content=to_builtins(template.content),
        changed=template.file.changed.it,
        made_at=now,
    )
    record_template(lineage, "proposed", None, now, proposed=template.version)
    return proposal


def preview(proposal: TemplateProposal) -> Merged:
    """What accepting would bring into the current edition. Raises NothingToUpdate."""
    return _merged(proposal)[1]


@transaction.atomic
def accept(*, proposal: TemplateProposal, actor: Account, now: datetime) -> Edition:
    """Make a draft with the update brought in: every override stays, what both changed is listed as a conflict.

    What is in force does not change: the draft goes its way, with its act. Raises ProposalDecided or NothingToUpdate.
    """
    locked = _open(proposal)
    own, merged = _merged(locked)
    draft = draft_edition(
        service=own.service,
        school_year=own.year,
        content=merged.content,
        valid_from=max(own.period.start, own.year.period.start),
        actor=actor,
        now=now,
    )
    locked.draft = draft
    locked.conflicts = [point.place for point in merged.conflicts]
    _decide(locked, ProposalState.ACCEPTED, actor, now)
    lineage = locked.lineage
    lineage.version, lineage.base, lineage.followed_at = locked.version, locked.content, now
    lineage.fingerprint = fingerprint_of(_theirs(locked))
    lineage.save()
    return draft


@transaction.atomic
def decline(*, proposal: TemplateProposal, reason: str, actor: Account, now: datetime) -> None:
    """Stay with the version one has, and say why. Raises ReasonMissing or ProposalDecided."""
    if not reason.strip():
        raise ReasonMissing(_("Scrivi il motivo."))
    locked = _open(proposal)
    locked.reason = reason.strip()
    _decide(locked, ProposalState.DECLINED, actor, now)


def _open(proposal: TemplateProposal) -> TemplateProposal:
    rows = TemplateProposal.objects.select_for_update(of=("self",)).select_related("lineage__service")
    locked = rows.get(pk=proposal.pk)
    if locked.state != ProposalState.PROPOSED:
        raise ProposalDecided(_("Questa proposta è già stata decisa."))
    return locked


def _decide(proposal: TemplateProposal, state: ProposalState, actor: Account, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, actor.full_name
    proposal.save()
    record_template(proposal.lineage, str(state), actor, now, proposed=proposal.version)


def _merged(proposal: TemplateProposal) -> tuple[Edition, Merged]:
    own = current_edition(proposal.lineage.service)
    if own is None:
        raise NothingToUpdate(_("Il servizio non ha ancora un'edizione da aggiornare."))
    return own, merge(base=base_of(proposal.lineage), own=own.rules, theirs=_theirs(proposal))


def _theirs(proposal: TemplateProposal) -> EditionContent:
    return from_builtins(proposal.content, EditionContent)
