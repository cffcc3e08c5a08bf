"""A service charged by time, in force, with children who use it and whose prices are decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services_catalog.fee_table import FeeTable
from services_catalog.models import Edition, Service
from services_catalog.publication import register_service
from services_catalog.reading import to_builtins
from sportello.enrolment.models import MonthCount
from sportello.enrolment.pricing import reprice_service
from sportello.families.models import Child
from sportello.fees.deciding import facts_to_json, steps_to_json
from sportello.fees.facts import Facts
from sportello.fees.models import PriceDecision
from sportello.fees.rules import price
from sportello.kernel.clock import ROME
from sportello.kernel.month import Month
from sportello.schools.models import Section
from tests.factories.deciding import send
from tests.factories.editions import edition, edition_content
from tests.factories.meals import place
from tests.factories.numbering import YEAR, school_year_period
from tests.factories.people import Period, child
from tests.factories.schooling import pupil, school, section

NOW = datetime(2026, 9, 1, 9, tzinfo=ROME)
LEVELS = ("nido", "infanzia", "primaria")


def service_of(code: str = "trasporto", archetype: str = "transport") -> Service:
    """A service, the school bus unless said."""
    return register_service(code=code, name=code.capitalize(), archetype=archetype)


def charged_edition(
    fees: FeeTable | dict[str, Any], *, service: Service | None = None, conditions: Iterable[str] = (), **fields: Any
) -> Edition:
    """An edition of the fees in force for 2026/27, from 14 September to 11 June, from Monday to Friday."""
    written = to_builtins(fees) if isinstance(fees, FeeTable) else fees
    content = edition_content(
        audience={"levels": list(LEVELS)},
        conditions=[{"code": code, "label": {"it": code}} for code in conditions],
        calendar={"spans": [{"level": level, "first_day": "2026-09-14", "last_day": "2027-06-11"} for level in LEVELS]},
        windows=[],
        fees={"unit": {"kind": "month"}, **written},
    )
    return edition(service or service_of(), content=content, **fields)


def rider(made: Edition, room: Section | None = None, *, level: str = "primaria", **fields: Any) -> Child:
    """A child with a place in the service and in a class."""
    minor = child()
    pupil(minor, room or section(school(level=level)))
    place(minor, made, **fields)
    return minor


def decide(made: Edition) -> None:
    """The prices of everybody in the service, decided for the school year and sent."""
    reprice_service(service=made.service, within=YEAR.period, now=NOW)
    send()


def decided(minor: Child, made: Edition, facts: Facts, *, valid_during: Period | None = None) -> PriceDecision:
    """A price decided on the facts a test names, whatever the rest of the house knows; sent, it takes the place of
    those of its days.
    """
    found = price(made.rules.fees, facts)
    draft = PriceDecision.objects.create(
        child=minor,
        service=made.service,
        edition=made,
        valid_during=valid_during or school_year_period(),
        unit_price_cents=found.amount.cents,
        unit=found.unit,
        inputs=facts_to_json(facts),
        steps=steps_to_json(found.steps),
        decided_at=NOW,
    )
    send(minor)
    draft.refresh_from_db()
    return draft


def written_down(minor: Child, made: Edition, month: Month, **counts: int) -> None:
    """What the office wrote down for the child in a month."""
    for counted, number in counts.items():
        MonthCount.objects.create(
            child=minor,
            service=made.service,
            month=month.first_day,
            counted=counted,
            number=number,
            recorded_at=NOW,
        )
