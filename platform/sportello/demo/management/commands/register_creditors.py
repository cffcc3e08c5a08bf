"""Give every Comune invented codes for pagoPA.

    manage.py register_creditors

May be run again: who has codes keeps them.
"""

from typing import Any

from django.core.management.base import BaseCommand

from sportello.demo.creditors import register_creditors
from sportello.kernel import clock


class Command(BaseCommand):
    help = "Gives every Comune invented codes for pagoPA."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{register_creditors(now=clock.now())} Comuni registered")
