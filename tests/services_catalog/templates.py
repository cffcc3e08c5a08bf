"""Versions of a metropolitan template as a test needs them, without a file."""

from typing import Any

from services_catalog.lineage import follow
from services_catalog.metropolitan import MetropolitanTemplate, TemplateFile, latest_templates
from services_catalog.models import TemplateLineage
from services_catalog.publication import fingerprint_of
from services_catalog.reading import from_builtins, to_builtins
from tests.factories.editions import NOW, canteen, edition, edition_content


def version(number: int = 2, **parts: Any) -> MetropolitanTemplate:
    """The canteen's template with some parts rewritten."""
    first = latest_templates()["mensa"].file
    plain = to_builtins(first)
    file = from_builtins(
        {
            **plain,
            "version": number,
            "changed": {"it": "Risposta in 20 giorni."},
            "content": {**plain["content"], **parts},
        },
        TemplateFile,
    )
    return MetropolitanTemplate(file, fingerprint_of(file.content))


FASTER = {"procedure": {"office": "Ufficio servizi scolastici", "answer_days": 20}}


def followed() -> TemplateLineage:
    """A canteen in force with its own amounts, which started from the first version."""
    edition(content=edition_content(procedure={"office": "Ufficio servizi scolastici"}))
    return follow(service=canteen(), template=latest_templates()["mensa"], now=NOW)
