"""A fee table in a file of its own, or within the service file of a pack: what can be checked without a Comune."""

from pathlib import Path
from typing import Literal

from services_catalog.fee_table import FeeTable, Rule
from services_catalog.naming_conditions import check_declared
from services_catalog.reading import from_toml
from services_catalog.schema import Archetype, Condition, EditionContent, PackService


class FeeFile(Rule, frozen=True, kw_only=True):
    """The fee table of an act: what it is, where its figures were read, the conditions it names, the table."""

    format: Literal["fees/1"]
    title: str
    source: str = ""
    school_year: str = ""
    act: str = ""
    conditions: tuple[Condition, ...] = ()
    fees: FeeTable

    def __post_init__(self) -> None:
        check_declared(self, self.fees.conditions(), [condition.code for condition in self.conditions])


def read_fee_file(path: Path) -> tuple[FeeFile, EditionContent | None]:
    """The fee table of a file, and the whole edition when the file is of a pack. Raises SchemaError or OSError."""
    text = path.read_text(encoding="utf-8")
    if 'format = "fees/' in text:
        return from_toml(text, FeeFile), None
    pack = from_toml(text, PackService)
    head = pack.edition
    file = FeeFile(
        format="fees/1",
        title=pack.service.name.it,
        source=head.act_url,
        school_year=head.school_year,
        act=head.act_number,
        conditions=pack.content.conditions,
        fees=pack.content.fees,
    )
    return file, pack.content


def archetype_in(path: Path) -> Archetype | None:
    """The kind of service that the service file of a pack speaks of; None for a fee table alone."""
    text = path.read_text(encoding="utf-8")
    return None if 'format = "fees/' in text else from_toml(text, PackService).service.archetype
