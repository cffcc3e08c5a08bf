"""The vendored front end is what `make vendor` wrote, and asks nothing of other hosts."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
VENDORED = STATIC / "vendor" / "bootstrap-italia"
CSS = (VENDORED / "css" / "bootstrap-italia.css").read_text()
FONT_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")


def test_each_file_has_its_checksum() -> None:
    lines = (VENDORED / "SHA256SUMS").read_text().splitlines()
    written = {name: checksum for checksum, name in (line.split("  ") for line in lines)}
    found = {
        str(path.relative_to(VENDORED)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
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
