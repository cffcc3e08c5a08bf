"""Files of enrolment rules with their cases: the parts of an edition that speak of enrolment, and who is refused."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services_catalog.schema import EditionContent
from sportello.applications.admissibility.facts import Applicant
from sportello.kernel.school_year import SchoolYear
from tests.factories.editions import edition_content

FILES = sorted((Path(__file__).parent / "admission_rules").glob("*.toml"))
PARTS = ("windows", "questions", "conditions", "admission")


@dataclass(frozen=True, slots=True)
class AdmissionCase:
    """A case of a file: the facts of a child on a day, and what the rules should say."""

    name: str
    content: EditionContent
    year: SchoolYear
    day: date
    applicant: Applicant
    expect: dict[str, Any]


def content_of(path: Path) -> EditionContent:
    """The edition that a file speaks of, with the calendar and the fees of the tests around it."""
    return _content(tomllib.loads(path.read_text(encoding="utf-8")))


def cases_of(path: Path) -> list[AdmissionCase]:
    """The cases of a file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    content, year = _content(data), SchoolYear.parse(data["school_year"])
    return [
        AdmissionCase(
            name=f"{path.stem}: {case['name']}",
            content=content,
            year=year,
            day=case["day"],
            applicant=Applicant(**{"level": data["levels"][0], **case["facts"]}),
            expect=case["expect"],
        )
        for case in data["cases"]
    ]


def _content(data: dict[str, Any]) -> EditionContent:
    first = date(int(data["school_year"][:4]), 9, 15)
    spans = [
        {"level": level, "first_day": first.isoformat(), "last_day": first.replace(year=first.year + 1).isoformat()}
        for level in data["levels"]
    ]
    audience = {"levels": data["levels"], "residents": data.get("residents", "everyone")}
    parts = {name: data[name] for name in PARTS if name in data}
    return edition_content(audience=audience, calendar={"spans": spans}, **parts)
