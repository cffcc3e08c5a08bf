"""Moves every sealed secret to the first of SEALING_KEYS: run it before the older key is thrown away.

manage.py reseal
"""

from typing import Any

from django.core.management.base import BaseCommand

from integrations.spid_cie.resealing import reseal_all


class Command(BaseCommand):
    help = "Seals keys and messages again with the first of SEALING_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{reseal_all()} rows sealed again")
