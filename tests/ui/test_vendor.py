"""The vendored front end is what `make vendor` wrote, and asks nothing of other hosts."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
VENDORED = STATIC / "vendor" / "bootstrap-italia"
CSS = (VENDORED / "css" / "bootstrap-italia.css").read_text()
FONT_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")


@pytest.mark.parametrize("package", ["bootstrap-italia", "identity"])
def test_each_file_has_its_checksum(package: str) -> None:
    folder = STATIC / "vendor" / package
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    written = {name: checksum for checksum, name in (line.split("  ") for line in lines)}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == written


def test_the_css_asks_nothing_of_other_hosts() -> None:
    sheets = [path.read_text() for path in STATIC.rglob("*.css")]
    assert [match for sheet in sheets for match in re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*", sheet)] == []
    assert not any("@import" in sheet for sheet in sheets)


def test_fonts_are_our_own_files_shown_with_swap() -> None:
    faces = FONT_FACE.findall(CSS)
    files = [url for face in faces for url in re.findall(r'url\("([^"]+)"\)', face)]
    families = {name for face in faces for name in re.findall(r'font-family:"([^"]+)"', face)}
    assert families == {"Titillium Web", "Lora", "Roboto Mono"}
    assert all("font-display:swap" in face for face in faces)
    assert all((VENDORED / "css" / url).is_file() for url in files)
    assert "data:font" not in CSS
    assert "data:application/font" not in CSS


def test_the_static_files_storage_can_read_it() -> None:
    assert not CSS.startswith("\ufeff")
    assert "sourceMappingURL" not in CSS


def test_the_validator_finds_the_version() -> None:
    version = (VENDORED / "VERSION").read_text().strip()
    assert f'--bootstrap-italia-version: "{version}"' in CSS


def test_the_licences_go_with_it() -> None:
    assert (VENDORED / "LICENSE").is_file()
    assert len(list((VENDORED / "fonts").glob("*.txt"))) == 3


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (STATIC.parent / ".make" / "vendor" / "package-lock.json").read_text()


def test_the_mark_of_spid_is_the_official_file() -> None:
    """The same bytes that AgID's team publishes in its own smart button."""
    mark = (STATIC / "vendor" / "identity" / "spid.svg").read_bytes()
    assert hashlib.sha256(mark).hexdigest() == "fb338e131d024f3393d09bc720d01746e52dbc3671e58f08d20b761e3f9a452b"
