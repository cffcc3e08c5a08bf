"""The pack of a Comune: the folder of reviewable data with which it starts, one for each of the 41.

``tenants/packs/<istat>-<slug>/`` holds ``comune.toml`` (who the Comune is), ``scuole.csv`` (its schools) and, for each
school year, a folder with what it decided; that folder is read by ``services_catalog.packs``.
"""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

PACKS = Path(__file__).parent / "packs"


class PackNotFound(LookupError):
    """No pack of that Comune is in the folder."""


class Patron(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The patron saint and the recurrence rule of the days; ``confidence`` says how sure the source is."""

    name: str = ""
    rule: str = ""
    confidence: str = "unverified"
    source: str = ""


class Contacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the footer of the desk shows until the Comune changes it."""

    email: str = ""
    phone: str = ""
    address: str = ""


class Branding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The institutional colour of the desk."""

    colour: str = "#0066cc"


class MunicipalFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``comune.toml``. Population and coordinates are of GeoNames (CC BY 4.0)."""

    name: str
    istat_code: str
    belfiore_code: str
    ipa_code: str
    schema_name: str
    slug: str
    population: int
    latitude: float
    longitude: float
    patron: Patron = Patron()
    contacts: Contacts = Contacts()
    branding: Branding = Branding()


class SchoolFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of ``scuole.csv``: a teaching site, or an institute (without a level)."""

    school_code: str
    name: str
    level: str
    kind: str
    ownership: str
    address: str
    year: str


@dataclass(frozen=True, slots=True)
class MunicipalPack:
    """A folder and the facts of its Comune."""

    folder: Path
    facts: MunicipalFacts

    def schools(self) -> list[SchoolFacts]:
        """The schools of the Comune."""
        with (self.folder / "scuole.csv").open(encoding="utf-8", newline="") as lines:
            return [msgspec.convert(row, SchoolFacts) for row in csv.DictReader(lines)]


def municipal_packs(root: Path = PACKS) -> list[MunicipalPack]:
    """Every pack, in the order of the ISTAT codes."""
    return [_read(path) for path in sorted(root.glob("*/comune.toml"))]


def pack_of(belfiore_code: str, root: Path = PACKS) -> MunicipalPack:
    """The pack of a Comune; raises PackNotFound."""
    for pack in municipal_packs(root):
        if pack.facts.belfiore_code == belfiore_code:
            return pack
    raise PackNotFound(belfiore_code)


def _read(path: Path) -> MunicipalPack:
    facts = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), MunicipalFacts)
    return MunicipalPack(folder=path.parent, facts=facts)
