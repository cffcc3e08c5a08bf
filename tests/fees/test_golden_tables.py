"""Every printed example of the fee tables read so far: the same cents, by named steps that can be worked out again."""

import json
from collections import Counter

import pytest
from django.utils import translation

from services_catalog.fee_table import FeeTable
from services_catalog.lint import lint_table
from services_catalog.reading import from_builtins, to_builtins
from sportello.fees.cases import Case, failures, other_failures
from sportello.fees.dues import due, replay
from sportello.fees.explanation import explain_with
from sportello.fees.facts import Price, Step
from sportello.kernel.errors import DomainError
from tests.fees.reading_tables import cases_of, names, table_of

EXAMPLES = {
    "altamura_mensa_voucher": ("a1", "a2", "a3", "a4"),
    "bari_mensa_2024_25": ("b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8"),
    "bari_mensa_versions": ("v1", "v2", "v3", "v4", "v5", "v6"),
    "bari_trasporto_2021_22": ("t1", "t2", "t3", "t4", "t5", "t6"),
    "bitonto_mensa_2021": ("t1", "t2", "t3", "t4", "t5", "t6"),
    "bologna_free_meals_credit": ("bo1", "bo2", "bo3", "bo4"),
    "campi_bisenzio_mensa": ("c1", "c2", "c3", "c4"),
    "canicattini_nido": ("cn1", "cn2", "cn3", "cn4"),
    "castelbuono_mensa_level_x_isee": ("k1", "k2", "k3", "k4", "k5"),
    "fasano_mensa_trasporto_monthly": ("f1", "f2", "f3", "f4", "f5"),
    "fee_rule_samples": (
        "bitonto-2021",
        "brugherio-effective",
        "corato-2022-23-exemption",
        "monteroni-2025-26-tolerance",
        "portoviro-mensa-infanzia",
        "progressive-2026",
        "uras-2024-25-mensa",
    ),
    "gasperina_mensa_matrix": ("q1", "q2", "q3", "q4"),
    "gravina_mensa": ("g1", "g2", "g3", "g4", "g5"),
    "isee_effective_date_policies": ("1", "2", "3", "4", "5", "6", "7"),
    "lissone_mensa_effective_date": ("l1", "l2", "l3", "l4", "l5", "l6"),
    "manfredonia_mensa": ("mf1", "mf2", "mf3", "mf4"),
    "mentana_mensa_conditional_exemptions": ("m1", "m2", "m3", "m4", "m5", "m6", "m7"),
    "rapallo_nido_band_shift": ("p1", "p2", "p3", "p4", "p5"),
    "ravenna_nido_linear": ("n1", "n2", "n3", "n4", "n5", "n6"),
    "rubiera_nido": ("u1", "u2", "u3", "u4", "u5", "u6"),
    "terlizzi_mensa_block21": ("z1", "z2", "z3", "z4", "z5", "z6"),
    "torino_mensa_fixed_plus_meal": ("o1", "o2", "o3"),
    "trani_mensa_2016": ("r1", "r2", "r3", "r4", "r5"),
    "tresignana_trasporto_proration": ("x1", "x2", "x3", "x4", "x5", "x6", "x7"),
}
"""The examples of each source. The samples of Bari and Lissone repeat the tables of the same name."""

MISSING: tuple[str, ...] = ()
"""The examples that the language cannot say yet: none. One that cannot be said is named here, with its source."""


def priced() -> list[object]:
    return [pytest.param(name, case, id=f"{name}-{case.name}") for name in names() for case in cases_of(name).cases]


def test_every_example_of_every_source_is_a_case() -> None:
    found = {
        case.source
        for name in names()
        for kind in (cases_of(name).cases, cases_of(name).filings, cases_of(name).stocks)
        for case in kind
        if "#" in case.source
    }
    wanted = {f"{source}#{number}" for source, numbers in EXAMPLES.items() for number in numbers}
    assert wanted - found == set(MISSING)
    assert found - wanted == set()
    assert len([one for one in wanted if not one.startswith(("fee_rule", "isee_"))]) == 116


@pytest.mark.parametrize("name", names())
def test_the_cases_come_out_to_the_cent_by_the_steps_they_name(name: str) -> None:
    cases, table = cases_of(name), table_of(name).fees
    assert [(one.case.name, one.reason) for one in failures(cases.cases, table)] == []
    assert [(one.case.name, one.reason) for one in other_failures(cases, table)] == []


@pytest.mark.parametrize(("name", "case"), priced())
def test_an_explanation_stands_alone(name: str, case: Case) -> None:
    """Kept as JSON, read back without its table, worked out again: the same cents, and a sentence for each step."""
    table = table_of(name)
    if case.refused:
        with pytest.raises(DomainError) as refusal:
            due(table.fees, case.facts, case.use)
        assert (refusal.value.code, refusal.value.message[-1]) == (case.refused, ".")
        return
    found = due(table.fees, case.facts, case.use)
    assert case.steps == tuple(step.code for step in found.all_steps())
    parts = tuple(
        type(part)(
            part.code,
            Price(part.price.amount, part.price.unit, part.price.block_meals, kept(part.price.steps)),
            kept(part.steps),
            part.amount,
        )
        for part in found.parts
    )
    assert replay(type(found)(found.amount, parts, kept(found.steps))) == found.amount
    labels = {condition.code: condition.label.it for condition in table.conditions}
    with translation.override("it"):
        lines = explain_with(found.all_steps(), labels, table.fees)
    assert len(lines) == len(case.steps)
    assert all(line.text and "%(" not in line.text and line.place.startswith("fees.") for line in lines)


def kept(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps as a column of JSON gives them back, without the amounts in between."""
    plain = json.loads(json.dumps([[step.code, step.place, step.params] for step in steps]))
    return tuple(Step(code, place, None, -1, params) for code, place, params in plain)


@pytest.mark.parametrize("name", names())
def test_a_table_is_written_and_read_back_the_same(name: str) -> None:
    table = table_of(name).fees
    assert from_builtins(to_builtins(table), FeeTable) == table


@pytest.mark.parametrize("name", names())
def test_what_a_source_leaves_open_is_asked(name: str) -> None:
    """A case that takes one of two readings stands on a table about which something is asked."""
    cases = cases_of(name)
    readings = [case.reading for kind in (cases.cases, cases.filings, cases.stocks) for case in kind if case.reading]
    if readings:
        assert lint_table(table_of(name).fees)


def test_every_construct_has_a_case() -> None:
    used = Counter(step for name in names() for case in cases_of(name).cases for step in case.steps)
    rare = {"highest", "arrears", "condition_discount", "discount_amount", "fixed_price", "surcharge"}
    rare |= {"surcharge_amount", "added_up", "minimum", "maximum", "each_time"}
    rare |= {"together", "days_share", "instalment", "instalment_rest", "already_charged"}  # of charging, told there
    from sportello.fees.operations import OPERATIONS

    assert set(OPERATIONS) - set(used) <= rare  # these are told in test_constructs
