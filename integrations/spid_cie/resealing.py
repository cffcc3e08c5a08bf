"""Everything that is sealed in `public` moves to the first of SEALING_KEYS, so that an older one can be thrown away."""

from typing import Any, Final

from django.db import models, transaction

from integrations.sealing import reseal
from integrations.spid_cie.models import HandoverCode, LoginTransaction, SamlExchange, SigningKey

type Rows = models.Manager[Any]  # Any: the tables that seal something
SEALED: Final[tuple[tuple[Rows, tuple[str, ...]], ...]] = (
    (SigningKey.objects, ("sealed_key",)),
    (SamlExchange.objects, ("sealed_request", "sealed_response")),
    (LoginTransaction.objects, ("sealed_request",)),
    (HandoverCode.objects, ("sealed_identity",)),
)
CHUNK: Final = 500


def reseal_all() -> int:
    """Seals every row again and returns how many; may be run again after a failure. Destroyed keys stay destroyed.

    Raises SealBroken when a row was sealed with a key that is no longer in SEALING_KEYS.
    """
    return sum(_reseal(rows, fields) for rows, fields in SEALED)


def _reseal(rows: Rows, fields: tuple[str, ...]) -> int:
    last, done = 0, 0
    while chunk := _reseal_after(last, rows, fields):
        last, done = chunk[-1].pk, done + len(chunk)
    return done


@transaction.atomic
def _reseal_after(last: int, rows: Rows, fields: tuple[str, ...]) -> list[Any]:
    chunk = list(rows.select_for_update().filter(pk__gt=last).order_by("pk")[:CHUNK])
    for row in chunk:
        for name in fields:
            if held := bytes(getattr(row, name)):
                setattr(row, name, reseal(held))
    rows.bulk_update(chunk, fields)
    return chunk
