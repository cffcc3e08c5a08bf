"""What the rules may know of a Comune, read from its pack: no database is needed to try a file."""

from collections.abc import Iterable, Mapping
from datetime import date

from onboarding.judging.types import Known
from onboarding.judging.words.schools import names_of
from tenants.municipal_packs import pack_of


def known_of(belfiore_code: str, *, today: date) -> Known:
    """From the pack of the Comune; raises PackNotFound."""
    schools = ((school.school_code, school.name, school.level) for school in pack_of(belfiore_code).schools())
    return known_with(schools, municipality=belfiore_code, today=today)


def known_with(
    schools: Iterable[tuple[str, str, str]],
    *,
    municipality: str,
    today: date,
    decided: Mapping[tuple[str, str, str], str] | None = None,
) -> Known:
    """From (code, name, level) of schools. An institute without a level is no place where a child sits."""
    sites = [school for school in schools if school[2]]
    return Known(
        today=today,
        municipality=municipality,
        schools={code: level for code, _name, level in sites},
        school_names=names_of((code, name) for code, name, _level in sites),
        decided=decided or {},
    )
