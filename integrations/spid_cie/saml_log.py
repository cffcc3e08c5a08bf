"""The SAML log: pairs of request and answer, sealed, 24 months (DPCM 24 October 2014, art. 13 c. 2), then deleted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.sealing import seal, unseal
from integrations.spid_cie.models import LoginTransaction, ProviderSession, SamlExchange
from integrations.spid_cie.on_record import put_on_record
from integrations.spid_cie.saml.printing import printed
from sportello.audit.models import Action
from sportello.kernel.errors import DomainError

KEPT: Final = timedelta(days=731)  # two years, one of them of 366 days
MOST_REFUSALS: Final = 20
"""Refused answers to one login that are looked at and kept: whoever knows its ID could otherwise fill the log."""

SHORTEST_REASON: Final = 10


class NumberUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Nessun accesso con questo numero."))


class ReasonTooShort(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scrivi perché apri il registro, con almeno 10 caratteri."))


@dataclass(frozen=True, slots=True)
class Pair:
    """An exchange with its messages as people can read them."""

    exchange: SamlExchange
    request: str
    response: str


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


@transaction.atomic
def open_pairs(*, number: str, reason: str, actor: int, now: datetime) -> list[Pair]:
    """The exchanges of a login with their messages; that they were opened, by whom and why, is on record.

    A pair whose 24 months are over is not shown, even when it is not deleted yet.
    Raises ReasonTooShort, NumberUnknown.
    """
    why = " ".join(reason.split())
    if len(why) < SHORTEST_REASON:
        raise ReasonTooShort
    wanted = number.strip().upper()
    found = list(SamlExchange.objects.filter(number=wanted, delete_after__gt=now))
    if not found:
        raise NumberUnknown
    put_on_record(Action.SAML_LOG_READ, subject_kind="saml_login", subject=wanted, actor=actor, now=now, reason=why)
    return [Pair(one, _words(one.sealed_request), _words(one.sealed_response)) for one in found]


def forget_old(now: datetime) -> int:
    """Deletes what has been kept long enough, and the logins that are over; returns how many pairs went."""
    LoginTransaction.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    ProviderSession.objects.filter(expires_at__lt=now).delete()
    deleted, _by_model = SamlExchange.objects.filter(delete_after__lte=now).delete()
    return deleted


def _words(sealed: bytes | memoryview) -> str:
    return printed(unseal(sealed))
