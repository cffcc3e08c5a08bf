"""What an administrator does with the connectors of her Comune: each deed is on record, none shows a secret."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError
from integrations.models import Connector
from integrations.named_secrets import NAME
from integrations.registry import Adapter, exchange, line_of
from integrations.typed_settings import as_plain, read_settings
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.errors import DomainError


class SecretNameInvalid(DomainError):
    """Not the name of a secret: perhaps the secret itself, which must not be written here."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi il nome del segreto, non il segreto: lettere minuscole, cifre e trattini."))


class SecretNameMissing(DomainError):
    """The adapter speaks with a secret and none is named."""

    def __init__(self) -> None:
        super().__init__(_("Questo collegamento ha bisogno del nome di un segreto."))


@transaction.atomic
def save_connector(
    *, adapter: Adapter, values: dict[str, Any], secret_name: str, actor: Account, now: datetime
) -> Connector:
    """Keeps the settings of an adapter, on or off as it was. Raises SettingsInvalid, SecretNameInvalid,
    SecretNameMissing.
    """
    settings = as_plain(read_settings(values, adapter.settings_type))
    if secret_name and not NAME.fullmatch(secret_name):
        raise SecretNameInvalid
    if adapter.needs_secret and not secret_name:
        raise SecretNameMissing
    kept, created = Connector.objects.get_or_create(
        kind=adapter.kind, adapter=adapter.name, defaults={"settings": settings, "secret_name": secret_name}
    )
    before = {} if created else {**kept.settings, "secret_name": kept.secret_name}
    after = {**settings, "secret_name": secret_name}
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if changed:
        kept.settings, kept.secret_name = settings, secret_name
        kept.save(update_fields=["settings", "secret_name"])
        _record(Action.CONNECTOR_CHANGED, kept, actor, now, fields=changed)
    return kept


@transaction.atomic
def switch_connector(*, connector: Connector, on: bool, actor: Account, now: datetime) -> None:
    """On: it speaks for the Comune and the other of its kind stops. Off: nobody does. Raises SimulatorRefused,
    NotConfigured, SettingsInvalid.
    """
    rows = list(Connector.objects.select_for_update().filter(kind=connector.kind).order_by("pk"))
    if on:
        line_of(connector)
    for row in rows:
        wanted = on and row.pk == connector.pk
        if row.enabled and not wanted and (on or row.pk == connector.pk):
            Connector.objects.filter(pk=row.pk).update(enabled=False)
            _record(Action.CONNECTOR_CHANGED, row, actor, now, enabled=False)
    if on and not connector.enabled:
        Connector.objects.filter(pk=connector.pk).update(enabled=True)
        _record(Action.CONNECTOR_CHANGED, connector, actor, now, enabled=True)


def try_connector(*, connector: Connector, actor: Account, now: datetime) -> ConnectorError | None:
    """Asks the other system whether it is there, about nobody; the failure, or None. Not in a transaction.

    Raises SettingsInvalid.
    """
    _record(Action.CONNECTOR_TRIED, connector, actor, now)
    try:
        line = line_of(connector)
        with exchange(line, operation="probe", reference="", now=now):
            line.client.probe()
    except ConnectorError as failure:
        return failure
    return None


def _record(action: Action, connector: Connector, actor: Account, now: datetime, **details: object) -> None:
    record(
        action=action, actor=actor.pk, subject_kind="connector", subject=str(connector), now=now, details=dict(details)
    )
