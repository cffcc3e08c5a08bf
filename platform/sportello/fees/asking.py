"""What must be asked to quote a fee: only the facts that some step of the table reads. Pure."""

from dataclasses import dataclass

from services_catalog.fee_table import (
    ExcessSlope,
    Exemption,
    FeeTable,
    IseeRow,
    PerBlock,
    PerDay,
    PerMeal,
    SiblingDiscounts,
    Statement,
    When,
    structs_of,
)


@dataclass(frozen=True, slots=True)
class FactsRead:
    """The facts a table reads; ``times`` how often the service is used, ``others`` the children who do not use it."""

    isee: bool
    level: bool
    residence: bool
    times: bool
    others: bool
    conditions: frozenset[str]


def facts_read(table: FeeTable) -> FactsRead:
    """What the table needs to know of a family."""
    structs = [struct for struct in structs_of(table) if not isinstance(struct, Statement)]
    whens = [struct for struct in structs if isinstance(struct, When)]
    units = [tariff.unit for _place, tariff in table.tariffs()]
    return FactsRead(
        isee=any(_reads_isee(struct) for struct in structs),
        level=table.reads_level(),
        residence=table.isee.non_resident != "same" or any(when.resident is not None for when in whens),
        times=any(isinstance(unit, PerMeal | PerDay | PerBlock) for unit in units),
        others=table.siblings.counted == "minors_of_household" or table.reads_household(),
        conditions=table.conditions(),
    )


def _reads_isee(struct: object) -> bool:
    match struct:
        case IseeRow() | ExcessSlope():
            return True
        case SiblingDiscounts(isee_from=low, isee_to=high) | Exemption(isee_from=low, isee_to=high):
            return bool(low) or high is not None
        case When():
            limits = (struct.isee_from, struct.isee_to, struct.isee_below, struct.isee_above)
            return any(limit is not None for limit in limits)
        case _:
            return False
