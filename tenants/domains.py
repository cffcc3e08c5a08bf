"""The hosts on which a Comune answers: its own `<slug>.<base>`, and the ones it brings."""

import re
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from tenants.hosts import announce_change
from tenants.models import Domain, Municipality

LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST: Final = re.compile(rf"(?=.{{4,253}}\Z)(?:{LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")


class InvalidHost(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Scrivi solo il nome dell'host, per esempio servizi.comune.esempio.ba.it, senza https:// e senza porta.")
        )


class ReservedHost(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo nome è riservato alla piattaforma."))


class HostTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo nome è già usato da un Comune."))


class HostInUse(DomainError):
    def __init__(self) -> None:
        super().__init__(_("È il dominio principale: prima rendine principale un altro."))


class BuiltInHost(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Il dominio della piattaforma non si può togliere: serve se quello del Comune smette di funzionare.")
        )


def add_domain(*, municipality: Municipality, host: str) -> Domain:
    """Lets the Comune answer on the host, too. Raises InvalidHost, ReservedHost, HostTaken."""
    name = host.strip().lower().removesuffix(".")
    if HOST.fullmatch(name) is None:
        raise InvalidHost
    if name in {settings.BASE_HOST, settings.CENTRAL_HOST} or name.endswith(f".{settings.BASE_HOST}"):
        raise ReservedHost
    domain = Domain(domain=name, tenant=municipality, is_primary=False)
    try:
        with transaction.atomic():
            domain.save()
            transaction.on_commit(announce_change)
    except IntegrityError as error:
        raise HostTaken from error
    return domain


@transaction.atomic
def remove_domain(*, domain: Domain) -> None:
    """The Comune answers there no longer. Raises HostInUse, BuiltInHost."""
    held = Domain.objects.select_for_update().get(pk=domain.pk)
    if held.is_primary:
        raise HostInUse
    if is_built_in(held):
        raise BuiltInHost
    held.delete()
    transaction.on_commit(announce_change)


@transaction.atomic
def make_primary(*, domain: Domain) -> None:
    """The addresses in mails and papers name this host from now on; the others go on answering."""
    held = Domain.objects.select_for_update().get(pk=domain.pk)
    held.is_primary = True
    held.save()
    transaction.on_commit(announce_change)


def is_built_in(domain: Domain) -> bool:
    """Whether it is the host that the platform gave."""
    return str(domain.domain).endswith(f".{settings.BASE_HOST}")
