"""Editions of the canteen: rules as small as a test needs, put in force by an invented act."""

from datetime import date, datetime
from typing import Any

from services_catalog.models import Edition, Service
from services_catalog.packs import load_pack
from services_catalog.publication import Act, draft_edition, put_in_force, register_service
from services_catalog.reading import from_builtins
from services_catalog.schema import EditionContent
from sportello.kernel.clock import ROME
from tenants.municipal_packs import municipal_packs
from tests.factories.numbering import YEAR, next_number

NOW = datetime(2026, 8, 1, 9, 0, tzinfo=ROME)
LEVELS = ("infanzia", "primaria")
SHEET = {
    "title": "Mensa",
    "description": "Il pasto a scuola.",
    "audience": "Famiglie",
    "how_to": "Online",
    "needed": ["SPID"],
    "outcome": "Iscrizione",
    "timing": "Trenta giorni",
    "conditions": "Anno scolastico",
}
BANDS = {
    "kind": "flat_bands",
    "bands": [
        {"isee_to": "6000.00", "amount": "0.00"},
        {"isee_from": "6000.01", "isee_to": "12500.00", "amount": "1.90"},
        {"isee_from": "12500.01", "amount": "3.00"},
    ],
}


def edition_content(*, fees: dict[str, Any] | None = None, **parts: Any) -> EditionContent:
    """Three bands a meal, for preschool and primary school, on weekdays from 28 September 2026 to 4 June 2027."""
    content: dict[str, Any] = {
        "format": "edition/1",
        "audience": {"levels": list(LEVELS)},
        "windows": [
            {"code": "first", "label": {"it": "Iscrizioni"}, "opens": "2026-06-01", "closes": "2026-12-31"},
        ],
        "conditions": [{"code": "social_services", "label": {"it": "servizi sociali", "en": "social services"}}],
        "fees": {"unit": {"kind": "meal"}, "base": BANDS, **(fees or {})},
        "calendar": {
            "spans": [{"level": level, "first_day": "2026-09-28", "last_day": "2027-06-04"} for level in LEVELS]
        },
        "procedure": {"office": "Pubblica istruzione"},
        "sheet": {"it": SHEET},
    }
    return from_builtins({**content, **parts}, EditionContent)


def canteen() -> Service:
    """The service of the tests."""
    return register_service(code="mensa", name="Mensa scolastica", archetype="meals")


def act() -> Act:
    """An act nobody else has."""
    return Act(number=f"{next_number()}/2026", decided_on=date(2026, 4, 30), approved_by="Giunta")


def draft(service: Service | None = None, *, content: EditionContent | None = None, **fields: Any) -> Edition:
    """A draft of the canteen for 2026/27."""
    values: dict[str, Any] = {"school_year": YEAR, "actor": None, "now": NOW, **fields}
    return draft_edition(service=service or canteen(), content=content or edition_content(), **values)


def edition(
    service: Service | None = None, *, content: EditionContent | None = None, valid_from: date | None = None
) -> Edition:
    """An edition of the canteen in force for 2026/27, or from a day on."""
    drafted = draft(service, content=content, valid_from=valid_from)
    return put_in_force(edition=drafted, act=act(), actor=None, now=NOW)


def edition_from_pack(slug: str) -> Edition:
    """The canteen of 2026/27 as the pack of that Comune says, in force in the current schema."""
    pack = next(one for one in municipal_packs() if one.facts.slug == slug)
    load_pack(pack=pack, in_force=True, actor=None, now=NOW)
    return Edition.objects.get(service__code="mensa", school_year=YEAR.start_year, status="in_force")
