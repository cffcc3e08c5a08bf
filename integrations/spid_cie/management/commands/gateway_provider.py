"""Takes the metadata of a gateway, which a Comune in the mode `gateway` then names.

manage.py gateway_provider --scheme spid --file gateway.xml
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.spid_cie.gateways import keep_gateway
from integrations.spid_cie.models import IdentityScheme
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Adds the gateway of another body to the identity providers, or updates it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", choices=IdentityScheme.values, required=True)
        parser.add_argument("--file", type=Path, required=True, help="the metadata that its body handed over")

    def handle(self, *_args: Any, **options: Any) -> None:
        scheme = IdentityScheme(options["scheme"])
        try:
            kept = keep_gateway(scheme=scheme, content=options["file"].read_bytes(), actor=None, now=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{kept.entity_id}: name it in the Comune's facts")
