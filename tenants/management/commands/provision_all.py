"""`manage.py provision_all`: from an empty database to all the Comuni of the packs."""

import os
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.deploying import Outcome, deploy
from tenants.municipal_packs import PACKS, municipal_packs
from tenants.pooling import require_session_pooling
from tenants.registering import bring_in


class Command(BaseCommand):
    """Again is harmless: what is there stays as it is."""

    help = "Migrates public and the template, then registers and provisions each Comune that has a pack."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--packs", type=Path, default=PACKS, help="The folder of the packs.")
        parser.add_argument("--base-host", default=None, help="Hosts are <slug>.<base host>; BASE_HOST unless given.")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        packs = municipal_packs(options["packs"])
        require_session_pooling()
        outcomes = deploy(workers=os.cpu_count() or 2, seconds_per_schema=600, tell=self._tell)
        if not all(outcome.is_good for outcome in outcomes):
            raise CommandError("Some schemas could not be migrated: see above, then run this again.")
        made = 0
        for number, pack in enumerate(packs, start=1):
            new = bring_in(pack=pack, base_host=options["base_host"])
            made += new
            self.stdout.write(f"{number}/{len(packs)} {pack.facts.name}{'' if new else ' (already there)'}")
        self.stdout.write(f"{made} of {len(packs)} Comuni provisioned in {time.monotonic() - started:.1f} s.")

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(f"{outcome.schema}: {outcome.state} {outcome.words}".rstrip())
