"""The sums of a what-if, and that nobody can be recognised in them."""

from hypothesis import given
from hypothesis import strategies as st

from sportello.canteen.what_if_figures import FEWEST, Outcome, Piece, outcome_of, total_cents

PIECES = st.lists(
    st.builds(
        Piece,
        family=st.integers(1, 40),
        child=st.integers(1, 60),
        school=st.integers(1, 6),
        isee_cents=st.none() | st.integers(0, 4_000_000),
        meals=st.integers(1, 180),
        before_cents=st.integers(0, 90_000),
        after_cents=st.integers(0, 90_000),
    ),
    min_size=1,
    max_size=120,
)


def piece(family: int, *, school: int = 1, isee: int | None = 800_000, before: int = 1000, after: int = 1000) -> Piece:
    return Piece(family, family, school, isee, 10, before, after)


@given(PIECES)
def test_every_grouping_adds_up_to_the_whole(pieces: list[Piece]) -> None:
    outcome = outcome_of(pieces)
    for lines in (outcome.brackets, outcome.schools):
        for figure in ("meals", "before_cents", "after_cents"):
            assert sum(getattr(line, figure) for line in lines) == getattr(outcome.whole, figure)
    assert sum(one.families for one in outcome.distribution) == outcome.whole.families


@given(PIECES)
def test_nobody_can_be_recognised_not_even_by_subtraction(pieces: list[Piece]) -> None:
    outcome = outcome_of(pieces)
    for lines in (outcome.brackets, outcome.schools):
        named = [line for line in lines if line.key is not None]
        assert all(line.families >= FEWEST for line in named)
        rest = [line for line in lines if line.key is None]
        assert len(rest) <= 1
        if rest and named:
            assert rest[0].families >= FEWEST or len(named) == 0
    if outcome.whole.families >= FEWEST:
        assert all(one.families == 0 or one.families >= FEWEST for one in outcome.distribution)


def test_a_family_of_two_small_groups_is_one_family() -> None:
    """Three families in two schools are three, not six: a third school goes with them."""
    small = [piece(family, school=school) for family in (1, 2, 3) for school in (1, 2)]
    large = [piece(family, school=school) for school in (3, 4) for family in range(school * 10, school * 10 + 6)]
    assert [(line.key, line.families) for line in outcome_of([*small, *large]).schools] == [(4, 6), (None, 9)]


@given(PIECES)
def test_the_same_table_changes_nothing(pieces: list[Piece]) -> None:
    same = [Piece(p.family, p.child, p.school, p.isee_cents, p.meals, p.before_cents, p.before_cents) for p in pieces]
    outcome = outcome_of(same)
    assert (outcome.whole.change_cents, outcome.whole.paying_more, outcome.whole.paying_less) == (0, 0, 0)
    assert [one.families for one in outcome.distribution if one.families] == [outcome.whole.families]


def test_a_family_counts_once_whatever_its_children_and_changes() -> None:
    outcome: Outcome = outcome_of(
        [
            Piece(1, 11, 1, 700_000, 20, 2000, 3000),
            Piece(1, 12, 1, 700_000, 20, 2000, 500),
            Piece(2, 21, 2, None, 10, 1000, 1500),
        ]
    )
    assert (outcome.whole.families, outcome.whole.children) == (2, 3)
    assert (outcome.whole.paying_more, outcome.whole.paying_less) == (1, 1)
    assert outcome.median_change_cents == 0


def test_brackets_of_five_thousand_euro() -> None:
    pieces = [piece(n, isee=499_999) for n in range(5)] + [piece(n, isee=500_000) for n in range(5, 10)]
    pieces += [piece(n, isee=None) for n in range(10, 15)] + [piece(n, isee=9_900_000) for n in range(15, 20)]
    assert [line.key for line in outcome_of(pieces).brackets] == [-1, 0, 500_000, 3_000_000]


def test_a_small_group_takes_another_with_it() -> None:
    pieces = [piece(n, school=1) for n in range(4)] + [piece(n, school=2) for n in range(10, 16)]
    pieces += [piece(n, school=3) for n in range(20, 40)]
    lines = outcome_of(pieces).schools
    assert [(line.key, line.families) for line in lines] == [(3, 20), (None, 10)]


def test_the_classes_of_change() -> None:
    spans = {
        -25_000: (None, -20_000),
        -20_000: (-20_000, -10_000),
        -1: (-2_000, 0),
        0: (0, 0),
        1: (0, 2_000),
        2_000: (0, 2_000),
        2_001: (2_000, 5_000),
        20_001: (20_000, None),
    }
    for change, span in spans.items():
        pieces = [piece(n, before=30_000, after=30_000 + change) for n in range(FEWEST)]
        (held,) = [one for one in outcome_of(pieces).distribution if one.families]
        assert (held.low, held.high) == span, change


def test_neighbouring_classes_are_put_together_until_nobody_shows() -> None:
    changes = [-25_000, 0, 0, 0, 0, 0, 0, 3_000, 6_000]
    pieces = [piece(n, before=30_000, after=30_000 + change) for n, change in enumerate(changes)]
    told = [(one.low, one.high, one.families) for one in outcome_of(pieces).distribution if one.families]
    assert told == [(None, None, 9)]


def test_a_meal_of_a_block_is_its_part_of_the_block() -> None:
    assert (total_cents(6300, 10, 21), total_cents(190, 10, None)) == (3000, 1900)
    assert total_cents(100, 1, 21) == 5  # 4.76 cents
