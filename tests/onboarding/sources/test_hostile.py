"""Any bytes are read, line for line, or refused by a named error; nothing else happens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.mapping.structs import Layout
from onboarding.sources.sniffing import sniff
from onboarding.sources.types import Source
from tests.onboarding.mutations import EXPORTS, export, mutations_of, physical_lines
from tests.onboarding.sources.files import ods, opened, xls, xlsx

SNIPPETS = [b";", b"|", b",", b"\t", b'"', b'""', b"'", b"\\", b"\n", b"\r\n", b"\r", b"\x00", b"\xc3", b"\xc3\xa0"]
SNIPPETS += [b"\xe0", b"\x81", b"\xef\xbb\xbf", b"\xff\xfe", b"ROSSI", b"0012", b"12/09/2019", b"1,50", b"\x1a", b" "]
EVERY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def check_lines(source: Source, content: bytes) -> None:
    """As many rows as physical lines by every layout, numbered in order, and nothing in them that cannot be stored."""
    proposed = sniff(source)
    others = (
        Layout(form="delimited", separator=",", escape="backslash", header=("a", "b")),
        Layout(form="delimited", separator=";", quote="'", escape="none"),
        Layout(form="fixed", width=20),
    )
    lines = [text for _, text in source.lines()]
    for layout in (proposed, *others):
        rows = list(source.rows(layout, ((1, 4), (5, 16))))
        assert [row.number for row in rows] == list(range(1, len(lines) + 1))
        assert not any("\x00" in row.raw or any("\x00" in cell for cell in row.cells) for row in rows)
    if not source.encoding.startswith("utf-16"):
        assert len(lines) == physical_lines(content)


@given(content=st.binary(min_size=1, max_size=400) | st.lists(st.sampled_from(SNIPPETS), max_size=80).map(b"".join))
@EVERY
def test_any_bytes_are_read_line_for_line_or_refused(tmp_path: Path, content: bytes) -> None:
    source = opened(tmp_path, content)
    if isinstance(source, str):
        assert source
    else:
        check_lines(source, content)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_damaged_export_is_read_line_for_line_or_refused(tmp_path: Path, name: str) -> None:
    content = b"".join(export(name).splitlines(keepends=True)[:120])
    for mutation in mutations_of(content, 170):
        source = opened(tmp_path, mutation.content)
        if isinstance(source, str):
            assert source, mutation.name
        elif source.form == "text":
            check_lines(source, mutation.content)
        else:
            assert list(source.rows(sniff(source))), mutation.name


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_a_spreadsheet_with_other_bytes_is_read_or_refused(tmp_path: Path, write: Callable[..., bytes]) -> None:
    whole = write([["a", "b"]] * 9)
    for place in range(0, len(whole), len(whole) // 12):
        source = opened(tmp_path, whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert source
        if not isinstance(source, str):
            assert list(source.rows(sniff(source)))
