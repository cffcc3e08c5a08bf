"""Decisions are kept with their facts and steps, replaced only where they change, and told in plain words."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from services_catalog.models import Edition, Service
from sportello.fees.deciding import (
    NoPriceDecided,
    ServiceUse,
    decide_prices,
    price_on,
    steps_from_json,
)
from sportello.fees.explanation import act_sentence, explain, unit_sentence
from sportello.fees.models import PriceDecision
from sportello.fees.quoting import quote
from sportello.fees.recognising import ConditionAlreadyRecognised, recognise_condition
from sportello.fees.rules import Facts
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.factories import child, isee, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import NOW, edition, edition_content
from tests.factories.numbering import YEAR

WHOLE = YEAR.period
NEW_YEAR = date(2027, 1, 1)
REDUCTIONS = [
    {"kind": "exemption", "condition": "social_services"},
    {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]},
]


@pytest.fixture
def canteen_edition(bari: Municipality) -> Edition:
    return edition(content=edition_content(fees={"reductions": REDUCTIONS}))


def placed(**fields: Any) -> Any:
    made = child(**fields)
    pupil(made, section(school(level="primaria")))
    return made


def decide(service: Service, *children: Any, within: DateRange = WHOLE) -> Any:
    uses = [ServiceUse(child=each, period=WHOLE) for each in children]
    return decide_prices(service=service, uses=uses, within=within, now=NOW)


def kept(minor: Any) -> list[tuple[DateRange, int]]:
    rows = PriceDecision.objects.filter(child=minor).order_by("valid_during")
    return [(row.period, row.unit_price_cents) for row in rows]


def test_the_price_of_a_child_follows_its_isee(canteen_edition: Edition) -> None:
    minor = placed()
    isee(minor, "8.500,00")
    report = decide(canteen_edition.service, minor)
    before, after = WHOLE.split(NEW_YEAR)
    assert kept(minor) == [(before, 190), (after, 300)]
    assert (report.made, report.unchanged, report.withdrawn, report.undecided) == (2, 0, 0, ())
    send(minor)
    held = price_on(child=minor, service_code="mensa", day=date(2026, 11, 23))
    assert held.unit_price == Money(190)
    assert held.edition == canteen_edition
    assert held.inputs["isee_cents"] == 850000


def test_deciding_again_changes_nothing(canteen_edition: Edition) -> None:
    minor = placed()
    isee(minor)
    decide(canteen_edition.service, minor)
    rows = set(PriceDecision.objects.values_list("pk", flat=True))
    report = decide(canteen_edition.service, minor)
    assert (report.made, report.unchanged, report.withdrawn) == (0, 2, 0)
    assert set(PriceDecision.objects.values_list("pk", flat=True)) == rows


def test_deciding_from_a_date_leaves_the_days_before_as_they_were(canteen_edition: Edition) -> None:
    minor = placed()
    decide(canteen_edition.service, minor)
    isee(minor, "3.000,00")
    decide(canteen_edition.service, minor, within=DateRange(date(2026, 11, 1), WHOLE.end))
    first, rest = WHOLE.split(date(2026, 11, 1))
    assert kept(minor) == [(first, 300), (rest.split(NEW_YEAR)[0], 0), (rest.split(NEW_YEAR)[1], 300)]


def test_a_child_who_leaves_keeps_no_price_after(canteen_edition: Edition) -> None:
    minor = placed()
    decide(canteen_edition.service, minor)
    until = DateRange(WHOLE.start, date(2026, 12, 1))
    decide_prices(service=canteen_edition.service, uses=[ServiceUse(child=minor, period=until)], within=WHOLE, now=NOW)
    assert kept(minor) == [(until, 300)]
    with pytest.raises(NoPriceDecided):
        price_on(child=minor, service_code="mensa", day=date(2026, 12, 1))


def test_a_recognised_condition_makes_the_child_exempt_for_its_days(canteen_edition: Edition) -> None:
    minor = placed()
    during = DateRange(date(2026, 10, 1), date(2026, 12, 1))
    words: dict[str, Any] = {"condition": "social_services", "during": during, "reason": "relazione", "actor": None}
    recognise_condition(child=minor, now=NOW, **words)
    with pytest.raises(ConditionAlreadyRecognised):
        recognise_condition(child=minor, now=NOW, **words)
    decide(canteen_edition.service, minor)
    assert [cents for _period, cents in kept(minor)] == [300, 0, 300]


def test_a_child_without_a_class_is_reported_and_the_others_are_priced(canteen_edition: Edition) -> None:
    lost, minor = child(), placed()
    report = decide(canteen_edition.service, lost, minor)
    assert [undecided.child_id for undecided in report.undecided] == [lost.pk]
    assert kept(minor) == [(WHOLE, 300)]


@pytest.mark.parametrize("size", [1, 3])
def test_the_queries_do_not_grow_with_the_children(
    canteen_edition: Edition, django_assert_num_queries: Any, size: int
) -> None:
    children, service = [placed() for _number in range(size)], canteen_edition.service
    for minor in children:
        isee(minor)
    with django_assert_num_queries(10):
        decide(service, *children)


def test_the_steps_are_told_in_italian_with_the_act(canteen_edition: Edition) -> None:
    minor = placed()
    isee(minor, "8.500,00")
    decide(canteen_edition.service, minor)
    send(minor)
    held = price_on(child=minor, service_code="mensa", day=date(2026, 11, 23))
    lines = explain(steps_from_json(held.steps), canteen_edition.rules)
    assert [(line.text, line.amount) for line in lines] == [
        ("Fascia ISEE da 6.000,01 € a 12.500,00 €: 1,90 €", Money(190)),
    ]
    assert act_sentence(canteen_edition) == f"Atto {canteen_edition.act_number} del 30/04/2026"


def test_a_quote_keeps_nothing_and_explains_every_step(canteen_edition: Edition) -> None:
    facts = Facts(level="primaria", sibling_rank=2, children_using=2, conditions=frozenset({"social_services"}))
    quoted = quote(service_code="mensa", day=date(2026, 11, 23), facts=facts)
    with override("it"):
        lines = [line.text for line in explain(quoted.price.steps, quoted.edition.rules)]
    assert lines == [
        "Senza un ISEE valido si applica la fascia più alta: 3,00 €",
        "Esenzione (servizi sociali): non si paga",
    ]
    assert unit_sentence(quoted.price) == "a pasto"
    assert PriceDecision.objects.count() == 0
