"""What "Quanto pagherei?" tells a parent is what the first month then charges her, for the same facts, to the cent."""

import re
from datetime import datetime
from typing import Any

import pytest

from services_catalog.models import Edition
from services_catalog.queries import day_book
from sportello.billing.models import Entry, EntryKind
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.enrolment.pricing import reprice_household
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tests import factories
from tests.comuni import HostClient
from tests.desk.test_quote import MENSA, stated, told
from tests.factories.editions import edition, edition_content
from tests.factories.meals import meals, place
from tests.factories.numbering import YEAR
from tests.factories.people import Family
from tests.factories.schooling import pupil, section

OCTOBER = Month(2026, 10)
NOW = datetime(2026, 11, 2, 8, tzinfo=ROME)
HALF = {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 35}]}
TABLES: dict[str, dict[str, Any]] = {
    "bands": {"reductions": [HALF]},
    "minors": {"reductions": [HALF], "siblings": {"counted": "minors_of_household", "order": "youngest_first"}},
    "dearest first": {"reductions": [HALF], "siblings": {"order": "dearest_first"}},
    "line": {
        "base": {
            "kind": "piecewise_linear",
            "segments": [
                {"isee_to": "20000.00", "amount_from": "1.00", "amount_to": "6.00"},
                {"isee_from": "20000.01", "amount_from": "6.00"},
            ],
        }
    },
    "blocks": {"unit": {"kind": "block", "meals": 21}, "reductions": [HALF]},
}


class Silent:
    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        return


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("income", ["5.000,00", "8.765,43", None])
def test_the_quote_is_the_first_charge(
    bari: Municipality, bari_client: HostClient, name: str, income: str | None
) -> None:
    rules = edition(content=edition_content(fees=TABLES[name]))
    made = _enrolled(rules, income)
    _ate_every_day_of_october(rules, made)
    close_month(service=rules.service, month=OCTOBER, actor=None, now=NOW, progress=Silent())
    text = told(bari_client, stated("primaria", "primaria", income=income) | {"dal": "10"}, MENSA)
    assert _quoted_for_october(text) == _charged(made)


def _enrolled(rules: Edition, income: str | None) -> Family:
    """Two children of one household in the same class, the elder first, with their prices decided."""
    made = factories.family(children=2)
    made.children.sort(key=lambda child: child.birth_date or YEAR.period.start)
    room = section()
    for child in made.children:
        pupil(child, room)
        place(child, rules)
        if income is not None:
            factories.isee(child, income)
    reprice_household(child=made.children[0], service=rules.service, within=YEAR.period, now=NOW)
    return made


def _ate_every_day_of_october(rules: Edition, made: Family) -> None:
    room = made.children[0].placements.get().section
    days = day_book(rules.service.code, YEAR.period).service_days(
        school_code=room.school.school_code, level=room.school.level, within=OCTOBER.period
    )
    assert len(days) == 22
    meals(room, dict.fromkeys(made.children, days))


def _charged(made: Family) -> list[str]:
    """What the ledger holds of October, child by child; nothing to pay leaves no entry."""
    found = []
    for child in made.children:
        entries = Entry.objects.filter(account__child=child, kind=EntryKind.CHARGE)
        inside = [one for one in entries if one.competence_on in DateRange(OCTOBER.first_day, OCTOBER.next.first_day)]
        found.append(-sum((one.amount_cents for one in inside), start=0))
    return [f"{cents // 100},{cents % 100:02d}" for cents in found]


def _quoted_for_october(text: str) -> list[str]:
    return re.findall(r"Ottobre 2026 \d+ (?:pasti|pasto|blocchetti|blocchetto) ([\d,]+) €", text)
