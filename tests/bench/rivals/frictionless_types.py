"""The types of a roster checked by frictionless, and nothing else: how many cells are not what their column says."""

import sys
from pathlib import Path

from frictionless import Checklist, Dialect, Resource, Schema, formats, system

INTEGERS = {"MATRICOLA", "CAP", "CLASSE"}
AMOUNTS = {"ISEE", "SALDO"}


def field(name: str) -> dict[str, str]:
    """A column with its type."""
    if name in INTEGERS:
        return {"name": name, "type": "integer"}
    if name in AMOUNTS:
        return {"name": name, "type": "number", "decimalChar": ",", "groupChar": "."}
    if name == "DATA_NASCITA":
        return {"name": name, "type": "date", "format": "%d/%m/%Y"}
    return {"name": name, "type": "string"}


path = Path(sys.argv[1])
with path.open(encoding="cp1252") as file:
    heading = file.readline().strip().split(";")
with system.use_context(trusted=True):
    resource = Resource(
        path=str(path),
        encoding="cp1252",
        dialect=Dialect(controls=[formats.CsvControl(delimiter=";")]),
        schema=Schema.from_descriptor({"fields": [field(name) for name in heading]}),
    )
    report = resource.validate(Checklist(pick_errors=["type-error"]), limit_errors=1_000_000)
print(report.tasks[0].stats.get("rows"), report.stats.get("errors"))  # noqa: T201 a program of its own
