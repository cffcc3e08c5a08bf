"""A draft table on a year of meals, against one bare count of the same rows. `WHAT_IF_CHILDREN` sets the size."""

import json
import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from django.db import connection

from services_catalog.fee_table import Band, FeeTable, FlatBands, PerMeal
from services_catalog.models import Edition
from services_catalog.publication import draft_edition
from sportello.canteen.models import Presence
from sportello.canteen.what_if import rehearse
from sportello.fees.deciding import facts_from_json
from sportello.fees.models import PriceDecision
from sportello.fees.rules import price
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.month_close import POPULATION, SCHOOLS
from tests.bench.table import Row, Table
from tests.factories.meals import NOW, canteen_content, canteen_edition

CHILDREN = int(os.environ.get("WHAT_IF_CHILDREN", "50000"))
DAYS, SECTIONS, SAMPLE = 180, 500, 10
YEAR = SchoolYear(2026)
COUNT = """
SELECT child_id, count(*) FROM canteen_presence WHERE ate AND day >= %s AND day < %s GROUP BY child_id
"""


def run() -> Table:
    """The rows are made by one statement; the medians are of three runs, interleaved."""
    with database():
        bring_in(pack=pack_of("A662"))
        with in_schema("c_a662"):
            edition = _populate()
            draft = _proposal(edition)
            bare, ours = [], []
            for _round in range(3):
                bare.append(_seconds(_count))
                ours.append(_seconds(lambda: rehearse(draft=draft, period=YEAR.period)))
            naive = _meal_by_meal(draft)
    limit, value = median(bare), median(ours)
    met = naive / value >= 50 and (value < 10 or CHILDREN > 50_000)
    return Table(
        "What-if of a year",
        f"{CHILDREN:,} children x {DAYS} days. limit: one bare aggregate of the same rows. naive: each meal priced"
        f" through the ORM, on {SAMPLE} children, in proportion. ours: days summed by child, the draft's price"
        " worked out once for each set of facts.",
        (Row("what-if", value, "s", limit, naive, "< 10 s, at least 50 times", met),),
    )


def _populate() -> Edition:
    edition = canteen_edition()
    days, day = [], date(2026, 9, 15)
    while len(days) < DAYS:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    sizes = {"schools": SCHOOLS, "each": SECTIONS // SCHOOLS, "sections": SECTIONS, "children": CHILDREN}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # nine million rows: their keys are made right here
        cursor.execute(POPULATION, {**sizes, "days": days, "service": edition.service_id, "edition": edition.pk})
        facts = {"level": "primaria", "sibling_rank": 1, "children_using": 1, "conditions": [], "resident": True}
        cursor.execute(
            "UPDATE fees_pricedecision"
            " SET inputs = %s::jsonb || jsonb_build_object('isee_cents', mod(id * 7919, 40000) * 100)",
            [json.dumps(facts)],
        )
        cursor.execute("SET session_replication_role = origin; ANALYZE")
    return edition


def _proposal(edition: Edition) -> Edition:
    """Ten bands of three thousand euro."""
    ends = [300_000 * n for n in range(1, 10)]
    bands = [
        Band(
            isee_from=Money(end - 300_000 + (1 if end > 300_000 else 0)), isee_to=Money(end), amount=Money(end // 5000)
        )
        for end in ends
    ]
    bands.append(Band(isee_from=Money(ends[-1] + 1), amount=Money(600)))
    content = canteen_content()
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    fields["fees"] = FeeTable(unit=PerMeal(), base=FlatBands(bands=tuple(bands)))
    return draft_edition(
        service=edition.service, school_year=YEAR, content=type(content)(**fields), actor=None, now=NOW
    )


def _count() -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [YEAR.period.start, YEAR.period.end])
        cursor.fetchall()


def _meal_by_meal(draft: Edition) -> float:
    """How it reads when nobody thinks of the cost: for each meal its decision, and the draft's price of its facts."""
    table = draft.rules.fees

    def work() -> None:
        total = 0
        for presence in Presence.objects.filter(ate=True, child__in=_sample()).order_by("pk"):
            held = PriceDecision.objects.in_force().get(
                child_id=presence.child_id, service=draft.service, valid_during__contains=presence.day
            )
            total += price(table, facts_from_json(held.inputs)).amount.cents

    return _seconds(work) * CHILDREN / SAMPLE


def _sample() -> list[int]:
    return list(PriceDecision.objects.in_force().order_by("child_id").values_list("child_id", flat=True)[:SAMPLE])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
