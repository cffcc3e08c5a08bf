"""The papers are true: publiccode.yml is whole, features.csv names tests that exist, links lead somewhere."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PUBLICCODE = yaml.safe_load((ROOT / "publiccode.yml").read_text())
STATES = {"full", "partial", "no"}


@pytest.mark.parametrize(
    "key",
    ["publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal",
     "maintenance", "localisation"],
)  # fmt: skip
def test_publiccode_has_its_mandatory_keys(key: str) -> None:
    assert PUBLICCODE[key]


def test_publiccode_speaks_both_languages() -> None:
    for language in PUBLICCODE["localisation"]["availableLanguages"]:
        text = PUBLICCODE["description"][language]
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]


def test_publiccode_says_the_version_and_licence_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    assert f'version = "{PUBLICCODE["softwareVersion"]}"' in project
    assert f'license = "{PUBLICCODE["legal"]["license"]}"' in project
    assert "it" not in PUBLICCODE, "The Italian section is deprecated since 0.7: use `supports`."


def features() -> list[dict[str, str]]:
    with (ROOT / "docs" / "features.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_features_have_a_known_state_and_full_ones_a_test_that_exists() -> None:
    rows = features()
    assert len({row["id"] for row in rows}) == len(rows) > 100
    for row in rows:
        assert row["state"] in STATES, row
        if row["state"] != "no":
            assert row["test"], row
        for test in filter(None, row["test"].split(" ")):
            path, _, name = test.partition("::")
            assert (ROOT / path).exists(), row
            assert not name or f"def {name}(" in (ROOT / path).read_text(), row


def test_features_are_numbered_without_holes() -> None:
    """A feature that is not there is said to be not there: its row never goes."""
    groups: dict[str, list[int]] = {}
    for row in features():
        groups.setdefault(row["id"][0], []).append(int(row["id"][1:]))
    assert list(groups) == list("ABCDEFGHIJKLMNOPQR")
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in groups.values())
    assert sum(map(len, groups.values())) == 195


LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
