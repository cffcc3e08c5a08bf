"""Filling a twin: the rules of its Comune, invented families, their meals and applications."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _

from onboarding.population.applying import send_applications
from onboarding.population.meals import close_past_months, pay_what_is_due, serve_meals
from onboarding.population.settling import (
    demo_place,
    settle_child_to_enrol,
    settle_roster,
    settle_school_scope,
    settle_staff,
)
from onboarding.training.errors import NoRulesToPractise
from services_catalog.fee_table import Band, FlatBands
from services_catalog.metropolitan import latest_templates
from services_catalog.models import Archetype, Closure, Edition, EditionStatus
from services_catalog.publication import Act, draft_edition, put_in_force, register_service
from services_catalog.schema import EditionContent
from sportello.accounts.models import Role
from sportello.canteen.month import Month
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School
from sportello.schools.registering import SchoolRow, register_schools
from tenants.current import current_municipality, in_schema
from tenants.twins import real_of

FILL: Final = "training_fill"
CHILDREN: Final = 80
INVENTED_ACT: Final = "demo-ambiente-di-prova"
SCHOOL_FIELDS: Final = ("school_code", "name", "level", "kind", "ownership", "address")


class _Silent:
    """A job's progress as the steps inside another are told: not at all."""

    def advance(self, **_figures: object) -> None:
        """Says nothing."""


def run_fill(job: Job, progress: Progress) -> dict[str, Any]:
    """The job: it runs in the twin."""
    children = int(job.arguments.get("children", CHILDREN))
    return fill_twin(children=children, now=clock.now(), progress=progress)


def fill_twin(*, children: int, now: datetime, progress: Progress) -> dict[str, Any]:
    """Fills the empty twin in which it runs; the last month that is over is left open, to be closed by who practises.

    Every person in it is invented. Raises NoRulesToPractise.
    """
    progress.advance(done=0, total=4, message=_("Copio le regole del Comune"))
    _take_over_rules(now)
    place, edition = demo_place()
    if not place.schools:
        raise NoRulesToPractise
    progress.advance(done=1, message=_("Invento le famiglie"))
    accounts = settle_staff(place, now=now)
    clerk, teacher = accounts[Role.CLERK], accounts[Role.SCHOOL]
    families, load = settle_roster(place, children=children, clerk=clerk, now=now)
    settle_child_to_enrol(place, families)
    settle_school_scope(place, families, teacher=teacher)
    today = now.date()
    progress.advance(done=2, message=_("Scrivo le domande da decidere"))
    waiting = send_applications(place, today=today, now=now)
    progress.advance(done=3, message=_("Servo i pasti dei mesi passati"))
    meals = serve_meals(edition=edition, until=today, teacher=teacher.pk)
    last_open = Month.of(Month.of(today).first_day - timedelta(days=1)).first_day
    close_past_months(edition=edition, today=last_open, actor=clerk.pk, now=now, progress=_Silent())
    pay_what_is_due(edition=edition, today=today, actor=clerk.pk)
    progress.advance(done=4, message=_("L'ambiente di prova è pronto."))
    return {"children": load.committable_rows, "applications": waiting, "meals": meals}


def _take_over_rules(now: datetime) -> None:
    """The schools, closures and editions in force of the Comune; an invented canteen where it has none yet."""
    schools, closures, editions = _rules_of_the_comune()
    register_schools(rows=[SchoolRow(**row) for row in schools])
    sites = {school.school_code: school for school in School.objects.order_by("pk")}
    for closure, code in closures:
        Closure.objects.create(
            school=sites[code] if code else None,
            days=closure.days,
            kind=closure.kind,
            reason=closure.reason,
            recorded_at=now,
        )
    for edition in editions:
        _take_over(edition, now)
    if not any(edition.service.archetype == Archetype.MEALS for edition in editions):
        _invent_a_canteen(now)


def _rules_of_the_comune() -> tuple[list[dict[str, str]], list[tuple[Closure, str]], list[Edition]]:
    year = SchoolYear.of(clock.today()).start_year
    with in_schema(real_of(current_municipality()).schema_name):
        held = School.objects.filter(is_active=True).exclude(level="").order_by("school_code")
        # What concerns one class or one service stays behind: the classes of a twin are others.
        general = Closure.objects.filter(section=None, service=None).select_related("school").order_by("pk")
        in_force = Edition.objects.filter(status=EditionStatus.IN_FORCE, school_year__gte=year)
        return (
            list(held.values(*SCHOOL_FIELDS)),
            [(closure, closure.school.school_code if closure.school else "") for closure in general],
            list(in_force.select_related("service").order_by("service__code", "valid_during")),
        )


def _take_over(edition: Edition, now: datetime) -> None:
    service = edition.service
    kept = register_service(code=service.code, name=service.name, archetype=service.archetype)
    act = Act(edition.act_number, edition.act_date, edition.act_url, edition.approved_by)
    draft = draft_edition(
        service=kept,
        school_year=edition.year,
        content=edition.rules,
        valid_from=edition.period.start,
        act=act,
        actor=None,
        now=now,
    )
    put_in_force(edition=draft, act=act, actor=None, now=now)


def _invent_a_canteen(now: datetime) -> None:
    """The canteen of the metropolitan template with invented bands: the pages call its fees to confirm."""
    template = next(one for one in latest_templates().values() if one.file.service.archetype == Archetype.MEALS.value)
    head = template.file.service
    service = register_service(code=head.code, name=head.name.it, archetype=head.archetype)
    bands = (
        Band(isee_to=Money(750_000), amount=Money(200)),
        Band(isee_from=Money(750_001), isee_to=Money(1_500_000), amount=Money(320)),
        Band(isee_from=Money(1_500_001), amount=Money(450)),
    )
    fees = msgspec.structs.replace(template.content.fees, base=FlatBands(bands=bands))
    content: EditionContent = msgspec.structs.replace(template.content, fees=fees)
    act = Act(number=INVENTED_ACT, decided_on=now.date())
    draft = draft_edition(service=service, school_year=template.year, content=content, act=act, actor=None, now=now)
    put_in_force(edition=draft, act=act, actor=None, now=now)
