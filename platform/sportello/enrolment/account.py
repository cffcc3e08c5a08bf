"""The account of a child in a service as the family reads it: every movement with the steps of its amount."""

from dataclasses import dataclass

from services_catalog.models import Edition
from sportello.billing.debts.parts import WHOLE, SeenParts
from sportello.billing.models import Entry
from sportello.billing.statements import Statement, statement_of
from sportello.families.models import Child
from sportello.fees.deciding import steps_from_json
from sportello.fees.explanation import Line, act_sentence, explain


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry with the explanation of its amount: the steps in plain words, and the act."""

    entry: Entry
    steps: tuple[Line, ...] = ()
    act: str = ""
    act_url: str = ""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """What was charged and paid for a child in a service, movement by movement."""

    money: Statement
    movements: tuple[Movement, ...]


def account_of(child: Child, service_code: str, *, with_reasons: bool, parts: SeenParts = WHOLE) -> ServiceAccount:
    """The account, with why each amount is such only for who may read it: the steps tell of the ISEE. Three queries.

    Where the costs are divided `parts` says whose part is told; the steps of a whole price are then left out.
    """
    money = statement_of(child, service_code, parts)
    if not with_reasons or parts.divides(child.pk):
        return ServiceAccount(money, tuple(Movement(entry) for entry in money.entries))
    named = {entry.explanation["edition"] for entry in money.entries if entry.explanation}
    editions = Edition.objects.in_bulk(named)
    return ServiceAccount(money, tuple(_movement(entry, editions) for entry in money.entries))


def _movement(entry: Entry, editions: dict[int, Edition]) -> Movement:
    """The explanation an entry kept, told by the edition it names."""
    kept = entry.explanation
    edition = editions.get(kept["edition"]) if kept else None
    if kept is None or edition is None:
        return Movement(entry)
    steps = tuple(explain(steps_from_json(kept["steps"]), edition.rules))
    return Movement(entry, steps, act_sentence(edition), edition.act_url)
