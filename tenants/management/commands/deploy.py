"""`manage.py deploy`: what the migration job of a release runs before the new code serves."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.deploying import Outcome, State, deploy
from tenants.pooling import require_session_pooling


class Command(BaseCommand):
    """Brings every schema to this code; a report per Comune; exit code 1 when one could not be brought."""

    help = "Migrates public, the template and every schema that differs. Run again to go on after a failure."
    requires_system_checks = ()  # a deployment that changes nothing takes no time; `check` is a step of its own

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="Schemas migrated at a time.")
        parser.add_argument("--time-limit", type=float, default=600.0, help="Seconds for each schema.")

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        require_session_pooling()
        outcomes = deploy(workers=options["workers"], seconds_per_schema=options["time_limit"], tell=self._tell)
        bad = [outcome for outcome in outcomes if not outcome.is_good]
        moved = sum(outcome.state in {State.MIGRATED, State.CREATED} for outcome in outcomes)
        self.stdout.write(
            f"{len(outcomes)} schemas: {moved} brought to this code, {len(outcomes) - moved - len(bad)} unchanged,"
            f" {len(bad)} not done; {time.monotonic() - started:.1f} s."
        )
        if bad:
            names = ", ".join(outcome.schema for outcome in bad)
            raise CommandError(f"Not done: {names}. Cure the cause and run deploy again: it goes on from here.")

    def _tell(self, outcome: Outcome) -> None:
        if outcome.state is not State.UNCHANGED:
            line = f"{outcome.schema:<20} {outcome.state} {outcome.seconds:6.1f} s"
            self.stdout.write(f"{line}  {outcome.words}".rstrip())
