"""What the central team decides about a Comune: each change and its audit record stand or fall together."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.errors import DomainError
from tenants import branding, domains, stages
from tenants.models import Domain, Municipality, Stage


class DecidedOnTheCheckList(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'avvio, e il ritorno da un avvio, si decidono nella pagina «Avvio»."))


@transaction.atomic
def change_branding(*, municipality: Municipality, look: branding.Branding, actor: Account, now: datetime) -> None:
    """Sets colour, contacts and links. Raises ColourNotReadable."""
    changed = branding.set_branding(municipality=municipality, branding=look)
    if changed:
        _record(Action.BRANDING_CHANGED, municipality, actor, now, fields=changed)


@transaction.atomic
def change_coat_of_arms(*, municipality: Municipality, content: bytes, actor: Account, now: datetime) -> None:
    """Sets the coat of arms. Raises ImageTooLarge, ImageNotRecognised."""
    branding.set_coat_of_arms(municipality=municipality, content=content)
    _record(Action.BRANDING_CHANGED, municipality, actor, now, fields=["coat_of_arms"])


@transaction.atomic
def add_domain(*, municipality: Municipality, host: str, actor: Account, now: datetime) -> Domain:
    """Adds a custom domain. Raises InvalidHost, ReservedHost, HostTaken."""
    domain = domains.add_domain(municipality=municipality, host=host)
    _record(Action.DOMAIN_CHANGED, municipality, actor, now, added=domain.domain)
    return domain


@transaction.atomic
def remove_domain(*, domain: Domain, actor: Account, now: datetime) -> None:
    """Removes a custom domain. Raises HostInUse, BuiltInHost."""
    municipality, host = domain.tenant, domain.domain
    domains.remove_domain(domain=domain)
    _record(Action.DOMAIN_CHANGED, municipality, actor, now, removed=host)


@transaction.atomic
def make_domain_primary(*, domain: Domain, actor: Account, now: datetime) -> None:
    """Names the domain in mails and papers from now on."""
    domains.make_primary(domain=domain)
    _record(Action.DOMAIN_CHANGED, domain.tenant, actor, now, primary=domain.domain)


@transaction.atomic
def change_stage(*, municipality: Municipality, stage: Stage, reason: str, actor: Account, now: datetime) -> None:
    """Moves the Comune one stage on, or back, on its way to the start.

    The start itself and the way back from it are decided on the check-list. Raises StageSkipped, SchemaMissing,
    StageReasonMissing, DecidedOnTheCheckList.
    """
    if Stage.LIVE in {stage, municipality.stage}:
        raise DecidedOnTheCheckList
    before = stages.move_to_stage(municipality=municipality, stage=stage, by=actor.full_name, reason=reason, now=now)
    _record(Action.STAGE_CHANGED, municipality, actor, now, before=before.value, after=stage.value)


def _record(action: Action, municipality: Municipality, actor: Account, now: datetime, **details: object) -> None:
    record(
        action=action,
        actor=actor.pk,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
        details=details,
    )
