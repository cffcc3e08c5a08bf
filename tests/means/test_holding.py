"""Which attestation holds on a day, and the reason told for each."""

from dataclasses import replace
from datetime import date

import pytest

from sportello.kernel.dates import DateRange
from sportello.means.rules import (
    Attested,
    Beneficiary,
    Change,
    Holding,
    HoldingPolicy,
    Kind,
    Source,
    beneficiary_of,
    changes,
    holding_on,
    over_time,
    period_of_validity,
    replaced_by,
)

TODAY = date(2026, 11, 23)
PROTOCOL = "INPS-ISEE-2026-00000123A-00"
TOGETHER, APART = Beneficiary(), Beneficiary(parents_apart=True)
STRICT, LENIENT = HoldingPolicy(), HoldingPolicy(accepts_discrepancies=True)
DECLARED = Attested(
    number=1,
    kind=Kind.MINORS,
    source=Source.DECLARED,
    cents=850000,
    period=DateRange(date(2026, 2, 3), date(2027, 1, 1)),
    filed_on=date(2026, 2, 3),
    dsu_protocol=PROTOCOL,
)
FROM_INPS = replace(DECLARED, number=2, source=Source.INPS, cents=912000)
ORDINARY = replace(DECLARED, number=3, kind=Kind.ORDINARY, cents=700000, filed_on=date(2026, 5, 1), dsu_protocol="")
CURRENT = replace(
    DECLARED,
    number=4,
    kind=Kind.CURRENT,
    cents=300000,
    period=DateRange(date(2026, 6, 10), date(2026, 12, 10)),
    filed_on=date(2026, 6, 10),
    dsu_protocol="",
)


def told(held: Holding) -> tuple[int | None, str, dict[int, str]]:
    number = None if held.attested is None else held.attested.number
    return number, str(held.why), {one: str(why) for one, why in held.others.items()}


def test_the_only_one_holds() -> None:
    assert told(holding_on([DECLARED], TOGETHER, TODAY, STRICT)) == (1, "È l'unica valida in questo giorno.", {})


def test_none_holds_without_one() -> None:
    why = "Nessuna attestazione vale in questo giorno: si applica la fascia più alta."
    assert told(holding_on([], TOGETHER, TODAY, STRICT)) == (None, why, {})


@pytest.mark.parametrize(
    ("day", "holds", "why"),
    [
        (date(2026, 2, 2), None, {1: "Non vale ancora."}),
        (date(2026, 2, 3), 1, {}),
        (date(2026, 12, 31), 1, {}),
        (date(2027, 1, 1), None, {1: "Scaduta il 31/12/2026."}),
    ],
)
def test_it_lapses_on_31_december(day: date, holds: int | None, why: dict[int, str]) -> None:
    number, _why, others = told(holding_on([DECLARED], TOGETHER, day, STRICT))
    assert (number, others) == (holds, why)


def test_the_current_one_prevails_while_it_is_valid() -> None:
    later = replace(ORDINARY, filed_on=date(2026, 7, 1))
    assert told(holding_on([DECLARED, later, CURRENT], TOGETHER, date(2026, 12, 9), STRICT)) == (
        4,
        "È un ISEE corrente: prevale finché vale (DPCM 159/2013 art. 9).",
        {1: "Prevale quella presentata il 10/06/2026.", 3: "Prevale quella presentata il 10/06/2026."},
    )
    number, _why, others = told(holding_on([DECLARED, later, CURRENT], TOGETHER, date(2026, 12, 10), STRICT))
    assert (number, others[4]) == (3, "Scaduta il 09/12/2026.")


def test_the_last_filed_holds_where_the_parents_live_together() -> None:
    assert told(holding_on([DECLARED, ORDINARY], TOGETHER, TODAY, STRICT)) == (
        3,
        "È la DSU presentata per ultima.",
        {1: "Prevale quella presentata il 01/05/2026."},
    )


def test_the_one_for_minors_prevails_where_the_parents_live_apart() -> None:
    why = "I genitori non convivono: vale quella per i minorenni (DPCM 159/2013 art. 7)."
    assert told(holding_on([DECLARED, ORDINARY], APART, TODAY, STRICT))[:2] == (1, why)
    for_all = HoldingPolicy(for_minors=False)
    assert told(holding_on([DECLARED, ORDINARY], APART, TODAY, for_all))[0] == 3
    alone = told(holding_on([ORDINARY], APART, TODAY, STRICT))
    assert alone == (3, "Vale, ma i genitori non convivono: serve quella per i minorenni.", {})


def test_inps_lets_us_know_that_the_parents_live_apart() -> None:
    counted = replace(FROM_INPS, other_parent=True)
    assert beneficiary_of([DECLARED, counted]) == APART
    assert beneficiary_of([DECLARED, replace(counted, superseded=True)]) == TOGETHER


def test_inps_prevails_over_the_family_for_the_same_declaration() -> None:
    assert told(holding_on([FROM_INPS, DECLARED], TOGETHER, TODAY, STRICT)) == (
        2,
        "È l'unica valida in questo giorno.",
        {1: "Prevale quello che dice INPS della stessa DSU."},
    )
    newer = replace(DECLARED, number=9, dsu_protocol="INPS-ISEE-2026-00000999A-00")
    assert told(holding_on([FROM_INPS, newer], TOGETHER, TODAY, STRICT))[0] == 9


def test_what_awaits_the_office_neither_holds_nor_prevails() -> None:
    waiting = replace(FROM_INPS, awaits_office=True)
    number, _why, others = told(holding_on([DECLARED, waiting], TOGETHER, TODAY, STRICT))
    assert (number, others) == (1, {2: "Attende la conferma dell'ufficio."})


def test_a_superseded_one_stays_and_does_not_count() -> None:
    gone = replace(FROM_INPS, superseded=True)
    number, _why, others = told(holding_on([DECLARED, gone], TOGETHER, TODAY, STRICT))
    assert (number, others) == (1, {2: "Superata: resta nel fascicolo e non conta."})


def test_omissions_count_as_missing_unless_the_comune_accepts_them() -> None:
    faulty = replace(FROM_INPS, discrepancies=("PatrimoniMobiliari", "RedditiScostamento"))
    number, _why, others = told(holding_on([DECLARED, faulty], TOGETHER, TODAY, STRICT))
    assert (number, others) == (
        None,
        {
            1: "Prevale quello che dice INPS della stessa DSU.",
            2: "Ha omissioni o difformità (PatrimoniMobiliari, RedditiScostamento): conta come se mancasse.",
        },
    )
    assert told(holding_on([DECLARED, faulty], TOGETHER, TODAY, LENIENT))[0] == 2


@pytest.mark.parametrize(
    ("kind", "filed_on", "until", "period"),
    [
        (Kind.MINORS, date(2026, 2, 3), None, DateRange(date(2026, 2, 3), date(2027, 1, 1))),
        (Kind.ORDINARY, date(2026, 12, 31), None, DateRange(date(2026, 12, 31), date(2027, 1, 1))),
        (Kind.CURRENT, date(2026, 6, 10), None, DateRange(date(2026, 6, 10), date(2026, 12, 10))),
        (Kind.CURRENT, date(2026, 8, 31), None, DateRange(date(2026, 8, 31), date(2027, 3, 1))),
        (Kind.CURRENT, date(2026, 6, 30), None, DateRange(date(2026, 6, 30), date(2026, 12, 30))),
        (Kind.CURRENT, date(2026, 6, 10), date(2026, 9, 9), DateRange(date(2026, 6, 10), date(2026, 9, 10))),
        (Kind.CURRENT, date(2026, 6, 10), date(2026, 6, 9), DateRange(date(2026, 6, 10), date(2026, 12, 10))),
    ],
)
def test_how_long_it_is_valid(kind: Kind, filed_on: date, until: date | None, period: DateRange) -> None:
    assert period_of_validity(kind, filed_on, until) == period


def test_the_value_over_time_is_cut_where_it_changes() -> None:
    assert over_time([DECLARED, CURRENT], TOGETHER, STRICT) == [
        (DateRange(date(2026, 2, 3), date(2026, 6, 10)), 850000),
        (DateRange(date(2026, 6, 10), date(2026, 12, 10)), 300000),
        (DateRange(date(2026, 12, 10), date(2027, 1, 1)), 850000),
    ]
    assert over_time([], TOGETHER, STRICT) == []


def test_what_would_change_is_told_day_by_day() -> None:
    longer = replace(FROM_INPS, cents=850000, period=DateRange(date(2026, 1, 10), date(2027, 1, 1)),
                     filed_on=date(2026, 1, 10))  # fmt: skip
    assert changes([DECLARED], [longer], STRICT) == [
        Change(DateRange(date(2026, 1, 10), date(2026, 2, 3)), None, 850000)
    ]
    assert changes([DECLARED], [FROM_INPS], STRICT) == [Change(DECLARED.period, 850000, 912000)]
    assert changes([DECLARED], [replace(FROM_INPS, cents=850000)], STRICT) == []


def test_what_an_answer_takes_the_place_of() -> None:
    other = replace(DECLARED, number=5, dsu_protocol="a typing error")
    document = replace(other, number=6, source=Source.DOCUMENT)
    last_year = replace(other, number=7, period=DateRange(date(2025, 2, 3), date(2026, 1, 1)))
    before = replace(FROM_INPS, number=8, dsu_protocol="")
    standing = [DECLARED, other, document, last_year, before]
    by_protocol = replaced_by(FROM_INPS, standing, asked_by_code=False)
    by_code = replaced_by(FROM_INPS, standing, asked_by_code=True)
    assert [one.number for one in by_protocol] == [1, 8]
    assert [one.number for one in by_code] == [1, 5, 8]
