"""What is asked in a position, and whether it can be. Pure but for the sentences of its errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.categories import category_of
from sportello.billing.debts.errors import DatesDisagree, NothingToAsk, SumsDisagree, TooManyServices
from sportello.billing.debts.models import Purpose
from sportello.billing.debts.pieces import Piece, pieces_of

MOST_TRANSFERS: Final = 5
LONGEST: Final = 140


@dataclass(frozen=True, slots=True)
class Collected:
    """So many cents of one child in one service; `month` is the first day of the month that they are for, if any."""

    child_id: int
    service_code: str
    cents: int
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a plan: printed with `due_on`, taken until `last_day`."""

    cents: int
    due_on: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A position to open. `key` names the fact it is made for: asked again, nothing new is made.

    Its sum may be paid at once (until `last_day`) or, where there are instalments, by these.
    """

    payer_id: int
    purpose: Purpose
    description: str
    lines: tuple[Collected, ...]
    due_on: date
    last_day: date
    key: str
    instalments: tuple[Instalment, ...] = ()
    valid_from: date | None = None
    publish: bool = True
    switch_to_expired: bool = True

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)

    @property
    def options(self) -> tuple[Instalment, ...]:
        """All ways of paying, the whole at once first."""
        return (Instalment(self.cents, self.due_on, self.last_day), *self.instalments)


def check(asked: Asked) -> None:
    """Raises NothingToAsk, SumsDisagree, DatesDisagree or TooManyServices."""
    if not asked.lines or any(line.cents < 1 for line in asked.lines):
        raise NothingToAsk
    if asked.instalments and sum(part.cents for part in asked.instalments) != asked.cents:
        raise SumsDisagree(_("Le rate insieme devono fare l'importo intero."))
    if any(part.cents < 1 for part in asked.instalments):
        raise NothingToAsk
    for option in asked.options:
        if option.last_day < option.due_on:
            raise DatesDisagree(_("L'ultimo giorno utile non può venire prima della scadenza."))
        if asked.valid_from is not None and option.due_on <= asked.valid_from:
            raise DatesDisagree(_("La scadenza deve venire dopo il giorno da cui si può pagare."))
    days = [part.due_on for part in asked.instalments]
    if days != sorted(days):
        raise DatesDisagree(_("Le rate devono essere in ordine di scadenza."))
    if len({category_of(line.service_code) for line in asked.lines}) > MOST_TRANSFERS:
        raise TooManyServices


def by_category(pieces: Sequence[Piece], services: dict[int, str]) -> dict[str, int]:
    """Taxonomy code -> cents, in the order in which the codes first come; `services` by line id."""
    found: dict[str, int] = {}
    for piece in pieces:
        category = category_of(services[piece.line_id])
        found[category] = found.get(category, 0) + piece.cents
    return found


def pieces_of_option(asked: Asked, number: int) -> tuple[Piece, ...]:
    """What an option of the position will pay of its lines, these numbered from 1."""
    lines = [Piece(place, line.cents) for place, line in enumerate(asked.lines, start=1)]
    return pieces_of(lines, [part.cents for part in asked.instalments], number)


def remittance_of(iuv: str, cents: int, description: str) -> str:
    """The customary form of a causale (P30), cut to what fits.

    >>> remittance_of("03000000000004272", 4550, "Mensa")
    '/RFB/03000000000004272/45.50/TXT/Mensa'
    """
    return f"/RFB/{iuv}/{cents // 100}.{cents % 100:02}/TXT/{description}"[:LONGEST]
