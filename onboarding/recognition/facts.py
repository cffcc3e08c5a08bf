"""What recognition may know beside the file: the day, the Comune if somebody said it, the schools of the 41 Comuni."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType

from tenants.municipal_packs import municipal_packs


@dataclass(frozen=True, slots=True)
class School:
    """A teaching site: where it is, what it is called, its level."""

    municipality: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Facts:
    """`municipality` is the hint (a Belfiore code), empty when nobody said; `towns` Belfiore code -> name."""

    today: date
    municipality: str = ""
    schools: Dict[str, School] = field(default_factory=dict)
    towns: Dict[str, str] = field(default_factory=dict)


def facts_of_packs(*, today: date, municipality: str = "") -> Facts:
    """The facts that the packs of the 41 Comuni hold: no database is asked."""
    schools, towns = _read_packs()
    return Facts(today=today, municipality=municipality, schools=schools, towns=towns)


@cache
def _read_packs() -> tuple[Dict[str, School], Dict[str, str]]:
    schools: dict[str, School] = {}
    towns: dict[str, str] = {}
    for pack in municipal_packs():
        code = pack.facts.belfiore_code
        towns[code] = pack.facts.name
        for school in pack.schools():
            if school.level:
                schools[school.school_code] = School(municipality=code, name=school.name, level=school.level)
    return MappingProxyType(schools), MappingProxyType(towns)
