"""The fictional population: reproducible, coherent, and loaded through the front door."""

from datetime import date

from onboarding.models import LoadState, StagedRow
from onboarding.population.families import Inventor, Place
from onboarding.population.meals import close_past_months, pay_what_is_due, serve_meals
from onboarding.population.people import demo_families
from onboarding.population.roster import write_roster
from onboarding.population.settling import (
    demo_place,
    settle_child_to_enrol,
    settle_roster,
    settle_school_scope,
    settle_staff,
)
from sportello.accounts.models import Role
from sportello.billing.verification import ledger_differences
from sportello.canteen.models import Presence, RollCall
from sportello.enrolment.models import Subscription
from sportello.families.models import Adult, Child
from sportello.kernel.fiscal_code import FiscalCode
from tenants.models import Municipality
from tests.factories.progress import Silent
from tests.onboarding.rosters import NOW, checked

SCHOOLS = (("BAAA80001A", "infanzia"), ("BAEE80001B", "primaria"))
PLACE = Place("Bari", "A662", "70126", 2026, SCHOOLS)
CHILDREN = 60


def test_the_same_seed_writes_the_same_file() -> None:
    first, second = (write_roster(Inventor(PLACE, seed=3), children=CHILDREN) for _ in range(2))
    assert first == second
    assert first != write_roster(Inventor(PLACE, seed=4), children=CHILDREN)


def test_families_are_coherent() -> None:
    inventor = Inventor(PLACE, seed=3)
    seen: set[str] = set()
    for family, _ in zip(inventor.families(), range(200), strict=False):
        for child in family.children:
            code = FiscalCode.parse(child.person.fiscal_code)
            assert code.matches_name(last_name=child.person.family_name, first_name=child.person.given_name)
            assert code.value not in seen
            seen.add(code.value)
            years = child.person.birth_date.year - family.payer.birth_date.year
            assert 13 <= years <= 46
            assert (child.school_code, child.class_year <= 3) in {
                ("BAAA80001A", True),
                ("BAEE80001B", True),
                ("BAEE80001B", False),
            }
        assert len({child.person.family_name for child in family.children}) == 1
        assert family.email.endswith("@example.org")


def test_the_share_of_damaged_rows_is_known(ready: Municipality) -> None:
    place, _edition = demo_place()
    load = checked(write_roster(Inventor(place, seed=5), children=600))
    wrong = StagedRow.objects.filter(load=load).exclude(verdict__in=("good", "not_data")).count()
    assert 0.05 < wrong / load.counts["rows"] < 0.12
    clean = checked(write_roster(Inventor(place, seed=6), children=100, dirty=0))
    assert set(StagedRow.objects.filter(load=clean).values_list("verdict", flat=True)) <= {
        "good",
        "duplicate",
        "not_data",
    }


def test_the_people_settle_once(ready: Municipality) -> None:
    for _ in range(2):
        place, edition = demo_place()
        accounts = settle_staff(place, now=NOW)
        clerk, teacher = accounts[Role.CLERK], accounts[Role.SCHOOL]
        families, load = settle_roster(place, children=CHILDREN, clerk=clerk, now=NOW)
        to_enrol = settle_child_to_enrol(place, families)
        settle_school_scope(place, families, teacher=teacher)
        served = serve_meals(edition=edition, until=NOW.date(), teacher=teacher.pk)
        months = close_past_months(edition=edition, today=NOW.date(), actor=clerk.pk, now=NOW, progress=Silent())
        pay_what_is_due(edition=edition, today=NOW.date(), actor=clerk.pk)
    assert load.state == LoadState.COMMITTED
    assert served == 0
    assert [str(month) for month in months] == ["2026-09", "2026-10"]
    mother = Adult.objects.get(fiscal_code=demo_families(Inventor(place, 2026)).mothers.payer.fiscal_code)
    assert sorted(child.given_name for child in Child.objects.filter(guardianships__adult=mother)) == [
        "ANNA",
        "LEONARDO",
        "SOFIA",
    ]
    assert not Subscription.objects.filter(child=to_enrol).exists()
    assert RollCall.objects.filter(day__gte=date(2026, 11, 23)).count() == 0
    assert Presence.objects.filter(ate=True).exists()
    assert ledger_differences() == []
