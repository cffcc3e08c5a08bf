"""The files of a Comune on disk: what leaves with it, and what is missing."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import models

PACKAGES: Final = "esportazioni"
"""The folder of the packages themselves: a package does not hold the ones before it."""


def folder_of(schema: str) -> Path:
    """The private folder of a Comune."""
    return Path(settings.MEDIA_ROOT) / schema


def kept_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file but the packages, with its name relative to the folder, in one order."""
    for where, names, files in os.walk(folder):
        if Path(where) == folder and PACKAGES in names:
            names.remove(PACKAGES)
        names.sort()
        for name in sorted(files):
            path = Path(where) / name
            yield path.relative_to(folder).as_posix(), path


def missing_files(snapshot: Any, folder: Path) -> Iterator[str]:  # a connection of psycopg
    """The files that rows name and the disk has not: said, so that nobody looks for them in vain."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField) and model._meta.app_label not in {"tenants", "leaving"}:
                table, column = model._meta.db_table, field.column
                named = snapshot.execute(f"""SELECT "{column}" FROM "{table}" WHERE "{column}" <> '' ORDER BY 1""")  # noqa: S608 names come from the models
                yield from (name for (name,) in named if not (folder / name).is_file())
