"""The rehearsal finds what 1 September would bring, of each kind, and changes nothing."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Edition
from services_catalog.publication import draft_edition, register_service
from services_catalog.rolling_over import roll_over
from sportello.canteen.models import DietKind, SpecialDiet
from sportello.enrolment.ending_places import Renewal, Renewing
from sportello.enrolment.models import Subscription
from sportello.families.models import Household, Pupil
from sportello.fees.models import PriceDecision
from sportello.rollover import rehearsing
from sportello.rollover.findings import Finding
from sportello.rollover.models import WorkItem, WorkKind
from sportello.rollover.rehearsing import Rehearsal, SchoolOutlook, rehearse
from sportello.schools.models import Level, Section
from tenants.current import in_schema
from tenants.models import Municipality
from tests import factories
from tests.factories.editions import NOW, edition, edition_content
from tests.factories.meals import place
from tests.factories.numbering import YEAR
from tests.rollover.conftest import NEXT, SECOND_CHILD_HALF, TODAY, enrolled, followed, room

EVE = date(2027, 8, 31)


def rehearsed() -> Rehearsal:
    return rehearse(year=NEXT, today=TODAY)


def found(kind: WorkKind) -> list[Finding]:
    return [one for one in rehearsed().findings if one.kind == kind]


def kinds() -> list[str]:
    return sorted(one.kind for one in rehearsed().findings)


def test_a_class_goes_up_and_its_places_may_be_renewed(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2, "B")
    child = enrolled(canteen, section)
    followed(section)
    (finding,) = rehearsed().findings
    assert finding == Finding(
        WorkKind.RENEWAL,
        EVE,
        child_id=child.pk,
        service_id=canteen.service_id,
        section_id=section.pk,
        school_id=section.school_id,
        facts={"next_level": "primaria"},
    )


def test_a_renewal_is_asked_for_by_the_end_of_the_window_of_the_new_year(canteen: Edition) -> None:
    window = {"code": "first", "label": {"it": "Prima"}, "opens": "2027-05-03", "closes": "2027-06-11"}
    late = {"code": "late", "label": {"it": "Tardi"}, "opens": "2027-04-01", "closes": "2027-04-02", "late": True}
    draft_edition(
        service=canteen.service,
        school_year=NEXT,
        content=edition_content(windows=[late, window]),
        actor=None,
        now=NOW,
    )
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, section)
    assert [one.due_on for one in found(WorkKind.RENEWAL)] == [date(2027, 6, 11)]


@pytest.mark.parametrize(
    ("renewing", "due_on", "alone"),
    [
        (Renewing(Renewal.AUTOMATIC), None, 1),
        (Renewing(Renewal.CONFIRMED, "05-31"), date(2027, 5, 31), 0),
        (Renewing(Renewal.NONE), EVE, 0),
    ],
)
def test_the_edition_says_whether_a_place_goes_on_by_itself(
    canteen: Edition, monkeypatch: pytest.MonkeyPatch, renewing: Renewing, due_on: date | None, alone: int
) -> None:
    monkeypatch.setattr(rehearsing, "renewing_of", lambda _content: renewing)
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, section)
    enrolled(canteen, room(Level.PRESCHOOL, 3))
    came = rehearsed()
    renewals = [(one.due_on, one.facts["renewal"]) for one in came.findings if one.kind == WorkKind.RENEWAL]
    assert renewals == ([(due_on, renewing.kind)] if due_on else [])
    assert came.renewed_alone == alone
    assert WorkKind.NEW_SCHOOL in {one.kind for one in came.findings}, "another school is never automatic"


def test_a_class_without_a_next_one_is_to_be_made_once(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2, "C")
    for _number in range(3):
        factories.pupil(factories.child(), section)
    factories.section(section.school, school_year=NEXT.start_year, class_year=3, letter="B")
    (finding,) = found(WorkKind.SECTION)
    assert (finding.section_id, finding.child_id) == (section.pk, None)
    assert finding.facts == {"next_class": "3C", "children": 3}


def test_the_last_class_of_a_level_leaves_and_needs_no_next_class(canteen: Edition) -> None:
    child = enrolled(canteen, room(Level.PRESCHOOL, 3))
    (finding,) = rehearsed().findings
    assert (finding.kind, finding.child_id) == (WorkKind.NEW_SCHOOL, child.pk)
    assert finding.facts == {"next_level": "primaria"}


@pytest.mark.parametrize(
    ("level", "last", "after"), [(Level.PRIMARY, 5, "secondaria_1"), (Level.UPPER_SECONDARY, 5, "")]
)
def test_a_place_ends_where_the_service_does_not_go_on(canteen: Edition, level: Level, last: int, after: str) -> None:
    enrolled(canteen, room(level, last))
    (finding,) = rehearsed().findings
    assert (finding.kind, finding.facts.get("next_level", ""), finding.due_on) == (WorkKind.ENDING, after, EVE)


def test_the_audience_of_the_draft_decides(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, section)
    content = edition_content(audience={"levels": ["infanzia"]})
    draft_edition(service=canteen.service, school_year=NEXT, content=content, actor=None, now=NOW)
    assert kinds() == [WorkKind.ENDING]


def test_a_school_that_is_no_longer_served(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, section)
    audience = {"levels": ["infanzia", "primaria"], "schools": [factories.school().school_code]}
    draft_edition(
        service=canteen.service, school_year=NEXT, content=edition_content(audience=audience), actor=None, now=NOW
    )
    assert kinds() == [WorkKind.ENDING]


def test_a_child_whom_no_class_holds(canteen: Edition) -> None:
    child = enrolled(canteen, None)
    (finding,) = rehearsed().findings
    assert (finding.kind, finding.child_id, finding.school_id) == (WorkKind.NO_CLASS, child.pk, None)


def test_who_has_the_next_place_already_asks_for_nothing(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child = enrolled(canteen, section)
    place(child, canteen, valid_during=(NEXT.period.start, NEXT.period.end))
    assert rehearsed().findings == ()


def test_who_left_in_june_is_not_on_the_list(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child = factories.child()
    factories.pupil(child, section)
    place(child, canteen, valid_during=(YEAR.period.start, date(2027, 6, 10)))
    assert rehearsed().findings == ()


@pytest.mark.parametrize(
    ("kind", "until", "listed"),
    [
        (DietKind.MEDICAL, date(2027, 7, 1), date(2027, 6, 30)),
        (DietKind.ETHICAL_RELIGIOUS, date(2028, 1, 1), date(2027, 12, 31)),
        (DietKind.MEDICAL, date(2028, 1, 2), None),
        (DietKind.MEDICAL, None, None),
        (DietKind.MEDICAL, date(2026, 11, 23), None),  # ran out yesterday
    ],
)
def test_diets_that_run_out_before_the_winter(
    canteen: Edition, kind: DietKind, until: date | None, listed: date | None
) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child = enrolled(canteen, section)
    SpecialDiet.objects.create(child=child, kind=kind, code="x", valid_during=(date(2026, 9, 1), until))
    rows = [(one.child_id, one.due_on, one.facts) for one in found(WorkKind.DIET)]
    assert rows == ([(child.pk, listed, {"medical": kind == DietKind.MEDICAL})] if listed else [])


def test_a_diet_followed_by_another_has_not_run_out_nor_that_of_a_child_who_leaves(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child = enrolled(canteen, section)
    leaving = enrolled(canteen, room(Level.PRIMARY, 5))
    for held in ((date(2026, 9, 1), date(2027, 7, 1)), (date(2027, 7, 1), None)):
        SpecialDiet.objects.create(child=child, kind=DietKind.MEDICAL, code="x", valid_during=held)
    SpecialDiet.objects.create(
        child=leaving, kind=DietKind.MEDICAL, code="x", valid_during=(date(2026, 9, 1), date(2027, 7, 1))
    )
    assert found(WorkKind.DIET) == []


def test_an_isee_that_lapses_and_what_the_price_becomes(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    child, poor, rich = (enrolled(canteen, section) for _number in range(3))
    factories.isee(child, "8.500,00")
    factories.isee(rich, "40.000,00")  # the highest fee with or without
    (finding,) = found(WorkKind.ISEE)
    assert (finding.child_id, finding.due_on) == (child.pk, date(2026, 12, 31))
    assert finding.facts == {"with_cents": 190, "without_cents": 300}
    assert poor.pk != finding.child_id


def test_the_policy_of_the_comune_says_when_the_isee_lapses(bari: Municipality) -> None:
    fees = {"isee": {"kept_until": "end_of_school_year"}}
    held = edition(content=edition_content(fees=fees))
    section = room(Level.PRIMARY, 2)
    followed(section)
    factories.isee(
        enrolled(held, section), filed_on=date(2026, 10, 1), valid_during=(date(2026, 10, 1), date(2027, 1, 1))
    )
    assert [one.due_on for one in found(WorkKind.ISEE)] == [EVE]


def test_a_brother_who_leaves_takes_the_discount_with_him(canteen: Edition) -> None:
    home = Household.objects.create()
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, room(Level.PRIMARY, 5), home, birth_date=date(2016, 3, 1))
    younger = enrolled(canteen, section, home, birth_date=date(2019, 3, 1))
    (finding,) = found(WorkKind.SIBLINGS)
    assert finding.child_id == younger.pk
    assert finding.facts == {"rank_before": 2, "rank_after": 1, "before_cents": 150, "after_cents": 300}


def test_a_brother_who_joins_brings_one_reckoned_with_the_draft(canteen: Edition) -> None:
    home = Household.objects.create()
    section = room(Level.PRIMARY, 2)
    followed(section)
    younger = enrolled(canteen, section, home, birth_date=date(2019, 3, 1))
    elder = factories.child(household=home, birth_date=date(2018, 3, 1))
    factories.pupil(elder, section)
    place(elder, canteen, valid_during=(NEXT.period.start, NEXT.period.end))
    dearer = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}, "reductions": SECOND_CHILD_HALF})
    draft_edition(service=canteen.service, school_year=NEXT, content=dearer, actor=None, now=NOW)
    (finding,) = found(WorkKind.SIBLINGS)
    assert finding.child_id == younger.pk
    assert finding.facts == {"rank_before": 1, "rank_after": 2, "before_cents": 300, "after_cents": 200}


def test_a_dearer_table_alone_is_no_matter_of_brothers(canteen: Edition) -> None:
    section = room(Level.PRIMARY, 2)
    followed(section)
    enrolled(canteen, section)
    dearer = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}})
    draft_edition(service=canteen.service, school_year=NEXT, content=dearer, actor=None, now=NOW)
    assert found(WorkKind.SIBLINGS) == []


def test_the_schools_at_a_glance(canteen: Edition) -> None:
    school = factories.school(level=Level.PRIMARY)
    for class_year, children in ((1, 2), (5, 1)):
        section = room(Level.PRIMARY, class_year, school=school)
        for _number in range(children):
            factories.pupil(factories.child(), section)
    assert rehearsed().schools == (SchoolOutlook(school.pk, advancing=2, leaving=1, missing=1),)


def test_it_reckons_with_the_draft_of_the_new_year(canteen: Edition) -> None:
    assert rehearsed().editions == (canteen.pk,)
    (passage,) = roll_over(year=YEAR, actor=None, now=NOW)
    assert passage.standing is not None
    assert rehearsed().editions == (passage.standing.pk,)


def test_a_service_of_no_edition_is_left_out(canteen: Edition) -> None:
    register_service(code="bus", name="Bus", archetype="transport")
    assert rehearsed().editions == (canteen.pk,)


def test_nothing_is_changed(canteen: Edition) -> None:
    home = Household.objects.create()
    for _number in range(2):
        factories.isee(enrolled(canteen, room(Level.PRIMARY, 5), home))

    def everything() -> list[list[Any]]:
        return [
            list(model.objects.order_by("pk").values())
            for model in (Pupil, Section, Subscription, PriceDecision, SpecialDiet, Edition, WorkItem)
        ]

    before = everything()
    assert rehearsed().findings
    assert everything() == before


def test_it_costs_the_same_for_one_child_and_for_three(canteen: Edition) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            rehearsed()
        return len(queries)

    section = room(Level.PRIMARY, 2)

    def one_more() -> None:
        factories.isee(enrolled(canteen, section))
        place(enrolled(canteen, section), canteen, valid_during=(NEXT.period.start, NEXT.period.end))

    one_more()
    one = cost()
    one_more()
    one_more()
    assert cost() == one == 12


def test_another_comune_sees_nothing(canteen: Edition, bari: Municipality, bitonto: Municipality) -> None:
    with in_schema(bari.schema_name):
        enrolled(canteen, room(Level.PRIMARY, 5))
        assert rehearsed().findings
    with in_schema(bitonto.schema_name):
        assert rehearsed() == Rehearsal((), (), ())
