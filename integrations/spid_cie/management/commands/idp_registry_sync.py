"""Brings the list of identity providers up to date, as the clock does each night.

    manage.py idp_registry_sync
    manage.py idp_registry_sync --scheme spid --file spid-entities-idps.xml

The signature is verified against the pinned certificate also when the list comes from a file.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.registry import RegistryRefused
from integrations.spid_cie.registry_sync import Difference, pinned_certificate, sync_registry, update_registry
from sportello.kernel import clock


class Command(BaseCommand):
    help = "Verifies and takes the federation's list of identity providers; says what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", choices=IdentityScheme.values, help="spid or cie; both when left out")
        parser.add_argument("--file", type=Path, help="a list that was fetched by other means; needs --scheme")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["file"] and not options["scheme"]:
            raise CommandError("A file is of one scheme: name it with --scheme.")
        wanted = [IdentityScheme(options["scheme"])] if options["scheme"] else list(IdentityScheme)
        refused = [scheme for scheme in wanted if not self._sync(scheme, options["file"])]
        if refused:
            raise CommandError(f"Not taken: {', '.join(refused)}. The last good copy stays.")

    def _sync(self, scheme: IdentityScheme, file: Path | None) -> bool:
        try:
            found = self._from_file(scheme, file) if file else update_registry(scheme=scheme, now=clock.now())
        except RegistryRefused as error:
            self.stderr.write(f"{scheme}: {error}")
            return False
        self.stdout.write(
            f"{scheme}: {len(found.added)} added, {len(found.changed)} changed, {len(found.removed)} removed"
        )
        return True

    @staticmethod
    def _from_file(scheme: IdentityScheme, file: Path) -> Difference:
        pinned = pinned_certificate(scheme)
        return sync_registry(scheme=scheme, content=file.read_bytes(), pinned=pinned, now=clock.now())
