"""Many verdicts of the tax office at once: those about people of ours are kept, whatever file they came in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange as Range
from django.utils.translation import gettext as _

from integrations.tributi.types import TaxVerdict
from sportello.families.models import Adult
from sportello.jobs.registry import Progress
from sportello.means.asking_taxes import keep_position
from sportello.means.models import TaxPosition


@dataclass(frozen=True, slots=True)
class KeptVerdicts:
    """How many people of ours the verdicts speak of, and of how many what was known became another."""

    people: int
    created: int
    updated: int

    @property
    def unchanged(self) -> int:
        """The same was known, or something newer."""
        return self.people - self.created - self.updated


def people_among(codes: Iterable[str]) -> dict[str, Adult]:
    """Those among the codes who are adults of ours, in one query."""
    found = Adult.objects.filter(fiscal_code__in={code for code in codes if code}).order_by("pk")
    return {str(adult.fiscal_code): adult for adult in found}


@transaction.atomic
def keep_verdicts(
    *,
    verdicts: Mapping[str, TaxVerdict],
    people: Mapping[str, Adult],
    source: str,
    actor: int | None,
    now: datetime,
    progress: Progress,
) -> KeptVerdicts:
    """The verdicts of those people, by fiscal code, each in the place of the one before; each change is on record.

    What is known already, or is of an earlier day than what is known, changes nothing.
    """
    held = {one.adult_id: one for one in TaxPosition.objects.filter(adult__in=people.values()).order_by("pk")}
    created = updated = 0
    for done, (code, adult) in enumerate(sorted(people.items()), start=1):
        known, verdict = held.get(adult.pk), verdicts[code]
        if known is None or not (known.as_of > verdict.as_of or _says(known, verdict, source)):
            keep_position(adult=adult, verdict=verdict, source=source, actor=actor, now=now)
            created += known is None
            updated += known is not None
        progress.advance(done=done, total=len(people), message=str(_("Registro le posizioni")))
    return KeptVerdicts(len(people), created, updated)


def _says(known: TaxPosition, verdict: TaxVerdict, source: str) -> bool:
    return (known.verdict, known.reason, known.taxes, known.as_of, known.valid_during, known.source) == (
        verdict.verdict.value,
        verdict.reason.value,
        [tax.value for tax in verdict.taxes],
        verdict.as_of,
        Range(verdict.as_of, verdict.expires_on),
        source,
    ) and known.legal_basis == verdict.legal_basis
