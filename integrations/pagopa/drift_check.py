"""The nightly comparison with PagoPA's BackOffice (P4): every difference is kept until a check does not find it."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from integrations.errors import ConnectorError, NotConfigured
from integrations.named_secrets import secret
from integrations.pagopa import backoffice
from integrations.pagopa.backoffice import BackOffice
from integrations.pagopa.drift import Difference, Ours, differences
from integrations.pagopa.models import CreditorInstitution, Drift, DriftCheck, Gateway
from integrations.pagopa.rest import Service
from integrations.pagopa.settings import PLATFORM
from integrations.pagopa.simulated import simulated_backoffice
from integrations.registry import simulators_allowed
from tenants.current import in_schema

log = logging.getLogger(__name__)
SECONDS: Final = 15


def own_backoffice() -> BackOffice:
    """The BackOffice of this installation: PagoPA's where the name of a key is set, else the simulator's.

    Raises NotConfigured in production without a key.
    """
    name = settings.PAGOPA_BACKOFFICE_KEY
    if name:
        service = Service(
            f"{settings.PAGOPA_BACKOFFICE_BASE or PLATFORM}/{backoffice.PATH}", _key(name), seconds=SECONDS
        )
        return BackOffice(service)
    if not simulators_allowed():
        raise NotConfigured
    return simulated_backoffice()


def _key(name: str) -> Callable[[], str]:
    def read() -> str:
        with in_schema(settings.CENTRAL_SCHEMA):  # the broker's own, of no Comune
            return secret(name)

    return read


def check_drift(*, now: datetime, office: BackOffice | None = None) -> list[DriftCheck]:
    """Compares each broker's Comuni with the record; a broker that cannot be asked keeps what was found before.

    Those reached through the Region are hers to compare. Raises nothing: why a broker failed stands in its check.
    """
    rows = CreditorInstitution.objects.exclude(broker_code="").exclude(adapter=Gateway.MYPAY)
    brokers = sorted(set(rows.values_list("broker_code", flat=True)))
    return [_check(broker, list(rows.filter(broker_code=broker)), office, now) for broker in brokers]


def _check(broker: str, rows: list[CreditorInstitution], office: BackOffice | None, now: datetime) -> DriftCheck:
    try:
        there = office or own_backoffice()
        on_record, ibans = list(there.institutions(broker)), list(there.ibans(broker))
    except ConnectorError as failure:
        log.warning("PagoPA's record could not be read", extra={"code": failure.code})
        return DriftCheck.objects.create(broker_code=broker, checked_at=now, error_code=failure.code)
    found = differences([_ours(row) for row in rows], on_record, ibans, now=now)
    with transaction.atomic():
        for one in found:
            _keep(broker, one, now)
        Drift.objects.filter(broker_code=broker, last_seen_at__lt=now).delete()
        return DriftCheck.objects.create(
            broker_code=broker, checked_at=now, institutions=len(rows), differences=len(found)
        )


def _keep(broker: str, one: Difference, now: datetime) -> None:
    told = {"name": one.name[:140], "ours": one.ours[:255], "theirs": one.theirs[:255], "last_seen_at": now}
    Drift.objects.update_or_create(
        broker_code=broker,
        fiscal_code=one.fiscal_code[:11],
        what=one.what.value,
        defaults=told,
        create_defaults={**told, "first_seen_at": now},
    )


def _ours(row: CreditorInstitution) -> Ours:
    return Ours(
        fiscal_code=row.fiscal_code,
        name=row.company_name,
        station_code=row.station_code,
        segregation_code=row.segregation_code,
        cbill_code=row.cbill_code,
        iban=row.iban,
        postal_iban=row.postal_iban,
        on_own_station=row.adapter == Gateway.STATION,
    )
