"""Open every Comune whose pack says the rules of a canteen, and invite the fictional families into three of them.

    manage.py populate_demo [--children 2000]

May be run again: what is there stays, what is missing is made.
"""

import os
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.population.applying import send_applications
from onboarding.population.circle import settle_circle
from onboarding.population.meals import close_past_months, pay_what_is_due, serve_meals
from onboarding.population.paying import settle_dues
from onboarding.population.settling import (
    RosterRefused,
    demo_place,
    settle_child_to_enrol,
    settle_roster,
    settle_school_scope,
    settle_staff,
)
from onboarding.training.twin import prepare_twin
from services_catalog.packs import load_pack, service_files
from sportello.accounts.models import Account, Role
from sportello.demo.assessments import assess_some
from sportello.demo.creditors import register_creditors
from sportello.demo.looks import dress
from sportello.demo.people import printout
from sportello.demo.state import DemoState
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.models import Municipality, Stage
from tenants.municipal_packs import MunicipalPack, municipal_packs
from tenants.stages import move_to_stage, next_stages
from tenants.twins import twin_of

WITH_TWIN, TWIN_CHILDREN = "bari", 30
"""Its staff can practise at once; a worker fills the twin after the start, so that nobody waits for it."""
WITH_FAMILIES = frozenset({"bari", "bitonto", "terlizzi"})
"""The others open with their rules and their staff, without anybody's children: the set-up would take twice as long."""


class Lines:
    """A job's progress as it is told on the console: not at all."""

    def advance(self, **_figures: object) -> None:
        """Says nothing."""


class Command(BaseCommand):
    help = "Invites the fictional families, with their meals and payments so far."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=2000, help="children in each Comune (2000)")

    def handle(self, *args: Any, **options: Any) -> None:
        people: list[str] = []
        register_creditors(now=clock.now())
        held = set(Municipality.objects.values_list("schema_name", flat=True))
        for pack in municipal_packs():
            if pack.facts.schema_name not in held or not any(service_files(pack.folder)):
                continue
            with in_schema(pack.facts.schema_name):
                try:
                    people += self._populate(pack, options["children"])
                except (DomainError, RosterRefused) as error:
                    raise CommandError(f"{pack.facts.name}: {error}") from error
            self._open_to_the_public(pack)
        assessed = assess_some(now=clock.now())
        self._say(f"{assessed} Comuni on their way in, as the board of the central team shows them")
        if state := os.environ.get("DEMO_STATE"):
            DemoState(Path(state)).people.write_text("\n".join(people) + "\n", encoding="utf-8")

    def _populate(self, pack: MunicipalPack, children: int) -> list[str]:
        started, now, today = perf_counter(), clock.now(), clock.today()
        name = pack.facts.name
        load_pack(pack=pack, in_force=True, actor=None, now=now)
        place, edition = demo_place()
        accounts = settle_staff(place, now=now)
        clerk, teacher = accounts[Role.CLERK], accounts[Role.SCHOOL]
        if pack.facts.slug not in WITH_FAMILIES:
            self._say(f"{name}: rules and staff are there, in {perf_counter() - started:.1f} s")
            return []
        self._say(f"{name}: reading the roster of the old back office")
        families, load = settle_roster(place, children=children, clerk=clerk, now=now)
        to_enrol = settle_child_to_enrol(place, families)
        settle_school_scope(place, families, teacher=teacher)
        settle_circle(place, families, edition, clerk=clerk, now=now)
        waiting = send_applications(place, today=today, now=now)
        self._say(f"{name}: {load.committable_rows} of {load.counts['rows']} rows taken in; serving the meals so far")
        meals = serve_meals(edition=edition, until=today, teacher=teacher.pk)
        months = close_past_months(edition=edition, today=today, actor=clerk.pk, now=now, progress=Lines())
        hers = [child.person.fiscal_code for child in families.mothers.children]
        yesterday = today - timedelta(days=1)
        paid = pay_what_is_due(edition=edition, today=yesterday, actor=clerk.pk, leaving_out=hers)
        settle_dues(families=families, edition=edition, actor=clerk.pk, now=now)
        if pack.facts.slug == WITH_TWIN:
            self._prepare_twin(pack, accounts[Role.ADMINISTRATOR])
        self._say(
            f"{name}: {meals} presences, {len(months)} months closed, {paid} payments, {waiting} applications "
            f"in {perf_counter() - started:.1f} s"
        )
        return printout(name, to_enrol=to_enrol)

    def _prepare_twin(self, pack: MunicipalPack, administrator: Account) -> None:
        municipality = Municipality.objects.get(schema_name=pack.facts.schema_name)
        if twin_of(municipality) is None:
            prepare_twin(municipality=municipality, actor=administrator.pk, now=clock.now(), children=TWIN_CHILDREN)
            self._say(f"{pack.facts.name}: a worker will fill the twin for training, once the demo runs")

    def _open_to_the_public(self, pack: MunicipalPack) -> None:
        municipality = Municipality.objects.get(schema_name=pack.facts.schema_name)
        dress(municipality)
        while municipality.stage != Stage.LIVE:
            move_to_stage(
                municipality=municipality,
                stage=next_stages(Stage(municipality.stage))[-1],
                by="Nina Centrale",
                reason="dimostrazione",
                now=clock.now(),
            )
            municipality.refresh_from_db()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
