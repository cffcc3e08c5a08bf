"""Which standing with the local taxes counts on a day."""

from collections.abc import Collection, Iterable
from datetime import date

from integrations.tributi.types import Tax, Verdict
from sportello.families.models import Adult, Child
from sportello.families.queries import guardians_by_child, guardians_of
from sportello.means.models import TaxPosition
from sportello.means.tax_rules import Position, household_position


def tax_positions_of(adults: Iterable[Adult], day: date) -> dict[int, TaxPosition]:
    """The positions in force that day, by the adult's id, in one query; who has none is not in it."""
    keys = [adult.pk for adult in adults]
    held = TaxPosition.objects.filter(adult__in=keys, valid_during__contains=day)
    return {position.adult_id: position for position in held}


def tax_position_of_household(child: Child, day: date) -> Position:
    """How the adults who act for the child stand together that day, for `rules.arrears_effect`."""
    adults = list(guardians_of(child, day))
    held = tax_positions_of(adults, day)
    return household_position([as_fact(held.get(adult.pk)) for adult in adults])


def unpaid_taxes_until(children: Collection[int], day: date) -> dict[int, date]:
    """Child id -> the last day of the standing that says its household does not pay; the others are not in it.

    Two queries whatever the number of children.
    """
    guardians = guardians_by_child(children, day)
    adults = {adult for held in guardians.values() for adult in held}
    rows = TaxPosition.objects.filter(adult__in=adults, valid_during__contains=day).order_by("pk")
    known = {row.adult_id: as_fact(row) for row in rows}
    standing = {child: household_position(map(known.get, held)) for child, held in guardians.items()}
    return {
        child: one.last_day
        for child, one in standing.items()
        if one.verdict is Verdict.IN_ARREARS and one.last_day is not None
    }


def as_fact(position: TaxPosition | None) -> Position | None:
    """A row as the rules read it."""
    if position is None:
        return None
    taxes = frozenset(Tax(tax) for tax in position.taxes)
    return Position(Verdict(position.verdict), taxes, position.last_day)
