"""Draw ``comune.toml`` and ``scuole.csv`` of every Comune from two tables of facts.

    python tenants/packs/draw.py comuni_bari.csv schools_bari.csv

It was run once and is kept for the next edition of the tables; what a Comune corrected by hand is overwritten, so
read the difference before keeping it. Postal codes are left out: their source has no clear licence.
"""

import csv
import sys
from pathlib import Path

import tomli_w

SCHOOL_COLUMNS = ("school_code", "name", "level", "kind", "ownership", "address", "year")
LEVELS = {"infanzia", "primaria", "secondaria_1", "secondaria_2"}


def facts(row: dict[str, str]) -> dict[str, object]:
    """The content of ``comune.toml``."""
    return {
        "name": row["name"],
        "istat_code": row["istat_code"],
        "belfiore_code": row["belfiore"],
        "ipa_code": row["ipa_code"],
        "schema_name": row["schema_name"],
        "slug": row["slug"],
        "population": int(row["population_geonames"]),
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
        "patron": {
            "name": row["patron"],
            "rule": row["patron_rule"],
            "confidence": row["patron_confidence"],
            "source": ""
            if row["patron_confidence"] == "unverified"
            else row["patron_source"].split(" TRAP")[0].replace(" (stored copy)", ""),
        },
        "contacts": {"email": "", "phone": "", "address": ""},
        "branding": {"colour": "#0066cc"},
    }


def school(row: dict[str, str]) -> dict[str, str]:
    """A row of ``scuole.csv``."""
    return {
        "school_code": row["school_code"],
        "name": row["name"],
        "level": row["level"] if row["level"] in LEVELS else "",
        "kind": row["mim_type"],
        "ownership": row["ownership"],
        "address": row["address"],
        "year": row["school_year"],
    }


def rows(path: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def draw(municipalities: str, schools: str) -> None:
    """Write the two files of each Comune."""
    all_schools = rows(schools)
    for row in rows(municipalities):
        folder = Path(__file__).parent / f"{row['istat_code']}-{row['slug']}"
        folder.mkdir(exist_ok=True)
        (folder / "comune.toml").write_text(tomli_w.dumps(facts(row)), encoding="utf-8")
        own = [school(each) for each in all_schools if each["belfiore"] == row["belfiore"]]
        with (folder / "scuole.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, SCHOOL_COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(sorted(own, key=lambda each: each["school_code"]))


if __name__ == "__main__":
    draw(*sys.argv[1:3])
