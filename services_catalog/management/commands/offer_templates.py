"""Offer the metropolitan templates of this release to every Comune.

    manage.py offer_templates [A662 ...]

A Comune that says nothing of a service begins with the template, as a draft to confirm; one that started from an older
version gets a proposal, which its administrator accepts or declines. May be run again: nothing is forced nor repeated.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services_catalog.packs import own_services_of
from services_catalog.proposing import offer_templates
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality


class Command(BaseCommand):
    help = "Begins missing services from the metropolitan templates and proposes their newer versions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("belfiore_codes", nargs="*", help="only these Comuni")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {code.upper() for code in options["belfiore_codes"]}
        ready = {schema for schema, state in migration_states().items() if state is MigrationState.ALIGNED}
        for municipality in Municipality.objects.filter(schema_name__in=ready).order_by("istat_code"):
            if wanted and municipality.belfiore_code not in wanted:
                continue
            try:
                self._offer(municipality)
            except DomainError as error:
                raise CommandError(f"{municipality.name}: {error.message}") from error

    def _offer(self, municipality: Municipality) -> None:
        with in_schema(municipality.schema_name):
            offered = offer_templates(own_services=own_services_of(municipality), now=clock.now())
        begun = ", ".join(offered.started) or "-"
        asked = ", ".join(offered.proposed) or "-"
        self.stdout.write(f"{municipality.name}: begun: {begun}; proposed: {asked}")
