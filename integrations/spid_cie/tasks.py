"""What the clock starts for the hub, in `public`: it belongs to no Comune."""

import logging
from contextlib import suppress

from celery import shared_task

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.registry import RegistryRefused
from integrations.spid_cie.registry_sync import can_be_verified, update_registry
from integrations.spid_cie.saml_log import forget_old
from sportello.kernel import clock

log = logging.getLogger(__name__)


@shared_task(name="spid_cie.forget_exchanges", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def forget_exchanges() -> None:
    """Deletes the pairs whose 24 months are over, and the logins that are."""
    log.info("Deleted old exchanges", extra={"pairs": forget_old(clock.now())})


@shared_task(name="spid_cie.sync_registries", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def sync_registries() -> None:
    """Brings both lists up to date. A refused one is an error in the log and does not keep the other waiting."""
    for scheme in IdentityScheme:
        if not can_be_verified(scheme):
            log.info("No certificate is pinned: the registry is not fetched", extra={"scheme": scheme.value})
            continue
        with suppress(RegistryRefused):  # logged as an error where it was refused
            update_registry(scheme=scheme, now=clock.now())
