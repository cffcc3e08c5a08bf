"""The linter reads the rules of enrolment: no question without a rule, no rule without a fact, no hole in the ages."""

from typing import Any

import pytest

from services_catalog.lint import errors_of, lint
from services_catalog.publication import EditionHasErrors, put_in_force, register_service
from tenants.models import Municipality
from tests.factories.editions import NOW, act, draft, edition_content

DISTANCE = {"kind": "distance", "code": "metri", "measure": "walking", "rows": [{"more_than": 500}]}
AREA = {"kind": "catchment", "code": "zona", "areas": [{"code": "centro", "label": {"it": "Centro"}}]}
OFFICE = {**AREA, "attested_by": "office", "condition": "social_services"}
BANDS = {"bands": [{"isee_to": "6000.00", "amount": "1.00"}, {"isee_from": "6000.01", "amount": "2.00"}]}
FLAT = {"base": {"kind": "single_price", "amount": "2.00"}}
LINES = {"places": [{"code": "r", "label": {"it": "Rossa"}, "places": 25, "lines": ["rossa"]}]}
DECLARED = {"code": "alone", "label": {"it": "da solo"}, "evidence": "self_declared"}


def question(kind: str, read_by: str, **parts: Any) -> dict[str, Any]:
    return {"code": "domanda", "label": {"it": "Domanda"}, "kind": kind, "read_by": read_by, **parts}


def choice(read_by: str, *codes: str) -> dict[str, Any]:
    return question("choice", read_by, choices=[{"code": code, "label": {"it": code}} for code in codes])


def found(archetype: str | None = None, **parts: Any) -> list[tuple[str, str]]:
    return [(one.code, one.place) for one in lint(edition_content(**parts), archetype)]


UNREAD = [("question_unread", "questions[0]")]
NEED = {"condition": "social_services"}
READ_NEED = {
    "rules": [{"kind": "circumstance", "code": "c", "label": {"it": "c"}, "any_of": [{"all_of": [NEED["condition"]]}]}]
}


@pytest.mark.parametrize(
    ("asked", "parts", "archetype"),
    [
        (question("metres", "admission.rule", rule="metri"), {}, None),
        (question("metres", "admission.rule", rule="zona"), {"admission": {"rules": [AREA]}}, None),
        (question("area", "admission.rule", rule="zona"), {"admission": {"rules": [OFFICE]}}, None),
        (question("yes_no", "fees.condition", **NEED), {}, None),
        (question("yes_no", "fees.condition", **NEED), {"admission": READ_NEED}, None),
        (question("yes_no", "admission.condition", **NEED), {}, None),
        (question("isee", "fees.isee"), {"fees": FLAT}, None),
        (choice("capacity.line", "rossa"), {}, None),
        (choice("capacity.line", "verde"), {"admission": {"capacity": LINES}}, None),
        (choice("canteen.diet", "standard"), {}, "transport"),
        (question("text", "canteen.notes"), {}, "place"),
    ],
)
def test_a_question_that_no_rule_reads_is_an_error(
    asked: dict[str, Any], parts: dict[str, Any], archetype: str | None
) -> None:
    findings = lint(edition_content(questions=[asked], **parts), archetype)
    errors = errors_of(findings)
    assert [(one.code, one.place) for one in errors] == UNREAD
    assert "Garante privacy, provv. 273/2013" in errors[0].message


@pytest.mark.parametrize(
    ("asked", "parts", "archetype"),
    [
        (question("metres", "admission.rule", rule="metri"), {"admission": {"rules": [DISTANCE]}}, "transport"),
        (question("area", "admission.rule", rule="zona"), {"admission": {"rules": [AREA]}}, "transport"),
        (question("yes_no", "fees.condition", **NEED), {"fees": {"reductions": [{"kind": "exemption", **NEED}]}}, None),
        (question("yes_no", "admission.condition", **NEED), {"admission": READ_NEED}, None),
        (question("isee", "fees.isee"), {}, None),
        (question("school", "families.school"), {}, None),
        (choice("capacity.line", "rossa"), {"admission": {"capacity": LINES}}, "walking"),
        (choice("canteen.diet", "standard"), {}, "meals"),
    ],
)
def test_a_question_that_a_rule_reads_is_not(
    asked: dict[str, Any], parts: dict[str, Any], archetype: str | None
) -> None:
    assert found(archetype, questions=[asked], **parts) == []


def test_an_isee_asked_for_admission_alone_is_read() -> None:
    rule = {"kind": "circumstance", "code": "c", "label": {"it": "c"}, "any_of": [{"isee_to": "12000.00"}]}
    parts = {"questions": [question("isee", "fees.isee")], "fees": FLAT}
    assert found(**parts, admission={"rules": [rule]}) == []
    assert found(**parts) == UNREAD


def test_an_edition_that_asks_too_much_is_not_put_in_force(bari: Municipality) -> None:
    service = register_service(code="scuolabus", name="Scuolabus", archetype="transport")
    held = draft(service, content=edition_content(questions=[choice("canteen.diet", "standard")]))
    with pytest.raises(EditionHasErrors, match="273/2013"):
        put_in_force(edition=held, act=act(), actor=None, now=NOW)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"admission": {"rules": [DISTANCE]}}, [("fact_unasked", "admission.rules[0]")]),
        ({"admission": {"rules": [AREA]}}, [("fact_unasked", "admission.rules[0]")]),
        ({"admission": {"rules": [OFFICE]}}, []),
        ({"admission": {"capacity": LINES}}, [("line_unasked", "admission.capacity")]),
        (
            {
                "conditions": [DECLARED, {"code": "social_services", "label": {"it": "x"}}],
                "admission": {"documents": [{"code": "d", "label": {"it": "d"}, "when": {"all_of": ["alone"]}}]},
            },
            [("condition_unasked", "conditions[0]")],
        ),
    ],
)
def test_a_rule_whose_fact_nobody_gives_is_asked_about(parts: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(**parts) == expected


def ages(*bounds: tuple[int | None, int | None], on: str = "09-01") -> dict[str, Any]:
    bands = []
    for index, (low, high) in enumerate(bounds):
        band: dict[str, Any] = {"code": f"b{index}", "label": {"it": f"B{index}"}}
        band["on"] = {"kind": "day_of_year", "day": on}
        band |= {"at_least": {"months": low}} if low is not None else {}
        bands.append(band | ({"below": {"months": high}} if high is not None else {}))
    return {"admission": {"rules": [{"kind": "age", "code": "eta", "bands": bands}]}}


def test_ages_between_two_bands_and_ages_in_both_are_asked_about() -> None:
    assert found(**ages((3, 12), (12, 24), (24, 36))) == []
    assert found(**ages((3, 12), (13, 24))) == [("age_gap", "admission.rules[0].bands[1]")]
    assert found(**ages((3, 13), (12, 24))) == [("age_overlap", "admission.rules[0].bands[1]")]
    assert found(**ages((24, 36), (3, 12))) == [("age_gap", "admission.rules[0].bands[0]")]


@pytest.mark.parametrize(
    ("admission", "expected"),
    [
        (
            {"rules": [{"kind": "school", "code": "s", "levels": ["nido"]}]},
            [("nobody_may_apply", "admission.rules[0]")],
        ),
        (
            {"documents": [{"code": "d", "label": {"it": "d"}, "when": {"levels": ["nido"]}}]},
            [("document_for_nobody", "admission.documents[0]")],
        ),
        (
            {"documents": [{"code": "d", "label": {"it": "d"}, "due": "later", "by": "2026-05-01"}]},
            [("document_too_soon", "admission.documents[0]")],
        ),
        (
            {"capacity": {"places": [{"code": "p", "label": {"it": "p"}, "places": 0}]}},
            [("no_places", "admission.capacity.places[0]")],
        ),
        (
            {"capacity": {"places": [{"code": "p", "label": {"it": "p"}, "places": 1, "levels": ["nido"]}]}},
            [("level_not_served", "admission.capacity.places[0]")],
        ),
    ],
)
def test_rules_documents_and_places_for_nobody_are_asked_about(
    admission: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(admission=admission) == expected


def test_a_late_window_before_an_ordinary_one_is_asked_about() -> None:
    late = {"code": "a", "label": {"it": "A"}, "opens": "2026-05-01", "closes": "2026-05-30", "late": True}
    other = {"code": "b", "label": {"it": "B"}, "opens": "2026-06-30", "closes": "2026-07-30"}
    assert found(windows=[late, other]) == [("late_before_ordinary", "windows[0]")]
    assert found(windows=[{**late, "late": False}, {**other, "late": True}]) == []
