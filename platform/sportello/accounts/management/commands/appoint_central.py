"""Make a person a member of the central team, who then names all the others from the pages.

    manage.py appoint_central --fiscal-code RSSMRA80A01F205X --given-name Maria --family-name Rossi [--email ...]

May be run again: who is a member stays one.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sportello.accounts.errors import RoleAlreadyGranted
from sportello.accounts.granting import grant_role, register_person
from sportello.accounts.models import Role
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema


class Command(BaseCommand):
    help = "Makes a person a member of the central team; she enters with her digital identity."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fiscal-code", required=True)
        parser.add_argument("--given-name", required=True)
        parser.add_argument("--family-name", required=True)
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fiscal_code = FiscalCode.parse(options["fiscal_code"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        with in_schema(settings.CENTRAL_SCHEMA):
            account = register_person(
                fiscal_code=fiscal_code,
                given_name=options["given_name"],
                family_name=options["family_name"],
                email=options["email"],
            )
            try:
                grant_role(account=account, role=Role.CENTRAL, reason="appoint_central", actor=None, now=clock.now())
            except RoleAlreadyGranted:
                self.stdout.write("Already a member of the central team.")
            else:
                self.stdout.write("Now a member of the central team.")
