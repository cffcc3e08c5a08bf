"""Draft the next school year of every service of a Comune.

manage.py roll_over A662                       from the school year of today
manage.py roll_over A662 --year 2026/27        from that one
manage.py roll_over A662 --dry-run             what it would do; nothing is kept
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services_catalog.rolling_over import Passage, Skipped, plan_roll_over, roll_over
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tenants.municipal_packs import PackNotFound, pack_of


class Command(BaseCommand):
    help = "Drafts the next school year of every service of a Comune; what is there already is left alone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("belfiore_code")
        parser.add_argument("--year", help="the school year to start from, for example 2026/27; today's when missing")
        parser.add_argument("--dry-run", action="store_true", help="say what would be drafted and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = pack_of(options["belfiore_code"].upper())
            year = SchoolYear.parse(options["year"]) if options["year"] else SchoolYear.of(clock.today())
        except PackNotFound as error:
            raise CommandError(f"No pack for the Belfiore code {error}.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        with in_schema(pack.facts.schema_name):
            if options["dry_run"]:
                passages = plan_roll_over(year=year)
            else:
                passages = roll_over(year=year, actor=None, now=clock.now())
        self.stdout.write(f"{pack.facts.name}: {year} -> {year.next}")
        for passage in passages:
            self.stdout.write(f"  {passage.service.code}: {_told(passage, dry_run=options['dry_run'])}")
            for sentence in passage.assumptions:
                self.stdout.write(f"    - {sentence}")


def _told(passage: Passage, *, dry_run: bool) -> str:
    if passage.skipped is Skipped.HAS_ONE:
        return "left alone, the next school year is there"
    if passage.skipped is Skipped.NOTHING_THIS_YEAR:
        return "left alone, nothing to start from"
    return "would be drafted" if dry_run else "drafted"
