"""Drafts hold only the days on which what is wanted differs from what was sent, each with what changed."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sportello.fees.drafting import Draft, drafts_for
from sportello.fees.facts import Facts
from sportello.fees.reasons import SENTENCES, Verdict, reasons_of_difference, sentences_of
from sportello.kernel.dates import DateRange, merge_equal

FIRST_DAY = date(2026, 9, 1)
YEAR = DateRange(FIRST_DAY, FIRST_DAY + timedelta(days=30))
FACTS = Facts(level="primaria", isee_cents=850_000)
DEAR = Verdict(1, 300, "meal", None, replace(FACTS, isee_cents=None), "[3]")
CHEAP = Verdict(1, 190, "meal", None, FACTS, "[1]")
VERDICTS = st.sampled_from([None, DEAR, CHEAP, replace(CHEAP, edition_id=2), replace(DEAR, cents=0)])
DAYS = st.lists(VERDICTS, min_size=30, max_size=30)


def span(first: int, last: int) -> DateRange:
    return DateRange(FIRST_DAY + timedelta(days=first), FIRST_DAY + timedelta(days=last))


def timeline(days: list[Verdict | None]) -> list[tuple[DateRange, Verdict]]:
    pieces = [(span(number, number + 1), one) for number, one in enumerate(days) if one is not None]
    return merge_equal(pieces)


def drafts(wanted: list[Verdict | None], sent: list[Verdict | None]) -> list[tuple[DateRange, Draft]]:
    return drafts_for(wanted=timeline(wanted), sent=timeline(sent), undecided=[], within=YEAR)


def send(sent: list[Verdict | None], made: list[tuple[DateRange, Draft]]) -> list[Verdict | None]:
    after = list(sent)
    for period, draft in made:
        for day in period.days():
            after[(day - FIRST_DAY).days] = None if draft.ends else draft.verdict
    return after


@given(DAYS, DAYS)
def test_sending_the_drafts_gives_what_was_wanted_and_then_there_are_none(
    wanted: list[Verdict | None], sent: list[Verdict | None]
) -> None:
    made = drafts(wanted, sent)
    after = send(sent, made)
    assert after == wanted
    assert drafts(wanted, after) == []


@given(DAYS, DAYS)
def test_each_draft_is_a_difference_on_all_its_days_and_says_why(
    wanted: list[Verdict | None], sent: list[Verdict | None]
) -> None:
    made = drafts(wanted, sent)
    for period, draft in made:
        assert draft.reasons
        for day in period.days():
            number = (day - FIRST_DAY).days
            held = sent[number]
            assert held != wanted[number]
            assert draft.before_cents == (None if held is None else held.cents)
    assert all(one[0].end is not None and one[0].end <= two[0].start for one, two in pairwise(made))


def test_days_that_come_out_as_they_were_sent_make_no_draft() -> None:
    sent = [(YEAR, CHEAP)]
    before, after = YEAR.split(FIRST_DAY + timedelta(days=10))
    made = drafts_for(wanted=[(before, CHEAP), (after, DEAR)], sent=sent, undecided=[], within=YEAR)
    assert made == [(after, Draft(DEAR, ("isee_lapsed",), 190))]


def test_a_first_decision_says_so_and_its_neighbour_says_what_changes() -> None:
    before, after = YEAR.split(FIRST_DAY + timedelta(days=10))
    made = drafts_for(wanted=[(before, CHEAP), (after, DEAR)], sent=[], undecided=[], within=YEAR)
    assert [draft.reasons for _period, draft in made] == [("first",), ("isee_lapsed",)]


def test_days_without_a_price_end_it_and_say_whether_somebody_must_settle_them() -> None:
    left, stuck = YEAR.split(FIRST_DAY + timedelta(days=10))
    made = drafts_for(wanted=[], sent=[(YEAR, CHEAP)], undecided=[stuck], within=YEAR)
    assert [(period, draft.reasons, draft.ends) for period, draft in made] == [
        (left, ("ended",), True),
        (stuck, ("undecided",), True),
    ]


def changed(**facts: object) -> tuple[str, ...]:
    return reasons_of_difference(CHEAP, replace(CHEAP, facts=replace(FACTS, **facts)), {"morosity"})  # type: ignore[arg-type]  # any fact


def test_each_fact_has_its_reason() -> None:
    assert changed(isee_cents=100) == ("isee_new",)
    assert changed(isee_cents=None) == ("isee_lapsed",)
    assert changed(children_using=2) == changed(children_using=2, sibling_rank=2) == ("sibling_joined",)
    assert changed(sibling_rank=2) == ("sibling_order",)
    assert changed(minors=3) == ("household",)
    assert changed(level="infanzia") == ("level",)
    assert changed(conditions=frozenset({"disability"})) == ("condition_recognised",)
    assert changed(conditions=frozenset({"morosity"})) == ("arrears",)
    assert changed(resident=False) == ("residence",)
    assert changed(amounts=frozenset({("unit_cost", 5)})) == ("other_facts",)
    assert reasons_of_difference(CHEAP, replace(CHEAP, edition_id=2)) == ("new_act",)
    assert reasons_of_difference(CHEAP, replace(CHEAP, steps="[9]")) == ("recalculated",)
    disabled = replace(CHEAP, facts=replace(FACTS, conditions=frozenset({"disability", "morosity"})))
    assert reasons_of_difference(disabled, CHEAP, {"morosity"}) == ("condition_ended", "arrears_settled")
    assert reasons_of_difference(None, CHEAP) == ("first",)


def test_every_reason_is_a_sentence() -> None:
    assert all(text.endswith(".") for text in sentences_of(SENTENCES))
    assert sentences_of(["unheard_of"]) == []
