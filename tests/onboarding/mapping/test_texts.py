"""A mapping is a text that people read and correct: nothing is lost on the way, and a slip is told with its remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.fields import FIELDS
from onboarding.mapping.structs import Column, Control, Layout, Mapping, RecordMark
from onboarding.mapping.texts import MappingInvalid, mapping_text, read_mapping

TEXT = st.text(max_size=12)
SHARE = st.floats(min_value=0, max_value=1)
FIELD_NAMES = [field.name for field in FIELDS["roster"]]


def built[T](struct: type[T], /, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[T]:
    """Values of a struct from strategies for its keys."""
    return st.fixed_dictionaries(parts).map(lambda data: struct(**data))


COLUMNS = built(
    Column,
    source=TEXT,
    place=st.integers(1, 400),
    width=st.integers(0, 60),
    field=st.sampled_from(["", *FIELD_NAMES]),
    part=TEXT,
    date_order=st.sampled_from(["dmy", "mdy", "ymd"]),
    decimal=st.sampled_from(["", ",", "."]),
    thousands=st.sampled_from(["", ",", "."]),
    unit=st.sampled_from(["euro", "cents", "thousandths"]),
    sign=st.sampled_from(["credit", "debt"]),
    digits=st.integers(0, 12),
    names=st.sampled_from(["surname_first", "given_first"]),
    values=st.dictionaries(TEXT, TEXT, max_size=4),
    confidence=SHARE,
    reason=TEXT,
)
MARKS = built(RecordMark, first=st.integers(1, 9), width=st.integers(1, 4), header=TEXT, detail=TEXT, trailer=TEXT)
LAYOUTS = built(
    Layout,
    form=st.sampled_from(["delimited", "fixed", "sheet"]),
    encoding=st.sampled_from(["", "utf-8", "cp1252", "utf-16"]),
    separator=TEXT,
    quote=TEXT,
    escape=st.sampled_from(["doubled", "backslash", "none"]),
    sheet=TEXT,
    header_line=st.integers(0, 40),
    header=st.lists(TEXT, max_size=4).map(tuple),
    total_words=st.lists(TEXT, max_size=3).map(tuple),
    width=st.integers(0, 400),
    mark=st.none() | MARKS,
)
CONTROLS = built(
    Control,
    place=st.integers(1, 99),
    width=st.integers(0, 20),
    of=st.sampled_from(["", "balance", "isee"]),
    unit=st.sampled_from(["euro", "cents"]),
)
MAPPINGS = built(
    Mapping,
    kind=st.just("roster"),
    layout=LAYOUTS,
    columns=st.lists(COLUMNS, max_size=4).map(tuple),
    municipality=TEXT,
    name=TEXT,
    school_year=st.integers(0, 2100),
    controls=st.lists(CONTROLS, max_size=3).map(tuple),
    confidence=SHARE,
    questions=st.lists(TEXT, max_size=3).map(tuple),
)


@given(MAPPINGS)
@settings(max_examples=200, deadline=None)
def test_a_mapping_comes_back_from_its_text_as_it_was(mapping: Mapping) -> None:
    assert read_mapping(mapping_text(mapping)) == mapping


def test_the_text_is_for_people() -> None:
    mapping = Mapping(
        kind="roster",
        layout=Layout(form="delimited", separator=";", header_line=1, header=("COGNOME", "DIETA")),
        columns=(
            Column(source="COGNOME", place=1, field="child_surname", confidence=0.99, reason="le lettere tornano"),
            Column(source="DIETA", place=2, field="diet", values={"CEL": "medical:celiac"}),
        ),
    )
    assert mapping_text(mapping) == (
        "# Come si legge questo file. Il significato di ogni chiave sta in docs/how-to/map-an-export.md.\n\n"
        'kind = "roster"\n\n'
        '[layout]\nform = "delimited"\nseparator = ";"\nheader_line = 1\n'
        'header = [\n    "COGNOME",\n    "DIETA",\n]\n\n'
        "# «COGNOME»: il cognome del bambino\n"
        '[[columns]]\nsource = "COGNOME"\nplace = 1\nfield = "child_surname"\nconfidence = 0.99\n'
        'reason = "le lettere tornano"\n\n'
        '# «DIETA»: la dieta\n[[columns]]\nsource = "DIETA"\nplace = 2\nfield = "diet"\n\n'
        '[columns.values]\nCEL = "medical:celiac"\n'
    )


def test_a_slip_is_told_with_the_word_that_was_meant() -> None:
    good = mapping_text(
        Mapping(kind="roster", layout=Layout(form="delimited"), columns=(Column(place=1, field="isee"),))
    )
    for slip, place, nearest in (
        (good.replace("place", "plaec"), "columns[0]", "place"),
        (good.replace('"isee"', '"ise"'), "columns[0].field", "isee"),
        (good.replace('"delimited"', '"delimted"'), "layout.form", "delimited"),
        (good.replace('"roster"', '"rooster"'), "kind", "roster"),
    ):
        with pytest.raises(MappingInvalid) as told:
            read_mapping(slip)
        assert (told.value.place, told.value.nearest) == (place, nearest)


def test_a_field_of_another_kind_is_refused() -> None:
    text = mapping_text(
        Mapping(kind="taxes", layout=Layout(form="fixed"), columns=(Column(place=1, width=4, field="tax"),))
    )
    with pytest.raises(MappingInvalid):
        read_mapping(text.replace('"taxes"', '"roster"'))
