"""Who may apply, in the words of real rules: each file of enrolment rules gives the verdicts its sources state."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.lint import errors_of, lint
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.ages import months_completed
from sportello.applications.admissibility.documents import wanted_documents
from sportello.applications.admissibility.facts import Applicant, Outcome
from sportello.applications.admissibility.may_apply import may_apply
from sportello.applications.admissibility.places import places_taken_by, seat_of
from sportello.enrolment.first_use import is_working_day, usable_from
from sportello.kernel.school_year import SchoolYear
from tests.applications.admission_cases import FILES, AdmissionCase, cases_of, content_of
from tests.factories.editions import edition_content

CASES = [case for path in FILES for case in cases_of(path)]
YEAR = SchoolYear(2026)
DAY = date(2026, 9, 10)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_real_rule_gives_the_verdict_its_source_states(case: AdmissionCase) -> None:
    verdict = may_apply(case.content, case.applicant, day=case.day, year=case.year)
    refused = [reason.rule.code if reason.rule else "" for reason in verdict.said(Outcome.REFUSED)]
    asked = [reason.rule.code for reason in verdict.said(Outcome.NEEDS_OFFICE) if reason.rule]
    assert (verdict.outcome, refused, asked) == (
        case.expect["outcome"],
        case.expect.get("refused_by", []),
        case.expect.get("asked_by", []),
    )
    if "band" in case.expect:
        assert verdict.band == case.expect["band"]
    if "documents" in case.expect:
        wanted = wanted_documents(case.content, case.applicant, day=case.day, year=case.year)
        assert [one.document.code for one in wanted] == case.expect["documents"]
    if "places" in case.expect:
        taken = places_taken_by(case.content.admission.capacity, seat_of(case.applicant, verdict.band))
        assert [group.code for group in taken] == case.expect["places"]
    if "usable_from" in case.expect:
        window = case.content.window_on(case.day)
        assert window is not None
        assert window.first_use is not None
        assert usable_from(window.first_use, case.day, is_working_day) == case.expect["usable_from"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_rule_has_no_errors_and_comes_back_the_same(path: Path) -> None:
    content = content_of(path)
    assert errors_of(lint(content)) == []
    assert from_builtins(to_builtins(content), EditionContent) == content


AGED = edition_content(
    windows=[{"code": "a", "label": {"it": "A"}, "opens": "2026-01-01", "closes": "2026-12-31"}],
    admission={
        "rules": [
            {
                "kind": "age",
                "code": "eta",
                "bands": [
                    {
                        "code": "grandi",
                        "label": {"it": "Grandi"},
                        "on": {"kind": "day_of_year", "day": "09-01"},
                        "at_least": {"months": 24},
                        "below": {"months": 36},
                    }
                ],
            },
            {"kind": "residence", "code": "casa", "comuni": ["A893"]},
            {"kind": "distance", "code": "metri", "measure": "walking", "rows": [{"more_than": 500}]},
            {
                "kind": "catchment",
                "code": "zona",
                "areas": [{"code": "centro", "label": {"it": "Centro"}, "streets": ["Via Roma"]}],
            },
            {
                "kind": "circumstance",
                "code": "bisogno",
                "label": {"it": "Servizi sociali"},
                "any_of": [{"all_of": ["social_services"]}, {"isee_to": "9000.00"}],
            },
        ]
    },
)
ALLOWED = Applicant(
    comune="A662",
    birth_date=date(2024, 3, 1),
    residence="A893",
    address="VIA ROMA 12",
    level="primaria",
    isee_cents=900_000,
    metres={"metri": 501},
)
FORGOTTEN = {
    "birth_date": None,
    "residence": "",
    "address": "",
    "isee_cents": None,
    "metres": {},
    "level": "",
    "comune": "",
}


def outcome_of(applicant: Applicant) -> Outcome:
    return may_apply(AGED, applicant, day=DAY, year=YEAR).outcome


def test_who_fulfils_every_rule_may_apply() -> None:
    assert outcome_of(ALLOWED) is Outcome.ALLOWED


@given(st.sets(st.sampled_from(sorted(FORGOTTEN)), min_size=1))
def test_a_fact_not_known_never_refuses_but_asks(names: set[str]) -> None:
    assert outcome_of(replace(ALLOWED, **{name: FORGOTTEN[name] for name in names})) is Outcome.NEEDS_OFFICE


@given(
    st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.sampled_from(["", "A662", "A893", "H501"]),
    st.none() | st.integers(0, 2000), st.none() | st.integers(0, 2_000_000),
    st.sampled_from([{}, {"social_services": True}, {"social_services": False}]),
    st.sets(st.sampled_from(sorted(FORGOTTEN))),
)  # fmt: skip
def test_forgetting_a_fact_never_turns_a_yes_into_a_no_nor_a_no_into_a_yes(
    born: date,
    home: str,
    metres: int | None,
    isee: int | None,
    conditions: dict[str, bool],
    forgotten: set[str],
) -> None:
    known = replace(
        ALLOWED,
        birth_date=born,
        residence=home,
        metres={} if metres is None else {"metri": metres},
        isee_cents=isee,
        conditions=conditions,
    )
    before = outcome_of(known)
    after = outcome_of(replace(known, **{name: FORGOTTEN[name] for name in forgotten}))
    if before is Outcome.ALLOWED:
        assert after is not Outcome.REFUSED
    if after is Outcome.REFUSED:
        assert before is Outcome.REFUSED


def band(at_least: int, below: int) -> EditionContent:
    ages = {"on": {"kind": "filing_day"}, "at_least": {"months": at_least}, "below": {"months": below}}
    bands = [{"code": "a", "label": {"it": "A"}, **ages}]
    return edition_content(admission={"rules": [{"kind": "age", "code": "eta", "bands": bands}]})


@given(
    st.integers(0, 100), st.integers(1, 100), st.integers(0, 30), st.integers(0, 30),
    st.dates(date(2015, 1, 1), date(2027, 1, 1)),
)  # fmt: skip
def test_wider_ages_never_refuse_whom_narrower_ones_took(
    low: int, width: int, lower: int, higher: int, born: date
) -> None:
    applicant = Applicant(level="primaria", birth_date=born)
    narrow = may_apply(band(low, low + width), applicant, day=DAY, year=YEAR).outcome
    wide = may_apply(band(max(0, low - lower), low + width + higher), applicant, day=DAY, year=YEAR).outcome
    assert narrow is not Outcome.ALLOWED or wide is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("born", "day", "months"),
    [
        (date(2024, 1, 31), date(2024, 2, 28), 0),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 2, 29), date(2027, 2, 27), 35),
        (date(2024, 2, 29), date(2027, 2, 28), 36),
        (date(2027, 3, 1), date(2027, 2, 28), -1),
    ],
)
def test_a_month_is_completed_on_its_day_or_on_the_last_of_a_shorter_one(born: date, day: date, months: int) -> None:
    assert months_completed(born, day) == months


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_age_never_falls_as_days_go_by(born: date, day: date) -> None:
    assert months_completed(born, day) <= months_completed(born, date.fromordinal(day.toordinal() + 1))


def test_the_bari_late_window_is_the_only_one_that_asks_for_a_stop() -> None:
    content = content_of(next(path for path in FILES if path.stem == "bari_trasporto"))
    child = Applicant(level="primaria", conditions={"in_buts": True})
    in_time = may_apply(content, child, day=date(2024, 7, 1), year=SchoolYear(2024))
    late = may_apply(content, child, day=date(2024, 9, 20), year=SchoolYear(2024))
    assert [len(verdict.reasons) for verdict in (in_time, late)] == [2, 3]
