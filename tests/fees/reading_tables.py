"""The fee tables of `tables/`: figures of public acts in the language of the house, each with its cases."""

from functools import cache
from pathlib import Path

from services_catalog.fee_file import FeeFile, read_fee_file
from services_catalog.reading import from_toml
from sportello.fees.cases import PackCases

TABLES = Path(__file__).parent / "tables"


def names() -> list[str]:
    """Every table, by the name of its file."""
    return sorted(path.stem for path in TABLES.glob("*.toml") if not path.name.endswith(".cases.toml"))


@cache
def table_of(name: str) -> FeeFile:
    """A table."""
    return read_fee_file(TABLES / f"{name}.toml")[0]


@cache
def cases_of(name: str) -> PackCases:
    """The cases beside it."""
    return from_toml((TABLES / f"{name}.cases.toml").read_text(encoding="utf-8"), PackCases)
