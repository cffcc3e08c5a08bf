"""The SAML log: pairs of request and answer, sealed, 24 months (DPCM 24 October 2014, art. 13 c. 2), then deleted."""

from datetime import datetime, timedelta
from typing import Final

from integrations.sealing import seal, unseal
from integrations.spid_cie.models import LoginTransaction, ProviderSession, SamlExchange

KEPT: Final = timedelta(days=731)  # two years, one of them of 366 days
MOST_REFUSALS: Final = 20
"""Refused answers to one login that are looked at and kept: whoever knows its ID could otherwise fill the log."""


def note(
    login: LoginTransaction,
    *,
    outcome: str,
    response: bytes,
    now: datetime,
    ids: tuple[str, str] | None = None,
) -> None:
    """Adds a pair. `ids` of response and assertion are those of an accepted answer: they may not come again."""
    if ids is None and refusals_of(login) >= MOST_REFUSALS:
        return
    SamlExchange.objects.create(
        number=login.number,
        schema_name=login.schema_name,
        scheme=login.provider.scheme,
        provider=login.provider.entity_id,
        outcome=outcome,
        request_id=login.request_id,
        response_id=ids[0] if ids else None,
        assertion_id=ids[1] if ids else None,
        sealed_request=bytes(login.sealed_request),
        sealed_response=seal(response),
        happened_at=now,
        delete_after=now + KEPT,
    )


def refusals_of(login: LoginTransaction) -> int:
    """How many answers to this login were refused so far."""
    return SamlExchange.objects.filter(number=login.number, response_id__isnull=True).count()


def pairs_of(number: str) -> list[tuple[SamlExchange, str, str]]:
    """The exchanges of a login with their messages, opened. Who asks for them has to be on record: see the desk."""
    return [
        (exchange, _words(exchange.sealed_request), _words(exchange.sealed_response))
        for exchange in SamlExchange.objects.filter(number=number)
    ]


def forget_old(now: datetime) -> int:
    """Deletes what has been kept long enough, and the logins that are over; returns how many pairs went."""
    LoginTransaction.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    ProviderSession.objects.filter(expires_at__lt=now).delete()
    deleted, _by_model = SamlExchange.objects.filter(delete_after__lte=now).delete()
    return deleted


def _words(sealed: bytes | memoryview) -> str:
    return unseal(sealed).decode(errors="replace")
