"""Files that mean harm or nothing: a mapping in bounded time all the same."""

import random
from pathlib import Path
from time import perf_counter

import pytest

from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.world import facts

DICE = random.Random(3)  # noqa: S311 -- test data
FILES = {
    "one line": b"ciao",
    "names alone": b"COGNOME;NOME;CF;SALDO\n",
    "one column": b"CF\n" + b"RSSMRA80A01F205X\n" * 40,
    "five thousand columns": b"\n".join(b";".join(b"%d" % DICE.randrange(9) for _ in range(5000)) for _ in range(30)),
    "fifty counts": b"\n".join(b";".join(b"%d" % DICE.randrange(30) for _ in range(50)) for _ in range(200)),
    "a long cell": b"COGNOME;NOTE;SALDO\n" + b"\n".join(b"ROSSI;" + b"x" * 200_000 + b";1,00" for _ in range(20)),
    "lines of equal length": b"\n".join(bytes(DICE.randrange(97, 123) for _ in range(9000)) for _ in range(30)),
    "zeros": b"\n".join(b"0" * 120 for _ in range(100)),
    "formulas": b"COGNOME;SALDO\n" + b"=cmd|' /C calc'!A0;=1+1\n" * 30,
    "only separators": b";;;;;\n" * 50 + b"a;b;c;d;e;f\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_mapping_in_bounded_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(FILES[name])
    begun = perf_counter()
    mapping = propose(open_source(path), facts())
    assert perf_counter() - begun < 20
    assert all(column.confidence < 0.9 for column in mapping.columns if column.field and name != "one column")


def test_the_same_file_gives_the_same_mapping(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(FILES["fifty counts"])
    assert propose(open_source(path), facts()) == propose(open_source(path), facts())
