"""A canteen in force: service, edition, places, prices and presences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from services_catalog.fee_table import Band, FeeTable, FlatBands, PerBlock, PerMeal, Unit
from services_catalog.models import Archetype, Edition
from services_catalog.publication import Act, draft_edition, put_in_force, register_service
from services_catalog.schema import Audience, EditionContent, LevelSpan, Procedure, ServiceCalendar, Sheet, Sheets
from sportello.canteen.models import Presence, RollCall
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.families.models import Child
from sportello.fees.deciding import facts_to_json
from sportello.fees.models import DecisionStatus, PriceDecision, PriceUnit
from sportello.fees.rules import Facts
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import Section
from tests.factories.numbering import YEAR, school_year_period
from tests.factories.people import Period

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
BANDS = (
    Band(isee_to=Money(600_000), amount=Money(0)),
    Band(isee_from=Money(600_001), isee_to=Money(1_250_000), amount=Money(190)),
    Band(isee_from=Money(1_250_001), amount=Money(300)),
)


def canteen_content(unit: Unit | None = None, **calendar: Any) -> EditionContent:
    """Rules of a canteen from Monday to Friday, 15 September to 15 June, three ISEE bands."""
    span = LevelSpan(level="primaria", first_day=date(2026, 9, 15), last_day=date(2027, 6, 15))
    sheet = Sheet(
        title="Mensa", description="-", audience="-", how_to="-", needed=("-",), outcome="-", timing="-", conditions="-"
    )
    return EditionContent(
        format="edition/1",
        audience=Audience(levels=("primaria",)),
        fees=FeeTable(unit=unit or PerMeal(), base=FlatBands(bands=BANDS)),
        calendar=ServiceCalendar(**{"spans": (span,), **calendar}),
        procedure=Procedure(office="Ufficio scuola"),
        sheet=Sheets(it=sheet),
    )


def canteen_edition(content: EditionContent | None = None, *, year: SchoolYear = YEAR, code: str = "mensa") -> Edition:
    """The canteen of a school year, in force."""
    service = register_service(code=code, name="Mensa scolastica", archetype=Archetype.MEALS)
    draft = draft_edition(service=service, school_year=year, content=content or canteen_content(), actor=None, now=NOW)
    act = Act(number="123/2026", decided_on=date(2026, 6, 30))
    return put_in_force(edition=draft, act=act, actor=None, now=NOW)


def block_edition() -> Edition:
    """A canteen that sells blocks of 21 meals."""
    return canteen_edition(canteen_content(PerBlock(meals=21)))


def place(minor: Child, edition: Edition, *, valid_during: Period | None = None) -> Subscription:
    """The child has a place at the canteen, for the school year unless said."""
    return Subscription.objects.create(
        child=minor,
        service=edition.service,
        edition=edition,
        origin=SubscriptionOrigin.ROSTER,
        valid_during=valid_during or school_year_period(),
    )


def price(minor: Child, edition: Edition, cents: int, *, valid_during: Period | None = None) -> PriceDecision:
    """The price of a unit for the child, for the school year unless said, as it was sent."""
    unit = edition.rules.fees.unit
    block = unit.meals if isinstance(unit, PerBlock) else None
    return PriceDecision.objects.create(
        child=minor,
        service=edition.service,
        edition=edition,
        valid_during=valid_during or school_year_period(),
        unit_price_cents=cents,
        unit=PriceUnit.BLOCK if block else PriceUnit.MEAL,
        block_meals=block,
        inputs=facts_to_json(Facts(level="primaria")),
        steps=[
            {"code": "single_price", "place": "fees.base", "before_cents": None, "after_cents": cents, "params": {}}
        ],
        decided_at=NOW,
        status=DecisionStatus.SENT,
        version=PriceDecision.objects.filter(child=minor, service=edition.service).count() + 1,
        sent_at=NOW,
    )


def meals(section: Section, eaten: Mapping[Child, Sequence[date]], *, absent: Iterable[date] = ()) -> None:
    """Presences as the roll calls of those days would have left them."""
    for day in sorted({*absent, *(day for days in eaten.values() for day in days)}):
        call, _new = RollCall.objects.get_or_create(section=section, day=day, defaults={"called_at": NOW})
        Presence.objects.bulk_create(
            Presence(child=minor, roll_call=call, day=day, ate=day in days) for minor, days in eaten.items()
        )
