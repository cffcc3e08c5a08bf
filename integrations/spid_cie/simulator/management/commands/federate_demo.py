"""Register every Comune with the demonstration provider: entities, keys, the provider's entry in our registry.

    manage.py federate_demo

May be run again: what is there stays; addresses follow the port.
"""

from typing import Any

from django.core.management.base import BaseCommand

from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.registering import ensure_entities
from integrations.spid_cie.simulator.federation import DemoProvider, ensure_provider
from sportello.kernel import clock


class Command(BaseCommand):
    help = "Registers every Comune with the demonstration identity provider."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.instant()
        for scheme in IdentityScheme.values:
            ensure_provider(DemoProvider(scheme), now=now)
        made = ensure_entities(now=now, bits=2048)
        self.stdout.write(f"{made} keys made")
