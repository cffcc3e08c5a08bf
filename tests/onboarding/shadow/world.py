"""A Comune in its shadow month: October 2026, three families, and an export that says the same."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from onboarding.models import ExportKind, LoadState, MappingState, RosterLoad, SourceMapping, StagedRow
from onboarding.shadow.comparing import compare_month
from onboarding.shadow.models import ShadowFamily, ShadowRun
from services_catalog.models import Edition
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.schools.models import Section
from tests.factories import adult, child, pupil, section
from tests.factories.meals import canteen_edition, meals, place, price
from tests.factories.progress import Silent

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=ROME)
OCTOBER = date(2026, 10, 1)
EXPORTED = date(2026, 10, 31)
DAYS = [date(2026, 10, day) for day in (5, 6, 7, 8, 9)]


@dataclass(slots=True)
class October:
    """Three children of two payers; each ate five times at 1,90 and brought 40,00 over."""

    edition: Edition
    room: Section
    children: list[Child]
    records: list[dict[str, Any]]


def october() -> October:
    """Both sides equal: the meals of the month are not charged yet on either."""
    edition, room = canteen_edition(), section()
    one, other = adult(family_name="Amoruso"), adult(family_name="Zonno")
    children = [child(one), child(one), child(other)]
    for each in children:
        pupil(each, room)
        place(each, edition)
        price(each, edition, 190)
        post(each, 4000, EntryKind.OPENING_BALANCE, date(2026, 9, 1), "opening")
    meals(room, dict.fromkeys(children, DAYS))
    return October(edition, room, children, [record_of(each) for each in children])


def record_of(minor: Child, **changes: Any) -> dict[str, Any]:
    """What the old programme says of a child: five meals, 40,00."""
    return {
        "child_fiscal_code": minor.fiscal_code,
        "child_surname": minor.family_name,
        "child_given_name": minor.given_name,
        "meals": {"SET": 0, "OTT": 5, "NOV": 0},
        "balance": "40.00",
        **changes,
    }


def post(minor: Child, cents: int, kind: EntryKind, day: date, key: str, service: str = "mensa") -> None:
    """An entry of the ledger, written on its day."""
    line = EntryLine(
        child_id=minor.pk,
        service_code=service,
        kind=kind,
        amount=Money(cents),
        competence_on=day,
        description="-",
        key=f"{key}:{minor.pk}",
        reference="R" if kind == EntryKind.PAYMENT else "",
    )
    post_entries(lines=[line], now=datetime(day.year, day.month, day.day, 9, tzinfo=ROME), actor=None)


def load_of(records: list[dict[str, Any]], kind: str = ExportKind.ROSTER, **fields: Any) -> RosterLoad:
    """A load that was read and judged, with those records."""
    mapping = SourceMapping.objects.create(
        source_name="vecchio",
        kind=kind,
        fingerprint="x",
        toml="",
        version=SourceMapping.objects.count() + 1,
        state=MappingState.CONFIRMED,
        written_at=NOW,
        confirmed_at=NOW,
    )
    values = {
        "file_name": "ottobre.csv",
        "sha256": "0" * 64,
        "size": 1,
        "school_year": 2026,
        "uploaded_at": NOW,
        "mapping": mapping,
        "state": LoadState.CHECKED,
    }
    load = RosterLoad.objects.create(**(values | fields))
    StagedRow.objects.bulk_create(
        StagedRow(load=load, line=number, raw="-", verdict="good", record=record)
        for number, record in enumerate(records, start=2)
    )
    return load


def compared(load: RosterLoad, *, tolerance: int = 0, exported_on: date = EXPORTED, at: datetime = NOW) -> ShadowRun:
    """The comparison of October, done."""
    service = "mensa" if load.kind == ExportKind.ROSTER else "trasporto"
    run = ShadowRun.objects.create(
        load=load,
        month=OCTOBER,
        exported_on=exported_on,
        tolerance_cents=tolerance,
        service_code=service,
        asked_at=at + timedelta(seconds=ShadowRun.objects.count()),
    )
    return compare_month(run=run, now=at, progress=Silent())


def reasons(run: ShadowRun) -> list[tuple[str, str, str, int]]:
    """Every difference: child, kind, reason, amount."""
    families = ShadowFamily.objects.filter(run=run).order_by("name", "pk")
    return [
        (one["code"], told["kind"], told["reason"], told["amount"])
        for family in families
        for one in family.children
        for told in one["differences"]
    ]
