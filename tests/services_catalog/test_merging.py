"""Three contents merged: no override is ever lost, what one left alone follows the template, the rest is told."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services_catalog.merging import Plain, at, differing, merge, merged, points
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from tests.factories.editions import BANDS, edition_content

SINGLE = {"kind": "single_price", "amount": "2.50"}
PROCEDURE = {"office": "Pubblica istruzione"}


def content(**parts: Any) -> EditionContent:
    return edition_content(**parts)


def changed(**parts: Any) -> EditionContent:
    plain = to_builtins(content())
    return from_builtins({**plain, **parts}, EditionContent)


def test_an_override_stays_and_the_rest_follows_the_template() -> None:
    base = content()
    own = content(fees={"base": SINGLE})
    theirs = content(procedure={**PROCEDURE, "answer_days": 20})
    found = merge(base=base, own=own, theirs=theirs)
    assert to_builtins(found.content)["fees"]["base"] == SINGLE
    assert found.content.procedure.answer_days == 20
    assert [point.place for point in found.taken] == ["procedure.answer_days"]
    assert found.conflicts == ()


def test_what_both_changed_stays_ones_own_and_is_told() -> None:
    base, own = content(), content(procedure={**PROCEDURE, "answer_days": 15, "phone": "080"})
    theirs = content(procedure={"office": "Ufficio scuola", "answer_days": 20})
    found = merge(base=base, own=own, theirs=theirs)
    assert (found.content.procedure.answer_days, found.content.procedure.office) == (15, "Ufficio scuola")
    assert found.content.procedure.phone == "080"
    assert [point.place for point in found.conflicts] == ["procedure.answer_days"]
    assert [(point.before, point.after) for point in found.conflicts] == [(15, 20)]


def test_a_table_of_amounts_is_taken_whole_or_not_at_all() -> None:
    """Half of one table and half of another is a table that nobody decided."""
    wider = {"kind": "flat_bands", "bands": [{"isee_to": "7000.00", "amount": "0.00"}, *BANDS["bands"][1:]]}  # type: ignore[misc]
    dearer = {"kind": "flat_bands", "bands": [*BANDS["bands"][:2], {"isee_from": "12500.01", "amount": "4.00"}]}  # type: ignore[misc]
    found = merge(base=content(), own=content(fees={"base": wider}), theirs=content(fees={"base": dearer}))
    assert found.content.fees.base == content(fees={"base": wider}).fees.base
    assert [point.place for point in found.conflicts] == ["fees.base"]


def test_rows_with_a_name_are_merged_row_by_row() -> None:
    def windows(*codes: str, closes: str = "2026-12-31") -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "label": {"it": code},
                "opens": "2026-06-01",
                "closes": closes if code == "first" else "2026-12-31",
            }
            for code in codes
        ]

    found = merge(
        base=content(windows=windows("first", "late")),
        own=content(windows=windows("spring", "first", "late", closes="2026-10-31")),
        theirs=content(windows=windows("first", "winter")),
    )
    assert [window.code for window in found.content.windows] == ["spring", "first", "winter"]
    assert [f"{window.closes}" for window in found.content.windows] == ["2026-12-31", "2026-10-31", "2026-12-31"]
    assert [point.place for point in found.taken] == ["windows[winter]", "windows[late]"]


def test_what_one_took_away_does_not_come_back() -> None:
    notes = {"code": "notes", "kind": "text", "label": {"it": "Note"}, "read_by": "canteen.notes"}
    school = {"code": "school", "kind": "school", "label": {"it": "Scuola"}, "read_by": "families.school"}
    asked = content(questions=[school, notes])
    theirs = content(questions=[school, {**notes, "required": False}])
    found = merge(base=asked, own=content(questions=[school]), theirs=theirs)
    assert [question.code for question in found.content.questions] == ["school"]
    assert [point.place for point in found.conflicts] == ["questions[notes].required"]


def test_where_the_two_make_no_edition_ones_own_stays_whole() -> None:
    """The template asks about a circumstance that the Comune had taken away."""
    own = content(conditions=[], fees={"base": SINGLE})
    asks = {
        "code": "c",
        "kind": "yes_no",
        "label": {"it": "?"},
        "read_by": "fees.condition",
        "condition": "social_services",
    }
    theirs = content(questions=[asks], procedure={"office": "Altro"})
    found = merge(base=content(), own=own, theirs=theirs)
    assert found.content == own
    assert found.taken == ()
    assert [point.place for point in found.conflicts] == ["questions", "procedure.office"]


VALUES = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.booleans())
ROWS = st.lists(
    st.fixed_dictionaries({"code": st.sampled_from("pqr"), "v": VALUES}), unique_by=lambda row: row["code"], max_size=3
)
LEAVES = st.one_of(VALUES, st.lists(VALUES, max_size=3), ROWS)
KINDS = st.fixed_dictionaries({"kind": st.sampled_from(["one", "two"]), "v": VALUES})
TREES = st.dictionaries(
    st.sampled_from("xyz"),
    st.one_of(LEAVES, KINDS, st.dictionaries(st.sampled_from("uvw"), LEAVES, max_size=3)),
    max_size=3,
)


def merged_of(base: Plain, own: Plain, theirs: Plain) -> tuple[Plain, list[str]]:
    conflicts: list[str] = []
    return merged(base, own, theirs, "", conflicts), conflicts


@given(TREES, TREES, TREES)
def test_no_override_is_ever_lost(base: Plain, own: Plain, theirs: Plain) -> None:
    found, _conflicts = merged_of(base, own, theirs)
    for point in differing(base, own):
        assert at(found, point.place) == point.after


@given(TREES, TREES, TREES)
def test_what_one_left_alone_follows_the_template_or_is_told(base: Plain, own: Plain, theirs: Plain) -> None:
    found, conflicts = merged_of(base, own, theirs)
    for point in differing(base, theirs):
        told = any(point.place.startswith(place) or place.startswith(point.place) for place in conflicts)
        assert told or at(found, point.place) == point.after


@given(TREES, TREES)
def test_nothing_to_merge_changes_nothing(base: Plain, other: Plain) -> None:
    assert merged_of(base, other, base) == (other, [])
    assert merged_of(base, base, other) == (other, [])
    assert merged_of(base, other, other) == (other, [])


@given(TREES, TREES)
def test_two_that_differ_have_a_point_unless_only_rows_moved(before: Plain, after: Plain) -> None:
    found = list(differing(before, after))
    assert list(differing(before, before)) == []
    assert {point.place for point in differing(after, before)} == {point.place for point in found}


def test_points_are_in_the_order_in_which_they_are_written() -> None:
    after = content(
        fees={"base": SINGLE},
        procedure={"office": "Altro"},
        audience={"levels": ["infanzia", "primaria"], "residents": "residents_only"},
    )
    assert [point.place for point in points(content(), after)] == [
        "audience.residents",
        "fees.base",
        "procedure.office",
    ]
