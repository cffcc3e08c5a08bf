"""Each word of the language that no printed example needed, and those whose meaning wants a second look."""

from datetime import date
from typing import Any

import pytest

from services_catalog.fee_table import FeeTable, IseePolicy, SiblingCounting
from services_catalog.reading import SchemaError, from_builtins
from sportello.fees.dues import due, instalments_of, replay
from sportello.fees.facts import FactNotGiven, Facts, IseeRequired, SeveralColumnsForChild, Step, Use
from sportello.fees.first_child import Ranked, in_order
from sportello.fees.isee_dates import Filing, counted_period, recalculated_from
from sportello.fees.operations import NotReplayable, replayed
from sportello.fees.rules import enrolment_refused, price
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money

TEN = {"kind": "single_price", "amount": "10.00"}
BANDS = {
    "kind": "flat_bands",
    "bands": [
        {"isee_to": "5000.00", "amount": "4.00"},
        {"isee_from": "5000.01", "isee_to": "9000.00", "amount": "6.00"},
        {"isee_from": "9000.01", "amount": "9.00"},
    ],
}
DISABLED = {"all_of": ["disability"]}
HELD = Facts(level="primaria", isee_cents=700_000, conditions=frozenset({"disability"}))
FREE = Facts(level="primaria", isee_cents=700_000)
OWING = Facts(level="primaria", isee_cents=700_000, sibling_rank=2, conditions=frozenset({"arrears"}))


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "month"}, "base": TEN, **parts}, FeeTable)


def owed(facts: Facts = FREE, use: Use | None = None, **parts: Any) -> tuple[int, list[str]]:
    """The cents due and the steps, checked to give the same when worked out again."""
    found = due(table(**parts), facts, use or Use())
    assert replay(found) == found.amount
    return found.amount.cents, [step.code for step in found.all_steps()][1:]


@pytest.mark.parametrize(
    ("reduction", "cents", "code"),
    [
        ({"kind": "discount", "when": DISABLED, "discount_amount": "3.00"}, 700, "discount_amount"),
        ({"kind": "discount", "when": DISABLED, "discount_amount": "30.00"}, 0, "discount_amount"),
        ({"kind": "fixed_price", "when": DISABLED, "amount": "6.00"}, 600, "fixed_price"),
        ({"kind": "surcharge", "when": DISABLED, "more_percent": 20}, 1200, "surcharge"),
        ({"kind": "surcharge", "when": DISABLED, "more_amount": "2.50"}, 1250, "surcharge_amount"),
        ({"kind": "condition_discount", "condition": "disability", "discount_percent": 50}, 500, "condition_discount"),
    ],
)
def test_a_step_for_a_case_touches_that_case_alone(reduction: dict[str, Any], cents: int, code: str) -> None:
    assert owed(HELD, reductions=[reduction]) == (cents, [code])
    assert owed(FREE, reductions=[reduction]) == (1000, [])


def test_reductions_follow_one_another_add_up_or_the_best_is_taken() -> None:
    two = [{"kind": "discount", "discount_percent": 50}, {"kind": "discount", "discount_percent": 20}]
    assert owed(reductions=two) == (400, ["discount", "discount"])
    assert owed(reductions=[{"kind": "added_up", "options": two}]) == (300, ["added_up", "added_up"])
    assert owed(reductions=[{"kind": "best_of", "options": two}]) == (500, ["discount", "best_of"])


def test_siblings_may_pay_by_another_tariff() -> None:
    other = [{"when": {"rank_from": 2}, "base": BANDS}]
    assert owed(Facts(level="", isee_cents=1, sibling_rank=2), replacements=other)[0] == 400
    assert owed(replacements=other)[0] == 1000


def test_siblings_may_be_counted_over_users_enrolled_or_minors() -> None:
    for name in ("children", "enrolled", "minors"):
        step = {"kind": "discount", "when": {f"{name}_from": 3}, "discount_percent": 10}
        key = "children_using" if name == "children" else name
        assert owed(Facts(level="", **{key: 3}), reductions=[step])[0] == 900
        assert owed(Facts(level="", **{key: 2}), reductions=[step])[0] == 1000


def test_a_shift_of_band_spares_the_first_and_where_said_the_last() -> None:
    shift = {"when": DISABLED}
    held = HELD.conditions
    cases = ((100, 400), (700_000, 400), (2_000_000, 600), (None, 900))
    for isee, cents in cases:
        assert owed(Facts(level="", isee_cents=isee, conditions=held), base=BANDS, shifts=[shift])[0] == cents
    last = {**shift, "not_last": True}
    assert owed(Facts(level="", isee_cents=2_000_000, conditions=held), base=BANDS, shifts=[last])[0] == 900


def test_a_slope_on_the_excess_stays_between_its_ends() -> None:
    base = {"kind": "excess_slope", "threshold": "5000.00", "lowest": "2.00", "percent_of_excess": "0.1"}
    capped = {**base, "highest": "5.00"}
    for isee, cents in ((0, 200), (500_000, 200), (600_000, 300), (2_000_000, 500), (None, 500)):
        assert price(table(base=capped), Facts(level="", isee_cents=isee)).amount.cents == cents
    with pytest.raises(IseeRequired):
        price(table(base=base), Facts(level=""))


def test_without_an_isee_the_comune_may_refuse_a_price() -> None:
    with pytest.raises(IseeRequired):
        price(table(base=BANDS, isee={"missing": "refused"}), Facts(level=""))


def test_two_columns_for_a_child_are_never_guessed() -> None:
    columns = [{"code": "a", "when": {"rank_to": 2}}, {"code": "b", "when": {"rank_from": 2}}]
    base = {"kind": "matrix", "columns": columns, "rows": [{"amounts": ["1.00", "2.00"]}]}
    with pytest.raises(SeveralColumnsForChild, match="a, b"):
        price(table(base=base), Facts(level="", sibling_rank=2))


@pytest.mark.parametrize(
    ("proration", "counts", "cents"),
    [
        ({"kind": "parts", "counted": "weeks", "of": 36}, {"weeks": 9}, 250),
        ({"kind": "parts", "counted": "days_of_service", "of": 200}, {"days_of_service": 250}, 1000),
        ({"kind": "each_time", "counted": "days_sick", "amount": "0.50", "spared": 5}, {"days_sick": 8}, 850),
        ({"kind": "absence_share", "spared_days": 2}, {"days_absent": 7, "days_of_service": 20}, 750),
        (
            {"kind": "count_steps", "counted": "entry_day", "rows": [{"count_from": 16, "discount_percent": 50}]},
            {"entry_day": 16},
            500,
        ),
        ({"kind": "not_due", "counted": "days_absent", "count_from": 15}, {"days_absent": 15}, 0),
    ],
)
def test_a_part_of_the_time_is_a_part_of_the_price(proration: dict[str, Any], counts: Any, cents: int) -> None:
    assert owed(use=Use(counts=counts), proration=[proration])[0] == cents
    with pytest.raises(FactNotGiven):
        owed(proration=[proration])


@pytest.mark.parametrize(("rounding", "cents"), [("half_up", 1000), ("down", 900), ("up", 1000)])
def test_rounding_goes_where_the_act_says(rounding: str, cents: int) -> None:
    parts = {"base": {"kind": "single_price", "amount": "9.50"}, "round_to": "1.00", "rounding": rounding}
    assert owed(**parts) == (cents, ["rounding"])


def test_parts_are_added_and_the_whole_has_its_own_limits() -> None:
    daily = {"code": "daily", "unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.00"}}
    use = Use(counts={"days_present": 20})
    assert owed(use=use, parts=[daily])[0] == 3000
    assert owed(use=use, parts=[daily], due_maximum="25.00")[0] == 2500
    assert owed(use=use, parts=[daily], due_minimum="40.00")[0] == 4000
    assert owed(minimum="12.00") == (1200, ["minimum"])
    assert owed(maximum="8.00") == (800, ["maximum"])


@pytest.mark.parametrize("kind", ["meal", "day", "month", "year"])
def test_a_price_is_of_one_unit(kind: str) -> None:
    found = due(table(unit={"kind": kind}), FREE, Use(units=3, counts={"days_present": 3}))
    assert (found.parts[0].price.unit, found.amount) == (kind, Money(3000))


def test_a_period_has_its_months() -> None:
    assert price(table(unit={"kind": "period", "months": 4}), FREE).unit == "period"


def test_instalments_of_unequal_size_add_up_to_the_cent() -> None:
    plan = [
        {"code": "first", "due_on": "2026-10-31", "share_percent": "33.33"},
        {"code": "second", "due_on": "2027-01-31", "share_percent": "33.33"},
        {"code": "last", "due_on": "2027-04-30", "share_percent": "33.34"},
    ]
    split = instalments_of(table(instalments=plan).instalments, Money(10001))
    assert [amount.cents for _one, amount in split] == [3333, 3333, 3335]
    assert instalments_of((), Money(100)) == []
    with pytest.raises(SchemaError, match="100 per cento"):
        table(instalments=plan[:2])


def test_arrears_do_nothing_unless_the_comune_says_so() -> None:
    half = {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}
    free = {"kind": "exemption", "when": {"isee_to": "9000.00"}}
    assert owed(OWING, reductions=[half])[0] == 500
    refuses = {"refuses": "reductions", "spared": ["instalment_plan"]}
    assert owed(OWING, reductions=[half], arrears=refuses) == (1000, ["arrears"])
    assert owed(OWING, reductions=[free], arrears=refuses)[0] == 0
    assert owed(OWING, reductions=[free], arrears={"refuses": "reductions_and_exemptions"})[0] == 1000
    both = [{"kind": "best_of", "options": [{"kind": "discount", "discount_percent": 50}, free]}]
    assert owed(OWING, reductions=both, arrears=refuses)[0] == 0  # an exemption among the options stays one
    assert owed(OWING, reductions=both, arrears={"refuses": "reductions_and_exemptions"})[0] == 1000
    spared = Facts(level="", sibling_rank=2, conditions=frozenset({"arrears", "instalment_plan"}))
    assert owed(spared, reductions=[half], arrears=refuses)[0] == 500
    blocking = table(arrears={"blocks_enrolment": True, "spared": ["instalment_plan"]})
    assert enrolment_refused(blocking.arrears, OWING.conditions)
    assert not enrolment_refused(blocking.arrears, spared.conditions)
    assert not enrolment_refused(table().arrears, OWING.conditions)


CHILDREN = [
    Ranked(1, date(2015, 1, 1), "mensa", 300),
    Ranked(2, date(2018, 1, 1), "nido", 900),
    Ranked(3, None, "mensa", 300),
]


@pytest.mark.parametrize(
    ("setting", "order"),
    [
        ({}, [1, 2, 3]),
        ({"order": "youngest_first"}, [2, 1, 3]),
        ({"order": "dearest_first"}, [2, 1, 3]),
        ({"order": "cheapest_first"}, [1, 3, 2]),
        ({"services": ["nido", "mensa"]}, [2, 1, 3]),
    ],
)
def test_the_first_child_is_a_setting(setting: dict[str, Any], order: list[int]) -> None:
    counting = from_builtins(setting, SiblingCounting)
    assert in_order(CHILDREN, counting) == in_order(CHILDREN[::-1], counting) == order


def test_a_policy_that_says_nothing_keeps_the_validity_of_the_isee() -> None:
    valid = DateRange.inclusive(date(2026, 2, 10), date(2026, 12, 31))
    assert counted_period(IseePolicy(), Filing(filed_on=date(2026, 3, 1)), valid) == valid
    same_day = IseePolicy(effective="same_day")
    assert counted_period(same_day, Filing(filed_on=date(2027, 3, 1)), valid) is None


def test_charges_already_issued_change_only_where_the_policy_is_retroactive() -> None:
    counts, charged = date(2026, 10, 1), date(2026, 12, 1)
    assert recalculated_from(IseePolicy(), counts, charged) == charged
    assert recalculated_from(IseePolicy(retroactive=True), counts, charged) == counts


def test_a_step_that_kept_too_little_says_so() -> None:
    with pytest.raises(NotReplayable, match="amount"):
        replayed([Step("band", "fees.base.bands[0]", None, 300, {})])


@pytest.mark.parametrize(
    ("parts", "place", "words"),
    [
        ({"base": {"kind": "piecewise_linear", "segments": [{"amount_frm": "1"}]}}, "base.segments[0]", "amount_from"),
        ({"reductions": [{"kind": "exemption"}]}, "reductions[0]", "a chi si applica"),
        ({"reductions": [{"kind": "best_off", "options": []}]}, "reductions[0].kind", "best_of"),
        ({"reductions": [{"kind": "exemption", "when": {"isee_bellow": "1"}}]}, "reductions[0].when", "isee_below"),
        (
            {"reductions": [{"kind": "exemption", "when": {"rank_from": 3, "rank_to": 2}}]},
            "reductions[0].when",
            "_from",
        ),
        ({"proration": [{"kind": "parts", "counted": "month", "of": 9}]}, "proration[0].counted", "months"),
        ({"proration": [{"kind": "not_due"}]}, "proration[0]", "uno solo"),
        ({"isee": {"cut_off_day": 15}}, "isee", "month_of_filing"),
        ({"isee": {"windows": [{"first": "09-31x", "last": "09-30", "starts": "09-01"}]}}, "isee.windows[0].first", ""),
        ({"arrears": {"refuse": "reductions"}}, "arrears", "refuses"),
    ],
)
def test_a_mistake_is_told_with_its_place(parts: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(SchemaError) as refused:
        table(**parts)
    assert refused.value.place == place
    assert words in refused.value.message
