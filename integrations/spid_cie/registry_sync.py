"""The list of providers is brought up to date: fetched, verified, compared with the last good copy, then taken whole.

A login never comes here: it reads the rows that the last good copy left (`desks.usable_providers`).
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.models import Environment, IdentityProvider, IdentityScheme, Mode, RegistryCopy, SamlEntity
from integrations.spid_cie.on_record import put_on_record
from integrations.spid_cie.registry import (
    BIGGEST,
    Listed,
    Registry,
    RegistryRefused,
    SignerChanged,
    entity_ids,
    read_registry,
)
from sportello.audit.models import Action

TIMEOUT: Final = 20.0
log = logging.getLogger(__name__)


class NoPinnedCertificate(RegistryRefused):
    def __init__(self) -> None:
        super().__init__(
            "no_pinned",
            _("Manca il certificato atteso della federazione: senza, l'elenco non si può verificare e non si prende."),
        )


class NotFetched(RegistryRefused):
    def __init__(self) -> None:
        super().__init__("not_fetched", _("L'elenco non si è potuto scaricare: riprova più tardi."))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a list changed: entity ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def pinned_certificate(scheme: str) -> str:
    """The PEM of who signs the list of a scheme. Raises NoPinnedCertificate."""
    path = settings.IDENTITY_REGISTRIES[scheme]["certificate"]
    if not path:
        raise NoPinnedCertificate
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPinnedCertificate from error


def can_be_verified(scheme: str) -> bool:
    """Whether a certificate is pinned for this list."""
    return bool(settings.IDENTITY_REGISTRIES[scheme]["certificate"])


def fetch_registry(scheme: str) -> bytes:
    """The list as it is published: https only, 20 s, 5 MB. Raises NotFetched."""
    url = settings.IDENTITY_REGISTRIES[scheme]["url"]
    if urlsplit(url).scheme != "https":
        raise NotFetched
    try:
        with build_opener(_OnlyHttps).open(Request(url), timeout=TIMEOUT) as answer:  # noqa: S310 -- https alone
            content: bytes = answer.read(BIGGEST + 1)
    except OSError as error:  # URLError and TimeoutError are kinds of it
        log.error("The registry could not be fetched", extra={"scheme": scheme, "error": type(error).__name__})  # noqa: TRY400 -- anticipated: its kind says all
        raise NotFetched from error
    return content


def update_registry(*, scheme: IdentityScheme, now: datetime, actor: int | None = None) -> Difference:
    """Fetches the published list and takes it. Raises RegistryRefused and its kinds."""
    pinned = pinned_certificate(scheme)
    return sync_registry(scheme=scheme, content=fetch_registry(scheme), pinned=pinned, now=now, actor=actor)


def sync_registry(
    *, scheme: IdentityScheme, content: bytes, pinned: str, now: datetime, actor: int | None = None
) -> Difference:
    """Takes a list, or refuses it and leaves everything as it was.

    Adds new providers (enabled), updates addresses and certificates, switches off those that are gone, and on again
    those that come back; who was switched off at the desk stays off. Demonstration and validator rows, and gateways
    that a Comune names, are never touched. Two at the same time: one waits for the other.

    Raises RegistryRefused and its kinds; each is logged as an error, so that somebody is called.
    """
    try:
        return _sync(scheme, content, pinned, now, actor)
    except SignerChanged as error:
        log.error("The registry is signed by somebody else", extra={"scheme": scheme, "signer": error.signer})  # noqa: TRY400
        raise
    except RegistryRefused as error:
        log.error("The registry was refused", extra={"scheme": scheme, "reason": error.reason})  # noqa: TRY400
        raise


@transaction.atomic
def _sync(scheme: IdentityScheme, content: bytes, pinned: str, now: datetime, actor: int | None) -> Difference:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity_registry'), hashtext(%s))", [scheme.value])
    registry = read_registry(content, pinned=pinned, now=now)
    last = RegistryCopy.objects.filter(scheme=scheme).first()
    _enough(registry, last)
    difference = _apply(scheme, registry, entity_ids(last.text) if last else set())
    RegistryCopy.objects.update_or_create(
        scheme=scheme,
        defaults={
            "signer": registry.signer,
            "provider_count": len(registry.providers),
            "text": content.decode(),
            "fetched_at": now,
        },
    )
    if registry.left_out:
        log.warning("Providers of the registry that cannot be used", extra={"entities": list(registry.left_out)})
    if difference:
        put_on_record(
            Action.PROVIDERS_CHANGED,
            subject_kind="registry",
            subject=scheme.value,
            actor=actor,
            now=now,
            did="synced",
            **asdict(difference),
        )
    return difference


@transaction.atomic
def switch_provider(*, provider: IdentityProvider, enabled: bool, actor: int | None, now: datetime) -> IdentityProvider:
    """Lets people enter with a provider, or not. Asked twice, it changes nothing."""
    held = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
    if held.enabled == enabled:
        return held
    held.enabled = enabled
    held.save(update_fields=["enabled"])
    put_on_record(
        Action.PROVIDERS_CHANGED,
        subject_kind="provider",
        subject=held.entity_id[:64],
        actor=actor,
        now=now,
        did="switched_on" if enabled else "switched_off",
        entity_id=held.entity_id,
    )
    return held


def _enough(registry: Registry, last: RegistryCopy | None) -> None:
    if not registry.providers:
        raise RegistryRefused("empty", _("L'elenco è vuoto."))
    if last and len(registry.providers) * 2 < last.provider_count:
        raise RegistryRefused("halved", _("L'elenco ha meno della metà dei gestori dell'ultima copia buona."))


def _apply(scheme: IdentityScheme, registry: Registry, before: set[str]) -> Difference:
    held = {one.entity_id: one for one in IdentityProvider.objects.select_for_update().filter(scheme=scheme)}
    listed = {one.entity_id: one for one in registry.providers}
    added, changed = [], []
    for one in registry.providers:
        row = held.get(one.entity_id)
        if row is None:
            IdentityProvider.objects.create(scheme=scheme, **provider_fields(one))
            added.append(one.entity_id)
        elif row.environment == Environment.PRODUCTION and _update(row, one, came_back=one.entity_id not in before):
            changed.append(one.entity_id)
    removed = [row for row in held.values() if _is_gone(row, listed)]
    gateways = set(SamlEntity.objects.filter(mode=Mode.GATEWAY).values_list("gateway_entity_id", flat=True))
    gone = [row.entity_id for row in removed if row.entity_id not in gateways]
    IdentityProvider.objects.filter(entity_id__in=gone).update(enabled=False)
    return Difference(tuple(added), tuple(changed), tuple(sorted(gone)))


def _is_gone(row: IdentityProvider, listed: dict[str, Listed]) -> bool:
    return row.enabled and row.environment == Environment.PRODUCTION and row.entity_id not in listed


def _update(row: IdentityProvider, listed: Listed, *, came_back: bool) -> bool:
    wanted = {**provider_fields(listed), "enabled": row.enabled or came_back}
    different = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, wanted[name])
    if different:
        row.save(update_fields=different)
    return bool(different)


def provider_fields(listed: Listed) -> dict[str, object]:
    """The columns that a list decides."""
    return {**asdict(listed), "certificates": list(listed.certificates)}


class _OnlyHttps(HTTPRedirectHandler):
    """A list that moves to an address without TLS is not fetched."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: PLR0917 -- as urllib calls it
        if urlsplit(newurl).scheme != "https":
            raise URLError("the list moved to an address without TLS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
