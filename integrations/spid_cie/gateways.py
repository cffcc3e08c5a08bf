"""The gateway of another body: one more provider, which stands in no federation's list and serves only who names it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.models import Environment, IdentityProvider, IdentityScheme
from integrations.spid_cie.on_record import put_on_record
from integrations.spid_cie.registry import read_provider
from integrations.spid_cie.registry_sync import provider_fields
from sportello.audit.models import Action
from sportello.kernel.errors import DomainError


class NotAGateway(DomainError):
    """The identifier already belongs to a provider of another scheme or environment."""

    def __init__(self) -> None:
        super().__init__(_("Questo identificativo è già di un altro gestore."))


@transaction.atomic
def keep_gateway(*, scheme: IdentityScheme, content: bytes, actor: int | None, now: datetime) -> IdentityProvider:
    """Takes the metadata that the gateway's body handed over: who brings them vouches for them.

    Raises RegistryRefused for what is no provider's metadata, NotAGateway.
    """
    listed = read_provider(content)
    held = IdentityProvider.objects.select_for_update().filter(entity_id=listed.entity_id).first()
    if held and (held.scheme != scheme or held.environment != Environment.PRODUCTION):
        raise NotAGateway
    provider, _created = IdentityProvider.objects.update_or_create(
        entity_id=listed.entity_id, defaults={"scheme": scheme, **provider_fields(listed)}
    )
    put_on_record(
        Action.PROVIDERS_CHANGED,
        subject_kind="provider",
        subject=provider.entity_id[:64],
        actor=actor,
        now=now,
        did="gateway_kept",
        entity_id=provider.entity_id,
    )
    return provider
