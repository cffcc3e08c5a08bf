"""A package opened and judged before anything is believed: whole, unaltered, of this version."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from onboarding.leaving.describing import FORMAT
from onboarding.leaving.errors import NotAPackage, OtherMigrations, PackageAltered
from onboarding.leaving.packaging import DESCRIPTOR, SUMS
from onboarding.leaving.tabling import PIECE
from sportello.kernel.formulas import unescaped
from tenants.fingerprint import fingerprint_of_code

LONGEST_CELL: Final = 1 << 30
MOST_SUMS: Final = 512 * 1024 * 1024
FILES: Final = "files/"


@dataclass(frozen=True, slots=True)
class Package:
    """An open package. `digests`: the SHA-256 of each member."""

    archive: zipfile.ZipFile
    descriptor: dict[str, Any]
    digests: dict[str, str]

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The resources that are tables, by the name of the table."""
        return {
            PurePosixPath(one["path"]).stem: one
            for one in self.descriptor["resources"]
            if one["path"].startswith("data/")
        }

    @property
    def files(self) -> list[str]:
        """The members below `files/`."""
        return [name for name in self.digests if name.startswith(FILES)]

    def rows(self, table: str) -> Iterator[list[str | None]]:
        """The rows of a table, with the apostrophes undone where they were put."""
        resource = self.tables[table]
        numbers = {"integer", "number", "boolean"}
        plain = [field["type"] in numbers for field in resource["schema"]["fields"]]
        csv.field_size_limit(LONGEST_CELL)
        with self.archive.open(resource["path"]) as member:
            lines = csv.reader(io.TextIOWrapper(member, encoding="utf-8", newline=""), strict=True)
            next(lines)
            for row in lines:
                yield [
                    unescaped(cell) if not is_plain or cell == "\\N" else cell
                    for cell, is_plain in zip(row, plain, strict=True)
                ]


def open_package(path: Path) -> Package:
    """Opens the package and checks every member. Raises NotAPackage, PackageAltered, OtherMigrations."""
    try:
        archive = zipfile.ZipFile(path)
        descriptor = json.loads(_read(archive, DESCRIPTOR))
        digests = _digests(_read(archive, SUMS).decode())
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, OSError) as error:
        raise NotAPackage(type(error).__name__) from error
    if not isinstance(descriptor, dict) or descriptor.get("format") != FORMAT:
        raise NotAPackage("format")
    _check(archive, digests)
    if descriptor["migrations"] != fingerprint_of_code():
        raise OtherMigrations
    return Package(archive, descriptor, digests)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.file_size > MOST_SUMS:
        raise NotAPackage(f"{name}: {entry.file_size} byte")
    return archive.read(entry)


def _digests(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        digest, _gap, name = line.partition("  ")
        found[name] = digest
    return found


def _check(archive: zipfile.ZipFile, digests: dict[str, str]) -> None:
    names = archive.namelist()
    if sorted(names) != sorted([*digests, SUMS]):
        raise PackageAltered(SUMS)
    for name, digest in digests.items():
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\\" in name or not parts:
            raise PackageAltered(name)
        if _digest_of(archive, name) != digest:
            raise PackageAltered(name)


def _digest_of(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while content := member.read(PIECE):
                digest.update(content)
    except zipfile.BadZipFile:  # its own checksum says so already
        return ""
    return digest.hexdigest()
